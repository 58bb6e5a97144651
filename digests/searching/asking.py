"""How people ask, in Chinese -> the kind of question, and what it is about."""

import re
from dataclasses import dataclass
from enum import StrEnum

from digests.patterns import Pattern


class Ask(StrEnum):
    """What a question wants to know."""

    WHEN = "when"
    AMOUNT = "amount"
    HOW = "how"
    WHAT = "what"
    WHO = "who"
    WHERE = "where"
    WHY = "why"
    IF = "if"


_ASKS: tuple[tuple[Ask, str], ...] = (
    (
        Ask.WHEN,
        r"(到|在|从|是|要|得)?(什么时候|啥时候|何时|几时|啥时|什么时间|哪一?天|几月几号|几月|几号(?![线楼院门馆])|哪一?年|多会儿|几点钟?)"
        r"(之?前|以前|为止)?|多久|多长时间|(截止|最后|完成)?(期限|时限|时间节点|截止时间|截止日期)(是|到)?(?=什么|$)|^(时间|日期)$",
    ),
    (
        Ask.AMOUNT,
        r"(一共|总共|大概|大约|最多|最少|至少|是|有|了)?"
        r"(多少|(?<![十百千第])几(?![何内乎率经]|年来))"
        r"(?P<unit>个百分点|个月|个|家|元|钱|人(?![才口])|亿|万|次|公里|亩|项|户|天|条|成|倍|岁|吨|斤|名|台|辆|套|例|宗"
        r"|小时|分钟|所|座|种|件|起|平方米|平米|年|号(?=[线楼院门馆]))?|"
        r"多大|多高(?!层)|多快|多长|多重$|百分之几|比例(是多少)?$|^(数量|金额|人数|数字|数据)$",
    ),
    (Ask.WHY, r"为什么|为何|为啥|什么原因|(的)?原因(是什么)?$"),
    (
        Ask.WHAT,
        r"(指的)?(是|指)?(什么|啥)意思"
        r"|(哪些|什么|啥)(事项|人|情形|单位|行为|内容|东西|样的)?(才?属于|才?算是?|包括|包含)"
        r"|(主要)?(包括|包含|分为|分成)(了|着)?(哪些|哪几|什么|啥|几)(个?方面|部分|内容|种|类|项)?"
        r"|(指的是|指|是)(什么|啥)|什么叫做?|何为|何谓|(什么|啥)(是|叫)|的?(含义|定义|意思)$",
    ),
    (
        Ask.WHO,
        r"(由|是|归|找)?(谁|哪个部门|哪些部门|哪家单位|什么部门|哪个单位|哪些单位)(来|去)?"
        r"|^(负责人|责任人|责任单位|牵头单位)$",
    ),
    (
        Ask.IF,
        r"在?(哪些|什么|啥|哪种|何种)(样的)?(情况|情形|条件|资格)(之?下|里)?"
        r"(才?(能|可以|会|要|应当|应该|需要|不能|不得|不可以))*",
    ),
    (Ask.WHERE, r"(在|去|到|从)?(哪里|哪儿|哪些地方|什么地方|何处)|在哪|^地点$"),
    (
        Ask.HOW,
        r"(该|应该|应|要|是|得)?(怎么办|怎么样|怎么|怎样|如何|咋办?)"
        r"|(有|采取了?|注意)?(哪些|什么|啥)(样的)?(具体)?(新|重点|主要)?"
        r"(措施|举措|办法|要求|规定|做法|政策|安排|部署|任务|目标|内容|工作)?",
    ),
)
_ASKING = tuple((kind, Pattern(pattern)) for kind, pattern in _ASKS)
_PADDING = Pattern(
    r"^(请问一?下?|想问一?下?|我?想?要?(知道|了解|查询|查一下|看看|看一下|问问|问一下)|帮我?查?一?下"
    r"|查一?下|你好|您好|麻烦|告诉我|报告(里|中|上)|文件(里|中|上)|对于?|关于|有关|针对|我们|咱们?|今年)+"
    r"|(吗|呢|吧|啊|呀|嘛|么|了|的|呗|哦)+$"
    r"|(的?(相关|有关|具体)?(情况|内容|规定|说法|政策|要求|信息|消息|事情|事儿|事|问题|原文|表述|提法))"
    r"(怎么说|是怎么说的|怎么讲|怎么写|说了|有)?$"
)
_LOOSE = Pattern(  # of a question only, since 内涝, 未来, 全会 and 纲要 are words
    r"^(在(?!建|校|岗|编|线|职|册|地)|的|是|得|可以|能(?!源|耗|力)|要(?!求|素|闻|点|领|道|件|害|塞)|内(?!涝|外|需|河|生|陆|部|控|循|卷|容|地))+"
    r"|((?<![未以近将原往])来|(?<![国所拥私])有|是|(?<![纲需重主摘])要|该|从|(?<![功性智职产节动可])能"
    r"|(?<![全协社机大席员工商金览议证谈学峰例布晚庙讨委博董事理聚宴集])会|到|达到|可以|应该?|里)+$"
)
_DOUBTS = r"算不算|违不违法|会不会被?|需不需要|该不该|是不是要|能不能|有没有|是不是|要不要|可不可以|是否|能否|可否|行不行|用不用"
_OR_NOT = Pattern(r"([^是能会要行该算有])不\1")  # 交不交学费
_YES_NO = Pattern(rf"(吗|么|没有|了没|不|行不行)$|{_DOUBTS}")
_BETWEEN = Pattern(rf"({_DOUBTS})(说明|说|讲|写|提|谈)?到?|到底|究竟|目前|现在|一般|应当")
_WHOSE = "(村|镇|乡|县|市|区|街道|社区|单位|小区|公司|学校|厂|家)?(里面?|上|这边|这里|这儿)?"
_ASKED_ABOUT = Pattern(  # of a question only: how it is asked, not what about
    r"(说|讲|写|提|谈)(到|起|过)了?|每(个月|月|年|天|人|次|户)|一个(月|人)|最(多|少|高|低|快|晚|迟|早)"
    r"|(召?开|办|做|报|查|搞|更新|调整|评估|检查)?一次"
    r"|至少|一起|同时|一共|总共|大概|左右|可以|能够|需要|必须|应该|具体|主要|分别|自己"
    r"|请问一?下?|想?问一?下|想(知道|了解|问问?|请教)|麻烦|告诉|关于|有关|对于"
    rf"|(我们?|咱们?|你们?|俺)(这|那)?个?{_WHOSE}|村里面?"
    r"|来(了|临)?的?时候|的时候|时候|当中|之中|里面|里边|方面|(?<=.)的(工作|事情|事|问题|东西)(?=\s|具体|$)"
)
_YEAR = "([今明去上前]|下一|上一)年度?(?![底末内初])"
_SAID_YEAR = Pattern(rf"{_YEAR}(的|里|中|全年)?")
_BACK = Pattern(
    "[去上前]年|上一年|过去|往年|已经?|[一-龥]了(多少|几)|完成了|了没|完成得|完成情况|上半年"
)
_AHEAD = Pattern(
    "[今明]年|下一?年|下半年|今后|未来|以后|将来|目标|计划|打算|准备|预计|预期|争取"
    "|要(达到|到|建|新|完成|增|花|投|办|修|产|打)"
)
_ACTS = Pattern(
    r"(?<=..)(能|可以|要|得|会|给|再)*(扣|领|拿|交|报|办|查|发|给|收|管|用|买|坐|补|改|算|分|住|开|建|修)(到|完|好|成|回|走|掉|了|上|出)*$"
)
_IN_FORCE = frozenset(("实施", "施行", "实行", "执行", "生效"))
_SAID_AT_LENGTH = 6  # characters; shorter ones beside a question are words
_PARTICLES = frozenset("来去到从在和与的了是有要会能得里内就都也还吗呢吧啊呀嘛么哦")
_SOFT = Pattern(
    r"完成|开始|结束|办结|做好|抓好|搞好|做|抓|搞|办理|落实|解决|处理|开展|干|弄|说|讲|写|提|规定"
    r"|要求|部署|安排|负责|牵头|管|推进|实施|实现|进行|注意|发|涨|提高|增加|增长|下降|减少|调整"
    r"|施行|实行|执行|生效|建|建成|申请|使用|搞完|办完|做完|上升|降低|参加|加强"
)
_VERB_FIRST = Pattern(
    r"^(管(?![理道网控线辖护委])|开始|负责|牵头|完成|办理|解决|处理|做好|抓好|搞好|提高|增加|实现|推进|开展|进行|落实|加强|参加|申请)"
)
_VERB_LAST = Pattern(
    r"(包括|包含|负责|牵头|完成|搞完|办完|做完|办理|办结|解决|处理|开始|结束|提高|增加|增长|上升|下降|减少|降低|涨)$"
)


