"""/halt and /resume: everything stops with one command, and it says how to go on."""

from bot.domain.office import Right
from bot.handlers.visit import Visit
from bot.storage import audits, halts
from digests import Button


async def halt(visit: Visit) -> None:
    """/halt: nothing more leaves, from now on; replies go on."""
    await visit.need(Right.WRITE)
    _ = visit._
    async with visit.desk.database.write() as connection:
        await halts.stop(connection, visit.user_id, visit.now)
        await audits.record(connection, visit.now, visit.user_id, "halt")
    await visit.say(
        _("Everything is stopped: no digest and no broadcast leaves. Look-ups go on.")
        + "\n"
        + _("/resume goes on. What is past its latest time by then is skipped and listed."),
        [[Button(_("Go on"), data="resume")]],
    )


async def resume(visit: Visit) -> None:
    """/resume."""
    await visit.need(Right.WRITE)
    _ = visit._
    async with visit.desk.database.write() as connection:
        was = await halts.go_on(connection)
        await audits.record(connection, visit.now, visit.user_id, "resume")
    await visit.turn(_("It goes on.") if was else _("Nothing was stopped."))
