"""Titles printed above the number of their section, as statutes in English have them.

    Short title and commencement
    1. (1) This Act may be cited as …

Title and number are one section: its words are the title's, its label the number.
"""

from collections.abc import Sequence

from digests.marking import CONTAINERS, Mark, mark_at
from digests.outlining.gathering import Paragraph
from digests.reading import Role

_NUMBERED = {"arab", "numeral", "article"}
_FEWEST = 3
_LONGEST = 160
_TITLE = 60  # a numbered line as short as this may be a title itself
_OPEN_ENDED = "。；：，、.;:,—–-"


def titles_above(text: str, paragraphs: Sequence[Paragraph]) -> dict[int, Mark]:
    """Places of titles that stand above a number, with that number; none unless it is the custom."""
    found: dict[int, Mark] = {}
    numbered = 0
    before: Mark | None = None
    for place, paragraph in enumerate(paragraphs):
        mark = mark_at(text, paragraph.start, paragraph.end)
        if mark and mark.scheme in _NUMBERED and not _is_title(text, paragraph, mark):
            numbered += 1
            if place and before is None and _may_head(text, paragraphs, place - 1):
                found[place - 1] = mark
        before = mark
    return found if len(found) >= _FEWEST and len(found) * 2 > numbered else {}


def _is_title(text: str, paragraph: Paragraph, mark: Mark) -> bool:
    """Whether a numbered line is a title on its own."""
    words = text[mark.body : paragraph.end].rstrip()
    return len(words) <= _TITLE and not words.endswith((".", "—", "–", ":", "。", "：", ";", "；"))


def _may_head(text: str, paragraphs: Sequence[Paragraph], place: int) -> bool:
    """Whether a line may be such a title: short, without a closing mark, not the title of a part."""
    paragraph = paragraphs[place]
    words = text[paragraph.start : paragraph.end].strip()
    if (
        paragraph.role is not Role.TEXT
        or paragraph.item
        or not 2 < len(words) <= _LONGEST  # noqa: PLR2004 -- a word at least
        or words[-1] in _OPEN_ENDED
        or words[0].islower()
        or words[0] in "“\"'‘"
    ):
        return False
    above = paragraphs[place - 1] if place else None
    label = mark_at(text, above.start, above.end) if above else None
    return not (above and label and label.scheme in CONTAINERS and label.body >= above.end)
