"""/tasks: what is to be done now, what is near, what has no date; one task with its reasons."""

from datetime import timedelta
from urllib.parse import urlencode

import digests
from bot.domain.subscription import mute, muted_on, unmute
from bot.errors import RefusedError
from bot.handlers import shelf
from bot.handlers.visit import Visit, escape, number
from bot.handlers.wording import day_words
from bot.storage import chats
from digests import Button, Page

SNOOZES = {"7": 7, "30": 30}


async def tasks(visit: Visit) -> None:
    """/tasks, 任务, and the button t."""
    parts = visit.arguments(2) if visit.press else ["", ""]
    if parts[0] and parts[0] != "-":
        await _one(visit, *parts)
        return
    found = await _agenda(visit, "" if visit.press else visit.argument.strip())
    if parts[0] == "-":  # t:-:PAGE, those without a date
        page = number(parts[1], 0, len(found.undated))
        await visit.turn_page(digests.render_tasks(found, visit._, undated=page))
        return
    if not any((found.now, found.soon, found.later, found.undated)):
        await visit.say(visit._("There are no tasks at present."))
        return
    await visit.show(_with_calendar(visit, digests.render_tasks(found, visit._)))


def _with_calendar(visit: Visit, pages: tuple[Page, ...]) -> tuple[Page, ...]:
    """The way to subscribe to the days under the last page, where the office offers it."""
    if not visit.desk.office.calendar_url or not pages:
        return pages
    query = {"language": visit.language}
    if visit.choices.topics:
        query["topics"] = ",".join(visit.choices.topics)
    url = f"{visit.desk.office.calendar_url}?{urlencode(query, safe=',')}"
    last = pages[-1]
    row = (Button(visit._("Into my calendar"), url=url),)
    return (*pages[:-1], Page(last.html, (*last.buttons, row)))


async def _agenda(visit: Visit, owner: str = "") -> digests.Agenda:
    muted = muted_on(visit.chat["muted"], visit.today) if visit.chat else frozenset()
    topics = visit.choices.topics
    editions = await shelf.editions(visit)
    if owner:  # /tasks 市级各部门: only what the text lays on them
        editions = tuple(_laid_on(edition, owner) for edition in editions)
        topics = ()
    found = digests.agenda(editions, visit.today, muted=muted)
    if not topics:
        return found
    return digests.Agenda(
        on=found.on,
        now=_of(found.now, topics),
        soon=_of(found.soon, topics),
        later=_of(found.later, topics),
        undated=_of(found.undated, topics),
    )


def _laid_on(edition: digests.Edition, owner: str) -> digests.Edition:
    mine = tuple(
        task
        for task in edition.tasks
        if any(owner in name or name in owner for name in task.owners)
    )
    return digests.Edition(edition.key, edition.report, mine)


def _of(dues: tuple[digests.Due, ...], topics: tuple[str, ...]) -> tuple[digests.Due, ...]:
    return tuple(due for due in dues if due.task.topic is None or due.task.topic in topics)


async def running(visit: Visit) -> tuple[digests.Due, ...]:
    """What is near or runs now: shown at once to whoever joins."""
    found = await _agenda(visit)
    return (*found.soon, *found.now)


async def find(visit: Visit, key: str, task: str) -> tuple[digests.Report, digests.Task]:
    """One accepted task, or a refusal."""
    report = await shelf.report(visit, key)
    for edition in await shelf.editions(visit):
        if edition.key == key:
            for known in edition.tasks:
                if digests.task_key(known) == task:
                    return report, known
    raise RefusedError("This task has been closed by the office.")


async def _one(visit: Visit, key: str, task: str) -> None:
    """t:KEY:TASK: the sentence, the words that bind it, the rule and the result."""
    report, found = await find(visit, key, task)
    pages = digests.render_task(report, found, visit.today, visit._)
    await visit.show(pages)


async def quiet(visit: Visit) -> None:
    """m:KEY:TASK[:DAYS|:on]: not again, not for a while, or again after all."""
    key, task, how = visit.arguments(3)
    await visit.need_chat_admin()
    _report, found = await find(visit, key, task)
    if visit.chat is None:
        raise RefusedError("You are not subscribed. /start subscribes you.")
    _ = visit._
    name = f"{key}:{task}"
    muted = visit.chat["muted"]
    if how == "on":
        muted, said = unmute(muted, name), _("You will be reminded of it again.")
    elif how in SNOOZES:
        until = visit.today + timedelta(days=SNOOZES[how])
        muted = mute(muted, name, until)
        said = _("No reminder of it before {day}.").format(day=day_words(until, visit.today, _))
    else:
        muted, said = mute(muted, name), _("You will not be reminded of it again.")
    async with visit.desk.database.write() as connection:
        await chats.choose(
            connection, visit.chat_id, visit.desk.office.hours, visit.now, muted=muted
        )
    await visit.toast(said)
    rows = [
        [
            Button(_("Only for a week"), data=f"m:{name}:7"),
            Button(_("Only for a month"), data=f"m:{name}:30"),
        ],
        [Button(_("Remind me again"), data=f"m:{name}:on")],
    ]
    answer = visit.turn if how else visit.say  # its own buttons change the message they are under
    await answer(f"<b>{escape(found.title)}</b>\n{said}", [] if how == "on" else rows)
