"""Chats, admins, drafts, look-ups that found nothing: the same on both databases."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import Any

import pytest
import sqlalchemy as sa

from bot.domain.message import Lane, MessageState, OnUnknown, PushKind
from bot.domain.office import Role
from bot.domain.subscription import Audience, OfficeHours
from bot.errors import RefusedError
from bot.storage import admins, audits, cards, chats, drafts, halts, pushes, queries, schema
from bot.storage import outbox as outbox_of
from bot.storage.database import Database
from bot.storage.drafts import Draft
from bot.storage.pushes import NewPush, Variant
from bot.storage.schema import chats as chats_table
from bot.storage.schema import outbox, variants

NOW = datetime(2026, 7, 19, 23, 59, tzinfo=UTC)
OFFICE = OfficeHours()


async def _join(database: Database, chat_id: int = 7, **first: Any) -> bool:
    async with database.write() as connection:
        return await chats.join(connection, chat_id, OFFICE, NOW, **first)


async def _row(database: Database, chat_id: int = 7) -> dict[str, Any] | None:
    async with database.read() as connection:
        row = await chats.get(connection, chat_id)
    return None if row is None else dict(row)


# ---- chats -----------------------------------------------------------------------------------


async def test_joining_twice_keeps_what_was_chosen(database: Database) -> None:
    assert await _join(database, language="en")
    async with database.write() as connection:
        await chats.choose(connection, 7, OFFICE, NOW, hour="20:00")
    assert not await _join(database, language="zh-Hans")
    row = await _row(database)
    assert row is not None
    assert (row["language"], row["hour"], row["state"]) == ("en", "20:00", "active")
    assert row["due_on"] == date(2026, 7, 20)


async def test_many_who_join_at_once_are_each_there_once(database: Database) -> None:
    news = await asyncio.gather(*(_join(database, chat) for chat in (1, 2, 3) * 3))
    assert sum(news) == 3


async def test_a_choice_moves_the_due_time_with_it(database: Database) -> None:
    await _join(database)
    async with database.write() as connection:
        row = await chats.choose(connection, 7, OFFICE, NOW, zone="Europe/London", hour="09:00")
    assert row is not None
    assert row["due_at"] == datetime(2026, 7, 20, 8, tzinfo=UTC)
    assert await _row(database) == dict(row)


async def test_stopping_and_suspending_leave_nothing_due(database: Database) -> None:
    for chat in (7, 8):
        await _join(database, chat)
    async with database.write() as connection:
        assert await chats.stop(connection, 7, NOW)
        assert not await chats.stop(connection, 7, NOW)
        assert await chats.suspend(connection, 8, "blocked", NOW)
        assert not await chats.revive(connection, 7, OFFICE, NOW)
        assert await chats.revive(connection, 8, OFFICE, NOW)
        assert await chats.sums(connection) == {"stopped": 1, "active": 1}
    stopped, revived = await _row(database, 7), await _row(database, 8)
    assert stopped is not None
    assert revived is not None
    assert stopped["due_at"] is None
    assert revived["due_at"] is not None


async def test_nobody_is_chosen_for_who_is_not_there(database: Database) -> None:
    async with database.write() as connection:
        assert await chats.choose(connection, 99, OFFICE, NOW, hour="20:00") is None
        assert await chats.pause(connection, 99, date(2026, 8, 1), OFFICE, NOW) is None


async def test_those_of_an_audience_who_paused_are_counted_by_their_last_day(
    database: Database,
) -> None:
    for chat, kind in enumerate(["private", "private", "group", "private"], 1):
        await _join(database, chat, kind=kind)
    async with database.write() as connection:
        for chat in (1, 2, 3):
            await chats.pause(connection, chat, date(2026, 8, 1), OFFICE, NOW)
        found = await chats.pausing(connection, Audience(without=(2,)))
    assert sorted(found) == [
        ("group", "", date(2026, 8, 1), 1),
        ("private", "", date(2026, 8, 1), 1),
    ]


async def test_the_sql_of_an_audience_is_the_rule_itself(database: Database) -> None:
    """Every combination of choices against every kind of audience."""
    rows = list(
        product(
            ["private", "group", "supergroup", "channel"],
            ["", "flood", "city,flood", "floods"],
            ["", "village"],
            ["zh-Hans", "en"],
        )
    )
    for chat, (kind, topics, role, language) in enumerate(rows, 1):
        await _join(database, chat, kind=kind, topics=topics, role=role, language=language)
    audiences = [
        Audience(topics=topics, roles=roles, kinds=kinds, languages=languages, without=(1, 2))
        for topics, roles, kinds, languages in product(
            [(), ("flood",), ("city", "party")],
            [(), ("village",)],
            [(), ("group",), ("private", "channel")],
            [(), ("en",)],
        )
    ]
    async with database.read() as connection:
        known = (await connection.execute(chats_table.select())).mappings().all()
        for audience in audiences:
            query = chats_table.select().where(chats.in_audience(audience))
            found = {row["id"] for row in (await connection.execute(query)).mappings()}
            assert found == {row["id"] for row in known if audience.includes(row)}, audience
            assert sum((await chats.count(connection, audience)).values()) == len(found)
            assert set(await chats.sample(connection, audience, 3)) <= found


async def _push(database: Database, *states: MessageState, chat: int = 7) -> int:
    async with database.write() as connection:
        later = NOW + timedelta(hours=4)
        new = NewPush(
            PushKind.DIGEST, "2026-07-20", Lane.DIGEST, NOW, later, OnUnknown.LEAVE, "2026-07-20"
        )
        push_id = await pushes.create(connection, new, NOW)
        parts = [{"method": "sendMessage", "body": {"text": "x"}}]
        variant = await pushes.add_variant(connection, push_id, Variant("0", parts, {"tasks": []}))
        for part, state in enumerate(states):
            await connection.execute(
                outbox.insert().values(
                    push_id=push_id,
                    chat_id=chat,
                    part=part,
                    variant_id=variant,
                    state=state,
                    reason="",
                    turn=0,
                    not_before=NOW,
                    not_after=later,
                    changed_at=NOW,
                )
            )
    return push_id


async def test_after_forgetting_no_table_knows_the_chat(database: Database) -> None:
    chat = 7_700_077
    values: dict[str, object] = {"chat_id": chat, "user_id": chat, "pivot": chat, "cursor": chat}
    filled = ("drafts", "pushes", "variants", "outbox", "receipts", "followed", "pauses")
    async with database.write() as connection:
        await chats.join(connection, chat, OFFICE, NOW)
        for name in filled:
            table = schema.metadata.tables[name]
            row = {c.name: _some(c, values) for c in table.columns}
            await connection.execute(table.insert().values(row))
        await connection.execute(schema.pauses.update().values(scope=str(chat)))
        await chats.forget(connection, chat, -(2**53), NOW)
    async with database.read() as connection:
        for table in schema.metadata.tables.values():
            for row in (await connection.execute(sa.select(table))).all():
                assert str(chat) not in str(tuple(row)), table.name


def _some(column: sa.Column[Any], values: dict[str, object]) -> object:
    """A value that fits a column; the chat's id where one belongs."""
    if column.name in values:
        return values[column.name]
    kind = column.type.python_type if not isinstance(column.type, schema.Instant) else datetime
    made: dict[type, object] = {int: 1, str: "x", datetime: NOW, dict: {}, bool: True}
    return made.get(kind, {})


