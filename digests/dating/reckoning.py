"""What each form of time expression comes to: one small function per form.

A reader gets the match and its ``Context`` and returns a ``Moment``, or None when the words turn out
to speak of no time. The forms themselves stand in ``digests.dating``.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from digests.chinese import to_number
from digests.dating.moments import DAY, Anchor, Moment, add_months, month_end
from digests.patterns import Pattern
from digests.report import TaskKind


@dataclass(frozen=True, slots=True)
class Context:
    """What a form's meaning depends on: the anchor, the text, and what the sentence named before.

    ``year``: the last printed year; ``yearly``: the last date comes again every year (每年2月底前…，3月底前…);
    ``listed``: this one goes on with a list of years by which (到2025年、2030年).
    """

    anchor: Anchor
    year: int | None
    text: str
    yearly: bool = False
    listed: bool = False


Reader = Callable[[re.Match[str], Context], Moment | None]


# ---- years, windows ------------------------------------------------------------------------


def number_of(written: str | None) -> int:
    """A written number, 0 for none."""
    return (to_number(written.strip()) or 0) if written else 0


_RELATIVE = {"今年": 0, "本年": 0, "明年": 1, "来年": 1, "后年": 2}


def year_of(written: str | None, context: Context) -> int | None:
    """The year a word names; None for one that names none (当年, 次年) or that is unknown."""
    base = context.anchor.day
    if not written:
        return context.year or (base.year if base else None)
    word = re.sub(r"\s|^[本今明]\s?\(|\)", "", written)
    if word in _RELATIVE:
        return base.year + _RELATIVE[word] if base else None
    if word in ("当年", "次年", "翌年"):
        return None
    digits = word.removeprefix("民国").removesuffix("年")
    year = number_of(digits)
    if year < 1900:  # noqa: PLR2004 -- years of the Republic
        return year + 1911 if context.anchor.minguo or word.startswith("民国") else None
    return year


def on(year: int, month: int, day: int) -> date | None:
    """That day, None where the calendar has none."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _settle(moment: Moment, context: Context, *, named_year: bool) -> Moment | None:
    """Mark a window that is over; one without a printed year means the next such day."""
    anchor = context.anchor
    if anchor.perennial and not named_year:
        return replace(
            moment, kind=TaskKind.RECURRING, first=None, last=None, rule="yearly", plain=False
        )
    last = moment.last
    if last is None and moment.first and anchor.day:
        return replace(moment, past=moment.first.year < anchor.day.year)
    if last is None or not anchor.is_past(last):
        return moment
    if named_year or moment.plain or moment.first:
        return replace(moment, past=True)
    return replace(moment, last=same_day_next_year(last))


def same_day_next_year(day: date) -> date:
    """The same day of the next year; the last of a month stays the last."""
    if day == month_end(day.year, day.month):
        return month_end(day.year + 1, day.month)
    return add_months(day, 12)


def moment_of(
    found: re.Match[str], kind: TaskKind, first: date | None, last: date | None, rule: str
) -> Moment:
    """The moment of a match."""
    return Moment(found.start(), found.end(), kind, first, last, rule)


def _every_year(found: re.Match[str], context: Context) -> Moment | None:
    """A day that comes again every year (每年6月底前): no window."""
    again = context.yearly and not found["y"]
    if again or (found["y"] and re.match(r"次年|翌年|当年", found["y"])):
        return moment_of(found, TaskKind.RECURRING, None, None, "yearly")
    before = _YEARLY.search(context.text, max(0, found.start() - 4), found.start())
    if before and not found["y"]:
        return replace(
            moment_of(found, TaskKind.RECURRING, None, None, "yearly"), start=before.start()
        )
    return None


_YEARLY = Pattern(r"(?:每一?年|历年)的?[ \t]?$")


def dated(
    found: re.Match[str], first: date | None, last: date | None, context: Context, rule: str
) -> Moment | None:
    """A deadline or a day, marked when it is past."""
    named = bool(found.groupdict().get("y"))
    return _settle(
        moment_of(found, TaskKind.DATED, first, last, rule),
        context,
        named_year=named or bool(context.year),
    )


def period(
    found: re.Match[str], first: date, last: date, context: Context, rule: str
) -> Moment | None:
    """A period, which binds only in a sentence that looks ahead; marked when it is past."""
    moment = replace(moment_of(found, TaskKind.PERIOD, first, last, rule), plain=True)
    named = bool(found.groupdict().get("y"))
    return _settle(moment, context, named_year=named or bool(context.year))


# ---- the forms -----------------------------------------------------------------------------


def read_days(found: re.Match[str], context: Context) -> Moment | None:
    """6月1日至8月31日."""
    year = year_of(found["y"], context)
    if year is None:
        return None
    m1, d1 = number_of(found["m"]), number_of(found["d"])
    m2, d2 = number_of(found["m2"]) or m1, number_of(found["d2"])
    crossing = (m2, d2) < (m1, d1)
    last_year = (year_of(found["y2"], context) or year) if found["y2"] else year + crossing
    first = on(year if found["y"] else last_year - crossing, m1, d1)
    last = on(last_year, m2, d2)
    if not first or not last or first > last:
        return None
    return _every_year(found, context) or dated(found, first, last, context, "printed")


