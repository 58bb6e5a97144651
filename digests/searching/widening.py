"""A query -> its readings, strict ones first: as typed, the core, by other words, in parts.

Each reading is a set of groups that must stand in one passage (or its heading). Later readings are
only taken where the earlier ones found nothing, but for synonyms, which always follow.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from importlib.resources import files
from itertools import pairwise

from digests.patterns import Pattern
from digests.searching.asking import Ask
from digests.searching.coining import Coinage
from digests.searching.english import inflected
from digests.searching.numbering import forms, spans
from digests.searching.querying import Query, parts
from digests.searching.shadowing import shadow
from digests.searching.shelving import Group, Shelf
from digests.searching.weighing import rarity

EXACT, CORE, WORDS, SOUND, PARTS, SLIP, NEARLY_ALL, SOME, LIKENESS, GATHERED = range(10)
"""The tiers. From PARTS on the words do not stand there as asked."""
ENOUGH_OF_PASTED = 0.35  # a pasted paragraph may reach over several passages
_PASTED = 60  # characters; nobody types so many
_TELLING_PARTS = 10  # words of a query that are looked for together
_OTHERS = 24  # other ways to say a term
_TELLING = 0.15  # of all passages; a commoner word is no suggestion
NEARLY = 0.8  # of the characters: the rest is how the reader speaks
ENOUGH, ENOUGH_OF_SEVERAL = 0.7, 0.6  # of the characters, where not all parts stand in one passage
ENOUGH_ASKED = 0.5  # the same for a question, which holds more of the reader's own words

_COUNT = Pattern(r"[一二两三四五六七八九](个|大|项|种|条|类|方面)")  # it tells nothing by itself
_WEAK = 0.08  # of its stronger neighbour's frequency: between two words, not inside one


@dataclass(frozen=True, slots=True)
class Reading:
    """Groups that must stand together; ``least`` share of the characters where some may miss.

    ``coinage`` is told by the passage, where the query is a slogan that counts something.
    """

    tier: int
    groups: tuple[Group, ...]
    least: float = 1.0
    read_as: str = ""
    coinage: Coinage | None = None


@cache
def _told() -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]:
    """What people say -> what reports write, and -> what is near to it, from synonyms.toml."""
    table = tomllib.loads(files("digests").joinpath("synonyms.toml").read_text("utf-8"))
    said = _directed(table.get("said", {}), table.get("same", {}).get("groups", []))
    return said, _directed(table.get("near", {}), [])


def _directed(
    said: Mapping[str, list[str]], same: Iterable[list[str]]
) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for word, written in said.items():
        found.setdefault(shadow(word), []).extend(shadow(w) for w in written)
    for group in same:
        for word in group:
            found.setdefault(shadow(word), []).extend(shadow(w) for w in group if w != word)
    return {k: tuple(dict.fromkeys(v)) for k, v in found.items() if k}


class Words:
    """The synonyms: the library's and the operator's own."""

    def __init__(self, own: Iterable[tuple[str, str]] = ()) -> None:
        said, self._near = _told()
        self._table = dict(said)
        for word, written in own:
            key = shadow(word)
            if key:
                self._table[key] = (*self._table.get(key, ()), shadow(written))
        self._longest = max(map(len, self._table), default=0)

    def related(self, term: str) -> tuple[str, ...]:
        """What is near to a term, or to a word in it: no synonym, but worth a look."""
        found = [
            word
            for start, end in ((0, len(term)), *_stretches(term, self._longest))
            for word in self._near.get(term[start:end], ())
        ]
        return tuple(dict.fromkeys(found))

    def exactly(self, term: str) -> tuple[str, ...]:
        """What reports write for just this term."""
        return self._table.get(term, ())

    def inside(self, term: str) -> list[tuple[int, int]]:
        """Where words that people say stand in a term, the longest first; 钱 is in many words."""
        stretches = _stretches(term, self._longest)
        return [(a, b) for a, b in stretches if b - a > 1 and term[a:b] in self._table]

    def others(self, term: str) -> tuple[str, ...]:
        """The term with a word in it, or all of it, said otherwise."""
        inside = (
            term[:start] + written + term[end:]
            for start, end in self.inside(term)
            for written in self._table[term[start:end]]
        )
        return tuple(dict.fromkeys((*self._table.get(term, ()), *inside)))[:_OTHERS]


@lru_cache(maxsize=1024)  # every reading of a query asks again
def _stretches(term: str, longest: int) -> tuple[tuple[int, int], ...]:
    """The parts of a term that may be words, the longest first; Latin words are never cut."""
    size = len(term)
    inside = {i for i in range(1, size) if _latin(term[i - 1 : i + 1])}  # of a Latin word
    return tuple(
        (start, start + length)
        for length in range(min(size - 1, longest), 0, -1)
        for start in range(size - length + 1)
        if (length > 1 or not term.isascii())
        and start not in inside
        and start + length not in inside
    )


def _latin(pair: str) -> bool:
    return pair.isascii() and pair.isalnum()


def segments(term: str, shelf: Shelf) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The words of a term as the reports write them, and the characters left between them."""
    if len(term) <= 2 or term.isascii():  # noqa: PLR2004 -- one pair, or a Latin word
        return ((term,), ()) if frequency(term, shelf) and shelf.stands(term) else ((), tuple(term))
    counts = [frequency(term[i : i + 2], shelf) for i in range(len(term) - 1)]
    bounds = [0]
    for i, count in enumerate(counts):
        around = max(counts[i - 1] if i else 0, counts[i + 1] if i + 1 < len(counts) else 0)
        if count == 0 or count < _WEAK * around:
            bounds.append(i + 1)
    bounds.append(len(term))
    pieces = [term[a:b] for a, b in pairwise(bounds) if b > a]
    words: list[str] = []
    rest: list[str] = []
    for piece in pieces:
        if len(piece) == 1:
            rest.append(piece)
        else:
            words += _standing(piece, shelf)
    return tuple(dict.fromkeys(words)), tuple(rest)


