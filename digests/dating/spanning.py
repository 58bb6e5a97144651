"""What longer spans and the months around the issue come to: years, centuries, plans, terms of office.

``reckoning`` has dates, months and quarters, and what all readers stand on.
"""

import re
from dataclasses import replace
from datetime import date

from digests.dating.moments import PLANS, Moment, add_months, month_end
from digests.dating.reckoning import (
    PARTS,
    Context,
    dated,
    moment_of,
    number_of,
    on,
    period,
    year_of,
)
from digests.report import TaskKind


def read_whole(found: re.Match[str], context: Context) -> Moment | None:
    """全年, 今明两年, 本月底前."""
    base = context.anchor.day
    if base is None or context.anchor.perennial:
        return None
    word = found.group()
    if word.startswith("月"):
        return dated(found, None, month_end(base.year, base.month), context, "last_day")
    if word.startswith(("今明", "明后")):
        year = base.year + (word[0] == "明")
        return period(found, date(year, 1, 1), date(year + 1, 12, 31), context, "calendar")
    year = context.year or base.year
    return period(found, date(year, 1, 1), date(year, 12, 31), context, "calendar")


def read_next_month(found: re.Match[str], context: Context) -> Moment | None:
    """本月底前, 下月10日前, 下个月: known where the day of issue is."""
    base = context.anchor.day
    if base is None or not context.anchor.exact:
        return None
    month = add_months(base.replace(day=1), int(found["w"][0] == "下"))
    if found["d"]:
        day = on(month.year, month.month, number_of(found["d"]))
        return (
            dated(found, None if found["end"] else day, day, context, "included") if day else None
        )
    begin, ends = PARTS.get(found["part"] or "", (1, 0))
    last = month.replace(day=ends) if ends else month_end(month.year, month.month)
    if found["end"] or found["part"] in ("底", "末"):
        return dated(found, None, last, context, "last_day")
    if found["w"] == "本月":
        return None
    return period(found, month.replace(day=begin), last, context, "calendar")


def read_mid_year(found: re.Match[str], context: Context) -> Moment | None:
    """年中前: the first half's last day."""
    year = year_of(found["y"], context)
    return dated(found, None, date(year, 6, 30), context, "middle") if year else None


def read_century(found: re.Match[str], context: Context) -> Moment | None:
    """到二十世纪末: its last day; 本世纪末 where that is near enough to be meant."""
    base = context.anchor.day
    word = found["c"]
    century = (base.year - 1) // 100 + 1 if word == "本" and base else number_of(word)
    if not century or (base and century * 100 - base.year > _AGE):
        return moment_of(found, TaskKind.VAGUE, None, None, "undated")
    return dated(found, None, date(century * 100, 12, 31), context, "century")


_AGE = 30
"""A century's end further off than this is a figure of speech."""


def read_open(found: re.Match[str], context: Context) -> Moment | None:  # noqa: ARG001 -- a reader's signature
    """任期内, 今后五年, 今冬明春: a period whose ends are not printed."""
    return replace(moment_of(found, TaskKind.PERIOD, None, None, "open"), plain=True)


def read_plan(found: re.Match[str], context: Context) -> Moment | None:
    """“十四五”期间, “十四五”末."""
    start = PLANS[found["p"]]
    first, last = date(start, 1, 1), date(start + 4, 12, 31)
    end = found["end"]
    if end.startswith("前") and len(end) > 1:
        last = date(start + number_of(end[1]) - 1, 12, 31)
    if end.startswith("后") and len(end) > 1:
        first = date(start + 5 - number_of(end[1]), 1, 1)
    if end.endswith("初期"):
        return None
    final = end in (
        "末",
        "期末",
        "末期",
        "末年",
        "时期末",
        "期间末",
        "期末前",
        "末前",
    ) or end.endswith("末")
    moment = period(found, first, last, context, "plan_years")
    return replace(moment, first=None) if moment and final else moment
