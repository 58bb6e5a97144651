"""English time expressions, as memoranda, statutes and translated reports have them (folded: lower case).

``until`` excludes nothing, ``before`` excludes the day, month or year it names. A fiscal year is the
calendar's unless the anchor says that it ends earlier (``Anchor.year_ends``).
"""

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
    "twenty": 20, "eighteen": 18, "twenty-four": 24, "twenty-one": 21, "fourteen": 14,
}  # fmt: skip
PLAN_NAMES = {"tenth": 2001, "10th": 2001, "eleventh": 2006, "11th": 2006, "twelfth": 2011, "12th": 2011,
              "thirteenth": 2016, "13th": 2016, "fourteenth": 2021, "14th": 2021, "fifteenth": 2026, "15th": 2026}  # fmt: skip
_PARTS = {
    "first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4,
    "q1": 1, "q2": 2, "q3": 3, "q4": 4, "last": 4, "final": 4,
}  # fmt: skip

_MONTH = "|".join((*MONTHS, "jan", "feb", "aug", "sept?", "oct", "nov", "dec"))
_COUNT = rf"(?:\d{{1,3}}|{'|'.join(sorted(WORDS, key=len, reverse=True))})"
_UNIT = r"(?:calendar |business |working )?(?:days?|weeks?|months?|years?|hours?)"
_EVENT = r"(?: (?:of|after|from|following) (?:[^.,;:)]{0,50}? of (?:this|the) (?:final )?[a-z]+|[^.,;:)]{1,50}?(?=[.,;:)]|$)))?"
_YEAR = r"(?:19|20)\d\d(?!\d)"
_DAY = (
    rf"(?:(?P<m>{_MONTH})\.? (?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?:,? ?(?P<y>{_YEAR}))?(?!\d)"
    rf"|(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?(?: day)?(?: of)? (?P<m2>{_MONTH})(?:\.?,? ?(?P<y2>{_YEAR}))?(?!\d)"
    rf"|(?P<y3>{_YEAR})-(?P<m3>\d\d)-(?P<d3>\d\d)(?!\d))"
)
_OF_YEAR = rf"(?P<fy>fiscal year |financial year |fy ?)?(?:\(fy\) ?)?(?P<year>{_YEAR}|(?<=fy)\d\d(?!\d)|(?<=fy )\d\d(?!\d)|(?:this|the (?:current|same)|the|next|the (?:next|following|coming)) (?:calendar |fiscal )?year)"
_SPAN = (
    rf"(?:(?P<end>(?:the )?(?:very )?(?:end|close) of |(?:the )?(?:start|beginning|middle) of |mid-|early |late )?(?:the )?"
    rf"(?:(?P<part>{'|'.join(_PARTS)})(?: (?P<half>half|quarter))?(?: of|,)? (?:the )?)?"
    rf"(?:(?P<m>{_MONTH})\.?(?: of)?,? )?{_OF_YEAR}|year-end (?P<year2>{_YEAR})|(?P<ye>year-?end))"
)
_BEFORE = "by|before|no later than|not later than|on or before|prior to|until|till|through|up to"
_BY = rf"(?P<by>{_BEFORE}|to(?= the end of))"


def _number(written: str) -> int:
    return int(written) if written.isdigit() else WORDS[written]


def _month_of(written: str) -> int:
    return 1 + next(i for i, name in enumerate(MONTHS) if name.startswith(written[:3]))


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


# ---- terms ---------------------------------------------------------------------------------

_ISSUED = re.compile(
    r"(?:issuance|publication|release|date|issue|signature|approval) (?:date )?of (?:this|the) (?:[a-z]+ )?(?:report|memorandum|policy|order|circular|notice|document|plan|directive)"
    r"|(?:of|after|from|following) this (?:report|memorandum|policy|order|circular|notice|document|plan|directive)"
)


def read_within(found: re.Match[str], context: reckoning.Context) -> Moment | None:
    """Within 60 days of the issuance of this report: dated from the issue, else relative."""
    tail = context.text[found.start() : found.end() + 60]
    base = context.anchor.day
    if not base or not context.anchor.exact or not _ISSUED.search(tail):
        return Moment(found.start(), found.end(), TaskKind.RELATIVE, rule="event")
    count, unit = _number(found["n"]), found["u"].split()[-1].rstrip("s")
    if unit in ("month", "year"):
        last = add_months(base, count * (12 if unit == "year" else 1))
    else:
        last = base + timedelta(days=count * (7 if unit == "week" else 1))
    return _moment(found, base, last, context.anchor, f"issue day={base.isoformat()}")


def read_again(found: re.Match[str], context: reckoning.Context) -> Moment | None:  # noqa: ARG001 -- a reader's signature
    """Annually by April 30, by the 15th of each month: it comes again."""
    return Moment(found.start(), found.end(), TaskKind.RECURRING, rule="yearly")


