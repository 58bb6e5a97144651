"""摘发管理: an editor decides on a section or a sentence; readers' reports follow at once.

The pages show the report as it was read, hidden passages too, so that a decision can be taken back.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import digests
from bot.domain.office import Right
from bot.errors import RefusedError
from bot.handlers.paging import turns
from bot.handlers.visit import Visit, escape, number
from bot.storage import audits, handlings, outbox, reports
from bot.texts import Translate
from digests import Button, Handled, Handling

ON_A_PAGE = 4
QUOTED = 220  # characters of a passage on these pages
Rows = list[list[Button]]

_LETTERS = {"p": Handling.PUSHED, "a": Handling.ASKED, "h": Handling.HIDDEN}


@dataclass(frozen=True, slots=True)
class Passage:
    """One line of a page: a span, why it is here, what was decided on it."""

    start: int
    end: int
    reason: str = ""
    handling: Handling | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A list of passages: whence its buttons come, how its pages turn, where it leads back."""

    key: str
    origin: str
    here: str
    head: str
    back: str


def handling_words(handling: Handling, translate: Translate) -> str:
    """可摘发, 只供查阅, 不出现."""
    _ = translate
    names = {
        Handling.PUSHED: _("may be pushed"),
        Handling.ASKED: _("only looked up"),
        Handling.HIDDEN: _("not shown"),
    }
    return names[handling]


def _reason_words(reason: str, translate: Translate) -> str:
    _ = translate
    names = {
        "fault": _("names a fault"),
        "unit": _("criticises a unit"),
        "petition": _("petitions"),
        "cult": _("cults"),
        "gang": _("gangs"),
    }
    return names.get(reason, "")


async def _read(visit: Visit, key: str) -> tuple[digests.Report, tuple[Handled, ...]]:
    """The report as it was read, and what has been decided on it."""
    async with visit.desk.database.read() as connection:
        report = await reports.load(connection, key)
        decided = (await handlings.of_reports(connection, [key])).get(key, ())
    if report is None:
        raise RefusedError("That report is not here any more.")
    return report, decided


def passages(report: digests.Report, decided: Sequence[Handled]) -> list[Passage]:
    """What is to be decided and what was, in text order."""
    known = {(h.start, h.end) for h in decided}
    found = [Passage(h.start, h.end, "", h.handling) for h in decided]
    found += [
        Passage(p.start, p.end, p.reason)
        for p in digests.proposals(report)
        if (p.start, p.end) not in known
    ]
    return sorted(found, key=lambda one: (one.start, one.end))


async def summary(visit: Visit, key: str, report: digests.Report) -> str:
    """One line for the report's card; "" where there is nothing to say."""
    _ = visit._
    async with visit.desk.database.read() as connection:
        decided = (await handlings.of_reports(connection, [key])).get(key, ())
    found = passages(report, decided)
    if not found:
        return ""
    states = [one.handling for one in found]
    return _(
        "Passages to decide: {open} (until then only looked up); only looked up: {asked};"
        " not shown: {hidden}."
    ).format(
        open=states.count(None),
        asked=states.count(Handling.ASKED),
        hidden=states.count(Handling.HIDDEN),
    )


# ---- pages -------------------------------------------------------------------------------------


async def show(visit: Visit, key: str, page: str) -> None:
    """r:KEY:x:PAGE: what is to be decided and what was."""
    _ = visit._
    report, decided = await _read(visit, key)
    found = passages(report, decided)
    head = _("Passages: what is pushed, what is only looked up, what is not shown.")
    if not found:
        head += "\n" + _("Nothing stood out. Any section's page has a button for it.")
    sheet = Sheet(key, "o", f"r:{key}:x", head, f"r:{key}")
    await _turn(visit, sheet, report, found, page)


async def show_section(visit: Visit) -> None:
    """ws:KEY:ADDRESS[:PAGE]: a section as a whole, then its sentences."""
    await visit.need(Right.LOOK)
    key, address, page = visit.arguments(3)
    report, decided = await _read(visit, key)
    section = report.section(address)
    if section is None:
        raise RefusedError("This passage is no longer available. See /contents.")
    known = {(h.start, h.end): h.handling for h in decided}
    whole = Passage(section.start, section.end, "", known.get((section.start, section.end)))
    inside = digests.sentences(report.text, section.heading_end, section.end)
    found = [
        whole,
        *(
            Passage(
                p.start,
                p.end,
                digests.reason_of(report.text[p.start : p.end]),
                known.get((p.start, p.end)),
            )
            for p in inside
        ),
    ]
    text = visit._("First the whole section, then its sentences one by one.")
    head = f"<b>{escape(section.cite)} {escape(section.heading[:60])}</b>\n{text}"
    sheet = Sheet(key, f"s{address}", f"ws:{key}:{address}", head, f"s:{key}:{address}")
    await _turn(visit, sheet, report, found, page)


