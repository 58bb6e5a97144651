"""A few words of a sentence that name the matter it is about: the verb phrase with its object.

The clause that says what is to be done, in the sentence's own words, without who does it, by when, and
the words that only urge (要, 必须, 继续).
"""

import re

from digests.dating.moments import Moment
from digests.extracting.binding import clause_of
from digests.extracting.tensing import is_directive, is_statement
from digests.patterns import Pattern
from digests.report import TaskKind

LONGEST = 24
_SHORTEST = 4
"""A matter named in fewer characters (换届) says too little on a phone's screen."""

_CLAUSE = Pattern(r"[,;。!?:\n]|(?<=[a-z])\.(?= |$)")
_WORK = Pattern(r"(?:做好|抓好|搞好|开展好?)(?!各)([一-鿿“”]{4,14}?)工作(?=[,;。]|$)")
_LABEL = Pattern(
    r"^\s*(?:第[一二三四五六七八九十百零\d]+[条款章节][\s,:、]*|[((]?(?:[一二三四五六七八九十]{1,3}|\d{1,3})[))][\s.、]*"
    r"|[一二三四五六七八九十]{1,3}、|\d{1,2}(?:[.、](?!\d)|\.\d{1,2}[\s、])\s*|[①-⑳●○▲■◆—-]+\s*|[一二三四五六七八九十]{1,3}是|第[一二三四五六七八九十]{1,2},|首先,|其次,)"
)
_AGENT = Pattern(
    r"^[^,;。“”]{0,40}?(?<![重主需必])(?:都|也|还|均)?(?:要(?![求素点件闻])|应当|(?<![回响适相供反对顺呼效感理本])应(?![用对急变届聘])|必须|(?<!所)须|务必)(?=.{3})"
)
_URGES = Pattern(
    r"^(?:同时|为此|此外|所以|因此|特别是?|其中|我们|全[市省县区国](?:上下)?|还|也|都|就|要|应当?|必须|务必|须|一定|继续|进一步|争取|力争|确保|力求|着力|努力|预计|预定|计划|拟|将|并|且|再|总的|当前|现在)+(?=.{4})"
)
_FRAME = Pattern(
    r"^(?:按照?|根据|依据|围绕|聚焦|紧盯|紧扣|依托|以(?!工代赈)|在|对(?!接|标)|对于|结合|为了?|随着|通过|针对|鉴于|由于|从|除|把.{1,12}作为|坚持(?:以|把)|站在|面对|于|自|当|因|经|如(?!实|期)|凡|有下列|同|与)"
)
_VERBLESS = Pattern(r"^(?:予以|给予|如实|立即|及时|依法|可以|不得|不再|分别)?[一-鿿]{0,4}$")
_ALL = Pattern(r"全部|均|都|全数|陆续|分批")
_SUBJECT = Pattern(r"([^,]{2,12}?)(?:已|将|正|均|全部)")
"""Who 全部 are, says the clause before."""
_POINTS = ("这", "那", "该", "此", "其", "具体")


def title_of(words: str, moment: Moment | None) -> str:
    """The work that is to be done, else the clause that tells it; "" when it only points elsewhere.

    >>> title_of("全力以赴做好村社组织换届工作,确保圆满完成。", None)
    '村社组织换届'
    >>> title_of("各级部门要按照职责,年底前完成河道清淤。", None)
    '完成河道清淤'
    """
    body = _LABEL.sub("", words)
    expression = _spoken(words, moment)
    work = _WORK.search(body)
    if (
        work
        and not (expression and expression in work[1])
        and work[1].count("“") == work[1].count("”")
    ):
        return shortened(work[1])
    clauses = [c for c in (_bare(c, expression) for c in _CLAUSE.split(body)) if c]
    if not clauses:
        return ""
    start = _first(words, moment, clauses, expression) if moment else 0
    told = _telling(clauses[start:]) or _telling(clauses) or clauses[0]
    if told.startswith(_POINTS):
        return ""
    subject = _ALL.match(told) and start and _SUBJECT.match(clauses[start - 1])
    return shortened(f"{subject[1]}{told}" if subject else told)


_ADVERB = Pattern(r"尽快|尽早|适时|如期|早日|限期|择机|as soon as|in due|in a timely|without delay")


def _spoken(words: str, moment: Moment | None) -> str:
    """The expression of time, where the clause can do without it."""
    if moment is None:
        return ""
    expression = words[moment.start : moment.end]
    keeps = moment.kind is TaskKind.VAGUE and not _ADVERB.match(expression)
    return "" if keeps else expression


def _bare(clause: str, expression: str) -> str:
    """A clause without its time, its agent and its urging words."""
    rest = clause.strip('"() ')
    if expression and expression in rest:
        rest = re.sub(rf"[在于到]?{re.escape(expression)}(?:起|开始)?", "", rest, count=1)
    rest = _TIMES.sub("", rest)
    return _URGES.sub("", _AGENT.sub("", rest)).strip('"() ')


_TIMES = Pattern(
    r"^(?:到|至|在|于)?(?:今年|明年|全年|年内|年底前?|[上下]半年|20\d\d年(?:底前?)?|\d{1,2}月底前),?(?=.{4})"
)


def _first(words: str, moment: Moment, clauses: list[str], expression: str) -> int:
    """Which clause the time stands in; one that holds nothing else gives way to the next."""
    own = _bare(clause_of(words, moment)[0].strip(",;。!?:"), expression)
    own = _bare(_LABEL.sub("", own), expression)
    if own in clauses:
        at = clauses.index(own)
        if len(own) < _SHORTEST and expression:  # 一个月一个月地抓
            clauses[at] = f"{expression}{own}"
        return at
    following = [_bare(c, expression) for c in _CLAUSE.split(words[moment.end :])]
    return next((clauses.index(c) for c in following if c in clauses), 0)


def _telling(clauses: list[str]) -> str:
    """The first clause that is more than a frame (按照…, 围绕…); a bare verb takes the one before it."""
    last = len(clauses) - 1
    for i, clause in enumerate(clauses):
        if i < last and (len(clause) < _SHORTEST or clause.endswith("的") or is_statement(clause)):
            continue
        if _FRAME.match(clause):
            continue
        if i and _VERBLESS.match(clause) and len(clauses[i - 1]) + len(clause) < LONGEST:
            return f"{clauses[i - 1]}，{clause}"
        return clause
    return next((c for c in clauses if is_directive(c)), "")


def shortened(title: str) -> str:
    """At most so many characters, cut between items where one ends late, and no quotation left open.

    >>> shortened("力争“十五五”期间全市生产总值跨上4000亿元台阶再上新台阶")
    '力争“十五五”期间全市生产总值跨上4000亿元…'
    """
    if title.isascii():
        return _shortened_words(title)
    cut = title
    if len(title) > LONGEST:
        cut = title[: LONGEST - 1]
        at = max(cut.rfind(mark) for mark in "、和与及")
        cut = cut[:at] if at >= LONGEST * 2 // 3 else cut
    if cut.count("“") > cut.count("”"):
        closing = title[len(cut) :].find("”")
        kept = 0 <= closing <= LONGEST // 2
        cut = title[: len(cut) + closing + 1] if kept else cut[: cut.rindex("“")]
    if cut.count("“") != cut.count("”"):
        cut = cut.replace("”", "").replace("“", "")
    return cut if len(cut) == len(title) else f"{cut}…"


def _shortened_words(title: str) -> str:
    """English titles are cut between words, at three times the length."""
    if len(title) <= LONGEST * 3:
        return title
    return f"{title[: LONGEST * 3].rsplit(' ', 1)[0]}…"
