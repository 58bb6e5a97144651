"""/settings: one message that edits itself; each change is said in words, with its zone."""

from datetime import time
from zoneinfo import ZoneInfo, available_timezones

import digests
from bot.domain.subscription import LANGUAGES, ChatKind, ChatState, Days, known_zone, toggled
from bot.errors import RefusedError
from bot.handlers import leaving
from bot.handlers.visit import Visit, escape, number
from bot.handlers.welcoming import keyboard, next_words, roles
from bot.handlers.wording import (
    clock_words,
    days_words,
    rhythm_words,
    short_weekday_names,
    topic_names,
    zone_words,
)
from bot.storage import chats
from digests import Button

Rows = list[list[Button]]
LANGUAGE_NAMES = {"zh-Hans": "简体中文", "zh-Hant": "繁體中文", "en": "English"}
ZONES = (
    "Asia/Shanghai",
    "Asia/Urumqi",
    "Asia/Hong_Kong",
    "Asia/Taipei",
    "Asia/Singapore",
    "Asia/Tokyo",
    "Europe/London",
    "Europe/Berlin",
    "America/New_York",
    "America/Los_Angeles",
    "Australia/Sydney",
    "UTC",
)
_ZONES_ON_A_PAGE = 16


async def settings(visit: Visit) -> None:
    """/settings, 设置, and every button that begins with set."""
    if visit.kind is ChatKind.CHANNEL:
        await visit.need_chat_admin()  # they would be shown to all who read it
    if visit.press is None:
        await visit.say(*await _main(visit))
        return
    page, value, more = visit.arguments(3)
    pages = {
        "": _main,
        "topics": _topics,
        "days": _days,
        "hour": _hours,
        "pause": _pause,
        "zone": _zone,
        "language": _language,
        "role": _role,
    }
    if page not in pages:
        raise RefusedError("This button is not valid any more.")
    if (value and page not in {"", "zone"}) or (
        value and page == "zone" and not value.startswith("-")
    ):
        await _change(visit, page, value, more)
    if not page and not _under_settings(visit):
        await visit.say(*await _main(visit))
        return
    await visit.turn(*await pages[page](visit))


def _under_settings(visit: Visit) -> bool:
    """Whether the pressed button sits under the settings message itself."""
    message = visit.message
    if message is None or message.reply_markup is None:
        return False
    return all(
        str(button.callback_data or "").startswith(("set", "stop", "role:"))
        for row in message.reply_markup.inline_keyboard
        for button in row
    )


# ---- changing --------------------------------------------------------------------------------


async def _change(visit: Visit, page: str, value: str, more: str) -> None:
    await visit.need_chat_admin()
    if visit.chat is None or visit.chat["state"] != ChatState.ACTIVE:
        raise RefusedError("You are not subscribed. /start subscribes you.")
    if page == "pause":
        await visit.toast((await leaving.set_pause(visit, value)).replace("\n", " "))
        return
    changes = _read(visit, page, value, more)
    async with visit.desk.database.write() as connection:
        visit.chat = await chats.choose(
            connection, visit.chat_id, visit.desk.office.hours, visit.now, **changes
        )
    visit.language = str(changes.get("language", visit.language))
    said = await _changed(visit, page, value)
    await visit.toast(said)
    if page == "language" and visit.private:  # the old keyboard speaks the old language
        await visit.say(escape(said), keyboard=keyboard(visit._))


def _read(visit: Visit, page: str, value: str, more: str) -> dict[str, object]:
    """Button data -> columns; whatever no button of ours says is refused."""
    if page == "topics":
        return {"topics": _switched(visit, value, more)}
    if page == "days" and value in set(Days):
        return {"days": value} | ({"weekday": number(more, 0, 6)} if more else {})
    if page == "hour" and value in hours(visit):
        return {"hour": f"{int(value):02d}:00"}
    if page == "language" and value in LANGUAGES:
        return {"language": value}
    zone = known_zone(value) if page == "zone" else None
    if zone is not None:
        return {"zone": zone}
    raise RefusedError("This button is not valid any more.")


def _switched(visit: Visit, topic: str, on: str) -> str:
    known = tuple(topic.id for topic in digests.topics())
    if topic == "all":
        return ""
    return toggled(visit.choices.topics, topic, known, on=on != "0")


async def _changed(visit: Visit, page: str, value: str) -> str:
    _ = visit._
    known = digests.topic(value) if page == "topics" and value != "all" else None
    if known is not None:
        comes = not visit.choices.topics or value in visit.choices.topics
        said = _("{topic}: comes.") if comes else _("{topic}: does not come any more.")
        return said.format(topic=known.name(visit.language)) + " " + await next_words(visit)
    return _("Now: {rhythm}.").format(rhythm=rhythm_words(visit.choices, visit.language, _)) + (
        " " + await next_words(visit)
    )


def hours(visit: Visit) -> list[str]:
    """The hours on offer: those that are not quiet."""
    quiet = visit.desk.office.hours.quiet
    return [str(hour) for hour in range(24) if quiet is None or time(hour) not in quiet]


# ---- pages -----------------------------------------------------------------------------------


