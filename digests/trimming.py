"""Which lines are furniture: page numbers, the office's note, the distribution footer."""

import re

from digests.manuscript import Line, Manuscript, Role
from digests.report import Span

_PAGE = re.compile(
    r"\s*(?:PAGE(?:\s+\d+)?|[—–\-－]{1,3}\s*\d{1,4}\s*[—–\-－]{1,3}|第\s*\d{1,4}\s*[页頁](?:\s*[/共，,]\s*共?\s*\d{1,4}\s*[页頁])?"
    r"|=+\s*第\s*\d{1,4}\s*[页頁]\s*=+|[Pp]age\s+\d{1,4}(?:\s+of\s+\d{1,4})?)\s*"
)
_NOTE = re.compile(r"\s*[（(【\[]?(?:按|编者按|編者按|编者注|編者註)[：:】\]]")
_FOOTER = re.compile(
    r"\s*(?:(?:主送|抄送|抄报|分送|发|報|报|送)[：:]|.{2,40}?\s+\d{4}年\s?\d{1,2}月\s?\d{1,2}日\s*印发\s*$|.{0,30}秘书[处室科].{0,10}印发\s*$)"
)
_TAIL = 12


def furniture(manuscript: Manuscript) -> dict[int, str]:
    """Index of each furniture line -> what it is: "page", "note" or "footer"."""
    found = {}
    written = [i for i, line in enumerate(manuscript.lines) if manuscript.line(line).strip()]
    near_end = set(written[-_TAIL:])
    for i in written:
        kind = _kind(manuscript, manuscript.lines[i], at_end=i in near_end)
        if kind:
            found[i] = kind
    return found


def _kind(manuscript: Manuscript, line: Line, *, at_end: bool) -> str | None:
    if line.role is Role.FURNITURE:
        return "page"
    text, start, end = manuscript.text, line.start, line.end
    if _PAGE.fullmatch(text, start, end):
        return "page"
    if _NOTE.match(text, start, end):
        return "note"
    if at_end and _FOOTER.match(text, start, end):
        return "footer"
    return None


def spans(manuscript: Manuscript, found: dict[int, str]) -> tuple[Span, ...]:
    """The furniture as spans of the text."""
    lines = manuscript.lines
    return tuple(Span(lines[i].start, lines[i].end) for i in sorted(found))


_WARNINGS = {
    "page": "Page numbers and running headers stand outside every section.",
    "note": "The editor's note stands outside every section.",
    "footer": "The distribution footer stands outside every section.",
}


def warnings(found: dict[int, str]) -> tuple[str, ...]:
    """One sentence for each kind of furniture."""
    kinds = set(found.values())
    return tuple(sentence for kind, sentence in _WARNINGS.items() if kind in kinds)
