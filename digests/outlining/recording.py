"""What a document says about itself: title, issuer, number, days of issue and meeting."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from digests.outlining.declaring import (
    DAY,
    calendar_day,
    day_in,
    fields,
    is_office,
    leading_day,
    office,
    proclaimed,
    whole_day,
)
from digests.outlining.gathering import Paragraph
from digests.outlining.titling import Title
from digests.patterns import Pattern
from digests.reading import Manuscript

_ISSUED = Pattern(
    rf"^[^\S\n]*(\S.{{1,40}}?)[^\S\n]{{1,80}}({DAY})\s*印发\s*$",
    re.MULTILINE,
)
_MET = Pattern(
    r"(?:(\d{4})\s?年\s?)?(\d{1,2})\s?月\s?(\d{1,2})\s?日(?:至\d{1,2}日)?[^。\n]{0,24}(?:召开|举行|会议上|全会上|大会)"
)
_NUMBER = Pattern(
    r"[一-鿿]{1,12}(?:〔|\[|［|【|（|\()\s?\d{2,4}\s?(?:〕|\]|］|】|）|\))\s?(?:第\s?)?\d{1,5}\s?号"
    r"|(?!日)[一-鿿]{2,20}令(?:\s?\(?第\s?|\s?第)\d{1,4}\s?号\)?|(?:院臺?|(?<![一-鿿])(?![年月日]))[一-鿿]{1,6}字第\s?\d{6,12}\s?[号號]"
    r"|\bM-\d\d-\d\d\b|\b(?:Number|Act No\.|ACT NO\.|No\.)\s\d{1,4}(?:,| of| OF)\s\d{4}\b|\b(?:Executive Order|EXECUTIVE ORDER)\s(?:No\.\s?)?\d{1,5}\b|\(E[UC]\)\s(?:No\s)?\d{1,4}/\d{1,4}"
)
_BODY = Pattern(
    r"[一-鿿]{2,30}(?:委员会|办公厅|办公室|人民政府|国务院|中共中央|组织部|宣传部|委|部|局|厅|院|会)$"
)
_GOVERNMENT = Pattern(
    r"我代表([一-鿿]{0,12}?(?:人民政府|国务院|市政府|省政府|常务委员会|委员会))|我代表(国务院)"
)
_PLACE = Pattern(r"在([一-鿿]{2,12}?(?:省|市|州|自治区|县))(?:第|十|八|九|七)")
_NAMED_PLACE = Pattern(r"([一-鿿]{2,8}?(?:省|市|州|自治区|县))(?=\d|政府|人民)")
_TOLD = Pattern(
    rf"(?:^|[—（(\[])\s*({DAY})(?=.{{0,6}}在|.{{0,40}}(?:会议|會議|通过|通過|公布|发布|發布|批准|修订|修正))",
    re.MULTILINE,
)
_DEADLINE = Pattern(r"(?i)\b(?:by|within|until|before|after|from|through|since|due|of)\b")
_FRONT_CHARACTERS = 2500
_HEAD_OF_ACT = 4000  # characters; contents and the long title stand before the day of an act
_HEAD_CHARACTERS = 600
_HEAD_LINES = 30
_LONGEST_DAY = 40
_LAST_LINES = 12
_CRAWLED = Pattern(r"(?:抓取|检索|下载|采集|爬取|打印|访问|页面生成|更新)(?:时间|日期)[^\n]*")
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
    front = manuscript.text[:_FRONT_CHARACTERS]
    declared = _declared(manuscript, paragraphs, dropped)
    issued = _ISSUED.search(manuscript.text)
    signature = _signature(manuscript.text, _first_document(paragraphs, titles))
    days = (
        day_in(issued.group(2)) if issued else None,
        signature[1] if signature else None,
        _dated(declared),
        proclaimed(_before_body(manuscript.text, paragraphs, titles)),
        _own_line(manuscript.text[:_HEAD_OF_ACT]),
        day_in(_before_body(manuscript.text, paragraphs, titles)),
        _told(front),
        day_in(manuscript.source.name),
    )
    issued_on = next((day for day in days if day), None)
    number = _NUMBER.search(_head(manuscript.text, paragraphs, titles))
    title = _title(manuscript, titles, declared)
    issuers = (
        signature[0] if signature else None,
        issued.group(1).strip() if issued else None,  # the office that printed it
        _office_or_none(declared.get("authors")),
        declared.get("publisher"),
        _speaker(front, f"{title} {declared.get('title', '')} {manuscript.source.name}"),
        office(title, front),
        declared.get("authors"),
    )
    return Facts(
        title=title,
        issuer=next((issuer for issuer in issuers if issuer), None),
        issued_on=issued_on,
        met_on=_met_on(front, issued_on),
        number=declared.get("number") or (_printed(number.group()) if number else None),
    )


def _office_or_none(name: str | None) -> str | None:
    return name if name and is_office(name) else None


def _printed(number: str) -> str:
    return number if number.isascii() else number.replace(" ", "")


def _declared(
    manuscript: Manuscript, paragraphs: Sequence[Paragraph], dropped: dict[int, str]
) -> dict[str, str]:
    """What front matter and the lines at the head declare, the first value of each name."""
    found: dict[str, str] = {}
    head = [manuscript.line(manuscript.lines[i]) for i, kind in dropped.items() if kind == "head"]
    lines = [line.lstrip("-* ").partition(":") for line in head]
    printed = [manuscript.text[p.start : p.end] for p in paragraphs[:_HEAD_LINES]]
    stated = fields([*head, *printed])
    for name, value in (
        *manuscript.facts,
        *((n.strip(), v.strip()) for n, _, v in lines),
        *stated,
    ):
        if value and name not in found:
            found[name] = value
        elif value and name == "authors":
            found[name] += f"、{value}"
    return found


def _head(text: str, paragraphs: Sequence[Paragraph], titles: Sequence[Title]) -> str:
    """The short lines around the first title: where a document's own number stands."""
    first, body = (titles[0].first, titles[0].body) if titles else (0, 0)
    around = paragraphs[max(0, first - _LINES_AROUND) : body + _LINES_AROUND]
    return "\n".join(text[p.start : p.end] for p in around if p.end - p.start <= 2 * _SHORT_LINE)


