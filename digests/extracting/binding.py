"""Which time expressions bind a sentence: none of the past, none that only describe a noun.

The finer half of reading deadlines. ``dating`` says what an expression comes to; here it is decided
whether the sentence sets a time by it (年底前建成) or merely speaks of one (比2020年增长，2030年碳达峰行动方案).
"""

import re
from datetime import date
from itertools import islice

from digests.dating.forms import find
from digests.dating.moments import Anchor, Moment
from digests.extracting.directing import is_agenda, is_directive, is_past
from digests.extracting.tensing import Tense
from digests.patterns import Pattern
from digests.report import TaskKind

_MARKS = ",;。!?:\n"
_CLAUSE = Pattern(r"[,;。!?:\n]")


def clause_of(words: str, moment: Moment) -> tuple[str, str, str]:
    """The clause around an expression: all of it, what stands before, what comes after."""
    first = max(words.rfind(mark, 0, moment.start) for mark in _MARKS) + 1
    after = _CLAUSE.search(words, moment.end)
    last = after.end() if after else len(words)
    return words[first:last], words[first : moment.start], words[moment.end : last]


_MOST = 60
"""Expressions of one sentence that are weighed; real sentences have a handful."""
_NEVER = Pattern(
    r"截[至止](?!时间|日期)|昨天|前天|日前|近日|新华[社网]|人民网|中新[社网]|央视|本报[一-鿿\d]{0,12}讯|[^,。]{0,30}计算方法|[^。]{1,60}[×x÷]\s?100"
)


_ASKS = Pattern(r"(?:如何|怎样|怎么|什么|哪些|是否|吗|呢)[^。]{0,60}\?$")


def binding(words: str, tense: Tense, anchor: Anchor) -> list[Moment]:
    """The expressions that bind a folded sentence, each once; vague ones only where no other does.

    >>> from datetime import date
    >>> [m.last for m in binding("确保年底前建成", Tense.AHEAD, Anchor(date(2020, 7, 17)))]
    [datetime.date(2020, 12, 31)]
    >>> binding("2020年是收官之年", Tense.AHEAD, Anchor(date(2020, 7, 17)))
    []
    """
    if _NEVER.match(words) or "如果" in words or _ASKS.search(words) or is_agenda(words):
        return []
    titles = [t.span() for t in re.finditer(r"《[^》]{1,80}》", words)]
    found = [
        m
        for m in islice(find(words, anchor), _MOST)
        if not m.past
        and not any(a < m.start < b for a, b in titles)
        and _binds(m, words, tense, anchor)
    ]
    timed = _unless_alone([m for m in found if m.kind is not TaskKind.VAGUE], words)
    if timed:
        return _distinct(_of_the_season(timed), words)
    if tense is Tense.BACK or not is_directive(words):
        return []
    return found[:1]


_LONGEST = 2000
"""Characters of a sentence whose clauses are told apart; longer ones are no sentences."""


def _distinct(moments: list[Moment], words: str) -> list[Moment]:
    """One of each expression: 今年 said twice in a sentence binds once; a term is set anew by each clause."""
    kept: dict[tuple[str, int], Moment] = {}
    for m in moments:
        term = m.kind in (TaskKind.DATED, TaskKind.RELATIVE) and len(words) < _LONGEST
        clause = max(words.rfind(mark, 0, m.start) for mark in _MARKS) if term else 0
        kept.setdefault((words[m.start : m.end], clause), m)
    return list(kept.values())


_FROM_YEAR = Pattern(r"年(?:起|开始)$")


def _unless_alone(moments: list[Moment], words: str) -> list[Moment]:
    """从2026年起 says by itself since when; beside another time (每年2月底前) it only frames that."""
    set_out = [m for m in moments if not _FROM_YEAR.search(words, m.start, m.end)]
    return set_out or moments


def _of_the_season(moments: list[Moment]) -> list[Moment]:
    """Of several seasons in a sentence, the one that runs at the issue or comes next."""
    windows = [m for m in moments if m.kind is TaskKind.SEASON]
    if len(windows) < 2:  # noqa: PLR2004 -- nothing to choose from
        return moments
    soonest = min(windows, key=lambda m: (m.first or date.max, m.last or date.max))
    return [m for m in moments if m.kind is not TaskKind.SEASON or m is soonest]


# ---- one expression ------------------------------------------------------------------------