async def _turn(
    visit: Visit, sheet: Sheet, report: digests.Report, found: Sequence[Passage], page: str
) -> None:
    last = max(0, (len(found) - 1) // ON_A_PAGE)
    at = min(number(page or "0", 0, 100_000), last)
    lines, rows = [sheet.head], list[list[Button]]()
    for count, one in enumerate(found[at * ON_A_PAGE :][:ON_A_PAGE], at * ON_A_PAGE + 1):
        lines.append(_lines(visit, count, one, report))
        rows.append(_buttons(visit, count, one, sheet.key, f"{sheet.origin}-{at}"))
    back = Button(visit._("‹ Back"), data=sheet.back)
    rows += turns(f"{sheet.here}:", at, last, back, visit._)
    await visit.turn("\n".join(lines), rows)


def _lines(visit: Visit, count: int, one: Passage, report: digests.Report) -> str:
    _ = visit._
    words = report.text[one.start : one.end].strip()
    quote = words if len(words) <= QUOTED else words[:QUOTED] + "…"
    state = handling_words(one.handling, _) if one.handling else ""
    if not state:
        state = _("to decide") if one.reason else _("nothing decided")
    facts = " · ".join(word for word in (state, _reason_words(one.reason, _)) if word)
    return f"{count}  {facts}\n<blockquote>{escape(quote)}</blockquote>"


def _buttons(visit: Visit, count: int, one: Passage, key: str, origin: str) -> list[Button]:
    return [
        Button(
            ("✓ " if one.handling is handling else f"{count} ") + handling_words(handling, visit._),
            data=f"w:{key}:{one.start}:{one.end}:{letter}:{origin}",
        )
        for letter, handling in _LETTERS.items()
    ]


# ---- deciding ----------------------------------------------------------------------------------


async def press(visit: Visit) -> None:
    """w:KEY:START:END:p|a|h:ORIGIN; pressed again, the decision is taken back."""
    await visit.need(Right.WRITE)
    key, start, end, letter, origin = visit.arguments(5)
    report, decided = await _read(visit, key)
    first = number(start, 0, len(report.text))
    last = number(end, first + 1, len(report.text))
    if letter not in _LETTERS or not _is_a_passage(report, decided, first, last):
        raise RefusedError("This button is not valid any more.")
    now = next((h.handling for h in decided if (h.start, h.end) == (first, last)), None)
    to = None if now is _LETTERS[letter] else _LETTERS[letter]
    async with visit.desk.database.write() as connection:
        await handlings.decide(connection, key, (first, last), to, visit.user_id, visit.now)
        await audits.record(
            connection,
            visit.now,
            visit.user_id,
            "passage.handle",
            f"{key}:{first}-{last}",
            to=to or "",
        )
    await visit.desk.library.refresh()
    if to in {Handling.ASKED, Handling.HIDDEN}:
        await call_back(visit, key, report.text[first:last])
    await visit.toast(visit._("Applied at once, everywhere within a minute."))
    await _return(visit, key, origin)


def _is_a_passage(report: digests.Report, decided: Sequence[Handled], start: int, end: int) -> bool:
    """Whole sections and whole sentences only: a forged span cuts no official word in two."""
    if any((h.start, h.end) == (start, end) for h in decided):
        return True
    if any((s.start, s.end) == (start, end) for s in report.sections):
        return True
    around = [s for s in report.sections if s.heading_end <= start and end <= s.end]
    places = [(0, len(report.text)), *((s.heading_end, s.end) for s in around)]
    return any(
        (p.start, p.end) == (start, end)
        for first, last in places
        for p in digests.sentences(report.text, first, last)
    )


async def _return(visit: Visit, key: str, origin: str) -> None:
    """Back to the page on which it was pressed."""
    place, _dash, page = origin.rpartition("-")
    if place.startswith("s"):
        visit.argument = f"{key}:{place[1:]}:{page}"
        await show_section(visit)
    else:
        await show(visit, key, page)


async def call_back(visit: Visit, key: str, words: str = "") -> None:
    """What waits in the queue with a report's words, or with these, is not sent any more."""
    while True:
        async with visit.desk.database.write() as connection:
            if not await outbox.withdraw(connection, key, visit.now, words):
                return
