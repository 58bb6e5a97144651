"""已阅: only where somebody asked, one row per push and chat, one reminder, no ranking."""

import io
import zipfile
from typing import Any

import pytest

from bot.storage import chats, receipts
from tests.bot.handlers.conftest import GROUP
from tests.bot.handlers.office.clerks import (
    OWNER,
    READER,
    REVIEWER,
    acts,
    broadcast,
    button,
    followed,
    goes_out,
    opened,
)

Talk = Any  # tests/bot/handlers/conftest.py
TEXT = "请各村社今晚前报送情况"


async def _asked(talk: Talk, deadline: str = "次日12:00") -> str:
    """A draft that asks for receipts; its card."""
    await talk.says(READER, "/start")
    await talk.presses(READER, "村（社区）")
    await talk.says(OWNER, "/broadcast")
    await talk.says(OWNER, TEXT)
    await talk.says(OWNER, "明天8点半")
    await talk.presses(OWNER, "b:receipt")
    return str((await talk.presses(OWNER, deadline))[-1])


async def _delivered(talk: Talk, *readers: int) -> int:
    """It was booked and has arrived in these chats, its messages really there."""
    await talk.presses(OWNER, button(await talk.buttons(OWNER), "b:ok:"))
    row = await broadcast(talk)
    await talk.control("clock", {"to": "2026-07-21T08:30:00+08:00"})
    rows = []
    for chat in readers:
        body = row["content"]["parts"][-1]["body"]
        answer = await talk.transport.call("sendMessage", {"chat_id": chat, **body})
        rows.append(("sent", "", answer["message_id"]))
    return await goes_out(talk, rows, readers)


async def _tap(talk: Talk, user: int, chat: int | None = None) -> str:
    await talk.presses(user, "已阅", chat)
    return str((await talk.toasts())[-1])


async def _button(talk: Talk, chat: int) -> str:
    keys = (await talk.messages(chat))[-1]["reply_markup"]["inline_keyboard"]
    return str(keys[-1][-1]["text"])


async def test_only_what_an_admin_asked_for_has_the_button(talk: Talk) -> None:
    await talk.says(READER, "/start")
    await talk.says(OWNER, "/broadcast 通知一则")
    await talk.says(OWNER, "明天9点")
    assert not any(word.startswith("k:") for word in await talk.buttons(OWNER))
    await talk.presses(OWNER, "b:receipt")
    said = await talk.presses(OWNER, "次日12:00")
    assert said[0] == (
        "通知一则\n\n请收到后点一次“已阅”，截止7月22日 周三 12:00（北京时间）。只统计是否收到，不排名。"
    )
    assert "预览" in await _tap(talk, OWNER)
    await talk.presses(OWNER, "b:receipt")
    assert (await talk.presses(OWNER, "不要签收"))[0] == "通知一则"


async def test_the_button_says_when_and_further_taps_change_nothing(talk: Talk) -> None:
    await _asked(talk)
    push = await _delivered(talk, READER)
    await talk.control("clock", {"to": "2026-07-21T16:20:00+08:00"})
    assert "已收到" in await _tap(talk, READER)
    assert await _button(talk, READER) == "已阅 16:20"
    await talk.control("clock", {"advance_s": 600})
    assert "已经签收过：已阅 16:20" in await _tap(talk, READER)
    assert await _button(talk, READER) == "已阅 16:20"
    async with talk.database.read() as connection:
        [line] = await receipts.lines(connection, push, 10)
    assert f"{line['at']:%H:%M}" == "08:20"  # UTC


