"""@bot 防汛 in any chat: the public passages, each with its citation; answers may be cached."""

from telegram import (
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputTextMessageContent,
    LinkPreviewOptions,
)
from telegram.constants import ParseMode

import digests
from bot.handlers import lookup
from bot.handlers.visit import Visit, markup
from digests import Hit, Report

ON_A_PAGE = 10
CACHE_S = 50  # the same for everybody, but a withdrawn report is gone within a minute
CACHE_NOTHING_S = 30  # a report may come
LONGEST = 256


async def inline(visit: Visit) -> None:
    """Answer an inline query; a section by its number too."""
    query = visit.update.inline_query
    if query is None:
        return
    _ = visit._
    text = query.query.strip()[:LONGEST]
    reports = {
        edition.key: edition.report for edition in visit.desk.library.editions_for(member=False)
    }
    offset = int(query.offset) if query.offset.isascii() and query.offset.isdigit() else 0
    hits = await _hits(visit, text, reports)
    page = hits[offset : offset + ON_A_PAGE]
    more = len(hits) > offset + ON_A_PAGE
    await query.answer(
        [_result(visit, hit, reports[hit.report]) for hit in page],
        cache_time=CACHE_S if hits else CACHE_NOTHING_S,
        is_personal=False,
        next_offset=str(offset + ON_A_PAGE) if more else "",
        button=(
            None
            if hits
            else InlineQueryResultsButton(
                _("Nothing found: ask the bot itself") if text else _("Type words to look up"),
                start_parameter="inline",
            )
        ),
    )


async def _hits(visit: Visit, text: str, reports: dict[str, Report]) -> list[Hit]:
    if not lookup.folded(text) or not reports:
        return []
    found = digests.resolve(text, tuple(reports.values()))
    if found.is_address:
        return [_opening(report, section) for report, section in found.matches]
    return list((await lookup.search(visit, text, reports)).hits)


def _opening(report: Report, section: digests.Section) -> Hit:
    """A section's first sentences, as much as one message carries well."""
    end = section.start
    for span in digests.sentences(report.text, section.start, section.end):
        if span.end - section.start > 1500 and end > section.start:  # noqa: PLR2004
            break
        end = span.end
    return digests.passage(report, section.start, min(end or section.end, section.start + 3500))


def _result(visit: Visit, hit: Hit, report: Report) -> InlineQueryResultArticle:
    office = visit.desk.texts.translate(visit.desk.office.language)  # one answer for everybody
    page = digests.render_hit(hit, report, office, username=visit.desk.username)[0]
    links = [[button for button in row if button.url or button.copy] for row in page.buttons]
    return InlineQueryResultArticle(
        id=f"{hit.report}:{hit.start}:{hit.end}",
        title=" ".join(word for word in (hit.cite, hit.heading) if word)[:120]
        or report.title[:120],
        description=hit.quote.replace("\n", " ")[:160],
        input_message_content=InputTextMessageContent(
            page.html,
            parse_mode=ParseMode.HTML,
            link_preview_options=LinkPreviewOptions(is_disabled=True),
        ),
        reply_markup=markup([row for row in links if row]),
    )
