"""What a document says about itself: title, issuer, number, days of issue and meeting."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from digests.chinese import to_number
from digests.outlining.gathering import Paragraph
from digests.outlining.titling import Title
from digests.patterns import Pattern
from digests.reading import Manuscript

_DIGIT = "[〇零○一二三四五六七八九十\\d０-９]"
_DATE = Pattern(rf"({_DIGIT}{{2,4}})\s?年\s?({_DIGIT}{{1,3}})\s?月\s?({_DIGIT}{{1,3}})\s?日")
_ISSUED = Pattern(
    r"^[^\S\n]*(\S.{1,40}?)[^\S\n]{1,80}(\d{4})\s?年\s?(\d{1,2})\s?月\s?(\d{1,2})\s?日\s*印发\s*$",
    re.MULTILINE,
)
_MET = Pattern(
    r"(?:(\d{4})\s?年\s?)?(\d{1,2})\s?月\s?(\d{1,2})\s?日(?:至\d{1,2}日)?[^。\n]{0,24}(?:召开|举行|会议上|全会上|大会)"
)
_NUMBER = Pattern(
    r"[一-鿿]{1,12}(?:〔|\[|［|【|（|\()\s?\d{2,4}\s?(?:〕|\]|］|】|）|\))\s?(?:第\s?)?\d{1,5}\s?号"
    r"|[一-鿿]{2,20}令(?:\s?\(?第\s?|\s?第)\d{1,4}\s?号\)?|院臺?[一-鿿]{1,4}字第\s?\d{6,12}\s?[号號]"
)
_SIGNED = Pattern(rf"^\s*({_DATE.source})\s*$")
_BODY = Pattern(
    r"[一-鿿]{2,30}(?:委员会|办公厅|办公室|人民政府|国务院|中共中央|组织部|宣传部|委|部|局|厅|院|会)$"
)
_GOVERNMENT = Pattern(
    r"我代表([一-鿿]{0,12}?(?:人民政府|国务院|市政府|省政府|常务委员会|委员会))|我代表(国务院)"
)
_PLACE = Pattern(r"在([一-鿿]{2,12}?(?:省|市|州|自治区|县))(?:第|十|八|九|七)")
_NAMED_PLACE = Pattern(r"([一-鿿]{2,8}?(?:省|市|州|自治区|县))(?=\d|政府|人民)")
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_FRONT_CHARACTERS = 1500
_LINES_AROUND = 4
_SHORT_LINE = 60


@dataclass(frozen=True, slots=True)
class Facts:
    """What a document says about itself."""

    title: str
    issuer: str | None
    issued_on: date | None
    met_on: date | None
    number: str | None


def facts(
    manuscript: Manuscript,
    paragraphs: Sequence[Paragraph],
    titles: Sequence[Title],
    dropped: dict[int, str],
) -> Facts:
    """Title, issuer, dates and document number, as far as the text or its front matter says them."""
    declared = _declared(manuscript, dropped)
    front = manuscript.text[:_FRONT_CHARACTERS]
    issued = _ISSUED.search(manuscript.text)
    signature = _signature(manuscript.text, paragraphs)
    met_on = _met_on(front, issued)
    days = (
        _day(*issued.group(2, 3, 4)) if issued else None,
        signature[1] if signature else None,
        _iso(declared),
        _front_day(front),
    )
    number = _NUMBER.search(_head(manuscript.text, paragraphs, titles))
    title = _title(manuscript, titles, declared)
    issuers = (
        signature[0] if signature else None,
        issued.group(1).strip() if issued else None,  # the office that printed it
        declared.get("authors"),
        declared.get("publisher"),
        _speaker(front, f"{title} {declared.get('title', '')} {manuscript.source.name}"),
    )
    return Facts(
        title=title,
        issuer=next((issuer for issuer in issuers if issuer), None),
        issued_on=next((day for day in days if day), None),
        met_on=met_on,
        number=declared.get("number") or (number.group().replace(" ", "") if number else None),
    )


def _declared(manuscript: Manuscript, dropped: dict[int, str]) -> dict[str, str]:
    """What front matter declares, the first value of each name."""
    found: dict[str, str] = {}
    head = [manuscript.line(manuscript.lines[i]) for i, kind in dropped.items() if kind == "head"]
    lines = [line.lstrip("-* ").partition(":") for line in head]
    for name, value in (*manuscript.facts, *((n.strip(), v.strip()) for n, _, v in lines)):
        if value and name not in found:
            found[name] = value
        elif value and name == "authors":
            found[name] += f"、{value}"
    return found


def _head(text: str, paragraphs: Sequence[Paragraph], titles: Sequence[Title]) -> str:
    """The short lines around the first title: where a document's own number stands."""
    first, body = (titles[0].first, titles[0].body) if titles else (0, 0)
    around = paragraphs[max(0, first - _LINES_AROUND) : body + _LINES_AROUND]
    return "\n".join(text[p.start : p.end] for p in around if p.end - p.start <= _SHORT_LINE)


