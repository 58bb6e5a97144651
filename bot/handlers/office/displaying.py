"""The card of a broadcast: where it stands, its review, its sums, and what can be done now."""

from collections.abc import Mapping
from typing import Any

from bot.domain.approval import Verdict, may_act
from bot.domain.broadcast import BroadcastState
from bot.domain.content import visible
from bot.domain.followup import FollowUp
from bot.errors import RefusedError
from bot.handlers.desk import Desk
from bot.handlers.office import acknowledging, reviewing, tracing
from bot.handlers.office.following import RECALLABLE
from bot.handlers.office.standing import (
    Reader,
    plan_lines,
    progress_words,
    reasons_words,
    roles_of,
    state_words,
)
from bot.handlers.visit import escape
from bot.handlers.wording import duration_words, sums_words
from bot.storage import audits, broadcasts, followups, pushes, reviews
from bot.texts import Translate
from digests import Button


async def card(desk: Desk, broadcast_id: int, reader: Reader) -> tuple[str, list[list[Button]]]:
    """Where a broadcast stands, its sums, and what can be done now."""
    _ = desk.texts.translate(reader.language)
    async with desk.database.read() as connection:
        row = await broadcasts.get(connection, broadcast_id)
        if row is None:
            raise RefusedError("That broadcast is not here any more.")
        state = BroadcastState(row["state"])
        lines = [
            f"<b>{_('Broadcast')} {broadcast_id}</b> · {state_words(state, _)}",
            escape(visible(row["content"].get("text", ""))[:80]),
        ]
        if state in {BroadcastState.REVIEW, BroadcastState.SCHEDULED}:
            lines += await plan_lines(connection, row, desk, reader, _)
        lines += await _submitted(connection, row, reader, _)
        review = await tracing.on_card(connection, row, desk.rules.stages, reader, _)
        lines += [escape(said) for said in review]
        lines += await _gone_out(connection, row, desk, reader, _)
        standing = await reviews.standing(connection, row, desk.rules.stages)
        acts = reader.user_id in may_act(standing, await roles_of(connection, desk.owners))
        after = await _afterwards(connection, row, _)
    name = _("Review form (.xlsx)")
    form = [Button(name, data=f"bc:{broadcast_id}:form")] if review else []
    rows = [*rows_of(row, standing.seal if acts else "", form, _), *after]
    return "\n".join(line for line in lines if line), rows


async def _afterwards(
    connection: Any, row: Mapping[str, Any], translate: Translate
) -> list[list[Button]]:
    """What can still be done to messages that are out: each once."""
    _ = translate
    gone_out = await pushes.of_broadcast(connection, row["id"])
    if not gone_out:
        return []
    data, rows = f"bc:{row['id']}", list[list[Button]]()
    begun = {one.kind for one in await followups.progress(connection, gone_out[0])}
    if row["content"].get("receipt"):
        table = Button(_("Receipts (.xlsx)"), data=f"{data}:acks")
        left = await followups.count(connection, gone_out[0], FollowUp.NUDGE)
        said = _("Remind who has not read ({count})").format(count=f"{left:,}")
        nudge = Button(said, data=f"{data}:nu")
        rows.append([table, *([nudge] if left and FollowUp.NUDGE not in begun else [])])
    may_recall = row["state"] in RECALLABLE and FollowUp.RECALL not in begun
    if may_recall and await followups.count(connection, gone_out[0], FollowUp.RECALL):
        rows.append([Button(_("Take back what was sent"), data=f"{data}:rc")])
    return rows


async def _gone_out(
    connection: Any, row: Mapping[str, Any], desk: Desk, reader: Reader, translate: Translate
) -> list[str]:
    """The sums of its newest push, how long it still takes, why some did not arrive."""
    _ = translate
    gone_out = await pushes.of_broadcast(connection, row["id"])
    push = await pushes.get(connection, gone_out[0]) if gone_out else None
    if push is None:
        return []
    sums = await pushes.sums(connection, push["id"])
    lines = [sums_words(sums, _)]
    if row["state"] == BroadcastState.RUNNING:
        rate = desk.rules.per_second
        left = await pushes.time_left(connection, push["id"], reader.now, rate)
        if left is not None:
            words = duration_words(left.total_seconds(), _)
            lines.append(_("Still to go: {duration}").format(duration=words))
    lines += reasons_words(sums["reasons"], _)
    lines += await acknowledging.lines(connection, row, push["id"], reader, _)
    lines += [progress_words(one, _) for one in await followups.progress(connection, push["id"])]
    if push["reason"]:
        lines.append(_("Stopped by itself: {reason}").format(reason=escape(push["reason"])))
    return lines


async def _submitted(
    connection: Any, row: Mapping[str, Any], reader: Reader, _: Translate
) -> list[str]:
    """What a reviewer has to know: who wrote it, what the checks found, why it stayed so."""
    if row["state"] != BroadcastState.REVIEW:
        return []
    acts = await reviews.of_broadcast(connection, row["id"])
    lines = []
    names = [act["name"] for act in acts if act["verdict"] == Verdict.SUBMITTED][-1:]
    author = [str(row["created_by"])] if row["created_by"] is not None else []
    lines.append(_("Written by: {name}").format(name=escape(" · ".join([*names, *author]))))
    submitted = await audits.last(connection, "broadcast.submit", str(row["id"]))
    detail = submitted["detail"] if submitted is not None else {}
    return lines + [escape(said) for said in reviewing.kept_lines(detail, reader.today, _)]


def rows_of(
    row: Mapping[str, Any], seal: str, form: list[Button], translate: Translate
) -> list[list[Button]]:
    """What can be done now; ``seal``: what this reader's act on the open stage would bind."""
    _ = translate
    data = f"bc:{row['id']}"
    state = BroadcastState(row["state"])
    edit = Button(_("Change"), data=f"{data}:edit")
    cancel = Button(_("Cancel it"), data=f"{data}:no")
    table = Button(_("Table (.xlsx)"), data=f"{data}:xlsx")
    match state:
        case BroadcastState.REVIEW:
            approve = Button(_("Approve"), data=f"{data}:ok:{seal}")
            back = Button(_("Send back"), data=f"{data}:back:{seal}")
            return [*([[approve, back]] if seal else []), [edit, cancel], form]
        case BroadcastState.SCHEDULED:
            return [[edit, cancel], form]
        case BroadcastState.RUNNING:
            return [[Button(_("Pause it"), data=f"{data}:pause"), cancel], [table, *form]]
        case BroadcastState.PAUSED:
            return [[Button(_("Go on"), data=f"{data}:go"), cancel], [table, *form]]
        case BroadcastState.DRAFT:
            return [[edit, *form]]  # sent back, or left while it was changed
        case BroadcastState.DONE | BroadcastState.CANCELLED:
            return [[table, *form]]
