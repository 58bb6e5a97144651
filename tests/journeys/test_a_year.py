"""Many readers with choices of their own over a long time: every promised digest once, in its hour."""

import random
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

import digests
from bot.domain.subscription import Days
from bot.settings import Limits, Push
from bot.storage import chats
from bot.storage.schema import chats as chats_table
from bot.storage.schema import outbox, variants
from tests.journeys.conftest import Raise, Stage
from tests.journeys.world import OWNER

HOURS = ("07:00", "07:30", "08:00", "12:15", "18:45", "20:59")
ZONES = ("", "", "", "Asia/Tokyo", "Europe/Berlin", "America/New_York")  # two with summer time
LATEST = timedelta(minutes=5)


@dataclass
class Reader:
    chat: int
    days: Days
    weekday: int
    hour: str
    zone: ZoneInfo
    topics: frozenset[str]
    got: Counter[date] = field(default_factory=Counter)

    def expects(self, day: date) -> bool:
        """Whether that day carries an excerpt by this reader's choice."""
        match self.days:
            case Days.DAILY:
                return True
            case Days.WORKDAYS:
                return digests.is_workday(day)
            case Days.WEEKLY:
                return day.weekday() == self.weekday
            case _:
                return False


def choose(dice: random.Random, chat: int, office: str) -> Reader:
    ids = sorted(topic.id for topic in digests.topics())
    few = frozenset(dice.sample(ids, dice.randint(3, 8)))
    return Reader(
        chat,
        dice.choice([Days.DAILY, Days.DAILY, Days.WORKDAYS, Days.WEEKLY, Days.REMINDERS]),
        dice.randrange(7),
        dice.choice(HOURS),
        ZoneInfo(dice.choice(ZONES) or office),
        dice.choice([frozenset(), frozenset(), few]),
    )


async def settle_in(play: Stage, count: int, dice: random.Random) -> dict[int, Reader]:
    """A crowd joins, each with choices of their own."""
    await play.world.control("crowds", {"count": count})
    readers: dict[int, Reader] = {}
    while len(readers) < count:
        async with play.app.database.read() as connection:
            joined = list((await connection.scalars(sa.select(chats_table.c.id))).all())
        readers = {
            chat: choose(dice, chat, play.settings.office.timezone)
            for chat in sorted(joined)
            if chat != OWNER
        }
    hours = play.app.desk.office.hours if play.app.desk else None
    assert hours is not None
    async with play.app.database.write() as connection:
        for one in readers.values():
            await chats.choose(
                connection, one.chat, hours, play.app.clock(),
                days=one.days, weekday=one.weekday, hour=one.hour, zone=one.zone.key,
                topics=",".join(sorted(one.topics)),
            )  # fmt: skip
    return readers


async def note(play: Stage, readers: dict[int, Reader], since: int) -> int:
    """Write down what arrived since a call, and check its hour; the number of the last call."""
    calls = await play.world.calls("sendMessage", since)
    for call in calls:
        reader = readers.get(int(call["params"]["chat_id"]))
        if reader is None:
            continue
        at = datetime.fromisoformat(call["at"]).astimezone(reader.zone)
        hour, minute = map(int, reader.hour.split(":"))
        meant = at.replace(hour=hour, minute=minute, second=0, microsecond=0)
        assert call["status"] == 200, call
        assert timedelta(0) <= at - meant <= LATEST, (reader, at)
        reader.got[at.date()] += 1
    return int(calls[-1]["n"]) if calls else since


async def sections_of(play: Stage) -> dict[int, list[tuple[date, str]]]:
    """Which section each chat was sent on which day."""
    query = (
        sa.select(outbox.c.chat_id, variants.c.why)
        .join(variants, variants.c.id == outbox.c.variant_id)
        .where(outbox.c.part == 0)
    )
    found: dict[int, list[tuple[date, str]]] = defaultdict(list)
    async with play.app.database.read() as connection:
        rows: Any = (await connection.execute(query)).all()
    for chat, why in rows:
        found[chat] += [(date.fromisoformat(why["on"]), section) for section in why["sections"]]
    return {chat: sorted(sent) for chat, sent in found.items()}


def check_cycles(
    editions: tuple[digests.Edition, ...], reader: Reader, sent: list[tuple[date, str]]
) -> None:
    """No section comes again before all others of the plan have come."""
    topics = reader.topics or None
    cycle: dict[str, date] = {}
    for day, section in sent:
        if section in cycle:
            lasting = set(digests.plan(editions, day, topics)) & set(
                digests.plan(editions, min(cycle.values()), topics)
            )
            assert lasting <= set(cycle), (reader, day, section, lasting - set(cycle))
            cycle = {}
        cycle[section] = day


async def live(play: Stage, count: int, days: int) -> None:
    readers = await settle_in(play, count, random.Random(7))
    since = (await play.world.calls())[-1]["n"]
    start = play.app.clock().astimezone(UTC) + timedelta(days=1)
    first = start.date() + timedelta(days=1)
    for day in range(days):
        await play.world.advance_to(start + timedelta(days=day + 1))
        since = await note(play, readers, since)
    last = start.date() + timedelta(days=days - 1)
    span = [first + timedelta(days=n) for n in range((last - first).days)]
    for one in readers.values():
        for day in span:
            assert one.got[day] == 1 or (not one.expects(day) and one.got[day] <= 1), (one, day)
    editions = play.app.library.editions
    for chat, sent in (await sections_of(play)).items():
        if chat in readers:
            check_cycles(editions, readers[chat], sent)


FAST = Limits(per_second=1000.0)


async def test_four_weeks_of_twelve_readers(stage: Raise) -> None:
    play = await stage(limits=FAST, push=Push())
    await play.world.control("limits", {"per_second": 1000})
    await live(play, count=12, days=28)


@pytest.mark.soak
async def test_a_year_of_a_thousand_readers(stage: Raise) -> None:
    play = await stage(limits=FAST)
    await play.world.control("limits", {"per_second": 1000})
    await live(play, count=1000, days=366)
