"""Numbers in digits: which of them are quantities and counts, and of what."""

import re

from digests.extracting.amounts import ARABIC, MORE, SPACE, Amount, scaled
from digests.extracting.units import ENGLISH, LATIN_UNITS, SCALES, TIME_UNITS, UNITS, alternatives
from digests.patterns import Pattern

_SCALE = r"(?:[十百千]?[万亿兆]+|百(?!帕)|千(?![瓦伏米克卡帕焦赫]))"
_SIGNS = {"$": "dollars", "us$": "dollars", "hk$": "hong kong dollars", "nt$": "new taiwan dollars",
          "€": "euros", "£": "pounds", "¥": "元", "rmb": "yuan"}  # fmt: skip
_PER = r"(?:/(?:[一-鿿]{1,2}(?=[以左,。;、)]|$)|(?:人|月|年|天|次|吨|亩|户|平方米|立方米|千瓦时|件|度)))?"
_HAN_UNIT = f"(?:{alternatives(UNITS)})"

PATTERN = (
    rf"(?P<sign>(?:us|hk|nt)?\$|[€£¥]|(?<![a-z])rmb ?)?(?P<minus>(?<=[一-鿿(:,])-)?(?<![\d.a-z〔\[#№_])(?<![a-z][-.])"
    rf"(?P<n>{ARABIC}(?:{SPACE}{_SCALE}(?:{SPACE}{ARABIC}(?:{SPACE}{_SCALE})?)?)?)"
    rf"(?P<more>{MORE}(?P<late>{SPACE}[万亿]+)?)?{SPACE}(?P<cut>\([^()\d]{{1,6}}\))?"
    rf"(?:(?P<en>{'|'.join(SCALES)})(?![a-z]){SPACE})?"
    rf"(?P<u>{_HAN_UNIT}{_PER}|(?:{alternatives(LATIN_UNITS)})(?![a-z])"
    rf"|年(?![度代级份纪轻内前底末初]))?"
)
_RANGE = Pattern(
    rf"{SPACE}(?:-|—|–|~|～|至|到|to|and){SPACE}(?P<upper>{ARABIC}){SPACE}(?P<scale>{_SCALE})?{SPACE}"
    rf"(?P<u>{_HAN_UNIT}|(?P<en>(?:{'|'.join(SCALES)}) )?(?:{alternatives(LATIN_UNITS)})(?![a-z]))"
)
_NOT_AFTER = Pattern(
    r"(?:〔|第|(?<![a-z])no\.?|version|(?<![a-z])(?:v|pm|g|s|q)|[a-z]-|表|图|附件|专栏|热线|电话|邮编|区号|公元|工业|section|article|chapter|table|figure|page|appendix)\s?$"
)
_NOT_BEFORE = Pattern(
    r"(?:年|号|版|后(?=[一-鿿])|届|期(?=[工项建])|级|路公|世纪|时(?:至|到|,|许)|[.:]\d|[gakd](?![a-z])|[+]|〕|\)|[.](?=[一-鿿])|国道|省道|县道)"
)
_OFTEN = 500  # 世界500强: a list's name


def read_digits(found: re.Match[str], words: str) -> Amount | None:
    """3.6亿元, 27个, 28微克/立方米, 26.6 trillion yuan."""
    head = words[max(0, found.start() - 10) : found.start()]
    tail = words[found.end() : found.end() + 16]
    unit, written = found["u"] or "", found["n"]
    number = scaled(written + (found["late"] or ""))
    if number is None or _NOT_AFTER.search(head):
        return None
    if found["sign"] or found["en"]:
        return _english(found, number)
    if unit in TIME_UNITS and not _lasts(head, unit, tail, written):
        return None
    if _is_name(unit, number, tail):
        return None
    if unit and not _is_other_word(unit, tail):
        below = found["minus"] and unit in ("%", "‰", "percent")
        start = found.start() if below or not found["minus"] else found.start("n")
        return Amount(start, found.end(), -number if below else number, unit)
    return _without_unit(found, number, words)


_OTHER_WORDS = {
    "门": Pattern(r"[槛类]"),
    "院": Pattern(r"[前内外感士长]"),
    "发": Pattern(r"(?!商业|运载|火箭|子弹|炮|导弹|卫星|[,;。、])"),
    "节": Pattern(r"[能约日水]"),
    "期": Pattern(r"[间望]"),
    "集": Pattern(r"[团中聚成]"),
    "股": Pattern(r"[权份东]"),
    "票": Pattern(r"[据价务]"),
    "堂": Pattern(r"[食]"),
}


