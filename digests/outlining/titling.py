"""Where a document begins: its title, what stands around it, and where a second one starts.

The *front* is everything before the first heading, salutation or real paragraph: title, subtitle,
speaker, date. No line of it is a section. A further document begins at a line shaped like a title
after which numbering begins anew.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from digests.marking import CUSTOM, WORDED, Mark, mark_at
from digests.outlining.gathering import Paragraph
from digests.patterns import Pattern
from digests.reading import Manuscript, Role

_KINDS = (
    "报告|讲话|摘要|决定|决议|意见|通知|办法|规定|条例|方案|规划|纲要|公报|细则|函|通报|批复|公告|预案|规则|准则|规范|标准"
    "|守则|章程|制度|要点|总结|致辞|发言|倡议书|计划|措施|清单|指南|白皮书|公约|解释"
    "|報告|講話|決定|決議|意見|辦法|規定|條例|計畫|綱要|公報"
)
ENDS = Pattern(rf"(?:{_KINDS})(?:[（(【].{{1,24}}[）)】])?(?:\[\d+\])?$")
_ENGLISH = Pattern(r"[A-Z0-9 ,.'’&:;()\-–—]{12,}$")
_ENGLISH_KIND = Pattern(
    r"(?i)(?:regulation|directive|decision|executive order|proclamation)\b.{4}"
    r"|.*\b(?:act|bill|regulations?|ordinance|order|report|strategy|plan|policy|guidelines|guidance|rules|address"
    r"|program(?:me)?|procedures?|white paper|code|directive|manual|agenda|framework)(?:,?\s(?:no\.?\s)?\d{1,5})?(?:,?\s(?:of\s)?\d{4})?$"
)
_ROUTED = Pattern(r"(?i)(?:memorandum for|from|to|date|cc|through)\b(?!\s+the\b)\s*[:：]?")
_ADDRESSED = Pattern(r"(?i)(?:subject|re|主旨|事由)\s*[:：]\s*\S")
_PREFIX = Pattern(r"(?i)(?:subject|re|主旨|事由|标题|標題|法規名稱|法规名称|文件名称)\s?[:：]\s?")
_SALUTATION = Pattern(
    r".{0,30}(?:各位|同志们|代表们|议员|議員|Deputies|deputies).{0,20}[：:，,！!]$"
)
_SUBTITLE = Pattern(
    r"[—―–-]{1,3}|[（(【].*[）)】]$|.{0,8}\d{2,4}\s?[年.]\s?\d{1,2}\s?[月.]|.{0,40}第.{1,8}次.{0,12}(?:会议|全会|大會|定期會)上?$"
    r"|.{0,30}[〔\[［]\d{4}[〕\]］].{0,8}号|(?:相关通知|目\s*[录錄]|各位|新华社|索\s?引\s?号|来源|發布|发布|（|\()"
    r"|\d{4}$|(?:附\s?[件錄录表]|附|大纲|文件)\s?[一二三四五六七八九十\d]{0,3}\s?[：:]?$"
    r"|Delivered|.*(?:国务院|人民政府|省|市|县|州|区)?(?:总理|省长|市长|主席|县长|州长|区长|市長|縣長)[\s　].{2,12}$|.*(?:市长|省长|主席|总理)(?!.*(?:报告|報告))[一-鿿]{2,4}$"
)
_PLANNED = Pattern(  # a part of a report that looks ahead, not a document
    r"(?:(?:\d{4}|[〇零○一二三四五六七八九]{4})年|今后|下一步|下步|当前|明年|今年|“十.五”(?=规划)).{0,12}(?:意见|计划|规划|措施|要点|总结|清单|任务)$"
)
_COVER = re.compile(r"关于(?:印发|转发|发布|批转|公布|颁发)|印发《")
_ADDRESSEE = Pattern(
    r"[^。；]*(?:[省市县区州部委局厅院署]|单位|政府|机关|组织|公司|学校|研究所)[^。；]*[：:]"
)
_FILE_NUMBER = Pattern(r"[〔\[［]\s?\d{4}\s?[〕\]］]\s?\d{1,4}\s?号$")
_HEADED = Pattern(
    r"[（(]?(?:\d{4}|[〇零○一二三四五六七八九]{4})年.{1,8}日[）)]?$|.{1,20}[〔\[［]\s?\d{4}\s?[〕\]］].{1,8}号$"
)
_NEWS = Pattern(r"近日，|新华社|人民日报|(?:全文|主要内容)如下")
_LONGEST_NOTE = 900
_LETTERSPACED = Pattern(r"(?<=[一-鿿]) (?=[一-鿿])|(?<=[一-鿿])[\u3000\u00a0]+(?=[一-鿿])")
_GAP = re.compile(r"[ \u3000\u00a0]")
_SHORTEST_SPEECH = 40
_SHORTEST_TITLE = 6
_LONGEST_NAME = 4  # characters of the speaker's name
_SHORTEST_SENTENCE = 12
_OPEN_ENDED = "。；：，！？、:;,"
_MOST_TRIES = 400  # lines shaped like a title that are looked into
_LONGEST_TITLE = 70
_LONGEST_LINE = 60
_FRONT = 16


@dataclass(frozen=True, slots=True)
class Title:
    """A document's title: paragraphs ``first`` to ``after`` (exclusive); the body starts at ``body``.

    ``marked``: the format sets it off (bold, a heading), so that it is the printed title.
    """

    heading: str
    first: int
    after: int
    body: int
    start: int
    end: int
    marked: bool = False


def titles(manuscript: Manuscript, paragraphs: Sequence[Paragraph]) -> list[Title]:
    """The documents in the file, in order: the first by its front, others by title lines."""
    text = manuscript.text
    first = _front(text, paragraphs)
    found = [first]
    marks = _Marks(text, paragraphs)
    place = first.body
    while place < len(paragraphs) and marks.tries < _MOST_TRIES:
        title = _title_at(text, paragraphs, place)
        if title and _is_new(title, found) and marks.begin_anew(found[-1], title):
            if len(found) == 1 and _is_note(text, paragraphs, first, title):
                found.clear()
            found.append(title)
            place = title.body
        else:
            place += 1
    return found


def _is_new(title: Title, found: Sequence[Title]) -> bool:
    """Whether a title is not one of the file's titles printed again (a cover, a running head)."""
    key = title.heading.replace(" ", "")
    return not any(other.heading.replace(" ", "").endswith(key) for other in found)


