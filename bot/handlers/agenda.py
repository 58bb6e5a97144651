"""/tasks: what is to be done now, what is near, what has no date; one task with its reasons."""

from collections import Counter
from collections.abc import Sequence
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
OWNERS = 16  # buttons
DATA = 64  # bytes of callback data


async def tasks(visit: Visit) -> None:
    """/tasks [owner], 任务, and the button t: t:-:PAGE[:OWNER], t:@[:OWNER], t:KEY:TASK."""
    what, value, owner = visit.arguments(3) if visit.press else ("@", visit.argument.strip(), "")
    if what == "-":  # those without a date
        found = await _agenda(visit, owner)
        page = number(value, 0, len(found.undated))
        await visit.turn_page(_owned(visit, owner, digests.render_tasks(found, visit._, page)))
    elif what == "@" and visit.press and not value:
        await _owners(visit)
    elif what in {"", "@"}:
        await _listed(visit, value)
    else:
        await _one(visit, what, value)


async def _listed(visit: Visit, owner: str) -> None:
    """The task list, of one owner or of all."""
    found = await _agenda(visit, owner)
    if not any((found.now, found.soon, found.later, found.undated)):
        await visit.say(visit._("There are no tasks at present."))
        return
    pages = _owned(visit, owner, digests.render_tasks(found, visit._))
    if not owner and _owners_of(await shelf.editions(visit)):
        pages = _under(pages, Button(visit._("By who has to do it"), data="t:@"))
    await visit.show(_with_calendar(visit, pages))


async def _owners(visit: Visit) -> None:
    """Who has something to do by the text: a button each."""
    names = _owners_of(await shelf.editions(visit))
    buttons = [Button(name, data=f"t:@:{name}") for name in names]
    rows = [buttons[i : i + 2] for i in range(0, len(buttons), 2)]
    words = visit._("Whose tasks? Or send for example: /tasks {owner}")
    await visit.say(words.format(owner=escape(names[0]) if names else ""), rows)


def _owners_of(editions: Sequence[digests.Edition]) -> list[str]:
    """Those on whom most is laid, as far as a button can name them."""
    counted = Counter(
        owner for edition in editions for task in edition.tasks for owner in task.owners
    )
    fit = [name for name, _ in counted.most_common() if _fits(name)]
    return fit[:OWNERS] if len(fit) > 1 else []


def _fits(owner: str) -> bool:
    return ":" not in owner and len(f"t:-:999:{owner}".encode()) <= DATA


def _owned(visit: Visit, owner: str, pages: tuple[Page, ...]) -> tuple[Page, ...]:
    """A list that knows whose it is: it says so, and its buttons keep to it."""
    if not owner:
        return pages
    head = visit._("Responsible: {owners}").format(owners=escape(owner[:40]))

    def kept(button: Button) -> Button:
        if not _fits(owner) or button.data is None:
            return button
        data = f"t:@:{owner}" if button.data == "t" else button.data
        return Button(button.text, data=f"{data}:{owner}" if data.startswith("t:-:") else data)

    return tuple(
        Page(f"{head}\n{page.html}", tuple(tuple(map(kept, row)) for row in page.buttons))
        for page in pages
    )


def _under(pages: tuple[Page, ...], button: Button) -> tuple[Page, ...]:
    """One more row under the last page."""
    last = pages[-1]
    return (*pages[:-1], Page(last.html, (*last.buttons, (button,))))


def _with_calendar(visit: Visit, pages: tuple[Page, ...]) -> tuple[Page, ...]:
    """The way to subscribe to the days under the last page, where the office offers it."""
    if not visit.desk.office.calendar_url or not pages:
        return pages
    query = {"language": visit.language}
    if visit.choices.topics:
        query["topics"] = ",".join(visit.choices.topics)
    url = f"{visit.desk.office.calendar_url}?{urlencode(query, safe=',')}"
    return _under(pages, Button(visit._("Into my calendar"), url=url))


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
