"""Forums and their topics, people in another's name, deep links, and what is no text."""

from typing import Any

import pytest
import telegram

from bot.sandbox import media
from tests.bot.sandbox.conftest import TOKEN, Client


async def forum(world: Client) -> int:
    wanted = {"type": "supergroup", "title": "F", "members": [1001, 1005], "forum": True,
              "bot": "administrator"}  # fmt: skip
    chat = int((await world.control("POST", "chats", wanted))["id"])
    await world.drain()
    return chat


async def refused(world: Client, method: str, **params: Any) -> str:
    status, body = await world.call(method, params)
    assert status == 400, body
    return str(body["description"])


# --- topics ---------------------------------------------------------------------------------------


async def test_a_person_opens_a_topic_and_writes_in_it(world: Client) -> None:
    chat = await forum(world)
    topic = await world.control("POST", "topics", {"chat": chat, "from": 1001, "name": "防汛"})
    thread = topic["message_thread_id"]
    await world.say(chat, 1005, "hello", thread=thread)
    opened, said = [one["message"] for one in await world.drain()]
    assert opened["forum_topic_created"]["name"] == "防汛"
    assert opened["message_id"] == opened["message_thread_id"] == thread
    assert (said["message_thread_id"], said["is_topic_message"]) == (thread, True)
    assert said["chat"]["is_forum"] is True


async def test_a_bot_writes_in_the_topic_it_names_or_replies_in(world: Client) -> None:
    chat = await forum(world)
    thread = (await world.ok("createForumTopic", chat_id=chat, name="A"))["message_thread_id"]
    named = await world.ok("sendMessage", chat_id=chat, text="x", message_thread_id=thread)
    reply = {"message_id": named["message_id"]}
    replied = await world.ok("sendMessage", chat_id=chat, text="y", reply_parameters=reply)
    plain = await world.ok("sendMessage", chat_id=chat, text="z")
    assert named["message_thread_id"] == replied["message_thread_id"] == thread
    assert "message_thread_id" not in plain


async def test_a_topic_that_is_gone_or_closed_takes_nothing(world: Client) -> None:
    chat = await forum(world)
    thread = (await world.ok("createForumTopic", chat_id=chat, name="A"))["message_thread_id"]
    here = {"chat_id": chat, "message_thread_id": thread}
    await world.ok("closeForumTopic", **here)
    await world.ok("sendMessage", text="who manages topics may", **here)
    demoted = {"chat": chat, "user": 42, "status": "member"}
    await world.control("POST", "members", demoted)
    assert await refused(world, "sendMessage", text="x", **here) == "Bad Request: TOPIC_CLOSED"
    gone = {"chat": chat, "from": 1001, "thread": thread, "status": "deleted"}
    await world.control("POST", "topics", gone)
    missing = "Bad Request: message thread not found"
    assert await refused(world, "sendMessage", text="x", **here) == missing
    shown = (await world.control("GET", f"chats/{chat}/messages"))["messages"]
    assert all(one["deleted"] for one in shown if one.get("message_thread_id") == thread)


async def test_topics_are_for_forums_and_for_those_who_manage_them(world: Client) -> None:
    plain = world.names["plain"]
    no_forum = "Bad Request: the chat is not a forum"
    assert await refused(world, "createForumTopic", chat_id=plain, name="A") == no_forum
    chat = await forum(world)
    await world.control("POST", "members", {"chat": chat, "user": 42, "status": "member"})
    no_right = "Bad Request: not enough rights to manage topics"
    assert await refused(world, "createForumTopic", chat_id=chat, name="A") == no_right


# --- in another's name ----------------------------------------------------------------------------


async def test_an_administrator_may_write_as_the_group(world: Client) -> None:
    chat = world.names["super"]
    await world.say(chat, 1001, "/start", anonymous=True)
    message = (await world.drain())[0]["message"]
    assert message["from"]["username"] == "GroupAnonymousBot"
    assert message["sender_chat"] == message["chat"]
    with pytest.raises(AssertionError, match="only an administrator"):
        await world.say(chat, 1005, "x", anonymous=True)


async def test_a_channels_owner_may_write_as_the_channel(world: Client) -> None:
    chat, channel = world.names["super"], world.names["channel"]
    await world.say(chat, 1001, "hello", **{"as": channel})
    message = (await world.drain())[0]["message"]
    assert message["from"]["username"] == "Channel_Bot"
    assert message["sender_chat"]["id"] == channel


# --- deep links -----------------------------------------------------------------------------------


async def test_a_link_to_the_bot_is_followed(world: Client) -> None:
    await world.control("POST", "starts", {"from": 1002, "payload": "t_flood"})
    assert (await world.drain())[0]["message"]["text"] == "/start t_flood"
    with pytest.raises(AssertionError, match="payload"):
        await world.control("POST", "starts", {"from": 1002, "payload": "二、5"})


async def test_a_link_brings_the_bot_into_a_group(world: Client) -> None:
    wanted = {"type": "supergroup", "title": "S", "members": [1001], "bot": "left"}
    chat = (await world.control("POST", "chats", wanted))["id"]
    await world.control("POST", "starts", {"from": 1001, "chat": chat, "payload": "x1"})
    joined, grey, said = await world.drain()
    assert joined["my_chat_member"]["from"]["id"] == 1001
    assert joined["my_chat_member"]["new_chat_member"]["status"] == "member"
    assert grey["message"]["new_chat_members"][0]["id"] == 42
    assert said["message"]["text"] == "/start@sandbox_bot x1"


# --- what is no text ------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", media.KINDS)
async def test_media_of_people_arrive_as_python_telegram_bot_expects_them(
    world: Client, kind: str
) -> None:
    bot = telegram.Bot(TOKEN)
    await world.say(1001, 1001, "看看", media=kind)
    update = telegram.Update.de_json((await world.drain())[0], bot)
    assert update.message is not None
    assert getattr(update.message, kind)
    assert update.message.caption == ("看看" if kind in media.CAPTIONED else None)


async def test_an_unknown_kind_is_refused_with_the_known_ones(world: Client) -> None:
    with pytest.raises(AssertionError, match="voice"):
        await world.say(1001, 1001, "", media="smell")


async def test_bots_in_privacy_mode_hear_no_media(world: Client) -> None:
    await world.say(world.names["plain"], 1005, "", media="voice")
    assert await world.drain() == []


async def test_a_name_that_a_client_has_encoded_is_shown_as_it_is_written(world: Client) -> None:
    import aiohttp

    form = aiohttp.FormData({"chat": "1001", "from": "1001"})
    form.add_field("document", b"x", filename="报告.docx")
    async with world.session.post(f"{world.sandbox.url}/sandbox/messages", data=form) as response:
        assert response.status == 200
    assert (await world.drain())[0]["message"]["document"]["file_name"] == "报告.docx"