def read_months(found: re.Match[str], context: Context) -> Moment | None:
    """7—9月."""
    year = year_of(found["y"], context)
    m1, m2 = number_of(found["m"]), number_of(found["m2"])
    if year is None or not m1 or not m2:
        return None
    last_year = (year_of(found["y2"], context) or year) if found["y2"] else year + (m2 < m1)
    first = date(year if found["y"] else last_year - (m2 < m1), m1, 1)
    last = month_end(last_year, m2)
    if first > last or (found["and"] and m2 != m1 + 1):
        return None
    again = _every_year(found, context)
    if again:
        return again
    if found["part"]:
        return dated(found, first, last, context, "last_day")
    return period(found, first, last, context, "printed")


def read_years(found: re.Match[str], context: Context) -> Moment | None:
    """2024—2027年."""
    first, last = year_of(found["a"] + "年", context) or 0, year_of(found["b"] + "年", context) or 0
    if not 1900 < first < last < 2200:  # noqa: PLR2004
        return None
    return period(found, date(first, 1, 1), date(last, 12, 31), context, "printed")


def read_day(found: re.Match[str], context: Context) -> Moment | None:
    """6月30日前, 12月4日."""
    year = year_of(found["y"], context)
    again = _every_year(found, context)
    if again:
        return again
    day = on(year, number_of(found["m"]), number_of(found["d"])) if year else None
    if day is None:
        return None
    end = found["end"] or ""
    if found["to"] or end.endswith(("前", "止")):
        return dated(found, None, day, context, "included")
    if end in ("起", "后", "以后", "之后", "开始"):
        return dated(found, day, None, context, "since")
    return dated(found, day, day, context, "printed")


PARTS = {
    "上旬": (1, 10),
    "初": (1, 10),
    "中旬": (11, 20),
    "中": (1, 20),
    "下旬": (21, 0),
    "底": (1, 0),
    "末": (1, 0),
}


def read_month(found: re.Match[str], context: Context) -> Moment | None:
    """6月底前, 9月, 10月中旬."""
    again = _every_year(found, context)
    year, month = year_of(found["y"], context), number_of(found["m"])
    if again or year is None:
        return again
    part, before = found["part"] or "", found["end"] or ("到" if found["to"] else "")
    first, named = date(year, month, 1), bool(part or before or found["y"])
    if before.endswith("前") and not part:
        return dated(found, None, first - DAY, context, "excluded")
    begin, ends = PARTS.get(part, (1, 0))
    last = date(year, month, ends) if ends else month_end(year, month)
    if before in ("起", "开始"):
        return dated(found, first.replace(day=begin), None, context, "since")
    if part in ("底", "末") or before:
        return dated(found, None, last, context, "last_day")
    if not named and _names_something(found, context):
        return None
    return period(found, first.replace(day=begin), last, context, "calendar")


_BEFORE_MONTH = re.compile(
    r"(?:^|[^一-鿿]|[于在将到至自从年程区道段园厂站馆院校目设作后前并计期])$"
)


def _names_something(found: re.Match[str], context: Context) -> bool:
    """创意十二月: a written month after a noun is part of a name."""
    if found["m"].isdigit():
        return False
    return not _BEFORE_MONTH.search(context.text[max(0, found.start() - 2) : found.start()])


_QUARTERS = {
    "一季度": (1, 3), "二季度": (4, 6), "三季度": (7, 9), "四季度": (10, 12), "上半年": (1, 6),
    "下半年": (7, 12), "前两季度": (1, 6), "前三季度": (1, 9), "半年": (1, 6),
}  # fmt: skip


def read_quarter(found: re.Match[str], context: Context) -> Moment | None:
    """下半年, 第三季度, 一季度末."""
    again = _every_year(found, context)
    if again:
        return again
    year = year_of(found["y"], context)
    word = found["q"].removeprefix("第").replace("个", "").replace(" ", "")
    word = word.translate(str.maketrans("1234", "一二三四"))
    if year is None or word not in _QUARTERS:
        return None
    m1, m2 = _QUARTERS[word]
    last = month_end(year, m2)
    end = found["end"] or ("到" if found["to"] else "")
    if end in ("前", "之前", "以前"):
        return dated(found, None, date(year, m1, 1) - DAY, context, "excluded")
    if end:
        return dated(found, None, last, context, "last_day")
    return period(found, date(year, m1, 1), last, context, "calendar")


def read_year_end(found: re.Match[str], context: Context) -> Moment | None:
    """年底前, 2025年底, 今年年底, 年内."""
    again = _every_year(found, context)
    if again:
        return again
    year = year_of(found["y"], context)
    if year is None:
        return None
    moment = dated(found, None, date(year, 12, 31), context, "year_end")
    bare = found.group() == "年末"  # in statistics a state, not a deadline
    return replace(moment, plain=True) if moment and bare else moment


def read_year(found: re.Match[str], context: Context) -> Moment | None:
    """2030年前, 到2025年, 今年."""
    year = year_of(found["y"], context)
    if year is None:
        return None
    first, last = date(year, 1, 1), date(year, 12, 31)
    if (found["end"] or "").endswith("前"):
        return dated(found, None, first - DAY, context, "excluded")
    if found["to"] or context.listed:
        return dated(found, None, last, context, "year_end")
    return period(found, first, last, context, "calendar")


def read_since_year(found: re.Match[str], context: Context) -> Moment | None:
    """从2026年起: a start to come; what has begun by the issue sets no time any more."""
    year, base = year_of(found["y"], context), context.anchor.day
    if year is None or base is None or year <= base.year:
        return None
    return dated(found, date(year, 1, 1), None, context, "since")
