"""/reports: a file or a link becomes a report; what was read is shown, decided, published.

Nothing goes out by itself: a new report is a draft until an editor publishes it, and a task reminds
nobody until somebody accepted its dates.
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

import digests
from bot.domain.office import Publicity, ReportState, Right, TaskState
from bot.domain.publicity import propose
from bot.errors import RefusedError
from bot.handlers import dialogues
from bot.handlers.desk import Desk
from bot.handlers.visit import Visit, escape, number
from bot.handlers.wording import moment_words, plain_day
from bot.storage import audits, reports, tasks
from bot.texts import Translate
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


def state_words(state: ReportState, translate: Translate) -> str:
    """Where a report stands, in words."""
    _ = translate
    names = {
        ReportState.DRAFT: _("draft"),
        ReportState.PUBLISHED: _("published"),
        ReportState.WITHDRAWN: _("withdrawn"),
        ReportState.REPLACED: _("replaced"),
    }
    return names[state]


def publicity_words(publicity: Publicity, translate: Translate) -> str:
    """Who may see it, in words."""
    _ = translate
    names = {
        Publicity.PUBLIC: _("public"),
        Publicity.MEMBERS: _("this office only"),
        Publicity.UNDECIDED: _("undecided"),
    }
    return names[publicity]


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


# ---- the card --------------------------------------------------------------------------------


async def card(visit: Visit, key: str) -> tuple[str, Rows]:
    """What was read, where it stands, what can be done."""
    _ = visit._
    async with visit.desk.database.read() as connection:
        row = await reports.get(connection, key)
        report = await reports.load(connection, key)
        found = await tasks.of_report(connection, key)
    if row is None or report is None:
        raise RefusedError("That report is not here any more.")
    states = [task["state"] for task in found]
    lines = [
        f"<b>{escape(row['title'])}</b>",
        " · ".join(
            [
                escape(report.issuer) if report.issuer else _("issuer not found"),
                _issued(row, visit),
                _("{count} characters").format(count=f"{len(report.text):,}"),
                _("{count} sections").format(count=len(report.sections)),
            ]
        ),
        _("State: {state}. Who may see it: {publicity}.").format(
            state=state_words(ReportState(row["state"]), _),
            publicity=publicity_words(Publicity(row["publicity"]), _),
        ),
        _("Tasks found: {count}, to decide: {open}, accepted: {accepted}.").format(
            count=len(found),
            open=states.count(TaskState.PROPOSED),
            accepted=states.count(TaskState.ACCEPTED),
        ),
    ]
    if row["publish_at"] is not None:
        when = moment_words(row["publish_at"], visit.choices.zone, visit.now, visit.language, _)
        lines.append(_("Publishes itself: {when}.").format(when=when))
    if row["valid_until"] is not None:
        day = plain_day(row["valid_until"], visit.today, _)
        lines.append(_("Pushed until {day}, looked up after that.").format(day=day))
    lines += [f"⚠ {escape(_(warning))}" for warning in report.warnings[:WARNINGS]]
    return "\n".join(lines), _card_rows(row, states, _)


def _issued(row: Mapping[str, Any], visit: Visit) -> str:
    _ = visit._
    if row["issued_on"] is None:
        return _("no date found")
    return _("issued {day}").format(day=plain_day(row["issued_on"], visit.today, _))


def _card_rows(row: Mapping[str, Any], states: list[str], translate: Translate) -> Rows:
    _ = translate
    key, state = row["key"], ReportState(row["state"])
    rows: Rows = [
        [Button(_("Tasks one by one"), data=f"r:{key}:t:0")],
        [
            Button(("✓ " if row["publicity"] == publicity else "") + words, data=f"r:{key}:{verb}")
            for publicity, words, verb in (
                (Publicity.PUBLIC, _("Public"), "pub"),
                (Publicity.MEMBERS, _("This office only"), "mem"),
                (Publicity.UNDECIDED, _("Undecided"), "und"),
            )
        ],
        [
            Button(_("Correct the title"), data=f"r:{key}:title"),
            Button(_("Correct the date"), data=f"r:{key}:date"),
            Button(_("Valid until"), data=f"r:{key}:until"),
        ],
    ]
    if TaskState.PROPOSED in states:
        rows[0].insert(0, Button(_("Accept all tasks"), data=f"r:{key}:acc"))
    if state in {ReportState.DRAFT, ReportState.WITHDRAWN}:
        rows.append(
            [
                Button(_("Publish now"), data=f"r:{key}:go"),
                *(
                    [Button(_("Publish at …"), data=f"r:{key}:at")]
                    if state is ReportState.DRAFT
                    else []
                ),
                Button(_("Replaces an older one"), data=f"r:{key}:rep"),
            ]
        )
    if state is ReportState.PUBLISHED:
        rows.append(
            [
                Button(_("Contents"), data=f"c:{key}"),
                Button(_("Withdraw"), data=f"r:{key}:wd"),
                Button(_("Replaces an older one"), data=f"r:{key}:rep"),
            ]
        )
    rows.append([Button(_("All reports"), data="r")])
    return rows


# ---- acting ----------------------------------------------------------------------------------

Act = Callable[[Visit, str, str], Awaitable[None]]
_PUBLICITY = {"pub": Publicity.PUBLIC, "mem": Publicity.MEMBERS, "und": Publicity.UNDECIDED}


async def press(visit: Visit) -> None:
    """r[:KEY[:ACT[:MORE]]]."""
    key, act, more = visit.arguments(3)
    if not key:
        await listed(visit)
        return
    await visit.need(Right.LOOK if act in {"", "t"} else Right.WRITE)
    acts: dict[str, Act] = {
        "": _show,
        "t": _tasks,
        "acc": _accept_all,
        "go": _publish,
        "at": _ask_time,
        "title": _ask_title,
        "date": _ask_date,
        "until": _ask_validity,
        "rep": _replace,
        "wd": _withdraw,
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
    async with visit.desk.database.read() as connection:
        row = await reports.get(connection, key)
    if row is not None and row["publicity"] == Publicity.UNDECIDED:
        raise RefusedError("Please decide first who may see it: public, or this office only.")
    async with visit.desk.database.write() as connection:
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
    await visit.toast(_("Withdrawn."))
    await _show(visit, key)


async def _replace(visit: Visit, key: str, more: str) -> None:
    _ = visit._
    if more:
        async with visit.desk.database.write() as connection:
            await reports.replace(connection, more, key, visit.now)
            await audits.record(
                connection, visit.now, visit.user_id, "report.replace", key, old=more
            )
        await visit.desk.library.refresh()
        await visit.toast(_("Replaced."))
        await _show(visit, key)
        return
    async with visit.desk.database.read() as connection:
        rows = await reports.everything(connection, LISTED)
    others = [row for row in rows if row["state"] == ReportState.PUBLISHED and row["key"] != key]
    if not others:
        raise RefusedError("There is no other published report that it could replace.")
    buttons = [[Button(row["title"][:40], data=f"r:{key}:rep:{row['key']}")] for row in others]
    back = [Button(_("‹ Back"), data=f"r:{key}")]
    await visit.turn(_("Which one does it replace?"), [*buttons, back])


async def _ask_time(visit: Visit, key: str, _more: str) -> None:
    question = visit._("When shall it be published? For example: tomorrow 8:30.")
    await dialogues.ask(visit, "report_time", {"key": key}, question)


async def _ask_title(visit: Visit, key: str, _more: str) -> None:
    await dialogues.ask(
        visit, "report_title", {"key": key}, visit._("Send the title as it should stand.")
    )


async def _ask_date(visit: Visit, key: str, _more: str) -> None:
    question = visit._("Send the date of issue, for example 2020-07-17.")
    await dialogues.ask(visit, "report_date", {"key": key}, question)


async def _ask_validity(visit: Visit, key: str, _more: str) -> None:
    question = visit._("Until what day is it pushed? For example 2020-12-31; a dash: for good.")
    await dialogues.ask(visit, "report_until", {"key": key}, question)


# ---- tasks one by one ------------------------------------------------------------------------


async def _tasks(visit: Visit, key: str, more: str) -> None:
    _ = visit._
    async with visit.desk.database.read() as connection:
        found = await tasks.of_report(connection, key)
    if not found:
        raise RefusedError("No tasks were found in this report.")
    found = _in_order(found)
    last = (len(found) - 1) // TASKS_ON_A_PAGE
    page = min(number(more or "0", 0, 10_000), last)
    shown = found[page * TASKS_ON_A_PAGE :][:TASKS_ON_A_PAGE]
    lines = [
        _("Tasks {first} to {last} of {count}").format(
            first=page * TASKS_ON_A_PAGE + 1,
            last=page * TASKS_ON_A_PAGE + len(shown),
            count=len(found),
        )
    ]
    rows: Rows = []
    for place, row in enumerate(shown, page * TASKS_ON_A_PAGE + 1):
        lines.append(_task_lines(place, row, visit))
        rows.append(_task_buttons(place, row, key, _))
    turn = [Button("‹", data=f"r:{key}:t:{page - 1}")] if page else []
    if page < last:
        turn.append(Button("›", data=f"r:{key}:t:{page + 1}"))
    rows.append([*turn, Button(_("‹ Back"), data=f"r:{key}")])
    await visit.turn("\n".join(lines), rows)


def _in_order(found: list[tasks.Row]) -> list[tasks.Row]:
    """Those that would remind somebody come first; each group in the order of the text."""
    return sorted(found, key=lambda row: not row["task"].reminders)


def _task_lines(place: int, row: Mapping[str, Any], visit: Visit) -> str:
    _ = visit._
    task: digests.Task = row["task"]
    dates = " – ".join(
        plain_day(day, visit.today, _) for day in (task.first, task.last) if day is not None
    )
    facts = [
        f"“{task.expression}”" if task.expression else "",
        dates,
        task.cite,
        _("{count} reminders").format(count=len(task.reminders)) if task.reminders else "",
        task_words(TaskState(row["state"]), _),
    ]
    quote = task.quote if len(task.quote) <= 400 else task.quote[:400] + "…"  # noqa: PLR2004
    note = f"\n{_('Note of this office')}: {escape(row['note'])}" if row["note"] else ""
    head = escape(" · ".join(fact for fact in facts if fact))
    first = f"{place}  <b>{escape(task.title)}</b> · {head}"
    return f"{first}\n<blockquote>{escape(quote)}</blockquote>{note}"


def task_words(state: TaskState, translate: Translate) -> str:
    """Where a task stands, in words."""
    _ = translate
    names = {
        TaskState.PROPOSED: _("to decide"),
        TaskState.ACCEPTED: _("accepted"),
        TaskState.DROPPED: _("dropped"),
        TaskState.DONE: _("settled"),
        TaskState.REVOKED: _("revoked"),
    }
    return names[state]


def _task_buttons(
    place: int, row: Mapping[str, Any], key: str, translate: Translate
) -> list[Button]:
    _ = translate
    state, data = TaskState(row["state"]), f"rt:{key}:{row['key']}"
    accept = Button(f"{place} ✓ " + _("Accept"), data=f"{data}:a")
    drop = Button(f"{place} ✗ " + _("Drop"), data=f"{data}:d")
    note = Button(f"{place} " + _("Note"), data=f"{data}:n")
    if state is TaskState.PROPOSED:
        return [accept, drop, note]
    if state is TaskState.ACCEPTED:
        return [drop, Button(f"{place} " + _("Settled"), data=f"{data}:s"), note]
    return [accept]


_TASK_ACTS = {
    "a": TaskState.ACCEPTED,
    "d": TaskState.DROPPED,
    "s": TaskState.DONE,
    "v": TaskState.REVOKED,
}


async def press_task(visit: Visit) -> None:
    """rt:KEY:TASK:a|d|s|v|n; k: asked whether it still holds, and it does."""
    await visit.need(Right.WRITE)
    key, task, act = visit.arguments(3)
    if act == "k":
        await visit.toast(visit._("The reminders go on."))
        return
    if act == "n":
        await dialogues.ask(
            visit,
            "task_note",
            {"key": key, "task": task},
            visit._("Send the note; it stands apart from the original words."),
        )
        return
    if act not in _TASK_ACTS:
        raise RefusedError("This button is not valid any more.")
    async with visit.desk.database.write() as connection:
        await tasks.decide(connection, key, task, _TASK_ACTS[act], visit.user_id, visit.now)
        await audits.record(
            connection, visit.now, visit.user_id, "task.decide", f"{key}:{task}", to=_TASK_ACTS[act]
        )
        found = await tasks.of_report(connection, key)
    await visit.desk.library.refresh()
    found = _in_order(found)
    place = next((i for i, row in enumerate(found) if row["key"] == task), None)
    if place is None:
        raise RefusedError("That task is not here any more.")
    await _tasks(visit, key, str(place // TASKS_ON_A_PAGE))


# ---- answers in words ------------------------------------------------------------------------


async def titled(visit: Visit, content: dict[str, Any], text: str) -> None:
    """The corrected title."""
    await visit.need(Right.WRITE)
    title = " ".join(text.split())
    if not 1 < len(title) <= 200:  # noqa: PLR2004 -- a title
        raise RefusedError("A title has 2 to 200 characters. Please send it again.")
    await _correct(visit, content["key"], title=title)


async def dated(visit: Visit, content: dict[str, Any], text: str) -> None:
    """The corrected date of issue; the tasks' dates are reckoned anew from it."""
    await visit.need(Right.WRITE)
    await _correct(visit, content["key"], issued_on=_read_day(text.strip()))