async def test_forgetting_deletes_the_chat_and_leaves_the_sums_right(database: Database) -> None:
    await _join(database)
    push = await _push(database, MessageState.SENT, MessageState.QUEUED)
    async with database.write() as connection:
        await drafts.put(connection, 7, 7, Draft("x", {}), NOW)
        await chats.forget(connection, 7, -(2**53), NOW)
    assert await _row(database) is None
    async with database.read() as connection:
        sums = await pushes.sums(connection, push)
        assert await chats.received(connection, 7, NOW - timedelta(days=1)) == []
        assert await drafts.get(connection, 7, 7) is None
    assert (sums["planned"], sums["sent"], sums["skipped"]) == (2, 1, 1)
    assert sums["reasons"] == {"forgotten": 1}


async def test_a_supergroup_takes_over_everything(database: Database) -> None:
    await _join(database, kind="group")
    await _push(database, MessageState.QUEUED)
    async with database.write() as connection:
        await chats.migrate(connection, 7, -100123, NOW)
        await chats.migrate(connection, 7, -100123, NOW)  # both sides say so
    row = await _row(database, -100123)
    assert row is not None
    assert row["kind"] == "supergroup"
    async with database.read() as connection:
        assert len(await chats.received(connection, -100123, NOW - timedelta(days=1))) == 1


