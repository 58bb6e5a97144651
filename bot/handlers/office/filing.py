"""/reports: a file or a link becomes a report; what was read is shown, decided, published.

Nothing goes out by itself: a new report is a draft until an editor publishes it, and a task reminds
nobody until somebody accepted its dates.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime

import digests
from bot.domain.office import Publicity, ReportState, Right, TaskState
from bot.domain.publicity import propose
from bot.errors import RefusedError
from bot.handlers.desk import Desk
from bot.handlers.office import correcting, deciding, exporting, handling, reporting
from bot.handlers.office.reporting import card, state_words
from bot.handlers.visit import Visit, escape
from bot.storage import audits, handlings, reports, tasks
from digests import Button

TOO_BIG = 20 * 1024 * 1024  # what Telegram lets a bot download
TASKS_ON_A_PAGE = 4
LISTED = 20
WARNINGS = 5
Rows = list[list[Button]]


async def listed(visit: Visit) -> None:
    """/reports."""
    await visit.need(Right.LOOK)
    _ = visit._
    async with visit.desk.database.read() as connection:
        rows = await reports.everything(connection, LISTED)
    lines = [f"<b>{_('Reports')}</b>"]
    buttons = []
    for place, row in enumerate(rows, 1):
        state = state_words(ReportState(row["state"]), _)
        open_ = row["tasks"].get(TaskState.PROPOSED, 0)
        waiting = " · " + _("{count} tasks to decide").format(count=open_) if open_ else ""
        lines.append(f"{place}  {escape(row['title'][:60])} · {state}{waiting}")
        buttons.append(Button(str(place), data=f"r:{row['key']}"))
    lines.append(_("To add one, send the file (docx, pdf, html, txt, md) or its link."))
    await visit.turn("\n".join(lines), [buttons[i : i + 5] for i in range(0, len(buttons), 5)])


# ---- adding ----------------------------------------------------------------------------------


async def receive(visit: Visit) -> None:
    """A file in the chat: from an editor it becomes a report; others are told what works here."""
    message = visit.message
    document = message.document if message else None
    if document is None:
        return
    role_missing = await _not_an_editor(visit)
    if role_missing:
        if visit.private:
            await visit.say(visit._("Files are for the office's editors. Send words to look up."))
        return
    if (document.file_size or 0) > TOO_BIG:
        raise RefusedError("The file is larger than the 20 MB Telegram lets a bot fetch.")
    await visit.say(visit._("Reading “{name}” …").format(name=escape(document.file_name or "—")))
    file = await visit.bot.get_file(document.file_id)
    data = bytes(await file.download_as_bytearray())
    await _add(visit, data, document.file_name or "report")


async def receive_link(visit: Visit) -> None:
    """A link alone in a message from an editor."""
    await visit.need(Right.WRITE)
    data, name = await visit.desk.fetch(visit.argument.strip())
    await _add(visit, data, name)


async def _not_an_editor(visit: Visit) -> bool:
    try:
        await visit.need(Right.WRITE)
    except RefusedError:
        return True
    return not visit.private


async def _add(visit: Visit, data: bytes, name: str) -> None:
    report = await visit.desk.intake(data, name)
    found = digests.extract_tasks(report)
    async with visit.desk.database.write() as connection:
        added = await reports.add(
            connection,
            report,
            found,
            now=visit.now,
            added_by=visit.user_id,
            state=ReportState.DRAFT,
            publicity=propose(report),
        )
        await audits.record(
            connection, visit.now, visit.user_id, "report.add", added.key, name=name[:80]
        )
    if not added.new:
        await visit.say(visit._("This very file is here already."))
    await visit.say(*await card(visit, added.key))


# ---- acting ----------------------------------------------------------------------------------

Act = Callable[[Visit, str, str], Awaitable[None]]
_PUBLICITY = {"pub": Publicity.PUBLIC, "mem": Publicity.MEMBERS, "und": Publicity.UNDECIDED}


async def press(visit: Visit) -> None:
    """r[:KEY[:ACT[:MORE]]]."""
    key, act, more = visit.arguments(3)
    if not key:
        await listed(visit)
        return
    await visit.need(Right.LOOK if act in {"", "c", "t", "x"} else Right.WRITE)
    acts: dict[str, Act] = {
        "": _show,
        "t": deciding.show,
        "acc": _accept_all,
        "go": _publish,
        "at": correcting.ask_time,
        "title": correcting.ask_title,
        "date": correcting.ask_date,
        "until": correcting.ask_validity,
        "rep": _replace,
        "repyes": _replace_now,
        "wd": _withdraw,
        "sent": _sent,
        "x": handling.show,
        "c": reporting.contents,
    }
    if act in _PUBLICITY:
        await _set_publicity(visit, key, _PUBLICITY[act])
    elif act in acts:
        await acts[act](visit, key, more)
    else:
        raise RefusedError("This button is not valid any more.")


async def _show(visit: Visit, key: str, _more: str = "") -> None:
    await visit.turn(*await card(visit, key))


async def _set_publicity(visit: Visit, key: str, publicity: Publicity) -> None:
    async with visit.desk.database.write() as connection:
        await reports.change(connection, key, visit.now, publicity=publicity)
        await audits.record(
            connection, visit.now, visit.user_id, "report.publicity", key, publicity=publicity
        )
    await visit.desk.library.refresh()
    await _show(visit, key)


async def _accept_all(visit: Visit, key: str, _more: str) -> None:
    async with visit.desk.database.write() as connection:
        count = await tasks.decide(
            connection, key, None, TaskState.ACCEPTED, visit.user_id, visit.now
        )
        await audits.record(connection, visit.now, visit.user_id, "task.accept", key, count=count)
    await visit.desk.library.refresh()
    await visit.toast(visit._("{count} tasks accepted.").format(count=count))
    await _show(visit, key)


async def _publish(visit: Visit, key: str, _more: str) -> None:
    _ = visit._
    async with visit.desk.database.write() as connection:
        row = await reports.get(connection, key)
        if row is not None and row["publicity"] == Publicity.UNDECIDED:
            raise RefusedError("Please decide first who may see it: public, or this office only.")
        await reports.move(connection, key, ReportState.PUBLISHED, visit.now)
        await audits.record(connection, visit.now, visit.user_id, "report.publish", key)
    await visit.desk.library.refresh()
    await visit.toast(_("Published. It joins the reading plan from the next digest on."))
    await _show(visit, key)


async def _withdraw(visit: Visit, key: str, more: str) -> None:
    _ = visit._
    if more != "yes":
        await visit.turn(
            _("Withdraw it? Look-ups, digests, old buttons and links will say it is withdrawn."),
            [
                [
                    Button(_("Withdraw"), data=f"r:{key}:wd:yes"),
                    Button(_("Keep"), data=f"r:{key}"),
                ]
            ],
        )
        return
    async with visit.desk.database.write() as connection:
        await reports.move(connection, key, ReportState.WITHDRAWN, visit.now)
        await audits.record(connection, visit.now, visit.user_id, "report.withdraw", key)
    await visit.desk.library.refresh()
    await handling.call_back(visit, key)
    await visit.toast(_("Withdrawn."))
    await _show(visit, key)


async def _sent(visit: Visit, key: str, _more: str) -> None:
    await exporting.of_report(visit, key)


async def _replace(visit: Visit, key: str, more: str) -> None:
    """r:KEY:rep[:OLD]: which one, then asked once more."""
    _ = visit._
    async with visit.desk.database.read() as connection:
        new = await reports.get(connection, key)
        old = await reports.get(connection, more) if more else None
        rows = await reports.everything(connection, LISTED)
    if new is None or (more and old is None):
        raise RefusedError("That report is not here any more.")
    if new["publicity"] == Publicity.UNDECIDED:
        raise RefusedError("Please decide first who may see it: public, or this office only.")
    if old is not None:
        said = _(
            "Replace “{old}” by “{new}”? The old one's buttons and links will say so,"
            " and the new one is published."
        )
        yes = Button(_("Replace"), data=f"r:{key}:repyes:{more}")
        await visit.turn(
            said.format(old=escape(old["title"]), new=escape(new["title"])),
            [[yes, Button(_("Keep"), data=f"r:{key}")]],
        )
        return
    others = [row for row in rows if row["state"] == ReportState.PUBLISHED and row["key"] != key]
    if not others:
        raise RefusedError("There is no other published report that it could replace.")
    buttons = [[Button(row["title"][:40], data=f"r:{key}:rep:{row['key']}")] for row in others]
    back = [Button(_("‹ Back"), data=f"r:{key}")]
    await visit.turn(_("Which one does it replace?"), [*buttons, back])


async def _replace_now(visit: Visit, key: str, old: str) -> None:
    """r:KEY:repyes:OLD."""
    async with visit.desk.database.write() as connection:
        await reports.replace(connection, old, key, visit.now)
        by = visit.user_id
        kept, lost = await handlings.carry_over(connection, old, key, by, visit.now)
        await audits.record(
            connection,
            visit.now,
            visit.user_id,
            "report.replace",
            key,
            old=old,
            kept=kept,
            lost=lost,
        )
    await visit.desk.library.refresh()
    await handling.call_back(visit, old)
    text = visit._("Replaced.")
    if lost:
        said = visit._("Decisions on passages that are not in it any more: {count}. Please look.")
        text = f"{text} {said.format(count=lost)}"
    await visit.toast(text, alert=bool(lost))
    await _show(visit, key)


async def publish_due(desk: Desk, now: datetime) -> None:
    """Publish what was to be published by now."""
    async with desk.database.read() as connection:
        waiting = await reports.is_publish_due(connection, now)
    if not waiting:
        return
    async with desk.database.write() as connection:
        for key in await reports.publish_due(connection, now):
            await audits.record(connection, now, None, "report.publish", key)
    await desk.library.refresh()
