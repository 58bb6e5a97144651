"""An update -> its route: commands and words first, then what the bot asked for, then a look-up."""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from telegram import MessageEntity

from bot.domain.moment import parse_day, parse_span
from bot.domain.subscription import ChatKind
from bot.errors import RefusedError
from bot.handlers import dialogues, groups, helping, inline, leaving, lookup
from bot.handlers.office import drafting, filing, taking
from bot.handlers.visit import Visit

Route = Callable[[Visit], Awaitable[None]]
Answer = Callable[[Visit, dict[str, Any], str], Awaitable[None]]

_DATES = {"report_time", "report_date", "report_until"}  # no link answers these questions


@dataclass(frozen=True, slots=True)
class Routes:
    """The routing table: what leads where; ``reading``: buttons a channel's readers press aside."""

    commands: Mapping[str, Route]
    buttons: Mapping[str, Route]
    reading: frozenset[str]
    words: Mapping[str, str]
    answers: Mapping[str, Answer]


def find(visit: Visit, routes: Routes) -> Route | None:  # noqa: PLR0911 -- one per kind of update
    """The route of an update; None: it is not for us."""
    update = visit.update
    if update.callback_query is not None:
        return _button(visit, routes)
    if update.inline_query is not None:
        return inline.inline
    if update.my_chat_member is not None:
        return groups.membership
    message = update.message or update.channel_post
    if message is None:
        return None
    if message.migrate_from_chat_id or message.migrate_to_chat_id:
        return groups.migrated
    if message.text is not None:
        return _text(visit, message.text, routes)
    return _file(visit)


def _button(visit: Visit, routes: Routes) -> Route:
    query = visit.update.callback_query
    verb, _, visit.argument = ((query and query.data) or "").partition(":")
    if verb not in routes.buttons:
        raise RefusedError("This button is not valid any more.")
    if visit.kind is ChatKind.CHANNEL and verb in routes.reading:
        return groups.aside
    return routes.buttons[verb]


_COMMAND = re.compile(
    r"/(?P<name>[A-Za-z0-9_]{1,32})(?:@(?P<bot>\w+))?(?:\s+(?P<rest>.*))?", re.DOTALL
)


def _text(visit: Visit, text: str, routes: Routes) -> Route | None:
    found = _COMMAND.fullmatch(text.strip())
    if found is not None:
        return _command(visit, found, routes)
    if not visit.private:
        question = _addressed(visit, text)
        if question is None:
            return None  # groups are left in peace
        text = question
    visit.argument = text
    word = routes.words.get(lookup.folded(text))
    if word is not None:
        visit.argument = ""
        return routes.commands[word]
    return (
        _link(visit, text, routes)
        or _pause(visit, text)
        or _answer(visit, routes)
        or lookup.look_up
    )


def _command(visit: Visit, found: re.Match[str], routes: Routes) -> Route | None:
    whose = found["bot"]
    if whose and whose.lower() != visit.desk.username.lower():
        return None
    visit.argument = (found["rest"] or "").strip()
    route = routes.commands.get(found["name"].lower())
    if route is None and visit.private:
        return helping.help_
    return route


def _addressed(visit: Visit, text: str) -> str | None:
    """In a group: the words behind a mention of the bot, or a reply to it; else None."""
    message = visit.message
    name = f"@{visit.desk.username}".lower()
    if message is None or not visit.desk.username:
        return None
    for entity, words in message.parse_entities([MessageEntity.MENTION]).items():
        if words.lower() == name:
            del entity
            return re.sub(re.escape(name), " ", text, flags=re.IGNORECASE).strip()
    replied = message.reply_to_message
    if replied is not None and replied.from_user and replied.from_user.id == visit.bot.id:
        return text
    return None


def _answer(visit: Visit, routes: Routes) -> Route | None:
    """The route to what the bot asked this person for, if it did."""
    draft = visit.draft
    if draft is None:
        return None
    if draft.kind == drafting.KIND:
        if draft.content.get("stage") == "ready":
            return None  # the card is there: what is typed is a look-up again
        return _broadcast_answer(draft.content)
    if draft.kind not in routes.answers:
        return None
    return _plain_answer(routes.answers[draft.kind], draft.content)


def _broadcast_answer(content: dict[str, Any]) -> Route:
    async def answer(visit: Visit) -> None:
        if visit.message is not None:
            await taking.answered(visit, content, visit.message)

    return answer


def _plain_answer(taken: Answer, content: dict[str, Any]) -> Route:
    async def answer(visit: Visit) -> None:
        await taken(visit, content, visit.argument)
        await dialogues.forget(visit)

    return answer


def _link(visit: Visit, text: str, routes: Routes) -> Route | None:
    if not re.fullmatch(r"https?://\S+", text.strip()) or not visit.private:
        return None
    draft = visit.draft
    if draft is not None and draft.kind not in _DATES:
        return _answer(visit, routes) or filing.receive_link
    return filing.receive_link


GO_ON = frozenset({"继续", "恢复", "繼續", "恢復", "go on"})
_PAUSE = re.compile(r"(?:暂停|暫停|pause)\s*(?:到|至|until)?(?P<day>.+)", re.IGNORECASE)


def _pause(visit: Visit, text: str) -> Route | None:
    """暂停到8月1日: only where a day stands behind it; 继续: only where something rests."""
    if lookup.folded(text) in GO_ON and leaving.may_go_on(visit):
        return leaving.go_on
    found = _PAUSE.fullmatch(text.strip())
    if found is None:
        return None
    try:
        _ = parse_span(found["day"], visit.today) or parse_day(found["day"], visit.today)
    except RefusedError:
        return None
    visit.argument = found["day"]
    return leaving.pause


def _file(visit: Visit) -> Route | None:
    """A file: for the broadcast that waits for one, else a report."""
    message = visit.message
    if message is None or not visit.private:
        return None
    draft = visit.draft
    waits = draft is not None and draft.kind == drafting.KIND
    if draft is not None and waits and draft.content.get("stage") == "text":
        return _broadcast_answer(draft.content)
    if message.document is not None:
        return filing.receive
    return helping.only_words if message.effective_attachment else None
