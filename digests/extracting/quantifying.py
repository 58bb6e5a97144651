"""Numbers in digits: which of them are quantities and counts, and of what."""

import re

from digests.extracting.amounts import ARABIC, MORE, SPACE, Amount, scaled
from digests.extracting.units import ENGLISH, LATIN_UNITS, SCALES, TIME_UNITS, UNITS, alternatives
from digests.patterns import Pattern

_SCALE = r"(?:[十百千]?[万亿兆]+|百|千)"
_PER = r"(?:/(?:[一-鿿]{1,2}(?=[以左,。;、)]|$)|(?:人|月|年|天|次|吨|亩|户|平方米|立方米|千瓦时|件|度)))?"
_HAN_UNIT = f"(?:{alternatives(UNITS)})"

PATTERN = (
    rf"(?P<sign>\$|us\$)?(?<![\d.a-z〔\[#№_])(?<![a-z][-.])"
    rf"(?P<n>{ARABIC}(?:{SPACE}{_SCALE}(?:{SPACE}{ARABIC}(?:{SPACE}{_SCALE})?)?)?)"
    rf"(?P<more>{MORE}(?P<late>{SPACE}[万亿]+)?)?{SPACE}(?P<cut>\([^()\d]{{1,6}}\))?"
    rf"(?:(?P<en>{'|'.join(SCALES)})(?![a-z]){SPACE})?"
    rf"(?P<u>{_HAN_UNIT}{_PER}|(?:{alternatives(LATIN_UNITS)})(?![a-z])"
    rf"|年(?=[^一-鿿]|[获被居位保列蝉增超]))?"
)
_RANGE = Pattern(
    rf"{SPACE}(?:-|—|–|~|～|至|到){SPACE}{ARABIC}{SPACE}(?:{_SCALE})?{SPACE}(?P<u>{_HAN_UNIT})"
)
_NOT_AFTER = Pattern(
    r"(?:〔|第|no\.?|version|v|pm|g|s|q|[a-z]-|表|图|附件|专栏|热线|电话|邮编|区号|公元|工业|section|article|chapter|table|figure|page|appendix)\s?$"
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
    if unit and not (unit == "门" and tail[:1] in "槛类"):
        return Amount(found.start(), found.end(), number, unit)
    return _without_unit(found, number, words)


def _english(found: re.Match[str], number: float) -> Amount:
    unit = found["u"] or ("dollars" if found["sign"] else "")
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
        return len(written) < len("2020") and bool(re.search(r"(?:连续|历时|长达|潜逃|达)$", head))
    if unit in ("分钟", "小时") and head.endswith("“"):
        return False  # a name: “15分钟文化圈”
    ends = tail.startswith(("内", "以内", "之内", "前", "以前", "之前"))
    return not ends or bool(re.search(r"[至到为缩减短在]$", head))


def _without_unit(found: re.Match[str], number: float, words: str) -> Amount | None:
    """A bare number counts when it is a measurement: it has decimals, thousands, a scale or a range's unit."""
    tail = words[found.end("n") : found.end("n") + 16]
    written = found["n"]
    ranged = _RANGE.match(tail)
    if ranged and ranged["u"] not in TIME_UNITS:
        return Amount(found.start(), found.end("n"), number, ranged["u"])
    after = words[found.end() : found.end() + 16]
    if _NOT_BEFORE.match(after) or number == 0 or found.start() == 0:
        return None
    if re.match(r"[a-z]", after):
        return _english_count(found, number, words, tail)
    if not re.search(r"[.,万亿千]", written) or re.search(r"[=x×/]$", words[: found.start()]):
        return None
    return Amount(
        found.start(), max(found.end("n"), found.end("more"), found.end("late")), number, ""
    )


def _english_count(found: re.Match[str], number: float, words: str, tail: str) -> Amount | None:
    """602 shipping berths, 18,000 reservoirs: a number before a plural noun."""
    if not re.match(r" [a-z]", tail) or not ENGLISH.match(tail):
        return None
    if (
        re.search(r"(?:in|of|by|since|from|year|than|within) $", words[: found.start()])
        and "," not in found["n"]
    ):
        return None
    return Amount(found.start(), found.end("n"), number, "")
