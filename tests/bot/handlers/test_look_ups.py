"""Look-ups: more of a long question's hits, gaps and the office's synonyms, contents, courtesy."""

import asyncio
import json
from typing import Any

import pytest
import telegram

import digests
from bot.domain.office import ReportState
from bot.storage import queries, reports
from tests.bot.handlers.office.clerks import invited

READER, OWNER, WRITER, GROUP = 1001, 1002, 1003, -1001
BOT = "@policy_digest_bot"
Talk = Any  # tests/bot/handlers/conftest.py

LONG = "请问一下在下半年的工作当中我们村里面关于防汛的工作具体有哪些要求"


async def _markup(talk: Talk, chat: int) -> list[dict[str, Any]]:
    rows = (await talk.messages(chat))[-1].get("reply_markup", {}).get("inline_keyboard", [])
    return [button for row in rows for button in row]


async def _add(talk: Talk, text: str, name: str = "a.txt") -> str:
    report = digests.parse(text.encode(), name)
    async with talk.database.write() as connection:
        added = await reports.add(connection, report, (), now=talk.now, accept=True)
    await talk.library.refresh()
    return str(added.key)


# ---- more of a long question -----------------------------------------------------------------


def _many() -> str:
    points = "\n".join(
        f"{i}．第{i}片区防汛。防汛工作要抓好第{i}片区的巡查值守和物资准备，确保不出事。"
        for i in range(1, 10)
    )
    return f"某某市政府工作报告\n一、主要工作\n{points}\n（此件公开发布）"


async def test_a_long_question_has_more_too(talk: Talk) -> None:
    await _add(talk, _many())
    first = (await talk.says(READER, LONG))[0]
    assert (await talk.messages(READER))[-1]["reply_to_message"]["text"] == LONG
    (more,) = [b["callback_data"] for b in await _markup(talk, READER) if "更多" in b["text"]]
    assert more == "q:5:"
    second = (await talk.presses(READER, "更多"))[0]
    assert second != first
    assert "防汛" in second


async def test_in_a_group_more_knows_the_question_without_the_mention(talk: Talk) -> None:
    await _add(talk, _many())
    await talk.says(READER, f"{BOT} {LONG}", chat=GROUP)
    assert "防汛" in (await talk.presses(READER, "更多", chat=GROUP))[0]


async def test_more_of_a_question_that_was_deleted_asks_for_it_again(talk: Talk) -> None:
    await _add(talk, _many())
    await talk.says(READER, "防汛")
    answer = (await talk.messages(READER))[-1]["message_id"]
    await talk.press_raw(READER, answer, "q:5:", READER)
    assert "请再发一次" in (await talk.toasts())[-1]


async def test_the_next_place_comes_in_the_same_message(talk: Talk) -> None:
    await _add(talk, _many())
    (first,) = await talk.says(READER, "防汛")
    (second,) = await talk.presses(READER, "下一处")
    assert second.partition("\n")[0] != first.partition("\n")[0]
    bold = [e for e in (await talk.messages(READER))[-1]["entities"] if e["type"] == "bold"]
    assert bold
    assert (await talk.presses(READER, "‹"))[0] == first


async def test_a_short_question_is_not_quoted_back(talk: Talk) -> None:
    await _add(talk, _many())
    await talk.says(READER, "防汛")
    assert "reply_to_message" not in (await talk.messages(READER))[-1]


# ---- gaps and synonyms -----------------------------------------------------------------------


async def _learn(talk: Talk, said: str, written: str) -> list[str]:
    await talk.says(READER, said)
    await talk.says(OWNER, "/gaps")
    await talk.presses(OWNER, "加同义词")
    return list(await talk.says(OWNER, written))


async def test_a_synonym_is_added_found_listed_and_taken_back(talk: Talk) -> None:
    await talk.add_sample()
    (said,) = await _learn(talk, "娃娃屋", "防汛")
    assert "今后查“娃娃屋”也能查到“防汛”" in said
    assert "防汛" in (await talk.says(READER, "娃娃屋"))[0]
    assert "还没有" not in (await talk.says(OWNER, "/gaps"))[0]
    listed = await talk.presses(OWNER, "本单位同义词（1）")
    assert "娃娃屋 → 防汛" in listed[0]
    assert "不再带出" in (await talk.presses(OWNER, "撤回"))[0]
    assert "没有找到" in (await talk.says(READER, "娃娃屋"))[0]
    await talk.says(OWNER, "/audit")
    assert "撤回同义词" in str(await talk.messages(OWNER))


async def test_a_word_no_report_writes_is_kept_and_said_so(talk: Talk) -> None:
    await talk.add_sample()
    (said,) = await _learn(talk, "量子泡菜", "暗物质酸菜")
    assert "仍查不到" in said
    assert "撤回" in [b["text"] for b in await _markup(talk, OWNER)]