def read_after(found: re.Match[str], context: reckoning.Context) -> Moment | None:
    """30 days after the final rule: counted from an event."""
    if not re.search(r"\b(?:shall|must|will|should)\b", context.text):
        return None
    return Moment(found.start(), found.end(), TaskKind.RELATIVE, rule="event")


# ---- days and spans ------------------------------------------------------------------------


def _day_of(found: re.Match[str], anchor: Anchor) -> date | None:
    year, month, day = (found[k] or found[f"{k}2"] or found[f"{k}3"] for k in "ymd")
    if not year and not anchor.day:
        return None
    number = int(month) if month.isdigit() else _month_of(month)
    if year or anchor.day is None:
        return _on(int(year), number, int(day))
    this = _on(anchor.day.year, number, int(day))
    return reckoning.same_day_next_year(this) if this and anchor.is_past(this) else this


def read_day(found: re.Match[str], context: reckoning.Context) -> Moment | None:
    """By June 30, 2018; before 1 July 2024; on 1 January 2025; from 1 May 2025."""
    day, word = _day_of(found, context.anchor), found["how"]
    if day is None or _EFFECT.search(context.text, max(0, found.start() - 60), found.start()):
        return None
    if word in ("before", "prior to"):
        return _moment(found, None, day - timedelta(days=1), context.anchor, "excluded")
    if word in ("on", "on the"):
        return _moment(found, day, day, context.anchor, "printed")
    if word.startswith(_FROM):
        moment = _moment(found, day, None, context.anchor, "since")
        return replace(moment, past=context.anchor.is_past(day))
    return _moment(found, None, day, context.anchor, "included")


_FROM = ("from", "start", "begin", "effective", "commenc", "as of", "with effect", "on or after")
_EFFECT = re.compile(
    r"(?:come|comes|coming|came|enter|enters) into (?:operation|force|effect) |takes? effect |(?:issued|dated|signed|published|passed|enacted) "
)


def _year_of(found: re.Match[str], anchor: Anchor) -> int | None:
    written = found["year"] or found["year2"] or "this"
    if written[:2].isdigit():
        return int(written) + (2000 if len(written) == 2 else 0)  # noqa: PLR2004 -- fy18
    if anchor.day is None:
        return None
    return anchor.day.year + bool(re.search(r"next|following|coming", written))


