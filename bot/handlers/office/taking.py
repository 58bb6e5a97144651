"""/broadcast: gather text, time and audience; each answer changes the draft and shows it anew."""

import re
import secrets
from collections.abc import Awaitable, Callable
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from telegram import Message

import digests
from bot.domain.content import html_content, visible
from bot.domain.moment import When, parse_time
from bot.domain.office import Right
from bot.domain.subscription import resolve
from bot.errors import RefusedError
from bot.handlers import shelf
from bot.handlers.dialogues import keep, lasting, pending
from bot.handlers.office import checking
from bot.handlers.office.drafting import HOURS, KIND, Content, Rows, current, go_on, preview
from bot.handlers.visit import Visit, escape
from bot.handlers.wording import moment_words
from digests import Button


async def begin(visit: Visit) -> None:
    """/broadcast [text]."""
    await visit.need(Right.WRITE)
    if not visit.private:
        raise RefusedError("Please do this in a private chat with the bot.")
    html = _html_behind(visit)
    known = lasting(await pending(visit))
    if known is not None and known.get("html"):
        await _ask_which(visit, known, html)
    else:
        await _begin(visit, html)


async def _ask_which(visit: Visit, known: Content, html: str) -> None:
    """An unfinished draft is not overwritten without a word."""
    _ = visit._
    await keep(visit, KIND, {**known, "stage": "ready", "next": html})
    said = _("You have an unfinished draft: “{text}”").format(
        text=escape(visible(known["html"])[:60])
    )
    rows = [[Button(_("Go on with it"), data="b:show"), Button(_("Write a new one"), data="b:new")]]
    await visit.say(said, rows)


async def begin_anew(visit: Visit) -> None:
    """b:new: the unfinished draft is left for a new one."""
    content = await current(visit)
    await _begin(visit, content.get("next", ""))


async def _begin(visit: Visit, html: str) -> None:
    _ = visit._
    if html:
        await go_on(visit, {"html": html})
        return
    await keep(visit, KIND, {"stage": "text"})
    await visit.say(
        _("Send what is to go out: a text with its formatting, a photo or a document.")
        + "\n"
        + _("For a passage word for word send its number, for example: = 2.5"),
        [[Button(_("Never mind"), data="cancel")]],
    )


def _html_behind(visit: Visit) -> str:
    """The text behind the command, with its formatting."""
    message = visit.message
    if message is None or not message.text:
        return ""
    _command, _space, rest = message.text_html.partition(" ")
    first, _newline, more = message.text_html.partition("\n")
    return (more if " " not in first else rest).strip()


async def answered(visit: Visit, content: Content, message: Message) -> None:
    """The next message of a draft: the text, the time, until when, or a reason."""
    await visit.need(Right.WRITE)
    words = message.text or ""
    stages: dict[str, Callable[[Visit, Content, str], Awaitable[None]]] = {
        "when": take_time,
        "until": _take_until,
        "reason": _take_reason,
        "without": _take_exclusions,
        "receipt": _take_receipt,
    }
    stage = content.get("stage", "text")
    if stage == "text":
        await _take_text(visit, content, message)
    elif stage in stages:
        await stages[stage](visit, content, words)
    else:
        raise RefusedError("Please use the buttons under the preview, or /cancel.")


async def _take_text(visit: Visit, content: Content, message: Message) -> None:
    new = dict(content)
    new.pop("media", None)
    new.pop("reason", None)  # it was given for other words
    if message.photo:
        new["media"] = {"kind": "photo", "file_id": message.photo[-1].file_id}
    elif message.document:
        new["media"] = {"kind": "document", "file_id": message.document.file_id}
    html = message.caption_html if new.get("media") else message.text_html
    if not new.get("media") and (message.text or "").startswith(("=", "＝")):
        html = await _passage_of(visit, (message.text or "")[1:].strip())
    new["html"] = (html or "").strip()
    html_content(new["html"], new.get("media"))  # refused here: too long, empty
    await go_on(visit, new)


async def _passage_of(visit: Visit, query: str) -> str:
    """A section as it will be sent: word for word, cited."""
    reports = tuple((await shelf.by_key(visit)).values())
    found = digests.resolve(query, reports)
    if len(found.matches) != 1:
        raise RefusedError("That number names no single section. Please send it as printed.")
    report, place = found.matches[0]
    return "\n".join(page.html for page in digests.render_section(report, place, visit._))


async def from_passage(visit: Visit) -> None:
    """b:pass:KEY:START:END: a passage becomes a broadcast."""
    await visit.need(Right.WRITE)
    _verb, key, start, end = visit.arguments(4)
    report, first, last = await shelf.span(visit, key, start, end)
    hit = digests.passage(report, first, last)
    html = digests.render_hit(hit, report, visit._)[0].html
    await go_on(visit, {"html": html})