async def _main(visit: Visit) -> tuple[str, Rows]:
    _ = visit._
    choices = visit.choices
    active = visit.chat is not None and visit.chat["state"] == ChatState.ACTIVE
    lines = [
        f"<b>{_('Settings')}</b>",
        _("Topics: {topics}.").format(topics=topic_names(choices.topics, visit.language, _)),
        _("Excerpt: {rhythm}.").format(rhythm=rhythm_words(choices, visit.language, _)),
        _("Tasks near their time come besides, on their day."),
        await next_words(visit) if active else _("You are not subscribed. /start subscribes you."),
    ]
    if not active:
        return "\n".join(lines), [[Button(_("Subscribe"), data="join")]]
    who = [Button(_("Who I am"), data="set:role")] if visit.private else []
    rows = [
        [Button(_("Topics"), data="set:topics"), Button(_("Days"), data="set:days")],
        [Button(_("Hour"), data="set:hour"), Button(_("Pause"), data="set:pause")],
        [Button(_("Time zone"), data="set:zone"), Button("语言 / Language", data="set:language")],
        [*who, Button(_("Unsubscribe"), data="stop")],
    ]
    return "\n".join(lines), rows


async def _topics(visit: Visit) -> tuple[str, Rows]:
    _ = visit._
    chosen = set(visit.choices.topics)
    buttons = []
    for topic in digests.topics():
        on = not chosen or topic.id in chosen
        mark = "✓ " if on else ""
        buttons.append(
            Button(
                f"{mark}{topic.name(visit.language)}", data=f"set:topics:{topic.id}:{int(not on)}"
            )
        )
    rows = [buttons[i : i + 2] for i in range(0, len(buttons), 2)]
    rows.append([Button(_("All topics"), data="set:topics:all"), _back(visit)])
    return _("Which topics? A tap switches one; ✓ means it comes."), rows


async def _days(visit: Visit) -> tuple[str, Rows]:
    _ = visit._
    choices = visit.choices

    def option(text: str, days: Days) -> Button:
        mark = "✓ " if choices.days is days else ""
        return Button(f"{mark}{text}", data=f"set:days:{days}")

    rows = [
        [option(_("Every day"), Days.DAILY), option(_("Workdays"), Days.WORKDAYS)],
        [option(_("Task reminders only"), Days.REMINDERS)],
        [
            Button(
                ("✓" if choices.days is Days.WEEKLY and choices.weekday == day else "") + name,
                data=f"set:days:weekly:{day}",
            )
            for day, name in enumerate(short_weekday_names(_))
        ],
        [_back(visit)],
    ]
    text = _("When does the excerpt come? Workdays follow the Chinese calendar; or once a week on:")
    return f"{text}\n{days_words(choices, _)}", rows


async def _hours(visit: Visit) -> tuple[str, Rows]:
    _ = visit._
    now = str(visit.choices.hour.hour)
    buttons = [
        Button(("✓ " if hour == now else "") + f"{hour}:00", data=f"set:hour:{hour}")
        for hour in hours(visit)
    ]
    rows = [buttons[i : i + 4] for i in range(0, len(buttons), 4)]
    zone = zone_words(visit.choices.zone, visit.language, _)
    return _("At what hour ({zone})?").format(zone=zone), [*rows, [_back(visit)]]


async def _pause(visit: Visit) -> tuple[str, Rows]:
    rows = [
        [Button(button.text, data=f"set:{button.data}") for button in row]
        for row in leaving.pause_rows(visit)
    ]
    return visit._("Pause for how long?"), [*rows, [_back(visit)]]


async def _zone(visit: Visit) -> tuple[str, Rows]:
    """The usual ones; behind them all of IANA's by continent, paged."""
    _ = visit._
    _page, value, at = visit.arguments(3)
    local = visit.now.astimezone(ZoneInfo(visit.choices.zone))
    text = _("Your time zone: {zone}, where it is {time} now.").format(
        zone=zone_words(visit.choices.zone, visit.language, _), time=clock_words(local)
    )
    if value == "-":
        names = sorted({zone.split("/")[0] for zone in available_timezones() if "/" in zone})
        buttons = [Button(name, data=f"set:zone:-{name}:0") for name in names if name.isalpha()]
        return text, [*_in_rows(buttons, 3), [_back(visit)]]
    if value.startswith("-"):
        return text, _zones_of(visit, value[1:], number(at or "0", 0, 99))
    buttons = [
        Button(zone_words(zone, visit.language, _), data=f"set:zone:{zone}") for zone in ZONES
    ]
    return text, [
        *_in_rows(buttons, 3),
        [Button(_("More zones"), data="set:zone:-"), _back(visit)],
    ]


def _zones_of(visit: Visit, continent: str, page: int) -> Rows:
    names = sorted(zone for zone in available_timezones() if zone.startswith(f"{continent}/"))
    start = page * _ZONES_ON_A_PAGE
    buttons = [
        Button(zone.partition("/")[2].replace("_", " "), data=f"set:zone:{zone}")
        for zone in names[start : start + _ZONES_ON_A_PAGE]
    ]
    turn = [Button("‹", data=f"set:zone:-{continent}:{page - 1}")] if page else []
    if start + _ZONES_ON_A_PAGE < len(names):
        turn.append(Button("›", data=f"set:zone:-{continent}:{page + 1}"))
    return [*_in_rows(buttons, 2), [*turn, _back(visit)]]


async def _language(visit: Visit) -> tuple[str, Rows]:
    row = [
        Button(("✓ " if code == visit.language else "") + name, data=f"set:language:{code}")
        for code, name in LANGUAGE_NAMES.items()
    ]
    text = visit._("The bot's own words; reports are never translated.")
    return text, [row, [_back(visit)]]


async def _role(visit: Visit) -> tuple[str, Rows]:
    if not visit.private:
        raise RefusedError("This button is not valid any more.")
    return visit._("Who are you? The topics that go with it replace yours."), [
        *roles(visit._),
        [_back(visit)],
    ]


def _back(visit: Visit) -> Button:
    return Button(visit._("‹ Back"), data="set")


def _in_rows(buttons: list[Button], width: int) -> Rows:
    return [buttons[i : i + width] for i in range(0, len(buttons), width)]