def _binds(moment: Moment, words: str, tense: Tense, anchor: Anchor) -> bool:
    clause, before, after = clause_of(words, moment)
    if tense is Tense.BACK:
        return _looks_ahead(moment, words, clause, anchor)
    if moment.kind is TaskKind.VAGUE or _is_condition(moment, words, after):
        return moment.kind is TaskKind.VAGUE and not is_past(clause)
    if moment.kind is TaskKind.RELATIVE and (_TERM_OF.match(after) or anchor.statute):
        return not _TERM_OF.match(after) and "是指" not in clause
    told = anchor.minguo and not _announced(moment, words, clause)
    if told or _is_over(moment, words, before) or _is_service(moment, words, clause):
        return False
    if moment.plain:
        year_of_office = anchor.minguo and _FISCAL.match(after)  # 104年度将延续办理
        opens = year_of_office or _opens_a_step(moment, words, anchor, tense)
        return bool(opens) or _plain_binds(moment, words, before, tense)
    day = moment.first if moment.first == moment.last else None
    own_day = day is not None and day == anchor.day  # the day of the document itself
    opens = words[moment.start : moment.end].endswith(("起", "开始"))
    refused = (
        own_day or (_BEFORE_DATED.search(before) and not opens) or _describes(moment, words, after)
    )
    return not (refused or _is_attribute(before, after)) and (
        tense is Tense.AHEAD or _is_deadline(moment, clause)
    )


_COUNTED = Pattern(r"^(?!.*(?:至少|再|预)).*\d[ \t]?(?:件|案|场|人|户|名|家|次|项|处|所)")
"""103年协助511件: told, not announced."""
_DONE = Pattern(
    r"荣获|获|上映|签约|已|业于|落成|启用|揭牌|动土|共|受益|相较|增加|完成|首创|件数|人次|计[ \t]?\d"
)


def _announced(moment: Moment, words: str, clause: str) -> bool:
    """In a session report, which tells results and plans in one breath, only what is announced (预计) binds."""
    if moment.kind not in (TaskKind.DATED, TaskKind.PERIOD):
        return True
    if _LOOKS.search(clause):
        return moment.end < len(words.rstrip())  # else the line's wrap cut the date
    if moment.plain and clause.startswith(words[moment.start : moment.end]) and _is_year(moment):
        return not _DONE.search(clause) and not _COUNTED.search(clause)
    return bool(_LOOKS.search(words, 0, moment.start)) and not _DONE.search(clause)


def _is_year(moment: Moment) -> bool:
    if moment.first is None or moment.last is None:
        return False
    return (moment.first.month, moment.last.month) == (1, 12)


def _is_over(moment: Moment, words: str, before: str) -> bool:
    """Whether the clause tells what has happened or how things stand (截至…, 2020年以来)."""
    expression, tail = words[moment.start : moment.end], words[moment.end :]
    if expression[0] == "截" or expression.endswith("来") or is_past(before):
        return True
    return bool(_OVER.match(tail) or (moment.kind is TaskKind.RELATIVE and _ATTAINED.match(tail)))


def _is_deadline(moment: Moment, clause: str) -> bool:
    """Where nothing says that the text looks ahead, an exact day or span binds only if its clause does."""
    exact = moment.kind is TaskKind.DATED and moment.first is not None
    return not exact or bool(_LOOKS.search(clause)) or is_directive(clause)


_TERM_OF = Pattern(r"的|有效|再次?[^,。;]{0,12}(?:者|的)|(?:高校|应届)?毕业生|新入职")
"""三个月以内的培训, 一年内有效, 离校2年内毕业生: the term belongs to a noun."""
_CONDITION = Pattern(
    r"[^,。;:]{0,40}(?:的|者)[,。;]|[^,。;:应须]{0,8}(?:尚未|仍未|还未|未(?!成年|来|满|婚)|拒不|无正当理由)"
)
_RATE = Pattern(
    r"(?:按(?=[^,。;]{0,12}[%分元‰])|加收|加处|计|处|罚|运转|应纳|给付|支付|发给)|(?:平均|工作|经常性)?(?:收入|所得|租金|工资|薪|津贴|投保|保险费)"
)


def _is_condition(moment: Moment, words: str, after: str) -> bool:
    """三十日内未提出异议的, 持有在一年以内者: a case in which something follows, no term for anybody."""
    if moment.kind is TaskKind.RELATIVE:
        return bool(_CONDITION.match(after))
    every = moment.kind is TaskKind.RECURRING and words[moment.start] == "每"
    return every and bool(_RATE.match(after))


_ATTAINED = Pattern(r"[,]?[^。;]{0,30}(?:已(?!知|然|建成的)|取得了|实现了|完成了)")
_CHARGED = Pattern(r"应|须|要|报告|上报|报送")


def _is_service(moment: Moment, words: str, clause: str) -> bool:
    """Whether hours are a standard of service (2小时内到达), not a term somebody must keep."""
    hours = moment.kind is TaskKind.RELATIVE and "小时" in words[moment.start : moment.end]
    return hours and not _CHARGED.search(clause)