def _standing(piece: str, shelf: Shelf) -> list[str]:
    """The piece where it stands somewhere as a whole, else cut at its weakest pair."""
    if len(piece) <= 2 or shelf.stands(piece):  # noqa: PLR2004
        return [piece]
    cut = _weakest(piece, shelf)
    halves = (piece[:cut], piece[cut:])
    return [w for half in halves if len(half) > 1 for w in _standing(half, shelf)]


def _weakest(word: str, shelf: Shelf) -> int:
    """Where two words most likely meet: at the rarest pair, the middle one among equals."""
    counts = [frequency(word[i : i + 2], shelf) for i in range(len(word) - 1)]
    middle = len(word) / 2
    return min(range(len(counts)), key=lambda i: (counts[i], abs(i + 1 - middle))) + 1


def frequency(word: str, shelf: Shelf) -> int:
    """In how many passages, at most, a word stands."""
    if len(word) == 1:
        return shelf.count // 8 + 1
    least = shelf.count
    for i in range(len(word) - 1):
        least = min(least, shelf.frequencies[word[i : i + 2]])
        if not least:
            break
    return least


def group(words: Iterable[str], shelf: Shelf) -> Group:
    """A group with the rarity of each of its words."""
    kept = tuple(dict.fromkeys(words))
    count = max(shelf.count, 1)
    return Group(kept, tuple(rarity(min(frequency(w, shelf), count), count) for w in kept))


def ways(term: str, shelf: Shelf) -> tuple[str, ...]:
    """A term, its numbers in other forms, and other forms of an English word that stand there."""
    return (*forms(term), *(w for w in inflected(term) if frequency(w, shelf)))


def readings(query: Query, shelf: Shelf, words: Words) -> Iterator[Reading]:
    """The readings by the words themselves, whole, and then in parts."""
    phrases = tuple(group(ways(p, shelf), shelf) for p in query.phrases)
    soft = tuple(
        replace(group(ways(s, shelf), shelf), optional=True, soft=True) for s in query.soft
    )
    exact = tuple(group(ways(t, shelf), shelf) for t in query.terms)
    if phrases or exact:
        yield Reading(EXACT, (*phrases, *exact))
    core = query.core
    if core and core != query.terms:
        yield Reading(CORE, (*phrases, *(group(ways(t, shelf), shelf) for t in core), *soft))
    wider = [tuple(dict.fromkeys((*ways(t, shelf), *words.others(t)))) for t in core]
    if any(len(w) > len(forms(t)) for w, t in zip(wider, core, strict=True)):
        yield Reading(WORDS, (*phrases, *(group(w, shelf) for w in wider), *soft))
    if core:
        yield from _in_parts(query, (*phrases, *soft), shelf, words)


