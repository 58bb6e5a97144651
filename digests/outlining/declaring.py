"""What a document declares in so many words: “发布日期：…” lines, printed days, the office in its title."""

import re
from collections.abc import Iterable, Iterator
from datetime import date

from digests.chinese import to_number
from digests.patterns import Pattern

_DIGIT = "[〇零○一二三四五六七八九十\\d０-９]"
DAY = rf"{_DIGIT}{{2,4}}\s?年\s?{_DIGIT}{{1,3}}\s?月\s?{_DIGIT}{{1,3}}\s?日"
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?"
    r"|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\.?"
)
_FORMS = (
    Pattern(
        rf"(?P<y>{_DIGIT}{{2,4}})\s?年\s?(?P<m>{_DIGIT}{{1,3}})\s?月\s?(?P<d>{_DIGIT}{{1,3}})\s?日"
    ),
    Pattern(r"(?<!\d)(?P<y>(?:19|20)\d\d)[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})(?!\d)"),
    Pattern(rf"(?P<m>{_MONTH})\s(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,?\s(?P<y>(?:19|20)\d\d)"),
    Pattern(rf"(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\s(?P<m>{_MONTH}),?\s(?P<y>(?:19|20)\d\d)"),
)
_WHOLE = (
    Pattern(r"(?P<y>(?:19|20)\d\d)(?P<m>\d\d)(?P<d>\d\d)"),
    Pattern(r"(?P<y>1\d\d|[5-9]\d)[./-](?P<m>\d{1,2})[./-](?P<d>\d{1,2})"),  # 民國
)
_DAYLIKE = re.compile(r"\d|[〇零○一二三四五六七八九十０-９]\s?年")
_FIELD = Pattern(r"[*_\s]*([一-鿿A-Za-z ]{2,16}?)\s*[*_]*\s*[：:][*_\s]*(\S.{0,150}?)[*_\s]*$")
_NAMES = {
    **dict.fromkeys(("标题", "標題", "法規名稱", "法规名称", "文件名称", "名称", "subject"), "title"),
    **dict.fromkeys(
        ("成文日期", "发文日期", "發文日期", "印发日期", "公布日期", "发布日期", "發布日期", "发布时间", "修正日期", "日期",
         "effective date", "date", "date signed"), "date"),
    **dict.fromkeys(("发文机关", "发文机构", "发文单位", "发布机构", "发布单位", "制定机关", "發文機關", "来源", "來源"), "authors"),
    **dict.fromkeys(("发文字号", "文号", "發文字號", "文號"), "number"),
}  # fmt: skip
_OFFICE = r"(?:人民政府|国务院|國務院|行政院|中共中央|中央|办公厅|办公室|委员会|委員會|政府|常务委员会|[部委局厅署院])"
_IS_OFFICE = Pattern(rf"(?:{_OFFICE}|总局|中心|法院|检察院|会议|大会|小组|会)$")
_BY_TITLE = Pattern(
    rf"((?:[一-鿿]{{0,20}}?{_OFFICE})(?:[、 ][一-鿿]{{2,20}}?{_OFFICE}){{0,3}})\s?(?:关于|關於|印发|转发|施政總?報告|(?<=人民政府)工作报告|向(?=党|中国|全国|第|大会))"
)
_DECREE = Pattern(
    r"(?:中华人民共和国)?((?:(?!中华)[一-鿿]){0,12}?(?:国务院|人民政府|部|委员会|局|署))令\s?[（(]?第"
)
_PROCLAIMED = Pattern(
    rf"({DAY})(?:(?:(?!通过)[^，。；）)\n]){{0,40}}?(?:公布|发布|颁布)|[^，。；）)\n]{{0,90}}?(?:修订|修正))"
)
_LETTERHEAD = Pattern(
    r"(?:THE )?[A-Z .,&'-]*\b(?:OFFICE|DEPARTMENT|MINISTRY|CITY|STATE|COUNCIL|COMMISSION|AGENCY|ADMINISTRATION|BUREAU|BOARD) OF [A-Z .,&'-]{3,50}$"
)
_LONGEST_FIELD = 180


def fields(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The fields among some lines, by what they mean: title, date, authors, number."""
    for line in lines:
        found = _FIELD.match(line) if len(line) <= _LONGEST_FIELD else None
        name = _NAMES.get(found.group(1).strip().lower()) if found else None
        if found and name and (name != "authors" or is_office(found.group(2))):
            yield name, found.group(2)


def is_office(name: str) -> bool:
    """Whether a name is an office's: neither a newspaper nor a speaker issues a document."""
    return _IS_OFFICE.search(name.strip()) is not None


def day_in(words: str) -> date | None:
    """The first day that is printed in some words, in whatever way.

    >>> day_in("[5th March, 2024]"), day_in("中華民國114年9月19日")
    (datetime.date(2024, 3, 5), datetime.date(2025, 9, 19))
    """
    hits = [found for form in _FORMS if (found := form.search(words))]
    return _day(min(hits, key=lambda found: found.start())) if hits else None


def leading_day(words: str) -> date | None:
    """The day with which some words begin, in English."""
    found = next((hit for form in _FORMS[2:] if (hit := form.match(words))), None)
    return _day(found) if found else None


def whole_day(words: str) -> date | None:
    """The day that some words are, and nothing else."""
    if not _DAYLIKE.search(words):
        return None
    bare = words.strip(" \t\u3000[]()（）*_.。")
    for form in (*_FORMS, *_WHOLE):
        found = form.match(bare)
        if found and found.end() == len(bare):
            return _day(found)
    return None


def proclaimed(front: str) -> date | None:
    """When a statute was made public or amended last, as its head says besides when it was passed."""
    days = [day_in(found.group(1)) for found in _PROCLAIMED.finditer(front)]
    return max((day for day in days if day), default=None)


def office(title: str, front: str) -> str | None:
    """The office that a title, a decree or a letterhead names."""
    found = _BY_TITLE.match(title) or _DECREE.search(front)
    if found:
        return found.group(1).removeprefix("日")
    for line in front.split("\n", 4)[:4]:
        if _LETTERHEAD.match(line.strip()):
            return line.strip(" ,")
    return None


def _day(found: re.Match[str]) -> date | None:
    year, month, day = (found.group(name) for name in "ymd")
    named = month[:3].lower()
    numbers = [
        to_number(year),
        _MONTHS.index(named) + 1 if named in _MONTHS else to_number(month),
        to_number(day),
    ]
    return calendar_day(*numbers)


def calendar_day(year: int | None, month: int | None, day: int | None) -> date | None:
    """A day of the calendar; 民國 years count from 1911; None where there is none such."""
    if year is None or month is None or day is None:
        return None
    if 50 < year < 200:  # noqa: PLR2004 -- 民國
        year += 1911
    if not 1900 <= year < 2200:  # noqa: PLR2004 -- a year cut short, or misread
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None
