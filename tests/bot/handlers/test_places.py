"""Groups, channels, inline: where people are; and nothing leaks between them."""

import asyncio
import dataclasses
from typing import Any

import pytest
from telegram import Update

from bot.storage import chats

READER, OWNER, GROUP, CHANNEL = 1001, 1002, -1001, -1002
BOT = "@policy_digest_bot"
Talk = Any  # tests/bot/handlers/conftest.py


async def _row(talk: Talk, chat_id: int = GROUP) -> dict[str, Any] | None:
    async with talk.database.read() as connection:
        row = await chats.get(connection, chat_id)
    return None if row is None else dict(row)


async def _inline(talk: Talk, query: str) -> dict[str, Any]:
    asked = asyncio.create_task(talk.control("inline", {"from": READER, "query": query}))
    while not asked.done():
        await talk.pump()
        await asyncio.sleep(0.01)
    return dict(await asked)


# ---- groups ----------------------------------------------------------------------------------


async def test_a_group_is_left_in_peace(talk: Talk) -> None:
    await talk.add_sample()
    await talk.control("bots", {"privacy": False})
    for words in ("防汛", "二、5", "今天开会", "退订", "设置"):
        assert await talk.says(READER, words, chat=GROUP) == []


@pytest.mark.parametrize(
    "words", [f"{BOT} 防汛", f"防汛 {BOT}", "/section@policy_digest_bot 二、5"]
)
async def test_it_answers_when_it_is_addressed(talk: Talk, words: str) -> None:
    await talk.add_sample()
    said = await talk.says(READER, words, chat=GROUP)
    assert len(said) == 1
    answer = (await talk.messages(GROUP))[-1]
    assert answer["reply_to_message"]["from"]["id"] == READER


async def test_it_answers_a_reply_to_itself(talk: Talk) -> None:
    await talk.add_sample()
    await talk.says(READER, f"{BOT} 防汛", chat=GROUP)
    answer = (await talk.messages(GROUP))[-1]["message_id"]
    said = await talk.says(READER, "二、5", chat=GROUP, reply_to=answer)
    assert "二、5" in said[0]


async def test_a_command_for_another_bot_is_not_ours(talk: Talk) -> None:
    assert await talk.says(READER, "/start@other_bot", chat=GROUP) == []


async def test_only_its_admins_set_a_group_up(talk: Talk) -> None:
    assert "群管理员可以改" in (await talk.says(READER, "/start", chat=GROUP))[0]
    assert await _row(talk) is None
    await talk.says(OWNER, "/start", chat=GROUP)
    row = await _row(talk)
    assert row is not None
    assert (row["state"], row["kind"]) == ("active", "group")
    await talk.presses(OWNER, "set", chat=GROUP)
    await talk.presses(READER, "set:days", chat=GROUP)  # looking is free
    await talk.presses(READER, "set:days:workdays", chat=GROUP)
    assert "群管理员可以改" in (await talk.toasts())[-1]
    await talk.presses(OWNER, "set:days:workdays", chat=GROUP)
    row = await _row(talk)
    assert row is not None
    assert row["days"] == "workdays"


async def test_who_is_no_longer_an_admin_may_no_longer_change_it(talk: Talk) -> None:
    await talk.control("members", {"chat": GROUP, "user": READER, "status": "administrator"})
    await talk.pump()
    await talk.says(READER, "/start", chat=GROUP)
    await talk.control("members", {"chat": GROUP, "user": READER, "status": "member"})
    await talk.pump()
    assert "群管理员可以改" in (await talk.says(READER, "/stop", chat=GROUP))[0]


async def test_adding_the_bot_subscribes_and_removing_it_suspends(talk: Talk) -> None:
    chat = (await talk.control("chats", {"type": "group", "title": "村级群", "members": [OWNER]}))[
        "id"
    ]
    bot = talk.bot.id
    await talk.control("members", {"chat": chat, "user": bot, "status": "left"})
    await talk.pump()
    await talk.control("members", {"chat": chat, "user": bot, "status": "member"})
    await talk.pump()
    row = await _row(talk, chat)
    assert row is not None
    assert row["state"] == "active"
    await talk.control("members", {"chat": chat, "user": bot, "status": "kicked"})
    await talk.pump()
    row = await _row(talk, chat)
    assert row is not None
    assert (row["state"], row["due_at"]) == ("suspended", None)