def _in_parts(
    query: Query, given: tuple[Group, ...], shelf: Shelf, words: Words
) -> Iterator[Reading]:
    """All parts of all terms together; then, where that is most of the query, some of them."""
    core = query.core
    groups: list[Group] = list(given)
    size = sum(map(len, core))
    held = 0
    for term in (p for t in core for p in parts(t)):
        found, characters = _cut_up(term, shelf, words)
        groups += found
        held += characters
    if not held:
        return
    if len(groups) > _TELLING_PARTS:  # a pasted paragraph: its rarest words tell which
        rarest = sorted(groups, key=lambda g: -max(g.rarities, default=0))[:_TELLING_PARTS]
        groups = [g for g in groups if g in rarest]
    if held >= NEARLY * size:
        tier = PARTS if held >= size else NEARLY_ALL
        yield Reading(tier, tuple(groups))
        finer = [p for g in groups for p in _halved(g, shelf)]
        if len(finer) > len(groups):
            yield Reading(tier, tuple(finer))
    loose = tuple(g if g.soft else replace(g, optional=True) for g in groups)
    yield Reading(SOME, loose, least=_enough(query) * size / held)


def _enough(query: Query) -> float:
    """The share of the query that must be held; a term to be explained must be nearly whole."""
    if query.is_question and query.ask is not Ask.WHAT:
        return ENOUGH_ASKED
    if sum(map(len, query.core)) > _PASTED:
        return ENOUGH_OF_PASTED
    return ENOUGH_OF_SEVERAL if len(query.core) > 1 else ENOUGH


def _cut_up(term: str, shelf: Shelf, words: Words) -> tuple[list[Group], int]:
    """A term's words as groups, and how many of its characters they hold."""
    if next(spans(term), None) == (0, len(term)):
        return [group(forms(term), shelf)], len(term)
    others = [w for w in words.others(term) if frequency(w, shelf) and shelf.stands(w)]
    found, rest = segments(term, shelf)
    if others and (rest or len(found) > 1):
        return [group((term, *others), shelf)], len(term)
    if rest:
        found = _with_said(term, shelf, words) or found
    groups = [
        replace(group((w,), shelf), optional=True, soft=True)
        if _COUNT.fullmatch(w)
        else group((w, *words.others(w)), shelf)
        for w in found
    ]
    return groups, sum(len(g.words[0]) for g in groups if not g.soft)


def _with_said(term: str, shelf: Shelf, words: Words) -> tuple[str, ...]:
    """The term cut around the words that people say and reports write otherwise."""
    for start, end in words.inside(term):
        if any(frequency(w, shelf) for w in words.others(term[start:end])):
            head, tail = (_around(part, shelf, words) for part in (term[:start], term[end:]))
            return (*head, term[start:end], *tail)
    return ()


def _around(part: str, shelf: Shelf, words: Words) -> tuple[str, ...]:
    if not part:
        return ()
    if any(frequency(w, shelf) for w in words.others(part)):
        return (part,)
    found, rest = segments(part, shelf)
    return (_with_said(part, shelf, words) or found) if rest else found


def _halved(whole: Group, shelf: Shelf) -> Iterator[Group]:
    """A long word's two halves: they may stand apart (村社组织换届 for 村社换届)."""
    word = whole.words[0]
    if whole.soft or len(word) < 4 or word.isascii():  # noqa: PLR2004 -- two words of two
        yield whole
        return
    cut = _weakest(word, shelf)
    halves = (word[:cut], word[cut:])
    if any(len(h) < 2 or not frequency(h, shelf) for h in halves):  # noqa: PLR2004
        yield whole
        return
    yield from (group((h,), shelf) for h in halves)


def near_words(query: Query, shelf: Shelf, words: Words) -> Iterator[str]:
    """Words that do stand in the reports: related to what was asked, or parts of it."""
    seen: set[str] = set()
    asked = (*query.phrases, *query.core)
    related = (w for term in asked for w in words.related(term))
    said = (w for term in asked for a, b in words.inside(term) for w in words.exactly(term[a:b]))
    pieces = (w for term in asked for p in parts(term) for w in segments(p, shelf)[0])
    telling = (w for w in pieces if frequency(w, shelf) <= shelf.count * _TELLING)
    for word in (w for w in (*related, *said, *telling) if len(w) > 1 and not w.isascii()):
        if word not in seen and frequency(word, shelf) and shelf.stands(word):
            seen.add(word)
            yield word
