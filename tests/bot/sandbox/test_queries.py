"""Presses and inline queries: one answer each, in time."""

import asyncio
from datetime import timedelta
from typing import Any

from tests.bot.sandbox.conftest import START, Client

KEYS = {"inline_keyboard": [[{"text": "a", "callback_data": "go"}]]}
ARTICLE: dict[str, Any] = {
    "type": "article",
    "id": "1",
    "title": "t",
    "input_message_content": {"message_text": "<b>x</b>", "parse_mode": "HTML"},
}


async def press(world: Client, message_id: int, **more: Any) -> dict[str, Any]:
    wanted = {"chat": 1001, "from": 1001, "message_id": message_id, "data": "go", **more}
    return await world.control("POST", "presses", wanted)


async def test_it_passes_a_press_on_and_takes_one_answer(world: Client) -> None:
    sent = await world.ok("sendMessage", chat_id=1001, text="x", reply_markup=KEYS)
    query_id = (await press(world, sent["message_id"]))["id"]
    query = (await world.drain())[0]["callback_query"]
    assert query["id"] == query_id
    assert query["data"] == "go"
    assert query["chat_instance"]
    assert query["message"]["reply_markup"] == KEYS
    await world.ok("answerCallbackQuery", callback_query_id=query_id, text="done")
    status, body = await world.call("answerCallbackQuery", {"callback_query_id": query_id})
    assert status == 400
    assert body["description"].startswith("Bad Request: query is too old")


async def test_it_tells_the_person_what_the_bot_answered(world: Client) -> None:
    pressed = asyncio.ensure_future(press(world, world.names["own"], wait_s=5))
    update = (await world.updates(timeout=5))[0]["callback_query"]
    await world.ok(
        "answerCallbackQuery", callback_query_id=update["id"], text="no", show_alert=True
    )
    assert (await pressed)["answer"] == {"text": "no", "show_alert": True, "url": ""}


async def test_it_refuses_a_late_answer(world: Client) -> None:
    query_id = (await press(world, world.names["own"]))["id"]
    world.sandbox.clock.set(START + timedelta(minutes=5))
    status, _ = await world.call("answerCallbackQuery", {"callback_query_id": query_id})
    assert status == 400


async def test_it_shows_a_deleted_message_as_inaccessible(world: Client) -> None:
    await press(world, world.names["gone"])
    query = (await world.drain())[0]["callback_query"]
    assert query["message"]["date"] == 0
    assert set(query["message"]) == {"chat", "message_id", "date"}


async def test_it_takes_any_data_for_clients_send_what_they_like(world: Client) -> None:
    await press(world, world.names["own"], data="forged")
    assert (await world.drain())[0]["callback_query"]["data"] == "forged"


async def ask(world: Client, query: str, results: list[Any], **more: Any) -> dict[str, Any]:
    asked = asyncio.ensure_future(
        world.control("POST", "inline", {"from": 1001, "query": query, "wait_s": 5})
    )
    update = (await world.updates(timeout=5))[-1]
    await world.updates(offset=update["update_id"] + 1)
    inline = update["inline_query"]
    assert inline["query"] == query
    await world.ok("answerInlineQuery", inline_query_id=inline["id"], results=results, **more)
    return await asked


async def test_it_shows_inline_results_and_sends_the_chosen_one(world: Client) -> None:
    answer = await ask(world, "flood", [{**ARTICLE, "reply_markup": KEYS}], next_offset="10")
    assert answer["results"][0]["title"] == "t"
    assert answer["next_offset"] == "10"
    group = world.names["group"]
    chosen = {"from": 1001, "chat": group, "result": answer["results"][0], "query": "flood"}
    await world.control("POST", "choices", chosen)
    message = (await world.drain())[0]["message"]
    assert message["via_bot"]["id"] == 42
    assert (message["text"], message["entities"][0]["type"]) == ("x", "bold")
    wanted = {"chat": group, "from": 1001, "message_id": message["message_id"], "data": "go"}
    await world.control("POST", "presses", wanted)
    query = (await world.drain())[0]["callback_query"]
    assert "message" not in query
    assert await world.ok(
        "editMessageText", inline_message_id=query["inline_message_id"], text="changed"
    )
    shown = (await world.control("GET", f"chats/{group}/messages"))["messages"]
    assert shown[-1]["text"] == "changed"


async def test_it_answers_the_same_query_from_the_cache(world: Client) -> None:
    await ask(world, "flood", [ARTICLE], cache_time=60)
    again = await world.control("POST", "inline", {"from": 1001, "query": "flood"})
    assert again["results"][0]["id"] == "1"
    assert await world.drain() == []
    world.sandbox.clock.set(START + timedelta(minutes=2))
    await ask(world, "flood", [])


async def test_it_tells_of_choices_when_feedback_is_on(world: Client) -> None:
    await world.control("POST", "bots", {"feedback": True})
    answer = await ask(world, "x", [ARTICLE])
    await world.control(
        "POST", "choices", {"from": 1001, "chat": 1001, "result": answer["results"][0]}
    )
    kinds = [set(one) - {"update_id"} for one in await world.drain()]
    assert kinds == [{"message"}, {"chosen_inline_result"}]


async def test_it_gives_up_on_a_bot_that_does_not_answer(world: Client) -> None:
    answer = await world.control("POST", "inline", {"from": 1001, "query": "x", "wait_s": 0.05})
    assert answer == {"results": [], "answered": False}
