"""One update, seen as a visit: who came, from which chat, in which language, and how to answer.

Handlers take a ``Visit`` and nothing else. Answers go out in the reply lane, ahead of all pushes;
in groups they answer the message that asked; a press is always answered, so no spinner stays.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from telegram import (
    CallbackQuery,
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    Message,
    ReplyKeyboardMarkup,
    ReplyParameters,
    Update,
)
from telegram.constants import ChatType, ParseMode
from telegram.error import BadRequest, InvalidToken, TelegramError
from telegram.ext import ExtBot

from bot.domain.message import Lane
from bot.domain.office import Right, Role, check
from bot.domain.subscription import ChatKind, Choices, choices_of
from bot.errors import RefusedError
from bot.handlers.desk import Desk
from bot.storage import admins, chats, drafts
from bot.storage.drafts import Draft
from bot.texts import Translate, language_of
from digests import Button, Page

log = logging.getLogger(__name__)

Rows = Sequence[Sequence[Button]]
LISTENS = timedelta(hours=1)  # a dialogue nobody answered no longer catches what is typed
TOAST = 200  # characters Telegram shows over the chat
ANONYMOUS_ADMIN = 1087968824  # @GroupAnonymousBot: Telegram puts it in for hidden admins


def markup(rows: Rows) -> InlineKeyboardMarkup | None:
    """Our buttons -> Telegram's."""
    if not rows:
        return None
    return InlineKeyboardMarkup(
        [
            [
                InlineKeyboardButton(
                    button.text,
                    callback_data=button.data,
                    url=button.url,
                    copy_text=None if button.copy is None else CopyTextButton(button.copy),
                )
                for button in row
            ]
            for row in rows
        ]
    )


