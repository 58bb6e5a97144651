"""Time expressions -> a window of days, or honestly none.

The grammar is a closed list of forms (``FORMS``); one compiled alternation finds them in one pass, a
small function per form says what they come to, counted from an ``Anchor``. Text is folded first
(``digests.chinese.fold``), so digits and punctuation are half-width and the script simplified.

The ends: 前 excludes what it names for feasts, bare years and bare months (2030年前 ends on 31
December 2029); 底前, 末 and a full date with 前 include it (6月30日前 ends on 30 June). A period
(今年, 下半年, “十四五”期间) is a window, not a deadline. 尽快, 适时, 近期 come to no day at all.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import cache

from digests.dating import english, occasions, reckoning, spanning
from digests.dating.moments import Anchor, Moment, anchor_of
from digests.dating.seasons import season, season_names
from digests.report import Report, TaskKind

_S = r"[ \t\u3000]?"
_DIGIT = "〇○零o一二三四五六七八九"
_SMALL = r"(?:\d{1,3}|[一二两三四五六七八九十百半]{1,4})"
_DASH = rf"{_S}(?:-|—|–|―|~|～|至|到|起至){{1,3}}{_S}"
_YEAR = (
    rf"(?:(?:19|20|21)\d\d{_S}年|[一二][{_DIGIT}]{{3}}年|今年|本年(?!度)|明年|(?<!以)来年|(?<!明)后年|当年|次年|翌年"
    rf"|民国{_S}(?:\d{{2,3}}|[一二三四五六七八九十百零〇]{{1,6}}){_S}年|1[0-3]\d{_S}年|[本今明]{_S}\(1[0-3]\d\){_S}年)"
)
_SPACES = r" \t\u3000"
_UNTIL = rf"(?<![乃甚虑感看受遇想谈提意认达等])(?:到|至|截至|截止到?){_S}"
_MONTH = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
_MDAY = r"(?:3[01]|[12]\d|0?[1-9]|三十一?|二?十[一二三四五六七八九]?|[一二三四五六七八九])"
_NOT_NUMBER = r"(?<![\d.一二三四五六七八九十百千万第])"
_BEFORE = r"(?:之前|以前|前(?!后|景|沿|期|提))"
_OPEN, _CLOSE = r"[“\"「『‘']?", r"[”\"」』’']?"

VAGUE = (
    r"尽快|尽早|适时|近期内?(?!工作|利益|和|与|、|目标|任务|愿景|建设|规划)|短期内|即将|如期|早日|择机|不久的?将来|限期|择期"
    r"|建(?:党|国|军)\d{2,3}周年|本?世纪中叶|下一步|as soon as (?:possible|practicable)|in due course|in the near future|in a timely (?:manner|fashion)|without delay"
)
"""Words that speak of time and name no day."""

RECURRING = (
    rf"每季度?(?:末月|首月|第[一二三]个月){_S}(?:\d{{1,2}}{_S}[日号])?(?:之前|前|底前)?|每[半两二三四五六七八九十\d]{{0,2}}个?(?:学期|季度)(?!末|底)"
    r"|一个月一个月地?|一(?:季度一季度|周一周|年一年)地"
    rf"|(?<!平均)每(?:半|(?:[一二两三四五六七八九十\d]{{1,2}}(?:至|到|-|—|~)){{0,1}}[一二两三四五六七八九十\d]{{1,2}})?(?:个)?(?:月(?:{_S}\d{{1,2}}{_S}[日号](?:之前|前)?|[上中下]旬|月?底前?|末|初)?|季度末?|季|年度|年|周[一二三四五六日]?|星期[一二三四五六日]?)(?!人|万|增|递|年[末底终]|最低|薪|工资|租金|代表大会|第?[一二三四]季度|[上下]半年|的?[ \t]?(?:\d{{1,2}}|[一二三四五六七八九十]{{1,2}})[ \t]?月)"
    r"|一(?:日|周|旬|月|季度?|年|季)一(?:调度|通报|督查|督导|研判|会商|总结|考核|点评|分析|小结|报告|评比|检查|排查|更新|碰头|例会|评估|交账|晾晒|清零)"
    r"|年中和年[末底]|[一两二三四六]个月(?=[一-鿿]{0,6}一次)|按月|按季度?|每日|每天"
    r"|(?<!the )(?<!a )\b(?:(?:at least |once )?(?:weekly|monthly|quarterly|annually|semi-?annually|bi-?annually|biennially|yearly)(?=[.,;:)]|$| (?:to|by|on|in|for|at|and|thereafter|until|through)\b)"
    r"|(?:at (?:least|minimum) )?(?:every|each) (?:(?:two|three|four|five|six|\d) )?(?:fiscal |calendar )?(?:months?|quarters?|years?|weeks?)\b|(?:at least )?(?:once|twice|three times) (?:a|an|per|each|every) (?:fiscal |calendar )?(?:year|quarter|month|week)|on an? (?:weekly|monthly|quarterly|annual|semi-?annual|yearly|biennial) basis)"
)
"""Words that say how often."""


_SEASONS = "(?!)"
"""Stands for the names of the seasons, which an office may add to."""
_FEASTS = "春节|元旦|国庆节?|五一|劳动节|端午节?|中秋节?|清明节?|元宵节?|七一|八一|十一|六一|教师节|建军节"
_N = _NOT_NUMBER

FORMS: tuple[tuple[str, str, reckoning.Reader], ...] = (
    ("feast", rf"(?P<y>{_YEAR})?{_OPEN}(?P<f>{_FEASTS}){_CLOSE}(?P<end>前夕|之前|以前|前(?!后))", occasions.read_feast),
    ("next_month", rf"(?P<w>下个?月|本月){_S}(?:(?P<part>底|末|[上中下]旬|初)|(?P<d>{_MDAY}){_S}[日号])?{_S}(?P<end>{_BEFORE}|内)?", spanning.read_next_month),
    ("mid_year", rf"(?P<to>{_UNTIL})?(?P<y>{_YEAR}(?=年中))?年中(?P<end>{_BEFORE})", spanning.read_mid_year),
    ("new_year", rf"(?:{_UNTIL})?(?P<y>明年|来年|(?:19|20)\d\d{_S}年|1[0-3]\d{_S}年)年?初(?!步|级|中|期|心|始|一|二|三)", occasions.read_vague),
    ("days", rf"{_N}(?P<y>{_YEAR})?{_S}{_N}(?P<m>{_MONTH}){_S}月{_S}(?P<d>{_MDAY}){_S}日?(?:起)?{_DASH}(?P<y2>{_YEAR})?{_S}(?:(?P<m2>{_MONTH}){_S}月{_S})?(?P<d2>{_MDAY}){_S}日(?:内|期间)?", reckoning.read_days),
    ("months", rf"{_N}(?P<y>{_YEAR})?{_S}{_N}(?P<m>{_MONTH})(?:{_S}月?(?:份)?{_DASH}|(?P<and>、){_S})(?P<y2>{_YEAR})?{_S}(?P<m2>{_MONTH}){_S}月(?:份)?(?P<part>底|末)?(?!\d|{_S}\d{{1,2}}{_S}日)", reckoning.read_months),
    ("years", rf"(?:从{_S})?(?<!\d)(?P<a>(?:19|20)\d\d|[一二][{_DIGIT}]{{3}}|1[0-3]\d(?={_S}年)){_S}年?{_DASH}(?P<b>(?:19|20)\d\d|[一二][{_DIGIT}]{{3}}|1[0-3]\d){_S}年(?!{_S}\d{{1,2}}{_S}月)", reckoning.read_years),
    ("day", rf"(?P<to>{_UNTIL})?{_N}(?P<y>{_YEAR})?{_S}{_N}(?P<m>{_MONTH}){_S}月{_S}(?P<d>{_MDAY}){_S}[日号](?!线|楼|院|文)(?:\([^()]{{1,8}}\))?(?:{_S}(?:上午|下午|晚上?)?\d{{1,2}}(?::\d{{2}}|[时点](?:整|\d{{1,2}}分)?))?(?P<end>{_BEFORE}|为?止|起|开始|以后|之后|后)?", reckoning.read_day),
    ("month", rf"(?P<to>{_UNTIL})?{_N}(?P<y>{_YEAR})?的?{_S}{_N}(?P<m>{_MONTH}){_S}月份?(?!一[调通督研会总考点分小报评检]|[一-鿿]{{0,2}}(?:亮|季|嫂|子弯))(?P<part>底|末|上旬|中旬|下旬|初)?(?P<end>{_BEFORE}|内|起(?!至|到)|开始)?(?!\d)", reckoning.read_month),
    ("quarter", rf"(?P<to>{_UNTIL})?(?P<y>{_YEAR})?的?{_S}(?P<q>第?[一二三四1-4]{_S}季度|[上下]半年|前[两三]个?季度)(?P<end>末|底前?|内|结束前|{_BEFORE})?", reckoning.read_quarter),
    ("plan", rf"(?:到|至)?{_OPEN}(?P<p>十[一二三四五六]?五|[六七八九]五){_CLOSE}(?:规划|计划)?(?P<end>期间末|时期末|期末前?|末期|末年|末前?|期间|时期内?|期内|[前后][一二两三四]年|中后期|初期|以来)", spanning.read_plan),
    ("year_end", rf"(?:{_UNTIL})?(?:(?P<y>{_YEAR}|今(?=年底|年末|年内)|明(?=年底|年末|年内)|20\d\d{_S}(?=年底|年末|年内))年?|(?<![0-9一二两三四五六七八九十百半几多近数每历上去往青前常逐同整来后周成])年)(?:底|末|内|终(?=前|以前))(?:{_BEFORE})?", reckoning.read_year_end),
    ("since_year", rf"(?<=[从自])(?P<y>{_YEAR}){_S}(?:起(?!草|步|点)|开始)", reckoning.read_since_year),
    ("year", rf"(?P<to>{_UNTIL})?{_N}(?P<y>{_YEAR})(?![的{_SPACES}]?{_S}(?:{_MONTH}{_S}月|[上下]半年|第?[一二三四]季度))(?P<end>{_BEFORE}|以来|来)?", reckoning.read_year),
    ("whole", r"全年(?!轻|龄|限)|今明两年|明后两?年|本年度|(?<![0-9一二三四五六七八九十每逐])月(?:底|末)前", spanning.read_whole),
    ("century", rf"(?:{_UNTIL})?(?P<c>二十一?|2[01]|本){_S}世纪末", spanning.read_century),
    ("open", r"(?:本届[一-鿿]{0,6})?任期(?:之)?内|(?:今后|未来)(?:[一二两三四五六七八九十\d]+(?:至|到|-)?[五十]?年)(?:内|时间)?|今冬明春|(?:过渡|执行|规划|实施)期(?:间|内)", spanning.read_open),
    ("season", rf"(?P<s>{_SEASONS}|入?汛(?=前))(?P<end>(?:到来|来临)?{_BEFORE})?", occasions.read_season),
    ("within", rf"(?<![\d.第])(?P<n>{_SMALL}){_S}(?P<u>个?工作日|日|天|个?周|个?星期|个?月|年|个?小时)(?:之内|以内|内)(?!外)", occasions.read_within),
    ("ahead", rf"(?:提前{_SMALL}{_S}(?:个?工作日|日|天|个月|个小时)|(?<![\d月.第])(?P<n>{_SMALL}){_S}(?:个工作日|日|天|个月)(?:之前|以前|前))", occasions.read_ahead),
    ("span", rf"(?:利?用|通过|经过){_S}{_SMALL}(?:(?:至|到|-){_SMALL})?{_S}(?:年|个月)(?:左右)?的?(?:时间|努力)", occasions.read_span),
    *english.FORMS,
    ("recurring", RECURRING, occasions.read_recurring),
    ("vague", VAGUE, occasions.read_vague),
)  # fmt: skip  # a table reads better with one form on a line
"""Every form: its name, what it looks like in folded text, what it comes to."""


_STARTS = (
    r"\d一二两三四五六七八九十百半今本明来后当次翌民从到至截年全任未过执规实春元国劳端中清教建利用提逐按"
    r"每尽适近短即如早择不限世下上前第汛梅台主伏凌采供取森防禁休迎入汛“\"「『‘'abcdefijlmnopqstuwy通经月"
)
"""The characters with which a form can begin: most positions of a text are passed over by them."""


def _anonymous(pattern: str) -> str:
    return re.sub(r"\(\?P<\w+>", "(?:", pattern)


_Forms = dict[str, tuple[re.Pattern[str], reckoning.Reader]]


@cache
def _compiled(seasons: tuple[str, ...]) -> tuple[re.Pattern[str], _Forms]:
    """The one alternation that finds every form, and each form by itself."""
    named = "|".join(map(re.escape, seasons))
    forms = [(name, pattern.replace(_SEASONS, named), reader) for name, pattern, reader in FORMS]
    every = "|".join(f"(?P<{name}>{_anonymous(pattern)})" for name, pattern, _ in forms)
    starts = _STARTS + re.escape("".join({name[0] for name in seasons}))
    each = {name: (re.compile(pattern), reader) for name, pattern, reader in forms}
    return re.compile(f"(?=[{starts}])(?:{every})"), each


_LISTS = ("、", "和", "及", "与")
_EXPLICIT = frozenset(
    {"days", "months", "day", "month", "quarter", "year_end", "since_year", "year"}
)


def find(text: str, anchor: Anchor, start: int = 0, end: int | None = None) -> Iterator[Moment]:
    """The time expressions of a folded sentence, in order, with what they come to.

    >>> [m] = find("确保春节前圆满完成", Anchor(date(2020, 7, 17)))
    >>> str(m.kind), m.first, m.last
    ('dated', None, datetime.date(2021, 2, 11))
    >>> [(str(m.kind), m.last) for m in find("尽快完成", Anchor(date(2020, 7, 17)))]
    [('vague', None)]
    """
    year = anchor.year
    yearly, until = False, 0
    stop = len(text) if end is None else end
    at = start
    every, each = _compiled(season_names())
    while found := every.search(text, at, stop):
        name = found.lastgroup or ""
        pattern, reader = each[name]
        exact = pattern.match(text, found.start(), stop)
        at = found.end()
        if exact is None:
            continue
        listed = until and text[until : exact.start()] in _LISTS
        context = reckoning.Context(anchor, year, text, yearly, bool(listed))
        moment = reader(exact, context)
        to = listed or (name == "year" and exact["to"])
        until = exact.end() if to and name == "year" else 0
        if name in _EXPLICIT:
            named = exact["y"] and text[exact.end() : exact.end() + 1] != "度"  # 2017年度任务
            year = (named and reckoning.year_of(exact["y"], context)) or year
            yearly = moment is not None and moment.kind is TaskKind.RECURRING
        if moment is not None:
            yield _from_now(moment, text, anchor)


_FROM_NOW = re.compile(r"(?:自|从)?(?:即日|现在)起(?:至|到|,)?$")


def _from_now(moment: Moment, text: str, anchor: Anchor) -> Moment:
    """即日起至9月底: the window opens on the day of issue."""
    head = _FROM_NOW.search(text, max(0, moment.start - 8), moment.start)
    if not head or moment.kind is not TaskKind.DATED:
        return moment
    return replace(moment, start=head.start(), first=anchor.day)


def season_on(report: Report, day: date) -> str | None:
    """The season that runs on a day in the report's region, if the report names it."""
    anchor = anchor_of(report)
    for name in season_names():
        known = season(name, anchor.region)
        if known and known.first and name in report.text:
            window = known.window(day)
            if window and window[0] <= day <= window[1]:
                return name
    return None