async def test_a_member_who_brings_the_bot_by_a_link_is_greeted_and_not_refused(
    talk: Talk,
) -> None:
    await talk.add_sample()
    await talk.control("members", {"chat": GROUP, "user": "bot", "status": "left"})
    await talk.pump()
    before = await talk.marks(GROUP)
    await talk.control("starts", {"from": READER, "chat": GROUP, "payload": "hello"})
    await talk.pump()
    said = await talk.since(GROUP, before)
    assert "已为这里订好摘编" in said[-2]
    assert "您已经订阅了" in said[-1]


@pytest.mark.parametrize("way", ["kicked", "left"])
async def test_who_takes_the_bot_back_finds_the_choices_as_they_were(talk: Talk, way: str) -> None:
    await talk.says(OWNER, "/start", chat=GROUP)
    await talk.presses(OWNER, "set", chat=GROUP)
    await talk.presses(OWNER, "set:days", chat=GROUP)
    await talk.presses(OWNER, "set:days:workdays", chat=GROUP)
    for status, state in ((way, "suspended"), ("member", "active")):
        await talk.control("members", {"chat": GROUP, "user": talk.bot.id, "status": status})
        await talk.pump()
        row = await _row(talk)
        assert row is not None
        assert (row["state"], row["days"]) == (state, "workdays")
        assert (row["due_at"] is None) is (state == "suspended")


async def test_a_supergroup_keeps_everything(talk: Talk) -> None:
    await talk.says(OWNER, "/start", chat=GROUP)
    await talk.presses(OWNER, "set", chat=GROUP)
    await talk.presses(OWNER, "set:days", chat=GROUP)
    await talk.presses(OWNER, "set:days:workdays", chat=GROUP)
    await talk.control("migrations", {"chat": GROUP})
    await talk.pump()
    assert await _row(talk) is None
    async with talk.database.read() as connection:
        moved = await chats.count(connection, chats.Audience(kinds=("group",)))
    assert moved == {"supergroup": 1}


async def _comes(talk: Talk, **message: Any) -> dict[str, Any]:
    """A message as Telegram sends it from a forum or from a hidden admin; the bot's last call."""
    before = (await talk.control("calls?limit=1", method="GET"))["calls"][-1]["n"]
    raw = {
        "message_id": 900,
        "date": 1784500000,
        "chat": {"id": GROUP, "type": "supergroup", "title": "村级群", "is_forum": True},
        "from": {"id": OWNER, "is_bot": False, "first_name": "王"},
        "entities": [{"type": "bot_command", "offset": 0, "length": 6}],
        **message,
    }
    update = Update.de_json({"update_id": 1, "message": raw}, talk.bot)
    await talk.application.process_update(update)
    calls = (await talk.control(f"calls?since={before}", method="GET"))["calls"]
    return dict(calls[-1]["params"])


async def test_a_forum_is_served_in_the_topic_in_which_it_was_set_up(talk: Talk) -> None:
    said = await _comes(talk, text="/start", message_thread_id=7, is_topic_message=True)
    assert int(said["message_thread_id"]) == 7
    row = await _row(talk)
    assert row is not None
    assert row["thread_id"] == 7
    await _comes(talk, text="/start")  # in the general one
    row = await _row(talk)
    assert row is not None
    assert row["thread_id"] is None


async def test_a_hidden_admin_sets_a_group_up(talk: Talk) -> None:
    hidden = {"id": 1087968824, "is_bot": True, "first_name": "Group"}
    place = {"id": GROUP, "type": "supergroup", "title": "村级群"}
    await _comes(talk, text="/start", **{"from": hidden, "sender_chat": place})
    row = await _row(talk)
    assert row is not None
    assert row["state"] == "active"


async def test_who_speaks_as_a_channel_sets_nothing_up(talk: Talk) -> None:
    channel_bot = {"id": 136817688, "is_bot": True, "first_name": "Channel"}
    other = {"id": -100999, "type": "channel", "title": "别处"}
    await _comes(talk, text="/start", **{"from": channel_bot, "sender_chat": other})
    assert await _row(talk) is None


async def test_adding_a_report_does_not_work_in_a_group(talk: Talk) -> None:
    assert "私聊" in (await talk.says(OWNER, "/broadcast x", chat=GROUP))[0]


async def test_an_admin_link_does_not_work_in_a_group(talk: Talk) -> None:
    said = await talk.says(READER, "/start own_abcdefghijkl", chat=GROUP)
    assert "私聊" in said[0]


