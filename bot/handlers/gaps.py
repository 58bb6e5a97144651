"""/gaps: what people looked for and did not find, each with "add a synonym"; no names anywhere.

The office's own synonyms are listed behind it, each with a way to take it back.
"""

import hashlib
from collections.abc import Sequence

from bot.domain.office import Right
from bot.errors import RefusedError
from bot.handlers import dialogues
from bot.handlers.visit import Visit, escape, number
from bot.storage import audits, queries
from digests import Button

LISTED = 10
_KNOWN = 200  # that a pressed button may mean


def _key(*words: str) -> str:
    """Words may be too long for button data: a short hash of them finds them again."""
    return hashlib.sha256("\x1f".join(words).encode()).hexdigest()[:10]


async def gaps(visit: Visit) -> None:
    """/gaps."""
    await visit.need(Right.WRITE)
    _ = visit._
    async with visit.desk.database.read() as connection:
        rows = await queries.gaps(connection, LISTED)
        own = await queries.synonyms_of_office(connection)
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
    if not rows:
        lines = [_("Every look-up so far has found something.")]
    if own:
        buttons.append([Button(_("Own synonyms ({count})").format(count=len(own)), data="g:own:0")])
    await visit.turn("\n".join(lines), buttons)


async def press(visit: Visit) -> None:
    """g:HASH:syn|no of a look-up, g:HASH:del of a pair, g:own:PAGE."""
    await visit.need(Right.WRITE)
    key, what = visit.arguments(2)
    if key == "own":
        await _show_own(visit, number(what or "0", 0, 10_000))
    elif what == "del":
        await _take_back(visit, key)
    elif what == "no":
        words = await _looked_for(visit, key)
        async with visit.desk.database.write() as connection:
            await queries.drop(connection, words)
        await gaps(visit)
    elif what == "syn":
        await _ask(visit, await _looked_for(visit, key))
    else:
        raise RefusedError("This button is not valid any more.")


async def _looked_for(visit: Visit, key: str) -> str:
    async with visit.desk.database.read() as connection:
        rows = await queries.gaps(connection, _KNOWN)
    words = next((str(row["folded"]) for row in rows if _key(row["folded"]) == key), None)
    if words is None:
        raise RefusedError("That is no longer on the list.")
    return words


async def _ask(visit: Visit, words: str) -> None:
    _ = visit._
    await dialogues.ask(
        visit,
        "synonym",
        {"said": words},
        _("What do the reports write for “{words}”? Send that word; /cancel leaves it.").format(
            words=escape(words)
        ),
    )


async def answered(visit: Visit, content: dict[str, str], text: str) -> None:
    """The word that reports write; a pair that finds nothing is kept, and says so."""
    await visit.need(Right.WRITE)
    _ = visit._
    said, written = content["said"], text.strip()
    if not 1 < len(written) <= queries.MAX_LENGTH:
        raise RefusedError("Please send one word or phrase, at least two characters.")
    async with visit.desk.database.write() as connection:
        await queries.add_synonym(connection, said, written, visit.user_id, visit.now)
        await audits.record(
            connection, visit.now, visit.user_id, "synonym.add", said, written=written
        )
    await visit.desk.library.refresh()
    found = await visit.desk.library.search(said, 1)
    words = (
        _("From now on “{said}” finds “{written}” too.")
        if found.hits
        else _("Kept, but no report writes “{written}” yet: “{said}” still finds nothing.")
    )
    await visit.say(
        words.format(said=escape(said), written=escape(written)),
        [[Button(_("Take it back"), data=f"g:{_key(said, written)}:del")]],
    )


async def _show_own(visit: Visit, page: int) -> None:
    """The office's own pairs, the newest first, each with a button that takes it back."""
    _ = visit._
    async with visit.desk.database.read() as connection:
        own = (await queries.synonyms_of_office(connection))[::-1]
    page = min(page, max(0, len(own) - 1) // LISTED)
    shown = own[page * LISTED : (page + 1) * LISTED]
    lines = [_("The office's own synonyms: what people say → what reports write.")]
    lines += [
        f"{i}  {escape(said)} → {escape(written)}" for i, (said, written) in enumerate(shown, 1)
    ]
    buttons = [
        [Button(f"{i} " + _("Take it back"), data=f"g:{_key(said, written)}:del")]
        for i, (said, written) in enumerate(shown, 1)
    ]
    await visit.turn("\n".join(lines), [*buttons, *_turns(visit, own, page)])


def _turns(visit: Visit, own: Sequence[tuple[str, str]], page: int) -> list[list[Button]]:
    turn = []
    if page:
        turn.append(Button(visit._("‹ Page"), data=f"g:own:{page - 1}"))
    if len(own) > (page + 1) * LISTED:
        turn.append(Button(visit._("Page ›"), data=f"g:own:{page + 1}"))
    return [turn] if turn else []


async def _take_back(visit: Visit, key: str) -> None:
    _ = visit._
    async with visit.desk.database.read() as connection:
        own = await queries.synonyms_of_office(connection)
    pair = next((pair for pair in own if _key(*pair) == key), None)
    if pair is None:
        raise RefusedError("That is no longer on the list.")
    said, written = pair
    async with visit.desk.database.write() as connection:
        await queries.drop_synonym(connection, said, written)
        await audits.record(
            connection, visit.now, visit.user_id, "synonym.drop", said, written=written
        )
    await visit.desk.library.refresh()
    await visit.turn(
        _("Taken back: “{said}” no longer finds “{written}”.").format(
            said=escape(said), written=escape(written)
        )
    )
