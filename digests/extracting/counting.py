"""Chinese numerals that count (两个街道, 五大组团), ranks (全省第三), shares (百分之四) and 零."""

import re

from digests.chinese import to_number
from digests.extracting.amounts import ARABIC, HAN, MORE, Amount, scaled
from digests.extracting.units import COUNTERS, TIME_UNITS, alternatives
from digests.patterns import Pattern

PERCENT = rf"百分之(?P<pn>[{HAN}十百点]{{1,9}}|{ARABIC})"
FRACTION = rf"(?:(?P<fd>[{HAN}十]{{1,3}})分之(?P<fn>[{HAN}十]{{1,3}})|(?<![\d/a-z.])(?P<an>\d{{1,2}})/(?P<ad>\d{{1,3}})(?![\d/月年]))"
_UPPER = Pattern(
    rf"(?:到|至|-|—|~)(?P<n>[{HAN}十百点]{{1,9}}|{ARABIC})(?![{HAN}十百千万亿\d%个项年])"
)
HALF = r"(?P<half>一半(?!天|路)|半数|(?:过|超)半(?![年月百天夜数]))"
RANK = (
    r"(?P<rscope>(?:全国|全省|全市|全球|世界|全县|全区|全州|全盟|亚洲|中部|西部|东部|东北|国内|长三角|省内|同类城市|国家)[一-鿿]{0,8}?)?"
    r"(?P<rv>第(?P<rn>[一二三四五六七八九十]{1,3}|\d{1,3})(?P<ru>位|名)?|首位(?!战略|度)|前(?P<fnn>[三五十]|\d{1,3})(?P<fu>位|名|强|列)?)"
)
ZERO = r"(?P<zero>零)(?=死亡|感染|新增|事故|非访|上访|发生|增长|投诉|伤亡|案件|确诊|病例|差错|违约|拖欠|排放|疫情|欠薪|输入)(?!增长行动)"
NUMERAL = (
    rf"(?<![第{HAN}十百千万亿几数\d])(?P<hn>[{HAN}十百千]{{1,9}}点[{HAN}]{{1,6}}|[{HAN}十百千万亿]{{1,14}})"
    rf"(?P<hmore>{MORE}(?P<hlate>[万亿]+)?)?(?P<hu>{alternatives(COUNTERS)})"
)


LOWER = (
    rf"(?<![第{HAN}十百千万亿几数\d])(?P<ln>[{HAN}十百]{{1,4}})"
    rf"(?=(?:到|至|-|—)[{HAN}十百千万亿]{{1,6}}(?P<lunit>{alternatives(COUNTERS)}))"
)


def read_percent(found: re.Match[str], _words: str) -> Amount | None:
    """百分之四点三."""
    number = scaled(found["pn"])
    return None if number is None else Amount(found.start(), found.end(), number, "%")


def upper_percent(words: str, at: int) -> Amount | None:
    """The upper end of 百分之四到五."""
    found = _UPPER.match(words, at)
    number = scaled(found["n"]) if found else None
    return Amount(found.start("n"), found.end(), number, "%") if found and number else None


def read_half(found: re.Match[str], _words: str) -> Amount | None:
    """一半, 过半."""
    return Amount(found.start(), found.end(), 0.5, "")


def read_fraction(found: re.Match[str], _words: str) -> Amount | None:
    """三分之一."""
    over, under = (to_number(found[a] or found[b]) for a, b in (("fn", "an"), ("fd", "ad")))
    return Amount(found.start(), found.end(), over / under, "") if over and under else None


def read_zero(found: re.Match[str], _words: str) -> Amount | None:
    """零死亡: a count of nothing."""
    return Amount(found.start(), found.end(), 0.0, "")


# ---- ranks ---------------------------------------------------------------------------------

_RANKING = Pattern(
    r"(?:居|列|位|名|排|跃|升|移|保持|至|到|得|获|分别|均|为|总量|增[速幅]|排名|全[国省市区])[^,。;]{0,6}$"
)
_AT = Pattern(r"(?:居|列|位|排名|名|跃升|升至)$")
_TOP = Pattern(r"[居列位名进入至到跻身排]$")
_ORDINAL = Pattern(
    r"(?:个|次|批|届|轮|产业|季度|三产|一产|二产|大|方|期|年|章|条|号|一|时间|书记|责任|手|线|位工|阶段|步|组|\d|款|部|、第|课|堂|站|关)"
)


def read_rank(found: re.Match[str], words: str) -> Amount | None:
    """全省第三, 居全国首位, 前10位."""
    head = words[max(0, found.start() - 10) : found.start()]
    tail = words[found.end() : found.end() + 4]
    scope, value = found["rscope"] or "", found["rv"]
    if value == "首位":
        ranked = scope or _RANKING.search(head)
        return Amount(found.start(), found.end(), 1.0, "位") if ranked else None
    named = found["ru"] or found["fu"] or ""
    number = to_number(found["rn"] or found["fnn"])
    if number is None or _ORDINAL.match(tail):
        return None
    if value.startswith("前"):
        ranked = scope or _TOP.search(head)
    else:
        ranked = scope or (named and (number > 1 or _RANKING.search(head))) or _AT.search(head)
    if not ranked or (not named and re.match(r"[一-鿿](?<![的和与以并且之])", tail)):
        return None
    return Amount(found.start(), found.end(), float(number), named or "位")


