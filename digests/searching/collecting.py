"""The hits of a look-up as they come in, in the order in which they are shown."""

from digests.patterns import Pattern
from digests.report import Hit
from digests.searching.shadowing import shadow
from digests.searching.widening import WORDS, Reading

_LABEL = Pattern(
    r"^[一二三四五六七八九十\d]{1,3}(?=[^\d年月日%个项条])|^第[一二三四五六七八九十百\d]+[条章节]"
)


class Found:
    """Hits in their order, and by which reading the first of them was found.

    What says the same as a hit before it, in the same report or another, comes after all others.
    """

    def __init__(self, hits: dict[tuple[str, int], Hit]) -> None:
        self._hits = hits
        self._again: dict[tuple[str, int], Hit] = {}
        self._said = {_told_by(hit) for hit in hits.values()}
        self.tier = WORDS
        self.read_as = ""

    @property
    def hits(self) -> list[Hit]:
        """All of them."""
        return [*self._hits.values(), *self._again.values()]

    def __len__(self) -> int:
        return len(self._hits)

    def take(self, hit: Hit, reading: Reading, *, first: bool) -> bool:
        """Add a hit, at the head where it is the first that really answers; was it put there?"""
        if not self._hits:
            self.tier, self.read_as = reading.tier, reading.read_as
        place, told = (hit.report, hit.start), _told_by(hit)
        if first:
            self._hits = {place: hit} | self._hits
        elif place not in self._hits:
            (self._again if told in self._said else self._hits).setdefault(place, hit)
        self._said.add(told)
        return first

    def touches(self, hit: Hit) -> bool:
        """Does a hit lie in one that is there, or reach into it?"""
        same = (h for h in self.hits if h.report == hit.report)
        return any(h.start < hit.end and hit.start < h.end for h in same)


def _told_by(hit: Hit) -> str:
    """What a hit says, by whichever label."""
    return _LABEL.sub("", shadow(hit.quote))