async def test_two_taps_at_once_are_one_receipt(talk: Talk) -> None:
    await _asked(talk)
    push = await _delivered(talk, READER)
    message = (await talk.messages(READER))[-1]
    data = message["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    press = {"chat": READER, "from": READER, "message_id": message["message_id"], "data": data}
    for _ in range(2):
        await talk.control("presses", press)
    await talk.pump()
    async with talk.database.read() as connection:
        assert [t[2:] for t in await receipts.tallies(connection, push)] == [(1, 1)]


async def test_the_card_counts_by_group_and_ranks_nobody(talk: Talk) -> None:
    await talk.says(REVIEWER, "/start")
    await _asked(talk)
    await _delivered(talk, READER, REVIEWER, GROUP)
    await _tap(talk, READER)
    await _tap(talk, REVIEWER, GROUP)
    card = await opened(talk)
    assert "签收：已阅2／送达3" in card
    assert "村（社区） 1/1" in card
    assert "其他 " in card
    assert "截止7月22日 周三 12:00（北京时间）" in card


async def test_a_group_acknowledges_once(talk: Talk) -> None:
    await _asked(talk)
    push = await _delivered(talk, GROUP)
    assert "已收到" in await _tap(talk, READER, GROUP)
    assert "已经签收过" in await _tap(talk, REVIEWER, GROUP)
    async with talk.database.read() as connection:
        assert sum(t[3] for t in await receipts.tallies(connection, push)) == 1


async def test_a_tap_after_the_deadline_counts_and_says_so(talk: Talk) -> None:
    await _asked(talk)
    await _delivered(talk, READER)
    await talk.control("clock", {"to": "2026-07-23T09:00:00+08:00"})
    assert "已过截止时间" in await _tap(talk, READER)


async def test_who_has_not_tapped_is_reminded_once(talk: Talk) -> None:
    await talk.says(REVIEWER, "/start")
    await _asked(talk)
    await _delivered(talk, READER, REVIEWER)
    await _tap(talk, READER)
    await opened(talk)
    assert "1个" in (await talk.presses(OWNER, "提醒未阅的"))[0]
    card = (await talk.presses(OWNER, "bc:1:nu:yes"))[-1]
    assert "提醒：计划1 = 待办1" in card
    before = {user: len(await talk.messages(user)) for user in (READER, REVIEWER)}
    card = await followed(talk)
    assert len(await talk.messages(READER)) == before[READER]
    [reminder] = (await talk.messages(REVIEWER))[before[REVIEWER] :]
    assert reminder["text"] == "请在收到的这条消息下点一次“已阅”。"
    assert reminder["reply_to_message"]["message_id"]
    assert "提醒：计划1 = 已提醒1 + 待办0" in card
    assert not any(":nu" in word for word in await talk.buttons(OWNER))
    await talk.press_raw(
        OWNER, (await talk.messages(OWNER))[-1]["message_id"], "bc:1:nu:yes", OWNER
    )
    assert "已经开始" in (await talk.toasts())[-1]
    assert (await acts(talk)).count("broadcast.nudge") == 1


async def test_the_table_has_a_line_per_chat(talk: Talk) -> None:
    await talk.says(REVIEWER, "/start")
    await _asked(talk)
    await _delivered(talk, READER, REVIEWER, GROUP)
    await _tap(talk, READER)
    await opened(talk)
    assert await talk.presses(OWNER, "签收表") == ["签收"]
    document = (await talk.messages(OWNER))[-1]["document"]
    file = await talk.bot.get_file(document["file_id"])
    with zipfile.ZipFile(io.BytesIO(bytes(await file.download_as_bytearray()))) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert sheet.count("<row ") == 4
    assert "村（社区）" in sheet


@pytest.mark.parametrize("data", ["k:", "k:00000000", "k:xx:yy", "k:" + "f" * 60])
async def test_a_forged_tap_is_refused(talk: Talk, data: str) -> None:
    await _asked(talk)
    push = await _delivered(talk, READER)
    message = (await talk.messages(READER))[-1]["message_id"]
    await talk.press_raw(READER, message, data, READER)
    assert "失效" in (await talk.toasts())[-1]
    async with talk.database.read() as connection:
        assert sum(t[3] for t in await receipts.tallies(connection, push)) == 0


async def test_who_did_not_get_it_cannot_tap_it(talk: Talk) -> None:
    await _asked(talk)
    push = await _delivered(talk, READER)
    message = (await talk.messages(READER))[-1]
    data = message["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
    await talk.says(REVIEWER, "/start")
    card = (await talk.messages(REVIEWER))[-1]["message_id"]
    await talk.press_raw(REVIEWER, card, data, REVIEWER)
    async with talk.database.read() as connection:
        assert sum(t[3] for t in await receipts.tallies(connection, push)) == 0


async def test_a_deadline_before_the_sending_is_refused(talk: Talk) -> None:
    await _asked(talk)
    await talk.presses(OWNER, "b:receipt")
    assert "早于发送时间" in (await talk.says(OWNER, "今天20:00"))[-1]
    await talk.presses(OWNER, "返回")
    await talk.presses(OWNER, "b:when")
    said = await talk.says(OWNER, "7月25日9:00")
    assert "截止时间要晚于发送时间" in said[-1]
    assert not any(word.startswith("b:ok") for word in await talk.buttons(OWNER))


async def test_what_is_forgotten_or_moved_keeps_the_count_right(talk: Talk) -> None:
    await _asked(talk)
    push = await _delivered(talk, READER, GROUP)
    await _tap(talk, READER)
    await _tap(talk, REVIEWER, GROUP)
    async with talk.database.write() as connection:
        await chats.migrate(connection, GROUP, -100777, talk.now)
        await chats.forget(connection, READER, 5, talk.now)
        tallies = await receipts.tallies(connection, push)
        lines = await receipts.lines(connection, push, 10)
    assert (sum(t[2] for t in tallies), sum(t[3] for t in tallies)) == (2, 2)
    assert {line["chat_id"] for line in lines} == {-100777, 5}


async def test_a_change_of_the_deadline_voids_the_button_that_confirms(talk: Talk) -> None:
    await _asked(talk)
    old = button(await talk.buttons(OWNER), "b:ok:")
    card = (await talk.messages(OWNER))[-1]["message_id"]
    await talk.presses(OWNER, "b:receipt")
    await talk.presses(OWNER, "发送当天17:00")
    await talk.press_raw(OWNER, card, old, OWNER)
    assert "内容有改动" in (await talk.toasts())[-1]


async def test_a_long_text_keeps_its_button(talk: Talk) -> None:
    await talk.says(READER, "/start")
    await talk.says(OWNER, "/broadcast")
    await talk.says(OWNER, "字" * 4090)
    await talk.says(OWNER, "明天9点")
    await talk.presses(OWNER, "b:receipt")
    said = await talk.presses(OWNER, "次日12:00")
    assert said[0] == "字" * 4090
    assert said[1].startswith("请收到后点一次")


async def test_what_is_kept_of_a_tap_is_shown_and_forgotten(talk: Talk) -> None:
    await _asked(talk)
    push = await _delivered(talk, READER)
    assert "点“已阅”的时间" in (await talk.says(READER, "/privacy"))[0]
    assert '"read"' not in (await talk.says(READER, "/mydata"))[0]
    await _tap(talk, READER)
    assert '"read": "2026-07-21T00:30' in (await talk.says(READER, "/mydata"))[0]
    await talk.says(READER, "/forget")
    await talk.presses(READER, "forget:yes")
    async with talk.database.read() as connection:
        assert await receipts.of_chat(connection, READER, {push}) == {}
