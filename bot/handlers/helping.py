"""/help, /privacy, /mydata, /why: what the bot does, and what it keeps."""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import digests
from bot.domain.office import RIGHTS, Right
from bot.domain.subscription import unpack
from bot.handlers import shelf
from bot.handlers.joining import role_name
from bot.handlers.visit import Visit, escape
from bot.handlers.welcoming import keyboard, settings_button
from bot.handlers.wording import moment_words, rhythm_words, sentence, topic_names
from bot.storage import chats, receipts
from digests import Button

SHOWN = 10
LONGEST = 3500  # characters of JSON in one message


async def help_(visit: Visit) -> None:
    """/help, 帮助."""
    _ = visit._
    lines = [
        _("Send a number as it is printed (2.5) or words; the passage comes word for word."),
        _("Today, Tasks, Contents and Settings are the buttons below; in words they work too."),
        _("/stop or “TD” ends it, /pause pauses it, /privacy says what is kept."),
    ]
    role = await visit.role() if visit.private else None
    if role is not None:
        lines += ["", _("You are: {role}.").format(role=role_name(role, _))]
        if Right.WRITE in RIGHTS[role]:
            lines += [
                _("Send a file or a link to add a report. /reports lists them."),
                _("/broadcast sends something to many, /pushes shows what became of it."),
                _("/gaps shows what people did not find. /halt stops everything, /resume goes on."),
            ]
        if Right.ROLES in RIGHTS[role]:
            lines.append(_("/admins shows and grants roles, /audit what was done."))
    text = "\n".join(lines)
    if visit.private:
        await visit.say(text, keyboard=keyboard(_))
    else:
        await visit.say(text)


async def only_words(visit: Visit) -> None:
    """A voice, a picture, a sticker: it cannot be read."""
    _ = visit._
    await visit.say(_("I read words only. Send a number as it is printed (2.5) or any words."))


async def privacy(visit: Visit) -> None:
    """/privacy, in our own words."""
    _ = visit._
    office = visit.desk.office
    contact = " ".join(word for word in (office.name, office.phone) if word)
    lines = [
        _(
            "What is kept: this chat's number, its choices (topics, days, hour, zone, language),"
            " and which messages were sent to it."
        ),
        _(
            "Where the office asks for it: when “Read” was tapped. Of colleagues who review what"
            " is sent: their family name."
        ),
        _(
            "What is not kept: names, phone numbers, what you look up. What nobody found is counted"
            " as words, without who asked."
        ),
        _(
            "How long: messages sent, for as long as the office has set;"
            " the rest until you delete it."
        ),
        _(
            "Who sees it: the office that runs this bot, and Telegram, through which it all goes."
            " Encrypting the disk is up to the office."
        ),
        _("/mydata shows it, /forget deletes it at once, /stop ends all messages."),
        *([_("Questions: {contact}").format(contact=escape(contact))] if contact else []),
    ]
    await visit.say("\n".join(lines))


async def my_data(visit: Visit) -> None:
    """/mydata: everything kept about this chat, readable and as a block to copy."""
    await visit.need_chat_admin()
    _ = visit._
    if visit.chat is None:
        await visit.say(_("Nothing is kept about this chat."))
        return
    since = visit.now - timedelta(days=3650)
    async with visit.desk.database.read() as connection:
        sent = await chats.received(connection, visit.chat_id, since, SHOWN)
        read = await receipts.of_chat(connection, visit.chat_id, {row["push_id"] for row in sent})
    kept = {
        name: value.isoformat() if hasattr(value, "isoformat") else value
        for name, value in visit.chat.items()
    }
    kept["sent"] = [
        {"at": row["changed_at"].isoformat(), "title": row["title"], "state": row["state"]}
        | ({"read": read[row["push_id"]].isoformat()} if row["push_id"] in read else {})
        for row in sent
    ]
    choices = visit.choices
    summary = [
        sentence(rhythm_words(choices, visit.language, _), _),
        _("Topics: {topics}.").format(topics=topic_names(choices.topics, visit.language, _)),
        _("Muted tasks: {count}.").format(count=len(unpack(visit.chat["muted"]))),
    ]
    summary.append(_("All that is kept, as it stands in the database, to copy:"))
    await visit.say(
        "\n".join(summary) + f"\n<pre>{block_of(kept)}</pre>",
        [[Button(_("Delete at once"), data="forget:yes"), settings_button(_)]],
    )


def block_of(kept: dict[str, Any]) -> str:
    """All of it as JSON; the oldest messages are left out where it would not fit."""
    while True:
        block = escape(json.dumps(kept, ensure_ascii=False, indent=1))
        if len(block) <= LONGEST or not kept["sent"]:
            return block[:LONGEST]
        kept["sent"].pop()


async def _reasons(visit: Visit, why_: Mapping[str, Any]) -> list[str]:
    """Which section's turn it was, and which tasks had their day by which rule."""
    _ = visit._
    lines = []
    editions = {edition.key: edition for edition in await shelf.editions(visit)}
    for word in why_.get("sections", ()):
        key, _colon, address = word.partition(":")
        section = editions[key].report.section(address) if key in editions else None
        if section is not None:
            said = _("Next in the reading plan: {cite}.")
            lines.append(said.format(cite=escape(f"{section.cite} {section.heading}"[:80])))
    for word in why_.get("tasks", ()):
        key, _colon, task_key = word.partition(":")
        found = editions[key].tasks if key in editions else ()
        for task in found:
            if digests.task_key(task) == task_key:
                rule = _("; ").join(p for p in (task.title, digests.told_rule(task.rule, _)) if p)
                lines.append(_("Task: {title}.").format(title=escape(rule)))
    return lines


async def why(visit: Visit) -> None:
    """/why: what came last, and by which rule; as a reply, why that very message came."""
    _ = visit._
    asked = visit.message.reply_to_message if visit.message else None
    since = visit.now - timedelta(days=400)
    async with visit.desk.database.read() as connection:
        sent = await chats.received(connection, visit.chat_id, since, 200 if asked else 1)
    if asked is not None:
        sent = [row for row in sent if row["message_id"] == asked.message_id]
    if not sent:
        await visit.say(_("Nothing was sent here by a plan; answers come because you asked."))
        return
    row = sent[0]
    choices = visit.choices
    lines = [
        _("Sent {when}.").format(
            when=moment_words(row["changed_at"], choices.zone, visit.now, visit.language, _)
        ),
    ]
    if row["kind"] == "digest":
        lines.append(
            _("Because you subscribed: {rhythm}; topics: {topics}.").format(
                rhythm=rhythm_words(choices, visit.language, _),
                topics=topic_names(choices.topics, visit.language, _),
            )
        )
        lines += await _reasons(visit, row["why"] or {})
    else:
        lines.append(_("The office sent it: {title}.").format(title=escape(row["title"] or "—")))
    await visit.say("\n".join(lines), [[settings_button(_), Button(_("Tasks now"), data="t")]])
