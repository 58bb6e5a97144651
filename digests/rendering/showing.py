"""Sections and passages -> Telegram HTML pages: the official words first, then whence they come."""

from collections.abc import Iterable
from urllib.parse import quote as url_quote

from markupsafe import Markup

from digests.chinese import sentences
from digests.composing import report_key
from digests.composing.reviewing import is_review
from digests.rendering.flowing import flowing, settled
from digests.rendering.splitting import split_html, utf16_length
from digests.rendering.templating import pages, write
from digests.rendering.wording import COPY, Translate, citation, clip
from digests.report import Button, Hit, Page, Report, Section, Span

_BODY = 2400  # UTF-16 units of official words on one page of a section: two phone screens or so
_BOLD = 24  # words set in bold in one passage
_ASIDE = 200  # characters of context on each side


def escape(text: str) -> Markup:
    """Text as HTML; Telegram knows these entities."""
    return Markup(text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))  # noqa: S704 -- escaped just here


def in_bold(text: str, start: int, found: Iterable[Span]) -> Markup:
    """The text that begins at ``start`` of its report, with the spans found in bold.

    >>> str(in_bold("a<b", 10, [Span(12, 13)]))
    'a&lt;<b>b</b>'
    """
    pieces: list[Markup] = []
    at = start
    end = start + len(text)
    for span in sorted(found)[:_BOLD]:
        first, last = max(span.start, at), min(span.end, end)
        if first < last:
            pieces += (
                escape(text[at - start : first - start]),
                Markup("<b>") + escape(text[first - start : last - start]) + Markup("</b>"),
            )
            at = last
    pieces.append(escape(text[at - start :]))
    return Markup("").join(pieces)


def deep_link(username: str, key: str, start: int, end: int) -> str:
    """The link that opens the very passage."""
    return f"https://t.me/{username}?start=h_{key}_{start}_{end}"


# ---- a section -------------------------------------------------------------------------------


def render_section(report: Report, section: Section, translate: Translate) -> tuple[Page, ...]:
    """The whole section as printed, in as many pages as it takes, each with its buttons."""
    parts = split_html(str(escape(_printed(report, section.start, section.end))), _BODY)
    heading_only = not parts
    parts = parts or (str(escape(section.heading)),)
    made: list[Page] = []
    for number, part in enumerate(parts):
        html = write(
            "section.html",
            translate,
            body=Markup(part),  # noqa: S704 -- escaped above
            number=number + 1,
            count=len(parts),
            review=is_review(report, section),
            cite=citation(report, section.cite, translate),
        )
        rows = _section_buttons(report, section, number, len(parts), translate)
        made += pages(html, rows if not heading_only else rows[-1:])
    return tuple(made)


def _printed(report: Report, start: int, end: int) -> str:
    """The words between two positions without page numbers and the like in between."""
    pieces: list[str] = []
    for furniture in sorted(report.furniture):
        if furniture.end <= start or furniture.start >= end:
            continue
        pieces.append(flowing(report, start, furniture.start))
        start = max(start, furniture.end)
    pieces.append(flowing(report, start, end))
    return settled("".join(pieces)).strip("\n")


def _section_buttons(
    report: Report, section: Section, number: int, count: int, translate: Translate
) -> list[list[Button]]:
    key, address = report_key(report), section.address
    turn: list[Button] = []
    if number > 0:
        turn.append(Button(translate("‹ Page"), data=f"s:{key}:{address}:{number - 1}"))
    if number + 1 < count:
        turn.append(Button(translate("Page ›"), data=f"s:{key}:{address}:{number + 1}"))
    before, after = _neighbours(report, section)
    walk: list[Button] = []
    if before is not None:
        label = translate("‹ {heading}").format(heading=clip(name_of(before), 14))
        walk.append(Button(label, data=f"s:{key}:{before.address}"))
    if after is not None:
        label = translate("{heading} ›").format(heading=clip(name_of(after), 14))
        walk.append(Button(label, data=f"s:{key}:{after.address}"))
    contents = f"c:{key}:{section.parent}" if section.parent else f"c:{key}"
    last = [
        Button(translate("Contents"), data=contents),
        Button(translate("Copy"), data=f"p:{key}:{section.start}:{section.end}"),
    ]
    return [row for row in (turn, walk, last) if row]


