"""What a reader calls a section -> that section, or the choices.

Readers follow the printed labels: “二、5” and “2.5” are the fifth point of 二, 第二部分第五点 too;
讲话5 is point 5 of the document called 讲话. Positions in the tree (1.2.5) are for programs.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from digests.chinese import NUMERAL, fold
from digests.naming import Holder, Names, Shelf, cite_key, key_of, shelf_of
from digests.report import Report, Section
from digests.stepping import Step, in_chinese, steps_of

_POLITE = re.compile(
    r"^(?:请问|请看|请发|请|看一下|看看|看|查一下|查|发|我要|我想看)+|(?:的?(?:全文|内容|原文)|吧|呢|谢谢)+$"
)
_NAMED = re.compile(r"(?P<name>[^第]{2,40}?)(?:里面?|中|的)?\s?(?P<address>第.+)")
_LABEL = re.compile(
    rf"^(?:第?[{NUMERAL}\d]{{1,4}}(?:是要?|、|[.．]|章|节|条|部分)|[（(][{NUMERAL}\d]{{1,4}}[）)])\s*"
)
_SCHEMES = {
    "章": {"chapter"},
    "节": {"section"},
    "節": {"section"},
    "条": {"article"},
    "條": {"article"},
    "编": {"part"},
    "編": {"part"},
    "篇": {"part"},
    "部分": {"part", "cap", "han"},
    "大部分": {"part", "cap", "han"},
}
_PARTS = {"部分", "大部分", "方面"}
_PARAGRAPHS = {"款", "段"}
_SHORTEST_TITLE = 4


@dataclass(frozen=True, slots=True)
class Resolution:
    """The sections a query may mean: none, one, or several to choose from.

    ``is_address`` says whether the query has the form of an address (so that finding nothing is
    an answer); a title or the beginning of one is not such a form.
    """

    matches: tuple[tuple[Report, Section], ...] = ()
    is_address: bool = False


_ANYWHERE = Holder()
_Found = tuple[tuple[Report, Section], ...]


def resolve(query: str, reports: Sequence[Report]) -> Resolution:
    """The sections that a reader means by a query.

    >>> resolve("公交票价", []).is_address, resolve("二、5", []).is_address
    (False, True)
    """
    asked = in_chinese(_POLITE.sub("", fold(query[:200]).text.strip()).strip())
    if not asked:
        return Resolution()
    shelf = shelf_of(reports)
    cited = _cited(asked, shelf)
    if cited:
        return Resolution(cited, is_address=True)
    by_label = _labelled(asked, shelf)
    if by_label is None:
        by_label = _labelled_in_named(asked, shelf)
    if by_label is not None:
        return Resolution(by_label, is_address=True)
    return Resolution(_titled(asked, shelf))


def typed_for(report: Report, section: Section, *, among_several: bool = False) -> str:
    """What to type for just this section: 讲话5; among several reports 信访工作条例第三十六条."""
    if among_several:
        return f"{report.title}{section.cite}"
    document, _, place = section.cite.partition(" ")
    short = f"{document}{place.rpartition('·')[2]}"
    found = _labelled(fold(short).text, Shelf((report,)))
    return short if place and found == ((report, section),) else section.cite


def _cited(asked: str, shelf: Shelf) -> _Found:
    """Sections whose printed citation was typed, whole or without the document's name."""
    wanted = cite_key(asked)
    if not wanted or wanted.isdigit():
        return ()
    return tuple(shelf.cites.get(wanted, ())) or tuple(shelf.tails.get(wanted, ()))


def _labelled(asked: str, shelf: Shelf) -> _Found | None:
    """Sections by their labels, or None where the query is no address."""
    steps = steps_of(asked)
    if steps is not None:
        matches = tuple(
            (report, section)
            for report, names in zip(shelf.reports, shelf.names, strict=True)
            for section in _follow(names, _ANYWHERE, steps)
        )
        points = len(steps) == 1 and steps[0].measure == "点"  # hardly item five of an article
        return (points and tuple(m for m in matches if "条（" not in m[1].cite)) or matches
    found: list[tuple[Report, Section]] = []
    formed = False
    for length in range(1, len(asked)):
        documents = shelf.documents.get(asked[:length])
        steps = steps_of(asked[length:].lstrip(" 、，,.·:：的")) if documents else None
        if documents and steps:
            formed = True
            found += [(r, s) for r, names, d in documents for s in _follow(names, d, steps)]
    return tuple(found) if formed else None


