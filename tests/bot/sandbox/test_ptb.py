"""Conformance with python-telegram-bot as the client: every object it parses must be whole."""

import warnings
from collections.abc import AsyncIterator

import pytest
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllPrivateChats,
    CallbackQuery,
    ChatMemberAdministrator,
    ChatMemberBanned,
    ChatMemberLeft,
    ChatMemberMember,
    ChatMemberOwner,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaDocument,
    MessageOriginUser,
    ReplyKeyboardMarkup,
    ReplyParameters,
    Update,
)
from telegram.constants import ParseMode
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)
from telegram.request import HTTPXRequest
from telegram.warnings import PTBDeprecationWarning

from tests.bot.sandbox.conftest import TOKEN, Client
from tests.bot.sandbox.test_conformance import TABLE, filled


def bot_of(world: Client, token: str = TOKEN) -> Bot:
    return Bot(
        token,
        base_url=f"{world.sandbox.url}/bot",
        base_file_url=f"{world.sandbox.url}/file/bot",
        request=HTTPXRequest(httpx_kwargs={"trust_env": False}),
        get_updates_request=HTTPXRequest(httpx_kwargs={"trust_env": False}),
    )


@pytest.fixture
async def bot(world: Client) -> AsyncIterator[Bot]:
    async with bot_of(world) as bot:
        yield bot


async def test_it_knows_itself(bot: Bot) -> None:
    me = await bot.get_me()
    assert (me.id, me.is_bot, me.supports_inline_queries) == (42, True, True)


async def test_it_writes_and_reads_back_what_it_wrote(bot: Bot) -> None:
    html = "<b>a</b> <i>b</i> <blockquote>c</blockquote>"
    sent = await bot.send_message(1001, html, parse_mode=ParseMode.HTML)
    assert sent.text == "a b c"
    assert sent.text_html == "<b>a</b> <i>b</i> <blockquote>c</blockquote>"
    assert sent.chat.type == "private"


async def test_it_reads_every_kind_of_update(world: Client, bot: Bot) -> None:
    names = world.names
    kinds = ["message", "edited_message", "callback_query", "inline_query", "my_chat_member",
             "chat_member", "channel_post", "chosen_inline_result"]  # fmt: skip
    await bot.get_updates(allowed_updates=kinds)
    message = await world.say(1001, 1001, "/start x")
    edit = {"chat": 1001, "from": 1001, "message_id": message, "text": "y"}
    await world.control("POST", "edits", edit)
    press = {"chat": 1001, "from": 1001, "message_id": names["own"], "data": "d"}
    await world.control("POST", "presses", press)
    await world.control("POST", "presses", press | {"message_id": names["gone"]})
    await world.control("POST", "inline", {"from": 1001, "query": "q", "wait_s": 0.01})
    await world.control("POST", "members", {"chat": 1001, "user": 1001, "status": "kicked"})
    member = {"chat": names["super"], "user": 1002}
    for status in ("member", "restricted", "administrator", "left", "kicked"):
        await world.control("POST", "members", member | {"status": status})
    await world.say(names["channel"], 1001, "news")
    updates = [Update.de_json(one, bot) for one in await world.drain()]
    assert {one.to_dict().keys().__len__() for one in updates} == {2}
    assert updates[0].message is not None
    assert updates[0].message.parse_entities() == {updates[0].message.entities[0]: "/start"}
    presses = [one.callback_query for one in updates if one.callback_query]
    assert all(isinstance(one, CallbackQuery) and one.chat_instance for one in presses)
    assert [one.message and one.message.is_accessible for one in presses] == [True, False]
    blocked = next(one.my_chat_member for one in updates if one.my_chat_member)
    assert isinstance(blocked.new_chat_member, ChatMemberBanned)
    assert sum(one.chat_member is not None for one in updates) == 5
    assert sum(one.channel_post is not None for one in updates) == 1


async def test_it_reads_members_of_every_status(world: Client, bot: Bot) -> None:
    group = world.names["super"]
    for user, kind in ((1001, ChatMemberOwner), (1005, ChatMemberMember), (1002, ChatMemberLeft),
                       (42, ChatMemberAdministrator)):  # fmt: skip
        assert isinstance(await bot.get_chat_member(group, user), kind)
    assert len(await bot.get_chat_administrators(group)) == 2
    assert await bot.get_chat_member_count(group) == 3
    assert (await bot.get_chat(group)).permissions is not None
    assert (await bot.get_chat(1001)).accent_color_id is not None


async def test_it_edits_copies_forwards_pins_and_deletes(world: Client, bot: Bot) -> None:
    keys = InlineKeyboardMarkup([[InlineKeyboardButton("a", callback_data="b")]])
    sent = await bot.send_message(1001, "x", reply_markup=keys)
    edited = await sent.edit_text("y")
    assert (edited.text, edited.reply_markup) == ("y", None)  # type: ignore[union-attr]
    assert (await sent.edit_reply_markup(keys)).reply_markup == keys  # type: ignore[union-attr]
    copied = await bot.copy_message(world.names["group"], 1001, sent.message_id)
    assert copied.message_id > 0
    forwarded = await bot.forward_message(1001, 1001, world.names["theirs"])
    assert isinstance(forwarded.forward_origin, MessageOriginUser)
    assert await sent.pin()
    assert (await bot.get_chat(1001)).pinned_message.text == "y"  # type: ignore[union-attr]
    assert await sent.delete()
    assert await bot.delete_messages(1001, [copied.message_id, forwarded.message_id])


