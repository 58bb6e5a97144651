"""A passage that answers -> the part of it that is shown, with the words found in it."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from digests.chinese import sentences
from digests.patterns import Pattern
from digests.report import Span
from digests.searching.querying import Query
from digests.searching.shadowing import positions
from digests.searching.shelving import Group
from digests.searching.stocking import Kept
from digests.searching.weighing import occurrences, sign_of

SHORTEST = 60  # characters of a hit; shorter ones take a neighbour sentence along
_SAID = 18  # characters; a longer heading is an article's first sentence and says something itself
_CLOSED = Pattern(r"[。！？!?；;：:….][”’』」）)》】]*$")
_SIGN = -1  # beside the numbers of the groups


@dataclass(frozen=True, slots=True)
class Cut:
    """The part of a passage that answers, and the words found in it; positions in the report."""

    start: int
    end: int
    found: tuple[Span, ...]


def cut(kept: Kept, groups: Sequence[Group], query: Query, least: int = SHORTEST) -> Cut:
    """The fewest whole sentences of a passage that hold what was asked, ``least`` characters."""
    spans = _sentences(kept.text)
    skip = kept.start - kept.lead
    body = [s for s in spans if s.start >= skip or s.end - s.start >= _SAID] or spans
    shadowed, where = positions(kept.text)
    found = _found(shadowed, where, groups)
    marks = _marks(body, found)
    if any(marks):
        if query.ask is not None:
            _sign(marks, body, (shadowed, where), query)
        first, last = _grown(body, *_window(marks), least)
        start, end = body[first].start, body[last].end
    else:  # the heading answers: it is printed with what follows it
        start, end = 0, body[_grown(body, 0, 0, least)[1]].end
    words = (span for span, _ in found if start <= span.start and span.end <= end)
    return Cut(kept.lead + start, kept.lead + end, _apart(words, kept.lead))


def _sentences(text: str) -> list[Span]:
    """The sentences of a passage; a line end inside one is a hard wrap."""
    found: list[Span] = []
    for span in sentences(text):
        if found and not _CLOSED.search(text[found[-1].start : found[-1].end]):
            found[-1] = Span(found[-1].start, span.end)
        else:
            found.append(span)
    return found


def _found(shadowed: str, where: Sequence[int], groups: Sequence[Group]) -> list[tuple[Span, int]]:
    """Where the words stand, each with the number of its group."""
    return [
        (Span(where[at], where[at + len(word) - 1] + 1), number)
        for number, group in enumerate(groups)
        for word in group.words
        for at in occurrences(word, shadowed)
    ]


def _marks(body: Sequence[Span], found: Sequence[tuple[Span, int]]) -> list[set[int]]:
    """The groups that stand in each sentence."""
    marks: list[set[int]] = [set() for _ in body]
    starts = [s.start for s in body]
    for span, number in found:
        at = bisect_right(starts, span.start) - 1
        if at >= 0 and span.end <= body[at].end:
            marks[at].add(number)
    return marks


def _sign(
    marks: Sequence[set[int]], body: Sequence[Span], text: tuple[str, list[int]], query: Query
) -> None:
    """Mark the sentences that also look like an answer."""
    shadowed, where = text
    sign = sign_of(query)
    for mark, span in zip(marks, body, strict=True):
        if mark:
            begin, end = bisect_right(where, span.start - 1), bisect_right(where, span.end - 1)
            if sign.search(shadowed[begin:end]):
                mark.add(_SIGN)


def _window(marks: Sequence[set[int]]) -> tuple[int, int]:
    """The shortest run of sentences that holds the most groups."""
    everything = frozenset[int]().union(*marks)
    best: tuple[int, int, int] = (len(marks) + 1, 0, len(marks) - 1)
    for first in range(len(marks)):
        held: frozenset[int] = frozenset()
        for last in range(first, len(marks)):
            held |= marks[last]
            if held == everything:
                best = min(best, (last - first, first, last))
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


def _apart(words: Iterable[Span], lead: int) -> tuple[Span, ...]:
    """The words in their order, in the report; where two overlap, the longer of the first ones."""
    apart: list[Span] = []
    reached = -1
    for span in sorted(words, key=lambda s: (s.start, -s.end)):
        if span.start >= reached:
            apart.append(Span(lead + span.start, lead + span.end))
            reached = span.end
    return tuple(apart)
