"""A few words of a sentence that name the matter it is about: the verb phrase with its object.

The clause that says what is to be done, as the report prints it, without who does it, by when, and the
words that only urge (要, 必须, 继续). It is found in the folded sentence and told as spans of it, so that
the printed words can be cut out.
"""

import re
from dataclasses import dataclass

from digests.dating.moments import Moment
from digests.extracting.directing import is_directive, is_statement
from digests.patterns import Pattern
from digests.report import TaskKind

LONGEST = 24
_SHORTEST = 4
"""A matter named in fewer characters (换届) says too little on a phone's screen."""

_CLAUSE = Pattern(
    r"(?P<mark>[;。!?:\n]|,(?!\d{3})|(?<=[a-z])\.(?= |$))|“[^“”]{1,40}”|\([^()]{1,40}\)"
)
"""Where a clause ends: never inside a quotation or a bracket."""
_WORK = Pattern(r"(?:做好|抓好|搞好|开展好?)(?!各)([一-鿿“”]{4,14}?)工作(?=[,;。]|$)")
_GENERAL = Pattern(
    r"(?:今年|明年|全年|[上下]半年|20\d\d年|各项|政府|经济|当前|这项|此项|该项|本职|其他|下一步|今后)"
)
"""做好今年政府工作 names no matter."""
_LABEL = Pattern(
    r"\s*(?:第[一二三四五六七八九十百零\d]+[条款章节][\s,:、]*|[((](?:[一二三四五六七八九十]{1,3}|\d{1,2}|[a-z]{1,3})[))][\s.、]*"
    r"|(?:[一二三四五六七八九十]{1,3}|\d{1,2}|[a-z])[))][\s.、]*|§+\s?[\d.]+\s*"
    r"|[一二三四五六七八九十]{1,3}、|\d{1,2}(?:[.、](?!\d)|\.\d{1,2}[\s、])\s*|[①-⑳●○▲■◆—-]+\s*|[一二三四五六七八九十]{1,3}是|第[一二三四五六七八九十]{1,2},|首先,|其次,)"
)
_AGENT = Pattern(
    r"[^,;。“”「《》]{0,40}?(?<![重主需必])(?:都|也|还|均)?(?:要(?![求素点件闻])|应当|(?<![回响适相供反对顺呼效感理本])应(?![用对急变届聘])|必须|(?<!所)须|务必)(?=.{3})"
)
_URGES = Pattern(
    r"(?:同时|为此|此外|所以|因此|特别是?|其中|我们|全[市省县区国](?:上下)?|还|也|都|就|要|应当?|必须|务必|须|一定|继续|进一步|争取|力争|确保|力求|着力|努力|预计|预定|计划|拟|将|并|且|再|总的|当前|现在|一般|原则上)+(?=.{4})"
)
_ONE_TIME = (
    r"(?:今年|明年|全年|年内|年底前?|[上下]半年|(?:20\d\d年)?\d{1,2}月(?:\d{1,2}日|底|末)(?:\([^()]{1,8}\))?"
    r"(?:之前|以前|前)?|20\d\d年(?:底前?)?)(?![至到\d-])"
)
_TIME = Pattern(rf"(?:到|至|在|于)?{_ONE_TIME}(?:(?:、|和|及|与){_ONE_TIME})*,?(?=.{{4}})")
_MORE_TIMES = Pattern(
    rf"(?:\([^()]{{1,8}}\))?(?:(?:、|和|及|与){_ONE_TIME}(?:\([^()]{{1,8}}\))?)*,?(?=.{{2}})"
)
_TERM = Pattern(r"[年月日末底]前|[日天月年]内|年底|到20\d\d年")
_SINCE = Pattern(
    r"(?:自|从|在|于)?[^,;]{1,30}?(?:之日|次日|时)起,?(?:在|于)?|(?:自|从|在|于)[^,;]{1,16}?后,?"
)
"""应当自收到申请之日起五日内答复: from when a term runs is no part of the matter."""
_FRAME = Pattern(
    r"(?:按照?|根据|依据|围绕|聚焦|紧盯|紧扣|依托|以(?!工代赈)|在|对(?!接|标)|对于|结合|为了?|随着|通过|针对|鉴于|由于|从|除|把.{1,12}作为|坚持(?:以|把)|站在|面对|于|自|当|因|经|如(?!实|期)|凡|有下列|同|与"
    r"|(?:within|by|before|after|in|on|to|if|when|where|for|as|under|from|of|and|or|per|no later|not later|during|at|upon|with) )"
)
_FRAME_ENDS = Pattern(
    r"(?:的|[目任]标是|任务是|(?:会议|要)?(?:指出|强调|要求)|期间|过程中|[的之]?[情状]况|的?要求|基础上|前提下|中|时|后)$"
)
_VERBLESS = Pattern(r"(?:予以|给予|如实|立即|及时|依法|可以|不得|不再|分别)?[一-鿿]{0,4}$")
_MEASURES = Pattern(r"累计|不少于|不低于|至少|平均")
_NEEDS = Pattern(r"(?:予以|给予|如实|依法)[一-鿿]{1,4}$")
_BASIS = Pattern(r"按照?|根据|依据|围绕|聚焦|紧盯|紧扣|坚持|结合|通过|为|以|依托")
_POINTS = Pattern(r"这|那|该|此|其|具体|以上|上述|前述|(?:做好|抓好|完成)(?:这|此|该)项")
_ALL = Pattern(r"全部|均|都|全数|陆续|分批")
_SUBJECT = Pattern(r"([^,]{2,12}?)(?:已|将|正|均|全部)")
"""Who 全部 are, says the clause before."""
_ADVERB = Pattern(r"尽快|尽早|适时|如期|早日|限期|择机|as soon as|in due|in a timely|without delay")
_WILL = Pattern(r"\b(?:shall|must|should|will|need to|needs to|may not)\b")

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Clause:
    """A clause without its time, its agent and its urging words: where it stands, what it says."""

    start: int
    end: int
    words: str
    points: bool
    """Whether it speaks of what was named before (这项工作要…)."""
    ordered: bool
    """Whether 要, 应当 or 必须 stood before it."""
    timed: bool
    """Whether a term of its own stood in it."""