def _title(manuscript: Manuscript, titles: Sequence[Title], declared: dict[str, str]) -> str:
    named = declared.get("title", "")
    if titles and titles[0].heading and (titles[0].marked or not named):
        return titles[0].heading
    if named:
        return re.sub(r"[（(]\d{4}年.*[）)]$", "", named) or named
    stem = manuscript.source.name.rsplit("/", 1)[-1]
    return re.sub(r"\.\w{1,5}$", "", stem) or stem


def _signature(text: str, paragraphs: Sequence[Paragraph]) -> tuple[str | None, date] | None:
    """The last line that is a date alone, and the office named just above it."""
    for place in range(len(paragraphs) - 1, -1, -1):
        p = paragraphs[place]
        found = _SIGNED.match(text[p.start : p.end]) if p.end - p.start < 30 else None  # noqa: PLR2004 -- a date is short
        if not found:
            continue
        day = _day(*found.group(2, 3, 4))
        if day is None:
            continue
        above = (
            text[paragraphs[place - 1].start : paragraphs[place - 1].end].strip() if place else ""
        )
        named = len(above) <= 60 and _BODY.search(re.sub(r"\s+", "", above))  # noqa: PLR2004 -- nor is a name long
        return (above if named else None), day
    return None


def _met_on(front: str, issued: re.Match[str] | None) -> date | None:
    found = _MET.search(front)
    if not found:
        return None
    year = found.group(1) or (issued.group(2) if issued else None)
    return _day(year, found.group(2), found.group(3)) if year else None


def _front_day(front: str) -> date | None:
    found = _DATE.search(front[:600])
    return _day(*found.group(1, 2, 3)) if found else None


def _speaker(front: str, named: str) -> str | None:
    """Whom the speaker of a report stands for; its place stands elsewhere where it is left out."""
    found = _GOVERNMENT.search(front)
    if not found:
        return None
    name = found.group(1) or found.group(2)
    place = _PLACE.search(front) or _NAMED_PLACE.search(named)
    short = re.fullmatch(r"(?:省|市|县|州|区|自治区|自治州|自治县)?(?:人民政府|政府)", name)
    if short and place:
        return place.group(1) + "人民政府"
    return name


def _iso(declared: dict[str, str]) -> date | None:
    for name in ("publication_date", "date", "publish_date"):
        found = _ISO.match(declared.get(name, "")) or _DATE.match(declared.get(name, ""))
        if found:
            return _day(*found.groups())
    return None


def _day(year: str | None, month: str | None, day: str | None) -> date | None:
    numbers = [to_number(part) if part else None for part in (year, month, day)]
    if None in numbers:
        return None
    y, m, d = (n or 0 for n in numbers)
    if 50 < y < 200:  # noqa: PLR2004 -- 民國 years count from 1911
        y += 1911
    if not 1900 <= y < 2200:  # noqa: PLR2004 -- a year cut short, or a slip of the hand
        return None
    try:
        return date(y, m, d)
    except ValueError:
        return None
