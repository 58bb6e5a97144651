"""A look-up: any plain text. Words that are commands come first, then a dialogue, then sections."""

import dataclasses
import unicodedata
from collections.abc import Mapping

import digests
from bot.handlers import passages, shelf
from bot.handlers.visit import Visit, number
from bot.storage import queries
from digests import Answer, Page

DEEP = 50  # hits one can page through
LONGEST = 400  # characters of a question that are looked up; the rest is talk
TITLE = 6  # characters from which the beginning of a title means that section


def folded(text: str) -> str:
    """Width, case, marks nobody sees and stray punctuation aside: as words are compared."""
    seen = (c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c) != "Cf")
    text = "".join(seen).strip().lower()
    return text.strip(" 。．.!！?？,，;；:：“”\"'/")


async def look_up(visit: Visit) -> None:
    """A section if it is one, else the passages found."""
    query = visit.argument.strip()[:LONGEST]
    if not folded(query):
        await visit.say(visit._("Send a number such as 2.5, or words to look up."))
        return
    reports = await shelf.by_key(visit)
    if not reports:
        await visit.say(await shelf.nothing(visit))
        return
    found = digests.resolve(query, tuple(reports.values()))
    if found.is_address and not found.matches:
        await passages.nowhere(visit, query)
    elif found.matches and (found.is_address or _is_title(query, found)):
        await passages.resolved(visit, found, query)
    else:
        await visit.show(await answer(visit, query, reports, 0))


def _is_title(query: str, found: digests.Resolution) -> bool:
    """A short word that happens to begin a title is a look-up all the same."""
    if len(query) >= TITLE:
        return True
    return any(folded(section.heading) == folded(query) for _report, section in found.matches)


async def more(visit: Visit) -> None:
    """q:OFFSET:QUERY: the next hits, in place."""
    offset, _, query = visit.argument.partition(":")
    at = number(offset, 0, DEEP)
    reports = await shelf.by_key(visit)
    await visit.turn_page(await answer(visit, query, reports, at))


async def answer(
    visit: Visit, query: str, reports: Mapping[str, digests.Report], offset: int
) -> tuple[Page, ...]:
    """The answer's pages; what found nothing is counted, never with a person."""
    found = await search(visit, query, reports)
    if not found.hits:
        async with visit.desk.database.write() as connection:
            await queries.count_missing(connection, folded(query), visit.today)
    office = visit.desk.office
    return digests.render_hits(
        found,
        query,
        reports,
        visit._,
        offset=offset,
        office=" ".join(word for word in (office.name, office.phone) if word),
        username=visit.desk.username,
    )


async def search(visit: Visit, query: str, reports: Mapping[str, digests.Report]) -> Answer:
    """Ask the library; only what this visitor may see comes back."""
    found = await visit.desk.library.search(query, DEEP, within=reports)
    return dataclasses.replace(found, searched=len(reports))
