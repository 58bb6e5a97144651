"""What people say -> what reports write: the table of ``synonyms.toml`` and the operator's own pairs."""

import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

from digests.searching.shadowing import shadow

_OTHERS = 24  # other ways to say a term

_Table = Mapping[str, tuple[str, ...]]


class _Tables(NamedTuple):
    said: _Table
    near: _Table
    kin: _Table


def lines(table: str) -> Iterator[tuple[list[str], list[str]]]:
    r"""The lines of a table: what is said, and what is written for it.

    >>> list(lines("# roads\n修路 铺路 : 农村公路\n"))
    [(['修路', '铺路'], ['农村公路'])]
    """
    for line in table.splitlines():
        if line and not line.startswith("#"):
            said, _, written = line.partition(":")
            yield said.split(), written.split()


@cache
def _tables() -> _Tables:
    table = tomllib.loads(files("digests").joinpath("synonyms.toml").read_text("utf-8"))
    said: defaultdict[str, list[str]] = defaultdict(list)
    near: defaultdict[str, list[str]] = defaultdict(list)
    kin: defaultdict[str, list[str]] = defaultdict(list)
    for words, written in lines(table["said"]):
        for word in words:
            said[word] += written
        for word in written:
            kin[word] += written
            kin[word] += words
    for words, _ in lines(table["same"]):
        for word in words:
            said[word] += words
    for words, written in lines(table["near"]):
        for word in words:
            near[word] += written
    return _Tables(*(_without_itself(t) for t in (said, near, kin)))


def _without_itself(table: Mapping[str, Iterable[str]]) -> dict[str, tuple[str, ...]]:
    return {w: tuple(o for o in dict.fromkeys(others) if o != w) for w, others in table.items()}


class Glossary:
    """What is said -> what is written; words are shadows.

    >>> "扫黑" in Glossary().exactly("打黑"), Glossary([("打黑", "扫黄")]).exactly("打黑")[-1]
    (True, '扫黄')
    """

    def __init__(self, own: Iterable[tuple[str, str]] = ()) -> None:
        self._said, self._near, self._kin = _tables()
        additions: defaultdict[str, list[str]] = defaultdict(list)
        for word, written in own:
            key = shadow(word)
            if key:
                additions[key].append(shadow(written))
        if additions:
            told = {word: (*self._said.get(word, ()), *more) for word, more in additions.items()}
            self._said = {**self._said, **told}
        self._longest = max(map(len, self._said), default=0)

    def __contains__(self, word: str) -> bool:
        return word in self._said

    def exactly(self, term: str) -> tuple[str, ...]:
        """What reports write for just this term."""
        return self._said.get(term, ())

    def kin(self, word: str) -> tuple[str, ...]:
        """What else is written, or said, of a matter for which a word is written."""
        return self._kin.get(word, ())

    def related(self, term: str) -> tuple[str, ...]:
        """What is near to a term, or to a word in it: no synonym, but worth a look."""
        found = [
            word
            for start, end in ((0, len(term)), *_stretches(term, self._longest))
            for word in self._near.get(term[start:end], ())
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
            for written in self._said[term[start:end]]
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