def _neighbours(report: Report, section: Section) -> tuple[Section | None, Section | None]:
    """The sections before and after it at its own level, across parents."""
    level = [s for s in report.sections if s.level == section.level]
    at = next((i for i, s in enumerate(level) if s.address == section.address), None)
    if at is None:
        return None, None
    return (level[at - 1] if at else None), (level[at + 1] if at + 1 < len(level) else None)


def name_of(section: Section) -> str:
    """Label and heading, as a button shows them."""
    label = section.label or ""
    return f"{label} {section.heading}".strip()


# ---- passages --------------------------------------------------------------------------------


def render_hit(
    hit: Hit, report: Report, translate: Translate, *, username: str = ""
) -> tuple[Page, ...]:
    """One passage with its citation and its buttons."""
    html = write(
        "hit.html",
        translate,
        quote=in_bold(flowing(report, hit.start, hit.end), hit.start, hit.found),
        cite=citation(report, hit.cite, translate),
    )
    return pages(html, hit_buttons(hit, report, translate, username))


def passage(report: Report, start: int, end: int) -> Hit:
    """The passage between two positions as a hit, clamped to the text: for links and buttons."""
    start = max(0, min(start, len(report.text)))
    end = max(start, min(end, len(report.text)))
    section = report.section_at(start)
    return Hit(
        report=report_key(report),
        address=section.address if section else None,
        cite=section.cite if section else None,
        heading=section.heading if section else None,
        quote=report.text[start:end],
        start=start,
        end=end,
        score=0.0,
        title=report.title,
        issued_on=report.issued_on,
    )


def hit_buttons(
    hit: Hit, report: Report, translate: Translate, username: str
) -> list[list[Button]]:
    """Whole section and context; copy and, where the bot has a name, share."""
    key, span = hit.report, f"{hit.start}:{hit.end}"
    first: list[Button] = []
    if hit.address:
        first.append(Button(translate("Whole section"), data=f"s:{key}:{hit.address}"))
    first.append(Button(translate("Context"), data=f"x:{key}:{span}"))
    second = [_copy_button(hit, report, translate)]
    if username:
        link = url_quote(deep_link(username, key, hit.start, hit.end), safe="")
        second.append(Button(translate("Share"), url=f"https://t.me/share/url?url={link}"))
    return [first, second]


def _copy_button(hit: Hit, report: Report, translate: Translate) -> Button:
    words = f"{settled(flowing(report, hit.start, hit.end))}\n（{citation(report, hit.cite, translate)}）"
    if utf16_length(words) <= COPY:
        return Button(translate("Copy"), copy=words)
    return Button(translate("Copy"), data=f"p:{hit.report}:{hit.start}:{hit.end}")


def render_context(report: Report, start: int, end: int, translate: Translate) -> tuple[Page, ...]:
    """The passage with the sentences around it, itself in bold."""
    hit = passage(report, start, end)
    first, last = _around(report, hit.start, hit.end)
    html = write(
        "context.html",
        translate,
        quote=in_bold(flowing(report, first, last), first, [Span(hit.start, hit.end)]),
        cite=citation(report, hit.cite, translate),
    )
    wider = Hit(
        hit.report, hit.address, hit.cite, hit.heading, report.text[first:last], first, last, 0.0
    )
    rows = [[_copy_button(wider, report, translate)]]
    if hit.address:
        whole = Button(translate("Whole section"), data=f"s:{hit.report}:{hit.address}")
        rows[0].insert(0, whole)
    return pages(html, rows)


def _around(report: Report, start: int, end: int) -> tuple[int, int]:
    """Whole sentences before and after a span, some ``_ASIDE`` characters of each."""
    before = list(sentences(report.text, report.text.rfind("\n", 0, max(start - 1, 0)) + 1, start))
    stop = report.text.find("\n", min(end + 1, len(report.text)))
    after = list(sentences(report.text, end, stop if stop >= 0 else len(report.text)))
    first, last = start, end
    for span in reversed(before):
        if start - first >= _ASIDE:
            break
        first = span.start
    for span in after:
        if last - end >= _ASIDE:
            break
        last = span.end
    return first, last


def render_copy(report: Report, start: int, end: int, translate: Translate) -> tuple[Page, ...]:
    """The passage with its citation in a block that copies at a tap."""
    hit = passage(report, start, end)
    words = _printed(report, hit.start, hit.end)
    html = write(
        "copy.html", translate, quote=escape(words), cite=citation(report, hit.cite, translate)
    )
    return pages(html)
