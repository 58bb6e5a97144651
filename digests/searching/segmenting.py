"""A term as it is spoken -> the words it is made of, each with all that reports may write for it.

The words are found by the glossary, which knows what is said and what is written, and by the pairs
of characters that stand in the reports; of all ways to cut a term the one with the longest words
is taken. 抓小偷 is 小偷 with a light 抓 before it, 出租车司机 is 出租车 and 司机.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import log2

from digests.patterns import Pattern
from digests.searching.glossing import Glossary
from digests.searching.numbering import forms, spans
from digests.searching.shadowing import GAP, STOP
from digests.searching.shelving import Shelf

_LONGEST = 8  # characters of a word
_FORMS = 16  # ways to write one word
_PAIR = 2.0  # the worth of a pair that stands in the reports, in squares of characters
_UNWRITTEN = 0.8  # per character, of a word for which the reports have no other
_UNKNOWN = -1.0  # of a character that belongs to no word
_CHARACTER = 0.5  # of a word of one character
_LATIN_WORD = 4.0  # the worth of a Latin word or a number
_LATIN = Pattern(r"[a-z]+|[0-9.%]+")
_INSIDE = Pattern(r"(?<=.)[了点个着过些的¶](?=.)")  # 赚点钱 is 赚钱, and so is 赚多少钱
_NO_WORD = frozenset({STOP, GAP})
_LIGHT = _NO_WORD | frozenset(
    "的了在是有和与及或被把给对从到就都也还吧啊呀吗呢么之其以于而着过得地很太最更再又只才不没要会能可想去来上下里外中内个些这那哪每各某"
    "你我他她它们人物事件次种样点家员者户费钱货抓搞弄做办管治查打抢开小大老好多少高低让叫跟往用谁几何请问"
)


@dataclass(frozen=True, slots=True)
class Unit:
    """A word as it was said, and ``ways`` to write it that may stand in the reports; none: unknown."""

    said: str
    ways: tuple[str, ...]


def units(term: str, shelf: Shelf, glossary: Glossary) -> list[Unit]:
    """The words of a term, without the light characters between them."""
    size, runs = len(term), _runs(term)
    best: list[tuple[float, int, tuple[str, ...]]] = [(0.0, 0, ())] * (size + 1)
    for end in range(1, size + 1):
        alone = best[end - 1][0] + (0.0 if term[end - 1] in _LIGHT else _UNKNOWN)
        choices: list[tuple[float, int, tuple[str, ...]]] = [(alone, end - 1, ())]
        for start, worth, ways in _ending(term, end, runs, shelf, glossary):
            choices.append((best[start][0] + worth, start, ways))
        best[end] = max(choices, key=lambda c: (c[0], c[1]))
    found: list[Unit] = []
    at = size
    while at:
        _, start, ways = best[at]
        said = term[start:at]
        if not ways and found and not found[-1].ways and said not in _LIGHT:
            found[-1] = Unit(said + found[-1].said, ())
        elif ways or said not in _LIGHT:
            found.append(Unit(said, ways))
        at = start
    return found[::-1]


def _ending(
    term: str, end: int, runs: dict[int, tuple[int, int]], shelf: Shelf, glossary: Glossary
) -> Iterator[tuple[int, float, tuple[str, ...]]]:
    """Words that end at a place: where they begin, what they are worth, how they may be written."""
    if end in runs:
        if end == runs[end][1]:
            yield from _latin(term, end, runs, shelf, glossary)
        return
    alone = term[end - 1]
    if alone in glossary and alone not in _LIGHT and (ways := _ways(alone, shelf, glossary)):
        yield end - 1, _CHARACTER, ways
    for start in range(max(0, end - _LONGEST), end - 1):
        word = term[start:end]
        if word in glossary or glossary.is_written(word):
            ways = _ways(word, shelf, glossary)
            yield start, float(len(word) ** 2) if ways else len(word) * _UNWRITTEN, ways
        elif (said := _INSIDE.sub("", word)) != word and len(said) > 1 and said in glossary:
            ways = _ways(said, shelf, glossary)  # 赚点钱, 领的钱
            yield start, float(len(said) ** 2) if ways else 0.0, ways
        elif len(word) == 2 and _NO_WORD.isdisjoint(word) and (count := shelf.frequencies[word]):  # noqa: PLR2004 -- a pair
            yield start, _PAIR + min(1.5, 0.15 * log2(1 + count)), (word,)


def _latin(
    term: str, end: int, runs: dict[int, tuple[int, int]], shelf: Shelf, glossary: Glossary
) -> Iterator[tuple[int, float, tuple[str, ...]]]:
    """A Latin word or number that ends here, or several words that are known together."""
    start = runs[end][0]
    ways = tuple(w for w in forms(term[start:end]) if shelf.frequency(w))
    known = glossary.exactly(term[start:end])
    yield start, _LATIN_WORD, (*ways, *(w for w in known if shelf.frequency(w)))
    for first in sorted({a for a, _ in runs.values() if a < start}):
        written = glossary.exactly(term[first:end])
        if written:
            yield first, _LATIN_WORD * 3, tuple(w for w in written if shelf.frequency(w))


def _runs(term: str) -> dict[int, tuple[int, int]]:
    """Latin words and numbers, which are never cut: where they begin and end, by their places."""
    found = [*spans(term), *(m.span() for m in _LATIN.finditer(term))]
    return {at: (a, b) for a, b in reversed(found) for at in range(a + 1, b + 1)}


def _ways(word: str, shelf: Shelf, glossary: Glossary) -> tuple[str, ...]:
    """What may be written for a word: itself, what is written for it or a word in it, what is akin."""
    inner = tuple(word[a:b] for a, b in glossary.inside(word))
    kin = (w for w in glossary.kin(word) if not set(word).isdisjoint(w))
    ways = dict.fromkeys((word, *glossary.exactly(word), *inner, *kin))
    return tuple(w for w in ways if len(w) > 1 and shelf.may_stand(w))[:_FORMS]
