"""已阅: the tap under a broadcast, what is counted of it, and the table to take away.

Only where an admin asked for it; it counts who has received it, and ranks nobody.
"""

import asyncio
import tempfile
from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from telegram import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, InputFile, Message
from telegram.error import BadRequest

from bot.errors import RefusedError
from bot.handlers.office.standing import Reader
from bot.handlers.visit import Visit
from bot.handlers.welcoming import roles
from bot.handlers.wording import clock_words, moment_words
from bot.storage import pushes, receipts
from bot.texts import Translate

BATCH = 20_000
Tally = tuple[str, str, int, int]  # kind, role, how many got it, how many tapped


async def press(visit: Visit) -> None:
    """k:TOKEN: the first tap counts, each further one is told when that was."""
    _ = visit._
    async with visit.desk.database.read() as connection:
        found = await receipts.find(connection, visit.chat_id, visit.argument)
    if found is None:
        if visit.is_member:
            raise RefusedError("This is a preview: taps count under the message that went out.")
        raise RefusedError("This button is not valid any more.")
    async with visit.desk.database.write() as connection:
        at, first = await receipts.put(connection, found["id"], visit.chat_id, visit.now)
    local = at.astimezone(ZoneInfo(visit.choices.zone))
    said = _("Read {time}").format(time=clock_words(local))
    late = visit.now > datetime.fromisoformat(found["content"]["receipt"]["until"])
    if first:
        await visit.toast(_("Thank you; it came after the deadline.") if late else _("Thank you."))
    else:
        await visit.toast(_("It has been counted: {said}.").format(said=said))
    if visit.press is not None:
        await _mark(visit.press, said)


async def _mark(press: CallbackQuery, said: str) -> None:
    """The button says when; the message's other buttons stay."""
    message = press.message
    if not isinstance(message, Message) or message.reply_markup is None:
        return
    rows = [
        [
            InlineKeyboardButton(said, callback_data=press.data)
            if button.callback_data == press.data
            else button
            for button in row
        ]
        for row in message.reply_markup.inline_keyboard
    ]
    try:
        await press.edit_message_reply_markup(InlineKeyboardMarkup(rows))
    except BadRequest as error:  # it says so already, or is too old
        if "not modified" not in str(error).lower() and "can't be edited" not in str(error).lower():
            raise


# ---- counting ----------------------------------------------------------------------------------


async def lines(
    connection: Any, row: Mapping[str, Any], push_id: int, reader: Reader, translate: Translate
) -> list[str]:
    """已阅 12/30（村（社区）5/10、群 2/3），截止…; nothing where nobody asked."""
    _ = translate
    receipt = row["content"].get("receipt")
    if not receipt:
        return []
    tallies = await receipts.tallies(connection, push_id)
    got, tapped = sum(t[2] for t in tallies), sum(t[3] for t in tallies)
    groups = _by_group(tallies, _)
    each = _(", ").join(f"{name} {b:,}/{a:,}" for name, (a, b) in groups.items())
    until = datetime.fromisoformat(receipt["until"])
    when = moment_words(until, reader.zone, reader.now, reader.language, _)
    said = _("Read: {tapped} of {got} ({each}); until {when}.")
    return [said.format(tapped=f"{tapped:,}", got=f"{got:,}", each=each or "—", when=when)]


def _by_group(tallies: list[Tally], translate: Translate) -> dict[str, tuple[int, int]]:
    got: Counter[str] = Counter()
    tapped: Counter[str] = Counter()
    for kind, role, arrived, read in tallies:
        name = group_words(kind, role, translate)
        got[name] += arrived
        tapped[name] += read
    return {name: (got[name], tapped[name]) for name in got}


def group_words(kind: str, role: str, translate: Translate) -> str:
    """村（社区）, 群, 频道, 其他."""
    _ = translate
    if kind in {"group", "supergroup"}:
        return _("Groups")
    if kind == "channel":
        return _("Channels")
    named = {str(button.data): button.text for row in roles(_) for button in row}
    return named.get(f"role:{role}", _("Others")) if role else _("Others")


# ---- the table ---------------------------------------------------------------------------------


async def send_table(visit: Visit, broadcast_id: int, _more: str) -> None:
    """bc:ID:acks: a line per chat, in the order of their numbers."""
    _ = visit._
    async with visit.desk.database.read() as connection:
        gone_out = await pushes.of_broadcast(connection, broadcast_id)
    if not gone_out:
        raise RefusedError("Nothing of it went out, so there is no table.")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"receipts-{broadcast_id}.xlsx"
        await _write(visit, path, gone_out[0])
        data = await asyncio.to_thread(path.read_bytes)
    await visit.bot.send_document(
        visit.chat_id, InputFile(data, filename=path.name), caption=_("Receipts")
    )


async def _write(visit: Visit, path: Path, push_id: int) -> None:
    import xlsxwriter

    _ = visit._
    zone = ZoneInfo(visit.choices.zone)
    options = {"constant_memory": True, "strings_to_formulas": False}
    book = xlsxwriter.Workbook(str(path), options)
    sheet = book.add_worksheet(_("Receipts"))
    sheet.write_row(0, 0, [_("chat"), _("Group"), _("delivered"), _("Read")])
    place, after = 0, None
    while True:
        async with visit.desk.database.read() as connection:
            batch = await receipts.lines(connection, push_id, BATCH, after)
        if not batch:
            break
        after = batch[-1]["chat_id"]
        for line in batch:
            place += 1
            group = group_words(line["kind"] or "", line["role"] or "", _)
            at = line["at"]
            read = f"{at.astimezone(zone):%Y-%m-%d %H:%M} {zone}" if at else ""
            arrived = "✓" if line["state"] == "sent" else ""
            sheet.write_row(place, 0, [str(line["chat_id"]), group, arrived, read])
    await asyncio.to_thread(book.close)