async def test_the_days_digest_is_found_again_as_it_was_sent(database: Database) -> None:
    await _join(database)
    await _push(database, MessageState.SENT)
    async with database.read() as connection:
        found = await chats.digest_of(connection, 7, date(2026, 7, 20))
        assert await chats.digest_of(connection, 7, date(2026, 7, 21)) == []
    assert [row["parts"][0]["body"]["text"] for row in found] == ["x"]


# ---- admins ----------------------------------------------------------------------------------


async def test_the_last_owner_stays_whoever_asks(database: Database) -> None:
    async with database.write() as connection:
        await admins.grant(connection, 1, Role.OWNER, None, NOW)
        await admins.grant(connection, 2, Role.OWNER, 1, NOW)
        assert await admins.revoke(connection, 2)
        with pytest.raises(RefusedError):
            await admins.revoke(connection, 1)
        with pytest.raises(RefusedError):
            await admins.grant(connection, 1, Role.VIEWER, 1, NOW)
        assert await admins.role_of(connection, 1) is Role.OWNER


async def test_two_owners_who_remove_each_other_leave_one(database: Database) -> None:
    async with database.write() as connection:
        for user in (1, 2):
            await admins.grant(connection, user, Role.OWNER, None, NOW)

    async def remove(user: int) -> bool:
        async with database.write() as connection:
            return await admins.revoke(connection, user)

    results = await asyncio.gather(remove(1), remove(2), return_exceptions=True)
    assert sorted(str(type(result).__name__) for result in results) == ["RefusedError", "bool"]
    async with database.read() as connection:
        assert await admins.has_owner(connection)


async def test_an_invitation_works_once_and_not_for_ever(database: Database) -> None:
    async with database.write() as connection:
        await admins.invite(connection, "token", Role.EDITOR, NOW + timedelta(days=1), None)
        assert await admins.accept_invite(connection, "token", 5, NOW) is Role.EDITOR
        assert await admins.accept_invite(connection, "token", 5, NOW) is Role.EDITOR
        with pytest.raises(RefusedError):
            await admins.accept_invite(connection, "token", 6, NOW)
        await admins.invite(connection, "old", Role.EDITOR, NOW, None)
        with pytest.raises(RefusedError):
            await admins.accept_invite(connection, "old", 6, NOW + timedelta(seconds=1))
        assert await admins.forget_invites(connection, NOW + timedelta(days=2)) == 2
        order = [row["role"] for row in await admins.everybody(connection)]
    assert order == ["editor"]


async def test_an_owner_who_opens_an_editors_link_stays_owner(database: Database) -> None:
    async with database.write() as connection:
        await admins.grant(connection, 1, Role.OWNER, None, NOW)
        await admins.invite(connection, "token", Role.EDITOR, NOW + timedelta(days=1), 1)
        await admins.accept_invite(connection, "token", 1, NOW)
        assert await admins.role_of(connection, 1) is Role.OWNER


# ---- small things ----------------------------------------------------------------------------


async def test_drafts_are_kept_dropped_once_and_forgotten(database: Database) -> None:
    async with database.write() as connection:
        await drafts.put(connection, 1, 2, Draft("a", {"x": 1}), NOW)
        await drafts.put(connection, 1, 2, Draft("b", {"y": "中"}), NOW)
        assert await drafts.get(connection, 1, 2) == Draft("b", {"y": "中"})
        assert await drafts.get(connection, 1, 2, NOW + timedelta(hours=1)) is None
        assert await drafts.drop(connection, 1, 2)
        assert not await drafts.drop(connection, 1, 2)
        await drafts.put(connection, 1, 2, Draft("a", {}), NOW)
        assert await drafts.forget(connection, NOW + timedelta(days=1)) == 1


