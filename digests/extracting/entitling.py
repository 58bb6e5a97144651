"""A few words of a sentence that name the matter it is about."""

from digests.dating.moments import Moment
from digests.extracting.binding import clause_of
from digests.extracting.tensing import is_directive
from digests.patterns import Pattern

_CLAUSE = Pattern(r"[,;。!?:\n]")
_WORK = Pattern(r"(?:做好|抓好|推进|开展|完成|加强)([一-鿿“”]{2,14}?)(?:工作|任务|建设)")
_LEAD = Pattern(
    r"^(?:同时|为此|此外|所以|因此|特别|其中|我们|还|也|都|就|要|必须|务必|一定|继续|进一步|[一二三四五六七八九十]+是|\d+[.、]|[((]?\d+[))])+"
)
_VOID = Pattern(r"各个|各项|的$|^各|^好")
_DATES = Pattern(r"[今明全]年|上半年|下半年|目标")
_DOES = Pattern(r"实现|完成|抓|建成|同步|献礼|通过|开工|投用|启动|达到|任务")
LONGEST = 24


def title_of(words: str, moment: Moment | None) -> str:
    """The work that is to be done, else the clause that tells it, cut to a title.

    >>> title_of("全力以赴做好村社组织换届工作,确保圆满完成。", None)
    '村社组织换届'
    """
    expression = words[moment.start : moment.end] if moment else "\0"
    works = [
        w
        for w in _WORK.findall(words)
        if expression not in w
        and w.count("“") == w.count("”")
        and not _DATES.search(w)
        and not _VOID.search(w)
    ]
    if works:
        return str(max(works, key=len))
    clauses = [c.strip('"() ') for c in _CLAUSE.split(words) if c.strip()]
    if moment:
        clauses.insert(0, clause_of(words, moment)[0].strip(',;。:"() '))
    told = next((c for c in clauses if is_directive(c) or _DOES.search(c)), "".join(clauses[:1]))
    return shortened(_LEAD.sub("", told))


def shortened(title: str) -> str:
    """At most so many characters, cut between items, and no quotation left open.

    >>> shortened("力争“十五五”期间全市生产总值跨上4000亿元台阶再上新台阶")
    '力争“十五五”期间全市生产总值跨上4000亿元…'
    """
    cut = title
    if len(title) > LONGEST:
        cut = title[:LONGEST]
        at = cut.rfind("、")
        cut = cut[:at] if at >= LONGEST // 3 else cut[: LONGEST - 1]
    if cut.count("“") > cut.count("”"):
        closing = title[len(cut) :].find("”")
        kept = 0 <= closing <= LONGEST // 2
        cut = title[: len(cut) + closing + 1] if kept else cut[: cut.rindex("“")]
    if cut.count("“") != cut.count("”"):
        cut = cut.replace("”", "").replace("“", "")
    return cut if len(cut) == len(title) or title[len(cut)] == "、" else f"{cut}…"
