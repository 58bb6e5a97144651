"""What the sections of reports are called, ready for comparing; worked out once."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from digests.chinese import fold
from digests.marking import mark_at
from digests.report import Report, Section

_NOISE = re.compile(r"[\s、，,.．。·\-—－“”\"'‘’（）()《》〈〉【】:：;；!！?？]+")
_CITE_NOISE = re.compile(r"[\s、，,.．。·\-—－“”\"'‘’《》〈〉【】:：;；!！?？]+")


@dataclass(frozen=True, slots=True)
class Names:
    """What the sections of one report are called, ready for comparing."""

    cites: dict[str, list[Section]]
    tails: dict[str, list[Section]]
    headings: list[tuple[str, int]]
    numbers: dict[int, list[tuple[Section, str]]]
    documents: list[tuple[str, Section]]
    holders: list[tuple[str, str]]
    titled: list[tuple[str, str]]
    groups: dict[str, list[str]]
    parents: frozenset[str]
    children: dict[str, list[Section]]
    schemes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Holder:
    """Where the first label is looked for: in the whole report, a section, or a group of its items
    such as 四大重点, which is printed before them and no section itself.
    """

    address: str | None = None
    members: frozenset[str] | None = None

    def has(self, section: Section) -> bool:
        if self.members is not None:
            return section.address in self.members
        return self.address is None or section.address.startswith(f"{self.address}.")


class Shelf:
    """The names over a collection of reports: one look instead of one for each report."""

    def __init__(self, reports: tuple[Report, ...]) -> None:
        self.reports = reports
        self.names = [_names_of(r) for r in reports]
        self.cites: dict[str, list[tuple[Report, Section]]] = defaultdict(list)
        self.tails: dict[str, list[tuple[Report, Section]]] = defaultdict(list)
        self.documents: dict[str, list[tuple[Report, Names, Holder]]] = defaultdict(list)
        self.headings: list[tuple[str, int, int]] = []
        self.titles = [frozenset(key_of(r.title)) for r in reports]
        for number, (report, names) in enumerate(zip(reports, self.names, strict=True)):
            for key, sections in names.cites.items():
                self.cites[key] += [(report, s) for s in sections]
            for key, sections in names.tails.items():
                self.tails[key] += [(report, s) for s in sections]
            for name, section in names.documents:
                self.documents[name].append((report, names, Holder(section.address)))
            for name, address in names.holders:
                self.documents[name].append((report, names, Holder(address)))
            for name, members in names.groups.items():
                self.documents[name].append((report, names, Holder(None, frozenset(members))))
            self.headings += [(key, number, place) for key, place in names.headings]
        self.headings.sort()


_SAID = 16  # characters of a heading that somebody says before a point of it
_names: dict[str, Names] = {}  # by the file's hash: folding thousands of headings takes a while
_MOST_NAMES = 10_000
_shelves: dict[tuple[int, ...], Shelf] = {}  # the last collection; it keeps its reports alive


def shelf_of(reports: Sequence[Report]) -> Shelf:
    """The names over these reports, worked out once for each collection."""
    key = tuple(map(id, reports))
    shelf = _shelves.get(key)
    if shelf is None:
        shelf = Shelf(tuple(reports))
        _shelves.clear()
        _shelves[key] = shelf
    return shelf


def _names_of(report: Report) -> Names:
    key = f"{report.source.sha256} {len(report.sections)}"
    names = _names.get(key)
    if names is None:
        if len(_names) >= _MOST_NAMES:
            _names.clear()
        names = _names[key] = _named(report)
    return names


def _named(report: Report) -> Names:
    parents = frozenset(s.parent for s in report.sections if s.parent)
    documents = [
        s for s in report.sections if s.level == 1 and s.label is None and s.address in parents
    ]
    cites: dict[str, list[Section]] = defaultdict(list)
    tails: dict[str, list[Section]] = defaultdict(list)
    numbers: dict[int, list[tuple[Section, str]]] = defaultdict(list)
    children: dict[str, list[Section]] = defaultdict(list)
    for s in report.sections:
        children[s.parent or ""].append(s)
        if s.label is not None or "·" in s.cite or s in documents:
            cites[cite_key(s.cite)].append(s)
        if "·" in s.cite:
            tail = s.cite.partition(" ")[2] or s.cite
            tails[cite_key(tail)].append(s)
        mark = mark_at(s.label + "、", 0, len(s.label) + 1) if s.label else None
        if mark:
            numbers[mark.number].append((s, mark.scheme))
    headings = [(key_of(s.heading), place) for place, s in enumerate(report.sections)]
    named = [(name, s) for s in documents for name in {fold(s.cite).text, fold(s.heading).text}]
    if len(documents) > 1:
        for place, s in enumerate(documents, 1):
            for name in _counted(place):
                cites[name].append(s)
                named.append((name, s))
    holders = [
        (heading, s.address)
        for s in report.sections
        if s.address in parents
        and s not in documents
        and 1 < len(heading := fold(s.heading).text) <= _SAID
    ]
    holders += [
        (name, s.address)
        for s in report.sections
        if s.address in parents and s.level == 1 and cite_key(s.cite).startswith("附件")
        for name in _appended(cite_key(s.cite))
    ]
    titled = [
        (key, s.address)
        for s in report.sections
        if s.address in parents and len(key := key_of(s.heading)) > 1
    ]
    return Names(
        dict(cites),
        dict(tails),
        headings,
        dict(numbers),
        named,
        holders,
        titled,
        _groups(report),
        parents,
        dict(children),
        frozenset(scheme for found in numbers.values() for _, scheme in found),
    )


def _groups(report: Report) -> dict[str, list[str]]:
    """Items by the name of their group: 工作安排、9个方面工作 by its own name, too."""
    found: dict[str, list[str]] = defaultdict(list)
    for s in report.sections:
        if "·" in s.cite:
            group = (s.cite.partition(" ")[2] or s.cite).partition("·")[0]
            for name in {cite_key(group), cite_key(group.rpartition("、")[2])}:
                found[name].append(s.address)
    return dict(found)


def _appended(cite: str) -> set[str]:
    """What an appendix is called: 附件3, 附件三."""
    name = fold(cite).text
    number = name.removeprefix("附件")
    figures = "123456789"
    written = "一二三四五六七八九"
    other = {**dict(zip(figures, written, strict=True)), **dict(zip(written, figures, strict=True))}
    return {name, f"附件{other.get(number, number)}"}


def _counted(place: int) -> list[str]:
    """What the documents of one file are called by their order: 第二个文件, 第2份文件."""
    spoken = "一二三四五六七八九"[place - 1 : place]
    return [f"第{n}{unit}文件" for n in (spoken, str(place)) if n for unit in "个份"]


def key_of(text: str) -> str:
    """A title or heading as it is compared: folded, without spaces and punctuation.

    >>> key_of("附　则。")
    '附则'
    """
    return _NOISE.sub("", fold(text).text)


def cite_key(text: str) -> str:
    """A citation without its punctuation; brackets stay, for 一 and （一） are two things."""
    return _CITE_NOISE.sub("", fold(text).text).replace("（", "(").replace("）", ")")
