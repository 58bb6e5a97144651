"""/gaps: what people looked for and did not find, each with "add a synonym"; no names anywhere."""

import hashlib

from bot.domain.office import Right
from bot.errors import RefusedError
from bot.handlers import dialogues
from bot.handlers.visit import Visit, escape
from bot.storage import audits, queries
from digests import Button

LISTED = 10


def _key(words: str) -> str:
    """Words may be too long for button data: a short hash of them finds them again."""
    return hashlib.sha256(words.encode()).hexdigest()[:10]


async def gaps(visit: Visit) -> None:
    """/gaps."""
    await visit.need(Right.WRITE)
    _ = visit._
    async with visit.desk.database.read() as connection:
        rows = await queries.gaps(connection, LISTED)
    if not rows:
        await visit.turn(_("Every look-up so far has found something."))
        return
    lines = [_("Looked for and not found, with how often:")]
    buttons = []
    for place, row in enumerate(rows, 1):
        lines.append(f"{place}  {escape(row['folded'])} · {row['times']}")
        buttons.append(
            [
                Button(f"{place} " + _("Add a synonym"), data=f"g:{_key(row['folded'])}:syn"),
                Button(f"{place} " + _("Take off the list"), data=f"g:{_key(row['folded'])}:no"),
            ]
        )
    await visit.turn("\n".join(lines), buttons)


async def press(visit: Visit) -> None:
    """g:HASH:syn|no."""
    await visit.need(Right.WRITE)
    _ = visit._
    key, what = visit.arguments(2)
    async with visit.desk.database.read() as connection:
        rows = await queries.gaps(connection, 200)
    words = next((row["folded"] for row in rows if _key(row["folded"]) == key), None)
    if words is None:
        raise RefusedError("That is no longer on the list.")
    if what == "no":
        async with visit.desk.database.write() as connection:
            await queries.drop(connection, words)
        await gaps(visit)
        return
    if what != "syn":
        raise RefusedError("This button is not valid any more.")
    await dialogues.ask(
        visit,
        "synonym",
        {"said": words},
        _("What do the reports write for “{words}”? Send that word; /cancel leaves it.").format(
            words=escape(words)
        ),
    )


async def answered(visit: Visit, content: dict[str, str], text: str) -> None:
    """The word that reports write."""
    await visit.need(Right.WRITE)
    _ = visit._
    written = text.strip()
    if not 1 < len(written) <= queries.MAX_LENGTH:
        raise RefusedError("Please send one word or phrase, at least two characters.")
    async with visit.desk.database.write() as connection:
        await queries.add_synonym(connection, content["said"], written, visit.user_id, visit.now)
        await audits.record(
            connection, visit.now, visit.user_id, "synonym.add", content["said"], written=written
        )
    await visit.desk.library.refresh()
    await visit.say(
        _("From now on “{said}” finds “{written}” too.").format(
            said=escape(content["said"]), written=escape(written)
        )
    )