def _is_note(text: str, paragraphs: Sequence[Paragraph], first: Title, title: Title) -> bool:
    """Whether what stands before the first real title is a note on it, not a letter to somebody."""
    before = paragraphs[first.body : title.first]
    around = paragraphs[first.first : title.first]
    long = sum(p.end - p.start for p in before)
    if not first.heading and long <= _LONGEST_NOTE:
        return not any(mark_at(text, p.start, p.end) for p in before)
    words = [_words(text, p) for p in around]
    news = any(_NEWS.search(w) for w in words)
    if long > (4 if news else 1) * _LONGEST_NOTE:
        return False
    return not any(_ADDRESSEE.fullmatch(w) or _FILE_NUMBER.search(w) for w in words) and not any(
        mark_at(text, p.start, p.end) for p in before
    )


def is_front_matter(words: str) -> bool:
    """Whether a short line belongs around a title: date, speaker, subtitle, salutation."""
    return bool(_SUBTITLE.match(words) or _SALUTATION.match(words))


def _words(text: str, paragraph: Paragraph) -> str:
    words = text[paragraph.start : paragraph.end].replace("\n", "").strip()
    return unspaced(words.strip("*") or words)


def unspaced(words: str) -> str:
    """A title without the spaces that only set its letters apart (国 务 院 工 作 规 则)."""
    if words.isascii() or not _GAP.search(words):
        return words
    gaps = len(_LETTERSPACED.findall(words))
    return _LETTERSPACED.sub("", words) if gaps >= 3 and gaps * 3 > len(words) - gaps else words  # noqa: PLR2004


