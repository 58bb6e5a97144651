"""Entries -> tree: what lies inside what, by the order in which schemes of numbering appear.

No table says that （一） lies above 1．: a scheme that opens while another is running lies inside it,
and where it lay once it lies again. Custom decides only where order says nothing.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from digests.marking import CONTAINERS, CUSTOM

_TITLES = {"bold", "plain"}
_FEWEST_CHAPTERS = 2  # that have all lost their number
_SHORT = 12  # characters of a last chapter's title
UNNUMBERED = {"heading", "bold", "lead", "plain", "annex"}


@dataclass(slots=True)
class Entry:
    """A place that opens a section. ``rank`` is the level the format declares, 0 for none.

    ``alone``: the heading stands alone in its paragraph; ``floor``: where that paragraph ends;
    ``inline``: it stands inside a paragraph; ``leaf``: as an item that nothing can lie in.
    """

    scheme: str
    number: int
    label: str | None
    heading: str
    start: int
    heading_end: int
    floor: int
    rank: int = 0
    alone: bool = False
    inline: bool = False
    leaf: bool = False
    group: str = ""
    paragraphs: int = 1
    closing: int = 0
    end: int = 0
    children: list["Entry"] = field(default_factory=list)


@dataclass(slots=True)
class _Nest:
    roots: list[Entry] = field(default_factory=list)
    stack: list[Entry] = field(default_factory=list)
    parents: dict[str, set[str]] = field(default_factory=dict)  # where a scheme lay before

    def put(self, entry: Entry, depth: int) -> None:
        del self.stack[depth:]
        holder = self.stack[-1] if self.stack else None
        (holder.children if holder else self.roots).append(entry)
        self.stack.append(entry)
        if not entry.rank:
            self.parents.setdefault(entry.scheme, set()).add(holder.scheme if holder else "")


def nest(entries: Sequence[Entry]) -> list[Entry]:
    """The tree over entries in text order; they are joined as children."""
    done = _Nest()
    _promote(entries)
    _restore_chapters(entries)
    ahead = _Ahead(entries)
    for place, entry in enumerate(entries):
        if entry.leaf:
            (done.stack[-1].children if done.stack else done.roots).append(entry)
            continue
        ahead.place = place
        done.put(entry, _depth(entry, done, ahead))
    return done.roots


def _promote(entries: Sequence[Entry]) -> None:
    """A bold line before a declared list that begins at one stands above that list."""
    following: Entry | None = None
    promoted = 0
    for entry in reversed(entries):
        if entry.number and not entry.leaf:
            following = entry
        elif entry.scheme in _TITLES and following and following.number == 1 and not entry.rank:
            entry.rank = max(following.rank - 1, 0) or promoted
            promoted = promoted or entry.rank
    if promoted:
        _promote_alike(entries, promoted)


def _restore_chapters(entries: Sequence[Entry]) -> None:
    """A title among running articles is the chapter that is missing from the count at that place."""
    numbers = [(place, e.number) for place, e in enumerate(entries) if e.scheme == "chapter"]
    titles = [
        place
        for place, (one, following) in enumerate(pairwise(entries))
        if one.scheme in _TITLES
        and not one.rank
        and following.scheme == "article"
        and following.number > 1
    ]
    if not numbers and len(titles) < _FEWEST_CHAPTERS:
        return
    last = 0
    for place in titles:
        last = max([last, *(n for at, n in numbers if at < place)])
        following = next((n for at, n in numbers if at > place), None)
        gap = (
            following > last + 1
            if following
            else not numbers or len(entries[place].heading) <= _SHORT
        )
        if gap:
            last += 1
            entries[place].scheme, entries[place].number = "chapter", last


def _promote_alike(entries: Sequence[Entry], rank: int) -> None:
    following = 0
    for entry in reversed(entries):
        if entry.number and not entry.leaf:
            following = entry.number
        elif entry.scheme in _TITLES and following == 1 and not entry.rank:
            entry.rank = rank


class _Ahead:
    """Looks forward: does a list go on after a place?"""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self.place = 0
        self._numbers: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for place, entry in enumerate(entries):
            self._numbers[entry.scheme].append((place, entry.number))
        self._next = dict.fromkeys(self._numbers, 0)

    def goes_on(self, last: Entry) -> bool:
        """Whether ``last``'s list has its next item after this place, before it begins anew."""
        numbers = self._numbers[last.scheme]
        i = self._next[last.scheme]
        while i < len(numbers) and numbers[i][0] <= self.place:
            i += 1
        self._next[last.scheme] = i
        return i < len(numbers) and last.number < numbers[i][1] <= last.number + 2

    def begins_anew(self, last: Entry) -> bool:
        """Whether ``last``'s list begins again at one after this place, or never comes back."""
        numbers = self._numbers[last.scheme]
        after = bisect_right(numbers, (self.place, 1 << 62))
        return after == len(numbers) or numbers[after][1] == 1


