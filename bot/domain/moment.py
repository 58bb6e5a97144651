"""A time as people write it -> an instant, or a recurrence.

明天8点半 · 下周一 9:00 · 7月21日上午8时 · 两小时后 · 每周一三五 8:00 · 每月5日 9点 ·
每个工作日 8:30 · 2020-07-21 08:30 · tomorrow 8:30 · in 2 hours · every mon, wed 8:00. A time
without a day is the next such time; a day without a time is refused, never guessed.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.broadcast import Every, Recurrence
from bot.domain.subscription import resolve
from bot.errors import RefusedError


@dataclass(frozen=True, slots=True)
class When:
    """The first (or only) time, and how it goes on; ``weekday`` is what stood beside a date."""

    at: datetime
    recurrence: Recurrence | None = None
    weekday: int | None = None


class TimeUnclearError(RefusedError):
    """The words do not name a time."""


_DIGITS = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5}
_DIGITS |= {"六": 6, "七": 7, "八": 8, "九": 9}
_N = r"(\d{1,2}|[零〇一二两三四五六七八九十]{1,3})"
_WEEKDAYS = {"一": 0, "二": 1, "三": 2, "四": 3, "五": 4, "六": 5, "日": 6, "天": 6, "末": 5}
_ENGLISH_DAYS = {"mon": 0, "tue": 1, "wed": 2, "thu": 3, "fri": 4, "sat": 5, "sun": 6}
_WORDS = {"今天": 0, "今日": 0, "今晚": 0, "明天": 1, "明日": 1, "明早": 1, "明晚": 1, "后天": 2}
_WORDS |= {"大后天": 3, "today": 0, "tonight": 0, "tomorrow": 1}
_WORDS |= {
    "昨天": -1,
    "昨日": -1,
    "昨晚": -1,
    "前天": -2,
    "yesterday": -1,
}  # told that it has passed
_FOLD = str.maketrans(
    "０１２３４５６７８９：，。　－后後週周點點時鐘鍾兩個從",
    "0123456789:,. -后后周周点点时钟钟两个从",
)
_TRADITIONAL = {"大後天": "大后天", "後天": "后天", "每個": "每个", "小時": "小时", "分鐘": "分钟"}

_CLOCK = re.compile(
    rf"(?P<part>凌晨|清晨|早上|早晨|早|上午|中午|下午|傍晚|晚上|夜里|晚)?\s*"
    rf"(?:{_N.replace('(', '(?P<hour>', 1)}\s*(?:[:点时])\s*"
    rf"(?:(?P<half>半)|(?P<quarter>[一三1-3])刻|{_N.replace('(', '(?P<minute>', 1)}\s*分?|钟|整)?)"
    r"\s*(?P<ampm>am|pm)?"
)
_NOW = {"现在", "立即", "马上", "立刻", "now", "at once", "immediately"}


def parse_time(text: str, now: datetime, zone: str) -> When:
    """Words -> when, seen from ``now`` in a zone; a past time is *returned*, not repaired.

    >>> from datetime import UTC, datetime
    >>> now = datetime(2020, 7, 20, 1, 12, tzinfo=UTC)  # 9:12 in Beijing, a Monday
    >>> print(parse_time("明天8点半", now, "Asia/Shanghai").at)
    2020-07-21 00:30:00+00:00
    >>> print(parse_time("下周一 9:00", now, "Asia/Shanghai").at)
    2020-07-27 01:00:00+00:00
    """
    words = _folded(text)
    local = now.astimezone(ZoneInfo(zone))
    if words in _NOW:
        return When(now)
    for reader in (_iso, _later, _recurring, _dated, _today):
        when = reader(words, local, zone)
        if when is not None:
            return when
    raise TimeUnclearError("I could not read that time.")


_DAY = re.compile(
    r"(?:(?P<year>\d{4})\s*[-年./]\s*)?(?P<month>\d{1,2})\s*[-月./]\s*(?P<day>\d{1,2})\s*[日号]?"
)


def parse_day(text: str, today: date) -> date:
    """A day as people write it; without a year the next such day.

    >>> parse_day("2020年7月17日", date(2020, 7, 20)), parse_day("8.1", date(2020, 7, 20))
    (datetime.date(2020, 7, 17), datetime.date(2020, 8, 1))
    """
    found = _DAY.fullmatch(_folded(text).replace("號", "号"))
    if found is None:
        raise TimeUnclearError("Please write the date like 2020-07-17.")
    year = int(found["year"] or today.year)
    try:
        day = date(year, int(found["month"]), int(found["day"]))
        return day if found["year"] or day >= today else day.replace(year=year + 1)
    except ValueError:
        raise TimeUnclearError("There is no such day.") from None


_SPAN = re.compile(
    rf"{_N}\s*(?:(?P<days>天|日|days?)|(?P<weeks>个?周|weeks?)|(?P<months>个?月|months?))",
    re.IGNORECASE,
)


def parse_span(text: str, today: date) -> date | None:
    """How long something lasts -> the first day after it; None where the words name no length.

    >>> parse_span("3天", date(2020, 7, 20)), parse_span("两周", date(2020, 7, 20))
    (datetime.date(2020, 7, 23), datetime.date(2020, 8, 3))
    """
    found = _SPAN.fullmatch(_folded(text))
    if found is None:
        return None
    length = 1 if found["days"] else 7 if found["weeks"] else 30
    return today + timedelta(days=_number(found[1]) * length)


def _folded(text: str) -> str:
    for old, new in _TRADITIONAL.items():
        text = text.replace(old, new)
    return " ".join(
        text.translate(_FOLD).replace("星期", "周").replace("礼拜", "周").lower().split()
    )


def _number(word: str) -> int:
    if word.isdigit():
        return int(word)
    tens, ten, ones = word.rpartition("十")
    if not ten:
        return int("".join(str(_DIGITS[c]) for c in word))
    return (_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0)


def _iso(words: str, _local: datetime, zone: str) -> When | None:
    if not re.match(r"\d{4}-\d\d?-\d\d?[ t]", words):
        return None
    try:
        moment = datetime.fromisoformat(words.upper())
    except ValueError:
        return None
    if moment.tzinfo is None:
        return When(resolve(moment.date(), moment.time(), zone))
    return When(moment.astimezone(UTC))


_LATER = re.compile(
    rf"(?:过|in )?\s*{_N}?\s*(?P<half>半)?\s*个?\s*(?P<half2>半)?"
    r"(?P<unit>小时|钟头|分钟|分|天|hours?|minutes?|min|h|days?)(?P<half3>半)?\s*(?P<after>之?后|以后)?"
)


def _later(words: str, local: datetime, _zone: str) -> When | None:
    found = _LATER.fullmatch(words)
    if not found or not (found["after"] or words.startswith(("in ", "过"))):
        return None
    half = bool(found["half"] or found["half2"] or found["half3"])
    if not found[1] and not half:
        return None
    count = (_number(found[1]) if found[1] else 0) + (0.5 if half else 0)
    unit = found["unit"]
    hours = 1.0 if unit[0] in "小钟h" else 24.0 if unit[0] in "天d" else 1 / 60
    return When((local + timedelta(hours=count * hours)).astimezone(UTC))


def _recurring(words: str, local: datetime, zone: str) -> When | None:
    found = re.match(
        r"(?:每|every ?)(?:个|逢)?\s*(?P<workday>工作日|workdays?|weekdays?)"
        r"|(?:每|逢)周(?P<week>[一二三四五六日天、,和及至到\- ]+)"
        r"|every (?P<names>(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*[, and]*)+)"
        rf"|(?:每|逢)个?月(?P<month>(?:{_N}(?:日|号)?[、,和及 ]*)+)(?<=[日号])"
        r"|(?:on )?(?:the )?days? (?P<days>\d{1,2}(?:[, and]+\d{1,2})*) of (?:every|each) month"
        r"|(?P<day>每天|每日|every ?day|daily)",
        words,
    )
    if found is None:
        return None
    at = _wall(words[found.end() :])
    every, days = _pattern(found)
    recurrence = Recurrence(every, at, zone, days)
    return When(recurrence.next_after(local), recurrence)


def _pattern(found: re.Match[str]) -> tuple[Every, tuple[int, ...]]:
    if found["workday"]:
        return Every.WORKDAY, ()
    if found["day"]:
        return Every.DAY, ()
    if found["names"]:
        names = re.findall(r"mon|tue|wed|thu|fri|sat|sun", found["names"])
        return Every.WEEK, tuple(sorted({_ENGLISH_DAYS[name] for name in names}))
    if found["week"]:
        return Every.WEEK, _weekdays(found["week"])
    days = {_number(word) for word in re.findall(_N, found["month"] or found["days"])}
    if not days <= set(range(1, 32)):
        raise TimeUnclearError("I could not read that time.")
    return Every.MONTH, tuple(sorted(days))


def _weekdays(text: str) -> tuple[int, ...]:
    span = re.fullmatch(r"\s*([一二三四五六日天])\s*[至到-]\s*(?:周)?([一二三四五六日天])\s*", text)
    if span:
        first, last = _WEEKDAYS[span[1]], _WEEKDAYS[span[2]]
        return tuple(range(first, last + 1)) if first <= last else (last, first)
    return tuple(sorted({_WEEKDAYS[c] for c in text if c in _WEEKDAYS}))


_DATE = re.compile(
    rf"(?:(?:(?P<year>\d{{4}})[年/.-])?{_N.replace('(', '(?P<month>', 1)}[月/.-]"
    rf"{_N.replace('(', '(?P<dom>', 1)}[日号]?"
    rf"|{_N.replace('(', '(?P<only>', 1)}[日号])"
)
_BESIDE = re.compile(r"\s*[(（]?\s*周([一二三四五六日天])\s*[)）]?\s*")
_WEEK = re.compile(r"(?P<next>(?:下个?)*|上个?)(?:本|这个?)?周(?P<weekday>[一二三四五六日天末])")
_ENGLISH_WEEK = re.compile(r"(?P<next>next )?(?P<name>mon|tue|wed|thu|fri|sat|sun)[a-z]*,?")


def _dated(words: str, local: datetime, zone: str) -> When | None:
    today = local.date()
    read = _named_day(words, today) or _week_day(words, today) or _month_day(words, today)
    weekday = None
    if read is None:
        read = _calendar_day(words, local.date())
        if read is None:
            return None
        beside = _BESIDE.match(words, read[1])
        if beside:
            weekday, read = _WEEKDAYS[beside[1]], (read[0], beside.end())
    day, end = read
    return When(resolve(day, _wall(words[end:]), zone), weekday=weekday)


def _named_day(words: str, today: date) -> tuple[date, int] | None:
    for word, ahead in sorted(_WORDS.items(), key=lambda item: -len(item[0])):
        if words.startswith(word):
            # 今晚, 明早 say the part of the day too
            end = len(word) - 1 if word[-1] in "早晚" else len(word)
            return today + timedelta(days=ahead), end
    return None


def _week_day(words: str, today: date) -> tuple[date, int] | None:
    monday = today - timedelta(days=today.weekday())
    found = _WEEK.match(words)
    if found:
        weeks = found["next"].count("下") - found["next"].count("上")
        day = monday + timedelta(weeks=weeks, days=_WEEKDAYS[found["weekday"]])
        return day, found.end()
    found = _ENGLISH_WEEK.match(words)
    if found:
        ahead = (_ENGLISH_DAYS[found["name"]] - today.weekday()) % 7 or 7
        if found["next"]:
            return monday + timedelta(weeks=1, days=_ENGLISH_DAYS[found["name"]]), found.end()
        return today + timedelta(days=ahead), found.end()
    return None


_MONTH = re.compile(
    r"(?P<next>下个?|本|这个?)?月(?:(?P<end>底|末)"
    rf"|(?:{_N.replace('(', '(?P<dom>', 1)}[日号]))"
)


def _month_day(words: str, today: date) -> tuple[date, int] | None:
    """月底, 下月5号, 本月20日."""
    found = _MONTH.match(words)
    if found is None or (found["dom"] and not found["next"]):
        return None
    first = today.replace(day=1)
    if found["next"] and found["next"].startswith("下"):
        first = (first + timedelta(days=31)).replace(day=1)
    if found["end"]:
        return (first + timedelta(days=31)).replace(day=1) - timedelta(days=1), found.end()
    try:
        return first.replace(day=_number(found["dom"])), found.end()
    except ValueError:
        raise TimeUnclearError("There is no such day.") from None


def _calendar_day(words: str, today: date) -> tuple[date, int] | None:
    found = _DATE.match(words)
    if found is None:
        return None
    try:
        if found["only"]:
            return _next_of_month(_number(found["only"]), today), found.end()
        month, dom = _number(found["month"]), _number(found["dom"])
        if found["year"]:
            return date(int(found["year"]), month, dom), found.end()
        day = date(today.year, month, dom)
        # 1月5日, written in November, is next January; 7月20日, written on 21 July, is a slip
        if (today - day).days > 183:  # noqa: PLR2004 -- half a year
            day = date(today.year + 1, month, dom)
    except ValueError:
        raise TimeUnclearError("There is no such day.") from None
    return day, found.end()


def _next_of_month(dom: int, today: date) -> date:
    day = today.replace(day=1)
    for _ in range(3):
        try:
            candidate = day.replace(day=dom)
        except ValueError:
            candidate = None
        if candidate is not None and candidate >= today:
            return candidate
        day = (day + timedelta(days=31)).replace(day=1)
    raise TimeUnclearError("There is no such day.")


def _today(words: str, local: datetime, zone: str) -> When | None:
    found = _CLOCK.fullmatch(words)
    if found is None:
        return None
    wall = _read_clock(found)
    instant = resolve(local.date(), wall, zone)
    if instant <= local:
        instant = resolve(local.date() + timedelta(days=1), wall, zone)
    return When(instant)


def _wall(words: str) -> time:
    words = words.strip(" ,的at")
    found = _CLOCK.fullmatch(words)
    if found is None:
        raise TimeUnclearError("Please add the hour, for example 8:30.")
    return _read_clock(found)


def _read_clock(found: re.Match[str]) -> time:
    hour = _number(found["hour"])
    minute = 0
    if found["half"]:
        minute = 30
    elif found["quarter"]:
        minute = 15 * _number(found["quarter"])
    elif found["minute"]:
        minute = _number(found["minute"])
    hour = _on_the_day(hour, found["part"] or "", found["ampm"] or "")
    if hour == _NOON and found["part"] in {"晚上", "晚", "夜里"}:
        raise TimeUnclearError("Midnight lies between two days: please write 0:00 and its date.")
    try:
        return time(hour, minute)
    except ValueError:
        raise TimeUnclearError("There is no such time of day.") from None


_NOON = 12
_LATE_MORNING = 11


def _on_the_day(hour: int, part: str, ampm: str) -> int:
    """下午3点 -> 15, 中午1点 -> 13, 凌晨12点 -> 0."""
    if (part in {"下午", "傍晚", "晚上", "晚", "夜里"} or ampm == "pm") and hour < _NOON:
        return hour + _NOON
    if part == "中午" and hour < _LATE_MORNING:
        return hour + _NOON
    if (part == "凌晨" or ampm == "am") and hour == _NOON:
        return 0
    return hour
