"""The tree of a report and the choices of an address -> Telegram HTML pages with buttons."""

from collections.abc import Sequence

from digests.addressing import Resolution, typed_for
from digests.composing import report_key
from digests.rendering.showing import name_of
from digests.rendering.templating import pages, write
from digests.rendering.wording import Translate, citation, clip, full_day
from digests.report import Button, Page, Report, Section

_CONTENTS = 8  # buttons of a contents page
_LEAP = 5  # pages that a button may skip


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
            (i + 1, s.cite, clip(s.heading, 40), clip(r.title, 24) if several else "")
            for i, (r, s) in enumerate(matches)
        ],
        example=typed_for(*matches[-1], among_several=several) if matches else "",
    )
    buttons = [
        Button(str(i + 1), data=f"s:{report_key(r)}:{s.address}")
        for i, (r, s) in enumerate(matches)
    ]
    return pages(html, [buttons[i : i + 6] for i in range(0, len(buttons), 6)])


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
        return _contents("", entries, "c::", page, [], translate)
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
    # a document within a file goes by its short name: its heading may be a person's speech
    short = (
        section.level == 1 and section.label is None and len(section.cite) < len(section.heading)
    )
    name = section.cite if short and section.cite else name_of(section)
    return Button(clip(name, 40), data=f"{verb}:{report_key(report)}:{section.address}")


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
    return pages(html, [*([b] for b in shown), _turns(here, page, count, translate), up])


def _turns(here: str, page: int, count: int, translate: Translate) -> list[Button]:
    """One page back and forth; among many pages also far ones, by their numbers."""
    near = {page - 1: "‹ Page", page + 1: "Page ›"}
    far = {0, page - _LEAP, page + _LEAP, count - 1} if count > _LEAP else set()
    places = sorted({*near, *far} - {page})
    return [
        Button(translate(near[at]) if at in near else str(at + 1), data=f"{here}:{at}")
        for at in places
        if 0 <= at < count
    ]
