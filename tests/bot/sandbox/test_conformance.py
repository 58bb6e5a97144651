"""Conformance: what telegram-bot-api answers, check by check, each with its source.

Tags: S the server's source, T TDLib's source (tdjson), D the Bot API documentation, F the Bot FAQ,
P python-telegram-bot's requirements, B the closed backend as users report it, M measured.
A ``$name`` stands for an id of the world fixture. Every check goes over raw HTTP, the encodings
(JSON, form, query, multipart) taking turns; test_ptb meets every refusal of this table with
python-telegram-bot as the client, and walks through the rest with its own methods.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from tests.bot.sandbox.conftest import Client  # the fixtures' type

Check = Callable[[Any], bool]


class Row(NamedTuple):
    tag: str
    what: str
    method: str
    params: dict[str, Any]
    code: int
    expected: str | Check


def always(result: Any) -> bool:
    return result is True


def inline(*buttons: Any) -> dict[str, Any]:
    return {"inline_keyboard": [list(buttons)]}


def text(value: Any, **more: Any) -> dict[str, Any]:
    return {"chat_id": 1001, "text": value, **more}


def html(value: str) -> dict[str, Any]:
    return text(value, parse_mode="HTML")


def kinds(*expected: str) -> Check:
    return lambda result: [one["type"] for one in result.get("entities", [])] == list(expected)


BAD = "Bad Request: "
CANT = BAD + "can't parse entities: "
BUTTON = BAD + "can't parse inline keyboard button: "
COMMANDS = {"commands": [{"command": "start", "description": "Begin"}]}
OLD_QUERY = BAD + "query is too old and response timeout expired or query ID is invalid"
SAME = (
    BAD + "message is not modified: specified new message content and reply markup are exactly the"
    " same as a current content and reply markup of the message"
)
ARTICLE = {"type": "article", "id": "1", "title": "t",
           "input_message_content": {"message_text": "x"}}  # fmt: skip

TEXTS = [
    Row("S", "no text", "sendMessage", text(""), 400, BAD + "message text is empty"),
    Row("S", "text missing", "sendMessage", {"chat_id": 1001}, 400, BAD + "message text is empty"),
    Row("T", "only blanks", "sendMessage", text("  \n "), 400, BAD + "text must be non-empty"),
    Row("T", "empty after parsing", "sendMessage", html("<b></b>"), 400,
        BAD + "text must be non-empty"),
    Row("S", "raw text above 32768 bytes", "sendMessage", text("好" * 10923), 400,
        BAD + "text is too long"),
    Row("T", "4097 characters", "sendMessage", text("好" * 4097), 400, BAD + "message is too long"),
    Row("T", "4096 characters", "sendMessage", text("好" * 4096), 200,
        lambda r: len(r["text"]) == 4096),
    Row("T", "4096 emoji count once each", "sendMessage", text("🙂" * 4096), 200,
        lambda r: len(r["text"]) == 4096),
    Row("T", "markup does not count", "sendMessage", html("<b>" + "x" * 4096 + "</b>"), 200,
        lambda r: len(r["text"]) == 4096),
    Row("S", "unknown parse_mode", "sendMessage", text("x", parse_mode="bbcode"), 400,
        BAD + "unsupported parse_mode"),
    Row("S", "parse_mode in any case", "sendMessage", text("<b>x</b>", parse_mode="hTmL"), 200,
        kinds("bold")),
    Row("S", "parse_mode none", "sendMessage", text("<b>", parse_mode="None"), 200,
        lambda r: r["text"] == "<b>"),
    Row("T", "unsupported tag", "sendMessage", html("<br>"), 400,
        CANT + 'Unsupported start tag "br" at byte offset 0'),
    Row("T", "unsupported tag, offset in bytes", "sendMessage", html("好<p>x</p>"), 400,
        CANT + 'Unsupported start tag "p" at byte offset 3'),
    Row("T", "unclosed element", "sendMessage", html("<b>x"), 400,
        CANT + 'Can\'t find end tag corresponding to start tag "b"'),
    Row("T", "unclosed tag", "sendMessage", html("<b"), 400,
        CANT + "Unclosed start tag at byte offset 0"),
    Row("T", "end without start", "sendMessage", html("</b>"), 400,
        CANT + "Unexpected end tag at byte offset 0"),
    Row("T", "crossed tags", "sendMessage", html("<i>x</b>"), 400,
        CANT + 'Unmatched end tag at byte offset 4, expected "</i>", found "</b>"'),
    Row("T", "span without its class", "sendMessage", html("<span>x</span>"), 400,
        CANT + 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    Row("T", "tags in any case", "sendMessage", html("<B>x</B>"), 200, kinds("bold")),
    Row("T", "nested", "sendMessage", html("<b>a<i>b</i></b>"), 200, kinds("bold", "italic")),
    Row("T", "closed by </>", "sendMessage", html("<b>x</>"), 200, kinds("bold")),
    Row("T", "named entity of HTML stays", "sendMessage", html("a&nbsp;b"), 200,
        lambda r: r["text"] == "a&nbsp;b"),
    Row("T", "four entities and numbers", "sendMessage", html("&lt;&gt;&amp;&quot;&#22909;"), 200,
        lambda r: r["text"] == '<>&"好'),
    Row("T", "bare ampersand", "sendMessage", html("a & b"), 200, lambda r: r["text"] == "a & b"),
    Row("T", "javascript link is plain text", "sendMessage",
        html('<a href="javascript:x()">y</a>'), 200, kinds()),
    Row("T", "link is normalised", "sendMessage", html('<a href="http://ex.com">y</a>'), 200,
        lambda r: r["entities"][0]["url"] == "http://ex.com/"),
    Row("T", "blockquote", "sendMessage", html("<blockquote>x</blockquote>"), 200,
        kinds("blockquote")),
    Row("T", "expandable blockquote", "sendMessage",
        html("<blockquote expandable>x</blockquote>"), 200, kinds("expandable_blockquote")),
    Row("T", "spoiler", "sendMessage", html('<span class="tg-spoiler">x</span>'), 200,
        kinds("spoiler")),
    Row("T", "code", "sendMessage", html("<code>x</code>"), 200, kinds("code")),
    Row("T", "pre with a language", "sendMessage",
        html('<pre><code class="language-py">x</code></pre>'), 200,
        lambda r: r["entities"] == [{"type": "pre", "offset": 0, "length": 1, "language": "py"}]),
    Row("T", "underline, strike", "sendMessage", html("<u>a</u><s>b</s>"), 200,
        kinds("underline", "strikethrough")),
    Row("T", "date and time", "sendMessage",
        html('<tg-time unix="1700000000" format="r">x</tg-time>'), 200,
        lambda r: r["entities"][0]["unix_time"] == 1700000000),
    Row("D", "mention by id of a known person", "sendMessage",
        html('<a href="tg://user?id=1005">x</a>'), 200,
        lambda r: r["entities"][0]["user"]["first_name"] == "U1005"),
    Row("D", "mention by id of a stranger", "sendMessage", html('<a href="tg://user?id=9">x</a>'),
        200, kinds()),
    Row("T", "MarkdownV2 reserved character", "sendMessage", text("a.", parse_mode="MarkdownV2"),
        400, CANT + "Character '.' is reserved and must be escaped with the preceding '\\'"),
    Row("T", "MarkdownV2 without an end", "sendMessage", text("*a", parse_mode="MarkdownV2"), 400,
        CANT + "Can't find end of Bold entity at byte offset 0"),
    Row("T", "MarkdownV2", "sendMessage", text("*a* _b_", parse_mode="MarkdownV2"), 200,
        kinds("bold", "italic")),
    Row("T", "Markdown without an end", "sendMessage", text("*a", parse_mode="Markdown"), 400,
        CANT + "Can't find end of the entity starting at byte offset 0"),
    Row("T", "trailing blanks are cut", "sendMessage", text("x \n\n"), 200,
        lambda r: r["text"] == "x"),
    Row("T", "leading blanks are cut", "sendMessage", text("\n  x"), 200,
        lambda r: r["text"] == "x"),
    Row("T", "leading blanks, entity moved", "sendMessage", html("  a<b>x</b>"), 200,
        lambda r: (r["text"], r["entities"][0]["offset"]) == ("ax", 1)),
    Row("T", "entity shortened by the cut", "sendMessage", html("<b>x  </b>"), 200,
        lambda r: (r["text"], r["entities"][0]["length"]) == ("x", 1)),
    Row("T", "carriage returns removed", "sendMessage", text("a\r\nb"), 200,
        lambda r: r["text"] == "a\nb"),
    Row("T", "control characters are blanks", "sendMessage", text("a\u0001b"), 200,
        lambda r: r["text"] == "a b"),
    Row("T", "offsets in UTF-16 units", "sendMessage", html("🙂<b>x</b>"), 200,
        lambda r: r["entities"][0]["offset"] == 2),
    Row("T", "a link in plain text", "sendMessage", text("see ex.com"), 200, kinds("url")),
    Row("T", "a command in the bot's own text", "sendMessage", text("send /help now"), 200,
        kinds("bot_command")),
    Row("T", "a mention", "sendMessage", text("to @someone5"), 200, kinds("mention")),
    Row("T", "hashtag and cashtag", "sendMessage", text("#flood $USD"), 200,
        kinds("hashtag", "cashtag")),
    Row("T", "an address", "sendMessage", text("write to a@ex.com"), 200, kinds("email")),
    Row("T", "no link inside code", "sendMessage", html("<code>ex.com</code>"), 200,
        kinds("code")),
    Row("T", "a link inside bold", "sendMessage", html("<b>ex.com</b>"), 200,
        lambda r: {one["type"] for one in r["entities"]} == {"bold", "url"}),
    Row("P", "entities beyond 100 are ignored", "sendMessage", html("<b>a</b> " * 150), 200,
        lambda r: len(r["entities"]) == 100),
    Row("D", "entities given ready made", "sendMessage",
        text("abc", entities=[{"type": "italic", "offset": 1, "length": 1}]), 200,
        kinds("italic")),
    Row("T", "an entity beyond the end", "sendMessage",
        text("abc", entities=[{"type": "bold", "offset": 2, "length": 5}]), 400,
        CANT[:13] + "entity beginning at UTF-16 offset 2 ends after the end of the text at UTF-16"
        " offset 7"),
    Row("S", "link preview options not an object", "sendMessage",
        text("x", link_preview_options="[]"), 400, BAD + "object expected as link preview options"),
    Row("S", "link preview options kept", "sendMessage",
        text("x", link_preview_options={"is_disabled": True}), 200,
        lambda r: r["link_preview_options"] == {"is_disabled": True}),
]  # fmt: skip

KEYBOARDS = [
    Row("S", "text button", "sendMessage", text("x", reply_markup=inline({"text": "a"})), 400,
        BUTTON + "Text buttons are unallowed in the inline keyboard"),
    Row("S", "markup not an object", "sendMessage", text("x", reply_markup="[]"), 400,
        BAD + "object expected as reply markup"),
    Row("S", "markup not JSON", "sendMessage", text("x", reply_markup="{oops"), 400,
        BAD + "can't parse reply keyboard markup JSON object"),
    Row("S", "inline_keyboard not a list", "sendMessage",
        text("x", reply_markup={"inline_keyboard": 1}), 400,
        BAD + 'field "inline_keyboard" must be of type Array'),
    Row("S", "inline_keyboard not a list of lists", "sendMessage",
        text("x", reply_markup={"inline_keyboard": [{"text": "a"}]}), 400,
        BAD + 'field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays'),
    Row("S", "keyboard not a list of lists", "sendMessage",
        text("x", reply_markup={"keyboard": ["a"]}), 400,
        BAD + 'field "keyboard" must be an Array of Arrays'),
    Row("S", "button not an object", "sendMessage", text("x", reply_markup=inline("a")), 400,
        BUTTON + "InlineKeyboardButton must be an Object"),
    Row("S", "button without text", "sendMessage",
        text("x", reply_markup=inline({"callback_data": "a"})), 400,
        BUTTON + 'Can\'t find field "text"'),
    Row("T", "button with blank text", "sendMessage",
        text("x", reply_markup=inline({"text": " ", "callback_data": "a"})), 400,
        BAD + "inline keyboard button text must be non-empty"),
    Row("D", "callback_data of 64 bytes", "sendMessage",
        text("x", reply_markup=inline({"text": "a", "callback_data": "好" * 21 + "x"})), 200,
        lambda r: r["reply_markup"]["inline_keyboard"][0][0]["callback_data"] == "好" * 21 + "x"),
    Row("B", "callback_data of 65 bytes", "sendMessage",
        text("x", reply_markup=inline({"text": "a", "callback_data": "x" * 65})), 400,
        BAD + "BUTTON_DATA_INVALID"),
    Row("S", "url wins over callback_data", "sendMessage",
        text("x", reply_markup=inline({"text": "a", "url": "https://ex.com", "callback_data": "b"})),
        200, lambda r: "callback_data" not in r["reply_markup"]["inline_keyboard"][0][0]),
    Row("T", "button URL without a host", "sendMessage",
        text("x", reply_markup=inline({"text": "a", "url": "oops"})), 400,
        BAD + "inline keyboard button URL 'oops' is invalid: Wrong HTTP URL"),
    Row("T", "button URL of another protocol", "sendMessage",
        text("x", reply_markup=inline({"text": "a", "url": "ftp://ex.com"})), 400,
        BAD + "inline keyboard button URL 'ftp://ex.com' is invalid: Unsupported URL protocol"),
    Row("T", "tg:// link", "sendMessage",
        text("x", reply_markup=inline({"text": "a", "url": "tg://resolve?domain=x"})), 200,
        lambda r: "reply_markup" in r),
    Row("T", "web_app without https", "sendMessage",
        text("x", reply_markup=inline({"text": "a", "web_app": {"url": "http://ex.com"}})), 400,
        BAD + "inline keyboard button Web App URL 'http://ex.com' is invalid: Only HTTPS links are"
        " allowed"),
    Row("D", "copy_text of 256", "sendMessage",
        text("x", reply_markup=inline({"text": "a", "copy_text": {"text": "好" * 256}})), 200,
        lambda r: "reply_markup" in r),
    Row("D", "copy_text of 257", "sendMessage",
        text("x", reply_markup=inline({"text": "a", "copy_text": {"text": "好" * 257}})), 400,
        lambda r: "COPY_TEXT" in r),
    Row("D", "button style", "sendMessage",
        text("x", reply_markup=inline({"text": "a", "callback_data": "b", "style": "danger"})),
        200, lambda r: r["reply_markup"]["inline_keyboard"][0][0]["style"] == "danger"),
    Row("S", "unknown button style", "sendMessage",
        text("x", reply_markup=inline({"text": "a", "callback_data": "b", "style": "loud"})), 400,
        BUTTON + "invalid button style specified"),
    Row("T", "too big a keyboard", "sendMessage",
        text("x", reply_markup=inline(*[{"text": "好" * 60, "callback_data": "x" * 60}] * 60)), 400,
        BAD + "reply markup is too long"),
    Row("D", "empty keyboard is none", "sendMessage",
        text("x", reply_markup={"inline_keyboard": []}), 200, lambda r: "reply_markup" not in r),
    Row("D", "a reply keyboard is not shown in the message", "sendMessage",
        text("x", reply_markup={"keyboard": [["a"]], "resize_keyboard": True}), 200,
        lambda r: "reply_markup" not in r),
]  # fmt: skip

CHATS = [
    Row("S", "chat_id missing", "sendMessage", {"text": "x"}, 400, BAD + "chat_id is empty"),
    Row("S", "unknown chat", "sendMessage", {"chat_id": 5, "text": "x"}, 400,
        BAD + "chat not found"),
    Row("S", "unknown group", "sendMessage", {"chat_id": -5, "text": "x"}, 400,
        BAD + "chat not found"),
    Row("S", "unknown name", "sendMessage", {"chat_id": "@nobody5", "text": "x"}, 400,
        BAD + "chat not found"),
    Row("S", "chat_id is no number", "sendMessage", {"chat_id": "abc", "text": "x"}, 400,
        BAD + "chat not found"),
    Row("D", "channel by name", "sendMessage", {"chat_id": "@newsroom", "text": "x"}, 200,
        lambda r: r["chat"]["type"] == "channel"),
    Row("S", "blocked", "sendMessage", {"chat_id": 1003, "text": "x"}, 403,
        "Forbidden: bot was blocked by the user"),
    Row("S", "deactivated", "sendMessage", {"chat_id": 1004, "text": "x"}, 403,
        "Forbidden: user is deactivated"),
    Row("S", "never started", "sendMessage", {"chat_id": 1002, "text": "x"}, 403,
        "Forbidden: bot can't initiate conversation with a user"),
    Row("S", "a bot", "sendMessage", {"chat_id": 42, "text": "x"}, 403,
        "Forbidden: the bot can't send messages to the bot"),
    *[
        Row("S", f"{state} {kind}", "sendMessage", {"chat_id": f"${state}_{short}", "text": "x"},
            403, f"Forbidden: bot {words} the {kind} chat")
        for state, words in (("kicked", "was kicked from"), ("left", "is not a member of"))
        for short, kind in (("group", "group"), ("super", "supergroup"), ("channel", "channel"))
    ],
    Row("T", "restricted", "sendMessage", {"chat_id": "$muted", "text": "x"}, 400,
        BAD + "not enough rights to send text messages to the chat"),
    Row("T", "channel without rights", "sendMessage", {"chat_id": "$reader", "text": "x"}, 400,
        BAD + "need administrator rights in the channel chat"),
    Row("S", "group that has moved", "sendMessage", {"chat_id": "$old", "text": "x"}, 400,
        BAD + "group chat was upgraded to a supergroup chat"),
    Row("D", "the supergroup it became", "sendMessage", {"chat_id": "$new", "text": "x"}, 200,
        lambda r: r["chat"]["type"] == "supergroup"),
    Row("D", "a channel post has no sender", "sendMessage", {"chat_id": "$channel", "text": "x"},
        200, lambda r: "from" not in r and r["sender_chat"]["id"] == r["chat"]["id"]),
    Row("D", "protected content", "sendMessage", text("x", protect_content=True), 200,
        lambda r: r["has_protected_content"] is True),
    Row("D", "unknown parameters are taken", "sendMessage", text("x", novelty="1"), 200,
        lambda r: r["text"] == "x"),
    Row("D", "allow_paid_broadcast", "sendMessage", text("x", allow_paid_broadcast=True), 200,
        lambda r: r["text"] == "x"),
    Row("S", "reply to nothing", "sendMessage",
        text("x", reply_parameters={"message_id": 999999}), 400,
        BAD + "message to be replied not found"),
    Row("S", "reply to nothing, leniently", "sendMessage",
        text("x", reply_parameters={"message_id": 999999, "allow_sending_without_reply": True}),
        200, lambda r: "reply_to_message" not in r),
    Row("S", "reply to a deleted message", "sendMessage",
        text("x", reply_parameters={"message_id": "$gone"}), 400,
        BAD + "message to be replied not found"),
    Row("D", "reply", "sendMessage", text("x", reply_parameters={"message_id": "$theirs"}), 200,
        lambda r: r["reply_to_message"]["text"] == "/start"),
    Row("D", "reply, the old way", "sendMessage", text("x", reply_to_message_id="$theirs"), 200,
        lambda r: r["reply_to_message"]["text"] == "/start"),
    Row("S", "reply parameters not JSON", "sendMessage", text("x", reply_parameters="{"), 400,
        BAD + "can't parse reply parameters JSON object"),
    Row("S", "reply parameters not an object", "sendMessage", text("x", reply_parameters="[1]"),
        400, BAD + "object expected as reply parameters"),
    Row("D", "chat action", "sendChatAction", {"chat_id": 1001, "action": "typing"}, 200, always),
    Row("S", "wrong chat action", "sendChatAction", {"chat_id": 1001, "action": "dancing"}, 400,
        BAD + "wrong parameter action in request"),
    Row("D", "message draft", "sendMessageDraft", {"chat_id": 1001, "draft_id": 1, "text": "x"},
        200, always),
    Row("P", "getChat has what PTB requires", "getChat", {"chat_id": 1001}, 200,
        lambda r: {"accent_color_id", "max_reaction_count", "accepted_gift_types"} <= set(r)),
    Row("D", "getChat of a group", "getChat", {"chat_id": "$group"}, 200,
        lambda r: r["title"] == "group" and "permissions" in r),
    Row("S", "getChat of nobody", "getChat", {"chat_id": 7}, 400, BAD + "chat not found"),
    Row("D", "member", "getChatMember", {"chat_id": "$super", "user_id": 1005}, 200,
        lambda r: r["status"] == "member"),
    Row("D", "creator", "getChatMember", {"chat_id": "$super", "user_id": 1001}, 200,
        lambda r: r["status"] == "creator" and r["is_anonymous"] is False),
    Row("D", "somebody who left", "getChatMember", {"chat_id": "$super", "user_id": 1002}, 200,
        lambda r: r["status"] == "left"),
    Row("S", "member without an id", "getChatMember", {"chat_id": "$super"}, 400,
        BAD + "invalid user_id specified"),
    Row("B", "member nobody knows", "getChatMember", {"chat_id": "$super", "user_id": 9}, 400,
        BAD + "user not found"),
    Row("D", "administrators", "getChatAdministrators", {"chat_id": "$super"}, 200,
        lambda r: {one["status"] for one in r} == {"creator", "administrator"}),
    Row("S", "administrators of a private chat", "getChatAdministrators", {"chat_id": 1001}, 400,
        BAD + "there are no administrators in the private chat"),
    Row("D", "member count", "getChatMemberCount", {"chat_id": "$super"}, 200,
        lambda r: r == 3),
    Row("D", "member count in private", "getChatMemberCount", {"chat_id": 1001}, 200,
        lambda r: r == 2),
    Row("D", "leave", "leaveChat", {"chat_id": "$group"}, 200, always),
    Row("D", "ban without rights", "banChatMember", {"chat_id": "$plain", "user_id": 1005}, 400,
        BAD + "not enough rights to restrict/unrestrict chat member"),
    Row("D", "ban", "banChatMember", {"chat_id": "$super", "user_id": 1005}, 200, always),
    Row("S", "ban the owner", "banChatMember", {"chat_id": "$super", "user_id": 1001}, 400,
        BAD + "can't remove chat owner"),
    Row("D", "title without rights", "setChatTitle", {"chat_id": "$plain", "title": "x"}, 400,
        BAD + "not enough rights to change chat title"),
    Row("S", "description not modified", "setChatDescription", {"chat_id": "$super"}, 400,
        BAD + "chat description is not modified"),
]  # fmt: skip

CHANGES = [
    Row("D", "edit", "editMessageText", text("new", message_id="$own"), 200,
        lambda r: r["text"] == "new" and r["edit_date"] >= r["date"]),
    Row("S", "edit without change", "editMessageText", text("own", message_id="$own"), 400, SAME),
    Row("S", "edit of nothing", "editMessageText", text("x", message_id=999999), 400,
        BAD + "message to edit not found"),
    Row("S", "edit without a number", "editMessageText", text("x"), 400,
        BAD + "message to edit not found"),
    Row("S", "edit of a deleted message", "editMessageText", text("x", message_id="$gone"), 400,
        BAD + "message to edit not found"),
    Row("T", "edit of somebody else's", "editMessageText", text("x", message_id="$theirs"), 400,
        BAD + "message can't be edited"),
    Row("T", "edit of one with a reply keyboard", "editMessageText", text("x", message_id="$keys"),
        400, BAD + "message can't be edited"),
    Row("S", "edit to nothing", "editMessageText", text("", message_id="$own"), 400,
        BAD + "message text is empty"),
    Row("S", "edit of an unknown inline message", "editMessageText",
        {"inline_message_id": "zzz", "text": "x"}, 400, BAD + "MESSAGE_ID_INVALID"),
    Row("S", "caption of a text", "editMessageCaption",
        {"chat_id": 1001, "message_id": "$own", "caption": "x"}, 400,
        BAD + "there is no caption in the message to edit"),
    Row("S", "markup without change", "editMessageReplyMarkup",
        {"chat_id": 1001, "message_id": "$own"}, 400, SAME),
    Row("D", "markup", "editMessageReplyMarkup",
        {"chat_id": 1001, "message_id": "$own",
         "reply_markup": inline({"text": "a", "callback_data": "b"})}, 200,
        lambda r: "reply_markup" in r and "edit_date" not in r),
    Row("D", "delete own", "deleteMessage", {"chat_id": 1001, "message_id": "$own"}, 200, always),
    Row("D", "delete theirs in private", "deleteMessage",
        {"chat_id": 1001, "message_id": "$theirs"}, 200, always),
    Row("S", "delete nothing", "deleteMessage", {"chat_id": 1001, "message_id": 999999}, 400,
        BAD + "message to delete not found"),
    Row("S", "delete twice", "deleteMessage", {"chat_id": 1001, "message_id": "$gone"}, 400,
        BAD + "message to delete not found"),
    Row("S", "delete without a chat", "deleteMessage", {"message_id": 1}, 400,
        BAD + "chat identifier is not specified"),
    Row("S", "delete without a number", "deleteMessage", {"chat_id": 1001}, 400,
        BAD + "message identifier is not specified"),
    Row("D", "delete theirs as administrator", "deleteMessage",
        {"chat_id": "$super", "message_id": "$in_super"}, 200, always),
    Row("D", "delete theirs without rights", "deleteMessage",
        {"chat_id": "$plain", "message_id": "$in_plain"}, 400, BAD + "message can't be deleted"),
    Row("D", "delete several, missing ones skipped", "deleteMessages",
        {"chat_id": 1001, "message_ids": ["$own", 999999]}, 200, always),
    Row("S", "delete several without numbers", "deleteMessages", {"chat_id": 1001}, 400,
        BAD + "message identifiers are not specified"),
    Row("S", "delete several, not a list", "deleteMessages",
        {"chat_id": 1001, "message_ids": "7"}, 400,
        BAD + "expected an Array of message identifiers"),
    Row("S", "delete more than a hundred", "deleteMessages",
        {"chat_id": 1001, "message_ids": list(range(1, 102))}, 400,
        BAD + "too many message identifiers specified"),
    Row("S", "delete a wrong number", "deleteMessages", {"chat_id": 1001, "message_ids": [0]}, 400,
        BAD + "invalid message identifier specified"),
    Row("D", "copy", "copyMessage",
        {"chat_id": 1001, "from_chat_id": 1001, "message_id": "$own"}, 200,
        lambda r: list(r) == ["message_id"]),
    Row("S", "copy of nothing", "copyMessage",
        {"chat_id": 1001, "from_chat_id": 1001, "message_id": 999999}, 400,
        BAD + "message to copy not found"),
    Row("D", "forward", "forwardMessage",
        {"chat_id": "$group", "from_chat_id": 1001, "message_id": "$theirs"}, 200,
        lambda r: r["forward_origin"]["sender_user"]["id"] == 1001),
    Row("D", "forward of a post", "forwardMessages",
        {"chat_id": 1001, "from_chat_id": 1001, "message_ids": ["$own"]}, 200,
        lambda r: len(r) == 1),
    Row("S", "forward of nothing", "forwardMessage",
        {"chat_id": 1001, "from_chat_id": 1001, "message_id": 999999}, 400,
        BAD + "message to forward not found"),
    Row("D", "pin in private", "pinChatMessage", {"chat_id": 1001, "message_id": "$own"}, 200,
        always),
    Row("S", "pin nothing", "pinChatMessage", {"chat_id": 1001, "message_id": 999999}, 400,
        BAD + "message to pin not found"),
    Row("D", "pin without rights", "pinChatMessage",
        {"chat_id": "$plain", "message_id": "$in_plain"}, 400,
        BAD + "not enough rights to manage pinned messages in the chat"),
    Row("S", "unpin what is not pinned", "unpinChatMessage",
        {"chat_id": 1001, "message_id": "$own"}, 400, BAD + "message to unpin not found"),
    Row("D", "unpin all", "unpinAllChatMessages", {"chat_id": 1001}, 200, always),
]  # fmt: skip

ACCOUNT = [
    Row("P", "getMe", "getMe", {}, 200,
        lambda r: r["is_bot"] is True and {"can_join_groups", "supports_inline_queries"} <= set(r)),
    Row("S", "method names in any case", "GETME", {}, 200, lambda r: r["id"] == 42),
    Row("S", "unknown method", "getFortune", {}, 404, "Not Found: method not found"),
    Row("D", "no webhook", "getWebhookInfo", {}, 200,
        lambda r: r == {"url": "", "has_custom_certificate": False, "pending_update_count": 0}),
    Row("D", "delete no webhook", "deleteWebhook", {}, 200, always),
    Row("S", "webhook without https", "setWebhook", {"url": "http://ex.com/x"}, 400,
        BAD + "bad webhook: An HTTPS URL must be provided for webhook"),
    Row("S", "webhook on another port", "setWebhook", {"url": "https://ex.com:8444/"}, 400,
        BAD + "bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443"),
    Row("S", "secret too long", "setWebhook",
        {"url": "https://ex.com/", "secret_token": "x" * 257}, 400,
        BAD + "secret token is too long"),
    Row("S", "secret with other characters", "setWebhook",
        {"url": "https://ex.com/", "secret_token": "x y"}, 400,
        BAD + "secret token contains unallowed characters"),
    Row("S", "webhook to this machine, any port", "setWebhook", {"url": "http://127.0.0.1:9/x"},
        200, always),
    Row("D", "commands", "setMyCommands", COMMANDS, 200, always),
    Row("D", "no commands yet", "getMyCommands", {}, 200, lambda r: r == []),
    Row("S", "commands not JSON", "setMyCommands", {"commands": "{"}, 400,
        BAD + "can't parse commands JSON object"),
    Row("S", "commands not a list", "setMyCommands", {"commands": {"a": 1}}, 400,
        BAD + "expected an Array of BotCommand"),
    Row("S", "command not an object", "setMyCommands", {"commands": [1]}, 400,
        BAD + "can't parse BotCommand: expected an Object"),
    Row("T", "command empty", "setMyCommands",
        {"commands": [{"command": "", "description": "x"}]}, 400,
        BAD + "command must be non-empty"),
    Row("T", "command of 33", "setMyCommands",
        {"commands": [{"command": "x" * 33, "description": "x"}]}, 400,
        BAD + "command length must not exceed 32"),
    Row("T", "description empty", "setMyCommands",
        {"commands": [{"command": "x", "description": " "}]}, 400,
        BAD + "command description must be non-empty"),
    Row("T", "description of 257", "setMyCommands",
        {"commands": [{"command": "x", "description": "x" * 257}]}, 400,
        BAD + "command description length must not exceed 256"),
    Row("B", "command in Chinese", "setMyCommands",
        {"commands": [{"command": "开始", "description": "x"}]}, 400, BAD + "BOT_COMMAND_INVALID"),
    Row("B", "command in capitals", "setMyCommands",
        {"commands": [{"command": "Start", "description": "x"}]}, 400,
        BAD + "BOT_COMMAND_INVALID"),
    Row("D", "101 commands", "setMyCommands",
        {"commands": [{"command": f"c{n}", "description": "x"} for n in range(101)]}, 400,
        lambda r: "BOT_COMMANDS_TOO_MUCH" in r),
    Row("S", "scope not JSON", "setMyCommands", {**COMMANDS, "scope": "{"}, 400,
        BAD + "can't parse BotCommandScope JSON object"),
    Row("S", "scope of another type", "setMyCommands", {**COMMANDS, "scope": {"type": "moon"}}, 400,
        BAD + "can't parse BotCommandScope: Unsupported type specified"),
    Row("S", "scope without a chat", "setMyCommands", {**COMMANDS, "scope": {"type": "chat"}}, 400,
        BAD + "can't parse BotCommandScope: Empty chat_id specified"),
    Row("S", "scope without a user", "setMyCommands",
        {**COMMANDS, "scope": {"type": "chat_member", "chat_id": "$super"}}, 400,
        BAD + "can't parse BotCommandScope: Invalid user_id specified"),
    Row("S", "scope of an unknown chat", "setMyCommands",
        {**COMMANDS, "scope": {"type": "chat", "chat_id": 7}}, 400, BAD + "chat not found"),
    Row("D", "delete commands", "deleteMyCommands", {}, 200, always),
    Row("D", "name", "getMyName", {}, 200, lambda r: r == {"name": "Sandbox Bot"}),
    Row("D", "set name", "setMyName", {"name": "x"}, 200, always),
    Row("D", "description of 513", "setMyDescription", {"description": "x" * 513}, 400,
        lambda r: "too long" in r),
    Row("D", "short description", "setMyShortDescription", {"short_description": "x"}, 200, always),
    Row("D", "menu button", "getChatMenuButton", {}, 200, lambda r: r == {"type": "commands"}),
    Row("S", "menu button of another type", "setChatMenuButton",
        {"menu_button": {"type": "moon"}}, 400,
        BAD + "can't parse menu button: MenuButton has unsupported type"),
    Row("D", "administrator rights", "getMyDefaultAdministratorRights", {}, 200,
        lambda r: r["is_anonymous"] is False and "can_pin_messages" in r),
    Row("D", "no profile photos", "getUserProfilePhotos", {"user_id": 1001}, 200,
        lambda r: r == {"total_count": 0, "photos": []}),
]  # fmt: skip

QUERIES = [
    Row("S", "answer to an unknown press", "answerCallbackQuery", {"callback_query_id": "1"}, 400,
        OLD_QUERY),
    Row("B", "answer above 200 characters", "answerCallbackQuery",
        {"callback_query_id": "1", "text": "x" * 201}, 400, BAD + "MESSAGE_TOO_LONG"),
    Row("S", "answer to an unknown inline query", "answerInlineQuery",
        {"inline_query_id": "1", "results": []}, 400, OLD_QUERY),
    Row("S", "more than 50 results", "answerInlineQuery",
        {"inline_query_id": "1", "results": [ARTICLE] * 51}, 400,
        BAD + "too many inline query results specified"),
    Row("S", "results not a list", "answerInlineQuery",
        {"inline_query_id": "1", "results": {"a": 1}}, 400,
        BAD + "expected an Array of inline query results"),
    Row("S", "result not an object", "answerInlineQuery",
        {"inline_query_id": "1", "results": [1]}, 400,
        BAD + "can't parse inline query result: Inline query result must be an object"),
    Row("S", "result of another type", "answerInlineQuery",
        {"inline_query_id": "1", "results": [{"type": "moon", "id": "1"}]}, 400,
        BAD + 'can\'t parse inline query result: type "moon" is unsupported for the inline query'
        " result"),
    Row("S", "article without content", "answerInlineQuery",
        {"inline_query_id": "1", "results": [{"type": "article", "id": "1", "title": "t"}]}, 400,
        BAD + "can't parse inline query result: Input message content is not specified"),
    Row("B", "two results of one id", "answerInlineQuery",
        {"inline_query_id": "1", "results": [ARTICLE, ARTICLE]}, 400,
        BAD + "RESULT_ID_DUPLICATE"),
    Row("D", "result id of 65 bytes", "answerInlineQuery",
        {"inline_query_id": "1", "results": [{**ARTICLE, "id": "x" * 65}]}, 400,
        BAD + "RESULT_ID_INVALID"),
    Row("D", "next_offset of 65 bytes", "answerInlineQuery",
        {"inline_query_id": "1", "results": [], "next_offset": "x" * 65}, 400,
        BAD + "NEXT_OFFSET_INVALID"),
    Row("S", "button without a deed", "answerInlineQuery",
        {"inline_query_id": "1", "results": [], "button": {"text": "x"}}, 400,
        BAD + "can't parse inline query results button: InlineQueryResultsButton must have exactly"
        " one optional field"),
    Row("D", "start parameter with other characters", "answerInlineQuery",
        {"inline_query_id": "1", "results": [],
         "button": {"text": "x", "start_parameter": "二"}}, 400, BAD + "START_PARAM_INVALID"),
    Row("S", "no document", "sendDocument", {"chat_id": 1001}, 400,
        BAD + "there is no document in the request"),
    Row("S", "no photo", "sendPhoto", {"chat_id": 1001}, 400,
        BAD + "there is no photo in the request"),
    Row("S", "document by URL", "sendDocument",
        {"chat_id": 1001, "document": "https://ex.com/a/report.pdf"}, 200,
        lambda r: r["document"]["file_name"] == "report.pdf"),
    Row("B", "document by a wrong id", "sendDocument", {"chat_id": 1001, "document": "zzz"}, 400,
        BAD + "wrong file identifier/HTTP URL specified"),
    Row("T", "caption of 1025", "sendDocument",
        {"chat_id": 1001, "document": "https://ex.com/a.pdf", "caption": "好" * 1025}, 400,
        BAD + "message caption is too long"),
    Row("T", "caption of 1024", "sendDocument",
        {"chat_id": 1001, "document": "https://ex.com/a.pdf", "caption": "好" * 1024}, 200,
        lambda r: len(r["caption"]) == 1024),
    Row("D", "caption with markup", "sendDocument",
        {"chat_id": 1001, "document": "https://ex.com/a.pdf", "caption": "<b>x</b>",
         "parse_mode": "HTML"}, 200, lambda r: r["caption_entities"][0]["type"] == "bold"),
    Row("S", "file without an id", "getFile", {}, 400, BAD + "file_id not specified"),
    Row("S", "file with a wrong id", "getFile", {"file_id": "zzz"}, 400,
        BAD + "wrong file_id or the file is temporarily unavailable"),
    Row("S", "updates, no waiting", "getUpdates", {"timeout": 0}, 200, lambda r: r == []),
    Row("S", "limit is clamped", "getUpdates", {"limit": 0}, 200, lambda r: r == []),
]  # fmt: skip

TABLE = [*TEXTS, *KEYBOARDS, *CHATS, *CHANGES, *ACCOUNT, *QUERIES]
WAYS = ("json", "form", "multipart", "query")


def filled(value: Any, names: dict[str, Any]) -> Any:
    if isinstance(value, dict):
        return {key: filled(one, names) for key, one in value.items()}
    if isinstance(value, list):
        return [filled(one, names) for one in value]
    return names[value[1:]] if isinstance(value, str) and value[:1] == "$" and " " not in value \
        else value  # fmt: skip


def _way(index: int, row: Row) -> str:
    way = WAYS[index % len(WAYS)]
    return "form" if way == "query" and len(str(row.params)) > 1000 else way


@pytest.mark.parametrize(
    ("index", "row"), list(enumerate(TABLE)), ids=[f"{row.tag}: {row.what}" for row in TABLE]
)
async def test_it_answers_as_telegram_does(world: Client, index: int, row: Row) -> None:
    params = filled(row.params, world.names)
    status, body = await world.call(row.method, params, _way(index, row))
    assert status == row.code, body
    assert body["ok"] is (status == 200)
    answer = body["result"] if status == 200 else body["description"]
    if status != 200:
        assert body["error_code"] == status
    if callable(row.expected):
        assert row.expected(answer), body
    else:
        assert answer == row.expected


def test_it_checks_at_least_150_things() -> None:
    assert len(TABLE) >= 150
