"""Which year a passage speaks of by itself, so that 全年 and 年底前 there are counted in it.

A part is of the year that its heading opens with (2024年重点工作, 明年工作安排), a paper of the one that its
title names; a report of November or December plans the year that its words ahead name most. Elsewhere the
year is that of the issue.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from digests.chinese import fold
from digests.dating.moments import Anchor, horizon, is_plan, is_work_report
from digests.extracting.passages import Passage
from digests.extracting.tensing import Tense, Tenses
from digests.patterns import Pattern
from digests.report import Report

_MATTER = r"(?=[^,。;]{0,20}(?:工作|目标|任务|安排|计划|要求|思路|重点|部署|打算|要点))"
_PART = Pattern(rf"(?:关于|[^,。;\d]{{0,8}}[市省县区州])?((?:19|20)\d\d|[今明])年{_MATTER}")
_YEAR = Pattern(r"(?<![到至\d—―~-])((?:19|20)\d\d|[今明])年(?![-—―~]|至)")
_WINTER = 11
"""From this month on a yearly report looks ahead to the year that follows."""


@dataclass(frozen=True, slots=True)
class Anchors:
    """What each part's time expressions are counted from, and how long what comes again is recalled."""

    base: Anchor
    years: Mapping[str, int]
    planned: int | None
    horizon: date | None

    def of(self, passage: Passage, tense: Tense) -> Anchor:
        """The anchor of a passage: the year of its part, else of the plan it belongs to."""
        year = self.years.get(passage.section.address) if passage.section else None
        if year is None and tense is not Tense.BACK:
            year = self.planned
        return replace(self.base, year=year) if year else self.base


def anchors(report: Report, anchor: Anchor, tenses: Tenses) -> Anchors:
    """The anchors of a report's parts."""
    until = horizon(report, anchor)
    if anchor.day is None or until is None:
        return Anchors(anchor, {}, None, until)
    years: dict[str, int] = {}
    for section in report.sections:
        named = _PART.match(fold(section.heading).text)
        year = _year(named[1], anchor.day) if named else years.get(section.parent or "")
        if year and year >= anchor.day.year:
            years[section.address] = year
    planned = _planned(report, anchor.day, tenses)
    last = max(filter(None, (planned, *years.values())), default=until.year)
    if is_work_report(report) and last == until.year + 1:
        until = until.replace(year=last)
    return Anchors(anchor, years, planned, until)


def _year(written: str, day: date) -> int:
    return {"今": day.year, "明": day.year + 1}.get(written) or int(written)


def _planned(report: Report, day: date, tenses: Tenses) -> int | None:
    """The year after the issue, where the paper as a whole plans it."""
    titled = {_year(written, day) for written in _YEAR.findall(fold(report.title).text)}
    if titled == {day.year + 1} and is_plan(report):
        return day.year + 1
    if day.month < _WINTER or not is_work_report(report):
        return None
    named = Counter(
        _year(found[1], day)
        for found in _YEAR.finditer(report.text)
        if tenses.at(found.start()) is Tense.AHEAD
    )
    return day.year + 1 if named[day.year + 1] > named[day.year] else None
