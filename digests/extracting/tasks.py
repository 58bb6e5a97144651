"""Sections -> tasks: what a report tells somebody to do, and by when.

The walk: every sentence (``passages``) -> does it look back or ahead (``tensing``) -> the time expressions
that bind it (``dating``) -> one task each, or one without time for a directive sentence -> topic, owners,
title -> reminder days (``reminding``); what says the same twice reminds once.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import combinations

from digests.chinese import fold
from digests.dating.moments import Anchor, Moment, anchor_of
from digests.extracting.anchoring import Anchors, anchors
from digests.extracting.binding import binding
from digests.extracting.directing import is_directive, is_past, is_statement
from digests.extracting.entitling import shortened, title_of
from digests.extracting.owning import charged, owners
from digests.extracting.passages import Passage, passages
from digests.extracting.reminding import DEFAULT, Reminders, reminders
from digests.extracting.tensing import Tense, Tenses, tenses
from digests.patterns import Pattern
from digests.report import Report, Task, TaskKind
from digests.tagging import tag_folded


@dataclass(frozen=True, slots=True)
class _Reading:
    """What all sentences of one report have in common."""

    report: Report
    anchor: Anchor
    anchors: Anchors
    tenses: Tenses
    rules: Reminders


def extract_tasks(report: Report, rules: Reminders = DEFAULT) -> tuple[Task, ...]:
    r"""The tasks of a report, in text order; several with one sentence when it names several times.

    >>> from digests.outlining import parse
    >>> text = "某市通知\n一、任务\n6月底前完成排查。要尽快落实。\n某市办公室  2020年1月7日印发\n"
    >>> [(str(t.kind), t.last and t.last.isoformat()) for t in extract_tasks(parse(text.encode(), "a.txt"))]
    [('dated', '2020-06-30'), ('vague', None)]
    """
    anchor = anchor_of(report)
    tense = tenses(report, anchor)
    reading = _Reading(report, anchor, anchors(report, anchor, tense), tense, rules)
    found: list[Task] = []
    for passage in passages(report):
        bodies = charged(passage.folded.text)
        if bodies is None:
            found += _tasks(passage, reading)
        else:
            names = tuple(_printed(start, end, passage, report) for start, end in bodies)
            _charge(found, names, passage, report)
    headings = {section.address: section.heading for section in report.sections}
    return tuple(_merged(found, headings))


def _charge(found: list[Task], names: tuple[str, ...], bracket: Passage, report: Report) -> None:
    """A bracket that names who is in charge closes the item, or the paragraph, before it."""
    section = bracket.section
    for i in range(len(found) - 1, max(-1, len(found) - 1 - _LONGEST_ITEM), -1):
        task = found[i]
        in_item = section is not None and task.address == section.address
        if not in_item and "\n" in report.text[task.end : bracket.start].strip():
            return
        if not task.owners:
            found[i] = replace(task, owners=names)


_LONGEST_ITEM = 50  # tasks


def _tasks(passage: Passage, reading: _Reading) -> Iterator[Task]:
    tense = reading.tenses.at(passage.start)
    words = passage.folded.text
    if tense is Tense.ASIDE or len(words) < 4 or _NOTE.match(words):  # noqa: PLR2004 -- no sentence is shorter
        return
    if _FIELD.match(words) or _is_bare_row(words):
        return
    if _HEAD_LINE.search(words) and (passage.section is None or len(words) < _SHORT_LINE):
        return
    moments = binding(words, tense, reading.anchors.of(passage, tense))
    if moments:
        yield from (_task(passage, moment, reading) for moment in moments)
    elif tense is not Tense.BACK and is_directive(words) and not _is_past_sentence(words):
        yield _task(passage, None, reading)


_SHORT_LINE = 60
_CELL = 10
_FIELD = Pattern(
    r"[*\s]*(?:抓取|检索|更新|发布|生成|采集|浏览|打印|成文|印发|公布|修正|修订)(?:时间|日期)[*:\s]|[〔\[][\d]+[〕\]](?:此处|.{0,40}之误)"
)
"""A field of a page's head, an editor's footnote."""


def _is_bare_row(words: str) -> bool:
    """A row of a table whose cells hold names and numbers, not work."""
    cells = words.split("\t")
    return len(cells) > 2 and max(map(len, cells)) < _CELL  # noqa: PLR2004 -- a row has several cells


_HEAD_LINE = Pattern(
    r"^[—\s-]*[((]?(?:(?:\d{2,4}|[〇○零一二三四五六七八九]{4})年[\d一二三四五六七八九十]{1,2}月(?:[\d一二三四五六七八九十]{1,3}日)?[^。]*|title:.*|date.*)[))]?$|会议上|新华社.{0,12}电"
    r"|^(?:专栏|表|图|附[件表录])[ \t]?[\d一二三四五六七八九十]+[^。;]*$"
    r"|^[((]?[^。]{0,40}(?:通过|发布|印发|施行|\d月|\d日|批准|修订|修正|公布)[))]?$"
)
_NOTE = Pattern(
    r"^[\[(]?\d{0,3}[\]).]?[^,。]{1,24}(?:是指|指的是|[主特系一泛][要般]?指(?![标数挥导出点示定引])|[”》):]指(?![标数挥导出点示定引]))"
)


def _is_past_sentence(words: str) -> bool:
    first = words.split(",", 1)[0]
    if first.startswith("要"):
        return False
    return is_past(first) or (is_statement(first) and not is_directive(words))


# ---- what a task carries -------------------------------------------------------------------


def _task(passage: Passage, moment: Moment | None, reading: _Reading) -> Task:
    report, section = reading.report, passage.section
    words = passage.folded.text
    heading = fold(section.heading).text if section else ""
    topics = tag_folded(words, heading)
    kind = moment.kind if moment else TaskKind.NONE
    expression = None
    if moment:
        start, end = passage.place(moment.start, moment.end)
        expression = report.text[start:end].strip()
    task = Task(
        address=section.address if section else None,
        cite=section.cite if section else "",
        topic=topics[0] if topics else None,
        title=_title(words, moment, passage, report),
        quote=report.text[passage.start : passage.end],
        start=passage.start,
        end=passage.end,
        expression=expression,
        kind=kind,
        first=moment.first if moment else None,
        last=moment.last if moment else None,
        owners=_owners(words, moment, passage, report),
        rule=moment.rule if moment else "",
    )
    return replace(task, reminders=_reminders(task, reading))


def _title(words: str, moment: Moment | None, passage: Passage, report: Report) -> str:
    spans = title_of(words, moment)
    if not spans:  # “这是下半年的一项重大任务”: of what, says the heading
        return shortened(passage.section.heading if passage.section else words)
    pieces = [_printed(start, end, passage, report) for start, end in spans]
    whole = words[spans[0][1] :].lstrip(' "').startswith(_CLAUSE_ENDS)  # not only its subject
    comma = ", " if words.isascii() else "，"
    return shortened((comma if whole else "").join(pieces))


_CLAUSE_ENDS = (",", ":", ";", ".")


def _printed(start: int, end: int, passage: Passage, report: Report) -> str:
    """Folded words as the report prints them."""
    first, last = passage.place(start, end)
    return report.text[first:last]


def _owners(words: str, moment: Moment | None, passage: Passage, report: Report) -> tuple[str, ...]:
    """Whom the sentence charges; where each part has a time of its own, whom that part or the last one before it names."""
    named = owners(words)
    if moment and moment.kind in (TaskKind.DATED, TaskKind.RELATIVE) and ";" in words:
        ends = [i for i, mark in enumerate(words) if mark == ";"]
        parts = [bisect_right(ends, start) for start, _ in named]
        nearest = max((p for p in parts if p <= bisect_right(ends, moment.start)), default=None)
        if nearest is not None:
            named = tuple(span for span, p in zip(named, parts, strict=True) if p == nearest)
    return tuple(_printed(start, end, passage, report) for start, end in named)


def _reminders(task: Task, reading: _Reading) -> tuple[date, ...]:
    issued = reading.anchor.day
    if issued is None or (reading.anchor.statute and task.kind is TaskKind.RECURRING):
        return ()
    months = _rhythm(task.expression or "")
    last = reading.anchors.horizon if task.kind is TaskKind.RECURRING else task.last
    return reminders(task.kind, task.first, last, issued, reading.rules, months=months)


def _rhythm(expression: str) -> int:
    """Months between two turns of a recurring task; 0 for those that are not recalled by a day."""
    if "年" in expression:
        return 0
    if "季" in expression or "quarter" in expression:
        return 3
    return 1 if "月" in expression or "month" in expression else 0


# ---- saying the same twice -----------------------------------------------------------------

_MOST = 200
"""Timed tasks of one topic that are compared with each other; real reports have some dozens."""
_RUN = 4
"""Characters in a row that two sentences share when they speak of the same matter."""


def _merged(tasks: list[Task], headings: dict[str, str]) -> list[Task]:
    """A period that repeats another, or that a named deadline makes exact, reminds no second time."""
    by_topic: dict[str | None, list[int]] = {}
    for i, task in enumerate(tasks):
        if task.kind in (TaskKind.PERIOD, TaskKind.DATED) and task.reminders:
            by_topic.setdefault(task.topic, []).append(i)
    silent = {i for group in by_topic.values() for i in _repeats(tasks, group, headings)}
    return [_silent(task) if i in silent else task for i, task in enumerate(tasks)]


def _silent(task: Task) -> Task:
    return replace(task, reminders=(), rule=f"{task.rule}; merged")


def _repeats(tasks: list[Task], group: list[int], headings: dict[str, str]) -> Iterator[int]:
    group = group[:_MOST]
    runs = {i: _runs(f"{tasks[i].quote} {headings.get(tasks[i].address or '', '')}") for i in group}
    for i, j in combinations(group, 2):
        loser = _loser(tasks, i, j)
        if loser is not None and runs[i] & runs[j]:
            yield loser


def _loser(tasks: list[Task], i: int, j: int) -> int | None:
    a, b = tasks[i], tasks[j]
    if (a.start, a.end) == (b.start, b.end):
        return None
    if a.kind is b.kind is TaskKind.PERIOD:
        if (a.first, a.last) != (b.first, b.last):
            return None
        return i if len(a.quote) > len(b.quote) else j
    if a.kind is b.kind or not a.last or not b.last:
        return None
    period, dated = (i, j) if a.kind is TaskKind.PERIOD else (j, i)
    first, last = tasks[period].first, tasks[dated].last
    return period if first and last and first <= last else None


def _runs(text: str) -> set[str]:
    words = re.sub(r"[^一-鿿]", " ", text)
    return {
        words[k : k + _RUN] for k in range(len(words) - _RUN + 1) if " " not in words[k : k + _RUN]
    }