@dataclass(slots=True)
class Visit:
    """What a handler knows about an update, and its ways to answer."""

    update: Update
    bot: ExtBot[Any]
    desk: Desk
    now: datetime
    chat: chats.Chat | None
    language: str
    argument: str = ""  # what stood after the command, or the button's arguments
    is_member: bool = False  # of the office, when the update came; acts ask again
    draft: Draft | None = None  # what the bot has asked this person for
    quoting: bool = False  # the answer hangs on the question in private, too
    has_spoken: bool = False  # something has been said or shown: it is not done over again
    _answered: bool = field(default=False)

    @classmethod
    async def open(cls, update: Update, bot: ExtBot[Any], desk: Desk) -> "Visit":
        """Look up what we know of the chat the update came from."""
        chat, role, draft = None, None, None
        now = desk.clock()
        user, place = update.effective_user, update.effective_chat
        async with desk.database.read() as connection:  # one look for all that a look-up needs
            if place is not None:
                chat = await chats.get(connection, place.id)
            if user is not None:
                role = await admins.role_of(connection, user.id)
            if user is not None and place is not None and place.type == ChatType.PRIVATE:
                draft = await drafts.get(connection, place.id, user.id, now - LISTENS)
        if user is not None and user.id in desk.owners:
            role = Role.OWNER
        begin_in = language_of(user.language_code if user else None, desk.office.language)
        language = chat["language"] if chat else begin_in
        return cls(update, bot, desk, now, chat, language, is_member=role is not None, draft=draft)

    # ---- who and where ----

    @property
    def _(self) -> Translate:
        """The translator of this reader's language."""
        return self.desk.texts.translate(self.language)

    @property
    def chat_id(self) -> int:
        """The chat the update came from."""
        chat = self.update.effective_chat
        if chat is None:
            raise RefusedError("This button belongs to a message that is too old.")
        return chat.id

    @property
    def user_id(self) -> int:
        """The person who acted; 0 for a channel's own posts."""
        user = self.update.effective_user
        return user.id if user else 0

    @property
    def private(self) -> bool:
        """Whether this is a talk between one person and the bot."""
        chat = self.update.effective_chat
        return chat is not None and chat.type == ChatType.PRIVATE

    @property
    def kind(self) -> ChatKind:
        """What kind of chat this is."""
        chat = self.update.effective_chat
        return ChatKind(chat.type if chat and chat.type != "sender" else ChatType.PRIVATE)

    @property
    def message(self) -> Message | None:
        """The message that came, or the one under the pressed button."""
        return self.update.effective_message

    @property
    def thread_id(self) -> int | None:
        """The topic of a forum in which this happens; None in its general one and elsewhere."""
        message = self.message
        return message.message_thread_id if message and message.is_topic_message else None

    @property
    def press(self) -> CallbackQuery | None:
        """The press of a button, if the update is one."""
        return self.update.callback_query

    @property
    def choices(self) -> Choices:
        """What this chat has chosen, or what it would begin with."""
        hours = self.desk.office.hours
        if self.chat is None:
            return Choices(zone=hours.zone, hour=hours.hour, quiet=hours.quiet)
        return choices_of(self.chat, hours)

    @property
    def today(self) -> date:
        """The local day of this chat."""
        return self.now.astimezone(ZoneInfo(self.choices.zone)).date()

    # ---- rights, asked where the act happens ----

    async def role(self) -> Role | None:
        """The person's role in the office."""
        if self.user_id in self.desk.owners:
            return Role.OWNER
        async with self.desk.database.read() as connection:
            return await admins.role_of(connection, self.user_id)

    async def need(self, right: Right) -> None:
        """Refuse whoever may not do this."""
        check(await self.role(), right)

    async def need_chat_admin(self) -> None:
        """In groups only their admins change something; Telegram is asked each time."""
        if self.private or (self.kind is ChatKind.CHANNEL and self.press is None):
            return  # only admins can post in a channel
        message = self.update.message
        if message and message.sender_chat and message.sender_chat.id == self.chat_id:
            return  # an anonymous admin speaks as the group itself
        if self.user_id != ANONYMOUS_ADMIN:
            member = await self.bot.get_chat_member(self.chat_id, self.user_id)
            if member.status in {"creator", "administrator"}:
                return
        raise RefusedError("In a group only its admins can change this.")

    # ---- answering ----

    async def say(
        self,
        html: str,
        rows: Rows = (),
        *,
        keyboard: ReplyKeyboardMarkup | None = None,
        chat_id: int | None = None,
        lane: Lane = Lane.REPLY,
    ) -> Message:
        """Send a message here, or to ``chat_id``."""
        self.has_spoken = True
        here = chat_id is None or chat_id == self.chat_id
        asked = self.message if here and (self.quoting or not self.private) else None
        return await self.bot.send_message(
            chat_id=self.chat_id if chat_id is None else chat_id,
            text=html,
            parse_mode=ParseMode.HTML,
            reply_markup=keyboard or markup(rows),
            link_preview_options=LinkPreviewOptions(is_disabled=True),
            reply_parameters=(
                ReplyParameters(asked.message_id, allow_sending_without_reply=True)
                if asked is not None
                else None
            ),
            message_thread_id=self.thread_id if asked is not None else None,
            rate_limit_args=lane,
        )

    async def show(self, pages: Sequence[Page]) -> None:
        """Send pages one after another."""
        for page in pages:
            await self.say(page.html, page.buttons)

    async def carry(self, parts: Sequence[Mapping[str, Any]]) -> None:
        """The stored parts of a message, here, as a push would carry them."""
        self.has_spoken = True
        await carry(self.bot, parts, self.chat_id, self.thread_id)

    async def turn(self, html: str, rows: Rows = ()) -> None:
        """Put this into the message under the pressed button; send it where that cannot be."""
        press = self.press
        if press is None or not isinstance(press.message, Message):
            await self.say(html, rows)
            return
        self.has_spoken = True
        try:
            await press.edit_message_text(
                html,
                parse_mode=ParseMode.HTML,
                reply_markup=markup(rows),
                link_preview_options=LinkPreviewOptions(is_disabled=True),
            )
        except BadRequest as error:
            said = str(error).lower()
            if "not modified" in said:
                return
            if "can't be edited" in said or "not found" in said or "no text" in said:
                await self.say(html, rows)
                return
            raise
        except InvalidToken:  # the library's word for 404: a server that cannot edit
            await self.say(html, rows)

    async def turn_page(self, pages: Sequence[Page]) -> None:
        """Put the first page in place of the message, send the rest after it."""
        if pages:
            await self.turn(pages[0].html, pages[0].buttons)
            await self.show(pages[1:])

    async def toast(self, text: str = "", *, alert: bool = False) -> None:
        """Answer the press; without a press, say it."""
        if self.press is None:
            if text:
                await self.say(escape(text))
            return
        if self._answered:
            return
        self._answered = self.has_spoken = True
        try:
            await self.press.answer(text[:TOAST] or None, show_alert=alert)
        except TelegramError as error:  # pressed long ago, or answered by another replica
            log.info("press not answered: %s", error)

    async def open_link(self, url: str) -> None:
        """Answer the press by opening a link; Telegram allows those to the bot itself."""
        if self.press is None or self._answered:
            return
        self._answered = self.has_spoken = True
        try:
            await self.press.answer(url=url)
        except TelegramError as error:
            log.info("press not answered: %s", error)

    async def refuse(self, error: Exception) -> None:
        """Say in one sentence why not, and what to do."""
        text = self._(str(error))
        if self.press is not None:
            await self.toast(text, alert=True)
        elif self.update.effective_chat is not None:
            await self.say(escape(text))

    def arguments(self, count: int) -> list[str]:
        """The button's arguments, exactly ``count`` of them at most; missing ones are ""."""
        parts = self.argument.split(":")
        if len(parts) > count:
            raise RefusedError("This button is not valid any more.")
        return parts + [""] * (count - len(parts))


async def carry(
    bot: ExtBot[Any], parts: Sequence[Mapping[str, Any]], chat_id: int, thread_id: int | None = None
) -> None:
    """The stored parts of a message, one after another, as a push would carry them."""
    for part in parts:
        body = {**part["body"], "message_thread_id": thread_id}
        keys = body.pop("reply_markup", None)
        preview = body.pop("link_preview_options", None)
        body["reply_markup"] = InlineKeyboardMarkup.de_json(keys, bot) if keys else None
        match part["method"]:
            case "sendPhoto":
                await bot.send_photo(chat_id, **body)
            case "sendDocument":
                await bot.send_document(chat_id, **body)
            case _:
                body["link_preview_options"] = LinkPreviewOptions(**preview) if preview else None
                await bot.send_message(chat_id, **body)


def escape(text: str) -> str:
    """Plain text -> Telegram HTML."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def number(text: str, low: int = 0, high: int = 2**31) -> int:
    """A number out of button data; anything else is refused."""
    if not text.isascii() or not text.isdigit() or not low <= int(text) <= high:
        raise RefusedError("This button is not valid any more.")
    return int(text)