def _window(found: re.Match[str], anchor: Anchor) -> tuple[date, date] | None:
    year = _year_of(found, anchor)
    if year is None:
        return None
    ends = anchor.year_ends if found["fy"] or "fiscal" in (found["year"] or "") else 12
    if found["m"]:
        number = _month_of(found["m"])
        return date(year, number, 1), month_end(year, number)
    last = month_end(year, ends)
    first = add_months(date(year, ends, 1), -11)
    if not found["part"]:
        return first, last
    if not found["half"] and not found["part"].startswith("q"):
        return None
    months = 6 if found["half"] == "half" else 3
    first = add_months(first, months * (min(_PARTS[found["part"]], 12 // months) - 1))
    closing = add_months(first, months - 1)
    return first, month_end(closing.year, closing.month)


def _month_ahead(found: re.Match[str], anchor: Anchor) -> tuple[date, date] | None:
    """By June: of this year, else of the next."""
    if anchor.day is None:
        return None
    number = _month_of(found["m0"])
    year = anchor.day.year + anchor.is_past(month_end(anchor.day.year, number))
    return date(year, number, 1), month_end(year, number)


def read_by(found: re.Match[str], context: reckoning.Context) -> Moment | None:
    """By the end of 2015, by 2020, before 2030, by the third quarter of next year, by mid-2025."""
    window = _month_ahead(found, context.anchor) if found["m0"] else _window(found, context.anchor)
    if window is None:
        return None
    first, last = window
    end = found["end"] or ""
    if found["by"] in ("through", "up to") and not (end or found["m"] or found["m0"]):
        return None  # through the FY2015 process
    if end.startswith("early"):
        return Moment(found.start(), found.end(), TaskKind.VAGUE, rule="undated")
    if re.match(r"mid|(?:the )?middle", end):
        middle = add_months(
            first, (last.year * 12 + last.month - first.year * 12 - first.month) // 2
        )
        return _moment(found, None, month_end(middle.year, middle.month), context.anchor, "middle")
    opening = "start" in end or "beginning" in end
    if opening or (found["by"] in ("before", "prior to") and not end):
        return _moment(found, None, first - timedelta(days=1), context.anchor, "excluded")
    return _moment(found, None, last, context.anchor, "last_day")


def read_in(found: re.Match[str], context: reckoning.Context) -> Moment | None:
    """In 2013, in June 2025, in the first half of 2025, this year, next fiscal year."""
    window = _window(found, context.anchor)
    if window is None or found["end"]:
        return None
    moment = _moment(found, *window, context.anchor, "calendar")
    return replace(moment, kind=TaskKind.PERIOD, plain=True)


def read_this(found: re.Match[str], context: reckoning.Context) -> Moment | None:
    """Of the words this year, next year; this year and next."""
    base = context.anchor.day
    if base is None:
        return None
    first = base.year + (found["r"] == "next")
    last = first + bool(found["too"])
    moment = _moment(found, date(first, 1, 1), date(last, 12, 31), context.anchor, "calendar")
    return replace(moment, kind=TaskKind.PERIOD, plain=True)


def read_years(found: re.Match[str], context: reckoning.Context) -> Moment | None:
    """From 2021 to 2025, in 2021–2025."""
    first, last = int(found["a"]), int(found["b"])
    if first >= last:
        return None
    moment = _moment(found, date(first, 1, 1), date(last, 12, 31), context.anchor, "printed")
    return replace(moment, kind=TaskKind.PERIOD, plain=True)


def read_next(found: re.Match[str], context: reckoning.Context) -> Moment | None:  # noqa: ARG001 -- a reader's signature
    """Over the next five years: a period whose ends are not printed."""
    return Moment(found.start(), found.end(), TaskKind.PERIOD, rule="open", plain=True)


def read_plan(found: re.Match[str], context: reckoning.Context) -> Moment | None:
    """During the 12th Five-Year Plan period."""
    start = PLAN_NAMES[found["p"] or found["q"]]
    rule = "plan_years"
    first = None if found["end"] else date(start, 1, 1)
    moment = _moment(found, first, date(start + 4, 12, 31), context.anchor, rule)
    return replace(moment, kind=TaskKind.PERIOD, plain=True)


_HOW = (
    rf"(?P<how>{_BEFORE}|on or after|on the|on|from|starting(?: on| from)?|beginning(?: on)?|effective(?: from)?"
    r"|commencing(?: on)?|(?<!was )(?<!were )due(?: on| by)?|as of|with effect from)"
)

_MONTH_DAY = rf"(?:(?:{_MONTH})\.? \d{{1,2}}(?:st|nd|rd|th)?|\d{{1,2}}(?:st|nd|rd|th)? (?:day )?(?:of )?(?:{_MONTH})|the (?:\d{{1,2}}(?:st|nd|rd|th)|first|last)(?: (?:business |working )?day)? of)(?!,? \d)"
_EACH = r"(?:each|every) (?:fiscal |calendar )?(?:year|quarter|month)"

FORMS: tuple[tuple[str, str, reckoning.Reader], ...] = (
    ("en_yearly", rf"\b(?:(?:annually|{_EACH}),? (?:{_BEFORE}|on) {_MONTH_DAY}|(?:{_BEFORE}|on) {_MONTH_DAY},? (?:of |in )?(?:{_EACH}|annually|the (?:following |next )?year\b)|each (?:{_MONTH})\b(?: \d{{1,2}}(?:st|nd|rd|th)?)?(?: on an annual basis)?)", read_again),
    ("en_within", rf"\b(?:within|no later than|not later than|no more than|in (?:no|not) more than|at the latest)(?: the)?(?: next)? (?P<n>{_COUNT})(?: \(\d+\))? (?P<u>{_UNIT})\b{_EVENT}", read_within),
    ("en_after", rf"(?<!than )\b(?P<n>{_COUNT})(?: \(\d+\))? (?P<u>{_UNIT}) (?:after|before|prior to|in advance of|ahead of|following)\b", read_after),
    ("en_day", rf"\b{_HOW}(?: the)? (?:(?:close|end) of business(?: on)? |midnight(?: on)? )?{_DAY}", read_day),
    ("en_years", rf"\b(?:from|in|during|over|for|between) (?:the period )?(?:of )?(?P<a>{_YEAR}) ?(?:-|–|—|to|through|and|until) ?(?P<b>{_YEAR})", read_years),
    ("en_by", rf"\b{_BY} (?:{_SPAN}|(?:the end of )?(?P<m0>{_MONTH})\b(?! \d))", read_by),
    ("en_plan", rf"\b(?:(?:during|over|throughout) (?:the period (?:of|covered by) )?the (?P<p>{'|'.join(PLAN_NAMES)}) five-year plan(?: period)?|(?P<end>by the end of )?(?:in |for )?the (?P<q>{'|'.join(PLAN_NAMES)}) five-year plan period)", read_plan),
    ("en_in", rf"\b(?:in|during|throughout|within) (?!the year\b|the fiscal year\b){_SPAN}(?!['’]s|-| (?:winter|summer|olympic|paralympic|asian|world|session|edition|version|report))", read_in),
    ("en_this", r"\b(?P<r>this|next) year(?P<too> and next(?: year)?)?(?!['’]s|-)", read_this),
    ("en_next", rf"\b(?:over|in|during|for) the (?:next|coming) {_COUNT}(?:[ -](?:or|to) {_COUNT})? years?\b(?!-)", read_next),
)  # fmt: skip
"""The English forms, read like those of ``digests.dating``."""
