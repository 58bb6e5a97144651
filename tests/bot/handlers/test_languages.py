"""Every message in each language goes through Telegram's parser, complete and within its limits."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from telegram import Bot
from telegram.request import BaseRequest

import digests
from bot import handlers

READER, OWNER = 1001, 1002
SAMPLE = Path(digests.__file__).parent / "samples" / "yunlan.txt"
Talk = Any  # tests/bot/handlers/conftest.py
# English that stands in Chinese text by right
_NAMES = re.compile(
    r"/\w+|@\w+|https?://\S+|own_\S+|docx|pdf|html|txt|md|TD|MB|UTC|Telegram|Language|English|xlsx"
    r"|Asia|Europe|America|[a-z]+\.[a-z]+|OK|IANA|AI|5G|GDP|MEI|[A-Z]{2,}|b2276057"
)


async def _speak(talk: Talk, user: int, language: str) -> None:
    await talk.says(user, "/start")
    await talk.says(user, "/settings")
    await talk.presses(user, "set:language")
    await talk.presses(user, f"set:language:{language}")


async def _walk_of_a_reader(talk: Talk) -> None:
    for words in (
        "/start",
        "/today",
        "/tasks",
        "/contents",
        "/section 2.5",
        "/section 9.9",
        "/section",
        "防汛",
        "量子泡菜",
        "第五点",
        "什么时候换届",
        "/help",
        "/privacy",
        "/mydata",
        "/why",
        "/pause",
        "/forget",
        "/stop",
        "/start topic_flood",
        "/settings",
    ):
        await talk.says(READER, words)
    for data in ("days", "hour", "topics", "pause", "zone", "zone:-", "language", "role"):
        await talk.says(READER, "/settings")
        await talk.press_raw(
            READER, (await talk.messages(READER))[-1]["message_id"], f"set:{data}", READER
        )
    await talk.says(READER, "/tasks")
    task = next(word for word in await talk.buttons(READER) if word.startswith("t:"))
    await talk.presses(READER, task)
    await talk.presses(
        READER, next(word for word in await talk.buttons(READER) if word.startswith("m:"))
    )


async def _walk_of_an_owner(talk: Talk) -> None:
    await talk.sends(OWNER, "b.txt", SAMPLE.read_bytes() + "\n补充一行。\n".encode())
    key = (await talk.buttons(OWNER))[0].split(":")[1]
    for data in (
        f"r:{key}:pub",
        f"r:{key}:t:0",
        f"r:{key}:c:0",
        f"r:{key}:x:0",
        f"ws:{key}:1",
        f"r:{key}:wd",
        f"r:{key}:title",
        "r",
    ):
        await talk.press_raw(OWNER, (await talk.messages(OWNER))[-1]["message_id"], data, OWNER)
    for words in ("/cancel", "/reports", "/gaps", "/admins", "/audit", "/pushes", "/help"):
        await talk.says(OWNER, words)
    await talk.says(OWNER, "/broadcast ____ 7月21日（周三） http://x " + "请各村社抓紧报送。" * 440)
    await talk.says(OWNER, "今天1:00")
    await talk.says(OWNER, "每月5日、20日 23:00")
    await talk.presses(OWNER, "b:who")
    await talk.says(OWNER, "/broadcast 通知一则，换界")
    await talk.presses(OWNER, "b:new")
    await talk.says(OWNER, "明天9:00")
    await talk.presses(OWNER, "b:receipt")
    await talk.presses(OWNER, "b:receipt:12")
    for data in ("b:why:x", "b:show"):
        await talk.press_raw(OWNER, (await talk.messages(OWNER))[-1]["message_id"], data, OWNER)
    await talk.presses(
        OWNER, next(word for word in await talk.buttons(OWNER) if word.startswith("b:why:"))
    )
    await talk.says(OWNER, "按领导审定稿")
    ok = next(word for word in await talk.buttons(OWNER) if word.startswith("b:ok:"))
    await talk.presses(OWNER, ok)
    for words in ("/pushes", "/halt", "/pushes", "/resume"):
        await talk.says(OWNER, words)
    await handlers.tell_of_stop(talk.bot, talk.desk, 1, "Bad Request: <x> & y")


@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant", "en"])
async def test_the_whole_walk_parses_in_each_language(talk: Talk, language: str) -> None:
    await talk.add_sample()
    await handlers.owner_link(talk.desk, talk.now)
    await handlers.publish_commands(talk.bot, talk.desk)
    for user in (READER, OWNER):
        await _speak(talk, user, language)
    first = len(await talk.toasts())
    await _walk_of_a_reader(talk)
    await _walk_of_an_owner(talk)
    calls = (await talk.control("calls?method=&since=0", method="GET"))["calls"]
    refused = [
        (call["method"], call["params"].get("text", "")[:200], call["answer"])
        for call in calls
        if call["status"] != 200 and "not modified" not in json.dumps(call["answer"])
    ]
    assert refused == []
    sent = [
        str(call["params"]["text"])
        for call in calls
        if call["method"].lower() in {"sendmessage", "editmessagetext"}
    ]
    assert max(len(text) for text in sent) <= 5000
    if language != "en":
        ours = [
            re.sub(r"<blockquote>.*?</blockquote>|<pre>.*?</pre>", "", t, flags=re.DOTALL)
            for t in sent[first:]
        ]
        english = [
            found
            for text in ours
            for found in re.findall(r"[A-Za-z]{3,}(?: [A-Za-z]{2,})+", _NAMES.sub("", text))
        ]
        assert [words for words in english if words != "Bad Request"] == []


async def test_english_counts_and_lists_read_as_english_ones(talk: Talk) -> None:
    await talk.add_sample()
    await _speak(talk, READER, "en")
    assert "Documents searched: 1;" in (await talk.says(READER, "量子泡菜"))[0]
    await talk.says(READER, "/tasks")
    lists = []
    for data in [word for word in await talk.buttons(READER) if word.startswith("t:")]:
        await talk.says(READER, "/tasks")
        [shown] = await talk.presses(READER, data)
        ours = [line for line in shown.splitlines() if line.startswith(("Next", "Responsible"))]
        lists += [line for line in ours if ", " in line]
        assert not any("、" in re.sub(r"（[^）]*）", "", line) for line in ours)  # 各县（市、区）
    assert lists


async def test_an_empty_chat_says_what_the_bot_is_for(talk: Talk) -> None:
    await handlers.publish_commands(talk.bot, talk.desk)
    assert "只摘原文" in (await talk.bot.get_my_description("zh")).description
    assert "excerpts" in (await talk.bot.get_my_description("en")).description
    assert "只摘原文" in (await talk.bot.get_my_description()).description


async def test_what_the_office_wrote_about_its_bot_stays(talk: Talk) -> None:
    await talk.bot.set_my_description("本单位的机器人")
    await handlers.publish_commands(talk.bot, talk.desk)
    assert (await talk.bot.get_my_description()).description == "本单位的机器人"


class SaysYes(BaseRequest):
    """A server that knows few methods and answers "true" to all others."""

    read_timeout = 1.0

    async def initialize(self) -> None: ...

    async def shutdown(self) -> None: ...

    async def do_request(self, *_: object, **__: object) -> tuple[int, bytes]:
        return 200, b'{"ok":true,"result":true}'


async def test_a_server_that_knows_no_descriptions_does_not_keep_the_bot_from_starting(
    talk: Talk,
) -> None:
    bot = Bot("1:x", request=SaysYes(), get_updates_request=SaysYes())
    await handlers.publish_commands(bot, talk.desk)


async def test_english_days_name_their_month(talk: Talk) -> None:
    """7/8 is July in one country and August in another."""
    await talk.add_sample()
    await _speak(talk, READER, "en")
    told = [*(await talk.says(READER, "/settings")), *(await talk.says(READER, "/today"))]
    assert any("Next: Mon 20 Jul, 8:00 (Beijing time)." in text for text in told)
    assert any(text.startswith("Monday 20 Jul") for text in told)
    for words in ("/start", "/tasks", "/why", "/contents"):
        told += await talk.says(READER, words)
    ours = [text.partition("\n> ")[0] for text in told]
    assert [text for text in ours if re.search(r"\d/\d|\d{4}-\d|\d月", text)] == []


async def test_the_keyboard_changes_its_language_with_the_choice(talk: Talk) -> None:
    await _speak(talk, READER, "en")
    calls = (await talk.control("calls?method=sendMessage&since=0", method="GET"))["calls"]
    said = [call["params"] for call in calls if "is_persistent" in str(call["params"])]
    assert "Now: every day 8:00 (Beijing time)." in said[-1]["text"]
    assert "Contents" in str(said[-1]["reply_markup"])
