"""How a broadcast was reviewed: one line on its card, and a form to print with every round."""

import asyncio
import tempfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from telegram import InputFile

from bot.domain.approval import Verdict
from bot.domain.broadcast import BroadcastState
from bot.domain.content import visible
from bot.errors import RefusedError
from bot.handlers.office import reviewing
from bot.handlers.office.standing import Reader, plan_lines
from bot.handlers.visit import Visit
from bot.handlers.wording import clock_words, moment_words
from bot.storage import audits, broadcasts, reviews
from bot.texts import Translate
from digests import day_in_year

Row = Mapping[str, Any]
Line = tuple[str, str]


def stage_names(stages: int, translate: Translate) -> tuple[str, ...]:
    """审核 alone, 初审 and 终审, or all three."""
    _ = translate
    first, second, final = _("First review"), _("Second review"), _("Final review")
    return {0: (), 1: (_("Review"),), 2: (first, final)}.get(stages, (first, second, final))


def line(
    acts: Sequence[Row], round_: int, stages: int, reader: Reader, translate: Translate
) -> str:
    """初审 王× 7月20日16:02 ✓ → 复审 待审 → 终审 待审; "" where nobody reviews."""
    _ = translate
    here = {act["stage"]: act for act in acts if act["round"] == round_ and act["stage"]}
    steps = []
    for place, name in enumerate(stage_names(stages, _), 1):
        act = here.get(place)
        steps.append(f"{name} {_('pending')}" if act is None else _step(name, act, reader, _))
    return " → ".join(steps)


def _step(name: str, act: Row, reader: Reader, translate: Translate) -> str:
    at = act["at"].astimezone(ZoneInfo(reader.zone))
    when = translate("{day} {time}").format(
        day=day_in_year(at.date(), reader.today, translate), time=clock_words(at)
    )
    mark = "✓" if act["verdict"] == Verdict.APPROVED else f"✗ {act['reason']}"
    return f"{name} {act['name']} {when} {mark}"


async def on_card(
    connection: Any, row: Row, stages: int, reader: Reader, translate: Translate
) -> list[str]:
    """The review's part of a card: the line, or why it was sent back."""
    _ = translate
    acts = await reviews.of_broadcast(connection, row["id"])
    if not acts:
        return []
    state = BroadcastState(row["state"])
    passed = max([stages, *(act["stage"] for act in acts if act["round"] == row["round"])])
    said = line(acts, row["round"], passed, reader, _)
    if state is BroadcastState.REVIEW:
        return [said, _("Any change begins the review anew.")]
    if state is not BroadcastState.DRAFT:
        return [said]
    last = acts[-1]
    if last["verdict"] != Verdict.RETURNED:
        return []
    text = _("Sent back by {name}: {reason}")
    return [text.format(name=last["name"], reason=last["reason"])]


# ---- the form ----------------------------------------------------------------------------------


async def send_form(visit: Visit, broadcast_id: int, _more: str = "") -> None:
    """bc:ID:form: what was to be sent, to whom, when, what was found, every round of review."""
    _ = visit._
    async with visit.desk.database.read() as connection:
        row = await broadcasts.get(connection, broadcast_id)
        if row is None:
            raise RefusedError("That broadcast is not here any more.")
        acts = await reviews.of_broadcast(connection, broadcast_id)
        submitted = await audits.last(connection, "broadcast.submit", str(broadcast_id))
        plan = await plan_lines(connection, row, visit.desk, Reader.of(visit), _)
    if not acts:
        raise RefusedError("It was never submitted for review, so there is no form.")
    found = reviewing.kept_lines(submitted["detail"] if submitted else {}, visit.today, _)
    lines = [
        (_("Number"), str(broadcast_id)),
        (_("Text"), visible(row["content"].get("text", ""))),
        *((_("Plan"), said) for said in plan),
        *((_("Checked"), said) for said in found),
        *_rounds(acts, max(visit.desk.rules.stages, row["stage"], 1), visit),
        (_("Fingerprint"), row["bound_sha256"]),
    ]
    title = " ".join(word for word in (visit.desk.office.name, _("Review form")) if word)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"review-{broadcast_id}.xlsx"
        await asyncio.to_thread(write_form, path, title, lines)
        data = await asyncio.to_thread(path.read_bytes)
    await visit.bot.send_document(visit.chat_id, InputFile(data, filename=path.name), caption=title)


def _rounds(acts: Sequence[Row], stages: int, visit: Visit) -> list[Line]:
    _ = visit._
    names = (_("Written"), *stage_names(max(stages, *(act["stage"] for act in acts)), _))
    verdicts = {
        Verdict.SUBMITTED: _("submitted"),
        Verdict.APPROVED: _("approved"),
        Verdict.RETURNED: _("sent back"),
    }

    def when(at: datetime) -> str:
        return moment_words(at, visit.choices.zone, visit.now, visit.language, _)

    return [
        (
            _("Round {number}: {stage}").format(number=act["round"], stage=names[act["stage"]]),
            f"{act['name']} {act['user_id'] or ''}  {verdicts[Verdict(act['verdict'])]}"
            f"  {when(act['at'])}  {act['reason']}".rstrip(),
        )
        for act in acts
    ]


def write_form(path: Path, title: str, lines: Sequence[Line]) -> None:
    """A page of A4, one line per fact; text in it never begins a formula."""
    import xlsxwriter

    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False}) as book:
        sheet = book.add_worksheet()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_column(0, 0, 18)
        sheet.set_column(1, 1, 72)
        head = book.add_format({"bold": True, "font_size": 16, "align": "center"})
        cell = {"text_wrap": True, "valign": "top", "border": 1}
        name, value = book.add_format({**cell, "bold": True}), book.add_format(cell)
        sheet.merge_range(0, 0, 0, 1, title, head)
        for place, (left, right) in enumerate(lines, 1):
            sheet.write_string(place, 0, left, name)
            sheet.write_string(place, 1, right, value)
