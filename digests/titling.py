"""Titles and what stands around them: issuer, document number, dates."""

import re
from dataclasses import dataclass
from datetime import date

from digests.gathering import Paragraph
from digests.manuscript import Manuscript
from digests.marking import mark_at

_ENDS = re.compile(
    r"(?:报告|讲话|摘要|决定|决议|意见|通知|办法|规定|条例|方案|规划|纲要|公报|细则|函|通报|批复|公告)(?:[（(].{1,20}[）)])?$"
)
_LONGEST = 60


@dataclass(frozen=True, slots=True)
class Title:
    """A document's title: lines ``first`` to ``after`` (exclusive) of the written lines."""

    heading: str
    first: int
    after: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Facts:
    """What a document says about itself."""

    title: str
    issuer: str | None
    issued_on: date | None
    met_on: date | None
    number: str | None


def titles(manuscript: Manuscript, paragraphs: list[Paragraph]) -> list[Title]:
    """The titles of the documents in the file, in order."""
    found: list[Title] = []
    i = 0
    while i < len(paragraphs):
        title = _title_at(manuscript.text, paragraphs, i)
        if title:
            found.append(title)
            i = title.after
        else:
            i += 1
    return found


def _title_at(text: str, paragraphs: list[Paragraph], first: int) -> Title | None:
    joined = ""
    for after in range(first, min(first + 4, len(paragraphs))):
        p = paragraphs[after]
        words = text[p.start : p.end]
        if (
            mark_at(words, 0, len(words))
            or words[-1] in "。；：，！？、"
            or len(joined + words) > _LONGEST
        ):
            return None
        joined += words
        if _ENDS.search(joined):
            return Title(joined, first, after + 1, paragraphs[first].start, p.end)
    return None


_DATE = re.compile(r"(\d{4})年\s?(\d{1,2})月\s?(\d{1,2})日")
_ISSUED = re.compile(
    r"^\s*(\S.{1,40}?)\s+(\d{4})年\s?(\d{1,2})月\s?(\d{1,2})日\s*印发\s*$", re.MULTILINE
)
_MET = re.compile(r"(?:(\d{4})年\s?)?(\d{1,2})月\s?(\d{1,2})日[^。\n]{0,12}(?:召开|举行)")
_NUMBER = re.compile(r"[一-鿿]{1,12}[〔\[（(]\d{4}[〕\]）)]\s?\d{1,4}号")


def facts(manuscript: Manuscript, found: list[Title], dropped: dict[int, str]) -> Facts:
    """Title, issuer, dates and document number, as far as the text says them."""
    text = manuscript.text
    title = found[0].heading if found else manuscript.source.name
    issued = _ISSUED.search(text)
    issued_on = _day(*issued.group(2, 3, 4)) if issued else None
    met = _MET.search(text)
    year = (met.group(1) or (issued_on and str(issued_on.year))) if met else None
    met_on = _day(year, met.group(2), met.group(3)) if met and year else None
    number = _NUMBER.search(text[:2000])
    return Facts(
        title,
        issued.group(1).strip() if issued else None,
        issued_on,
        met_on,
        number.group() if number else None,
    )


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
