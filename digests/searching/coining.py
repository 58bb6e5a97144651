"""A report's own slogan -> the passage that explains it: 八大体系 is where 体系 stands eight times.

A coinage counts what it sums up, so the passage that spells it out repeats the counted word just as
often, whether or not the slogan itself is printed there.
"""

from dataclasses import dataclass

from digests.chinese import to_number
from digests.patterns import Pattern
from digests.searching.asking import Ask
from digests.searching.querying import COINAGE, Query
from digests.searching.shadowing import shadow
from digests.searching.shelving import Shelf
from digests.searching.weighing import occurrences

_LEAST = 3
_MOST = 16
_REACH = 40  # characters from one item to the next
_CLAUSE = Pattern(r"[，。；：！？,;:!?]")
_ITEM = Pattern(r"、|和|以及")


@dataclass(frozen=True, slots=True)
class Coinage:
    """A word that must stand ``times`` times close together."""

    word: str
    times: int

    @property
    def looked_at(self) -> int:
        """Passages that are looked at; a single character is a common word."""
        return 40 if len(self.word) == 1 else 24

    def is_told_in(self, text: str, shadowed: str) -> bool:
        """Does the text list just so many of what is counted?

        >>> text = "做好稳就业、稳金融、稳外贸工作"
        >>> Coinage("稳", 3).is_told_in(text, shadow(text))
        True
        >>> Coinage("稳", 3).is_told_in("稳字当头，稳中求进，稳住", "稳字当头¶稳中求进¶稳住")
        False
        """
        if shadowed.count(self.word) < self.times:
            return False
        if len(self.word) == 1:
            return self._in_one_list(text) == self.times
        return self.times <= self._close_together(shadowed) <= self.times + self.times // _LEAST

    def _in_one_list(self, text: str) -> int:
        """Items of one list that hold the word; a single character stands everywhere else, too."""
        clauses = _CLAUSE.split(text)
        return max(sum(self.word in shadow(i) for i in _ITEM.split(c)) for c in clauses)

    def _close_together(self, shadowed: str) -> int:
        longest = run = 0
        last = -_REACH
        for place in occurrences(self.word, shadowed):
            run = run + 1 if place - last <= _REACH else 1
            longest = max(longest, run)
            last = place
        return longest


def coinages(query: Query, shelf: Shelf) -> list[Coinage]:
    """What the query may count, the longest word first; nothing where it counts nothing."""
    if len(query.core) + len(query.phrases) != 1 or query.ask not in (None, Ask.WHAT):
        return []
    found = COINAGE.fullmatch((*query.core, *query.phrases)[0])
    times = to_number(found["number"]) if found else None
    if found is None or times is None or not _LEAST <= times <= _MOST:
        return []
    words = found["word"]
    ways = (Coinage(words[:size], times) for size in range(len(words), 0, -1))
    return [way for way in ways if _may_stand(way, shelf)]


def _may_stand(way: Coinage, shelf: Shelf) -> bool:
    """Three times one character is no list; a pair that stands nowhere is no word."""
    if len(way.word) == 1:
        return way.times > _LEAST and shelf.has(way.word)
    return bool(shelf.frequencies[way.word[:2]])
