"""Which entries are real: a mark counts where it belongs to a sequence.

``3．`` without a 2 before it or a 4 after it is a number that happened to begin a line.
"""

from collections import defaultdict
from collections.abc import Sequence

from digests.outlining.nesting import Entry

_WEAK = {"is", "first", "circled", "dotted2", "dotted3", "dotted4", "letter", "letter_paren", "roman",
         "en_first", "numeral", "arab_close", "han_close"}  # fmt: skip
_DOTTED = {"dotted2", "dotted3", "dotted4"}
_DECIMAL = {"numeral", "arab"}  # what stands above 1.1
_NEVER_ALONE = 2
_GAP = 3
_PUT_IN = 30  # articles between two that follow each other; real laws have a dozen
_STRONG = {"han", "chapter", "part"}
_LONGEST_LONELY = 40
_JUMPING = {"en_section", "en_article"}  # section 102 is followed by 201
_JUMP = 1000


def sift(entries: Sequence[Entry]) -> list[Entry]:
    """The entries whose marks go on from one another; unnumbered ones are kept."""
    by_scheme: dict[str, list[int]] = defaultdict(list)
    for place, e in enumerate(entries):
        if e.number and not e.leaf:
            by_scheme[e.scheme].append(place)
    wrong: set[int] = set()
    decimal = "dotted2" in by_scheme and not by_scheme.keys().isdisjoint(_DECIMAL)
    for scheme, places in by_scheme.items():
        weak = scheme in _WEAK and not (decimal and scheme in _DECIMAL | _DOTTED)
        wrong |= _strays(entries, places, weak=weak, gap=_JUMP if scheme in _JUMPING else _GAP)
    return [e for place, e in enumerate(entries) if place not in wrong]


def _strays(entries: Sequence[Entry], places: list[int], *, weak: bool, gap: int) -> set[int]:
    """Places of one scheme that continue nothing and are continued by nothing."""
    wrong: set[int] = set()
    last = 0
    for i, place in enumerate(places):
        number = entries[place].number
        following = _following(entries, places, i)
        goes_on = number < following <= number + gap
        fits = last < number <= last + gap if last else False
        opens = number == 1 and (not weak or following == _NEVER_ALONE)
        skips = (
            fits and number > last + 1 and following == last + 1
        )  # a reference that opened a line
        if entries[place].rank or (fits and not skips) or opens or (goes_on and (last or not weak)):
            last = number
        elif (number == 1 or not last or number != last) and not _is_plainly(entries[place]):
            wrong.add(place)
    return wrong


def _following(entries: Sequence[Entry], places: list[int], i: int) -> int:
    """The number that comes next; of an article behind those put in after it (第五条, 第五条之一, 第六条)."""
    number = entries[places[i]].number
    for place in places[i + 1 : i + 1 + _PUT_IN]:
        if entries[place].scheme != "article" or entries[place].number != number:
            return entries[place].number
    return 0


def _is_plainly(entry: Entry) -> bool:
    """Whether an entry is a title on its own even without its neighbours: 三、 and a few words."""
    return entry.scheme in _STRONG and entry.alone and len(entry.heading) <= _LONGEST_LONELY
