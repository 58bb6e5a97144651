"""Text -> section tree.

The walk::

    paragraphs = gather(lines without furniture)
    for each document in the file (a title, then numbering that begins anew):
        entries = spot(paragraphs)      every place that opens a section
        tree    = nest(sift(entries))   by order of first appearance
    close, number and cite the sections; add title, issuer and dates
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence

from digests.marking import Mark
from digests.outlining import citing, recording, titling, trimming
from digests.outlining.gathering import Paragraph, gather, is_wrapped
from digests.outlining.nesting import Entry, nest
from digests.outlining.phrasing import SALUTATION, STOP, tidy
from digests.outlining.sifting import sift
from digests.outlining.spotting import Known, spot
from digests.reading import DEFAULT, Limits, Manuscript, read
from digests.report import Report, Section


def parse(data: bytes, name: str, limits: Limits = DEFAULT) -> Report:
    r"""A document as a report; raises UnreadableError with one sentence for whoever sent it.

    >>> parse("一、甲。子\n二、乙。丑".encode(), "a.txt").sections[1].heading
    '乙'
    """
    return outline(read(data, name, limits))


def outline(manuscript: Manuscript) -> Report:
    """The report: its tree of sections, its title, issuer and dates."""
    dropped = trimming.furniture(manuscript)
    listed = trimming.listed(manuscript, dropped)
    paragraphs = gather(manuscript, dropped, listed)
    titles = titling.titles(manuscript, paragraphs)
    sections = tuple(_sections(_documents(manuscript, paragraphs, titles, listed)))
    facts = recording.facts(manuscript, paragraphs, titles, dropped)
    return Report(
        source=manuscript.source,
        text=manuscript.text,
        title=facts.title,
        issuer=facts.issuer,
        issued_on=facts.issued_on,
        met_on=facts.met_on,
        number=facts.number,
        sections=sections,
        furniture=trimming.spans(manuscript, dropped),
        warnings=(*manuscript.warnings, *trimming.warnings(dropped)),
    )


def _documents(
    manuscript: Manuscript,
    paragraphs: Sequence[Paragraph],
    titles: Sequence[titling.Title],
    listed: Mapping[str, Mark | None],
) -> list[Entry]:
    """The top entries: the sections of a single document, or one entry for each of several."""
    text, printed = manuscript.text, manuscript.source.format == "pdf"
    known = Known(is_wrapped(manuscript), printed, listed)
    if len(titles) == 1:
        return _tree(text, paragraphs[titles[0].body :], known, title=titles[0].heading)
    tops = []
    for title, following in zip(titles, [*titles[1:], None], strict=True):
        stop = following.first if following else len(paragraphs)
        if title.after == title.first and stop == title.body:
            continue  # nothing but an untitled front
        top = Entry("title", 0, None, title.heading, title.start, title.end, title.end)
        if not title.heading:
            top.start = paragraphs[title.body].start
            top.heading_end = top.start
            top.heading = dict(manuscript.facts).get("title") or manuscript.source.name
        top.children = _tree(text, paragraphs[title.body : stop], known, whole=False)
        top.end = max([c.end for c in top.children], default=paragraphs[stop - 1].end)
        tops.append(top)
    return tops


def _tree(
    text: str,
    paragraphs: Sequence[Paragraph],
    known: Known,
    *,
    title: str = "",
    whole: bool = True,
) -> list[Entry]:
    found = spot(text, paragraphs, known)
    entries = sift([e for e in found if e.number or not title or e.heading != title])
    roots = nest(entries) if entries or not whole else _units(text, paragraphs)
    ends = [p.end for p in paragraphs]
    _close(ends, roots, ends[-1] if ends else 0)
    return roots


def _units(text: str, paragraphs: Sequence[Paragraph]) -> list[Entry]:
    """Where there is no heading at all, the paragraphs are the units."""
    units = []
    for p in paragraphs:
        if SALUTATION.fullmatch(text, p.start, p.end) or text[p.end - 1] in "：:":
            continue
        stop = STOP.search(text, p.start, p.end)
        heading_end = stop.end() if stop else p.end
        heading = tidy(text[p.start : heading_end])
        if heading:
            units.append(Entry("unit", 0, None, heading, p.start, heading_end, p.end))
    return units


def _close(ends: list[int], siblings: list[Entry], end: int) -> None:
    """Where sections end: at the next one's start, or with the last child.

    What follows the last of a run of one-paragraph items, or begins with a salutation, is the
    closing of what stands above, and belongs to no item.
    """
    lined = [s for s in siblings if not s.leaf]
    single = len(lined) > 1 and all(
        s.paragraphs == 1 and not s.children and not s.alone for s in lined[:-1]
    )
    for entry, following in zip(lined, [*lined[1:], None], strict=False):
        last = following.start if following else entry.closing or end
        if single and following is None:
            last = entry.floor
        _close(ends, entry.children, last)
        entry.end = (
            entry.children[-1].end if entry.children else _last_words(ends, last, entry.heading_end)
        )


def _last_words(ends: list[int], position: int, least: int) -> int:
    """Where the last paragraph before a position ends: neither space nor furniture is a section's."""
    place = bisect_right(ends, position)
    return max(ends[place - 1] if place else position, least)


def _sections(tops: list[Entry]) -> list[Section]:
    found: list[Section] = []

    def walk(entries: list[Entry], parent: str, level: int, context: citing.Context) -> None:
        names = citing.groups(entries)
        for place, e in enumerate(entries, start=1):
            address = f"{parent}.{place}" if parent else str(place)
            cite, below = citing.cite(e, names[place - 1], context)
            found.append(
                Section(
                    address,
                    cite,
                    level,
                    e.label,
                    e.heading,
                    e.inline,
                    e.start,
                    e.heading_end,
                    e.end,
                )
            )
            walk(e.children, address, level + 1, below)

    walk(tops, "", 1, citing.Context())
    return found
