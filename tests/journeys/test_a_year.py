"""Many readers with choices of their own over a long time: every promised message once, in its hour."""

import html
import random
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

import digests
from bot.domain.subscription import Days, Quiet
from bot.settings import Limits
from bot.storage import chats, reports
from bot.storage.schema import chats as chats_table
from bot.storage.schema import outbox, variants
from tests.journeys.conftest import Raise, Stage
from tests.journeys.world import OWNER

HOURS = ("06:15", "07:00", "08:00", "20:59")  # the first is quiet
MORE_HOURS = (*HOURS, "07:30", "12:15", "18:45")
ZONES = ("", "", "", "Asia/Tokyo", "Europe/Berlin", "America/New_York")  # two with summer time
NIGHT = Quiet(time(21), time(7))
LATEST = timedelta(minutes=5)
DAY = timedelta(days=1)
MONTH = 30  # days after which everything is checked
_QUOTE = re.compile(r"<blockquote>(.*?)</blockquote>", re.DOTALL)


@dataclass
class Reader:
    chat: int
    days: Days
    weekday: int
    hour: time
    zone: ZoneInfo
    topics: frozenset[str]
    got: Counter[date] = field(default_factory=Counter)
    paused: list[tuple[date, date]] = field(default_factory=list)  # asked on, quiet until
    read: list[tuple[date, str]] = field(default_factory=list)

    def wants_an_excerpt(self, day: date) -> bool:
        match self.days:
            case Days.DAILY:
                return True
            case Days.WORKDAYS:
                return digests.is_workday(day)
            case Days.WEEKLY:
                return day.weekday() == self.weekday
            case _:
                return False

    def is_pausing(self, day: date) -> bool:
        return any(asked < day < until for asked, until in self.paused)

    def is_sure(self, day: date) -> bool:
        """On the very day on which a pause was asked for, both are right."""
        return all(day != asked for asked, _until in self.paused)

    @property
    def meant(self) -> time:
        """The wall time at which the message comes: what was chosen, but never by night."""
        return NIGHT.end if self.hour in NIGHT else self.hour