async def valid(visit: Visit, content: dict[str, Any], text: str) -> None:
    """Until when a report is pushed; after that it is only looked up."""
    await visit.need(Right.WRITE)
    word = text.strip()
    until = None if word in {"-", "—", "－"} else _read_day(word)
    async with visit.desk.database.write() as connection:
        await reports.change(connection, content["key"], visit.now, valid_until=until)
        await audits.record(
            connection, visit.now, visit.user_id, "report.until", content["key"], until=str(until)
        )
    await visit.desk.library.refresh()
    await visit.say(*await card(visit, content["key"]))


def _read_day(word: str) -> date:
    try:
        return date.fromisoformat(word)
    except ValueError:
        raise RefusedError("Please write the date like 2020-07-17.") from None


async def _correct(visit: Visit, key: str, **changes: Any) -> None:
    import dataclasses

    async with visit.desk.database.write() as connection:
        report = await reports.load(connection, key)
        if report is None:
            raise RefusedError("That report is not here any more.")
        report = dataclasses.replace(report, **changes)
        await reports.correct(connection, key, report, visit.now)
        if "issued_on" in changes:
            await tasks.reckon(connection, key, digests.extract_tasks(report), visit.now)
        await audits.record(
            connection,
            visit.now,
            visit.user_id,
            "report.correct",
            key,
            **{name: str(value) for name, value in changes.items()},
        )
    await visit.desk.library.refresh()
    await visit.say(*await card(visit, key))