_OVER = Pattern(r"以来|来,|已|,?是(?!否)|为每年")
_BEFORE_DATED = Pattern(
    r"[比较由从]$|有效期[^,]{0,4}$|(?:执行|实施)期限?[为至:]{0,2}$|[压缩减短控降]\w{0,2}[至到在为]$|不超过$|规划期$|[至到][\d个、]+$"
)
_OF_ALL = Pattern(r"(?:^|[,;:。])(?:对于?|凡是?|所有|针对|把)[^,;。]{0,6}$")
_CLAUSE_OF = Pattern(r"[^,;。]{1,12}的")


def _is_attribute(before: str, after: str) -> bool:
    """对今后八年计划建设的项目, 凡6月前到期的合同: the time belongs to a noun."""
    return bool(_OF_ALL.search(before) and _CLAUSE_OF.match(after))


_EFFECT = Pattern(r"起?(?:施行|实施|生效|执行|试行|废止)(?=[,。;:]|$)")
_DESCRIBED = Pattern(
    r"(?:制定|建成|出台|发布|印发|签订|取得|参加|开工|投产|注册|登记|认定|成立|入学|毕业|竣工|到期)的|印(?:发|制)?(?=[^一-鿿]|$)|的(?:重点|中心|主要)工作|(?:效能|绩效|考核|述职|总结|决算)|碳(?:排放)?达峰(?:行动|方案|实施)"
)


def _describes(moment: Moment, words: str, after: str) -> bool:
    """Whether a dated expression only describes a noun (面向2035年的规划) or says when a text takes effect."""
    if _EFFECT.match(after) or _DESCRIBED.match(after):
        return True
    if words[moment.start - 1 : moment.start] == "“" and re.match(
        r"[^“,]{1,5}”", words[moment.end :]
    ):
        return True  # a name: “每月一题”
    return words[moment.start] in "到至" and bool(_OF_NOUN.match(words[moment.end :]))


_FISCAL = Pattern(r"度[ \t]?(?!计[划画]|预算|决算|报告|施政|[的、])")
_STEP = Pattern(r"^[,:]")


def _opens_a_step(moment: Moment, words: str, anchor: Anchor, tense: Tense) -> bool:
    """“2019年上半年，试点城市印发方案”: a named time to come that opens the sentence is a step of a plan."""
    if tense is Tense.AHEAD or moment.last is None or anchor.day is None or moment.start:
        return False
    tail = words[moment.end :]
    return (
        bool(_STEP.match(tail))
        and words[:1].isdigit()
        and moment.last >= anchor.day
        and ",是" not in tail
    )


_OBJECT = Pattern(
    r"\)?(?:的?(?:(?:重点|主要|各项|中心|总体|全部)){0,2}工作(?!日)|规划(?![ \d至])|计划(?!新|完|安|投|实|建|启|开|:|[ \d])|纲要|预算|决算|政府工作|报告|年度|度|版|届|级|新?年贺词|开局|基础上"
    r"|水平|同期|初(?!步)|常住|户籍|相比|,?(?:既|也|就|正|将|要|又)?是(?!否)|正值|适逢|恰逢|作为|定为|列为|大事|远景|可持续发展议程|应对气候变化|(?:我们)?将要?(?:召开|迎来|举行|举办)|、(?:19|20)\d\d年(?![^,]{0,4}分别)|中国[^,。]{0,24}(?:会|展|节|赛)"
    r"|[一-鿿]{0,4}(?:奥运会|冬奥会|亚运会|全运会|世博会|世锦赛|世界杯)|“[^”]{1,12}”(?:工程|行动|计划|项目|活动)的)"
)
_HOSTS = Pattern(r"(?:办好?|筹办|承办|协办|筹备|迎接|备战|组织好?|推进|参加|申办)$")
_EVENT = Pattern(r"[^,;。、]{0,24}(?:会|展|节|赛|峰会|论坛|晚会|运动会)")
_GIVEN = Pattern(r"(?:实施|完成|执行|编制|落实|下达)$")
_PLAN_OF_YEAR = Pattern(r"[^,;。]{2,20}(?:规划|计划|(?<!目标)任务|预算)(?=[,;。]|$)")
_OF_NOUN = Pattern(r"的(?![^,]{0,10}(?:任务|目标|重点|大事|要求|一项))")
_CONSIDERED = Pattern(
    r"(?:(?:考虑|看|认识|意识|感|想|顾及)到|鉴于|分析|研判|把握|谋划|编制|研究|纵观|综观|着眼|立足|看|回顾|总结|明确)[“好]?$"
)
_CREED = Pattern(
    r"指导思想|总体要求|总的要求|总体思路|基本思路|形势|只要我们|任务(?:十分|非常|很|更加|依然|极其)?(?:繁重|艰巨)|目标的确定"
)
_COMPARED = Pattern(r"(?:比|较|与|同|和|超过|低于|高于|自|从|由|对|关于|面向|(?<!阶段)[(“])$")
_FRAME = Pattern(
    r"[^,]{0,16}工作中?,?(?:就|我们|必须)?(?=[^,。]{0,16}(?:(?<![重主必需])要|将|必须))"
)
_CHANCE = Pattern(r"[^,;。]{2,20}的(?:机遇|契机|机会|形势)")
_WORK = Pattern(r"[^,]{0,24}工作")
_HALVES = Pattern(r"[上下]半年|季度")
_TALK = Pattern(r"(?:讲|谈|强调|提)几点")
_LOOKS = Pattern(r"将|任务|力争|计划|预计|预定|规划|拟|赓续|持续|延续")


