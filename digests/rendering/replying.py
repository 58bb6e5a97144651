"""The answer to a look-up -> Telegram HTML pages.

The passage comes first, everything else after it: for one hit the passage with the words found in
bold, for several the best passage and a numbered list, for none what was searched and what is near.
"""

from collections.abc import Mapping

from markupsafe import Markup

from digests.composing.reviewing import is_review
from digests.rendering.flowing import flowing
from digests.rendering.showing import hit_buttons, in_bold
from digests.rendering.templating import DATA, pages, write
from digests.rendering.wording import Translate, citation, clip, full_day
from digests.report import Button, Hit, Page, Report
from digests.searching.answering import Answer

_LISTED = 5  # hits in one message
_QUERY = DATA - len("q:50:")  # bytes of a query beside the place of its next hits


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
        quote=in_bold(flowing(report, best.start, best.end), best.start, best.found),
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
    rows = hit_buttons(best, report, translate, username)
    numbers = [
        Button(str(offset + i + 2), data=f"h:{h.report}:{h.start}:{h.end}")
        for i, h in enumerate(shown[1:])
    ]
    turn: list[Button] = []
    kept = query if fits_a_button(query) else ""
    if offset:
        data = f"q:{max(0, offset - _LISTED)}:{kept}"
        turn.append(Button(translate("‹ Before"), data=data))
    if len(shown) > 1:
        turn.append(Button(translate("Next place ›"), data=f"q:{offset + 1}:{kept}"))
    if len(known) > offset + _LISTED:
        turn.append(Button(translate("More ›"), data=f"q:{offset + _LISTED}:{kept}"))
    return pages(html, [*rows, numbers, turn])


def fits_a_button(query: str) -> bool:
    """May the query itself stand in the data of "more"? Else the answered message is asked again.

    >>> fits_a_button("防汛"), fits_a_button("防汛" * 12)
    (True, False)
    """
    return len(query.encode()) <= _QUERY


def _is_review(hit: Hit, reports: Mapping[str, Report]) -> bool:
    report = reports[hit.report]
    section = report.section(hit.address) if hit.address else None
    return section is not None and is_review(report, section)


def _where(hit: Hit, reports: Mapping[str, Report], translate: Translate) -> str:
    """The address; among several reports with the day of issue, or the title if that says more."""
    title = clip(reports[hit.report].title, 20)
    if not hit.cite or len({r.title for r in reports.values()}) == 1:
        return hit.cite or title
    days = [r.issued_on for r in reports.values()]
    if hit.issued_on is None or days.count(hit.issued_on) > 1:
        return f"{hit.cite}（{title}）"
    return f"{hit.cite}（{full_day(hit.issued_on, translate)}）"


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
