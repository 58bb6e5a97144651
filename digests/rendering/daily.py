"""A day's message -> Telegram HTML pages: how things look, never what goes in.

Official words stand in a blockquote, letter for letter; the bot's own words stand outside it. Each
template in ``templates/`` is one kind of page. The task list is rendered in ``listing``, sections and
look-ups in ``showing``.
"""

from dataclasses import dataclass

from digests.composing import report_key
from digests.exchanging import task_key
from digests.rendering.templating import pages, write
from digests.rendering.timing import deadline_notes, rule_notes, shown, when_words
from digests.rendering.wording import (
    Translate,
    citation,
    clip,
    day_in_year,
    issued,
    month,
    short_day,
    title_of,
    weekday,
)
from digests.report import Button, Digest, Due, Page

_BUTTONS_FOR = 3  # lines of a reminder that get buttons of their own


@dataclass(frozen=True, slots=True)
class _Line:
    """What the template shows of one task: what stands over the quote, and what under it."""

    head: str
    before: tuple[str, ...]
    quote: str
    after: tuple[str, ...]


def render_digest(digest: Digest, translate: Translate) -> tuple[Page, ...]:
    """The day's message; nothing when there is nothing to say."""
    if digest.excerpt is None and not digest.lines:
        return ()
    html = write(
        "digest.html",
        translate,
        day=translate("{day} {weekday}").format(
            day=short_day(digest.on, translate), weekday=weekday(digest.on, translate)
        ),
        season=_season(digest, translate),
        excerpt=digest.excerpt,
        quote=shown(digest.report, digest.excerpt) if digest.excerpt else "",
        review=_review(digest, translate),
        lines=[_reminder(line, digest, translate) for line in digest.lines],
        footer=_footer(digest, translate),
    )
    return pages(html, _digest_buttons(digest, translate))


def _footer(digest: Digest, translate: Translate) -> str:
    """The date, and the title where all the quotes are out of one document."""
    cites = [line.task.cite for line in digest.lines if line.report is digest.report]
    if digest.excerpt is not None:
        cites.append(digest.excerpt.cite)
    titles = {title_of(digest.report, cite) for cite in cites}
    title = f"《{titles.pop()}》" if len(titles) == 1 else ""
    return " · ".join(w for w in (title, issued(digest.report, translate)) if w)


def _season(digest: Digest, translate: Translate) -> str:
    if not digest.season or digest.season_days is None:
        return digest.season or ""
    first, last = digest.season_days
    return translate("{season} ({first} to {last})").format(
        season=digest.season,
        first=short_day(first, translate),
        last=day_in_year(last, first, translate),
    )


def _review(digest: Digest, translate: Translate) -> str:
    """回顾 with the time up to which it looks back."""
    base = digest.report.issued_on
    if digest.excerpt is None or not digest.excerpt.review:
        return ""
    if base is None:
        return translate("review")
    section = digest.report.section(digest.excerpt.address)
    words = digest.report.text[section.start : section.end] if section else ""
    if "上半年" in words and base.month in range(6, 10):
        return translate("review, up to the first half of {year}").format(year=base.year)
    until = translate("review, up to {month} {year}")
    return until.format(year=base.year, month=month(base, translate))


def _digest_buttons(digest: Digest, translate: Translate) -> list[list[Button]]:
    rows: list[list[Button]] = []
    several = len(digest.lines) > 1
    for line in digest.lines[:_BUTTONS_FOR]:
        address = f"{report_key(line.report)}:{task_key(line.task)}"
        mute, why = translate("Don't remind me of this"), translate("Why this?")
        if several:
            title = clip(line.task.title, 8)
            mute = translate("Mute: {title}").format(title=title)
            why = translate("Why: {title}").format(title=title)
        rows.append([Button(why, data=f"t:{address}"), Button(mute, data=f"m:{address}")])
    last = [Button(translate("Tasks now"), data="t"), Button(translate("Settings"), data="set")]
    if digest.excerpt is not None and digest.excerpt.address:
        data = f"s:{report_key(digest.report)}:{digest.excerpt.address}"
        last.insert(0, Button(translate("Whole section"), data=data))
    return [*rows, last]


# ---- reminders -------------------------------------------------------------------------------


def _reminder(line: Due, digest: Digest, translate: Translate) -> _Line:
    task, on = line.task, digest.on
    when = when_words(task, on, translate)
    rule = rule_notes(task, translate)
    quote = shown(line.report, task)
    deadline = deadline_notes(task, on, translate)
    where = task.cite
    if line.report is not digest.report:
        where = citation(line.report, task.cite, translate)
    elif not deadline:  # 讲话 五项工作·5（台汛期内每周一）
        place = when or where
        if when and where:
            place = translate("{where} ({when})").format(where=where, when=when)
        return _Line(" · ".join(w for w in (task.title, place) if w), (), quote, rule)
    head = " · ".join(w for w in (task.title, when) if w)
    return _Line(head, deadline, quote, (where, *rule))
