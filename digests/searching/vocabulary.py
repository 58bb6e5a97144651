"""The pairs of characters that stand in the reports, and how often: what guesses are grown from.

A slip or a run of syllables is tried in thousands of forms; asking the index for each would take
ten times as long as the look-up may. The table is derived from the index, lies beside it in one
small file, and learns what a refresh adds. What is withdrawn stays in it: whoever guesses looks
every guess up.
"""

import json
from array import array
from bisect import insort
from collections import Counter, defaultdict
from collections.abc import Iterable
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from typing import Any, Self, TypeAlias

from digests.searching.shadowing import GAP, STOP

NAME = "pairs.bin"
_NO = frozenset({STOP, GAP})
_Followers: TypeAlias = "tuple[str, array[int]]"
_NOTHING: _Followers = ("", array("I"))


class Vocabulary:
    """Of every character: those that follow it, the commonest first, and in how many passages."""

    def __init__(self) -> None:
        self._table: dict[str, _Followers] = {}

    @classmethod
    def of(cls, searcher: Any) -> Self:
        """The pairs of an index."""
        found = cls()
        found._table = cls._grouped(dict(searcher.terms_with_prefix("body", "")))
        return found

    def __contains__(self, character: str) -> bool:
        return character in self._table

    def after(self, first: str, among: str) -> list[tuple[str, int]]:
        """Those of some characters that stand after one, each with how often.

        >>> table = Vocabulary(); table.add(["防汛防台", "防汛"]); table.after("防", "台风")
        [('台', 1)]
        """
        others, counts = self._table.get(first, _NOTHING)
        if len(others) < len(among):  # a rare character: the most of them
            return [(c, counts[at]) for at, c in enumerate(others) if c in among]
        return [(c, counts[at]) for c in among if (at := others.find(c)) >= 0]

    def between(self, before: str, after: str, most: int) -> list[str]:
        """The characters that stand between two, those that do so oftenest first.

        >>> table = Vocabulary(); table.add(["防汛防台", "防汛"]); table.between("防", "防", 3)
        ['汛']
        """
        found: list[tuple[int, str]] = []
        followers, counts = self._table.get(before, _NOTHING)
        for character, count in zip(followers, counts, strict=True):
            if len(found) >= most and found[most - 1][0] >= count:
                break  # all that follow are rarer
            others, numbers = self._table.get(character, _NOTHING)
            if after in others:
                insort(found, (min(count, numbers[others.index(after)]), character), key=_rarest)
        return [character for _, character in found[:most]]

    def count(self, pair: str) -> int:
        """In how many passages, about, a pair stands.

        >>> table = Vocabulary(); table.add(["防汛防台", "防汛"]); table.count("防汛")
        2
        """
        others, counts = self._table.get(pair[0], _NOTHING)
        at = others.find(pair[1])
        return counts[at] if at >= 0 else 0

    def total(self, character: str) -> int:
        """In how many passages a character stands, at most: once for each that follows it."""
        return sum(self._table.get(character, _NOTHING)[1])

    def add(self, texts: Iterable[str]) -> None:
        """Learn the pairs of some more passages, given as shadows."""
        counts: Counter[str] = Counter()
        for text in texts:
            counts.update(set(map("".join, pairwise(text + STOP))))
        moved = {pair[0] for pair, count in counts.items() if self._count(pair, count)}
        for first in moved:
            self._table[first] = _ranked(dict(zip(*self._table[first], strict=True)))

    def _count(self, pair: str, more: int) -> bool:
        """Count a pair some more times; does it come before one that was commoner?"""
        first, second = pair[0], pair[1]
        if first in _NO:
            return False
        others, counts = self._table.get(first, _NOTHING)
        if second in _NO:
            self._table.setdefault(first, ("", array("I")))
            return False
        at = others.find(second)
        if at < 0:
            at, counts = len(others), counts + array("I", [0])
            self._table[first] = (others + second, counts)
        counts[at] += more
        return at > 0 and counts[at - 1] < counts[at]

    @staticmethod
    def _grouped(counts: dict[str, int]) -> dict[str, _Followers]:
        by_first: defaultdict[str, dict[str, int]] = defaultdict(dict)
        for pair, count in counts.items():
            if pair[0] not in _NO:
                others = by_first[pair[0]]
                if pair[1] not in _NO:
                    others[pair[1]] = count
        return {first: _ranked(others) for first, others in by_first.items()}

    # ---- on disk -----------------------------------------------------------------------------

    def save(self, folder: Path, state: str) -> None:
        """Write the table beside the index in the state of that name."""
        firsts = "".join(self._table)
        sizes = [len(others) for others, _ in self._table.values()]
        head = json.dumps({"state": state, "firsts": firsts, "sizes": sizes})
        others = "".join(others for others, _ in self._table.values())
        numbers = b"".join(counts.tobytes() for _, counts in self._table.values())
        fresh = folder / f"{NAME}.new"
        fresh.write_bytes(b"\n".join((head.encode(), others.encode("utf-32-le"), numbers)))
        fresh.replace(folder / NAME)

    @classmethod
    def load(cls, folder: Path, state: str) -> Self | None:
        """The table of this very state of the index, None where there is none."""
        with suppress(OSError, ValueError, KeyError):
            head, _, rest = (folder / NAME).read_bytes().partition(b"\n")
            known = json.loads(head)
            if known["state"] == state:
                return cls._read(known["firsts"], known["sizes"], rest)
        return None

    @classmethod
    def _read(cls, firsts: str, sizes: list[int], rest: bytes) -> Self:
        total = sum(sizes)
        others = rest[: total * 4].decode("utf-32-le")
        numbers = array("I", rest[total * 4 + 1 :])
        if len(numbers) != total:
            raise ValueError(NAME)
        found, at = cls(), 0
        for first, size in zip(firsts, sizes, strict=True):
            found._table[first] = (others[at : at + size], numbers[at : at + size])
            at += size
        return found


def _rarest(counted: tuple[int, str]) -> int:
    return -counted[0]


def _ranked(others: dict[str, int]) -> _Followers:
    names = sorted(others, key=others.__getitem__, reverse=True)
    return "".join(names), array("I", [others[name] for name in names])
