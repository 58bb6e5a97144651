"""Which entries are real: a mark counts where it belongs to a sequence.

``3．`` without a 2 before it or a 4 after it is a number that happened to begin a line.
"""

from collections import defaultdict
from collections.abc import Sequence

from digests.nesting import Entry

_WEAK = {"is", "first", "circled", "dotted2", "dotted3", "dotted4", "letter", "letter_paren", "roman",
         "en_first", "numeral", "arab_close", "han_close"}  # fmt: skip
_NEVER_ALONE = 2
_GAP = 3


def sift(entries: Sequence[Entry]) -> list[Entry]:
    """The entries whose marks go on from one another; unnumbered ones are kept."""
    by_scheme: dict[str, list[int]] = defaultdict(list)
    for place, e in enumerate(entries):
        if e.number and not e.leaf:
            by_scheme[e.scheme].append(place)
    wrong: set[int] = set()
    for scheme, places in by_scheme.items():
        wrong |= _strays(entries, scheme, places)
    return [e for place, e in enumerate(entries) if place not in wrong]


def _strays(entries: Sequence[Entry], scheme: str, places: list[int]) -> set[int]:
    """Places of one scheme that continue nothing and are continued by nothing."""
    wrong: set[int] = set()
    last = 0
    for i, place in enumerate(places):
        number = entries[place].number
        following = entries[places[i + 1]].number if i + 1 < len(places) else 0
        goes_on = number < following <= number + _GAP
        fits = last < number <= last + _GAP if last else False
        opens = number == 1 and (scheme not in _WEAK or following == _NEVER_ALONE)
        if entries[place].rank or fits or opens or (goes_on and (last or scheme not in _WEAK)):
            last = number
        elif number == 1 or not last or number != last:
            wrong.add(place)
    return wrong