def _depth(entry: Entry, done: _Nest, ahead: _Ahead) -> int:
    """How many of the open sections stay open when an entry comes."""
    if entry.scheme == "annex" and not entry.rank:
        return 0
    open_at = _continued(entry, done.stack)
    if open_at is None and entry.rank:
        open_at = _depth_by_rank(entry, done)
    if open_at is None:
        open_at = _open_at(entry, done.stack)
    return _depth_of_new(entry, done, ahead) if open_at is None else open_at


def _depth_of_new(entry: Entry, done: _Nest, ahead: _Ahead) -> int:
    """Where a list opens whose scheme is not open: where it lay before, else inside what is open."""
    floor = max((i + 1 for i, e in enumerate(done.stack) if _stays(e, entry)), default=0)
    known = done.parents.get(entry.scheme, set())
    if known and entry.number == 1 and _is_fresh_title(done.stack):
        return len(done.stack)
    for depth in range(len(done.stack) - 1, -1, -1):
        if done.stack[depth].scheme in known:
            return max(_deeper(entry, done, ahead, depth + 1), floor)
    if "" in known and not floor:
        return 0
    depth = len(done.stack)
    while depth > floor and _is_over(done.stack[depth - 1], entry, ahead):
        depth -= 1
    listed = depth < len(done.stack) and done.stack[depth].scheme not in UNNUMBERED
    if listed and depth > floor and {entry.scheme, done.stack[depth - 1].scheme} <= _TITLES:
        depth -= 1  # its list begins anew under this one: a title of the same standing
    return depth


def _is_fresh_title(stack: list[Entry]) -> bool:
    """Whether nothing stands between a title line and the list that begins anew now."""
    last = stack[-1] if stack else None
    return (
        last is not None
        and last.scheme in _TITLES
        and last.alone
        and last.paragraphs == 1
        and not last.children
    )


def _stays(open_: Entry, entry: Entry) -> bool:
    """Whether an open section holds a list that opens now, whatever lay where before."""
    if open_.scheme in CONTAINERS and entry.number:
        return entry.scheme not in CONTAINERS
    if open_.scheme == "en_section" and entry.scheme == "en_article":
        return True
    return open_.rank > 0 or open_.scheme == "annex"


def _deeper(entry: Entry, done: _Nest, ahead: _Ahead, known: int) -> int:
    """A new list lies where its scheme lay before, or in an open item whose list still goes on."""
    depth = len(done.stack)
    if entry.number != 1 or entry.scheme in UNNUMBERED:
        return known
    while depth > known and not _holds(done.stack[depth - 1], entry, ahead):
        depth -= 1
    return depth


def _holds(open_: Entry, entry: Entry, ahead: _Ahead) -> bool:
    return (
        open_.scheme not in UNNUMBERED
        and CUSTOM.get(open_.scheme, 99) < CUSTOM.get(entry.scheme, 99)
        and ahead.goes_on(open_)
    )


def _depth_by_rank(entry: Entry, done: _Nest) -> int:
    """By declared levels: everything of the same or a lower level, and all undeclared, closes."""
    for depth, open_ in enumerate(done.stack):
        if open_.scheme == "annex" and not open_.rank and entry.number:
            continue
        if not open_.rank or open_.rank >= entry.rank:
            return depth
    return len(done.stack)


def _continued(entry: Entry, stack: list[Entry]) -> int | None:
    """Where the very next item of an open list belongs, whatever level the format declares."""
    for depth in range(len(stack) - 1, -1, -1):
        open_ = stack[depth]
        if open_.scheme == entry.scheme and entry.number == open_.number + 1 and open_.number:
            entry.rank = open_.rank
            return depth
    return None


def _open_at(entry: Entry, stack: list[Entry]) -> int | None:
    """The depth at which the entry's own scheme is open, if it is."""
    for depth in range(len(stack) - 1, -1, -1):
        if stack[depth].scheme == entry.scheme and not stack[depth].rank:
            return depth
    return None


def _is_over(open_: Entry, entry: Entry, ahead: _Ahead) -> bool:
    """Whether an open list has ended, so that the entry does not lie in its last item."""
    if open_.scheme == "lead":
        return True
    if open_.scheme == "article" and entry.scheme in _TITLES:
        return True  # a chapter that lost its number; no title lies inside an article
    if open_.scheme in UNNUMBERED or ahead.goes_on(open_):
        return False
    if entry.scheme in {"plain", "bold"}:
        return ahead.begins_anew(open_)
    return CUSTOM.get(entry.scheme, 99) < CUSTOM.get(open_.scheme, 99)
