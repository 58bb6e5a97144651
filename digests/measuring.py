"""Numbers and what they measure.

A figure is a quantity, a count or a rank as printed (3.6亿元, 五大, 全省第三); ordinals, dates, names and
versions are none. ``number`` multiplies 万 and 亿 out and leaves % as printed. One pass over each folded
sentence finds the candidates; a short function per shape decides.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from digests.chinese import to_number
from digests.moments import anchor_of
from digests.naming import measured
from digests.passages import Passage, passages
from digests.report import Figure, Report
from digests.tensing import Tense, tenses
from digests.units import COUNTERS, LATIN_UNITS, TIME_UNITS, UNITS, alternatives

_S = r"[ \t\u3000]?"
_A = r"(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
_HAN = "零〇一二两三四五六七八九"
_SCALE = r"(?:[十百千]?[万亿兆]+|百|千)"
_MORE = "[多余几来]"
_VALUES = {"十": 10.0, "百": 1e2, "千": 1e3, "万": 1e4, "亿": 1e8, "兆": 1e12}


@dataclass(frozen=True, slots=True)
class _Found:
    """A figure in a folded sentence: ``[start, end)`` is its value, ``number`` and ``unit`` what it says."""

    start: int
    end: int
    number: float
    unit: str
    rank: bool = False


_Reader = Callable[[re.Match[str], str], "_Found | None"]


def _arabic(written: str) -> float:
    return float(written.replace(",", ""))


def scaled(written: str) -> float | None:
    """The number that digits with 万 and 亿, or a Chinese numeral, stand for.

    >>> [scaled(n) for n in ("3.6亿", "8300万", "1亿2000万", "三千二百万", "三点五", "42万7,662", "两千亿")]
    [360000000.0, 83000000.0, 120000000.0, 32000000.0, 3.5, 427662.0, 200000000000.0]
    """
    word = re.sub(rf"\s|{_MORE}", "", written)
    total, rest = 0.0, word
    for mark, value in (("兆", 1e12), ("亿", 1e8), ("万", 1e4)):
        head, found, tail = rest.rpartition(mark) if mark != "万" else rest.partition(mark)
        if found:
            part = scaled(head) if head else 1.0
            if part is None:
                return None
            total += part * value
            rest = tail
    plain = _plain(rest)
    return None if plain is None else total + plain


def _plain(word: str) -> float | None:
    if not word:
        return 0.0
    simple = re.fullmatch(rf"({_A})([十百千]?)", word)
    if simple:
        return _arabic(simple[1]) * _VALUES.get(simple[2], 1.0)
    whole, point, decimals = word.partition("点")
    if point:
        digits = "".join(str(to_number(c)) for c in decimals)
        base = to_number(whole)
        return float(f"{base}.{digits}") if base is not None and digits.isdigit() else None
    mixed = re.fullmatch(r"(\d+)千(\d+)百?", word)
    if mixed:
        return float(mixed[1]) * 1000 + float(mixed[2]) * (100 if word.endswith("百") else 1)
    number = to_number(word)
    return None if number is None else float(number)


# ---- numbers in digits ---------------------------------------------------------------------

_DIGITS = (
    rf"(?<![\d.a-z〔\[#№_])(?<![a-z][-.])(?P<n>{_A}(?:{_S}{_SCALE}(?:{_S}{_A}(?:{_S}{_SCALE})?)?)?)"
    rf"(?P<more>{_MORE}(?P<late>{_S}[万亿]+)?)?{_S}"
    rf"(?P<cut>\([^()\d]{{1,6}}\))?(?P<u>(?:{alternatives(UNITS)})(?:/(?:[一-鿿]{{1,2}}(?=[以左,。;、)]|$)|(?:人|月|年|天|次|吨|亩|户|平方米|立方米|千瓦时|件|度)))?"
    rf"|(?:{alternatives(LATIN_UNITS)})(?![a-z])|年(?=[^一-鿿]|[获被居位保列蝉增超]))?"
)
_RANGE = re.compile(rf"{_S}(?:-|—|–|~|～|至|到){_S}{_A}{_S}(?:{_SCALE})?{_S}(?P<u>{alternatives(UNITS)})")
_NOT_AFTER = re.compile(
    r"(?:〔|第|no\.?|version|v|pm|g|s|q|-|表|图|附件|专栏|热线|电话|邮编|区号|公元)\s?$"
)
_NOT_BEFORE = re.compile(
    r"(?:年代|年版|年度|年(?![增以期之限])|号|版|后(?=[一-鿿])|届|期(?=[工项建])|级|路公|世纪|时(?:至|到|,|许)|[.:]\d|g(?![a-z])|a(?![a-z])|k(?![a-z])|d(?![a-z])|[+]|〕|\)|、|[.](?=[一-鿿]))"
)


def _read_digits(found: re.Match[str], words: str) -> _Found | None:
    head, tail = (
        words[max(0, found.start() - 8) : found.start()],
        words[found.end() : found.end() + 16],
    )
    unit, written = found["u"] or "", found["n"]
    if _NOT_AFTER.search(head):
        return None
    if unit in TIME_UNITS and not _lasts(head, unit, tail, written):
        return None
    if unit == "强" and (float(written.replace(",", "") if written.replace(",", "").isdigit() else 500) >= 500 or tail[:1] == "县"):  # noqa: PLR2004
        return None  # a list's name: 世界500强
    number = scaled(written + (found["late"] or ""))
    if number is None:
        return None
    if not unit:
        return _without_unit(found, written, number, head, tail)
    if unit in ("点", "分", "门") and re.match(r"\d|钟|之|槛|类|阶", tail):
        return _without_unit(found, written, number, head, "") if unit == "门" else None
    if unit == "月" or (unit == "个" and re.match(r"月", tail)):
        return None
    return _Found(found.start(), found.end(), number, unit)


def _lasts(head: str, unit: str, tail: str, written: str) -> bool:
    """A span of time is a figure when it is measured, not when it dates something."""
    if unit in ("周年", "月", "周", "星期"):
        return False
    if unit == "年":
        return len(written) < 4 and bool(re.search(r"(?:连续|历时|长达|潜逃|达)$", head))  # noqa: PLR2004 -- a year has four digits
    if unit in ("分钟", "小时") and head.endswith("“"):
        return False  # a name: “15分钟文化圈”
    if tail.startswith(("内", "以内", "之内", "前", "以前", "之前")) and not re.search(
        r"[至到为缩减短]$", head
    ):
        return False
    return not (unit == "天" and re.search(r"[今昨明]$", head)) and bool(written)


def _without_unit(
    found: re.Match[str], written: str, number: float, head: str, tail: str
) -> _Found | None:
    """A bare number counts when it is a measurement: it has decimals, thousands or a scale."""
    ranged = _RANGE.match(tail)
    if ranged and ranged["u"] not in TIME_UNITS and not re.match(r"国道|省道", tail):
        return _Found(found.start(), found.end("n"), number, ranged["u"])
    if _NOT_BEFORE.match(tail) or re.match(r"[a-z]", tail):
        return None
    years = re.match(r"年", tail)
    if years:
        return None
    measured_value = re.search(r"[.,万亿]", written)
    if found.start() == 0 or not measured_value:
        return None
    if re.search(r"[=＝x×/]$", head) or number == 0:
        return None
    end = (
        found.end("late")
        if found["late"]
        else found.end("more")
        if found["more"]
        else found.end("n")
    )
    return _Found(found.start(), end, number, "")


# ---- Chinese numerals, ranks, fractions, zero ----------------------------------------------

_NUMERAL = (
    rf"(?<![第{_HAN}十百千万亿几数\d])(?P<hn>(?:[{_HAN}十百千]+点[{_HAN}]+|[{_HAN}十百千万亿]+))(?P<hmore>{_MORE}(?P<hlate>[万亿]+)?)?"
    rf"(?P<hu>{alternatives(COUNTERS)})"
)
_SET_PHRASE = re.compile(
    r"^(?:全面|意识|自信|维护|确立|毫不|代表|务必|百年|必由|服从|伟大|一律|结合|坚持|更好|统筹|率先|一批|一流|不动摇|文明|体系|大局|革命|清单|翻番|必须|不变|高地|先行|转变|高于|同步|月|一|没有|人$|方面军|性)"
)


def _read_numeral(found: re.Match[str], words: str) -> _Found | None:
    written, unit = found["hn"], found["hu"]
    head, tail = (
        words[max(0, found.start() - 6) : found.start()],
        words[found.end() : found.end() + 8],
    )
    if not _counts(written, unit, head, tail):
        return None
    number = scaled(written + (found["hlate"] or ""))
    if number is None:
        return None
    return _Found(found.start(), found.end(), number, unit)


def _counts(written: str, unit: str, head: str, tail: str) -> bool:
    if written == "一" and unit not in ("倍", "成", "番") or written in ("〇", "零"):
        return False
    if unit == "年":
        return head.endswith(("连续", "历时", "长达"))
    if not re.search(r"[一二两三四五六七八九]", written) and not (
        written == "十" and unit in ("个", "项", "大", "条", "件")
    ):
        return (
            bool(re.search(r"[上近超过逾]$", head))
            and len(written) > 1 - 0
            and unit not in ("大", "人")
        )
    if unit == "大":
        return _is_great(written, head, tail)
    if unit == "次" and (
        head.endswith("届") or re.match(r"产业|分配|会议|全会|全体|集体|党代", tail)
    ):
        return False
    if unit == "个" and _SET_PHRASE.match(tail) or unit == "项" and re.match(r"规定|准则", tail):
        return False
    if unit in (
        "省",
        "市",
        "县",
        "区",
        "乡",
        "镇",
        "村",
        "人",
        "本",
        "成",
        "部",
        "道",
        "片",
        "块",
        "轮",
        "场",
        "头",
    ):
        return _is_firm(unit, head, tail, written)
    return not (head.endswith("“") and re.match(r"[^”,]{0,7}”", tail))


def _is_great(written: str, head: str, tail: str) -> bool:
    number = to_number(written) or 0
    if tail.startswith("”"):
        return False
    if number > 11 and re.match(
        r"(?:以来|精神|报告|召开|和|作|会议|确|提|的|,|、|明|对|”|全)", tail
    ):  # noqa: PLR2004 -- congresses
        return False
    return not re.search(r"党的$|[一二三四五六七八九十]、$", head) and not re.match(
        r"(?:量|力|家|局|会|地|型|幅|学|是)", tail
    )


def _is_firm(unit: str, head: str, tail: str, written: str) -> bool:
    """Counting words that are also ordinary words count only where nothing else reads better."""
    if unit == "人":
        return len(written) > 1 and not head.endswith("“")
    if unit == "成":
        return bool(re.match(r"(?:以上|左右|多|的|,|。|$)", tail)) and bool(
            re.search(r"[近超约到达占过升]$", head)
        )
    return bool(re.search(r"[对和在个与全的各等于]$", head)) and unit in (
        "省",
        "市",
        "县",
        "区",
        "乡",
        "镇",
        "村",
    )


_PERCENT = rf"百分之(?P<pn>[{_HAN}十百点]+|{_A})"
_FRACTION = rf"(?P<fd>[{_HAN}十]+)分之(?P<fn>[{_HAN}十]+)"
_RANK = (
    r"(?P<rscope>(?:全国|全省|全市|全球|世界|全县|全区|全州|全盟|亚洲|中部|西部|东部|东北|国内|长三角|省内|同类城市|国家)[一-鿿]{0,8}?)?(?P<rv>第(?P<rn>[一二三四五六七八九十]{1,3}|\d{1,3})(?P<ru>位|名)?"
    r"|首位|前(?P<fnn>[三五十]|\d{1,3})(?P<fu>位|名|强|列)?)"
)
_ZERO = r"(?P<zero>零)(?=死亡|感染|新增|事故|非访|上访|发生|增长|投诉|伤亡|案件|确诊|病例|差错|违约|拖欠|排放|疫情|欠薪|输入)(?!增长行动)"


def _read_percent(found: re.Match[str], words: str) -> _Found | None:  # noqa: ARG001 -- a reader's signature
    number = scaled(found["pn"])
    return None if number is None else _Found(found.start(), found.end(), number, "%")


def _read_fraction(found: re.Match[str], words: str) -> _Found | None:  # noqa: ARG001 -- a reader's signature
    over, under = to_number(found["fn"]), to_number(found["fd"])
    return _Found(found.start(), found.end(), over / under, "") if over and under else None


_RANKING = re.compile(
    r"(?:居|列|位|名|排|跃|升|移|保持|至|到|得|获|分别|均|为|总量|增[速幅]|排名|全[国省市区])[^,。;]{0,6}$"
)


def _read_rank(found: re.Match[str], words: str) -> _Found | None:
    head, tail = (
        words[max(0, found.start() - 10) : found.start()],
        words[found.end() : found.end() + 4],
    )
    scope, value = found["rscope"] or "", found["rv"]
    if value == "首位":
        return (
            _Found(found.start(), found.end(), 1.0, "位", rank=True)
            if scope or _RANKING.search(head)
            else None
        )
    written = found["rn"] or found["fnn"]
    named = found["ru"] or found["fu"] or ""
    number = to_number(written)
    if number is None or re.match(
        r"(?:个|次|批|届|轮|产业|季度|三产|一产|二产|大|方|期|年|章|条|号|一|时间|书记|责任|手|线|位工|阶段|步|组|\d|款|部|、第)",
        tail,
    ):
        return None
    if value.startswith("前") and not (scope or re.search(r"[居列位名进入至到跻身排]$", head)):
        return None
    if (
        not scope
        and not (named and _RANKING.search(head))
        and not re.search(r"(?:居|列|位|排名|名|跃升|升至)$", head)
    ):
        return None
    if not named and re.match(r"[一-鿿]", tail) and not re.match(r"[的和与、以并且,之]", tail):
        return None
    return _Found(found.start(), found.end(), float(number), named or "位", rank=True)


def _read_zero(found: re.Match[str], words: str) -> _Found | None:  # noqa: ARG001 -- a reader's signature
    return _Found(found.start(), found.end(), 0.0, "")


_SHAPES: tuple[tuple[str, str, _Reader], ...] = (
    ("percent", _PERCENT, _read_percent),
    ("fraction", _FRACTION, _read_fraction),
    ("rank", _RANK, _read_rank),
    ("digits", _DIGITS, _read_digits),
    ("zero", _ZERO, _read_zero),
    ("numeral", _NUMERAL, _read_numeral),
)


@cache
def _pattern() -> re.Pattern[str]:
    shapes = "|".join(f"(?P<{name}_>{pattern})" for name, pattern, _ in _SHAPES)
    return re.compile(rf"(?=[\d{_HAN}十百千万亿第首前全世亚中西东国长省同])(?:{shapes})")


@cache
def _readers() -> dict[str, _Reader]:
    return {f"{name}_": reader for name, _, reader in _SHAPES}


def find_figures(words: str) -> Iterator[_Found]:
    """The figures of a folded sentence, in order."""
    at = 0
    readers = _readers()
    while found := _pattern().search(words, at):
        at = found.end() if found.end() > found.start() else found.start() + 1
        shape = next(name for name in readers if found[name] is not None)
        figure = readers[shape](found, words)
        if figure:
            yield figure
        elif shape == "rank_":
            at = found.start() + 1


# ---- the figures of a report ---------------------------------------------------------------

_ABOUT_BEFORE = re.compile(
    r"(?:约|大约|近|超|超过|逾|突破|不少于|不低于|不超过|至少|高于|低于|将近|接近|过|上|达到或超过)\s?$"
)
_ABOUT_AFTER = re.compile(r"^(?:左右|以上|以下|以内|上下|[多余]|\+)")
_AIM = re.compile(r"力争|目标|确保|将|预期|计划|达到|争取|到20\d\d年|完成|新增|实现")


def extract_figures(report: Report) -> tuple[Figure, ...]:
    """The figures of a report, in text order.

    >>> from digests.parsing import parse
    >>> [(f.value, f.number, f.unit) for f in extract_figures(parse("全市投资3.6亿元。".encode(), "a.txt"))]
    [('3.6亿元', 360000000.0, '元')]
    """
    looks = tenses(report, anchor_of(report))
    return tuple(
        figure
        for passage in passages(report)
        for figure in _figures(passage, report, looks.at(passage.start))
    )


def _figures(passage: Passage, report: Report, tense: Tense) -> Iterator[Figure]:
    words = passage.folded.text
    if not re.search(rf"[\d{_HAN}十百千万亿首]", words):
        return
    quote = report.text[passage.start : passage.end]
    for found in find_figures(words):
        start, end = passage.place(found.start, found.end)
        clause = re.split(r"[,;。:]", words[: found.start])[-1]
        yield Figure(
            address=passage.section.address if passage.section else None,
            quote=quote,
            start=passage.start,
            end=passage.end,
            value=report.text[start:end].strip(),
            number=found.number,
            unit=found.unit,
            measures=measured(words, found.start, found.end, found.unit),
            approximate=_is_about(words, found.start, found.end),
            target=tense is Tense.AHEAD or (tense is Tense.OPEN and bool(_AIM.search(clause))),
        )


def _is_about(words: str, start: int, end: int) -> bool:
    return bool(
        _ABOUT_BEFORE.search(words[max(0, start - 6) : start])
        or _ABOUT_AFTER.match(words[end : end + 3])
        or re.search(rf"[\d十百千万亿]{_MORE}", words[start:end])
    )