async def test_two_admins_may_answer_the_same_gap(talk: Talk) -> None:
    await talk.add_sample()
    await talk.says(READER, "娃娃屋")
    await invited(talk, WRITER, "editor")
    for admin in (OWNER, WRITER):
        await talk.says(admin, "/gaps")
        await talk.presses(admin, "加同义词")
    assert "今后查" in (await talk.says(OWNER, "防汛"))[0]
    assert "今后查" in (await talk.says(WRITER, "防汛"))[0]
    async with talk.database.read() as connection:
        assert await queries.synonyms_of_office(connection) == [("娃娃屋", "防汛")]


async def test_a_gap_that_is_gone_says_so(talk: Talk) -> None:
    await talk.add_sample()
    await talk.says(READER, "娃娃屋")
    await talk.says(OWNER, "/gaps")
    (data,) = [b["callback_data"] for b in await _markup(talk, OWNER) if "加同义词" in b["text"]]
    await talk.presses(OWNER, "移出清单")
    await talk.press_raw(OWNER, (await talk.messages(OWNER))[-1]["message_id"], data, OWNER)
    assert "不在清单上" in (await talk.toasts())[-1]


async def test_gaps_are_for_the_office_alone(talk: Talk) -> None:
    await talk.add_sample()
    await talk.says(READER, "/gaps")
    answer = (await talk.messages(READER))[-1]["message_id"]
    await talk.press_raw(READER, answer, "g:own:0", READER)
    async with talk.database.read() as connection:
        assert await queries.synonyms_of_office(connection) == []
    assert (await talk.toasts())[-1]


async def test_many_look_ups_for_nothing_at_once_are_all_counted(talk: Talk) -> None:
    await talk.add_sample()

    async def once() -> None:
        async with talk.database.write() as connection:
            await queries.count_missing(connection, "娃娃屋", talk.now.date())

    await asyncio.gather(*(once() for _ in range(8)))
    async with talk.database.read() as connection:
        assert [row["times"] for row in await queries.gaps(connection)] == [8]


@pytest.mark.parametrize("words", ["13800001111", "王某 330602199001011234", "mail me@example.org"])
async def test_what_looks_personal_is_not_counted(talk: Talk, words: str) -> None:
    await talk.add_sample()
    assert "没有找到" in (await talk.says(READER, words))[0]
    async with talk.database.read() as connection:
        assert await queries.gaps(connection) == []


# ---- contents --------------------------------------------------------------------------------


async def test_two_hundred_sections_at_one_level_can_be_paged_quickly(talk: Talk) -> None:
    law = "某某市某某条例\n" + "\n".join(
        f"第{_numeral(i)}条　第{_numeral(i)}件事应当由市人民政府办理。" for i in range(1, 221)
    )
    await _add(talk, law)
    await talk.says(READER, "/contents")
    last = max(
        (b for b in await _markup(talk, READER) if b["callback_data"].startswith("c:")),
        key=lambda b: int(b["callback_data"].rpartition(":")[2]),
    )
    (shown,) = await talk.press_raw(
        READER, (await talk.messages(READER))[-1]["message_id"], last["callback_data"], READER
    )
    assert "28" in shown
    assert any("第二百二十条" in b["text"] for b in await _markup(talk, READER))
    await talk.presses(READER, "第二百二十条")
    assert "第二百二十件事" in (await talk.messages(READER))[-1]["text"]


def _numeral(number: int) -> str:
    digits = "零一二三四五六七八九"
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    head = f"{digits[hundreds]}百" if hundreds else ""
    middle = (
        (digits[tens] if tens > 1 or hundreds else "") + "十"
        if tens
        else "零"
        if hundreds and ones
        else ""
    )
    return head + middle + (digits[ones] if ones else "")


async def test_the_list_of_reports_can_be_paged(talk: Talk) -> None:
    for number in range(10):
        await _add(
            talk,
            f"第{number}号工作通知\n一、要求\n抓好第{number}项工作。\n（此件公开发布）",
            f"{number}.txt",
        )
    await talk.says(READER, "/contents")
    assert len(await _markup(talk, READER)) == 9
    await talk.presses(READER, "页 ›")
    assert len(await _markup(talk, READER)) == 3


# ---- courtesy --------------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["谢谢！", "收到", "你好", "OK", "👍"])
async def test_courtesy_is_answered_in_private_and_never_counted(talk: Talk, words: str) -> None:
    await talk.add_sample()
    (said,) = await talk.says(READER, words)
    assert "没有找到" not in said
    await talk.says(READER, f"{BOT} 防汛", chat=GROUP)
    answer = (await talk.messages(GROUP))[-1]["message_id"]
    assert await talk.says(READER, words, chat=GROUP, reply_to=answer) == []
    async with talk.database.read() as connection:
        assert await queries.gaps(connection) == []


# ---- groups: topics, hidden admins, quotes ---------------------------------------------------


