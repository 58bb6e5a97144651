"""Paragraphs -> entries: every place that opens a section, at a line's beginning or inside one."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from digests.chinese import to_number
from digests.marking import Mark, mark_at
from digests.outlining.gathering import Paragraph
from digests.outlining.nesting import Entry
from digests.outlining.unearthing import split
from digests.reading import Role

STOP = re.compile(r"[。；;！？!?]|：|:(?!\d)|\.(?=\s+[A-Z(“\"])|\.$")
_INSIDE_STOP = re.compile(STOP.pattern + r"|[\s*\u3000]+")
SALUTATION = re.compile(
    r"\s*(?:各位(?:代表|委员|同志|领导|来宾|朋友)|同志们|朋友们|女士们|Fellow Deputies)[^。]{0,12}[！!，,：:]"
)
_SPACE = re.compile(r"\s+")
_HAN_BREAK = re.compile(r"(?<=[^\x00-\x7f])\n\s*|\n\s*(?=[^\x00-\x7f])")
_CLOSING = " \t\u3000\u00a0。．.，,、；;：:！!"
_INLINE = re.compile(
    r"(?:(?<=[：:。；;！？”）)\s])|(?<=，)(?=一是|第一))(?:([一二三四五六七八九十]{1,3})(?:是|要)(?!否)|第([一二三四五六七八九十]{1,3})[，、])"
)
_GROUP = re.compile(
    r"[“\"]?([一二三四五六七八九十两\d]+(?:大|项|个|点|条)[^“”\"，。：；]{0,8})[”\"]?[^“”\"，。；]{0,6}[：:]\s*$"
)
_ANNEX = re.compile(
    r"(附\s?[件錄录表]\s?(?:[一二三四五六七八九十]{1,3}|[\d０-９]{1,2})?|附|(?:《?政府工作报告》?)?(?:部分|有关|相关|重要)?(?:名词|词语|用语|术语|专业名词)(?:解释|注释|说明)"
    r"|注\s?释|註\s?釋|参\s?考\s?文\s?献|參\s?考\s?文\s?獻|(?:Annex|ANNEX|Appendix|APPENDIX)(?:\s+(?:[A-Z]|\d{1,2}|[IVX]+))?|Footnotes|Notes|References)"
    r"\s*[：:]?[\s\u3000]*"
)
_NOT_BOLD = re.compile(r"[【\[]|[表图圖]\s?\d|[A-H][.．、]|[（(]?答案")
_ANNOUNCES = re.compile(
    r"(?:以下|如下|下列|下面|几个?方面|(?:following|follows))[^。]{0,16}[：:。.]?\s*$|[是为][：:]\s*$"
)
_BOXED = re.compile(r"专栏.{0,6}|\d{1,2}|[表图圖].{0,4}")
_FIRSTS = ("一是", "第一", "一要")
_ALONE = {"chapter", "section", "part", "article", "en_part", "en_chapter"}
_LONGEST_BOLD = 80
_LONGEST_PLAIN = 36
_LONGEST_ITEM = 200  # characters in which an item's title must end
_PLAIN_END = re.compile(r"[一-鿿”》）)]$")
_NOT_PLAIN = re.compile(
    r"[。；：，！？…|\t]|^[—―–\-●■◆▲★※○•·*#=<\[【（(《]|^\d(?!\d{3}年)|^[A-H][.．、]|^[表图圖]\s?\d|^单位|^单位：|^专栏|^资料来源|^来源|\d{4}\s?年\s?\d{1,2}\s?月|日$"
)


@dataclass(frozen=True, slots=True)
class Habits:
    """How a document sets its headings, where they bear no number."""

    bold: bool
    plain: bool
    stopped: bool


def tidy(printed: str) -> str:
    r"""A heading in one line, without closing punctuation.

    >>> tidy("加快 建设\n新城。")
    '加快 建设新城'
    """
    return _SPACE.sub(" ", _HAN_BREAK.sub("", printed)).strip(_CLOSING)


def spot(text: str, paragraphs: Sequence[Paragraph], *, wrapped: bool = False) -> list[Entry]:
    """All entries of a document in text order, inline ones included."""
    paragraphs = split(text, paragraphs)
    habits = _habits(text, paragraphs, wrapped=wrapped)
    entries: list[Entry] = []
    answers: dict[str, int] = {}
    skip = -1
    for place, paragraph in enumerate(paragraphs):
        if paragraph.role is not Role.TEXT or place <= skip:
            continue
        entry, taken = _entry(text, paragraphs, place, habits)
        skip = place + taken - 1
        if entry and _is_answer(entry, answers, text, paragraphs[place - 1] if place else None):
            entry = None
        found = _items(text, paragraph, entry)
        if found and found[0].start == paragraph.start:
            entry = None
        if entry:
            if entry.number == 1 and place:
                before = paragraphs[place - 1]
                entry.group = group(text, before.start, before.end)
            entries.append(entry)
        else:
            _grow(text, entries, paragraph)
        entries += found
    return _without_mentions(entries)


def _without_mentions(entries: list[Entry]) -> list[Entry]:
    """An annex that comes again later was only named the first time."""
    last = {e.heading: e.start for e in entries if e.scheme == "annex"}
    return [e for e in entries if e.scheme != "annex" or last[e.heading] == e.start]


def _is_answer(entry: Entry, answers: dict[str, int], text: str, before: Paragraph | None) -> bool:
    """Whether an item is one of the answers to choose from after a question."""
    if entry.number == 1 and before and text[before.end - 1] in "？?":
        answers[entry.scheme] = 1
    if not entry.number or answers.get(entry.scheme) != entry.number:
        answers.pop(entry.scheme, None)
        return False
    answers[entry.scheme] += 1
    return True


def _items(text: str, paragraph: Paragraph, entry: Entry | None) -> list[Entry]:
    """The inline items of a paragraph; where the paragraph itself opens with 一是, that one too."""
    if entry and entry.scheme in {"is", "first"} and not paragraph.bold:
        run = _inline(text, paragraph.start, paragraph.end)
        if run and run[0].start == paragraph.start:
            return run
    return _inline(text, entry.heading_end if entry else paragraph.start, paragraph.end)


def _entry(
    text: str, paragraphs: Sequence[Paragraph], place: int, habits: Habits
) -> tuple[Entry | None, int]:
    """The entry that a paragraph opens, and how many paragraphs its heading takes."""
    paragraph = paragraphs[place]
    annex = _annex(text, paragraphs, place)
    if annex:
        return annex
    mark = mark_at(text, paragraph.start, paragraph.end)
    if mark and (mark.body < paragraph.end or paragraph.rank or mark.scheme in _ALONE):
        return _numbered(text, paragraph, mark), 1
    if SALUTATION.match(text, paragraph.start):
        return None, 1
    if paragraph.rank:
        return _whole(text, paragraphs, place, "heading")
    return _by_look(text, paragraphs, place, habits)


def _by_look(
    text: str, paragraphs: Sequence[Paragraph], place: int, habits: Habits
) -> tuple[Entry | None, int]:
    """An entry without number or declared level: bold, or a short line."""
    if habits.bold and paragraphs[place].bold:
        return _bold(text, paragraphs, place)
    if habits.plain and _is_plain(text, paragraphs, place, habits):
        return _whole(text, paragraphs, place, "plain")
    return None, 1


def _numbered(text: str, paragraph: Paragraph, mark: Mark) -> Entry:
    end = title_end = paragraph.end
    if mark.body + 1 < paragraph.bold < end:
        title_end = paragraph.bold
    elif not paragraph.rank:
        stop = (_INSIDE_STOP if paragraph.inside else STOP).search(text, mark.body, end)
        title_end = stop.end() if stop else end
    heading = tidy(text[mark.body : title_end]) or mark.label
    alone = title_end == end
    return Entry(
        mark.scheme,
        mark.number,
        mark.label,
        heading,
        mark.start,
        title_end,
        end,
        rank=paragraph.rank,
        alone=alone,
        inline=paragraph.inside,
    )


def _plain(text: str, start: int, end: int, scheme: str, paragraph: Paragraph) -> Entry | None:
    heading = tidy(text[start:end])
    if not heading:
        return None
    alone = end >= paragraph.end
    floor = max(end, paragraph.end)
    return Entry(scheme, 0, None, heading, start, end, floor, paragraph.rank, alone)


def _whole(
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


def _bold(text: str, paragraphs: Sequence[Paragraph], place: int) -> tuple[Entry | None, int]:
    """A bold line, or a bold beginning that closes like a title."""
    paragraph = paragraphs[place]
    words = text[paragraph.start : paragraph.bold].rstrip()
    if len(words) > _LONGEST_BOLD or len(words) < 2:  # noqa: PLR2004 -- one letter is emphasis
        return None, 1
    if _NOT_BOLD.match(words) or _leads_in(text, paragraph.start, paragraph.bold):
        return None, 1
    if paragraph.bold >= paragraph.end:
        return _whole(text, paragraphs, place, "bold")
    if words[-1] in "。：:．." or text[paragraph.bold] in "。：:\u3000 ":
        return _plain(text, paragraph.start, paragraph.bold, "lead", paragraph), 1
    return None, 1


def _leads_in(text: str, start: int, end: int) -> bool:
    """Whether bold words only announce what follows: 主要做了以下工作：, 总体要求是：."""
    return bool(_ANNOUNCES.search(text, start, end))


def _annex(text: str, paragraphs: Sequence[Paragraph], place: int) -> tuple[Entry, int] | None:
    """附件1, 名词解释, 注释: a part of its own behind the text, with its title on the next line."""
    paragraph = paragraphs[place]
    if paragraph.end - paragraph.start > _LONGEST_BOLD:
        return None
    found = _ANNEX.match(text, paragraph.start, paragraph.end)
    if not found:
        return None
    label = found.group(1).strip()
    rest = text[found.end() : paragraph.end]
    marked = "附" in label or label.lower().startswith(("annex", "appendix"))
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


def _habits(text: str, paragraphs: Sequence[Paragraph], *, wrapped: bool) -> Habits:
    """Whether bold, or short lines, are headings in this document."""
    whole = sum(1 for p in paragraphs if p.bold >= p.end - 1 and p.end - p.start > _LONGEST_BOLD)
    long = sum(1 for p in paragraphs if p.end - p.start > 80)  # noqa: PLR2004 -- real paragraphs
    short = sum(1 for p in paragraphs if p.end - p.start <= _LONGEST_PLAIN and p.role is Role.TEXT)
    marked = [p for p in paragraphs if mark_at(text, p.start, p.end) is not None]
    titles = [p for p in marked if p.end - p.start <= _LONGEST_PLAIN]
    stopped = sum(1 for p in titles if text[p.end - 1] == "。")
    return Habits(
        bold=whole * 4 < len(paragraphs),
        plain=not wrapped and long * 2 > short - len(titles) and long > 2,  # noqa: PLR2004
        stopped=stopped * 2 > len(marked) and stopped > 5,  # noqa: PLR2004
    )


def _is_plain(text: str, paragraphs: Sequence[Paragraph], place: int, habits: Habits) -> bool:
    """A short line without closing mark before real text: a heading that bears no number."""
    paragraph = paragraphs[place]
    words = text[paragraph.start : paragraph.end]
    if not 3 < len(words) <= _LONGEST_PLAIN or paragraph.item or place + 1 >= len(paragraphs):  # noqa: PLR2004
        return False
    if habits.stopped and words.endswith("。"):
        words = words[:-1]
    if _NOT_PLAIN.search(words) or not _PLAIN_END.search(words):
        return False
    following, before = paragraphs[place + 1], paragraphs[place - 1] if place else None
    if following.role is not Role.TEXT:
        return False
    if before and _BOXED.fullmatch(text, before.start, before.end):
        return False  # the title of a box in the text
    long = following.end - following.start > 50  # noqa: PLR2004 -- real text
    return long or mark_at(text, following.start, following.end) is not None


def _grow(text: str, entries: list[Entry], paragraph: Paragraph) -> None:
    """Count a paragraph for the open section; a salutation opens the closing words."""
    last = next((e for e in reversed(entries) if not e.leaf), None)
    if last is None:
        return
    last.paragraphs += 1
    if last.paragraphs > 1 and not last.closing and SALUTATION.match(text, paragraph.start):
        last.closing = paragraph.start


def group(text: str, start: int, end: int) -> str:
    """The name that a lead-in gives to the run after it: 五项工作."""
    found = _GROUP.search(text, max(start, end - 40), end)
    return found.group(1) if found else ""


def _inline(text: str, start: int, end: int) -> list[Entry]:
    """The items 一是 …, 二是 … inside one paragraph: runs that begin at one and have no gap."""
    if not any(text.find(first, start, end) >= 0 for first in _FIRSTS):
        return []
    open_: dict[str, list[Entry]] = {}
    runs: list[list[Entry]] = []
    for found in _INLINE.finditer(text, start, end):
        scheme = "is" if found.group(1) else "first"
        number = to_number(found.group(1) or found.group(2)) or 0
        if number == 1:
            open_[scheme] = []
            runs.append(open_[scheme])
        run = open_.get(scheme)
        if run is not None and len(run) + 1 == number:
            run.append(_item(text, found.span(), end, (scheme, number)))
    kept: list[list[Entry]] = []
    for run in runs:
        if len(run) > 1 and (not kept or kept[-1][-1].start < run[0].start):
            kept.append(run)
    for place, run in enumerate(kept):
        _bound(text, run, start, kept[place + 1][0].start if place + 1 < len(kept) else end)
    return [entry for run in kept for entry in run]


def _item(text: str, span: tuple[int, int], end: int, kind: tuple[str, int]) -> Entry:
    begin, body = span
    scheme, number = kind
    limit = min(end, body + _LONGEST_ITEM)
    stop = STOP.search(text, body, limit)
    heading_end = stop.end() if stop else limit
    label = text[begin:body].rstrip("，、")
    heading = tidy(text[body:heading_end]) or label
    return Entry(scheme, number, label, heading, begin, heading_end, end, inline=True, leaf=True)


def _bound(text: str, run: list[Entry], start: int, stop: int) -> None:
    for one, following in pairwise(run):
        one.end = following.start
        if one.heading_end > one.end:
            one.heading_end = one.end
            one.heading = tidy(text[one.start + len(one.label or "") : one.end]) or one.heading
    run[-1].end = stop
    run[0].group = group(text, start, run[0].start)