def _front(text: str, paragraphs: Sequence[Paragraph]) -> Title:
    """The front of the file: where its body begins, and its title if there is one."""
    best: tuple[int, int, int] | None = None  # quality, first, after
    place = 0
    while place < min(len(paragraphs), _FRONT):
        paragraph = paragraphs[place]
        words = _words(text, paragraph)
        if paragraph.role is Role.CONTENTS or _ends_front(
            words, paragraph, titled=best is not None
        ):
            break
        if best is not None and _ADDRESSEE.fullmatch(words) and not _SALUTATION.match(words):
            break  # a letter begins
        if _SALUTATION.match(words):
            place += 1
            break
        if not _SUBTITLE.match(words) or _head(words) != words:
            after = _join(text, paragraphs, place)
            quality = _quality(text, paragraphs, place, after)
            if best is None or quality > best[0]:
                best = (quality, place, after)
            place = after
            continue
        place += 1
    if best is None or best[0] == 0:
        return Title("", 0, 0, place, 0, 0)
    _, first, after = best
    return _title(text, paragraphs, first, after, place)


def _ends_front(words: str, paragraph: Paragraph, *, titled: bool) -> bool:
    if words.isdigit():
        return False  # the year on a cover
    mark = mark_at(words, 0, len(words))
    if mark and (mark.body < len(words) or mark.scheme in WORDED):
        return True
    if paragraph.rank and (titled or paragraph.rank > 1) and not ENDS.search(words):
        return True
    return len(words) > _LONGEST_TITLE * (2 if words.isascii() else 1) or (
        words[-1:] in "。；！" and len(words) > _SHORTEST_SENTENCE
    )


def _quality(text: str, paragraphs: Sequence[Paragraph], first: int, after: int) -> int:
    joined = "".join(_words(text, p) for p in paragraphs[first:after])
    one = paragraphs[first]
    if _ROUTED.match(joined):
        return 0
    named = ENDS.search(_head(joined)) or _ENGLISH_KIND.match(joined) or _ADDRESSED.match(joined)
    score = 4 if named else 0
    score += 2 if one.rank else 0
    score += 1 if one.bold else 0
    score += 1 if first == 0 or _ENGLISH.match(joined) else 0
    return score if ENDS.search(joined) or len(joined) > _LONGEST_NAME else 0


def _head(title: str) -> str:
    """A title without the subtitle in the same line: 政府工作报告——2031年3月5日在…会议上."""
    head = re.split(r"\s?——(?=\d|在)", title, maxsplit=1)[0]
    return head if head != title and ENDS.search(head) else title


def _join(text: str, paragraphs: Sequence[Paragraph], first: int) -> int:
    """Where a title that runs over several lines ends."""
    joined = _words(text, paragraphs[first])
    after = first + 1
    while (
        after < min(len(paragraphs), first + 4)
        and not ENDS.search(joined)
        and _may_continue(text, paragraphs, first, after)
        and len(joined) + len(_words(text, paragraphs[after])) <= _LONGEST_TITLE
    ):
        joined += _words(text, paragraphs[after])
        after += 1
    return after if ENDS.search(joined) else first + 1


def _may_continue(text: str, paragraphs: Sequence[Paragraph], first: int, after: int) -> bool:
    one, other = paragraphs[first], paragraphs[after]
    words = _words(text, other)
    return (
        (one.rank > 0) == (other.rank > 0)
        and (one.bold > 0) == (other.bold > 0)
        and words[-1] not in "。；：，！？、"
        and not mark_at(words, 0, len(words))
        and not _SUBTITLE.match(words.lstrip("（("))
    )


def _title(text: str, paragraphs: Sequence[Paragraph], first: int, after: int, body: int) -> Title:
    from digests.outlining.phrasing import tidy

    start, end = paragraphs[first].start, paragraphs[after - 1].end
    marked = bool(paragraphs[first].rank or paragraphs[first].bold)
    heading = re.sub(r"\[\d+\]$", "", unspaced(tidy(text[start:end]))).lstrip("*")
    heading = _head(_PREFIX.sub("", heading))
    return Title(heading, first, after, max(body, after), start, end, marked)