async def _comes(talk: Talk, **message: Any) -> list[dict[str, Any]]:
    """A message as Telegram would send it; what the bot calls then."""
    known = (await talk.control("calls?method=&since=0", method="GET"))["calls"]
    since = known[-1]["n"] if known else 0
    body = {
        "message_id": 77,
        "date": int(talk.now.timestamp()),
        "chat": {"id": GROUP, "type": "supergroup", "title": "村级群", "is_forum": True},
        "from": {"id": READER, "is_bot": False, "first_name": "甲"},
    }
    update = {"update_id": 900_001, "message": body | message}
    await talk.application.process_update(telegram.Update.de_json(update, talk.bot))
    found = await talk.control(f"calls?method=sendMessage&since={since}", method="GET")
    return [call["params"] for call in found["calls"]]


def _mention(text: str) -> dict[str, Any]:
    entity = {"type": "mention", "offset": text.index("@"), "length": len(BOT)}
    return {"text": text, "entities": [entity]}


async def test_a_question_in_a_topic_is_answered_in_that_topic(talk: Talk) -> None:
    await talk.add_sample()
    topic = {"message_thread_id": 5, "is_topic_message": True}
    (sent,) = await _comes(talk, **_mention(f"{BOT} 防汛"), **topic)
    assert str(sent["message_thread_id"]) == "5"
    assert "77" in str(sent["reply_parameters"])
    (sent,) = await _comes(talk, **_mention(f"{BOT} 防汛"))
    assert "message_thread_id" not in sent


async def test_a_hidden_admin_is_answered_like_anybody(talk: Talk) -> None:
    await talk.add_sample()
    hidden = {
        "from": {"id": 1087968824, "is_bot": True, "first_name": "Group"},
        "sender_chat": {"id": GROUP, "type": "supergroup", "title": "村级群"},
    }
    (sent,) = await _comes(talk, **_mention(f"{BOT} 防汛"), **hidden)
    assert "防汛" in sent["text"]
    assert await _comes(talk, text="防汛", **hidden) == []


async def test_a_mention_of_another_bot_is_not_ours(talk: Talk) -> None:
    await talk.add_sample()
    text = f"{BOT}2 防汛"
    entity = {"type": "mention", "offset": 0, "length": len(BOT) + 1}
    assert await _comes(talk, text=text, entities=[entity]) == []


# ---- what was withdrawn ----------------------------------------------------------------------


async def test_old_buttons_of_a_withdrawn_report_say_so(talk: Talk) -> None:
    key = await talk.add_sample()
    await talk.says(READER, "防汛")
    answer = (await talk.messages(READER))[-1]
    data = [b["callback_data"] for b in await _markup(talk, READER) if "callback_data" in b]
    async with talk.database.write() as connection:
        await reports.move(connection, key, ReportState.WITHDRAWN, talk.now)
    await talk.library.refresh()
    for press in data:
        await talk.press_raw(READER, answer["message_id"], press, READER)
        if not press.startswith("q:"):
            assert "撤下" in (await talk.toasts())[-1], press
    assert "撤下" in (await talk.says(READER, "防汛"))[0]
    assert "撤下" in (await talk.says(READER, f"/start h_{key}_0_20"))[0]


# ---- inline ----------------------------------------------------------------------------------


async def _inline(talk: Talk, query: str, offset: str = "") -> dict[str, Any]:
    body = {"from": READER, "query": query, "offset": offset}
    asked = asyncio.create_task(talk.control("inline", body))
    while not asked.done():
        await talk.pump()
        await asyncio.sleep(0.01)
    await asked
    calls = await talk.control("calls?method=answerInlineQuery&since=0", method="GET")
    return dict(calls["calls"][-1]["params"])


async def test_inline_pages_without_repeating_and_may_be_cached_for_all(talk: Talk) -> None:
    points = "\n".join(f"{i}．第{i}片区。抓好第{i}片区防汛工作，备足物资。" for i in range(1, 26))
    await _add(talk, f"某某市政府工作报告\n一、主要工作\n{points}\n")
    seen: list[str] = []
    offset = ""
    for _ in range(5):
        answer = await _inline(talk, "防汛", offset)
        assert str(answer["is_personal"]).lower() == "false"
        assert int(answer["cache_time"]) < 60
        results = answer["results"]
        results = json.loads(results) if isinstance(results, str) else results
        seen += [result["id"] for result in results]
        offset = answer.get("next_offset") or ""
        if not offset:
            break
    assert len(seen) == len(set(seen)) >= 20


async def test_an_empty_inline_query_invites_to_type(talk: Talk) -> None:
    await talk.add_sample()
    answer = await _inline(talk, "")
    assert "start_parameter" in str(answer["button"])


# ---- nothing found ---------------------------------------------------------------------------


async def test_nothing_found_says_what_was_searched_what_is_near_and_whom_to_ask(
    talk: Talk,
) -> None:
    await talk.add_sample()
    (said,) = await talk.says(READER, "公交票价")
    assert said.startswith("没有找到“公交票价”")
    assert "只查了已收录的1份材料" in said
    assert "0000-12345" in said


async def test_an_answer_to_a_question_says_how_much_was_searched(talk: Talk) -> None:
    await talk.add_sample()
    (said,) = await talk.says(READER, "换届什么时候完成")
    assert "只查了已收录的1份材料" in said
    assert "只查了" not in (await talk.says(READER, "换届"))[0]