_COUNTED = Pattern(  # around what a question wants counted: the year, and what sort of number
    r"(?P<year>^(19|20)\d\d年度?的?)?(?P<about>..+?)"
    r"(?P<sort>的?(预期)?(目标|总额|总量|总值|总数|人数|数量|比例|比重|标准|增速|增长率|增幅|幅度|数字|指标|规模)*)$"
)


@dataclass(frozen=True, slots=True)
class Question:
    """What a question is ``about``, the ``verbs`` that need not be there, what is to be counted.

    One that ``doubts`` asks for yes or no. ``past`` tells whether it looks back (True), ahead
    (False) or does not say.
    """

    about: tuple[str, ...]
    ask: Ask | None = None
    unit: str = ""
    verbs: tuple[str, ...] = ()
    doubts: bool = False
    past: bool | None = None


def asked(terms: tuple[str, ...]) -> Question:
    """The question in the terms of a query; without one, what is left without politeness.

    >>> asked(("村社换届什么时候完成",))
    Question(about=('村社换届',), ask=<Ask.WHEN: 'when'>, unit='', verbs=('完成',), doubts=False, past=None)
    """
    doubts = any(_YES_NO.search(term) or _OR_NOT.search(term) for term in terms)
    terms = tuple(_OR_NOT.sub(r"\1", term) for term in terms)
    ask: Ask | None = None
    unit = ""
    core: list[str] = []
    soft: list[str] = []
    asks = doubts or any(_asks(term) for term in terms)
    for term in terms:
        rest = term
        for kind, pattern in _ASKING:
            found = pattern.search(rest)
            if found and (ask is None or ask is kind):
                ask = kind
                unit = unit or _unit(kind, found)
                rest = f"{rest[: found.start()]} {rest[found.end() :]}"
        asking = rest != term or _asks(term) or (asks and len(term) > _SAID_AT_LENGTH)
        years = [y[0] for y in _SAID_YEAR.finditer(rest)] if asking else []
        rest = _SAID_YEAR.sub(" ", rest) if asking else rest
        verbs, about = _without_asking(rest, asking=asking)
        soft += [*years, *verbs]
        core += about
    if ask is Ask.AMOUNT:
        core, aside = _what_is_counted(core)
        soft += aside
    said = {*core, *soft}
    if ask is Ask.WHEN and set(core) <= _IN_FORCE and _IN_FORCE & said:
        core, soft = ["施行"], []  # when a rule takes effect
    if not core:
        core, soft = soft, []
    return Question(
        about=tuple(dict.fromkeys(core)),
        ask=ask,
        unit=unit,
        verbs=tuple(dict.fromkeys(soft)),
        doubts=doubts,
        past=_past("".join(terms)) if asks else None,
    )