def _title_at(text: str, paragraphs: Sequence[Paragraph], first: int) -> Title | None:
    """A title in the middle of the file, with the subtitles below it."""
    paragraph = paragraphs[first]
    if (
        paragraph.end - paragraph.start > 2 * _LONGEST_LINE
        or text[paragraph.end - 1] in _OPEN_ENDED
    ):
        return None
    words = _words(text, paragraph)
    if (
        paragraph.role is not Role.TEXT
        or paragraph.item
        or len(words) > _LONGEST_LINE
        or words[-1] in _OPEN_ENDED
        or (paragraph.bold and paragraph.bold < paragraph.end - 1)
        or mark_at(words, 0, len(words))
        or (_SUBTITLE.match(words) and not ENDS.search(words))
    ):
        return None
    after = _join(text, paragraphs, first)
    joined = "".join(_words(text, p) for p in paragraphs[first:after])
    if (
        not ENDS.search(joined)
        or len(joined) < _SHORTEST_TITLE
        or joined.startswith(("附件：", "附件:", "附："))
        or _PLANNED.match(joined)
    ):
        return None
    body = after
    while body < len(paragraphs) and body < after + 4:
        words = _words(text, paragraphs[body])
        if (
            len(words) > _LONGEST_TITLE
            or mark_at(words, 0, len(words))
            or not is_front_matter(words)
        ):
            break
        body += 1
    return _title(text, paragraphs, first, after, body)


class _Marks:
    """All marks of a file, looked through once: do numbers begin anew after a place?"""

    def __init__(self, text: str, paragraphs: Sequence[Paragraph]) -> None:
        self.tries = 0
        self._text, self._paragraphs = text, paragraphs
        self._found: list[tuple[int, Mark]] | None = None

    def begin_anew(self, before: Title, title: Title) -> bool:
        """Whether a title opens a document of its own: numbering restarts, or had not begun."""
        self.tries += 1
        if title.body >= len(self._paragraphs):
            return False
        if self._is_headed(title):
            return True
        seen = {m.scheme for _, m in self._between(before.body, title.first)}
        top = min((CUSTOM[scheme] for scheme in seen), default=None)
        for _, mark in self._between(title.body, len(self._paragraphs)):
            if top is None or (mark.scheme in seen and CUSTOM[mark.scheme] <= top):
                return mark.number == 1
            if mark.number == 1 and CUSTOM[mark.scheme] < top:
                return True
        return top is None or self._stands_out(title)

    def _between(self, first: int, after: int) -> list[tuple[int, Mark]]:
        if self._found is None:
            marks = (
                (place, mark_at(self._text, p.start, p.end))
                for place, p in enumerate(self._paragraphs)
                if p.role is Role.TEXT
            )
            self._found = [(place, mark) for place, mark in marks if mark]
        start = bisect_left(self._found, first, key=lambda pair: pair[0])
        return self._found[start : bisect_left(self._found, after, key=lambda pair: pair[0])]

    def _is_headed(self, title: Title) -> bool:
        """Whether a title has a head of its own, as every document: a day or number, and an addressee."""
        lines = [_words(self._text, p) for p in self._paragraphs[title.after : title.body + 1]]
        dated = any(_HEADED.match(words) for words in lines[:-1])
        addressed = len(lines[-1]) <= 2 * _LONGEST_TITLE and _ADDRESSEE.fullmatch(lines[-1])
        return dated and bool(addressed)

    def _stands_out(self, title: Title) -> bool:
        """A last document without numbering: it must name its kind and speak at some length."""
        rest = sum(p.end - p.start for p in self._paragraphs[title.body :])
        return rest > _SHORTEST_SPEECH and bool(_SPEECH.search(title.heading))


_SPEECH = re.compile(r"(?:讲话|报告|致辞)(?:摘要)?$")
