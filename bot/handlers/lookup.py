"""A look-up: any plain text. Words that are commands come first, then a dialogue, then sections."""

import dataclasses
import re
import unicodedata
from collections.abc import Mapping

import digests
from bot.errors import RefusedError
from bot.handlers import passages, shelf
from bot.handlers.visit import Visit, number
from bot.storage import queries
from digests import Answer, Page

DEEP = 50  # hits one can page through
LONGEST = 400  # characters of a question that are looked up; the rest is talk
_WELCOME = "You are welcome. What else shall be looked up? Just send it."
_HELLO = "Hello. Send what is to be looked up: words, a question, or a number such as 2.5."
COURTESIES = {  # what people say to a bot, too, and its answer; in groups none is wanted
    **dict.fromkeys(
        ("谢谢", "谢谢您", "谢谢你", "多谢", "谢了", "感谢", "謝謝", "thanks"), _WELCOME
    ),
    **dict.fromkeys(("thank you", "thx", "收到", "已阅", "已閱", "好的", "好", "嗯"), _WELCOME),
    **dict.fromkeys(("ok", "okay", "明白", "知道了", "👍", "👌", "🙏"), _WELCOME),
    **dict.fromkeys(("您好", "你好", "hi", "hello", "在吗", "在嗎", "早上好", "大家好"), _HELLO),
}
_PERSONAL = re.compile(r"\d{7}|\S@\S+\.\S")  # numbers of phones and people, addresses
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
    if (courtesy := COURTESIES.get(folded(query))) is not None:
        if visit.private:
            await visit.say(visit._(courtesy))
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
        visit.quoting = not digests.fits_a_button(query)  # "more" reads it from there
        answer = await search(visit, query, reports)
        await visit.show(_pages(visit, query, reports, answer))
        if not answer.hits:  # counted when the reader has it: a write may have to wait
            await _count(visit, query)


def _is_title(query: str, found: digests.Resolution) -> bool:
    """A short word that happens to begin a title is a look-up all the same."""
    if len(query) >= TITLE:
        return True
    return any(folded(section.heading) == folded(query) for _report, section in found.matches)


async def more(visit: Visit) -> None:
    """q:OFFSET:QUERY: the next hits, in place; a long query stands in the message answered."""
    offset, _, query = visit.argument.partition(":")
    at = number(offset, 0, DEEP)
    query = query or _answered(visit)
    reports = await shelf.by_key(visit)
    answer = await search(visit, query, reports)
    await visit.turn_page(_pages(visit, query, reports, answer, at))


def _answered(visit: Visit) -> str:
    """The question under whose answer the button stands; nothing of it is kept by us."""
    asked = visit.message.reply_to_message if visit.message else None
    name = re.compile(rf"@{re.escape(visit.desk.username)}\b", re.IGNORECASE)
    words = name.sub(" ", (asked and asked.text) or "")
    if not folded(words):
        raise RefusedError("The question is gone. Please ask it again.")
    return words.strip()[:LONGEST]


def _pages(
    visit: Visit,
    query: str,
    reports: Mapping[str, digests.Report],
    answer: Answer,
    offset: int = 0,
) -> tuple[Page, ...]:
    """The answer from a place on, headed where its report is past its validity."""
    office = visit.desk.office
    pages = digests.render_hits(
        answer,
        query,
        reports,
        visit._,
        offset=offset,
        office=" ".join(word for word in (office.name, office.phone) if word),
        username=visit.desk.username,
    )
    first = next((h for h in answer.hits[offset:] if h.report in reports), None)
    return pages if first is None else shelf.headed(visit, reports[first.report], pages)


async def _count(visit: Visit, query: str) -> None:
    """What found nothing is counted, never with a person, and never what looks personal."""
    words = folded(query)
    if _PERSONAL.search(words):
        return
    async with visit.desk.database.write() as connection:
        await queries.count_missing(connection, words, visit.today)


async def search(visit: Visit, query: str, reports: Mapping[str, digests.Report]) -> Answer:
    """Ask the library; only what this visitor may see comes back."""
    found = await visit.desk.library.search(query, DEEP, within=reports)
    return dataclasses.replace(found, searched=len(reports))