async def take_time(visit: Visit, content: Content, text: str) -> None:
    when = parse_time(text, visit.now, visit.choices.zone)
    _refuse_past(visit, when)
    await go_on(visit, {**content, "when": _when_json(when)})


def _when_json(when: When) -> dict[str, Any]:
    return {
        "at": when.at.isoformat(),
        "recurrence": when.recurrence and when.recurrence.to_json(),
        "weekday": when.weekday,
    }


def _refuse_past(visit: Visit, when: When) -> None:
    if when.at < visit.now - timedelta(minutes=1):
        raise checking.PastTimeError(when.at)


async def offer_times(visit: Visit, at: datetime) -> None:
    """Nothing was scheduled: which time has passed, what time it is, and what is near."""
    _ = visit._
    zone = visit.choices.zone
    said = moment_words(at, zone, visit.now, visit.language, _)
    now = moment_words(visit.now, zone, visit.now, visit.language, _)
    text = _("Not scheduled: {when} has passed, it is {now}. The draft is kept.")
    hour = visit.now.astimezone(ZoneInfo(zone)).hour
    later = next((h for h in HOURS if h > hour), None)
    rows = [
        [
            *(
                [Button(_("Today {hour}:00").format(hour=later), data=f"b:at:today{later}")]
                if later
                else []
            ),
            Button(_("Tomorrow 8:30"), data="b:at:tomorrow"),
        ],
        [Button(_("Now"), data="b:at:now"), Button(_("Change the time"), data="b:when")],
    ]
    await visit.say(text.format(when=said, now=now), rows)


async def _take_until(visit: Visit, content: Content, text: str) -> None:
    when = parse_time(text, visit.now, visit.choices.zone)
    local = when.at.astimezone(ZoneInfo(visit.choices.zone))
    await go_on(visit, {**content, "until": local.strftime("%H:%M")})


async def _take_reason(visit: Visit, content: Content, text: str) -> None:
    reason = text.strip()[:200]
    if len(reason) < 2:  # noqa: PLR2004
        raise RefusedError("Please give the reason in a few words.")
    await keep(visit, KIND, {**content, "stage": "ready", "reason": reason})
    await preview(visit)


async def _take_exclusions(visit: Visit, content: Content, text: str) -> None:
    """Chat numbers, as /pushes and its table show them."""
    numbers = re.findall(r"-?\d{1,16}", text)
    if not numbers and text.strip() not in {"-", "—", "－", "无", "無"}:
        raise RefusedError("Please send the numbers of chats, with spaces between them.")
    audience = {name: ids for name, ids in content.get("audience", {}).items() if name != "without"}
    if numbers:
        audience["without"] = sorted({int(number) for number in numbers})
    await go_on(visit, {**content, "audience": audience})


# ---- receipts: 已阅 ------------------------------------------------------------------------------


async def ask_receipt(visit: Visit) -> None:
    """b:receipt[:17|12|off]: ask whoever gets it for a tap, until when."""
    _ = visit._
    _act, word = visit.arguments(2)
    content = await current(visit)
    if (content.get("when") or {}).get("recurrence"):
        raise RefusedError("Receipts can be asked for where it goes out once, not again and again.")
    if word == "off":
        await go_on(visit, {**content, "receipt": None})
    elif word in {"12", "17"}:
        zone = ZoneInfo(visit.choices.zone)
        sent = _sent_at(visit, content).astimezone(zone)
        day = sent.date() + timedelta(days=word == "12")
        await _set_receipt(visit, content, resolve(day, time(int(word)), str(zone)))
    elif word:
        raise RefusedError("This button is not valid any more.")
    else:
        await keep(visit, KIND, {**content, "stage": "receipt"})
        rows: Rows = [
            [
                Button(_("Day of sending 17:00"), data="b:receipt:17"),
                Button(_("Day after 12:00"), data="b:receipt:12"),
            ],
            [Button(_("No receipts"), data="b:receipt:off"), Button(_("‹ Back"), data="b:show")],
        ]
        await visit.say(_("Until when should they tap “Read”? Choose, or write a time."), rows)


def _sent_at(visit: Visit, content: Content) -> datetime:
    at = (content.get("when") or {}).get("at")
    return datetime.fromisoformat(at) if at else visit.now


async def _take_receipt(visit: Visit, content: Content, text: str) -> None:
    when = parse_time(text, visit.now, visit.choices.zone)
    if when.recurrence is not None:
        raise RefusedError("Please name one time that still lies ahead.")
    await _set_receipt(visit, content, when.at)


async def _set_receipt(visit: Visit, content: Content, until: datetime) -> None:
    if until <= _sent_at(visit, content):
        raise RefusedError("That is before it goes out. Please name a later time.")
    known = content.get("receipt") or {"token": secrets.token_hex(4)}
    await go_on(visit, {**content, "receipt": {**known, "until": until.isoformat()}})
