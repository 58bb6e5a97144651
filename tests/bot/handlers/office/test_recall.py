"""Taking back what was sent: deleted, else marked; every message counted at every step."""

import re
from datetime import timedelta
from typing import Any

from bot import handlers
from bot.domain.followup import FollowUp
from bot.storage import broadcasts, followups, halts, schema
from tests.bot.handlers.office.clerks import (
    OWNER,
    READER,
    REVIEWER,
    acts,
    drafted,
    followed,
    goes_out,
    invited,
    opened,
)

Talk = Any  # tests/bot/handlers/conftest.py
CROWD = tuple(range(2001, 2006))


async def _sent(talk: Talk, *, document: str = "", age_h: float = 0) -> int:
    """A broadcast that has arrived with five people and is done; its push."""
    for user in CROWD:
        await talk.control("users", {"id": user, "name": "某某", "language": "zh-hans"})
        await talk.says(user, "/start")
    await talk.presses(OWNER, await drafted(talk))
    rows: list[tuple[str, str, int | None]] = []
    for user in CROWD:
        body = {"chat_id": user, "text": "请各村社今晚八点前报送情况"}
        if document:
            body = {"chat_id": user, "document": document, "caption": "请各村社查收"}
        method = "sendDocument" if document else "sendMessage"
        answer = await talk.transport.call(method, body)
        rows.append(("sent", "", answer["message_id"]))
    push = await goes_out(talk, rows, CROWD)
    async with talk.database.write() as connection:
        await broadcasts.move(connection, 1, broadcasts.BroadcastState.DONE, talk.now)
        if document:
            parts = [{"method": "sendDocument", "body": {"document": document}}]
            await connection.execute(schema.variants.update().values(parts=parts))
        table = schema.outbox
        await connection.execute(
            table.update().values(changed_at=talk.now - timedelta(hours=age_h))
        )
    return push


async def _take_back(talk: Talk) -> str:
    await opened(talk)
    assert "5条" in (await talk.presses(OWNER, "撤回已发的消息"))[0]
    card = (await talk.presses(OWNER, "bc:1:rc:yes"))[-1]
    assert "撤回：计划5 = 待办5" in card
    return await followed(talk)


def _adds_up(card: str) -> bool:
    line = next(line for line in card.splitlines() if line.startswith("撤回："))
    planned, *terms = [int(n.replace(",", "")) for n in re.findall(r"\d[\d,]*", line)]
    return planned == sum(terms)


async def test_fresh_messages_are_deleted(talk: Talk) -> None:
    await _sent(talk)
    card = await _take_back(talk)
    assert "已删除5" in card
    assert _adds_up(card)
    for user in CROWD:
        assert all("报送情况" not in str(m.get("text")) for m in await talk.messages(user))
    assert "broadcast.recall" in await acts(talk)


async def test_older_ones_say_that_they_were_taken_back(talk: Talk) -> None:
    await _sent(talk, age_h=60)
    card = await _take_back(talk)
    assert "已改为“已撤回”5" in card
    assert _adds_up(card)
    assert (await talk.messages(CROWD[0]))[-1]["text"] == "该消息已撤回。"


async def test_what_telegram_does_not_delete_is_marked(talk: Talk) -> None:
    await _sent(talk)
    fault = {"method": "deleteMessage", "code": 400, "times": 2}
    said = "Bad Request: message can't be deleted for everyone"
    await talk.control("faults", {**fault, "description": said})
    card = await _take_back(talk)
    assert "已删除3" in card
    assert "已改为“已撤回”2" in card
    assert _adds_up(card)


async def test_who_blocked_the_bot_is_counted_and_stops_nobody(talk: Talk) -> None:
    await _sent(talk)
    await talk.control("members", {"chat": CROWD[0], "user": CROWD[0], "status": "kicked"})
    await talk.pump()
    blocked = {"method": "deleteMessage", "chat": CROWD[1], "code": 403, "times": 9}
    await talk.control(
        "faults", {**blocked, "description": "Forbidden: bot was blocked by the user"}
    )
    card = await _take_back(talk)
    assert "未成" in card
    assert _adds_up(card)


