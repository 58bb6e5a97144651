"""The hits of a look-up as they come in, in the order in which they are shown."""

from collections.abc import Callable
from typing import NamedTuple

from digests.patterns import Pattern
from digests.report import Hit
from digests.searching.shadowing import shadow
from digests.searching.widening import WORDS, Reading

_LABEL = Pattern(
    r"[一二三四五六七八九十\d]{1,3}(?=[^\d年月日%个项条])|第[一二三四五六七八九十百\d]+[条章节]"
)


class Chosen(NamedTuple):
    """What may become a hit: where it stands, and the shadow of what it says.

    ``hit`` makes it one. Many more are chosen than shown, so that is left until it is shown.
    """

    report: str
    start: int
    end: int
    said: str
    hit: Callable[[], Hit]

    @classmethod
    def of(cls, hit: Hit) -> "Chosen":
        """One that is a hit already."""
        return cls(hit.report, hit.start, hit.end, shadow(hit.quote), lambda: hit)

    def says_any(self, words: tuple[str, ...]) -> bool:
        """Does it say one of the words, which may be excluded?"""
        return any(word in self.said for word in words)


class Found:
    """What was chosen, in its order, and by which reading the first of it was found.

    What says the same as another before it, in the same report or another, comes after all others.
    """

    def __init__(self, addressed: tuple[Chosen, ...] = ()) -> None:
        self._chosen = {(c.report, c.start): c for c in addressed}
        self._again: dict[tuple[str, int], Chosen] = {}
        self._said = {_told_by(c) for c in addressed}
        self.tier = WORDS
        self.read_as = ""

    def __bool__(self) -> bool:
        return bool(self._chosen)

    def __len__(self) -> int:
        return len(self._chosen)

    def fills(self, most: int) -> bool:
        """Are there as many as are wanted, repetitions too?"""
        return len(self._chosen) + len(self._again) >= most

    def hits(self, most: int) -> tuple[Hit, ...]:
        """The first of them."""
        return tuple(chosen.hit() for chosen in self._all()[:most])

    def take(self, chosen: Chosen, reading: Reading, *, first: bool) -> bool:
        """Add one, at the head where it is the first that really answers; was it put there?"""
        if not self._chosen:
            self.tier, self.read_as = reading.tier, reading.read_as
        place, told = (chosen.report, chosen.start), _told_by(chosen)
        if first:
            self._chosen = {place: chosen} | self._chosen
        elif place not in self._chosen:
            (self._again if told in self._said else self._chosen).setdefault(place, chosen)
        self._said.add(told)
        return first

    def touches(self, chosen: Chosen) -> bool:
        """Does it lie in one that is there, or reach into it?"""
        same = (c for c in self._all() if c.report == chosen.report)
        return any(c.start < chosen.end and chosen.start < c.end for c in same)

    def _all(self) -> list[Chosen]:
        return [*self._chosen.values(), *self._again.values()]


def _told_by(chosen: Chosen) -> str:
    """What it says, by whichever label."""
    label = _LABEL.match(chosen.said)
    return chosen.said[label.end() :] if label else chosen.said
