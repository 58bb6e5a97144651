"""/today: the day's message as it was sent, or as it will be."""

import digests
from bot.domain.message import MessageState
from bot.domain.subscription import muted_on
from bot.handlers import shelf
from bot.handlers.visit import Visit
from bot.storage import chats, readings


async def today(visit: Visit) -> None:
    """What came today once more; before its hour, what will come."""
    _ = visit._
    if await _sent_again(visit):
        return
    pages = await upcoming(visit)
    if pages:
        await visit.show(pages)
    elif await shelf.editions(visit):
        await visit.say(_("There is nothing to show for today. The contents have everything."))
    else:
        await visit.say(await shelf.nothing(visit))


async def upcoming(visit: Visit) -> tuple[digests.Page, ...]:
    """Today's digest for this chat, from what it has read so far."""
    member = visit.private and visit.is_member
    editions = visit.desk.library.pushed_on(visit.today, member=member)
    if not editions:
        return ()
    read: frozenset[str] = frozenset()
    muted: frozenset[str] = frozenset()
    if visit.chat is not None:
        muted = muted_on(visit.chat["muted"], visit.today)
        async with visit.desk.database.read() as connection:
            number = visit.chat["reading_id"]
            read = (await readings.sets(connection, [number])).get(number, frozenset())
    topics = frozenset(visit.choices.topics) or None
    digest = digests.compose(editions, visit.today, topics=topics, read=read, muted=muted)
    return digests.render_digest(digest, visit._)


async def _sent_again(visit: Visit) -> bool:
    """Show today's message word for word if it went out already; withdrawn ones do not return."""
    if visit.chat is None or visit.chat["served_on"] != visit.today:
        return False
    async with visit.desk.database.read() as connection:
        sent = await chats.digest_of(connection, visit.chat_id, visit.today)
    shown = False
    known = await shelf.by_key(visit)
    for row in sent:
        why = row["why"] or {}
        keys = {
            word.partition(":")[0] for kind in ("sections", "tasks") for word in why.get(kind, ())
        }
        sections = [word.partition(":")[::2] for word in why.get("sections", ())]
        hidden = any(_is_cut(known[key], address) for key, address in sections if key in known)
        if row["state"] == MessageState.SKIPPED or hidden or not keys <= set(known):
            continue
        await visit.carry(row["parts"])
        shown = shown or bool(row["parts"])
    return shown


def _is_cut(report: digests.Report, address: str) -> bool:
    """Whether something of a section is not shown any more."""
    place = report.section(address)
    return place is None or any(
        h.handling is digests.Handling.HIDDEN and h.start < place.end and place.start < h.end
        for h in report.handled
    )
