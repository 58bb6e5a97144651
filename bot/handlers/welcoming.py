"""What is said to whoever joins: who speaks, what is there, what runs now, what comes next."""

from datetime import timedelta

from telegram import KeyboardButton, ReplyKeyboardMarkup

import digests
from bot.domain.message import Lane
from bot.handlers import agenda, shelf
from bot.handlers.visit import Visit, escape
from bot.handlers.wording import day_words, moment_words, rhythm_words, topic_names
from bot.storage import reports
from bot.texts import Translate
from digests import Button, full_day

RUNNING = 8  # lines of what runs now in the welcome
AT_ONCE = timedelta(seconds=2)  # as many joining in this time are a crowd


async def greet_again(visit: Visit, topic: str) -> None:
    """Who is subscribed already hears when the next one comes; the keyboard is there again."""
    _ = visit._
    lines = [
        _("You are subscribed already."),
        *([topics_words(visit)] if topic else []),
        await next_words(visit),
    ]
    if visit.private:
        await visit.say("\n".join(lines), keyboard=keyboard(_))
    else:
        await visit.say("\n".join(lines), [[settings_button(_)]])


async def welcome(visit: Visit) -> None:
    """Who speaks, what is there, what was arranged; then what runs now, with the keyboard.

    A message carries one set of buttons. Where a crowd joins at once each gets one message: what
    runs now stands in it, and the keyboard comes with the answer to “who are you”.
    """
    _ = visit._
    running = await _running(visit)
    crowded = _is_crowded(visit)
    lines = [
        _("Hello, I bring excerpts of reports: the original words, unchanged and cited."),
        await _material(visit),
        *(["", *running, ""] if running and crowded else []),
        _("One message a day at {time}; tasks near their time come besides. Who are you?").format(
            time=rhythm_words(visit.choices, visit.language, _)
        ),
        _("“TD” ends it at any time."),
    ]
    await visit.say("\n".join(lines), roles(_))
    if not crowded:
        hint = _(
            "Today, Tasks, Contents and Settings are the buttons below; in words they work too."
        )
        words = "\n".join([*running, "", hint] if running else [hint])
        await visit.say(words, keyboard=keyboard(_), lane=Lane.DIGEST)


def _is_crowded(visit: Visit) -> bool:
    """Whether so many join at once that nobody should wait for somebody's second message."""
    joined = visit.desk.joined
    joined.append(visit.now)
    return len(joined) == joined.maxlen and visit.now - joined[0] < AT_ONCE


def group_words(visit: Visit) -> list[str]:
    """What a group or channel hears when it is subscribed."""
    _ = visit._
    return [
        _("This chat gets an excerpt: {rhythm}.").format(
            rhythm=rhythm_words(visit.choices, visit.language, _)
        ),
        _("Its admins can change that with /settings and end it with /stop."),
    ]


def roles(translate: Translate) -> list[list[Button]]:
    """Who are you?"""
    _ = translate
    return [
        [
            Button(_("Village or community"), data="role:village"),
            Button(_("Town or street"), data="role:town"),
        ],
        [
            Button(_("City or county department"), data="role:department"),
            Button(_("Just looking"), data="role:visitor"),
        ],
    ]


def settings_button(_: Translate) -> Button:
    """Opens the settings."""
    return Button(_("Settings"), data="set")


def keyboard(translate: Translate) -> ReplyKeyboardMarkup:
    """今天 | 任务 | 目录 | 设置, always at hand."""
    _ = translate
    words = (_("Today"), _("Tasks"), _("Contents"), _("Settings"))
    return ReplyKeyboardMarkup(
        [[KeyboardButton(word) for word in words]],
        resize_keyboard=True,
        is_persistent=True,
        input_field_placeholder=_("A number such as 2.5, or words to look up"),
    )


async def _material(visit: Visit) -> str:
    """Which reports there are, in one line; asked of the database, so it is true at any moment."""
    _ = visit._
    async with visit.desk.database.read() as connection:
        found = await reports.newest(connection, shelf.visible_to(visit))
    if found is None:
        return await shelf.nothing(visit)
    title, issued_on, count = found
    words = escape(title)
    if issued_on:
        words = _("{title}, issued {day}").format(title=words, day=full_day(issued_on, _))
    if count == 1:
        return _("Here now: {title}.").format(title=words)
    return _("Here now: {title}, and {count} more.").format(title=words, count=count - 1)


async def _running(visit: Visit) -> list[str]:
    """What runs now or is near, a line each; nothing running: no lines."""
    _ = visit._
    dues = await agenda.running(visit)
    if not dues:
        return []
    named = digests.task_lines(dues, visit.today, _)[:RUNNING]
    lines = [f"{number}  {escape(line)}" for number, line in enumerate(named, 1)]
    more = len(dues) - RUNNING
    tail = [_("And {count} more: send “Tasks”.").format(count=more)] if more > 0 else []
    return [f"<b>{_('To do now')}</b>", *lines, *tail]


async def next_words(visit: Visit) -> str:
    """When the next message comes, in words."""
    _ = visit._
    if visit.chat is None or visit.chat["due_at"] is None:
        return _("Nothing is sent at present.")
    when = moment_words(visit.chat["due_at"], visit.choices.zone, visit.now, visit.language, _)
    words = [_("Next: {when}.").format(when=when)]
    until = visit.chat["paused_until"]
    if until is not None and until > visit.today:
        day = day_words(until, visit.today, _)
        words.insert(0, _("Paused until {day}.").format(day=day))
    return "\n".join(words)


def topics_words(visit: Visit) -> str:
    """Which topics come."""
    names = topic_names(visit.choices.topics, visit.language, visit._)
    return visit._("Topics: {topics}.").format(topics=names)