def title_of(words: str, moment: Moment | None) -> tuple[Span, ...]:
    """Where the words of a title stand in a folded sentence; () when it only points elsewhere.

    >>> def title(words): return ["".join(words[a:b] for a, b in title_of(words, None))]
    >>> title("全力以赴做好村社组织换届工作,确保圆满完成。")
    ['村社组织换届']
    >>> title("各级部门要按照职责,完成河道清淤。")
    ['完成河道清淤']
    """
    clauses = _near(words, [c for c in _clauses(words, moment) if c.words], moment)
    if not clauses:
        return ()
    first = _first(clauses, moment)
    told = _telling(clauses, first) or _telling(clauses, 0)
    told = told or tuple(clauses[max(0, first - 1) : first + 1])
    told = _filled(told, clauses)
    work = _WORK.search(words, 0, told[-1].end + 1)
    if work and _names(work[1], words, moment):
        return (work.span() if _STUMP.fullmatch(work[1]) else work.span(1),)
    if told[-1].points:
        return ()
    if _ALL.match(told[0].words) and (at := clauses.index(told[0])):
        subject = _SUBJECT.match(clauses[at - 1].words)
        if subject:
            start = clauses[at - 1].start
            return ((start, start + subject.end(1)), (told[0].start, told[0].end))
    return tuple((clause.start, clause.end) for clause in told)


def _near(words: str, clauses: list[_Clause], moment: Moment | None) -> list[_Clause]:
    """The clauses between the semicolons around the time: others have times and matters of their own."""
    if moment is None or ";" not in words:
        return clauses
    first = words.rfind(";", 0, moment.start)
    last = words.find(";", moment.end) % (len(words) + 1)
    near = [c for c in clauses if first < c.start and c.end <= last]
    return near if any(len(c.words) >= _SHORTEST for c in near) else clauses