@dataclass
class Year:
    """Everything that was observed, and what was promised."""

    play: Stage
    readers: dict[int, Reader]
    dice: random.Random
    seen: int = 0
    looked_at: datetime = datetime(2000, 1, 1, tzinfo=UTC)
    begun: datetime = datetime(2000, 1, 1, tzinfo=UTC)

    async def run(self, start: datetime, days: int, *, first: int = 2, pausing: bool) -> None:
        """Live through so many days and check those that were seen whole in every zone."""
        unchecked = start.date() + first * DAY
        self.begun = start
        for day in range(1, days + 1):
            if pausing:
                await self._some_pause(start + (day - 1) * DAY)
            await self.play.world.advance_to(start + day * DAY)
            await self._note_messages()
            if day % MONTH == 0 or day == days:
                await self._note_sections()
                whole = start.date() + (day - 1) * DAY  # not yet over everywhere
                self.check([unchecked + n * DAY for n in range((whole - unchecked).days)])
                unchecked = whole

    async def _some_pause(self, now: datetime) -> None:
        hours = self.play.app.desk.office.hours if self.play.app.desk else None
        assert hours is not None
        for one in self.dice.sample(list(self.readers.values()), max(1, len(self.readers) // 200)):
            today = now.astimezone(one.zone).date()
            if one.paused and one.paused[-1][1] > today:
                continue
            until = today + self.dice.randint(1, 21) * DAY
            one.paused.append((today, until))
            async with self.play.app.database.write() as connection:
                await chats.pause(connection, one.chat, until, hours, now)

    async def _note_messages(self) -> None:
        """What arrived since the last look: in its hour, never by night, word for word."""
        text = " ".join(e.report.text for e in self.play.app.library.editions)
        for call in await self.play.world.calls("sendMessage", self.seen):
            self.seen = int(call["n"])
            reader = self.readers.get(int(call["params"]["chat_id"]))
            if reader is None:
                continue
            at = datetime.fromisoformat(call["at"]).astimezone(reader.zone)
            meant = at.replace(
                hour=reader.meant.hour, minute=reader.meant.minute, second=0, microsecond=0
            )
            assert call["status"] == 200, call
            late = at < self.begun + DAY  # after an outage a day may come later than its hour
            assert timedelta(0) <= at - meant <= (DAY if late else LATEST), (reader, at)
            assert at.time() not in NIGHT, (reader, at)
            for quote in _QUOTE.findall(call["params"]["text"]):
                assert html.unescape(quote) in text, (reader, quote)
            reader.got[at.date()] += 1

    async def _note_sections(self) -> None:
        """Which section each reader was sent on which day; rows do not stay for ever."""
        query = (
            sa.select(outbox.c.chat_id, variants.c.why, outbox.c.changed_at)
            .join(variants, variants.c.id == outbox.c.variant_id)
            .where(outbox.c.part == 0, outbox.c.state == "sent")
            .where(outbox.c.changed_at > self.looked_at)
        )
        async with self.play.app.database.read() as connection:
            rows: Any = (await connection.execute(query)).all()
        for chat, why, at in rows:
            self.looked_at = max(self.looked_at, at)
            if chat in self.readers:
                on = date.fromisoformat(why["on"])
                self.readers[chat].read += [(on, section) for section in why["sections"]]

    def check(self, days: Sequence[date]) -> None:
        """Every promised message once, and no other."""
        for one in self.readers.values():
            for day in days:
                if not one.is_sure(day):
                    assert one.got[day] <= 1, (one, day)
                    continue
                assert one.got[day] == int(self._is_promised(one, day)), (one, day)
            check_cycles(self.play.app.library.editions, one)

    def _is_promised(self, one: Reader, day: date) -> bool:
        editions = self.play.app.library.pushed_on(day, member=False)
        if not editions or one.is_pausing(day):
            return False
        if one.wants_an_excerpt(day) and digests.plan(editions, day, one.topics or None):
            return True
        return reminds(editions, day, one.topics)


@cache
def reminds(editions: tuple[digests.Edition, ...], day: date, topics: frozenset[str]) -> bool:
    return bool(digests.compose(editions, day, topics=topics or None, excerpt=False).lines)


def check_cycles(editions: tuple[digests.Edition, ...], reader: Reader) -> None:
    """No section comes again before all others of the plan have come."""
    topics = reader.topics or None
    sent = sorted(reader.read)
    assert all(one != other for (one, _), (other, _) in pairwise(sent)), reader
    cycle: dict[str, date] = {}
    for day, section in sent:
        if section in cycle:
            lasting = set(digests.plan(editions, day, topics)) & set(
                digests.plan(editions, min(cycle.values()), topics)
            )
            assert lasting <= set(cycle), (reader, day, section, lasting - set(cycle))
            cycle = {}
        cycle[section] = day


def choose(dice: random.Random, chat: int, office: str, hours: Sequence[str]) -> Reader:
    ids = sorted(topic.id for topic in digests.topics())
    few = frozenset(dice.sample(ids, dice.randint(3, 8)))
    return Reader(
        chat,
        dice.choice([Days.DAILY, Days.DAILY, Days.WORKDAYS, Days.WEEKLY, Days.REMINDERS]),
        dice.randrange(7),
        time.fromisoformat(dice.choice(hours)),
        ZoneInfo(dice.choice(ZONES) or office),
        dice.choice([frozenset(), frozenset(), few]),
    )


async def settle_in(play: Stage, count: int, offered: Sequence[str], dice: random.Random) -> Year:
    """A crowd joins, each with choices of their own."""
    await play.world.control("crowds", {"count": count})
    joined: list[int] = []

    async def have_joined() -> int:
        async with play.app.database.read() as connection:
            known = await connection.scalars(sa.select(chats_table.c.id).order_by(chats_table.c.id))
        joined[:] = [chat for chat in known if chat != OWNER]
        return len(joined)

    await play.world.until(have_joined, count)
    zone = play.settings.office.timezone
    readers = {chat: choose(dice, chat, zone, offered) for chat in joined}
    hours = play.app.desk.office.hours if play.app.desk else None
    assert hours is not None
    async with play.app.database.write() as connection:
        for edition in play.app.library.editions:  # a year outlives its last deadline
            await reports.change(connection, edition.key, play.app.clock(), valid_until=None)
        for one in readers.values():
            await chats.choose(
                connection, one.chat, hours, play.app.clock(),
                days=one.days, weekday=one.weekday, hour=one.hour.isoformat("minutes"),
                zone=one.zone.key, topics=",".join(sorted(one.topics)),
            )  # fmt: skip
    await play.app.library.refresh()
    since = (await play.world.calls())[-1]["n"]
    return Year(play, readers, dice, since)


FAST = Limits(per_second=1000.0)
# a feast with make-up workdays, Berlin's and New York's change of the clock, a year's end
SPANS = (("2026-10-03", 9), ("2026-10-22", 12), ("2026-12-28", 7))


async def test_readers_of_many_kinds_over_a_feast_two_clock_changes_and_a_years_end(
    stage: Raise,
) -> None:
    play = await stage(limits=FAST)
    await play.world.control("limits", {"per_second": 1000})
    year = await settle_in(play, 24, HOURS, random.Random(7))
    for began, length in SPANS:
        start = datetime.fromisoformat(began).replace(tzinfo=UTC)
        play.sandbox.clock.set(start)  # an outage in between: nobody is told
        await year.run(start, length, first=3, pausing=False)


@pytest.mark.soak
async def test_a_year_of_a_thousand_readers(stage: Raise) -> None:
    play = await stage(limits=FAST)
    await play.world.control("limits", {"enforce": False})  # no 429 moves a message to a later hour
    year = await settle_in(play, 1000, MORE_HOURS, random.Random(11))
    start = play.app.clock().astimezone(UTC) + DAY
    await play.world.advance_to(start)
    await year.run(start, 366, pausing=True)
