"""Sections and passages: by command, by button, by link; their context, and copying them."""

import re

import digests
from bot.domain.subscription import ChatState
from bot.errors import RefusedError
from bot.handlers import shelf
from bot.handlers.visit import Visit, escape, number
from digests import Button, Page


async def section(visit: Visit) -> None:
    """/section 二、5."""
    _ = visit._
    query = visit.argument.strip()
    if not query:
        await visit.say(_("Which section? For example: /section 2.5, or simply send 2.5."))
        return
    reports = tuple((await shelf.by_key(visit)).values())
    if not reports:
        await visit.say(await shelf.nothing(visit))
        return
    found = digests.resolve(query, reports)
    if not found.matches:
        await nowhere(visit, query)
        return
    await resolved(visit, found, query)


async def resolved(visit: Visit, found: digests.Resolution, query: str) -> None:
    """The one section that was meant, or the choices."""
    if len(found.matches) > 1:
        await visit.show(digests.render_choices(found, query, visit._))
        return
    report, place = found.matches[0]
    await _open(visit, report, place)


async def nowhere(visit: Visit, query: str) -> None:
    """An address that no report has."""
    _ = visit._
    await visit.say(
        _("There is no section “{query}”. The contents show what there is.").format(
            query=escape(query[:60])
        ),
        [[Button(_("Contents"), data="c")]],
    )


async def show_section(visit: Visit) -> None:
    """s:KEY:ADDRESS[:PAGE]: from a digest it opens below, page turns stay in place."""
    key, address, page = visit.arguments(3)
    report, place = await shelf.section(visit, key, address)
    pages = _pages(visit, report, place)
    at = number(page or "0", 0, len(pages) - 1)
    if page:
        await visit.turn_page(pages[at : at + 1])
    else:
        await visit.show(pages[:1])


async def _open(visit: Visit, report: digests.Report, place: digests.Section) -> None:
    await visit.show(_pages(visit, report, place)[:1])


def _pages(visit: Visit, report: digests.Report, place: digests.Section) -> tuple[Page, ...]:
    """A section's pages; the office's own people get the way to decide on its passages."""
    pages = shelf.headed(visit, report, digests.render_section(report, place, visit._))
    if not (visit.private and visit.is_member):
        return pages
    data = f"ws:{report.source.sha256[:8]}:{place.address}"
    row = (Button(visit._("What may be pushed"), data=data),)
    return tuple(Page(page.html, (*page.buttons, row)) for page in pages)


async def show_passage(visit: Visit) -> None:
    """h:KEY:START:END."""
    report, start, end = await shelf.span(visit, *visit.arguments(3))
    await visit.show(_passage(visit, report, start, end))


def _passage(visit: Visit, report: digests.Report, start: int, end: int) -> tuple[Page, ...]:
    hit = digests.passage(report, start, end)
    pages = digests.render_hit(hit, report, visit._, username=visit.desk.username)
    return shelf.headed(visit, report, pages)


async def show_context(visit: Visit) -> None:
    """x:KEY:START:END."""
    report, start, end = await shelf.span(visit, *visit.arguments(3))
    pages = digests.render_context(report, start, end, visit._)
    await visit.show(shelf.headed(visit, report, pages))


async def copy(visit: Visit) -> None:
    """p:KEY:START:END: a block that copies at a tap."""
    report, start, end = await shelf.span(visit, *visit.arguments(3))
    await visit.show(digests.render_copy(report, start, end, visit._))


async def contents(visit: Visit) -> None:
    """/contents, or c[:KEY[:ADDRESS[:PAGE]]]."""
    _ = visit._
    reports = tuple((await shelf.by_key(visit)).values())
    if not reports:
        await visit.turn(await shelf.nothing(visit))
        return
    key, address, page = visit.arguments(3) if visit.press else ("", "", "")
    if key:
        await shelf.report(visit, key)  # says what became of it
    at = number(page or "0", 0, 10_000)
    pages = digests.render_contents(reports, _, key or None, address or None, at)
    if visit.press and _is_contents(visit):
        await visit.turn_page(pages)
    else:
        await visit.show(pages)


def _is_contents(visit: Visit) -> bool:
    """Whether the pressed button sits under a contents page (then it turns in place)."""
    message = visit.message
    if message is None or message.reply_markup is None:
        return False
    data = [
        str(button.callback_data or "")
        for row in message.reply_markup.inline_keyboard
        for button in row
    ]
    return sum(word.startswith(("c", "s:")) for word in data) == len(data)


async def linked(visit: Visit, verb: str, rest: str) -> None:
    """t.me/<bot>?start=h_KEY_START_END or s_KEY_1-2-5: the very passage."""
    parts = rest.split("_")
    if verb == "h" and re.fullmatch(r"[0-9a-f]{8}_\d{1,8}_\d{1,8}", rest):
        report, start, end = await shelf.span(visit, *parts)
        await visit.show(_passage(visit, report, start, end))
    elif verb == "s" and re.fullmatch(r"[0-9a-f]{8}_\d{1,3}(-\d{1,3})*", rest):
        report, place = await shelf.section(visit, parts[0], parts[1].replace("-", "."))
        await _open(visit, report, place)
    else:
        raise RefusedError("This link is not complete. Please copy it again.")
    await offer(visit)


async def offer(visit: Visit) -> None:
    """Who came by a link is not subscribed by it, only asked."""
    if not visit.private or (visit.chat is not None and visit.chat["state"] == ChatState.ACTIVE):
        return
    _ = visit._
    await visit.say(
        _("An excerpt like this can come every day."), [[Button(_("Subscribe"), data="join")]]
    )