async def test_what_found_nothing_is_counted_without_anybody(database: Database) -> None:
    day = date(2026, 7, 20)
    async with database.write() as connection:
        for words in ("公交", "公交", "水价", " ", "长" * 65):
            await queries.count_missing(connection, words, day)
        assert [(r["folded"], r["times"]) for r in await queries.gaps(connection)] == [
            ("公交", 2),
            ("水价", 1),
        ]
        assert await queries.add_synonym(connection, "公交", "公共交通", 1, NOW)
        assert not await queries.add_synonym(connection, "公交", "公共交通", 1, NOW)
        assert await queries.synonyms_of_office(connection) == [("公交", "公共交通")]
        assert [row["folded"] for row in await queries.gaps(connection)] == ["水价"]
        assert await queries.forget(connection, day + timedelta(days=1)) == 1


async def test_the_audit_trail_keeps_order_and_is_forgotten_by_age(database: Database) -> None:
    async with database.write() as connection:
        await audits.record(connection, NOW, 1, "a", "one", n=1)
        await audits.record(connection, NOW + timedelta(days=1), None, "b")
        assert [row["act"] for row in await audits.latest(connection)] == ["b", "a"]
        assert (await audits.latest(connection, subject="one"))[0]["detail"] == {"n": 1}
        assert await audits.forget(connection, NOW + timedelta(hours=1)) == 1


async def test_the_newest_of_one_kind_of_act_is_found(database: Database) -> None:
    async with database.write() as connection:
        for act, subject, reason in (
            ("a", "1", "old"),
            ("a", "1", "new"),
            ("b", "1", ""),
            ("a", "2", ""),
        ):
            await audits.record(connection, NOW, 7, act, subject, reason=reason)
        found = await audits.last(connection, "a", "1")
        assert await audits.last(connection, "b", "2") is None
    assert found is not None
    assert found["detail"] == {"reason": "new"}


async def test_a_halt_is_one_and_ends_once(database: Database) -> None:
    async with database.write() as connection:
        assert await halts.stop(connection, 1, NOW)
        assert not await halts.stop(connection, 2, NOW)
        assert await halts.since(connection) == NOW
        assert await halts.go_on(connection)
        assert not await halts.go_on(connection)


async def test_a_card_is_where_it_was_last_shown(database: Database) -> None:
    async with database.write() as connection:
        await cards.put(connection, 1, 7, 10)
        await cards.put(connection, 1, 7, 11, "hash")
        found = await cards.everything(connection)
        assert [(row["message_id"], row["shown"]) for row in found] == [(11, "hash")]
        await cards.drop(connection, 1, 7)
        assert await cards.everything(connection) == []


async def test_the_lines_of_a_push_come_batch_by_batch(database: Database) -> None:
    push = await _push(database, *[MessageState.SENT] * 5)
    seen: list[tuple[int, int]] = []
    async with database.read() as connection:
        after: tuple[int, int] | None = None
        while batch := await outbox_of.of_push(connection, push, 2, after):
            seen += [(line["chat_id"], line["part"]) for line in batch]
            after = seen[-1]
    assert seen == [(7, part) for part in range(5)]


async def test_what_carried_a_report_is_found_by_its_key(database: Database) -> None:
    push = await _push(database, MessageState.SENT, MessageState.QUEUED)
    async with database.write() as connection:
        await connection.execute(
            variants.update()
            .where(variants.c.push_id == push)
            .values(why={"sections": ["abcd1234:1.2"], "tasks": []})
        )
        since = NOW - timedelta(days=1)
        assert len(await outbox_of.carried(connection, "abcd1234", since, 10)) == 1
        assert await outbox_of.carried(connection, "ffffffff", since, 10) == []
        assert await outbox_of.carried(connection, "abcd1234", NOW + timedelta(1), 10) == []


async def test_what_waits_with_a_withdrawn_report_is_not_sent(database: Database) -> None:
    push = await _push(database, MessageState.SENT, MessageState.QUEUED, MessageState.QUEUED)
    async with database.write() as connection:
        await connection.execute(variants.update().values(why={"sections": ["abcd1234:1.2"]}))
        assert await outbox_of.withdraw(connection, "ffffffff", NOW) == 0
        assert await outbox_of.withdraw(connection, "abcd1234", NOW) == 2
        assert await outbox_of.withdraw(connection, "abcd1234", NOW) == 0
        sums = await pushes.sums(connection, push)
    assert (sums["sent"], sums["skipped"], sums["waiting"]) == (1, 2, 0)
    assert sums["reasons"] == {"withdrawn": 2}
