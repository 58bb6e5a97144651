"""Sections, passages and look-ups -> Telegram HTML pages.

The passage comes first, everything else after it: for one hit the passage with the words found in
bold, for several the best passage and a numbered list, for none what was searched and what is near.
"""

from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import quote as url_quote

from markupsafe import Markup

from digests.addressing import Resolution
from digests.answering import Answer
from digests.chinese import sentences
from digests.composing import report_key
from digests.report import Button, Hit, Page, Report, Section, Span
from digests.reviewing import is_review
from digests.splitting import split_html, utf16_length
from digests.templating import pages, write
from digests.wording import COPY, Translate, citation, clip, full_day

_BODY = 2400  # UTF-16 units of official words on one page of a section: two phone screens or so
_LISTED = 5  # hits in one message
_BOLD = 24  # words set in bold in one passage
_CONTENTS = 8  # buttons of a contents page
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
        pieces.append(report.text[start : furniture.start])
        start = max(start, furniture.end)
    pieces.append(report.text[start:end])
    return "".join(pieces).strip("\n")


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
        label = translate("‹ {heading}").format(heading=clip(_name(before), 14))
        walk.append(Button(label, data=f"s:{key}:{before.address}"))
    if after is not None:
        label = translate("{heading} ›").format(heading=clip(_name(after), 14))
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


def _name(section: Section) -> str:
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
        quote=in_bold(hit.quote, hit.start, hit.found),
        cite=citation(report, hit.cite, translate),
    )
    return pages(html, _hit_buttons(hit, report, translate, username))


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


def _hit_buttons(
    hit: Hit, report: Report, translate: Translate, username: str
) -> list[list[Button]]:
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
    words = f"{hit.quote}\n（{citation(report, hit.cite, translate)}）"
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
        quote=in_bold(report.text[first:last], first, [Span(hit.start, hit.end)]),
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


# ---- look-ups --------------------------------------------------------------------------------


def render_hits(  # noqa: PLR0913 -- what an answer shows
    answer: Answer,
    query: str,
    reports: Mapping[str, Report],
    translate: Translate,
    *,
    offset: int = 0,
    office: str = "",
    username: str = "",
) -> tuple[Page, ...]:
    """The answer to a look-up; ``offset`` is how many hits were shown before."""
    known = [h for h in answer.hits if h.report in reports]
    shown = known[offset : offset + _LISTED]
    if not shown:
        return _render_nothing(answer, query, reports, translate, office)
    best = shown[0]
    report = reports[best.report]
    html = write(
        "hits.html",
        translate,
        quote=in_bold(best.quote, best.start, best.found),
        cite=citation(report, best.cite, translate),
        old=_is_review(best, reports),
        others=[
            (offset + i + 2, _where(h, reports, translate), _line(h))
            for i, h in enumerate(shown[1:])
        ],
        loose=not answer.strict,
        read_as=answer.read_as,
        query=clip(query, 40),
        searched=answer.searched,
        office=office if answer.is_question else "",
        question=answer.is_question,
    )
    rows = _hit_buttons(best, report, translate, username)
    numbers = [
        Button(str(offset + i + 2), data=f"h:{h.report}:{h.start}:{h.end}")
        for i, h in enumerate(shown[1:])
    ]
    turn: list[Button] = []
    if offset:
        data = f"q:{max(0, offset - _LISTED)}:{query}"
        turn.append(Button(translate("‹ Before"), data=data))
    if len(known) > offset + _LISTED:
        turn.append(Button(translate("More ›"), data=f"q:{offset + _LISTED}:{query}"))
    return pages(html, [*rows, numbers, turn])


def _is_review(hit: Hit, reports: Mapping[str, Report]) -> bool:
    report = reports[hit.report]
    section = report.section(hit.address) if hit.address else None
    return section is not None and is_review(report, section)


def _where(hit: Hit, reports: Mapping[str, Report], translate: Translate) -> str:
    words = hit.cite or clip(reports[hit.report].title, 20)
    if len({r.title for r in reports.values()}) > 1 and hit.issued_on:
        words += f"（{full_day(hit.issued_on, translate)}）"
    return words


