"""A report as its editors see it: what was read, where it stands, what can be done."""

from collections.abc import Mapping
from typing import Any

import digests
from bot.domain.office import Publicity, ReportState, TaskState
from bot.errors import RefusedError
from bot.handlers.office import deciding, handling
from bot.handlers.paging import turns
from bot.handlers.visit import Visit, escape, number
from bot.handlers.wording import moment_words
from bot.storage import reports, tasks
from bot.texts import Translate
from digests import Button, day_in_year, full_day

WARNINGS = 5
HEADINGS = 24  # of a page of contents
Rows = list[list[Button]]


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
    reminding = sum(deciding.reminds(task, visit.today) for task in found)
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
        _(
            "Tasks found: {count}, of which {reminding} have days to come and remind;"
            " to decide: {open}, accepted: {accepted}."
        ).format(
            count=len(found),
            reminding=reminding,
            open=states.count(TaskState.PROPOSED),
            accepted=states.count(TaskState.ACCEPTED),
        ),
    ]
    if row["publish_at"] is not None:
        when = moment_words(row["publish_at"], visit.choices.zone, visit.now, visit.language, _)
        lines.append(_("Publishes itself: {when}.").format(when=when))
    if row["valid_until"] is not None:
        day = day_in_year(row["valid_until"], visit.today, _)
        said = _("Pushed until {day}, looked up after that.")
        if row["valid_until"] < visit.today:
            said = _("Its validity ended on {day}: it is only looked up, nothing of it is pushed.")
        lines.append(said.format(day=day))
    lines.append(await handling.summary(visit, key, report))
    lines += [f"⚠ {escape(_(warning))}" for warning in report.warnings[:WARNINGS]]
    rows = _card_rows(row, states, _)
    if 0 < reminding < len(found):
        name = _("Those that remind ({count})").format(count=reminding)
        rows.insert(0, [Button(name, data=f"r:{key}:t:{deciding.DATED}0")])
    return "\n".join(line for line in lines if line), rows


async def contents(visit: Visit, key: str, page: str) -> None:
    """r:KEY:c:PAGE: the headings as they were read, before anybody else sees them."""
    _ = visit._
    async with visit.desk.database.read() as connection:
        report = await reports.load(connection, key)
    if report is None:
        raise RefusedError("That report is not here any more.")
    last = max(0, (len(report.sections) - 1) // HEADINGS)
    at = min(number(page or "0", 0, 10_000), last)
    lines = [
        f"{'　' * (section.level - 1)}{escape(_heading(section))}"
        for section in report.sections[at * HEADINGS :][:HEADINGS]
    ]
    text = "\n".join(lines) or _("No headings were found in it.")
    back = Button(_("‹ Back"), data=f"r:{key}")
    await visit.turn(text, turns(f"r:{key}:c:", at, last, back, _))


def _heading(section: digests.Section) -> str:
    label = f"{section.label} " if section.label else ""
    return label + section.heading[:40]


def _issued(row: Mapping[str, Any], visit: Visit) -> str:
    _ = visit._
    if row["issued_on"] is None:
        return _("no date found")
    return _("issued {day}").format(day=full_day(row["issued_on"], _))


def _card_rows(row: Mapping[str, Any], states: list[str], translate: Translate) -> Rows:
    _ = translate
    key, state = row["key"], ReportState(row["state"])
    rows: Rows = [
        [
            Button(_("Tasks one by one"), data=f"r:{key}:t:0"),
            Button(_("Contents"), data=f"r:{key}:c:0"),
            Button(_("Passages"), data=f"r:{key}:x:0"),
        ],
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
                Button(_("Withdraw"), data=f"r:{key}:wd"),
                Button(_("Replaces an older one"), data=f"r:{key}:rep"),
            ]
        )
    if state in {ReportState.WITHDRAWN, ReportState.REPLACED}:
        rows.append([Button(_("Messages that carried it (.xlsx)"), data=f"r:{key}:sent")])
    rows.append([Button(_("All reports"), data="r")])
    return rows