def _past(said: str) -> bool | None:
    """Does a question look back? What it says of the year counts before what its verbs say."""
    back, ahead = _BACK.search(said), _AHEAD.search(said)
    if back and ahead:
        return "去年" in said or "上年" in said
    return bool(back) if back or ahead else None


def _asks(term: str) -> bool:
    return bool(_YES_NO.search(term)) or any(p.search(term) for _, p in _ASKING)


def _without_asking(term: str, *, asking: bool) -> tuple[list[str], list[str]]:
    """The general verbs of a term, and what it is about."""
    rest = _BETWEEN.sub(" ", term)
    if not asking:
        return [], [_strip(piece, None) for piece in rest.split()]
    soft: list[str] = []
    core: list[str] = []
    for piece in _ASKED_ABOUT.sub(" ", rest).split():
        kept = _strip(piece, _LOOSE)
        if kept not in _PARTICLES and not _PADDING.fullmatch(kept):
            verbs, about = _verbs_aside(kept)
            soft += verbs
            core += about
    return soft, core


def _what_is_counted(core: list[str]) -> tuple[list[str], list[str]]:
    """What is to be counted, without the year and the sort of number, and these."""
    found = [_COUNTED.fullmatch(term) for term in core]
    aside = [m[part] for m in found if m for part in ("year", "sort") if m[part]]
    return [m["about"] if m else term for m, term in zip(found, core, strict=True)], aside


def _unit(kind: Ask, found: re.Match[str]) -> str:
    """What is to be counted: as named, or time where the question is how long."""
    if kind is Ask.AMOUNT:
        return found["unit"] or ""
    return "久" if kind is Ask.WHEN and re.search("多久|多长", found[0]) else ""


def _verbs_aside(piece: str) -> tuple[list[str], list[str]]:
    """The general verb at either end of a question's words, and what is left."""
    if _SOFT.fullmatch(piece):
        return [piece], []
    found = _VERB_FIRST.match(piece) or _VERB_LAST.search(piece) or _ACTS.search(piece)
    if found is None or len(piece) - len(found[0]) < 2:  # noqa: PLR2004 -- a word is left
        return [], [piece]
    rest = piece[: found.start()] + piece[found.end() :]
    return [found[0]], [rest]


def _strip(piece: str, loose: Pattern | None) -> str:
    """Without the padding of politeness; never down to nothing but padding."""
    while True:
        rest = _PADDING.sub("", piece)
        rest = loose.sub("", rest) if loose else rest
        if rest == piece or (len(rest) < 2 and not loose):  # noqa: PLR2004 -- 花呗 is no 花
            return piece
        if not rest:
            return piece
        piece = rest
