"""What is looked over before a broadcast may go out: pure findings, words are the handlers' matter.

A blocking finding must be put right. One that asks for a reason may be kept, and the reason is
recorded. The others only inform.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from bot.domain.content import visible
from bot.domain.subscription import Quiet


class Weight(StrEnum):
    """What a finding asks for."""

    BLOCKS = "blocks"
    REASON = "reason"  # may be kept if somebody says why
    INFORMS = "informs"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found; ``code`` names it, ``values`` fill its sentence."""

    code: str
    weight: Weight
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Facts:
    """All that the review looks at."""

    html: str
    parts: int
    readers: int
    now: datetime
    send_at: datetime | None  # None: at once
    zone: str
    quiet: Quiet | None = None
    weekday: int | None = None  # the weekday written beside the date of sending
    clashes: tuple[str, ...] = ()  # titles of pushes near that time
    workday: bool = True
    recurring: bool = False


GRACE = timedelta(minutes=1)
_PLACEHOLDER = re.compile(
    r"\{\{?[^{}\n]{0,40}\}?\}|_{3,}|＿{2,}|【\s*】|（\s*）|\(\s*\)|\[[待填空请][^\]\n]{0,20}\]|X{2,}|×{2,}"
    r"|某某|TODO|TBD",
)
_HREF = re.compile(r"<a\s+href=\"([^\"]*)\"", re.IGNORECASE)
_BARE = re.compile(r"https?://[^\s<>\"，。；、）】”]+")
_DATED = re.compile(
    r"(?:(?P<year>\d{4})年)?(?P<month>\d{1,2})月(?P<day>\d{1,2})日"
    r"\s*[（(]?\s*(?:星期|周|礼拜)(?P<weekday>[一二三四五六日天])[）)]?"
)
_WEEKDAYS = {"一": 0, "二": 1, "三": 2, "四": 3, "五": 4, "六": 5, "日": 6, "天": 6}
_HOST = re.compile(r"[^\s.]+(\.[^\s.]+)+")


def review(facts: Facts) -> tuple[Finding, ...]:
    """Everything that was found, the blocking first."""
    return by_weight((*_audience(facts), *_time(facts), *_words(facts)))


def by_weight(found: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings in the order of their weight."""
    order = list(Weight)
    return tuple(sorted(found, key=lambda finding: order.index(finding.weight)))


def _audience(facts: Facts) -> list[Finding]:
    found = []
    if facts.readers == 0:
        found.append(Finding("nobody", Weight.BLOCKS))
    if facts.parts > 1:
        found.append(Finding("parts", Weight.INFORMS, {"count": facts.parts}))
    return found


def _time(facts: Facts) -> list[Finding]:
    found = []
    at = facts.send_at or facts.now
    local = at.astimezone(ZoneInfo(facts.zone))
    if facts.send_at is not None and facts.send_at < facts.now - GRACE:
        found.append(Finding("past", Weight.BLOCKS))
    if facts.weekday is not None and facts.weekday != local.weekday():
        found.append(
            Finding("weekday", Weight.BLOCKS, {"day": local.date(), "weekday": local.weekday()})
        )
    if facts.quiet is not None and local.time() in facts.quiet:
        end = f"{facts.quiet.end:%H:%M}".lstrip("0") or "0:00"
        found.append(Finding("quiet", Weight.INFORMS, {"end": end}))
    if not facts.workday and not facts.recurring:
        found.append(Finding("holiday", Weight.INFORMS))
    found += [Finding("clash", Weight.INFORMS, {"title": title}) for title in facts.clashes]
    return found


def _words(facts: Facts) -> list[Finding]:
    text = visible(facts.html)
    found = [
        Finding("placeholder", Weight.REASON, {"words": words})
        for words in dict.fromkeys(_PLACEHOLDER.findall(text))
    ]
    links = [*_HREF.findall(facts.html), *_BARE.findall(text)]
    found += [
        Finding("link", Weight.BLOCKS, {"link": link})
        for link in dict.fromkeys(links)
        if not _looks_right(link)
    ]
    year = facts.now.astimezone(ZoneInfo(facts.zone)).year
    return [*found, *_wrong_weekdays(text, year), *_other_days(text, facts)]


_RELATIVE = re.compile(
    r"大?[前后][天日]|[今明昨][天日晚早]|\b(?:today|tomorrow|yesterday|tonight)\b", re.IGNORECASE
)


def _other_days(text: str, facts: Facts) -> list[Finding]:
    """今天, 明天 …: readers understand them on the day of sending, not on that of writing."""
    zone = ZoneInfo(facts.zone)
    sent = (facts.send_at or facts.now).astimezone(zone).date()
    if sent == facts.now.astimezone(zone).date() and not facts.recurring:
        return []
    found = []
    for words in dict.fromkeys(match[0] for match in _RELATIVE.finditer(text)):
        day = sent + timedelta(days=_days_ahead(words.lower()))
        found.append(Finding("other_day", Weight.INFORMS, {"words": words, "day": day}))
    return found


def _days_ahead(words: str) -> int:
    if words.isascii():
        return {"tomorrow": 1, "yesterday": -1}.get(words, 0)
    days = {"今": 0, "明": 1, "昨": -1, "后": 2, "前": -2}[words.lstrip("大")[0]]
    return days + (0 if not words.startswith("大") else 1 if days > 0 else -1)


def _looks_right(link: str) -> bool:
    """An address that could be opened: a scheme we know, a host with a dot."""
    try:
        parts = urlsplit(link)
        _port = parts.port
    except ValueError:
        return False
    if parts.scheme in {"tg", "mailto", "tel"}:
        return bool(parts.netloc or parts.path)
    return parts.scheme in {"http", "https"} and bool(_HOST.fullmatch(parts.hostname or ""))


def _wrong_weekdays(text: str, year: int) -> list[Finding]:
    found = []
    for match in _DATED.finditer(text):
        try:
            day = date(int(match["year"] or year), int(match["month"]), int(match["day"]))
        except ValueError:
            found.append(Finding("no_such_day", Weight.REASON, {"words": match[0]}))
            continue
        if day.weekday() != _WEEKDAYS[match["weekday"]]:
            values = {"words": match[0], "day": day, "weekday": day.weekday()}
            found.append(Finding("written_weekday", Weight.REASON, values))
    return found
