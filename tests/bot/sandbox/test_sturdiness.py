"""Whatever comes in, the answer is Telegram's kind of answer, never a stumble of our own."""

import random
from typing import Any

from bot.sandbox.methods import METHODS
from tests.bot.sandbox.conftest import Client

NAMES = (
    "chat_id", "from_chat_id", "user_id", "message_id", "message_ids", "text", "caption",
    "parse_mode", "entities", "caption_entities", "reply_markup", "reply_parameters", "document",
    "photo", "media", "commands", "scope", "language_code", "url", "secret_token", "results",
    "inline_query_id", "callback_query_id", "button", "menu_button", "permissions", "rights",
    "link_preview_options", "allowed_updates", "title", "description", "file_id", "name", "action",
    "draft_id", "inline_message_id", "until_date", "max_connections", "cache_time",
)  # fmt: skip
JUNK: tuple[Any, ...] = (
    None, "", 0, -1, 1001, "1001", 1.5, True, "x", "@x", [], {}, [[]], [{}], [1], [None], "[", "{}",
    "null", "[1]", {"type": "x"}, {"type": "photo", "media": 1}, {"message_id": "x"},
    [{"type": "bold"}], [{"type": "bold", "offset": "a", "length": 1}], "HTML", "<b>", 10**30,
    [{"type": "text_mention", "offset": 0, "length": 1}], {"inline_keyboard": [[{}]]},
    {"inline_keyboard": [[{"text": 1, "url": 2}]]}, {"keyboard": [[1]]}, {"inline_keyboard": [None]},
    {"inline_keyboard": [[{"text": "a", "copy_text": 1}]]}, "\ud800", "http://[", "https://:x/",
    {"type": "chat", "chat_id": []}, {"type": "chat_member", "chat_id": 1001, "user_id": "1"},
    [{"command": 1, "description": 2}], [{"type": "article", "id": [], "title": 1}],
    [{"type": "article", "id": "1", "title": "t", "input_message_content": {"message_text": 1}}],
    {"text": 1, "start_parameter": 2}, "🙂" * 50, "attach://nothing",
)  # fmt: skip


async def test_no_parameter_makes_it_stumble(world: Client) -> None:
    chance = random.Random(7)
    stumbles = []
    for method in METHODS:
        if method in {"getupdates", "logout", "close", "leavechat"}:
            continue
        for _ in range(60):
            params = {name: chance.choice(JUNK) for name in chance.sample(NAMES, 12)}
            params.setdefault("chat_id", chance.choice([1001, world.names["super"]]))
            params.setdefault("message_id", world.names["own"])
            status, _ = await answer(world, method, params, chance.choice(["json", "form"]))
            if status >= 500:
                stumbles.append((method, params))
    assert stumbles == []


async def answer(
    world: Client, method: str, params: dict[str, Any], how: str
) -> tuple[int, dict[str, Any]]:
    try:
        return await world.call(method, params, how)
    except UnicodeEncodeError:  # the client's own refusal of a lone surrogate
        return 400, {}


async def test_no_order_makes_the_hand_stumble(world: Client) -> None:
    chance = random.Random(8)
    names = ("chat", "from", "user", "text", "message_id", "data", "query", "result", "count",
             "status", "type", "members", "title", "code", "share", "times", "delay_ms",
             "per_second", "enforce", "advance_s", "id", "name", "language", "bot", "n")  # fmt: skip
    paths = ("users", "chats", "members", "migrations", "messages", "edits", "presses", "choices",
             "faults", "limits", "bots", "calls", "tally", "commands", "clock")  # fmt: skip
    quiet = tuple(junk for junk in JUNK if junk not in (10**30, 1.5, "\ud800"))
    stumbles = []
    for path in paths:
        for _ in range(60):
            body = {name: chance.choice(quiet) for name in chance.sample(names, 9)}
            method = chance.choice(["GET", "POST"])
            url = f"{world.sandbox.url}/sandbox/{path}"
            async with world.session.request(method, url, json=body) as response:
                if response.status >= 500:
                    stumbles.append((method, path, body))
    assert stumbles == []