async def test_a_broken_way_is_gone_again_later(talk: Talk) -> None:
    await _sent(talk)
    await talk.control("faults", {"method": "deleteMessage", "code": 502, "times": 3})
    card = await _take_back(talk)
    assert "已删除5" in card
    assert _adds_up(card)


async def test_it_goes_on_after_a_restart_and_stops_with_everything(talk: Talk) -> None:
    push = await _sent(talk)
    async with talk.database.write() as connection:
        await followups.begin(connection, push, FollowUp.RECALL, OWNER, talk.now)
        await halts.stop(connection, OWNER, talk.now)
    await talk.open()
    await handlers.tick(talk.bot, talk.desk, talk.now)
    async with talk.database.read() as connection:
        [progress] = await followups.progress(connection, push)
    assert progress.waiting == 5
    async with talk.database.write() as connection:
        await halts.go_on(connection)
    await followed(talk)
    async with talk.database.read() as connection:
        [progress] = await followups.progress(connection, push)
    assert (progress.ended, sum(progress.outcomes.values())) == (True, 5)


async def test_what_shares_a_message_with_something_else_stays(talk: Talk) -> None:
    push = await _sent(talk)
    async with talk.database.write() as connection:
        row = (
            (
                await connection.execute(
                    schema.outbox.select().where(
                        schema.outbox.c.push_id == push, schema.outbox.c.chat_id == CROWD[0]
                    )
                )
            )
            .mappings()
            .one()
        )
        now = talk.now
        number = await connection.scalar(
            schema.pushes.insert()
            .returning(schema.pushes.c.id)
            .values(
                kind="digest",
                key="2026-07-20",
                lane=3,
                state="done",
                not_before=now,
                not_after=now,
                on_unknown="leave",
                created_at=now,
            )
        )
        await connection.execute(schema.outbox.insert().values(**{**row, "push_id": number}))
    card = await _take_back(talk)
    assert "与其他内容同条未动1" in card
    assert "已删除4" in card
    assert _adds_up(card)


async def test_it_is_asked_once_more_and_only_of_who_may(talk: Talk) -> None:
    await handlers.owner_link(talk.desk, talk.now)
    await _sent(talk)
    await invited(talk, REVIEWER, "viewer")
    await talk.says(REVIEWER, "/pushes")
    message = (await talk.messages(REVIEWER))[-1]["message_id"]
    for data in ("bc:1:rc", "bc:1:rc:yes"):
        await talk.press_raw(REVIEWER, message, data, REVIEWER)
        assert "请联系所有者" in (await talk.toasts())[-1]
    await opened(talk)
    await talk.presses(OWNER, "撤回已发的消息")
    await talk.presses(OWNER, "保留")
    for user in CROWD:
        assert "报送情况" in str((await talk.messages(user))[-1]["text"])


async def test_what_still_goes_out_is_cancelled_first(talk: Talk) -> None:
    await talk.says(READER, "/start")
    await talk.presses(OWNER, await drafted(talk))
    await goes_out(talk, [("sent", "", 7)], [READER])
    card = (await talk.messages(OWNER))[-1]["message_id"]
    await talk.press_raw(OWNER, card, "bc:1:rc:yes", OWNER)
    assert "请先取消" in (await talk.toasts())[-1]


async def test_an_old_document_says_so_in_its_caption(talk: Talk) -> None:
    await talk.says(OWNER, "/start")
    message = await talk.bot.send_document(OWNER, b"%PDF-1.4 attachment", filename="a.pdf")
    assert message.document is not None
    await _sent(talk, document=message.document.file_id, age_h=60)
    card = await _take_back(talk)
    assert "已改为“已撤回”5" in card
    newest = (await talk.messages(CROWD[0]))[-1]
    assert newest["caption"] == "该消息已撤回。"
