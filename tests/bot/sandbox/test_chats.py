"""Chats: who may hear what, joining and leaving, blocks, migration, menus by scope."""

from typing import Any

import pytest

from tests.bot.sandbox.conftest import Client


async def kinds(world: Client) -> list[str]:
    return [next(key for key in one if key != "update_id") for one in await world.drain()]


async def test_it_tells_the_bot_of_a_block_and_of_its_end(world: Client) -> None:
    await world.control("POST", "members", {"chat": 1001, "user": 1001, "status": "kicked"})
    change = (await world.drain())[0]["my_chat_member"]
    assert change["new_chat_member"]["status"] == "kicked"
    assert change["new_chat_member"]["until_date"] == 0
    assert change["old_chat_member"]["status"] == "member"
    assert change["chat"] == {"id": 1001, "first_name": "U1001", "type": "private"}
    status, _ = await world.call("sendMessage", {"chat_id": 1001, "text": "x"})
    assert status == 403
    await world.control("POST", "members", {"chat": 1001, "user": 1001, "status": "member"})
    assert (await world.drain())[0]["my_chat_member"]["new_chat_member"]["status"] == "member"
    await world.ok("sendMessage", chat_id=1001, text="x")


async def test_it_unblocks_when_the_person_writes_again(world: Client) -> None:
    await world.say(1003, 1003, "/start")
    assert await kinds(world) == ["my_chat_member", "message"]
    await world.ok("sendMessage", chat_id=1003, text="x")


async def test_it_opens_a_chat_without_a_message(world: Client) -> None:
    await world.control("POST", "members", {"chat": 1002, "user": 1002, "status": "member"})
    assert await world.drain() == []
    await world.ok("sendMessage", chat_id=1002, text="x")


async def test_it_brings_the_bot_into_a_group_and_out_again(world: Client) -> None:
    chat = (await world.control("POST", "chats", {"type": "group", "members": [1001]}))["id"]
    updates = await world.drain()
    assert updates[0]["my_chat_member"]["new_chat_member"]["status"] == "member"
    assert updates[1]["message"]["new_chat_members"][0]["id"] == 42
    await world.control("POST", "members", {"chat": chat, "user": 42, "status": "kicked"})
    updates = await world.drain()
    assert updates[0]["my_chat_member"]["new_chat_member"]["status"] == "kicked"
    status, body = await world.call("sendMessage", {"chat_id": chat, "text": "x"})
    assert (status, body["description"]) == (
        403,
        "Forbidden: bot was kicked from the group chat",
    )


async def test_it_makes_chats_without_the_bot_when_told(world: Client) -> None:
    wanted = {"type": "supergroup", "title": "S", "members": [1001], "bot": "left"}
    chat = (await world.control("POST", "chats", wanted))["id"]
    assert await world.drain() == []
    status, body = await world.call("sendMessage", {"chat_id": chat, "text": "x"})
    assert (status, body["description"]) == (400, "Bad Request: chat not found")


async def test_it_tells_administrators_who_comes_and_goes(world: Client) -> None:
    await world.updates(allowed_updates=["message", "chat_member", "my_chat_member"])
    for chat, expected in ((world.names["super"], ["chat_member", "message"]),
                           (world.names["plain"], ["message"])):  # fmt: skip
        await world.control("POST", "members", {"chat": chat, "user": 1002, "status": "member"})
        assert await kinds(world) == expected


async def test_it_keeps_chat_member_from_those_who_did_not_ask(world: Client) -> None:
    wanted = {"chat": world.names["super"], "user": 1002, "status": "member"}
    await world.control("POST", "members", wanted)
    assert await kinds(world) == ["message"]


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        ("hello all", False),
        ("/help", True),
        ("/help@sandbox_bot", True),
        ("/help@other_bot", False),
        ("dear @sandbox_bot, please", True),
        ("dear @sandbox_bot_2", False),
    ],
)
async def test_it_hears_in_groups_what_is_meant_for_it(
    world: Client, text: str, heard: object
) -> None:
    await world.say(world.names["group"], 1005, text)
    assert bool(await world.drain()) is heard


async def test_it_hears_replies_to_itself(world: Client) -> None:
    group = world.names["group"]
    mine = await world.ok("sendMessage", chat_id=group, text="question")
    await world.say(group, 1005, "answer", reply_to=mine["message_id"])
    update = (await world.drain())[0]["message"]
    assert update["reply_to_message"]["text"] == "question"


async def test_it_hears_everything_as_administrator_or_without_privacy(world: Client) -> None:
    await world.say(world.names["super"], 1005, "hello all")
    assert await kinds(world) == ["message"]
    await world.control("POST", "bots", {"privacy": False})
    await world.say(world.names["group"], 1005, "hello all")
    assert await kinds(world) == ["message"]
    assert (await world.ok("getMe"))["can_read_all_group_messages"] is True