async def timed(visit: Visit, content: dict[str, Any], text: str) -> None:
    """The time at which a report publishes itself."""
    from bot.domain.moment import parse_time

    await visit.need(Right.WRITE)
    _ = visit._
    when = parse_time(text, visit.now, visit.choices.zone)
    if when.recurrence is not None or when.at <= visit.now - timedelta(minutes=1):
        raise RefusedError("Please name one time that still lies ahead.")
    async with visit.desk.database.write() as connection:
        row = await reports.get(connection, content["key"])
        if row is None or row["state"] != ReportState.DRAFT:
            raise RefusedError("That is no longer possible: the report has changed meanwhile.")
        if row["publicity"] == Publicity.UNDECIDED:
            raise RefusedError("Please decide first who may see it: public, or this office only.")
        await reports.change(connection, content["key"], visit.now, publish_at=when.at)
        await audits.record(
            connection,
            visit.now,
            visit.user_id,
            "report.schedule",
            content["key"],
            at=when.at.isoformat(),
        )
    await visit.say(*await card(visit, content["key"]))


async def noted(visit: Visit, content: dict[str, Any], text: str) -> None:
    """The office's own note beside a task."""
    await visit.need(Right.WRITE)
    async with visit.desk.database.write() as connection:
        await tasks.annotate(
            connection,
            content["key"],
            content["task"],
            text.strip()[:500],
            visit.user_id,
            visit.now,
        )
        await audits.record(
            connection, visit.now, visit.user_id, "task.note", f"{content['key']}:{content['task']}"
        )
    await visit.desk.library.refresh()
    await visit.say(*await card(visit, content["key"]))


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
