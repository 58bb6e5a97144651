"""After a push: receipts, recalls and reminders; reviews and handlings. On both databases."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import digests
from bot.domain.approval import Verdict
from bot.domain.broadcast import BroadcastState
from bot.domain.followup import FollowUp, Outcome
from bot.domain.message import Lane, OnUnknown, PushKind
from bot.errors import RefusedError
from bot.storage import (
    broadcasts,
    chats,
    editions,
    followups,
    handlings,
    pushes,
    receipts,
    reports,
    reviews,
    schema,
)
from bot.storage.broadcasts import Plan
from bot.storage.database import Database
from digests import Handled, Handling

NOW = datetime(2026, 7, 21, 0, 30, tzinfo=UTC)
SAMPLE = Path(digests.__file__).parent / "samples" / "yunlan.txt"
RECEIPT = {"token": "00ff00ff", "until": "2026-07-22T04:00:00+00:00"}


async def _push(database: Database, *states: str) -> int:
    """A broadcast in chats 1, 2, …; their messages are 101, 102, …"""
    parts = [{"method": "sendMessage", "body": {"text": "x"}}]
    plan = Plan({"text": "x", "parts": parts, "receipt": RECEIPT}, NOW)
    async with database.write() as connection:
        broadcast = await broadcasts.add(connection, plan, now=NOW)
        new = pushes.NewPush(
            PushKind.BROADCAST, "1", Lane.BULK, NOW, NOW, OnUnknown.LEAVE, broadcast_id=broadcast
        )
        push = await pushes.create(connection, new, NOW)
        variant = await pushes.add_variant(connection, push, pushes.Variant("0", parts))
        for chat, state in enumerate(states, 1):
            row = {"push_id": push, "chat_id": chat, "part": 0, "variant_id": variant, "turn": 0}
            moments = {"not_before": NOW, "not_after": NOW, "changed_at": NOW}
            message = 100 + chat if state == "sent" else None
            await connection.execute(
                schema.outbox.insert().values(**row, **moments, state=state, message_id=message)
            )
            person = {"id": chat, "kind": "private", "state": "active", "hour": "08:00"}
            await connection.execute(
                schema.chats.insert().values(
                    **person, role="village" if chat % 2 else "", joined_at=NOW, changed_at=NOW
                )
            )
    return push


async def test_the_first_tap_counts_and_only_of_who_got_it(database: Database) -> None:
    push = await _push(database, "sent", "sent", "failed", "unknown")
    async with database.write() as connection:
        found = await receipts.find(connection, 1, RECEIPT["token"])
        assert found is not None
        assert found["id"] == push
        assert await receipts.find(connection, 3, RECEIPT["token"]) is None
        assert await receipts.find(connection, 1, "ffffffff") is None
        assert await receipts.put(connection, push, 1, NOW) == (NOW, True)
        later = NOW + timedelta(hours=1)
        assert await receipts.put(connection, push, 1, later) == (NOW, False)
        assert sorted(await receipts.tallies(connection, push)) == [
            ("private", "", 1, 0),
            ("private", "village", 1, 1),
        ]
        lines = await receipts.lines(connection, push, 2)
        assert [line["at"] for line in lines] == [NOW, None]
        assert [line["chat_id"] for line in await receipts.lines(connection, push, 1, 2)] == [3]


async def test_what_was_counted_moves_with_a_chat(database: Database) -> None:
    push = await _push(database, "sent", "sent")
    async with database.write() as connection:
        for chat in (1, 2):
            await receipts.put(connection, push, chat, NOW)
        await chats.migrate(connection, 1, 77, NOW)
        await receipts.move(connection, 2, 77)
        lines = await receipts.lines(connection, push, 9)
        await receipts.forget(connection, push)
        assert all(line["at"] is None for line in await receipts.lines(connection, push, 9))
    assert [(line["chat_id"], line["at"]) for line in lines] == [(2, None), (77, NOW)]


@pytest.mark.parametrize(("kind", "planned"), [(FollowUp.RECALL, 3), (FollowUp.NUDGE, 2)])
async def test_a_follow_up_begins_once_and_adds_up(
    database: Database, kind: FollowUp, planned: int
) -> None:
    push = await _push(database, "sent", "sent", "unknown", "failed", "queued")
    async with database.write() as connection:
        assert await followups.begin(connection, push, kind, 7, NOW)
        assert not await followups.begin(connection, push, kind, 8, NOW)
        [progress] = await followups.progress(connection, push)
        assert (progress.planned, progress.waiting) == (planned, planned)
        first = await followups.next_messages(connection, push, kind, 1)
        outcome = Outcome.DELETED if kind is FollowUp.RECALL else Outcome.REMINDED
        for _ in range(2):  # written twice, counted once
            await followups.record(connection, push, kind, [(first[0], outcome)], NOW)
        await receipts.put(connection, push, 2, NOW)
        rest = await followups.next_messages(connection, push, kind, 9)
        left = [m.chat_id for m in rest]
        assert left == ([2, 3] if kind is FollowUp.RECALL else [])
        await followups.record(connection, push, kind, [(m, Outcome.FAILED) for m in rest], NOW)
        assert await followups.unfinished(connection) == [(push, kind)]
        await followups.end(connection, push, kind, NOW)
        assert await followups.unfinished(connection) == []
        [progress] = await followups.progress(connection, push)
    assert progress.ended
    assert sum(progress.outcomes.values()) == planned
    assert progress.waiting == 0


async def test_a_message_that_carries_two_pushes_is_known(database: Database) -> None:
    push = await _push(database, "sent", "sent")
    async with database.write() as connection:
        for key, at in (("2026-07-21", NOW), ("2026-07-01", NOW - timedelta(days=20))):
            new = pushes.NewPush(PushKind.DIGEST, key, Lane.DIGEST, at, at)
            other = await pushes.create(connection, new, NOW)
            chat = 1 if at == NOW else 2
            row = {"push_id": other, "chat_id": chat, "part": 0, "variant_id": 1, "turn": 0}
            moments = {"not_before": NOW, "not_after": NOW, "changed_at": NOW}
            values = {**row, **moments, "state": "sent", "message_id": 100 + chat}
            await connection.execute(schema.outbox.insert().values(**values))
        messages = await followups.next_messages(connection, push, FollowUp.RECALL, 9)
        assert await followups.shared(connection, push, messages) == {(1, 101)}


async def test_a_round_of_review_is_kept_act_by_act(database: Database) -> None:
    plan = Plan({"text": "x", "parts": []}, NOW)
    async with database.write() as connection:
        number = await broadcasts.add(
            connection, plan, now=NOW, created_by=1, state=BroadcastState.DRAFT
        )
        for round_ in (1, 2):
            assert await broadcasts.submit(connection, number, NOW) == round_
            sha = plan.fingerprint()
            who = (1, "王×")
            place = (round_, 0)
            await reviews.record(
                connection, number, place, Verdict.SUBMITTED, who, sha256=sha, now=NOW
            )
            row = await broadcasts.get(connection, number)
            assert row is not None
            seen = await reviews.standing(connection, row, 3)
            assert (seen.round, seen.stage, seen.passed_by) == (round_, 0, frozenset())
            await broadcasts.pass_stage(connection, seen, number, 2, NOW)
            passed = (2, "李×")
            await reviews.record(
                connection, number, (round_, 1), Verdict.APPROVED, passed, sha256=sha, now=NOW
            )
            row = await broadcasts.get(connection, number)
            assert row is not None
            seen = await reviews.standing(connection, row, 3)
            assert (seen.stage, seen.passed_by) == (1, frozenset({2}))
            await broadcasts.move(connection, number, BroadcastState.DRAFT, NOW)
        acts = await reviews.of_broadcast(connection, number)
    assert [(act["round"], act["stage"]) for act in acts] == [(1, 0), (1, 1), (2, 0), (2, 1)]


async def test_the_newest_decision_on_a_passage_holds(database: Database) -> None:
    report = digests.parse(SAMPLE.read_bytes(), SAMPLE.name)
    section = next(s for s in report.sections if not report.children(s.address))
    span = (section.start, section.end)
    async with database.write() as connection:
        added = await reports.add(
            connection, report, digests.extract_tasks(report), now=NOW, accept=True
        )
        for handling in (Handling.ASKED, Handling.HIDDEN):
            await handlings.decide(connection, added.key, span, handling, 7, NOW)
        decided = await handlings.of_reports(connection, [added.key])
        assert decided == {added.key: (Handled(*span, Handling.HIDDEN),)}
        [edition] = await editions.load(connection, [added.key])
        assert edition.report.section(section.address) is None
        marks = []
        for to in (Handling.PUSHED, Handling.HIDDEN, None):  # all in one instant
            await handlings.decide(connection, added.key, span, to, 7, NOW)
            marks += [outline.mark for outline in await editions.published(connection)]
        assert len(set(marks)) == 3
        assert await handlings.of_reports(connection, [added.key]) == {}
        with pytest.raises(RefusedError):
            await handlings.decide(connection, "00000000", span, Handling.ASKED, 7, NOW)