_STUMP = Pattern(r"(?:[\W\d年月日]*[^\W\d年月日]){0,2}[\W\d年月日]*")


def _filled(told: tuple[_Clause, ...], clauses: list[_Clause]) -> tuple[_Clause, ...]:
    """A clause that is hardly more than a date (115年6月启用) says what only with the one beside it."""
    if len(told) != 1 or not _STUMP.fullmatch(told[0].words):
        return told
    at = clauses.index(told[0])
    beside = clauses[at - 1 : at] or clauses[at + 1 : at + 2]
    if not beside or _STUMP.fullmatch(beside[0].words):
        return told
    return (beside[0], told[0]) if at else (told[0], beside[0])


def _names(work: str, words: str, moment: Moment | None) -> bool:
    """Whether 做好…工作 names a matter of its own."""
    whole = work.count("“") == work.count("”")
    timed = bool(moment and words[moment.start : moment.end] in work)
    return whole and not timed and not _GENERAL.match(work)


def _clauses(words: str, moment: Moment | None) -> list[_Clause]:
    found, at = [], 0
    inside = range(moment.start, moment.end) if moment else range(0)
    marks = [m for m in _CLAUSE.finditer(words) if m["mark"] and m.start() not in inside]
    for mark in (*marks, None):
        end = mark.start() if mark else len(words)
        found.append(_bare(words, at, end, moment))
        at = mark.end() if mark else end
    return found


def _bare(words: str, start: int, end: int, moment: Moment | None) -> _Clause:
    """What is left of a clause: time, agent and urging words are taken from its beginning, never out of it."""
    label = _LABEL.match(words, start, end)
    timed = bool(_TERM.search(words, start, end)) and not (moment and start <= moment.start < end)
    points = bool(_POINTS.match(words, label.end() if label else start, end))
    cuts = (_LABEL, _TIME, _AGENT, _URGES) if words[start:end].strip() else ()
    at, ordered = -1, False
    while at != start:
        at = start = _unquoted(words, start, end)
        for cut in cuts:
            found = cut.match(words, start, end)
            if found and found.end() < end:
                start, ordered = found.end(), ordered or cut is _AGENT
        if moment and _leaves(words, moment, start) and end - moment.end not in range(1, _SHORTEST):
            more = _MORE_TIMES.match(words, moment.end, end)
            start = min(end, more.end() if more else moment.end)
        elif moment and start < moment.start < moment.end + 1 < end and _runs(words, moment, start):
            start = moment.end
    while end > start and words[end - 1] in ' "':
        end -= 1
    if moment and start < moment.start < end <= moment.end:
        start = end  # 各部门于每年2月底前: who and by when, but not what
    points = points or bool(_POINTS.match(words, start, end))
    return _Clause(start, end, words[start:end], points, ordered, timed)


def _unquoted(words: str, start: int, end: int) -> int:
    """Behind blanks and a closing quote; a quotation that begins here belongs to the clause."""
    while (
        start < end
        and words[start] in ' "“”'
        and not (words[start] == "“" and "”" in words[start:end])
    ):
        start += 1
    return start


def _leaves(words: str, moment: Moment, at: int) -> bool:
    """Whether the expression begins here, and the clause can do without it."""
    keeps = moment.kind is TaskKind.VAGUE and not _ADVERB.match(words[moment.start : moment.end])
    leads = words[at : at + 1] in tuple("到在于至")
    return not keeps and moment.start in ((at, at + 1) if leads else (at,))


def _runs(words: str, moment: Moment, at: int) -> bool:
    """Whether only the day from which the term runs stands before it."""
    return bool(_SINCE.fullmatch(words[at : moment.start]))


def _first(clauses: list[_Clause], moment: Moment | None) -> int:
    """The clause in which the time stands, or the first one behind it."""
    if moment is None:
        return 0
    later = [i for i, clause in enumerate(clauses) if clause.end > moment.start]
    return later[0] if later else 0


