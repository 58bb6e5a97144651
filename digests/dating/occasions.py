"""What feasts, seasons, terms and words without a day come to: the second half of the readers.

``reckoning`` has the first half, and what both stand on.
"""

import re
from dataclasses import replace
from datetime import date

from digests.dating import calendars
from digests.dating.moments import DAY, Moment, add_months
from digests.dating.reckoning import (
    Context,
    dated,
    moment_of,
    number_of,
    same_day_next_year,
    year_of,
)
from digests.dating.seasons import season
from digests.patterns import Pattern
from digests.report import TaskKind

_FEAST_NAMES = {
    "国庆节": "国庆",
    "端午节": "端午",
    "中秋节": "中秋",
    "清明节": "清明",
    "元宵节": "元宵",
}


def read_feast(found: re.Match[str], context: Context) -> Moment | None:
    """春节前, 国庆前: before the feast, which is not included."""
    base = context.anchor.day
    if base is None:
        return None
    name = _FEAST_NAMES.get(found["f"], found["f"])
    year = year_of(found["y"], context) if found["y"] else None
    day = calendars.feast(name, year) if year else calendars.next_feast(name, base)
    if day is None:
        return None
    rule = f"feast words={found['f']}{found['end']} feast={found['f']} day={day.isoformat()}"
    return dated(found, None, day - DAY, context, rule)


def read_season(found: re.Match[str], context: Context) -> Moment | None:
    """台汛期, 汛期前: from the region's calendar, if there is one."""
    name = "汛期" if found["s"] in ("入汛", "汛") else found["s"]
    known = season(name, context.anchor.region)
    base = context.anchor.day
    if known is None:
        return None
    window = known.window(base) if base and known.first else None
    before = (found["end"] or "").endswith("前")
    if window is None:
        return moment_of(found, TaskKind.SEASON, None, None, "season_local")
    first, last = window
    if before:
        if base and first <= base:
            first = same_day_next_year(first)
        rule = f"season_before season={known.region}{known.name} first={first.isoformat()}"
        return moment_of(found, TaskKind.DATED, None, first - DAY, rule)
    name = f"{known.region}{known.name}"
    rule = f"season season={name} first={first.isoformat()} last={last.isoformat()}"
    return moment_of(found, TaskKind.SEASON, first, last, rule)


_ANCHORED = Pattern(
    r"(?:(?:自|从)?(?:本|该|此)?(?:通知|意见|方案|办法|文件|通报|函|决定|规划|计划)?"
    r"(?:印发|发布|公布|下发|发文)(?:之日|后)?(?:起)?(?:的)?|(?:自|从)?即日(?:起)?)[,\s]?$"
)


def read_within(found: re.Match[str], context: Context) -> Moment | None:
    """15日内, 5个工作日内, 3年内: dated with a printed anchor that is known, else relative."""
    head = context.text[max(0, found.start() - 24) : found.start()]
    if re.search(r"(?:过去|最近|近|连续|此前|(?<![满期束止日])前|任期|有效期)的?$", head):
        return None
    anchored = _ANCHORED.search(head)
    base = context.anchor.day
    if not anchored or base is None or not context.anchor.exact or context.anchor.statute:
        return moment_of(found, TaskKind.RELATIVE, None, None, "event")
    count, unit = found["n"], found["u"].replace("个", "")
    last = _term_end(base, 0.5 if count == "半" else number_of(count), unit)
    moment = moment_of(found, TaskKind.DATED, base, last, f"issue day={base.isoformat()}")
    return replace(moment, start=found.start() - len(anchored.group().lstrip(",")))


def _term_end(base: date, count: float, unit: str) -> date:
    if unit == "工作日":
        return calendars.add_workdays(base, int(count))
    if unit in ("月", "年"):
        return add_months(base, int(count * (12 if unit == "年" else 1)))
    days = {"周": 7, "星期": 7}.get(unit, 1)
    return base + int(count * days) * DAY if unit not in ("小时", "分钟") else base


def read_ahead(found: re.Match[str], context: Context) -> Moment | None:
    """会议召开10日前, 提前5个工作日: counted back from an event, so no day."""
    if not context.anchor.statute and not re.search(r"应|须|要", context.text):
        return None
    return moment_of(found, TaskKind.RELATIVE, None, None, "event")


def read_span(found: re.Match[str], context: Context) -> Moment | None:  # noqa: ARG001 -- a reader's signature
    """用三年时间."""
    return moment_of(found, TaskKind.RELATIVE, None, None, "event")


def read_recurring(found: re.Match[str], context: Context) -> Moment | None:
    """每月, 按季度: how often, unless it is the rate of an amount."""
    head = context.text[max(0, found.start() - 4) : found.start()]
    tail = context.text[found.end() : found.end() + 20]
    if re.search(r"(?:元|人|名|吨|次|个|亿|万|/)$", head) or re.match(
        r"(?:人|亩|平方|户|都|[\d,.]+万?元|[一二三四]次?元|[\d.一二两三四五]+个百分点)|[^,;。]{0,8}\d[\d,.]*[ \t]?[万亿]?元",
        tail,
    ):
        return None
    return moment_of(found, TaskKind.RECURRING, None, None, "rhythm")


def read_vague(found: re.Match[str], context: Context) -> Moment | None:  # noqa: ARG001 -- a reader's signature
    """尽快, 适时: no day at all."""
    return moment_of(found, TaskKind.VAGUE, None, None, "undated")
