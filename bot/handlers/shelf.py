"""Which reports this visitor may see, and what to say of those that are gone.

Reports kept to the office are for its admins in private; in groups, channels and inline there is
only what is public, so nothing leaks.
"""

from collections.abc import Mapping, Sequence

import digests
from bot.domain.office import Publicity, ReportState
from bot.errors import RefusedError
from bot.handlers.visit import Visit, number
from bot.storage import reports
from digests import Page


async def editions(visit: Visit) -> tuple[digests.Edition, ...]:
    """The published reports this visitor may see, newest first."""
    return visit.desk.library.editions_for(member=visit.private and visit.is_member)


def visible_to(visit: Visit) -> frozenset[Publicity]:
    """Which kinds of reports are meant for this visitor."""
    member = visit.private and visit.is_member
    return frozenset({Publicity.PUBLIC, *([Publicity.MEMBERS] if member else [])})


async def by_key(visit: Visit) -> Mapping[str, digests.Report]:
    """The same by key."""
    return {edition.key: edition.report for edition in await editions(visit)}


async def nothing(visit: Visit) -> str:
    """Why there is nothing to look up: it was withdrawn, or nothing is out yet."""
    _ = visit._
    async with visit.desk.database.read() as connection:
        withdrawn = await reports.is_withdrawn(connection, visible_to(visit))
    if withdrawn:
        return _("The material has been withdrawn; new material will come by itself.")
    return _("No report is published yet; the first one will come by itself.")


async def report(visit: Visit, key: str) -> digests.Report:
    """One report, or a refusal that says what became of it."""
    found = (await by_key(visit)).get(key)
    if found is not None:
        return found
    async with visit.desk.database.read() as connection:
        row = await reports.get(connection, key)
    if row is not None and row["state"] == ReportState.WITHDRAWN:
        raise RefusedError("This report has been withdrawn.")
    if row is not None and row["state"] == ReportState.REPLACED:
        raise RefusedError("This report has been replaced by a corrected edition. See /contents.")
    raise RefusedError("This passage is no longer available. See /contents.")


def headed(visit: Visit, report: digests.Report, pages: Sequence[Page]) -> tuple[Page, ...]:
    """What a report says that is past its time stands under its year: it speaks as if today."""
    day = report.issued_on or report.met_on
    past = visit.desk.library.is_past(digests.report_key(report), visit.today)
    if not past or day is None or not pages:
        return tuple(pages)
    words = visit._("Material of {year}").format(year=day.year)
    return tuple(Page(f"<b>{words}</b>\n{page.html}", page.buttons) for page in pages)


async def section(visit: Visit, key: str, address: str) -> tuple[digests.Report, digests.Section]:
    """A section by its address, or a refusal."""
    whole = await report(visit, key)
    found = whole.section(address)
    if found is None:
        raise RefusedError("This passage is no longer available. See /contents.")
    return whole, found


async def span(visit: Visit, key: str, start: str, end: str) -> tuple[digests.Report, int, int]:
    """A passage by its positions, checked against the text."""
    whole = await report(visit, key)
    first = number(start, 0, len(whole.text))
    last = number(end, first, len(whole.text))
    if digests.is_hidden(whole, first, last):
        raise RefusedError("This passage is no longer available. See /contents.")
    return whole, first, last
