"""What people say -> what reports write: the table of ``synonyms.toml`` and the operator's own pairs."""

import tomllib
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

from digests.searching.shadowing import shadow

_OTHERS = 24  # other ways to say a term

_Lines = dict[str, list[str]]
"""A word -> the lines that tell of it, which are taken apart when somebody asks."""


class _Tables(NamedTuple):
    said: _Lines
    near: _Lines
    lines: tuple[tuple[str, str], ...]
    longest: int


def lines(table: str) -> Iterator[tuple[list[str], list[str]]]:
    r"""The lines of a table: what is said, and what is written for it.

    >>> list(lines("# roads\n修路 铺路 : 农村公路\n"))
    [(['修路', '铺路'], ['农村公路'])]
    """
    return ((said.split(), written.split()) for said, written in _told(table))


def _told(table: str) -> Iterator[tuple[str, str]]:
    for line in table.splitlines():
        if line and not line.startswith("#"):
            said, _, written = line.partition(":")
            yield said, written


@cache
def _tables() -> _Tables:
    table = tomllib.loads(files("digests").joinpath("synonyms.toml").read_text("utf-8"))
    told = tuple(_told(table["said"]))
    said = _by_word(told)
    for words, _ in _told(table["same"]):
        for word in words.split():
            said.setdefault(word, []).append(words)
    longest = max((len(word) for word in said if not word.isascii()), default=0)
    return _Tables(said, _by_word(_told(table["near"])), told, longest)


def _by_word(told: Iterable[tuple[str, str]]) -> _Lines:
    found: _Lines = {}
    for said, written in told:
        for word in said.split():
            found.setdefault(word, []).append(written)
    return found


@cache
def _kin() -> _Lines:
    """What is written -> the other words of its lines."""
    found: _Lines = {}
    for said, written in _tables().lines:
        for word in written.split():
            found.setdefault(word, []).append(f"{written} {said}")
    return found


def _others(word: str, told: Iterable[str]) -> tuple[str, ...]:
    every = dict.fromkeys(other for line in told for other in line.split())
    every.pop(word, None)
    return tuple(every)


class Glossary:
    """What is said -> what is written; words are shadows.

    >>> "扫黑" in Glossary().exactly("打黑"), Glossary([("打黑", "扫黄")]).exactly("打黑")[-1]
    (True, '扫黄')
    """

    def __init__(self, own: Iterable[tuple[str, str]] = ()) -> None:
        self._said, self._near, _, self._longest = _tables()
        pairs = [(shadow(word), shadow(written)) for word, written in own]
        if pairs:
            self._said = dict(self._said)
            for word, written in pairs:
                if word:
                    self._said[word] = [*self._said.get(word, ()), written]
                    self._longest = max(self._longest, len(word))
        self._known: dict[str, tuple[str, ...]] = {}

    def __contains__(self, word: str) -> bool:
        return word in self._said

    def exactly(self, term: str) -> tuple[str, ...]:
        """What reports write for just this term."""
        if term not in self._said:
            return ()
        known = self._known.get(term)
        if known is None:
            known = self._known[term] = _others(term, self._said[term])
        return known

    def is_written(self, word: str) -> bool:
        """Is it written for what people say?"""
        return word in _kin()

    def kin(self, word: str) -> tuple[str, ...]:
        """What else is written, or said, of a matter for which a word is written."""
        return _others(word, _kin().get(word, ()))

    def related(self, term: str) -> tuple[str, ...]:
        """What is near to a term, or to a word in it: no synonym, but worth a look."""
        found = [
            word
            for start, end in ((0, len(term)), *_stretches(term, self._longest))
            for word in _others(term, self._near.get(term[start:end], ()))
        ]
        return tuple(dict.fromkeys(found))

    def inside(self, term: str) -> list[tuple[int, int]]:
        """Where words that people say stand in a term, the longest first; 钱 is in many words."""
        stretches = _stretches(term, self._longest)
        return [(a, b) for a, b in stretches if b - a > 1 and term[a:b] in self._said]

    def others(self, term: str) -> tuple[str, ...]:
        """The term with a word in it, or all of it, said otherwise."""
        inside = (
            term[:start] + written + term[end:]
            for start, end in self.inside(term)
            for written in self.exactly(term[start:end])
        )
        return tuple(dict.fromkeys((*self.exactly(term), *inside)))[:_OTHERS]


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