_OPENS = 3
_ENGLISH_WILL = Pattern(
    r"\b(?:will|shall|must|should|(?:plans?|aims?|needs?) to|(?:are|is) project(?:ing|ed))\b"
)
_ENGLISH_NOT = Pattern(r"\b(?:have|has|did|do|does) not\b|\b(?:have|has|had|was|were) [a-z]+ed\b")
_ENGLISH_MUST = Pattern(
    r"\b(?:shall|must|should|aim|target|plan to)\b|\bwill be\b"
    r"|\b(?:we|government|authorities|council|state|agency|agencies|department|departments|board|office|minister|secretary)(?: also| at all levels)? will\b"
)


def _plain_binds(moment: Moment, words: str, before: str, tense: Tense) -> bool:
    """A bare year or period binds in a sentence that looks ahead, unless it only qualifies a noun."""
    tail = words[moment.end :]
    if words[moment.start].isascii() and words[moment.start].isalpha():
        if _ENGLISH_NOT.search(before):
            return False
        told = _ENGLISH_WILL if moment.start < _OPENS else _ENGLISH_MUST
        return bool(told.search(words))
    if _is_attribute(before, tail) or _is_given(moment, words, before, tail):
        return False
    half = _HALVES.search(words, moment.start, moment.end) and _OBJECT.match(tail)
    if half or _only_frames(words, before, tail) or _qualifies(before, tail):
        return False
    return tense is Tense.AHEAD or is_directive(words) or bool(_LOOKS.search(words))


def _is_given(moment: Moment, words: str, before: str, tail: str) -> bool:
    """完成2021年省定任务, 办好2025年世界大会: the year is part of what is done."""
    if not words[moment.start].isdigit():
        return False
    given = _GIVEN.search(before) and _PLAN_OF_YEAR.match(tail)
    return bool(given or (_HOSTS.search(before) and _EVENT.match(tail)))


def _only_frames(words: str, before: str, tail: str) -> bool:
    """A slogan (“全年红”), a speaker's turn (就下半年工作讲几点), what we have done."""
    slogan = before.endswith("“") and re.match(r"[一-鿿]{1,3}”", tail)
    return bool(slogan or _TALK.search(words) or _WE_DID.match(tail))


_WE_DID = Pattern(r",?我们[^;。]{0,30}了")


def _qualifies(before: str, tail: str) -> bool:
    """Whether the words only compare (比2020年), consider (分析“十四五”期间…) or belong to a noun."""
    if _COMPARED.search(before) or _CONSIDERED.search(before) or before.endswith("的"):
        return True
    if _CREED.search(tail[:30]):
        return True
    if _CHANCE.match(tail):
        return True
    if _FRAME.match(tail) and re.search(r"(?:做好|在|搞好|抓好|完成好?)$", before):
        return False  # 做好今年的政府工作，要…
    if _OBJECT.match(tail) or (before.endswith(("做好", "搞好")) and _WORK.match(tail)):
        return True
    return bool(_OF_NOUN.match(tail)) and not re.search(r"目标|任务", tail[:16])


_PROMISED = Pattern(r"将|(?<![主重需纪纲摘必紧概简])要(?!求|素)|力争|确保")


_NAMED = Pattern(r"[今明后]年|\d{4}|[“十]|春节|元旦|清明|五一|端午|中秋|国庆")
_SPRING = 3
"""A yearly report given by March reviews the year before: its 年底前 has passed."""


def _looks_ahead(moment: Moment, words: str, clause: str, anchor: Anchor) -> bool:
    """In a review only a clause that says so looks ahead: 年底前将全部签约落户."""
    if moment.last is None or moment.kind is TaskKind.VAGUE or anchor.day is None:
        return False
    named = anchor.minguo or _NAMED.search(words[moment.start : moment.end])
    if anchor.day.month <= _SPRING and not named:
        return False
    return bool(_PROMISED.search(clause)) and not is_past(clause) and moment.last >= anchor.day