def _labelled_in_named(asked: str, shelf: Shelf) -> _Found | None:
    """信访条例第四章: the section of the report whose title holds the words before the label."""
    found = _NAMED.fullmatch(asked)
    steps = steps_of(found["address"]) if found else None
    if found is None or steps is None:
        return None
    name = set(key_of(found["name"]))
    named = [
        (report, names)
        for report, names, title in zip(shelf.reports, shelf.names, shelf.titles, strict=True)
        if name <= title
    ]
    if not named:
        return None
    return tuple((r, s) for r, names in named for s in _follow(names, _ANYWHERE, steps))


def _follow(names: Names, within: Holder, steps: list[Step]) -> list[Section]:
    """The sections at the end of a chain of labels, each inside the one before."""
    holders = [within]
    chosen: list[Section] = []
    for depth, step in enumerate(steps):
        last = depth == len(steps) - 1
        if depth and step.measure in _PARAGRAPHS:
            continue  # paragraphs are no sections: their article is shown
        pool = [
            s
            for s, scheme in names.numbers.get(step.number, ())
            if _matches(scheme, step, names) and any(h.has(s) for h in holders)
        ]
        if depth:  # 2.3 is the third point of part two, not point 3 of one of its points
            pool = [s for s in pool if any(s.parent == h.address for h in holders)] or pool
        chosen = _best(names, pool, step, last=last)
        if depth == 0 and not last:
            chosen = [c for c in chosen if c.address in names.parents]
        deep = depth > 0 or within.address is not None
        if not chosen and _counts(names, step, deep=deep, last=last):
            inside = (names.children.get(h.address or "", []) for h in holders)
            chosen = [s for some in inside for s in some[step.number - 1 : step.number]]
        holders = [Holder(c.address) for c in chosen]
    return chosen


def _counts(names: Names, step: Step, *, deep: bool, last: bool) -> bool:
    """May a label mean the place among all sections, since labels are missing or run through?

    Chapters and articles are never counted so, parts only where none of them has a label.
    """
    if step.measure in _SCHEMES and step.measure not in _PARTS:
        return False
    if deep:
        return step.ordinal
    said = step.measure in _PARTS or not (last or step.ordinal or step.typed.isdecimal())
    return said and all(s.label is None for s in names.children.get("", ()))


def _matches(scheme: str, step: Step, names: Names) -> bool:
    schemes = _SCHEMES.get(step.measure)
    if schemes == {"article"} and not names.has_articles:
        return scheme not in {
            "chapter",
            "section",
            "part",
        }  # （十三） of an opinion is said so, too
    if schemes:
        return scheme in schemes
    if step.measure == "是":
        return scheme == "is"
    return scheme not in {"article", "chapter", "section", "part"} or not step.ordinal


def _best(names: Names, found: list[Section], step: Step, *, last: bool) -> list[Section]:
    """Of sections with the right number, those that fit what was typed best."""
    if step.measure in {"部分", "大部分", "大点"} or (not last and not step.ordinal):
        return [s for s in found if s.level == min(f.level for f in found)]
    if step.measure in {"项", "重点"}:
        return [s for s in found if step.measure in s.cite] or found
    if step.ordinal:
        return [s for s in found if s.address not in names.parents or s.inline] or found
    if step.bracketed:
        return [s for s in found if s.label and s.label[0] in "（("] or found
    return [s for s in found if s.label == step.typed] or found


def _titled(asked: str, shelf: Shelf) -> _Found:
    """Sections whose heading is the query, or begins with it."""
    wanted = key_of(asked)
    if not wanted:
        return ()
    whole: list[tuple[Report, Section]] = []
    begun: list[tuple[Report, Section]] = []
    headings = shelf.headings
    for number in range(bisect_left(headings, (wanted, -1, -1)), len(headings)):
        key, report, place = headings[number]
        if not key.startswith(wanted):
            break
        found = (shelf.reports[report], shelf.reports[report].sections[place])
        (whole if key == wanted else begun).append(found)
    if whole or begun:
        return tuple(whole) or tuple(begun if len(wanted) >= _SHORTEST_TITLE else ())
    unlabelled = _LABEL.sub("", asked)
    return _titled(unlabelled, shelf) if unlabelled != asked else ()
