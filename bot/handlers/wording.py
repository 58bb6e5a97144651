"""Days, times and zones in the reader's words."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.broadcast import Every, Recurrence
from bot.domain.subscription import Choices, Days
from bot.texts import Translate
from digests import day_in_year

_BABEL = {"zh-Hans": "zh_Hans_CN", "zh-Hant": "zh_Hant_HK", "en": "en_GB"}


def weekday_names(translate: Translate) -> tuple[str, ...]:
    """Monday first."""
    _ = translate
    return (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))


def short_weekday_names(translate: Translate) -> tuple[str, ...]:
    """For buttons and for “every Mon, Wed”."""
    _ = translate
    return (
        _("Mon."),
        _("Tue."),
        _("Wed."),
        _("Thu."),
        _("Fri."),
        _("Sat."),
        _("Sun."),
    )


def day_words(day: date, today: date, translate: Translate) -> str:
    """7月21日 周二, Tue 21 Jul; the year only where it is another one."""
    return translate("{day} {weekday}").format(
        day=day_in_year(day, today, translate),
        weekday=short_weekday_names(translate)[day.weekday()],
    )


def moment_words(moment: datetime, zone: str, now: datetime, language: str, _: Translate) -> str:
    """7月21日 周二 8:30（北京时间）."""
    tz = ZoneInfo(zone)
    local = moment.astimezone(tz)
    day = day_words(local.date(), now.astimezone(tz).date(), _)
    return _("{day} {time} ({zone})").format(
        day=day, time=clock_words(local), zone=zone_words(zone, language, _)
    )


def clock_words(local: datetime) -> str:
    """8:30."""
    return f"{local.hour}:{local.minute:02d}"


def zone_words(zone: str, language: str, translate: Translate) -> str:
    """北京时间, London time."""
    if zone in {"Asia/Shanghai", "Asia/Chongqing", "Asia/Harbin", "PRC"}:
        return translate("Beijing time")
    from babel.dates import get_timezone_location

    city = get_timezone_location(zone, locale=_BABEL[language], return_city=True)
    return translate("{city} time").format(city=city or zone)


def days_words(choices: Choices, _: Translate) -> str:
    """每天 / 每个工作日 / 每周一 / 只要工作提醒."""
    match choices.days:
        case Days.DAILY:
            return _("every day")
        case Days.WORKDAYS:
            return _("every workday")
        case Days.WEEKLY:
            return _("every {weekday}").format(weekday=weekday_names(_)[choices.weekday])
        case Days.REMINDERS:
            return _("task reminders only")


def rhythm_words(choices: Choices, language: str, _: Translate) -> str:
    """每个工作日 8:30（北京时间）."""
    return _("{days} {time} ({zone})").format(
        days=days_words(choices, _),
        time=f"{choices.hour.hour}:{choices.hour.minute:02d}",
        zone=zone_words(choices.zone, language, _),
    )


def sentence(words: str, _: Translate) -> str:
    """Words as a sentence of their own."""
    return words[:1].upper() + words[1:] + _(".")


def recurrence_words(recurrence: Recurrence, language: str, _: Translate) -> str:
    """每周一、三、五 8:00（北京时间）."""
    return _("{days} {time} ({zone})").format(
        days=_pattern_words(recurrence, _),
        time=f"{recurrence.at.hour}:{recurrence.at.minute:02d}",
        zone=zone_words(recurrence.zone, language, _),
    )


def _pattern_words(recurrence: Recurrence, _: Translate) -> str:
    match recurrence.every:
        case Every.DAY:
            return _("every day")
        case Every.WORKDAY:
            return _("every workday")
        case Every.WEEK:
            names = short_weekday_names(_)
            days = _(", ").join(names[day] for day in recurrence.days)
            return _("every {weekday}").format(weekday=days)
        case Every.MONTH:
            days = _(", ").join(str(day) for day in recurrence.days)
            return _("on day {days} of every month").format(days=days)


def kinds_words(counts: Mapping[str, int], _: Translate) -> str:
    """1,284人、23个群."""
    groups = counts.get("group", 0) + counts.get("supergroup", 0)
    readers = counts.get("private", 0)
    parts = [
        *(
            [_("{count} readers").format(count=f"{readers:,}")]
            if readers or not sum(counts.values())
            else []
        ),
        *([_("{count} groups").format(count=f"{groups:,}")] if groups else []),
        *(
            [_("{count} channels").format(count=f"{counts['channel']:,}")]
            if counts.get("channel")
            else []
        ),
    ]
    return _(", ").join(parts)


def duration_words(seconds: float, _: Translate) -> str:
    """How long something takes, roughly."""
    minutes = round(seconds / 60)
    if minutes < 1:
        return _("less than a minute")
    hours, rest = divmod(minutes, 60)
    if not hours:
        return _("about {minutes} min").format(minutes=minutes)
    return _("about {hours} h {minutes} min").format(hours=hours, minutes=rest)


def topic_names(topics: tuple[str, ...], language: str, _: Translate) -> str:
    """The topics by name; none named means all."""
    import digests

    if not topics:
        return _("all topics")
    return _(", ").join(digests.topic(topic).name(language) for topic in topics)


def sums_words(sums: Mapping[str, Any], _: Translate) -> str:
    """计划 2,000 = 送达 1,990 + 失败 3 + 不明 1 + 未发 6 + 待发 0."""
    return _(
        "{planned} planned = {sent} sent + {failed} failed + {unknown} unknown"
        " + {skipped} skipped + {waiting} waiting"
    ).format(**{name: f"{sums[name]:,}" for name in SUMS})


SUMS = ("planned", "sent", "failed", "unknown", "skipped", "waiting")
