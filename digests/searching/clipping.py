"""A passage that answers -> the part of it that is shown, with the words found in it."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from digests.report import Span
from digests.searching.keeping import Kept
from digests.searching.querying import Query
from digests.searching.shadowing import positions, shadow
from digests.searching.shelving import Group
from digests.searching.weighing import occurrences, sign_of, stands_in

SHORTEST = 60  # characters of a hit; shorter ones take a neighbour sentence along


class Cut(NamedTuple):
    """The part of a passage that answers, as places in its text; ``said`` is the shadow of it."""

    start: int
    end: int
    said: str


def cut(kept: Kept, groups: Sequence[Group], query: Query, least: int = SHORTEST) -> Cut:
    """The fewest whole sentences of a passage that hold what was asked, ``least`` characters."""
    spans, shadows = kept.sentences.spans, kept.sentences.shadows
    marks = [_mark(shadowed, groups) for shadowed in shadows]
    if any(marks):
        if query.ask is not None and len(marks) > 1:
            _sign(marks, shadows, query, 1 << len(groups))
        first, last = _grown(spans, *_window(marks), least)
        return Cut(spans[first].start, spans[last].end, "".join(shadows[first : last + 1]))
    end = spans[_grown(spans, 0, 0, least)[1]].end
    return Cut(0, end, shadow(kept.text[:end]))  # the heading answers: printed with what follows


def _mark(shadowed: str, groups: Sequence[Group]) -> int:
    """The groups that stand in a sentence, one bit for each."""
    mark = 0
    for number, group in enumerate(groups):
        for word in group.words:
            if stands_in(word, shadowed):
                mark |= 1 << number
                break
    return mark


def _sign(marks: list[int], shadows: Sequence[str], query: Query, bit: int) -> None:
    """Mark the sentences that also look like an answer."""
    sign = sign_of(query)
    for at, mark in enumerate(marks):
        if mark and sign.search(shadows[at]):
            marks[at] |= bit


def _window(marks: Sequence[int]) -> tuple[int, int]:
    """The shortest run of sentences that holds the most groups."""
    everything = 0
    for mark in marks:
        everything |= mark
    best = (len(marks) + 1, 0, len(marks) - 1)
    for first in range(len(marks)):
        held = 0
        for last in range(first, min(len(marks), first + best[0])):
            held |= marks[last]
            if held == everything:
                best = (last - first, first, last)
                break
    return best[1], best[2]


def _grown(spans: Sequence[Span], first: int, last: int, least: int) -> tuple[int, int]:
    while spans[last].end - spans[first].start < least:
        if last + 1 < len(spans):
            last += 1
        elif first > 0:
            first -= 1
        else:
            break
    return first, last


def words_found(quote: str, groups: Sequence[Group], at: int) -> tuple[Span, ...]:
    """Where words stand in a quote that begins ``at`` a place of the report, for bold print."""
    shadowed, where = positions(quote)
    found = (
        Span(where[at], where[at + len(word) - 1] + 1)
        for group in groups
        for word in group.words
        for at in occurrences(word, shadowed)
    )
    return _apart(found, at)


def _apart(words: Iterable[Span], lead: int) -> tuple[Span, ...]:
    """The words in their order, in the report; where two overlap, the longer of the first ones."""
    apart: list[Span] = []
    reached = -1
    for span in sorted(words, key=lambda s: (s.start, -s.end)):
        if span.start >= reached:
            apart.append(Span(lead + span.start, lead + span.end))
            reached = span.end
    return tuple(apart)