def _title(manuscript: Manuscript, titles: Sequence[Title], declared: dict[str, str]) -> str:
    named = declared.get("title", "")
    if titles and titles[0].heading and (titles[0].marked or not named):
        return titles[0].heading
    if named:
        return (re.sub(r"[（(]\d{4}年.*[）)]$", "", named) or named).strip()
    stem = manuscript.source.name.rsplit("/", 1)[-1]
    return re.sub(r"\.\w{1,5}$", "", stem) or stem


def _first_document(
    paragraphs: Sequence[Paragraph], titles: Sequence[Title]
) -> Sequence[Paragraph]:
    """The paragraphs before the second document of the file."""
    return paragraphs[: titles[1].first] if len(titles) > 1 else paragraphs


def _before_body(text: str, paragraphs: Sequence[Paragraph], titles: Sequence[Title]) -> str:
    """What stands before the body of the first document, without what tells of the file itself."""
    body = titles[0].body if titles else 0
    front = "\n".join(text[p.start : p.end] for p in paragraphs[:body])[:_HEAD_CHARACTERS]
    return _CRAWLED.sub("", front)


def _signature(text: str, paragraphs: Sequence[Paragraph]) -> tuple[str | None, date] | None:
    """The first office that signs with a day below its name; else a day alone at the very end."""
    last = None
    for place, p in enumerate(paragraphs):
        day = whole_day(text[p.start : p.end]) if p.end - p.start < _LONGEST_DAY else None
        if day is None:
            continue
        above = (
            text[paragraphs[place - 1].start : paragraphs[place - 1].end].strip() if place else ""
        )
        if len(above) <= _SHORT_LINE and _BODY.search(re.sub(r"\s+", "", above)):
            return above, day
        last = day if place >= len(paragraphs) - _LAST_LINES else last
    return (None, last) if last else None


def _own_line(front: str) -> date | None:
    """The first day that has a line of its own near the head."""
    days = (whole_day(line) for line in front.split("\n") if len(line) < _LONGEST_DAY)
    return next((day for day in days if day), None)


def _told(front: str) -> date | None:
    """The day on which something was delivered or passed, as a line near the head begins to tell."""
    found = _TOLD.search(front)
    if found:
        return day_in(found.group(1))
    short = [line for line in front.split("\n") if len(line) <= _SHORT_LINE and line.isascii()]
    days = [
        *(leading_day(line) for line in front.split("\n", _LAST_LINES)),
        *(day_in(line) for line in short if not _DEADLINE.search(line.split(",")[0])),
    ]
    return next((day for day in days if day), None)


def _met_on(front: str, issued_on: date | None) -> date | None:
    found = _MET.search(front)
    if not found:
        return None
    year = int(found.group(1)) if found.group(1) else issued_on.year if issued_on else None
    return calendar_day(year, int(found.group(2)), int(found.group(3)))


def _dated(declared: dict[str, str]) -> date | None:
    """The day that the front matter or a field declares."""
    for name in ("publication_date", "date_signed", "date", "publish_date", "published", "issued"):
        value = declared.get(name, "")
        day = day_in(value) or whole_day(value)
        if day:
            return day
    return None


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