async def test_it_replies(world: Client, bot: Bot) -> None:
    sent = await bot.send_message(
        1001, "x", reply_parameters=ReplyParameters(world.names["theirs"]),
        reply_markup=ReplyKeyboardMarkup([["a"]]),
    )  # fmt: skip
    assert sent.reply_to_message is not None
    assert sent.reply_to_message.text == "/start"


async def test_it_sends_and_fetches_files(world: Client, bot: Bot) -> None:
    sent = await bot.send_document(1001, b"body", filename="报告.docx", caption="<i>c</i>",
                                   parse_mode="HTML")  # fmt: skip
    assert sent.document is not None
    assert sent.document.file_name == "报告.docx"
    assert sent.caption_html == "<i>c</i>"
    file = await sent.document.get_file()
    assert bytes(await file.download_as_bytearray()) == b"body"
    media = InputMediaDocument(b"other", filename="b.txt", caption="d")
    changed = await bot.edit_message_media(media, 1001, sent.message_id)
    assert changed.document.file_name == "b.txt"  # type: ignore[union-attr]
    assert (await bot.edit_message_caption(1001, sent.message_id, caption="e")).caption == "e"  # type: ignore[union-attr]


async def test_it_sets_commands_and_texts(bot: Bot) -> None:
    commands = [BotCommand("start", "开始")]
    scope = BotCommandScopeAllPrivateChats()
    assert await bot.set_my_commands(commands, scope=scope, language_code="zh")
    assert await bot.get_my_commands(scope=scope, language_code="zh") == tuple(commands)
    assert await bot.delete_my_commands(scope=scope, language_code="zh")
    assert await bot.set_my_description("d")
    assert (await bot.get_my_description()).description == "d"
    assert await bot.set_my_short_description("s")
    assert (await bot.get_my_short_description()).short_description == "s"
    assert (await bot.get_my_name()).name
    assert (await bot.get_chat_menu_button()).type == "commands"
    assert (await bot.get_my_default_administrator_rights()).is_anonymous is False


async def test_it_sets_a_webhook(bot: Bot) -> None:
    assert await bot.set_webhook("http://127.0.0.1:9/x", allowed_updates=["message"])
    info = await bot.get_webhook_info()
    assert (info.url, info.allowed_updates) == ("http://127.0.0.1:9/x", ("message",))
    with pytest.raises(Conflict):
        await bot.get_updates()
    assert await bot.delete_webhook()


async def test_its_refusals_become_the_right_errors(world: Client, bot: Bot) -> None:
    for chat, error in (
        (5, BadRequest), (1002, Forbidden), (1003, Forbidden), (1004, Forbidden),
        (world.names["old"], ChatMigrated),
    ):  # fmt: skip
        with pytest.raises(error):
            await bot.send_message(chat, "x")
    with pytest.raises(BadRequest, match=r"[Cc]an't parse entities"):
        await bot.send_message(1001, "<b>", parse_mode="HTML")
    await world.control("POST", "faults", {"code": 429, "retry_after": 5, "times": 1})
    with pytest.raises(RetryAfter), pytest.warns(PTBDeprecationWarning):
        await bot.send_message(1001, "x")
    await world.control("POST", "faults", {"drop": True, "times": 1})
    with pytest.raises(NetworkError):
        await bot.send_message(1001, "x")
    with pytest.raises(InvalidToken):
        async with bot_of(world, "43:WRONG"):
            pytest.fail("a wrong token is refused at once")


async def test_it_finds_where_a_group_has_gone(world: Client, bot: Bot) -> None:
    with pytest.raises(ChatMigrated) as caught:
        await bot.send_message(world.names["old"], "x")
    assert caught.value.new_chat_id == world.names["new"]


async def test_it_meets_every_refusal_of_the_table(world: Client, bot: Bot) -> None:
    errors = {400: (BadRequest, ChatMigrated), 403: (Forbidden,), 404: (EndPointNotFound,)}
    wrong = []
    for row in (row for row in TABLE if row.code != 200):
        params = filled(row.params, world.names)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it would rather have its own methods called
            try:
                await bot.do_api_request(row.method, api_kwargs=params)
            except TelegramError as error:
                met = isinstance(error, errors[row.code])
                words = row.expected if isinstance(row.expected, str) else ""
                told = error.message.lower() in words.lower() or row.code == 404
                if met and (told or not words or isinstance(error, ChatMigrated)):
                    continue
                wrong.append((row.what, repr(error)))
            else:
                wrong.append((row.what, "not refused"))
    assert wrong == []