def _telling(clauses: list[_Clause], first: int) -> tuple[_Clause, ...]:
    """The first clause that is more than a frame (按照…, 围绕…); a bare verb takes the one before it."""
    last = len(clauses) - 1
    for i, clause in enumerate(clauses[first:], first):
        weighed = i < last or clause.words.isascii()
        if _FRAME.match(clause.words) or (weighed and _is_void(clause, clauses[i + 1 : i + 3])):
            continue
        if i and (_completes(clauses[i - 1], clause) or _MEASURES.match(clause.words)):
            return clauses[i - 1], clause
        if i < last and _NEEDS.match(clauses[i + 1].words) and _completes(clause, clauses[i + 1]):
            return clause, clauses[i + 1]
        return (clause,)
    return tuple(c for c in clauses[first:] if is_directive(c.words))[:1]


def _is_void(clause: _Clause, following: list[_Clause]) -> bool:
    """Whether a clause names no matter of its own, and those behind it may."""
    words = clause.words
    if words.isascii():
        return not _WILL.search(words) or len(words) < _SHORTEST * 3
    if len(words) < _SHORTEST or _FRAME_ENDS.search(words) or is_statement(words):
        return True
    told = clause.ordered or is_directive(words)
    general = _WORK.match(words) and _GENERAL.match(words, 2)
    return bool(general) or (not told and any(c.ordered for c in following))


def _completes(before: _Clause, clause: _Clause) -> bool:
    """收到事项，予以登记: a bare verb says little without the clause before it."""
    short = len(before.words) + len(clause.words) < LONGEST and not before.timed
    hollow = _BASIS.match(before.words) or before.words.endswith(("指出", "强调", "要求"))
    return short and bool(_VERBLESS.match(clause.words)) and not hollow


# ---- the printed words ---------------------------------------------------------------------

_LINE = re.compile(r"\s*\n\s*")
_HAN = re.compile(r"[一-鿿]")


_PAIRS = (("“", "”"), ("「", "」"), ("（", "）"), ("《", "》"), ("(", ")"))


def shortened(title: str) -> str:
    """At most so many characters, cut between items where one ends late, and no quotation left open.

    >>> shortened("力争“十五五”期间全市生产总值跨上4000亿元台阶再上新台阶")
    '力争“十五五”期间全市生产总值跨上4000亿元…'
    """
    if not _HAN.search(title):
        return _shortened_words(_LINE.sub(" ", title))
    title = _LINE.sub("", title).strip()
    cut = title
    if len(title) > LONGEST:
        cut = title[: LONGEST - 1]
        at = max(cut.rfind(mark) for mark in "、和与及")
        cut = cut[:at] if at >= LONGEST * 2 // 3 else cut
    for opens, closes in _PAIRS:
        cut = _balanced(cut, title, opens, closes)
    return cut if len(cut) >= len(title) else f"{cut}…"


def _balanced(cut: str, title: str, opens: str, closes: str) -> str:
    """Close what was cut open, if its end is near; else leave it out."""
    if cut.count(opens) > cut.count(closes):
        closing = title[len(cut) :].find(closes)
        kept = 0 <= closing <= LONGEST // 2
        opened = cut[: cut.rindex(opens)]
        if kept or len(opened) >= _SHORTEST:
            cut = title[: len(cut) + closing + 1] if kept else opened
        else:
            cut = f"{cut}{closes}"
    return (
        cut if cut.count(opens) == cut.count(closes) else cut.replace(closes, "").replace(opens, "")
    )


def _shortened_words(title: str) -> str:
    """English titles are cut between words, at three times the length."""
    cut = title if len(title) <= LONGEST * 3 else title[: LONGEST * 3].rsplit(" ", 1)[0]
    if cut.count("(") > cut.count(")") and len(cut[: cut.rindex("(")]) > LONGEST // 2:
        cut = cut[: cut.rindex("(")].rstrip()
    return cut if len(cut) == len(title) else f"{cut}…"
