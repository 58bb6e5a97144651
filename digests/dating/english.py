"""English time expressions, as policy memoranda and translated reports have them (folded: lower case)."""

import re
from dataclasses import replace
from datetime import date, timedelta

from digests.dating import reckoning
from digests.dating.moments import Anchor, Moment, add_months, month_end
from digests.report import TaskKind

MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
WORDS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "twelve": 12, "fifteen": 15, "thirty": 30, "forty-five": 45, "sixty": 60, "ninety": 90,
    "twenty": 20, "eighteen": 18, "twenty-four": 24,
}  # fmt: skip
PLAN_NAMES = {"tenth": 2001, "10th": 2001, "eleventh": 2006, "11th": 2006, "twelfth": 2011, "12th": 2011,
              "thirteenth": 2016, "13th": 2016, "fourteenth": 2021, "14th": 2021, "fifteenth": 2026, "15th": 2026}  # fmt: skip

_MONTH = "|".join(MONTHS)
_COUNT = rf"(?:\d{{1,3}}|{'|'.join(sorted(WORDS, key=len, reverse=True))})"
_UNIT = r"(?:calendar |business |working )?(?:days?|weeks?|months?|years?|hours?)"
_BY = r"(?:by|before|no later than|not later than|on or before|prior to|until)"
_EVENT = r"(?: (?:of|after|from|following) (?:[^.,;:)]{0,50}? of (?:this|the) (?:final )?[a-z]+|[^.,;:)]{1,50}?(?=[.,;:)]|$)))?"
_END = r"(?: the)? (?:end|close) of(?: the)?"


def _number(written: str) -> int:
    return int(written) if written.isdigit() else WORDS[written]


def _on(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _moment(
    found: re.Match[str], first: date | None, last: date | None, anchor: Anchor, rule: str
) -> Moment:
    past = last is not None and anchor.is_past(last)
    return Moment(found.start(), found.end(), TaskKind.DATED, first, last, rule, past=past)


_ISSUED = re.compile(
    r"(?:issuance|publication|release|date|issue|signature|approval) (?:date )?of (?:this|the) [a-z]+|this (?:report|memorandum|policy|order)"
)


def read_within(found: re.Match[str], context: reckoning.Context) -> Moment | None:
    """Within 60 days of the issuance of this report: dated from the issue, else relative."""
    tail = context.text[found.start() : found.end() + 60]
    base = context.anchor.day
    if not base or not context.anchor.exact or not _ISSUED.search(tail):
        return Moment(
            found.start(), found.end(), TaskKind.RELATIVE, rule="the starting day is not printed"
        )
    count, unit = _number(found["n"]), found["u"].split()[-1].rstrip("s")
    if unit in ("month", "year"):
        last = add_months(base, count * (12 if unit == "year" else 1))
    else:
        last = base + timedelta(days=count * (7 if unit == "week" else 1))
    return _moment(found, base, last, context.anchor, f"from {base.isoformat()}")


def read_by(found: re.Match[str], context: reckoning.Context) -> Moment | None:
    """By June 30, 2018; by the end of 2015; by 2020."""
    base = context.anchor.day
    written = found["y"] or found["y2"]
    year = int(written) if written else (base.year if base else None)
    if year is None:
        return None
    if not found["m"]:
        return _moment(found, None, date(year, 12, 31), context.anchor, "the year's last day")
    month = MONTHS.index(found["m"]) + 1
    if not found["d"]:
        return _moment(found, None, month_end(year, month), context.anchor, "the month's last day")
    day = _on(year, month, int(found["d"]))
    return _moment(found, None, day, context.anchor, "the day as printed") if day else None


def read_year_end(found: re.Match[str], context: reckoning.Context) -> Moment | None:
    """By the end of the year."""
    base = context.anchor.day
    return (
        _moment(found, None, date(base.year, 12, 31), context.anchor, "the year's last day")
        if base
        else None
    )


def read_year(found: re.Match[str], context: reckoning.Context) -> Moment | None:
    """In 2013, and the year that is called this or next."""
    base = context.anchor.day
    if base is None:
        return None
    year = int(found["y"]) if found["y"] else base.year + (found["r"] == "next")
    moment = _moment(found, date(year, 1, 1), date(year, 12, 31), context.anchor, "within the year")
    return replace(moment, kind=TaskKind.PERIOD, plain=True)


def read_plan(found: re.Match[str], context: reckoning.Context) -> Moment | None:
    """During the 12th Five-Year Plan period."""
    start = PLAN_NAMES[found["p"]]
    moment = _moment(
        found, date(start, 1, 1), date(start + 4, 12, 31), context.anchor, "the plan's years"
    )
    return replace(moment, kind=TaskKind.PERIOD, plain=True)


FORMS: tuple[tuple[str, str, reckoning.Reader], ...] = (
    ("en_within", rf"\b(?:within|no later than|not later than|no more than)(?: the next)? (?P<n>{_COUNT})(?: \(\d+\))? (?P<u>{_UNIT}){_EVENT}", read_within),
    ("en_by", rf"\b{_BY}(?:{_END})?(?: fiscal year| fy)? ?(?:(?P<m>{_MONTH})(?: (?P<d>\d{{1,2}})(?:st|nd|rd|th)?)?,? ?(?P<y>(?:19|20)\d\d)?(?!\d)|(?P<y2>(?:19|20)\d\d)(?!\d))", read_by),
    ("en_year_end", rf"\b{_BY}(?:{_END} (?:this )?year| year-?end)", read_year_end),
    ("en_plan", rf"\b(?:during |in |over )?the (?P<p>{'|'.join(PLAN_NAMES)}) five-year plan(?: period)?", read_plan),
    ("en_year", r"\b(?:(?P<r>this|next) year|in (?P<y>(?:19|20)\d\d)(?!\d))(?!['’]s)", read_year),
)  # fmt: skip
"""The English forms, read like those of ``digests.dating``."""
