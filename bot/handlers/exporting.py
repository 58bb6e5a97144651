"""Who got what, as a table to take away (.xlsx)."""

import asyncio
import io
from collections.abc import Mapping, Sequence
from typing import Any

from telegram import InputFile

from bot.errors import RefusedError
from bot.handlers.visit import Visit
from bot.handlers.wording import sums_words
from bot.storage import outbox, pushes

EXPORTED = 1_000_000


async def of_broadcast(visit: Visit, broadcast_id: int) -> None:
    async with visit.desk.database.read() as connection:
        gone_out = await pushes.of_broadcast(connection, broadcast_id)
    if not gone_out:
        raise RefusedError("Nothing of it went out, so there is no table.")
    await of_push(visit, gone_out[0])


async def of_push(visit: Visit, push_id: int) -> None:
    """Who got what, as .xlsx: one sheet with the sums, one with a line per message."""
    _ = visit._
    async with visit.desk.database.read() as connection:
        sums = await pushes.sums(connection, push_id)
        rows = await outbox.of_push(connection, push_id, EXPORTED)
    headers = [_("chat"), _("part"), _("state"), _("reason"), _("message"), _("time")]
    data = await asyncio.to_thread(workbook, headers, rows, sums)
    await visit.bot.send_document(
        visit.chat_id,
        InputFile(io.BytesIO(data), filename=f"push-{push_id}.xlsx"),
        caption=sums_words(sums, _),
    )


def workbook(
    headers: list[str], rows: Sequence[Mapping[str, Any]], sums: Mapping[str, Any]
) -> bytes:
    """The table's bytes; text never begins a formula."""
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False})
    first = book.add_worksheet("sums")
    for place, (name, value) in enumerate(
        [*((k, v) for k, v in sums.items() if k != "reasons"), *sums["reasons"].items()]
    ):
        first.write_row(place, 0, [name, value])
    sheet = book.add_worksheet("messages")
    sheet.write_row(0, 0, headers)
    for place, row in enumerate(rows, 1):
        sheet.write_row(
            place,
            0,
            [
                str(row["chat_id"]),
                row["part"] + 1,
                row["state"],
                row["reason"],
                row["message_id"] or "",
                row["changed_at"].isoformat(timespec="seconds"),
            ],
        )
    book.close()
    return out.getvalue()