# ---- channels --------------------------------------------------------------------------------


async def test_a_channel_subscribes_by_its_own_post(talk: Talk) -> None:
    await talk.says(OWNER, "/start", chat=CHANNEL)
    row = await _row(talk, CHANNEL)
    assert row is not None
    assert (row["kind"], row["state"]) == ("channel", "active")


async def test_ordinary_posts_of_a_channel_are_left_alone(talk: Talk) -> None:
    await talk.add_sample()
    assert await talk.says(OWNER, "防汛", chat=CHANNEL) == ["防汛"]  # the post itself


async def _posted(talk: Talk) -> str:
    """A digest in the channel; the key of its report."""
    key = await talk.add_sample()
    await talk.says(OWNER, "/start", chat=CHANNEL)
    await talk.says(OWNER, "/today", chat=CHANNEL)
    return str(key)


async def test_a_channels_reader_opens_what_a_button_names_in_a_talk_of_their_own(
    talk: Talk,
) -> None:
    key = await _posted(talk)
    section = next(w for w in await talk.buttons(CHANNEL) if w.startswith("s:"))
    posts = len(await talk.messages(CHANNEL))
    for data, payload in (
        (section, f"s_{key}_{section.split(':')[2].replace('.', '-')}"),
        ("t", "tasks"),
    ):
        await talk.presses(READER, data, chat=CHANNEL)
        calls = (await talk.control("calls?method=answerCallbackQuery", method="GET"))["calls"]
        assert calls[-1]["params"]["url"] == f"https://t.me/{talk.desk.username}?start={payload}"
        assert len(await talk.messages(CHANNEL)) == posts
        said = await talk.says(READER, f"/start {payload}")
        assert "可以每天发给您" in said[-1]


async def test_a_channels_settings_are_for_its_admins_alone(talk: Talk) -> None:
    await _posted(talk)
    posts = len(await talk.messages(CHANNEL))
    await talk.presses(READER, "set", chat=CHANNEL)
    assert "管理员" in (await talk.toasts())[-1]
    assert len(await talk.messages(CHANNEL)) == posts
    await talk.presses(OWNER, "set", chat=CHANNEL)
    assert len(await talk.messages(CHANNEL)) == posts + 1


async def test_who_i_am_is_no_question_to_a_group(talk: Talk) -> None:
    await talk.says(OWNER, "/start", chat=GROUP)
    await talk.presses(OWNER, "set", chat=GROUP)
    assert "set:role" not in await talk.buttons(GROUP)


# ---- inline ----------------------------------------------------------------------------------


async def test_inline_finds_public_passages_with_their_citation(talk: Talk) -> None:
    await talk.add_sample()
    found = await _inline(talk, "防汛")
    assert found["results"]
    for result in found["results"]:
        assert "<blockquote>" in result["input_message_content"]["message_text"]
        assert "印发" in result["input_message_content"]["message_text"]


@pytest.mark.parametrize("query", ["", "   ", "量子泡菜", "二、5", "😀" * 60, "<b>"])
async def test_any_inline_query_is_answered(talk: Talk, query: str) -> None:
    await talk.add_sample()
    found = await _inline(talk, query)
    assert bool(found["results"]) is (query == "二、5")


async def test_what_is_kept_to_the_office_is_not_found_inline(talk: Talk) -> None:
    key = await talk.add_sample()
    await talk.says(OWNER, "/reports")
    await talk.presses(OWNER, f"r:{key}")
    await talk.presses(OWNER, f"r:{key}:mem")
    assert (await _inline(talk, "防汛"))["results"] == []


async def test_the_task_list_offers_the_calendar_where_the_office_has_one(talk: Talk) -> None:
    await talk.add_sample()
    assert await _calendars(talk) == []
    office = dataclasses.replace(talk.desk.office, calendar_url="https://bot.example.org/c.ics")
    talk.application.bot_data["desk"] = dataclasses.replace(talk.desk, office=office)
    assert await _calendars(talk) == ["https://bot.example.org/c.ics?language=zh-Hans"]


async def _calendars(talk: Talk) -> list[str]:
    await talk.says(READER, "任务")
    rows = (await talk.messages(READER))[-1]["reply_markup"]["inline_keyboard"]
    return [button["url"] for row in rows for button in row if "日历" in button["text"]]
