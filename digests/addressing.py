"""What a reader calls a section -> that section, or the choices.

Readers follow the printed labels: “二、5” and “2.5” are the fifth point of 二, 第二部分第五点 too;
讲话5 is point 5 of the document called 讲话. Positions in the tree (1.2.5) are for programs.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from digests.chinese import NUMERAL, fold, to_number
from digests.marking import mark_at
from digests.report import Report, Section

_ORDINAL = rf"第\s?(?P<ordinal>[{NUMERAL}]{{1,6}}|\d{{1,3}})\s?(?P<measure>大部分|部分|大点|大项|方面|重点|点|项|條|条|章|节|節|编|編|篇|款|段|个|是)?"
_PLAIN = rf"[（(]\s?(?P<bracketed>[{NUMERAL}]{{1,4}}|\d{{1,3}})\s?[）)]|(?P<plain>[{NUMERAL}]{{1,4}}|\d{{1,3}}(?!\d))(?P<is>是)?"
_TOKEN = re.compile(rf"(?:{_ORDINAL}|{_PLAIN})[\s、，,.．。·\-—－:：的之]*")
_NOISE = re.compile(r"[\s、，,.．。·\-—－“”\"'‘’（）()《》〈〉【】:：;；!！?？]+")
_POLITE = re.compile(
    r"^(?:请问|请看|请发|请|看一下|看看|看|查一下|查|发|我要|我想看)+|(?:的?(?:全文|内容|原文)|吧|呢|谢谢)+$"
)
_SCHEMES = {
    "章": {"chapter"},
    "节": {"section"},
    "条": {"article"},
    "编": {"part"},
    "篇": {"part"},
    "部分": {"part", "cap", "han"},
    "大部分": {"part", "cap", "han"},
}
_SHORTEST_TITLE = 4


@dataclass(frozen=True, slots=True)
class Resolution:
    """The sections a query may mean: none, one, or several to choose from.

    ``is_address`` says whether the query has the form of an address (so that finding nothing is
    an answer); a title or the beginning of one is not such a form.
    """

    matches: tuple[tuple[Report, Section], ...] = ()
    is_address: bool = False


@dataclass(frozen=True, slots=True)
class _Step:
    """One label of an address; ``measure`` is the word behind 第N, "" where the label is bare."""

    number: int
    typed: str
    measure: str
    ordinal: bool


def resolve(query: str, reports: Sequence[Report]) -> Resolution:
    """The sections that a reader means by a query.

    >>> resolve("公交票价", []).is_address, resolve("二、5", []).is_address
    (False, True)
    """
    asked = _POLITE.sub("", fold(query[:200]).text.strip()).strip()
    if not asked:
        return Resolution()
    cited = _cited(asked, reports)
    if cited:
        return Resolution(cited, is_address=True)
    by_label = _labelled(asked, reports)
    if by_label is not None:
        return Resolution(by_label, is_address=True)
    return Resolution(_titled(asked, reports))


def _key(text: str) -> str:
    return _NOISE.sub("", fold(text).text)


def _cited(asked: str, reports: Sequence[Report]) -> tuple[tuple[Report, Section], ...]:
    """Sections whose printed citation was typed, whatever the punctuation."""
    wanted = _NOISE.sub("", asked)
    if not wanted or wanted.isdigit():
        return ()
    return tuple(
        (r, s)
        for r in reports
        for s in r.sections
        if s.label is not None and _key(s.cite) == wanted
    ) or tuple(
        (r, s) for r in reports for s in r.sections if _is_document(r, s) and _key(s.cite) == wanted
    )


def _is_document(report: Report, section: Section) -> bool:
    return section.level == 1 and section.label is None and bool(report.children(section.address))


def _labelled(asked: str, reports: Sequence[Report]) -> tuple[tuple[Report, Section], ...] | None:
    """Sections by their labels, or None where the query is no address."""
    steps = _steps(asked)
    if steps is not None:
        return tuple((r, s) for r in reports for s in _follow(r, None, steps))
    found: list[tuple[Report, Section]] = []
    formed = False
    for report in reports:
        for document in report.sections:
            if not _is_document(report, document):
                continue
            rest = _after_name(asked, document)
            steps = _steps(rest) if rest else None
            if steps is not None:
                formed = True
                found += [(report, s) for s in _follow(report, document, steps)]
    return tuple(found) if formed else None


def _after_name(asked: str, document: Section) -> str:
    for name in (fold(document.cite).text, fold(document.heading).text):
        if asked.startswith(name):
            return asked[len(name) :].lstrip(" 、，,.·:：的")
    return ""


def _steps(asked: str) -> list[_Step] | None:
    steps = []
    position = 0
    while position < len(asked):
        found = _TOKEN.match(asked, position)
        if not found:
            return None
        typed = found["ordinal"] or found["bracketed"] or found["plain"]
        number = to_number(typed)
        if number is None:
            return None
        measure = (found["measure"] or ("是" if found["is"] else "")).replace("條", "条")
        steps.append(
            _Step(
                number,
                typed,
                measure.replace("節", "节").replace("編", "编"),
                bool(found["ordinal"]),
            )
        )
        position = found.end()
    return steps or None


def _follow(report: Report, within: Section | None, steps: list[_Step]) -> list[Section]:
    """The sections at the end of a chain of labels, each inside the one before."""
    chosen: list[Section] = []
    for depth, step in enumerate(steps):
        holders = chosen if depth else [within]
        pool = [s for s in report.sections if any(_inside(s, h) for h in holders)]
        chosen = _best(
            report, [s for s in pool if _matches(s, step)], step, last=depth == len(steps) - 1
        )
        if depth == 0 and len(steps) > 1:
            chosen = [c for c in chosen if report.children(c.address)]
    return chosen


def _inside(section: Section, holder: Section | None) -> bool:
    return holder is None or section.address.startswith(f"{holder.address}.")


def _matches(section: Section, step: _Step) -> bool:
    if section.label is None:
        return False
    mark = mark_at(section.label + "、", 0, len(section.label) + 1)
    if mark is None or mark.number != step.number:
        return False
    schemes = _SCHEMES.get(step.measure)
    if schemes:
        return mark.scheme in schemes
    if step.measure == "是":
        return mark.scheme == "is"
    return mark.scheme not in {"article", "chapter", "section", "part"} or not step.ordinal


def _best(report: Report, found: list[Section], step: _Step, *, last: bool) -> list[Section]:
    """Of sections with the right number, those that fit what was typed best."""
    if step.measure in {"部分", "大部分", "大点"} or (not last and not step.ordinal):
        return [s for s in found if s.level == min(f.level for f in found)]
    if step.measure in {"项", "重点"}:
        named = [s for s in found if step.measure in s.cite]
        return named or found
    if step.ordinal:
        leaves = [s for s in found if not report.children(s.address) or s.inline]
        return leaves or found
    printed = [s for s in found if s.label == step.typed]
    return printed or found


def _titled(asked: str, reports: Sequence[Report]) -> tuple[tuple[Report, Section], ...]:
    """Sections whose heading is the query, or begins with it."""
    wanted = _NOISE.sub("", asked)
    keyed = [(r, s, _key(s.heading)) for r in reports for s in r.sections]
    whole = tuple((r, s) for r, s, key in keyed if key == wanted)
    if whole or len(wanted) < _SHORTEST_TITLE:
        return whole
    return tuple((r, s) for r, s, key in keyed if key.startswith(wanted))
