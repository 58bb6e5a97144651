"""/audit: who did what, when, in words."""

from bot.domain.office import Right
from bot.handlers.visit import Visit, escape
from bot.handlers.wording import moment_words
from bot.storage import audits, reports
from bot.texts import Translate

LISTED = 20
TITLE = 24  # characters of a report's title


async def audit(visit: Visit) -> None:
    """/audit: the newest acts."""
    await visit.need(Right.ROLES)
    _ = visit._
    async with visit.desk.database.read() as connection:
        rows = await audits.latest(connection, LISTED)
        keys = {row["subject"].partition(":")[0] for row in rows if _on_report(row["act"])}
        known = {key: await reports.get(connection, key) for key in keys}
    if not rows:
        await visit.say(_("Nothing has been recorded yet."))
        return
    zone = visit.choices.zone
    lines = []
    for row in rows:
        when = moment_words(row["at"], zone, visit.now, visit.language, _)
        report = known.get(row["subject"].partition(":")[0]) if _on_report(row["act"]) else None
        subject = row["subject"] if report is None else report["title"][:TITLE]
        who = row["user_id"] or _("the program")
        act = act_words(row["act"], _)
        gap = "" if act.endswith("：") else " "
        why = row["detail"].get("reason", "")
        said = f"{when} · {who} · {act}{gap}{escape(subject)}".rstrip()
        lines.append(said + (f"（{escape(str(why))}）" if why else ""))
    await visit.say("\n".join(lines))


def _on_report(act: str) -> bool:
    return act.startswith(("passage.", "report.", "task."))


def act_words(act: str, translate: Translate) -> str:
    """What was done, in words; an act without words of its own stands as it is."""
    _ = translate
    names = {
        "broadcast.approve": _("approved broadcast"),
        "broadcast.cancelled": _("cancelled broadcast"),
        "broadcast.edit": _("reopened broadcast"),
        "broadcast.paused": _("paused broadcast"),
        "broadcast.nudge": _("reminded once of broadcast"),
        "broadcast.recall": _("took back the messages of broadcast"),
        "broadcast.reject": _("sent back broadcast"),
        "broadcast.running": _("went on with broadcast"),
        "broadcast.schedule": _("scheduled broadcast"),
        "broadcast.submit": _("submitted broadcast"),
        "halt": _("stopped everything"),
        "passage.handle": _("decided on a passage of"),
        "push.go": _("went on with push"),
        "push.no": _("cancelled push"),
        "push.pause": _("paused push"),
        "report.add": _("added report"),
        "report.correct": _("corrected report"),
        "report.publicity": _("decided who may see report"),
        "report.publish": _("published report"),
        "report.replace": _("replaced report"),
        "report.schedule": _("set the time of publishing of report"),
        "report.until": _("set the validity of report"),
        "report.withdraw": _("withdrew report"),
        "resume": _("went on after the stop"),
        "role.accept": _("took up a role:"),
        "role.config": _("owner by the config file:"),
        "role.invite": _("made an admin's link"),
        "role.set": _("changed the role of"),
        "synonym.add": _("added a synonym"),
        "synonym.drop": _("took a synonym back"),
        "task.accept": _("accepted the tasks of"),
        "task.asked": _("asked whether a task still holds, in"),
        "task.decide": _("decided on a task of"),
        "task.note": _("wrote a note on a task of"),
    }
    return names.get(act, act)
