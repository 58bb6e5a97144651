"""What a reader calls a section -> that section, or the choices.

Readers follow the printed labels: “二、5” and “2.5” are the fifth point of 二, 第二部分第五点 too;
讲话5 is point 5 of the document called 讲话. Positions in the tree (1.2.5) are for programs.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from digests.chinese import NUMERAL, fold
from digests.naming import Holder, Names, Shelf, cite_key, key_of, shelf_of
from digests.report import Report, Section
from digests.stepping import Step, steps_of

_POLITE = re.compile(
    r"^(?:请问|请看|请发|请|看一下|看看|看|查一下|查|发|我要|我想看)+"
    r"|(?:的?(?:全文|内容|原文)|都?(?:说|讲|写|规定)了?(?:些|的是)?(?:什么|啥)|(?:是|有)(?:什么|啥|哪些)(?:内容)?|吧|呢|谢谢)+$"
)
_NAMED = re.compile(r"(?P<name>[^第]{2,40}?)(?:里面?|中|的)?\s?(?P<address>第.+)")
_GENERAL = re.compile(  # what any document is called: 规定第四条 of a 通知 that encloses them
    r"(?:本|这个?|该|此)?(?:文件|规定|办法|条例|意见|通知|方案|规划|纲要|报告|公报|决定|规则|细则|章程|计划|法律|法)?的?"
)
_THAT = re.compile(
    r"的?(?:(?:那|这)一?个?(?:部分|章|节|條|条|段|篇|块|点|项)|部分|这块|那块)(?:内容)?$"
)
_IN_NAMED = re.compile(r"^(?:讲话|报告|文件|通知|规划|意见|条例|纲要)(?:里面?|中|的)+")
_WITHIN = re.compile(r"(?:里面?|中|下面?)?的|里面?|下面?|[\s·、:：—-]+")
_LABEL = re.compile(
    rf"^(?:第?[{NUMERAL}\d]{{1,4}}(?:是要?|、|[.．]|章|节|条|部分)|[（(][{NUMERAL}\d]{{1,4}}[）)])\s*"
)
_LABELLED = re.compile(rf"第|最|末|倒|[（(]?\s?[{NUMERAL}\d]|[a-z]")  # how a label may begin
_PART = {"part", "cap", "han", "en_title", "en_part", "roman"}
_SCHEMES = {
    "章": {"chapter", "en_chapter"},
    "节": {"section"},
    "節": {"section"},
    "条": {"article", "en_article"},
    "條": {"article", "en_article"},
    "编": {"part"},
    "編": {"part"},
    "篇": {"part"},
    "部分": _PART,
    "大部分": _PART,
    "roman": {"roman"},
}
_PARTS = {"部分", "大部分", "方面"}
_COUNTED = _PARTS | {"点", "条", "项", "段"}
_KIND = re.compile("实事|任务|举措|大事")
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
    asked = _POLITE.sub("", fold(query[:200]).text.strip()).strip()
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
    return Resolution(
        _titled(asked, shelf) or _described(asked, shelf) or _labelled_and_titled(asked, shelf)
    )


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
        said = _KIND.search(asked)
        matches = (said and tuple(_of_kind(said[0], matches, shelf))) or matches
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


def _of_kind(kind: str, matches: _Found, shelf: Shelf) -> Iterator[tuple[Report, Section]]:
    """Of sections with the number of 第五件实事 those that stand below a heading of 实事."""
    above = {
        (id(report), address)
        for report, names in zip(shelf.reports, shelf.names, strict=True)
        for key, address in names.titled
        if kind in key
    }
    return ((r, s) for r, s in matches if (id(r), s.parent) in above)


def _labelled_and_titled(asked: str, shelf: Shelf) -> _Found:
    """第四部分政府自身建设: the label, and words of the heading behind it."""
    if not _LABELLED.match(asked):  # as most look-ups are
        return ()
    for length in range(len(asked) - 2, 1, -1):
        if steps_of(asked[:length].rstrip()):
            said = key_of(asked[length:])
            found = _labelled(asked[:length].rstrip(), shelf) or ()
            return tuple((r, s) for r, s in found if said and said in key_of(s.heading))
    return ()


def _labelled_in_named(asked: str, shelf: Shelf) -> _Found | None:
    """信访条例第四章: the section of the report whose title holds the words before the label."""
    found = _NAMED.fullmatch(asked)
    steps = steps_of(found["address"]) if found else None
    if found is None or steps is None:
        return None
    name = set(key_of(found["name"]))
    general = _GENERAL.fullmatch(found["name"])
    named = [
        (report, names)
        for report, names, title in zip(shelf.reports, shelf.names, shelf.titles, strict=True)
        if name <= title or general
    ]
    if named:
        return tuple((r, s) for r, names in named for s in _follow(names, _ANYWHERE, steps))
    return _below_heading(key_of(found["name"]), steps, shelf) or None


def _below_heading(said: str, steps: list[Step], shelf: Shelf) -> _Found:
    """扩大内需第三点: below the sections whose headings hold the words."""
    return tuple(
        (report, section)
        for report, names in zip(shelf.reports, shelf.names, strict=True)
        for key, holder in names.titled
        if said in key
        for section in _follow(names, Holder(holder), steps)
    )


def _follow(names: Names, within: Holder, steps: list[Step]) -> list[Section]:
    """The sections at the end of a chain of labels, each inside the one before."""
    # paragraphs are no sections: their article is shown
    steps = [s for depth, s in enumerate(steps) if not depth or s.measure not in _PARAGRAPHS]
    holders = [within]
    chosen: list[Section] = []
    for depth, step in enumerate(steps):
        last = depth == len(steps) - 1
        deep = depth > 0 or within.address is not None
        pool = _pool(names, holders, step)
        if not depth and not last:
            pool = [s for s in pool if s.address in names.parents]
        if depth:  # 2.3 is the third point of part two, not point 3 of one of its points
            pool = [s for s in pool if any(s.parent == h.address for h in holders)] or pool
            if step.measure == "点":  # （四） with a heading of its own before 四是 in a sentence
                pool = [s for s in pool if not s.inline] or pool
        chosen = _from_end(pool, step) if step.number < 0 else _best(names, pool, step, last=last)
        if not chosen and step.number > 0 and _counts(names, step, deep=deep, last=last):
            chosen = [s for h in holders for s in _counted(names, h, step)]
        holders = [Holder(c.address) for c in chosen]
    return chosen


def _pool(names: Names, holders: list[Holder], step: Step) -> list[Section]:
    """The sections inside that may be meant by a label: with its number, or all to count back."""
    numbered = (
        names.numbers.get(step.number, ())
        if step.number > 0
        else [n for found in names.numbers.values() for n in found]
    )
    return [
        s
        for s, scheme in numbered
        if _matches(scheme, step, names) and any(h.has(s) for h in holders)
    ]


def _from_end(pool: list[Section], step: Step) -> list[Section]:
    """最后一条, 倒数第二条: among the highest sections of that kind."""
    level = min((s.level for s in pool), default=0)
    kept = sorted((s for s in pool if s.level == level), key=lambda s: s.start)
    return kept[step.number : step.number + 1 or None]


def _counted(names: Names, holder: Holder, step: Step) -> list[Section]:
    """The place among all sections of a holder, for a label that is missing or runs through."""
    children = names.children.get(holder.address or "", [])
    return children[step.number - 1 : step.number]


def _counts(names: Names, step: Step, *, deep: bool, last: bool) -> bool:
    """May a label mean the place among all sections, since labels are missing or run through?

    At the top only parts are counted so, and only where none of them has a label.
    """
    if deep:
        return step.ordinal
    if step.measure in _SCHEMES and step.measure not in _PARTS:
        return False
    said = step.measure in _COUNTED or not (last or step.ordinal)
    return said and all(s.label is None for s in names.children.get("", ()))


def _matches(scheme: str, step: Step, names: Names) -> bool:
    schemes = _SCHEMES.get(step.measure)
    if schemes and not schemes & names.schemes:
        if "article" in schemes:  # （十三） of an opinion is said so, too
            return scheme not in {"chapter", "section", "part"}
        if "chapter" in schemes:  # and 三、 of a report is its third chapter
            return scheme in _PART
    if schemes:
        return scheme in schemes
    if step.measure == "是":
        return scheme == "is"
    return scheme not in {"article", "chapter", "section", "part"} or not step.ordinal


def _best(names: Names, found: list[Section], step: Step, *, last: bool) -> list[Section]:
    """Of sections with the right number, those that fit what was typed best."""
    if step.measure in {"部分", "大部分", "大点", "章"} or (not last and not step.ordinal):
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


def _described(asked: str, shelf: Shelf) -> _Found:
    """A section as one speaks of it: 风险评估那一节, 总体要求里的基本原则."""
    heading = _THAT.sub("", asked)
    if heading != asked and len(heading) > 1:
        words = key_of(_IN_NAMED.sub("", heading))
        return _titled(heading, shelf) or _holding(key_of(heading), shelf) or _holding(words, shelf)
    said = [part for part in _WITHIN.split(asked, maxsplit=1) if part]
    if len(said) != 2:  # noqa: PLR2004 -- the outer and the inner
        return ()
    above = {(id(report), s.address) for report, s in _titled(said[0], shelf)}
    below = _titled(said[1], shelf) if above else ()
    return tuple((r, s) for r, s in below if (id(r), s.parent) in above)


def _holding(said: str, shelf: Shelf) -> _Found:
    """The highest sections whose headings hold the words; of short ones too many do."""
    if len(said) < _SHORTEST_TITLE:
        return ()
    found = [
        (shelf.reports[report], shelf.reports[report].sections[place])
        for key, report, place in shelf.headings
        if said in key or (len(said) == _SHORTEST_TITLE and said[:2] in key and said[2:] in key)
    ]
    found = [(r, s) for r, s in found if said in key_of(s.heading)] or found
    level = min((s.level for _, s in found), default=0)
    return tuple((r, s) for r, s in found if s.level == level)
