"""Who got what, as a table to take away (.xlsx); of any size, written batch by batch."""

import asyncio
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from telegram import InputFile

from bot.errors import RefusedError
from bot.handlers.office.standing import reason_words
from bot.handlers.visit import Visit
from bot.handlers.wording import sums_words
from bot.storage import outbox, pushes
from bot.texts import Translate

BATCH = 20_000
MOST = 1_000_000  # lines: what one sheet holds
RECALLED = timedelta(days=90)

Lines = Sequence[Mapping[str, Any]]


async def of_broadcast(visit: Visit, broadcast_id: int) -> None:
    """The table of the last time a broadcast went out."""
    async with visit.desk.database.read() as connection:
        gone_out = await pushes.of_broadcast(connection, broadcast_id)
    if not gone_out:
        raise RefusedError("Nothing of it went out, so there is no table.")
    await of_push(visit, gone_out[0])


async def of_push(visit: Visit, push_id: int) -> None:
    """One sheet with the sums, one with a line per message."""
    async with visit.desk.database.read() as connection:
        sums = await pushes.sums(connection, push_id)
    with tempfile.TemporaryDirectory() as folder:
        table = Table(Path(folder) / f"push-{push_id}.xlsx", _headers(visit), sums, Words.of(visit))
        after: tuple[int, int] | None = None
        while table.lines < MOST:
            async with visit.desk.database.read() as connection:
                batch = await outbox.of_push(connection, push_id, BATCH, after)
            if not batch:
                break
            after = (batch[-1]["chat_id"], batch[-1]["part"])
            await asyncio.to_thread(table.add, batch)
        await _send(visit, table, sums_words(sums, visit._))


async def of_report(visit: Visit, key: str) -> None:
    """The messages that carried something of a report: what to look after when it is withdrawn."""
    async with visit.desk.database.read() as connection:
        lines = await outbox.carried(connection, key, visit.now - RECALLED, MOST)
    if not lines:
        raise RefusedError("No message of the last 90 days carried anything of it.")
    with tempfile.TemporaryDirectory() as folder:
        table = Table(Path(folder) / f"report-{key}.xlsx", _headers(visit), {}, Words.of(visit))
        await asyncio.to_thread(table.add, lines)
        count = visit._("{count} messages of the last 90 days").format(count=f"{len(lines):,}")
        await _send(visit, table, count)


def _headers(visit: Visit) -> list[str]:
    _ = visit._
    return [_("chat"), _("part"), _("state"), _("reason"), _("message"), _("time")]


async def _send(visit: Visit, table: "Table", caption: str) -> None:
    await asyncio.to_thread(table.close)
    data = await asyncio.to_thread(table.path.read_bytes)
    await visit.bot.send_document(
        visit.chat_id, InputFile(data, filename=table.path.name), caption=caption
    )


@dataclass(frozen=True, slots=True)
class Words:
    """How a table speaks: the admin's language and zone."""

    translate: Translate
    zone: str

    @classmethod
    def of(cls, visit: Visit) -> "Words":
        """As the one who asked reads it."""
        return cls(visit._, visit.choices.zone)

    def state(self, name: str) -> str:
        """A message's state, or the name of a sum."""
        _ = self.translate
        names = {
            "planned": _("planned"),
            "queued": _("waits"),
            "waiting": _("waits"),
            "sending": _("under way"),
            "sent": _("delivered"),
            "failed": _("not delivered"),
            "unknown": _("not known"),
            "skipped": _("left out"),
        }
        return names.get(name, name)

    def reason(self, name: str) -> str:
        """Why a message did not arrive."""
        return reason_words(name, self.translate) if name else ""

    def time(self, moment: datetime) -> str:
        """The wall time in the zone, which is written with it."""
        return f"{moment.astimezone(ZoneInfo(self.zone)):%Y-%m-%d %H:%M:%S} {self.zone}"


PLAIN = Words(str, "UTC")


class Table:
    """A workbook that grows on disk, not in memory; text in it never begins a formula."""

    def __init__(
        self, path: Path, headers: list[str], sums: Mapping[str, Any], words: Words = PLAIN
    ) -> None:
        import xlsxwriter

        self.path = path
        self._words = words
        self.lines = 0
        self._book = xlsxwriter.Workbook(
            str(path), {"constant_memory": True, "strings_to_formulas": False}
        )
        if sums:
            self._write_sums(sums)
        self._sheet = self._book.add_worksheet(words.translate("messages"))
        self._sheet.write_row(0, 0, headers)

    def _write_sums(self, sums: Mapping[str, Any]) -> None:
        sheet = self._book.add_worksheet(self._words.translate("sums"))
        counts = {name: value for name, value in sums.items() if name != "reasons"}
        said = {self._words.state(name): value for name, value in counts.items()}
        said |= {self._words.reason(name): value for name, value in sums["reasons"].items()}
        for place, line in enumerate(said.items()):
            sheet.write_row(place, 0, line)

    def add(self, lines: Lines) -> None:
        """The next lines."""
        for line in lines:
            self.lines += 1
            self._sheet.write_row(
                self.lines,
                0,
                [
                    str(line["chat_id"]),
                    line["part"] + 1,
                    self._words.state(line["state"]),
                    self._words.reason(line["reason"]),
                    line["message_id"] or "",
                    self._words.time(line["changed_at"]),
                ],
            )

    def close(self) -> None:
        """Write the file."""
        self._book.close()