async def test_it_passes_on_channel_posts(world: Client) -> None:
    await world.say(world.names["channel"], 1001, "news")
    post = (await world.drain())[0]["channel_post"]
    assert "from" not in post
    assert post["sender_chat"]["type"] == "channel"


async def test_it_lets_nobody_write_where_they_are_not(world: Client) -> None:
    body = {"chat": world.names["group"], "from": 1002, "text": "x"}
    async with world.session.post(f"{world.sandbox.url}/sandbox/messages", json=body) as response:
        assert response.status == 400


async def test_it_turns_a_group_into_a_supergroup(world: Client) -> None:
    old = world.names["group"]
    new = (await world.control("POST", "migrations", {"chat": old}))["id"]
    assert str(new).startswith("-100")
    first, second = (one["message"] for one in await world.drain())
    assert (first["chat"]["id"], first["migrate_to_chat_id"]) == (old, new)
    assert (second["chat"]["id"], second["migrate_from_chat_id"]) == (new, old)
    status, body = await world.call("sendMessage", {"chat_id": old, "text": "x"})
    assert (status, body["parameters"]) == (400, {"migrate_to_chat_id": new})
    await world.ok("sendMessage", chat_id=new, text="x")


async def test_it_numbers_messages_of_supergroups_by_themselves(world: Client) -> None:
    chat = (await world.control("POST", "chats", {"type": "supergroup", "members": [1001]}))["id"]
    sent = await world.ok("sendMessage", chat_id=chat, text="x")
    assert sent["message_id"] == 2, "the bot's arrival was the first"


async def test_it_edits_what_people_wrote(world: Client) -> None:
    message = await world.say(1001, 1001, "fisrt")
    await world.drain()
    wanted = {"chat": 1001, "from": 1001, "message_id": message, "text": "first"}
    await world.control("POST", "edits", wanted)
    update = (await world.drain())[0]["edited_message"]
    assert (update["text"], "edit_date" in update) == ("first", True)


async def test_it_pins_and_shows_the_pin(world: Client) -> None:
    await world.ok("pinChatMessage", chat_id=1001, message_id=world.names["own"])
    assert (await world.ok("getChat", chat_id=1001))["pinned_message"]["text"] == "own"
    await world.ok("unpinChatMessage", chat_id=1001, message_id=world.names["own"])
    assert "pinned_message" not in await world.ok("getChat", chat_id=1001)


async def test_it_shows_each_person_the_narrowest_menu(world: Client) -> None:
    group = world.names["super"]

    async def put(name: str, scope: dict[str, Any] | None = None, language: str = "") -> None:
        commands = [{"command": name, "description": name}]
        await world.ok("setMyCommands", commands=commands, scope=scope, language_code=language)

    async def seen(chat: int, user: int) -> str:
        answer = await world.control("GET", f"commands?chat={chat}&from={user}")
        return str(answer["commands"][0]["command"])

    await put("everywhere")
    assert await seen(1001, 1001) == await seen(group, 1005) == "everywhere"
    await put("private", {"type": "all_private_chats"})
    await put("private_zh", {"type": "all_private_chats"}, "zh")
    await put("groups", {"type": "all_group_chats"})
    assert await seen(1001, 1001) == "private_zh"
    assert await seen(group, 1005) == "groups"
    await put("bosses", {"type": "all_chat_administrators"})
    assert (await seen(group, 1001), await seen(group, 1005)) == ("bosses", "groups")
    await put("this_group", {"type": "chat", "chat_id": group})
    assert await seen(group, 1001) == "this_group"
    await put("these_bosses", {"type": "chat_administrators", "chat_id": group})
    assert (await seen(group, 1001), await seen(group, 1005)) == ("these_bosses", "this_group")
    await put("you", {"type": "chat_member", "chat_id": group, "user_id": 1005})
    assert await seen(group, 1005) == "you"
    await put("own_chat", {"type": "chat", "chat_id": 1001})
    assert await seen(1001, 1001) == "own_chat"
    await world.ok("deleteMyCommands", scope={"type": "chat", "chat_id": 1001})
    assert await seen(1001, 1001) == "private_zh"


async def test_it_keeps_the_rights_of_administrators(world: Client) -> None:
    group = world.names["super"]
    await world.ok("promoteChatMember", chat_id=group, user_id=1005, can_pin_messages=True)
    member = await world.ok("getChatMember", chat_id=group, user_id=1005)
    assert (member["status"], member["can_pin_messages"]) == ("administrator", True)
    await world.ok("restrictChatMember", chat_id=group, user_id=1005, permissions={})
    member = await world.ok("getChatMember", chat_id=group, user_id=1005)
    assert (member["status"], member["can_send_messages"]) == ("restricted", False)
    await world.ok("banChatMember", chat_id=group, user_id=1005)
    await world.ok("unbanChatMember", chat_id=group, user_id=1005)
    member = await world.ok("getChatMember", chat_id=group, user_id=1005)
    assert member["status"] == "left"