def _line(hit: Hit, length: int = 44) -> Markup:
    """One line of a hit around the first word found."""
    first = hit.found[0].start if hit.found else hit.start
    start = max(hit.start, first - length // 3)
    end = min(hit.end, start + length)
    words = hit.quote[start - hit.start : end - hit.start].replace("\n", " ")
    before = "…" if start > hit.start else ""
    after = "…" if end < hit.end else ""
    return Markup("{}{}{}").format(before, in_bold(words, start, hit.found), after)


def _render_nothing(
    answer: Answer,
    query: str,
    reports: Mapping[str, Report],
    translate: Translate,
    office: str,
) -> tuple[Page, ...]:
    near = [
        (h, words)
        for h, words in zip(answer.near, answer.suggestions, strict=False)
        if h.report in reports
    ][:3]
    html = write(
        "nothing.html",
        translate,
        query=clip(query, 60),
        near=[(_where(h, reports, translate), words) for h, words in near],
        searched=answer.searched,
        office=office,
    )
    see = translate("See this passage")
    buttons = [
        Button(see if len(near) == 1 else f"{see} {i + 1}", data=f"h:{h.report}:{h.start}:{h.end}")
        for i, (h, _) in enumerate(near)
    ]
    return pages(html, [buttons])


def render_choices(resolution: Resolution, query: str, translate: Translate) -> tuple[Page, ...]:
    """The sections an ambiguous address may mean, each with its button."""
    matches = resolution.matches[: 2 * _CONTENTS]
    several = len({report_key(r) for r, _ in resolution.matches}) > 1
    html = write(
        "choices.html",
        translate,
        query=clip(query, 40),
        count=len(resolution.matches),
        choices=[
            (i + 1, s.cite, s.heading, clip(r.title, 24) if several else "")
            for i, (r, s) in enumerate(matches)
        ],
        example=matches[-1][1].cite if matches else "",
    )
    buttons = [
        Button(str(i + 1), data=f"s:{report_key(r)}:{s.address}")
        for i, (r, s) in enumerate(matches)
    ]
    return pages(html, [buttons[i : i + 6] for i in range(0, len(buttons), 6)])


# ---- contents --------------------------------------------------------------------------------


def render_contents(
    reports: Sequence[Report],
    translate: Translate,
    key: str | None = None,
    address: str | None = None,
    page: int = 0,
) -> tuple[Page, ...]:
    """The tree with buttons: the reports, a report's parts, a part's sections; any depth, paged."""
    report = next((r for r in reports if report_key(r) == key), None)
    if report is None and len(reports) == 1:
        report = reports[0]
    if report is None:
        entries = [
            Button(clip(_dated(r, translate)), data=f"c:{report_key(r)}")
            for r in sorted(reports, key=lambda r: str(r.issued_on or ""), reverse=True)
        ]
        return _contents("", entries, "c", page, [], translate)
    section = report.section(address) if address else None
    entries = [_entry(report, child) for child in report.children(address if section else None)]
    up: list[Button] = []
    if section is not None:
        data = (
            f"c:{report_key(report)}:{section.parent}"
            if section.parent
            else f"c:{report_key(report)}"
        )
        up.append(Button(translate("‹ Up"), data=data))
        whole = f"s:{report_key(report)}:{section.address}"
        up.append(Button(translate("Whole section"), data=whole))
    elif len(reports) > 1:
        up.append(Button(translate("‹ All reports"), data="c"))
    here = f"c:{report_key(report)}:{section.address}" if section else f"c:{report_key(report)}:0"
    title = citation(report, _titled(section), translate)
    return _contents(title, entries, here, page, up, translate)


def _titled(section: Section | None) -> str:
    return "" if section is None else f"{section.cite} {clip(section.heading, 60)}".strip()


def _dated(report: Report, translate: Translate) -> str:
    if report.issued_on is None:
        return report.title
    return f"{full_day(report.issued_on, translate)} {report.title}"


def _entry(report: Report, section: Section) -> Button:
    verb = "c" if report.children(section.address) else "s"
    return Button(clip(_name(section), 40), data=f"{verb}:{report_key(report)}:{section.address}")


def _contents(
    title: str,
    entries: list[Button],
    here: str,
    page: int,
    up: list[Button],
    translate: Translate,
) -> tuple[Page, ...]:
    count = max(1, -(-len(entries) // _CONTENTS))
    page = max(0, min(page, count - 1))
    shown = entries[page * _CONTENTS : (page + 1) * _CONTENTS]
    html = write(
        "contents.html", translate, title=title, page=page + 1, count=count, empty=not entries
    )
    turn: list[Button] = []
    if page:
        turn.append(Button(translate("‹ Page"), data=f"{here}:{page - 1}"))
    if page + 1 < count:
        turn.append(Button(translate("Page ›"), data=f"{here}:{page + 1}"))
    return pages(html, [*([b] for b in shown), turn, up])
