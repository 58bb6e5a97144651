"""Sections -> tasks: what a report tells somebody to do, and by when.

The walk: every sentence (``passages``) -> does it look back or ahead (``tensing``) -> the time expressions
that bind it (``dating``) -> one task each, or one without time for a directive sentence -> topic, owners,
title -> reminder days (``reminding``); what says the same twice reminds once.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import combinations

from digests.dating import find
from digests.moments import Anchor, Moment, anchor_of
from digests.owning import owners
from digests.passages import Passage, passages
from digests.reminding import DEFAULT, Reminders, reminders
from digests.report import Report, Task, TaskKind
from digests.tagging import tag_folded
from digests.chinese import fold
from digests.tensing import Tense, Tenses, is_agenda, is_directive, is_past, is_statement, tenses


@dataclass(frozen=True, slots=True)
class _Reading:
    """What all sentences of one report have in common."""

    report: Report
    anchor: Anchor
    tenses: Tenses
    rules: Reminders


def extract_tasks(report: Report, rules: Reminders = DEFAULT) -> tuple[Task, ...]:
    """The tasks of a report, in text order; several with one sentence when it names several times.

    >>> from digests.parsing import parse
    >>> text = "某市通知\\n一、任务\\n6月底前完成排查。要尽快落实。\\n某市办公室  2020年1月7日印发\\n"
    >>> [(str(t.kind), t.last and t.last.isoformat()) for t in extract_tasks(parse(text.encode(), "a.txt"))]
    [('dated', '2020-06-30'), ('vague', None)]
    """
    anchor = anchor_of(report)
    reading = _Reading(report, anchor, tenses(report, anchor), rules)
    found = [task for passage in passages(report) for task in _tasks(passage, reading)]
    headings = {section.address: section.heading for section in report.sections}
    return tuple(_merged(found, headings))


def _tasks(passage: Passage, reading: _Reading) -> Iterator[Task]:
    tense = reading.tenses.at(passage.start)
    words = passage.folded.text
    if tense is Tense.ASIDE or len(words) < 4 or _NOTE.match(words):  # noqa: PLR2004 -- no sentence is shorter
        return
    if _HEAD_LINE.search(words) and (passage.section is None or len(words) < _LEAD_IN):
        return
    moments = _binding(words, tense, reading.anchor)
    if moments:
        yield from (_task(passage, moment, reading) for moment in moments)
    elif tense is not Tense.BACK and is_directive(words) and not _is_past_sentence(words):
        yield _task(passage, None, reading)


_HEAD_LINE = re.compile(
    r"^[—\s-]*[((]?(?:\d{2,4}年\d{1,2}月(?:\d{1,2}日)?[^。]*|title:.*|date.*)[))]?$|会议上|新华社.{0,12}电"
    r"|^[((]?[^。]{0,40}(?:通过|发布|印发|施行|\d月|\d日|批准|修订|修正|公布)[))]?$"
)
_NOTE = re.compile(r"^[\[(]?\d{0,3}[\]).]?[^,。]{1,24}[:]?(?:是指|指的是|指[^导出点示定引])")


def _is_past_sentence(words: str) -> bool:
    first = words.split(",", 1)[0]
    if first.startswith("要"):
        return False
    return is_past(first) or is_statement(first) and not is_directive(words)


# ---- which expressions bind ----------------------------------------------------------------

_CLAUSE = re.compile(r"[,;。!?:\n]")


def _binding(words: str, tense: Tense, anchor: Anchor) -> list[Moment]:
    """The expressions that bind a sentence: none of the past, none that only describe a noun."""
    if re.match(r"截[至止]|昨天|前天|日前|近日|让我们", words) or "如果" in words or is_agenda(words):
        return []
    titles = [t.span() for t in re.finditer(r"《[^》]*》", words)]
    found = [
        m
        for m in find(words, anchor)
        if not m.past and not any(a < m.start < b for a, b in titles) and _binds(m, words, tense, anchor)
    ]
    timed = [m for m in found if m.kind is not TaskKind.VAGUE]
    if timed:
        return _distinct(_of_the_season(timed, anchor), words)
    if tense is Tense.BACK or not is_directive(words):
        return []
    return found[:1]


def _distinct(moments: list[Moment], words: str) -> list[Moment]:
    """One of each expression: 今年 said twice in a sentence binds once."""
    kept: dict[str, Moment] = {}
    for m in moments:
        kept.setdefault(words[m.start : m.end], m)
    return list(kept.values())


def _of_the_season(moments: list[Moment], anchor: Anchor) -> list[Moment]:
    """Of several seasons in a sentence, the one that runs at the issue or comes next."""
    windows = [m for m in moments if m.kind is TaskKind.SEASON]
    if len(windows) < 2:  # noqa: PLR2004
        return moments
    soonest = min(windows, key=lambda m: (m.first or date.max, m.last or date.max))
    return [m for m in moments if m.kind is not TaskKind.SEASON or m is soonest]


def _clause(words: str, moment: Moment) -> tuple[str, str, str]:
    """The clause around an expression: all of it, what stands before, what comes after."""
    cuts = [0, *(m.end() for m in _CLAUSE.finditer(words)), len(words)]
    first = max(c for c in cuts if c <= moment.start)
    last = min(c for c in cuts if c >= moment.end)
    return words[first:last], words[first : moment.start], words[moment.end : last]


_OBJECT = re.compile(
    r"(?:工作(?!日)|规划|计划(?!新|完|安|投|实|建|启|开)|纲要|预算|决算|政府工作|报告|年度|度|版|届|级|新?年贺词|开局|基础上|水平|同期|初|常住|户籍|相比|,?(?:既|也|就|正|将|要|又)?是(?!否)|正值|适逢|恰逢)"
)
_OF_NOUN = re.compile(r"的(?!.{0,10}(?:任务|目标|重点|大事|要求))")
_CONSIDERED = re.compile(r"(?:分析|研判|把握|谋划|编制|研究|纵观|综观|着眼|立足|看|回顾|总结)[“好]?$")
_CREED = re.compile(r"指导思想|总体要求|总的要求|总体思路|基本思路|形势|任务(?:十分|非常|很|更加|依然|极其)?(?:繁重|艰巨)")
_COMPARED = re.compile(r"(?:比|较|与|同|和|超过|低于|高于|自|从|由)$")


def _binds(moment: Moment, words: str, tense: Tense, anchor: Anchor) -> bool:
    clause, before, after = _clause(words, moment)
    if tense is Tense.BACK:
        return _looks_ahead(moment, clause, anchor)
    if moment.kind is TaskKind.VAGUE:
        return not is_past(clause)
    if moment.kind is TaskKind.RELATIVE and anchor.statute:
        return True
    expression = words[moment.start : moment.end]
    if is_past(before) or re.match(r"以来|来,|已|,?是(?!否)", words[moment.end :]) or expression.startswith("截"):
        return False
    if not moment.plain:
        return not (_COMPARED.search(before) and moment.first is None) and not _TAKES_EFFECT.match(
            after
        )
    return _plain_binds(moment, words, before, after, tense)


_LEAD_IN = 60
"""A sentence this short that ends with a colon only opens a list."""

_TAKES_EFFECT = re.compile(r"(?:起)?(?:施行|实施|生效|执行|试行|废止|成立)|(?:效能|绩效|目标|考核|述职|总结|决算)")


def _plain_binds(moment: Moment, words: str, before: str, after: str, tense: Tense) -> bool:
    """A bare year or period binds in a sentence that looks ahead, unless it only qualifies a noun."""
    tail = words[moment.end :]
    if before.endswith("“") and re.match(r"[一-鿿]{1,3}”", tail):
        return False  # part of a slogan (“全年红”)
    if re.search(r"做好$", before) and re.match(r"[^,]{0,24}工作,", tail):
        return False  # “做好下半年工作，要…” only names the frame
    if words.endswith(":") and len(words) < _LEAD_IN and "目标" not in words:
        return False
    if _OBJECT.match(tail) or _COMPARED.search(before) or _CONSIDERED.search(before) or _CREED.search(words[moment.end : moment.end + 30]):
        return False
    if _OF_NOUN.match(tail) and not re.search(r"目标|任务", words[moment.end : moment.end + 16]):
        return False
    return (
        tense is Tense.AHEAD or is_directive(words) or bool(re.search(r"将|任务|力争|计划|预计|预定|规划|拟|赓续", words))
    )


def _looks_ahead(moment: Moment, clause: str, anchor: Anchor) -> bool:
    """In a review only a clause that says so looks ahead: 年底前将全部签约落户."""
    if moment.last is None or moment.kind is TaskKind.VAGUE or anchor.day is None:
        return False
    return (
        bool(re.search(r"将|力争|可望|有望|计划|确保", clause))
        and not is_past(clause)
        and moment.last >= anchor.day
    )


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
        title=_title(words, moment),
        quote=report.text[passage.start : passage.end],
        start=passage.start,
        end=passage.end,
        expression=expression,
        kind=kind,
        first=moment.first if moment else None,
        last=moment.last if moment else None,
        owners=owners(words),
        rule=moment.rule if moment else "",
    )
    return replace(task, reminders=_reminders(task, reading))


def _reminders(task: Task, reading: _Reading) -> tuple[date, ...]:
    issued = reading.anchor.day
    if issued is None or (reading.anchor.statute and task.kind is TaskKind.RECURRING):
        return ()
    months = _rhythm(task.expression or "")
    return reminders(task.kind, task.first, task.last, issued, reading.rules, months=months)


def _rhythm(expression: str) -> int:
    """Months between two turns of a recurring task; 0 for those that are not recalled by a day."""
    if "季" in expression or "quarter" in expression:
        return 3
    return (
        1
        if "月" in expression and not re.search(r"[底末日前]", expression) or "month" in expression
        else 0
    )


_WORK = re.compile(r"(?:做好|抓好|推进|开展|完成|加强)([一-鿿“”]{2,14}?)(?:工作|任务|建设)")
_LEAD = re.compile(
    r"^(?:同时|为此|此外|所以|因此|特别|其中|我们|还|也|都|就|要|必须|务必|一定|继续|进一步|[一二三四五六七八九十]+是|\d+[.、]|[((]?\d+[))])+"
)
_DOES = re.compile(r"实现|完成|抓|建成|同步|献礼|通过|开工|投用|启动|达到|任务")
_LONGEST_TITLE = 24


def _title(words: str, moment: Moment | None) -> str:
    """A few words of the sentence that name the matter: the work that is to be done, else a clause."""
    works = [
        w for w in _WORK.findall(words) if not moment or words[moment.start : moment.end] not in w
    ]
    if works:
        return max(works, key=len)
    clauses = [c.strip('“”"() ') for c in _CLAUSE.split(words) if c.strip()]
    if moment:
        clauses.insert(0, _clause(words, moment)[0].strip(',;。:“”"() '))
    told = next((c for c in clauses if is_directive(c) or _DOES.search(c)), "".join(clauses[:1]))
    return _shortened(_LEAD.sub("", told))


def _shortened(title: str) -> str:
    """At most so many characters, and no quotation left open."""
    cut = title[:_LONGEST_TITLE]
    if len(title) > _LONGEST_TITLE and "、" in cut[8:]:
        cut = cut[: cut.rindex("、")]
    if cut.count("“") > cut.count("”"):
        head, _, rest = title.partition(cut)
        closing = rest.find("”") if not head else -1
        cut = cut + rest[: closing + 1] if 0 <= closing <= 12 else cut[: cut.rindex("“")]  # noqa: PLR2004
    return cut if cut.count("“") == cut.count("”") else cut.replace("”", "").replace("“", "")


# ---- saying the same twice -----------------------------------------------------------------

_RUN = 4
"""Characters in a row that two sentences share when they speak of the same matter."""


def _merged(tasks: list[Task], headings: dict[str, str]) -> list[Task]:
    """A period that repeats another, or that a named deadline makes exact, reminds no second time."""
    by_topic: dict[str | None, list[int]] = {}
    for i, task in enumerate(tasks):
        if task.kind in (TaskKind.PERIOD, TaskKind.DATED) and task.reminders:
            by_topic.setdefault(task.topic, []).append(i)
    silent = {i for group in by_topic.values() for i in _repeats(tasks, group, headings)}
    return [replace(task, reminders=()) if i in silent else task for i, task in enumerate(tasks)]


def _repeats(tasks: list[Task], group: list[int], headings: dict[str, str]) -> Iterator[int]:
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
