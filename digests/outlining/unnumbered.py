"""Headings that bear no number: bold ones, short lines, annexes and glossaries."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from digests.marking import mark_at
from digests.outlining.gathering import Paragraph
from digests.outlining.nesting import Entry
from digests.outlining.phrasing import SALUTATION, tidy
from digests.patterns import Pattern
from digests.reading import Role

_ANNEX = Pattern(
    r"(附\s?[件錄录表]\s?(?:[一二三四五六七八九十]{1,3}|[\d０-９]{1,2})?|附|(?:《?政府工作报告》?)?(?:部分|有关|相关|重要)?(?:名词|词语|用语|术语|专业名词)(?:解释|注释|说明)"
    r"|注\s?释|註\s?釋|参\s?考\s?文\s?献|參\s?考\s?文\s?獻|(?:(?:THE|FIRST|SECOND|THIRD|FOURTH|FIFTH|SIXTH|SEVENTH|EIGHTH|NINTH|TENTH)\s+SCHEDULE|(?:Annex|ANNEX|Appendix|APPENDIX|Attachment|ATTACHMENT|Schedule|SCHEDULE)(?:\s+(?:[A-Z]|\d{1,2}[A-Z]?|[IVX]+))?)\b|Footnotes|Notes|References)"
    r"\s*(?:[：:—–.]|--)*[\s\u3000]*"
)
_REFERS = Pattern(r"[\[(]?(?:See )?[Ss]ections? [\d, and()A-Z]+[\])]?$")
_NOT_BOLD = re.compile(r"[【\[●•▪◆■★]|[表图圖]\s?\d|[A-H][.．、]|[（(]?答案")
_ANNOUNCES = Pattern(
    r"[一二三四五六七八九十两\d]+个?方面[^。，]{0,6}工作[：:。]?$|(?:以下|如下|下列|下面|几个?方面|(?:following|follows))[^。]{0,16}[：:。.]?\s*$|[是为][：:]?\s*$"
)
_ATTACHED = Pattern(r"附\s?件\s?[一二三四五六七八九十\d]{0,3}\s?[：:]")  # named, not opened
_BOXED = re.compile(r"专栏.{0,6}|\d{1,2}|[表图圖].{0,4}")
_LONGEST_BOLD = 80
_LONGEST_PLAIN = 36
_FEWEST_PHRASES = 3
_FEWEST_DARK = 4
_LONGEST_VALUE = 80
_PLAIN_END = Pattern(r"[一-鿿”》）]$|[一-鿿].*\)$")
_NOT_PLAIN = Pattern(
    r"[。；：！？…|\t]|^[—―–\-●■◆▲★※○•·*#=<\[【（(《]|^\d(?!\d{3}年)|^[A-H][.．、]|^[表图圖]\s?\d|^单位|^单位：|^专栏|(?:总理|省长|市长|主席|县长|州长|区长)[\s\u3000]|^资料来源|^来源|^前[項项款條条]|\d{4}\s?年\s?\d{1,2}\s?月|日$"
)


@dataclass(frozen=True, slots=True)
class Habits:
    """How a document sets its headings, where they bear no number; ``phrased``: with a comma inside."""

    bold: bool
    plain: bool
    stopped: bool
    phrased: bool


def habits_of(
    text: str, paragraphs: Sequence[Paragraph], *, wrapped: bool, printed: bool = False
) -> Habits:
    """Whether bold, or short lines, are headings in this document.

    ``printed``: it comes from printed pages, where the cells of a table are bold lines, too: if what
    bears a number is bold there, nothing else is a heading for being bold.
    """
    whole = sum(1 for p in paragraphs if p.bold >= p.end - 1 and p.end - p.start > _LONGEST_BOLD)
    long = sum(1 for p in paragraphs if p.end - p.start > 80)  # noqa: PLR2004 -- real paragraphs
    short = sum(1 for p in paragraphs if p.end - p.start <= _LONGEST_PLAIN and p.role is Role.TEXT)
    marked = [p for p in paragraphs if mark_at(text, p.start, p.end) is not None]
    titles = [p for p in marked if p.end - p.start <= _LONGEST_PLAIN]
    dark = sum(1 for p in titles if p.bold >= p.end)
    stopped = sum(1 for p in titles if text[p.end - 1] == "。")
    return Habits(
        bold=whole * 4 < len(paragraphs) and not (printed and dark >= _FEWEST_DARK),
        plain=not wrapped and long * 2 > short - len(titles) and long > 2,  # noqa: PLR2004
        stopped=stopped * 2 > len(marked) and stopped > 5,  # noqa: PLR2004
        phrased=not wrapped and len(_phrases(text, paragraphs)) >= _FEWEST_PHRASES,
    )


def _phrases(text: str, paragraphs: Sequence[Paragraph]) -> set[str]:
    """The different lines that would be headings but for a comma in them."""
    return {
        text[p.start : p.end]
        for place, p in enumerate(paragraphs)
        if 3 < p.end - p.start <= _LONGEST_PLAIN  # noqa: PLR2004
        and text.find("，", p.start, p.end) > 0
        and mark_at(text, p.start, p.end) is None
        and _may_be_plain(text, paragraphs, place, text[p.start : p.end])
    }


def annex_at(text: str, paragraphs: Sequence[Paragraph], place: int) -> tuple[Entry, int] | None:
    """附件1, 名词解释, 注释: a part of its own behind the text, with its title on the next line."""
    paragraph = paragraphs[place]
    if paragraph.end - paragraph.start > _LONGEST_BOLD:
        return None
    found = _ANNEX.match(text, paragraph.start, paragraph.end)
    if not found:
        return None
    label = found.group(1).strip()
    rest = text[found.end() : paragraph.end]
    latin = label.isascii()
    marked = "附" in label or (latin and label not in {"Footnotes", "Notes", "References"})
    if latin and rest and (rest[0].islower() or rest.endswith(".")):
        return None
    if rest and (
        not marked or (label == "附" and "：" not in found.group() and ":" not in found.group())
    ):
        return None
    if rest and (rest[-1] in "。；，" or _is_reference(text, paragraphs, place)):
        return None
    end, taken = paragraph.end, 1
    if marked and not rest and place + 1 < len(paragraphs):
        following = paragraphs[place + 1]
        words = text[following.start : following.end]
        if (
            len(words) <= _LONGEST_BOLD
            and not mark_at(words, 0, len(words))
            and words[-1] not in "。；："
        ):
            end, taken = following.end, 2
    heading = tidy(text[found.end() : end]) or tidy(label)
    return (
        Entry(
            "annex",
            0,
            label if marked else None,
            heading,
            paragraph.start,
            end,
            end,
            paragraph.rank,
            alone=True,
        ),
        taken,
    )


def _is_reference(text: str, paragraphs: Sequence[Paragraph], place: int) -> bool:
    """Whether 附件：… only names what is attached: a signature or a list follows, no text."""
    for p in paragraphs[place + 1 : place + 8]:
        words = text[p.start : p.end].strip()
        if re.fullmatch(r"(?:\d{4}|[〇零○一二三四五六七八九十]{4})年.{1,8}日(?:印发)?", words):
            return True
        if len(words) > _LONGEST_BOLD:
            return False
    return place + 3 >= len(paragraphs)


def by_look(
    text: str, paragraphs: Sequence[Paragraph], place: int, habits: Habits
) -> tuple[Entry | None, int]:
    """An entry without number or declared level: bold, or a short line."""
    paragraph = paragraphs[place]
    if _ATTACHED.match(text, paragraph.start, paragraph.end):
        return None, 1
    if habits.bold and paragraph.bold:
        return _bold(text, paragraphs, place)
    if habits.plain and _is_plain(text, paragraphs, place, habits):
        return whole(text, paragraphs, place, "plain")
    return None, 1


def _bold(text: str, paragraphs: Sequence[Paragraph], place: int) -> tuple[Entry | None, int]:
    """A bold line, or a bold beginning that closes like a title."""
    paragraph = paragraphs[place]
    words = text[paragraph.start : paragraph.bold].rstrip()
    if len(words) > _LONGEST_BOLD or len(words) < 2:  # noqa: PLR2004 -- one letter is emphasis
        return None, 1
    quoted = words[0] == "“" and "”" not in words  # from another text, which is amended
    if quoted or _NOT_BOLD.match(words) or _is_field(text, paragraph):
        return None, 1
    if _leads_in(text, paragraph.start, paragraph.bold):
        return None, 1
    if paragraph.bold >= paragraph.end:
        return whole(text, paragraphs, place, "bold")
    if words[-1] in "。：:．." or text[paragraph.bold] in "。：:\u3000 ":
        stop = words.find("。") + 1 or len(words)
        return _plain(text, paragraph.start, paragraph.start + stop, "lead", paragraph), 1
    return None, 1


def _is_field(text: str, paragraph: Paragraph) -> bool:
    """Whether bold words only name a value in the same line: **发布日期**：2031-05-04."""
    value = text[paragraph.bold : paragraph.end].strip(" ：:")
    if not value:
        return False
    named = text[paragraph.bold - 1] in "：:" or text[paragraph.bold] in "：:"
    return named and len(value) <= _LONGEST_VALUE and not value.endswith(("。", "；", "."))


def _leads_in(text: str, start: int, end: int) -> bool:
    """Whether bold words only announce what follows: 主要做了以下工作：, 总体要求是：."""
    return bool(_ANNOUNCES.search(text, start, end))


def _is_plain(text: str, paragraphs: Sequence[Paragraph], place: int, habits: Habits) -> bool:
    """A short line without closing mark before real text: a heading that bears no number."""
    paragraph = paragraphs[place]
    words = text[paragraph.start : paragraph.end]
    if not 3 < len(words) <= _LONGEST_PLAIN:  # noqa: PLR2004
        return False
    if habits.stopped and words.endswith("。"):
        words = words[:-1]
    if "，" in words and not habits.phrased:
        return False
    return _may_be_plain(text, paragraphs, place, words)


def _may_be_plain(text: str, paragraphs: Sequence[Paragraph], place: int, words: str) -> bool:
    """Whether a short line and what stands around it look like a heading and its text."""
    if paragraphs[place].item or place + 1 >= len(paragraphs):
        return False
    bracket_ends = words.count("）") > words.count("（")  # its first line stands above
    if bracket_ends or not _PLAIN_END.search(words):
        return False
    if _NOT_PLAIN.search(words) or _ANNOUNCES.search(words):
        return False
    following, before = paragraphs[place + 1], paragraphs[place - 1] if place else None
    boxed = before and _BOXED.fullmatch(text, before.start, before.end)  # the title of a box
    if boxed or following.role is not Role.TEXT:
        return False
    prose = _is_prose(text, following)
    if "，" in words:
        return prose and (before is None or text[before.end - 1] in "。！：”")
    return prose or mark_at(text, following.start, following.end) is not None


def _is_prose(text: str, paragraph: Paragraph) -> bool:
    """Whether a paragraph is real text: long, or a sentence with its stop."""
    length = paragraph.end - paragraph.start
    return length > 50 or (length > 15 and text[paragraph.end - 1] in "。！")  # noqa: PLR2004


def whole(
    text: str, paragraphs: Sequence[Paragraph], place: int, scheme: str
) -> tuple[Entry | None, int]:
    """A heading that fills its paragraph, and the next one where the title runs on in it."""
    paragraph = paragraphs[place]
    taken = 1
    if scheme == "bold":
        while place + taken < len(paragraphs) and taken < 3:  # noqa: PLR2004 -- no title has more lines
            other = paragraphs[place + taken]
            if other.bold < other.end or mark_at(text, other.start, other.end) or other.rank:
                break
            if SALUTATION.match(text, other.start) or text[other.end - 1] in "。；：":
                break
            taken += 1
    end = paragraphs[place + taken - 1].end
    return _plain(text, paragraph.start, end, scheme, paragraph), taken


def _plain(text: str, start: int, end: int, scheme: str, paragraph: Paragraph) -> Entry | None:
    heading = tidy(text[start:end])
    if not heading:
        return None
    alone = end >= paragraph.end
    floor = max(end, paragraph.end)
    return Entry(scheme, 0, None, heading, start, end, floor, paragraph.rank, alone)