# ---- counts --------------------------------------------------------------------------------

_SET_PHRASE = Pattern(
    r"(?:全面|意识|自信|维护|确立|毫不|代表|务必|百年|必由|服从|伟大|一律|结合|坚持|更好|统筹|率先|一批|一流|不动摇|文明|体系|大局|革命|清单|翻番"
    r"|必须|不变|高地|先行|转变|高于|同步|月|一|没有|人$|性)"
)
_AMBIGUOUS = frozenset("省 市 县 区 乡 镇 村 本 部 道 片 块 轮 场 头 度 列 支".split())  # noqa: SIM905 -- words in a line
_NOT_UNIT = {
    "次": Pattern(r"产业|分配|会议|全会|全体|集体|党代"),
    "个": _SET_PHRASE,
    "项": Pattern(r"规定|准则|基本原则"),
    "位": Pattern(r"数|一体"),
    "条": Pattern(r"例|件|款"),
    "元": Pattern(r"结构|化|经济|制|体制|论|一次"),
    "方面": Pattern(r"军"),
}
_CONGRESS = 11
"""Numbers above this before 大 are congresses (十八大), unless a noun follows."""


_ABOUT = re.compile(
    "一二(?=[十百千万亿]|$)|"
    + "|".join(
        f"{a}{b}(?=[十百千万亿]|$)"
        for a, b in zip("二两三四五六七八", "三三四五六七八九", strict=True)
    )
)
"""两三百, 七八个: two neighbours name no number; the lower is counted."""


def read_lower(found: re.Match[str], _words: str) -> Amount | None:
    """The lower end of 三到五个."""
    number, unit = scaled(found["ln"]), found["lunit"]
    if number is None or unit in TIME_UNITS:
        return None
    return Amount(found.start(), found.end("ln"), number, unit)


def read_numeral(found: re.Match[str], words: str) -> Amount | None:
    """两个, 五大, 三千二百万吨."""
    written, unit = found["hn"], found["hu"]
    head = words[max(0, found.start() - 6) : found.start()]
    tail = words[found.end() : found.end() + 8]
    number = scaled(_ABOUT.sub(lambda pair: pair.group()[0], written) + (found["hlate"] or ""))
    if number is None or not _counts(written, unit, head, tail):
        return None
    return Amount(found.start(), found.end(), number, unit)


def _counts(written: str, unit: str, head: str, tail: str) -> bool:
    reference = head.endswith("前") and unit in ("项", "款", "条")  # 前两款
    about = _LARGE.match(written) and tail.startswith(("以上", "左右"))  # 百亿斤以上
    if reference or not (about or _is_number(written, unit, head)):
        return False
    refused = _NOT_UNIT.get(unit)
    if (refused and refused.match(tail)) or (unit == "次" and head.endswith("届")):
        return False
    if unit == "大":
        return _is_great(written, head, tail)
    if unit in _AMBIGUOUS:
        large = len(written) > 1
        return large or bool(re.search(r"[对和在个与全的各等于有共]$", head))
    if unit == "成":
        return bool(re.match(r"以上|左右|多|的|,|。|$", tail))
    return not (head.endswith("“") and re.match(r"[^”,]{0,7}”", tail))  # a name: “两个维护”


_LARGE = Pattern(r"[十百千][万亿]$")
_LASTING = Pattern(r"(?:连续|历时|长达|留存|保存|保管|不少于|不低于|不得?超过|为期|期限为|工作满)$")


def _is_number(written: str, unit: str, head: str) -> bool:
    """Whether a numeral says how many: not 一个, not the 百 of 百姓."""
    if written in ("零", "〇", "一一"):
        return False
    if written == "一":
        return unit in ("倍", "成", "番")
    if unit == "年":
        return bool(_LASTING.search(head))
    if re.search(r"[二两三四五六七八九]|一.|.一", written):
        return unit != "人" or len(written) > 1
    if written == "十":
        return unit in ("个", "项", "大", "条", "件", "方面", "家")
    return bool(re.search(r"[上近超过逾破]$", head)) and unit != "大"


def _is_great(written: str, head: str, tail: str) -> bool:
    if tail.startswith("”"):
        return False
    number = to_number(written) or 0
    if number > _CONGRESS and re.match(
        r"以来|精神|报告|召开|和|作|会议|确|提|的|,|、|明|对|”|全|战略", tail
    ):
        return False
    return not re.search(r"党的$|[一二三四五六七八九十]、$", head) and not re.match(
        r"量|力|家|局|会|地|型|幅|学|是", tail
    )