def _is_other_word(unit: str, tail: str) -> bool:
    """Whether what looks like a unit begins another word: 119 院前急救, 40 门槛."""
    refused = _OTHER_WORDS.get(unit)
    return bool(refused and refused.match(tail))


def _english(found: re.Match[str], number: float) -> Amount:
    unit = found["u"] or _SIGNS.get((found["sign"] or "").strip(), "")
    return Amount(found.start(), found.end(), number * SCALES.get(found["en"] or "", 1.0), unit)


def _is_name(unit: str, number: float, tail: str) -> bool:
    if unit == "强":
        return number >= _OFTEN or tail[:1] == "县"
    if unit == "位" and tail[:1] == "数":
        return True
    if unit in ("点", "分"):
        return bool(re.match(r"\d|钟|之", tail))
    return unit == "月" or (unit == "个" and tail[:1] == "月")


def _lasts(head: str, unit: str, tail: str, written: str) -> bool:
    """A span of time is a figure when it is measured, not when it dates something."""
    if unit in ("周年", "月", "周", "星期"):
        return False
    if unit == "年":
        return len(written) < len("2020") and bool(
            re.search(
                r"(?:连续|历时|长达|达|留存|保存|保管|不少于|不低于|不得?超过|为期|期限为|工作满)$",
                head,
            )
        )
    if unit in ("分钟", "小时") and head.endswith("“"):
        return False  # a name: “15分钟文化圈”
    ends = tail.startswith(("内", "以内", "之内", "前", "以前", "之前"))
    return not ends or bool(re.search(r"[至到为缩减短在]$", head))


def _without_unit(found: re.Match[str], number: float, words: str) -> Amount | None:
    """A bare number counts when it is a measurement: it has decimals, thousands, a scale or a range's unit."""
    tail = words[found.end("n") : found.end("n") + 64]
    written = found["n"]
    ranged = _RANGE.match(tail)
    year = re.fullmatch(r"(?:19|20)\d\d", written)
    if ranged and not year and ranged["u"] not in TIME_UNITS and not found["sign"]:
        return Amount(
            found.start(), found.end("n"), _lower(number, written, ranged), _unit_of(ranged)
        )
    if _RATIO.match(words, _ratio_start(words, found.start("n"))):
        return Amount(found.start("n"), found.end("n"), number, "")
    after = words[found.end() : found.end() + 16]
    if _NOT_BEFORE.match(after) or number == 0 or found.start() == 0:
        return None
    if re.match(r"[a-z]", after):
        return _english_count(found, number, words, tail)
    measured = re.search(r"[.,万亿千]", written)
    if not measured or words[found.start() - 1] in "=x×/":
        return None
    return Amount(
        found.start(), max(found.end("n"), found.end("more"), found.end("late")), number, ""
    )


_RATIO = Pattern(r"[\d.]{1,9}(?:[:∶][\d.]{1,9}){2,5}(?![\d:∶])")
_RATIO_REACH = 40


def _ratio_start(words: str, at: int) -> int:
    """Where the run of numbers and colons around a position begins."""
    least = max(0, at - _RATIO_REACH)
    while at > least and words[at - 1] in "0123456789.:∶":
        at -= 1
    return at + (words[at] == ":")


def _unit_of(ranged: re.Match[str]) -> str:
    return str(ranged["u"]).removeprefix(ranged["en"] or "")


def _lower(number: float, written: str, ranged: re.Match[str]) -> float:
    """The lower end of 3至5万 is thirty thousand: the scale is said once."""
    upper = scaled(ranged["upper"]) or 0.0
    if not re.fullmatch(r"[\d.,]+", written) or number >= upper:
        return number
    scale = SCALES.get((ranged["en"] or "").strip(), 1.0)
    return number * scale * ((scaled(f"1{ranged['scale']}") or 1.0) if ranged["scale"] else 1.0)


_PRECEDING = Pattern(r"(?:in|of|by|since|from|year|than|within) $")


def _english_count(found: re.Match[str], number: float, words: str, tail: str) -> Amount | None:
    """602 shipping berths, 18,000 reservoirs: a number before a plural noun."""
    if not re.match(r" [a-z]", tail) or not ENGLISH.match(tail):
        return None
    if _PRECEDING.search(words, max(0, found.start() - 8), found.start()) and "," not in found["n"]:
        return None
    return Amount(found.start(), found.end("n"), number, "")
