"""What an editor puts right in words: title, date, validity, the time of publishing, a note."""

import dataclasses
from datetime import timedelta
from typing import Any

import digests
from bot.domain.moment import parse_day, parse_time
from bot.domain.office import Publicity, ReportState, Right
from bot.errors import RefusedError
from bot.handlers import dialogues
from bot.handlers.office import deciding
from bot.handlers.office.reporting import card
from bot.handlers.visit import Visit
from bot.storage import audits, reports, tasks


async def ask_time(visit: Visit, key: str, _more: str) -> None:
    question = visit._("When shall it be published? For example: tomorrow 8:30.")
    await dialogues.ask(visit, "report_time", {"key": key}, question)


async def ask_title(visit: Visit, key: str, _more: str) -> None:
    await dialogues.ask(
        visit, "report_title", {"key": key}, visit._("Send the title as it should stand.")
    )


async def ask_date(visit: Visit, key: str, _more: str) -> None:
    question = visit._("Send the date of issue, for example 2020-07-17.")
    await dialogues.ask(visit, "report_date", {"key": key}, question)


async def ask_validity(visit: Visit, key: str, _more: str) -> None:
    question = visit._("Until what day is it pushed? For example 2020-12-31; a dash: for good.")
    await dialogues.ask(visit, "report_until", {"key": key}, question)


# ---- the answers ----


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
    await _correct(visit, content["key"], issued_on=parse_day(text, visit.today))


async def valid(visit: Visit, content: dict[str, Any], text: str) -> None:
    """Until when a report is pushed; after that it is only looked up."""
    await visit.need(Right.WRITE)
    word = text.strip()
    until = None if word in {"-", "—", "－"} else parse_day(word, visit.today)
    async with visit.desk.database.write() as connection:
        await reports.change(connection, content["key"], visit.now, valid_until=until)
        await audits.record(
            connection, visit.now, visit.user_id, "report.until", content["key"], until=str(until)
        )
    await visit.desk.library.refresh()
    await visit.say(*await card(visit, content["key"]))


async def _correct(visit: Visit, key: str, **changes: Any) -> None:
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
    await visit.say(visit._("The note is kept."))
    await deciding.show_task(visit, content["key"], content["task"])
