"""The nouns of time: what a document's days are counted from, and what an expression comes to."""

import calendar
import re
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, timedelta

from digests.dating.seasons import home, region_in
from digests.patterns import Pattern
from digests.report import Report, TaskKind

DAY = timedelta(days=1)

PLANS = {
    "一五": 1953, "二五": 1958, "三五": 1966, "四五": 1971, "五五": 1976, "六五": 1981, "七五": 1986,
    "八五": 1991, "九五": 1996, "十五": 2001, "十一五": 2006, "十二五": 2011, "十三五": 2016,
    "十四五": 2021, "十五五": 2026, "十六五": 2031,
}  # fmt: skip
"""First years of the five-year plans."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """What time expressions are counted from.

    ``day`` is the issue date; where only the year is known (``exact`` False) a day of that year.
    ``meeting`` is the base of 昨天 and the like. ``minguo`` reads 114年 as 2025. ``statute``:
    terms run from an event; ``perennial``: months and days without a year come again every year; ``year_ends`` is the last month of
    a fiscal year; ``year`` is that of expressions that name none, where it is not the issue's. None as ``day``: nothing is known.
    """

    day: date | None
    exact: bool = True
    meeting: date | None = None
    region: str = ""
    minguo: bool = False
    statute: bool = False
    perennial: bool = False
    year_ends: int = 12
    year: int | None = None

    def is_past(self, last: date) -> bool:
        """Whether a window that ends then was over when the document was issued."""
        if self.day is None:
            return False
        return last < (self.day if self.exact else self.day.replace(day=1))


@dataclass(frozen=True, slots=True)
class Moment:
    """A time expression ``[start, end)`` of a text and what it comes to.

    ``rule`` says how the days were found: a code and its values (feast words=春节前 …), which the pages
    tell in the reader's language. ``plain`` marks a bare year, month or period, which binds only in a sentence that looks ahead;
    ``past`` one that was over before the document was issued.
    """

    start: int
    end: int
    kind: TaskKind
    first: date | None = None
    last: date | None = None
    rule: str = ""
    plain: bool = False
    past: bool = False


def month_end(year: int, month: int) -> date:
    """The last day of a month."""
    return date(year, month, calendar.monthrange(year, month)[1])


def add_months(day: date, count: int) -> date:
    """The same day so many months later, or the month's last.

    >>> add_months(date(2024, 1, 31), 1)
    datetime.date(2024, 2, 29)
    """
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return min(date(year, month + 1, 1) + (day.day - 1) * DAY, month_end(year, month + 1))


# ---- the anchor of a report ---------------------------------------------------------------

_DAY = Pattern(
    r"((?:19|20)\d\d|[一二][〇○零一二三四五六七八九]{3})\s?[年./-]\s?"
    r"(\d{1,2}|[一二三四五六七八九十]{1,3})\s?[月./-]\s?(\d{1,2}|[一二三四五六七八九十]{1,3})(?:\s?日|\b)"
)
_YEAR = Pattern(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
_WORK_REPORT = Pattern(
    r"(?:政府|委员会|院|施政)?\s?工作总?\s?报告|施政總?总?報?报?告|work of the government",
    re.IGNORECASE,
)
_STATUTE = Pattern(r"(?:条例|规定|办法|细则|规则|法|规程)(?:[(（][^)）]*[)）]|[\d._-]|\.\w+$)*\s*$")
_TAIWAN = Pattern(r"[縣國臺灣區鄉鎮計畫議會]")
_HEAD = 600
_NATIONAL = Pattern(r"国务院|全国人民代表大会|national", re.IGNORECASE)


def anchor_of(report: Report) -> Anchor:
    """What a report's time expressions are counted from.

    The issue date; else a full date in the title or the first lines; else the year that the title,
    the file's name or the headings give. A government work report is given in January (the State
    Council's in March) of the year it looks ahead to.
    """
    head = f"{report.title}\n{report.source.name}\n{report.text[:_HEAD]}"
    day = report.issued_on or report.met_on or _written_day(report)
    minguo = len(_TAIWAN.findall(report.text[:4000])) > 15  # noqa: PLR2004 -- simplified text has none of these
    region = region_in(f"{report.title}{report.issuer or ''}{report.source.name}") or home()
    statute = _is_statute(report)
    perennial = statute and not _sets_days(report.text, day)
    year_ends = 9 if _FEDERAL.search(report.text) else 12
    anchor = Anchor(day, True, report.met_on, region, minguo, statute, perennial, year_ends)
    if day:
        return anchor
    year = _written_year(report, head) or (_republican_year(report.text) if minguo else None)
    if year is None:
        return replace(anchor, exact=False)
    wired = _WIRED.search(head)
    if wired:
        return replace(anchor, day=_clamped(year, int(wired.group(1)), int(wired.group(2))))
    month = 3 if _NATIONAL.search(head) else 1
    return replace(anchor, day=_latest(report, anchor, date(year, month, 15)), exact=False)


_FEDERAL = Pattern(r"\b(?:U\.S\.C\.|OMB|Federal (?:agenc|Government|Register)|U\.S\. Code)")
"""The fiscal year of the United States ends in September."""

_THIS_YEAR = Pattern(
    r"(?:今年|明年)[^。，；]{0,12}(?:前|底|完成)|((?:19|20)\d\d)年[^。，；]{0,8}月?(?:\d{1,2}日|底)?前"
)


def _sets_days(text: str, day: date | None) -> bool:
    """Whether a rule names a day of its own year: then its other days belong to that year too."""
    for found in _THIS_YEAR.finditer(text):
        if not found.group(1) or (day and int(found.group(1)) >= day.year):
            return True
    return False


_WIRED = Pattern(r"新华社[一-鿿]{0,6}\s?(\d{1,2})月\s?(\d{1,2})日\s?电")


def _clamped(year: int, month: int, day: int) -> date:
    """A day that a news agency printed without its year."""
    ends = month_end(year, min(max(month, 1), 12))
    return ends.replace(day=min(max(day, 1), ends.day))


_AS_OF = Pattern(r"(?:截至|迄至?|截止)\s?((?:19|20)\d\d|1[01]\d)\s?年\s?(\d{1,2})\s?月")


_REPUBLICAN = Pattern(r"(?<!\d)(1[01]\d)\s?年(?!級)")


def _republican_year(text: str) -> int | None:
    """The year up to which a Taiwanese report tells how things stand, else the year it was given.

    That is the year it names most, or the next one, when what it names is not announced but told.
    """
    stands = [int(found.group(1)) for found in _AS_OF.finditer(text)]
    named = Counter(_REPUBLICAN.findall(text)).most_common(1)
    year = max((y for y in stands if y < 1900), default=0)  # noqa: PLR2004
    if not year and named:
        most, times = named[0]
        announced = len(re.findall(rf"(?:預計|預定|將於|規劃於?)[^\d，。]{{0,4}}{most}\s?年", text))
        year = int(most) + (announced * 5 < times)
    return year + 1911 if year else None


def _latest(report: Report, anchor: Anchor, day: date) -> date:
    """A report that says how things stood at the end of a month was written after it."""
    for found in _AS_OF.finditer(report.text):
        year, month = int(found.group(1)), int(found.group(2))
        year += 1911 if year < 1900 and anchor.minguo else 0  # noqa: PLR2004
        if year == day.year and 1 <= month <= 12:  # noqa: PLR2004
            day = max(day, month_end(year, month) + DAY)
    return day


_LOOKS_AHEAD = Pattern(r"规划|纲要|方案|意见|通知|措施|行动|计划|任务|決定|决定|工作要点|規劃|計畫")


_YEARS = Pattern(r"((?:19|20)\d\d)\s?年?\s?[-—–―~～至到]+\s?((?:19|20)\d\d)\s?年?")


def horizon(report: Report, anchor: Anchor) -> date | None:
    """How long what comes again is recalled; None where no day of issue is known.

    A yearly report rules to the end of its year, a plan to the end of the years in its title, a notice
    for a year: then it is renewed, or somebody asks whether it still holds.
    """
    if anchor.day is None:
        return None
    year_end = date(anchor.day.year, 12, 31)
    if is_work_report(report) or not is_plan(report):
        return year_end
    years = _YEARS.search(report.title)
    if years:
        return max(year_end, date(int(years.group(2)), 12, 31))
    plan = _FIVE_YEARS.search(report.title)
    start = PLANS.get(_ORDINALS.get(plan.group(1) or "", plan.group(2) or "")) if plan else None
    return max(year_end, date(start + 4, 12, 31)) if start else add_months(anchor.day, 12)


def is_plan(report: Report) -> bool:
    """Whether the document as a whole tells what is to be done: a plan, an opinion, a notice."""
    names = f"{report.title}\n{report.source.name}"
    return bool(_LOOKS_AHEAD.search(names)) and not is_statistics(report)


def is_statistics(report: Report) -> bool:
    """Whether the document as a whole tells what was: a statistical communiqué, a commendation."""
    return bool(
        re.search(
            r"统计公报|統計公報|给予表扬|表彰|名单的?公示", f"{report.title}{report.source.name}"
        )
    )


def is_work_report(report: Report) -> bool:
    """Whether the document is a yearly work report, which first looks back and then ahead."""
    return bool(_WORK_REPORT.search(f"{report.title}\n{report.source.name}\n{report.text[:200]}"))


def _is_statute(report: Report) -> bool:
    name = re.sub(r"\.\w+$", "", report.source.name)
    if _STATUTE.search(report.title) or _STATUTE.search(name):
        return True
    articles = sum(1 for s in report.sections if s.label and s.label.endswith("条"))
    return articles > 5  # noqa: PLR2004 -- a plan may quote an article, a statute consists of them


def _number(written: str) -> int:
    from digests.chinese import to_number

    return int(written) if written.isdigit() else to_number(written) or 0


def _day(found: re.Match[str]) -> date | None:
    try:
        return date(*(_number(part) for part in found.groups()))
    except ValueError:
        return None


_MONTHS = (
    "january february march april may june july august september october november december".split()  # noqa: SIM905 -- words in a line
)
_ENGLISH = Pattern(
    rf"\b({'|'.join(_MONTHS)}) (\d{{1,2}}),? ((?:19|20)\d\d)|(\d{{1,2}}) ({'|'.join(_MONTHS)}),? ((?:19|20)\d\d)",
    re.IGNORECASE,
)


_DELIVERED = Pattern(r"\W{0,4}(?:Delivered|Adopted|Presented|Issued|Approved)\b", re.IGNORECASE)


def _english_day(line: str) -> date | None:
    found = _ENGLISH.search(line)
    if not found:
        return None
    month, day, year = found.group(1, 2, 3) if found[1] else found.group(5, 4, 6)
    try:
        return date(int(year), _MONTHS.index(month.lower()) + 1, int(day))
    except ValueError:
        return None


def _written_day(report: Report) -> date | None:
    """A full date in the title, the first lines (not inside a sentence) or the last ones."""
    days = [_day(found) for found in _DAY.finditer(report.title)]
    for line in report.text[:_HEAD].split("\n")[:12]:
        if len(line) < 70 and "。" not in line:  # noqa: PLR2004 -- a line of its own, not a sentence
            days += [_day(found) for found in _DAY.finditer(line)]
            days.append(_english_day(line))
        elif _DELIVERED.match(line):
            days.append(_english_day(line))
    days += [_day(found) for found in _DAY.finditer(report.source.name)]
    if not any(days):
        for line in report.text[-_HEAD:].split("\n"):
            if _DAY.fullmatch(line.strip()):
                days += [_day(found) for found in _DAY.finditer(line)]
    return next((d for d in days if d), None)


def _written_year(report: Report, head: str) -> int | None:
    reviewed = re.search(
        r"((?:19|20)\d\d)\s?年(?:政府)?(?:的?主要)?工作(?:回顾|总结|情况)", report.text
    )
    if reviewed and is_work_report(report):
        return int(reviewed.group(1)) + 1
    for text in (report.title, report.source.name, head):
        plan = _FIVE_YEARS.search(text)
        if plan:
            return PLANS.get(_ORDINALS.get(plan.group(1) or "", plan.group(2) or ""))
        found = _YEAR.search(_FAR.sub("", text))
        if found:
            return int(found.group(1))
    return None


_FAR = Pattern(r"(?:19|20)\d\d\s?年远景|(?:19|20)\d\d\s?年?\s?[-—–―~～至]+\s?(?:19|20)\d\d\s?年?")
_ORDINALS = {
    "八": "八五", "九": "九五", "十": "十五", "十一": "十一五", "十二": "十二五", "十三": "十三五",
    "十四": "十四五", "十五": "十五五", "十六": "十六五",
}  # fmt: skip
_FIVE_YEARS = Pattern(
    r"第([一二三四五六七八九十]{1,2})个五年|[“\"「『]?(十[一二三四五六]?五|[八九]五)[”\"」』]?[^\n]{0,24}(?:规划|计划|纲要)"
)
