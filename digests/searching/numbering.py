"""Numbers as readers type them -> the other ways in which reports write them.

A number is read once and written in every style: figures (80000), figures with 万 and 亿 (8万),
numerals (八万), year digits (二〇二五), percent (5%, 百分之五).
"""

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import lru_cache

from digests.chinese import to_number
from digests.patterns import Pattern

_DIGITS = "〇一二三四五六七八九"
_PLACES = {"亿": 10**8, "万": 10**4, "千": 1000, "百": 100, "十": 10}
_TO_CHINESE = str.maketrans("0123456789", _DIGITS)
_TO_ARABIC = {ord(c): str(i) for i, c in enumerate(_DIGITS)} | {ord("零"): "0", ord("○"): "0"}
_COUNTED = frozenset(
    "周万亿个家年月日号元人名条项户天倍次期件岁届所座台辆间张亩吨里处种类批轮强位场宗艘"
    "点成分块节章篇层级代套本盏棵头只股笔胎孩站线校室版"
)
_UNITS = ("小时", "分钟", "公里", "周年", "周岁", "平方")
_NUMBER = Pattern(
    r"(?P<year>(?<!\d)(?:19|20)\d\d(?!\d)|[一二][〇零○九][〇零○一二三四五六七八九]{2}(?![十百千万亿]))"
    r"|(?P<figures>(?<![\d.a-z])\d{1,12}(?:\.\d{1,6})?[十百千]?(?:万亿|[万亿])?)(?P<percent>%?)"
    r"|(?P<said>百分之[〇零一二两三四五六七八九十百点]+)"
    r"|(?P<numeral>[一二两三四五六七八九十百千][〇零一二两三四五六七八九十百千万亿]*"
    r"(?:点[〇零一二三四五六七八九]+(?:万亿|[万亿])?)?)"
)
_HAS_NUMBER = Pattern(r"[\d〇零○一二三四五六七八九十百千两]")
_BY_MYRIADS = Pattern(
    r"(?:(?P<hundred_millions>[^万亿]+)亿)?零?(?:(?P<ten_thousands>[^万亿]+)万)?零?(?P<rest>[^万亿]*)"
)


@lru_cache(maxsize=1024)  # every reading of a query asks again
def forms(term: str) -> tuple[str, ...]:
    """The term with its numbers written otherwise; the term itself first.

    >>> forms("二〇二五年"), forms("5%")
    (('二〇二五年', '2025年', '二零二五年'), ('5%', '百分之五'))
    >>> forms("八万元"), forms("3000万")
    (('八万元', '80000元', '8万元'), ('3000万', '30000000', '三千万'))
    """
    if not _HAS_NUMBER.search(term):
        return (term,)
    written = (_written(term, place) for place in range(len(_AS_COUNT)))
    return tuple(dict.fromkeys((term, *written)))


def spans(term: str) -> Iterator[tuple[int, int]]:
    """Where telling numbers stand in a term: 四千六百 in 四千六百名干部.

    >>> list(spans("四千六百名干部")), list(spans("二十大报告"))
    ([(0, 4)], [])
    """
    for found in _NUMBER.finditer(term):
        telling = found["figures"] or len(found[0]) > 2 or _is_counted(term, found.end())  # noqa: PLR2004
        if telling and len(found[0]) > 1 and _value(found, term) is not None:
            yield found.span()


def _written(term: str, place: int) -> str:
    """Every number of a term in its style number ``place``, where it has one."""

    def put(found: re.Match[str]) -> str:
        value = _value(found, term)
        styles = _AS_YEAR if found["year"] else _AS_COUNT
        written = styles[place](value) if value is not None and place < len(styles) else None
        if written is None:
            return found[0]
        if not (found["percent"] or found["said"]):
            return written
        return f"{written}%" if written[0].isdigit() else f"百分之{written}"

    return _NUMBER.sub(put, term)


def _value(found: re.Match[str], term: str) -> Decimal | None:
    """What a number is worth; None where the characters are no number here."""
    if found["year"]:
        return Decimal(found["year"].translate(_TO_ARABIC))
    if found["figures"]:
        return _of_figures(found["figures"])
    if found["said"]:
        return _of_numeral(found["said"][3:])
    numeral = found["numeral"]
    by_place = len(numeral) > 1 and bool(set(numeral) & set("十百千万亿点"))
    if numeral[0] in "百千" or not (by_place or _is_counted(term, found.end())):
        return None  # 千方百计, 统一战线, 三三制
    return _of_numeral(numeral)


def _is_counted(term: str, end: int) -> bool:
    return term[end : end + 1] in _COUNTED or term[end : end + 2] in _UNITS


def _of_figures(figures: str) -> Decimal:
    digits = figures.rstrip("十百千万亿")
    value = Decimal(digits)
    for place in figures[len(digits) :]:
        value *= _PLACES[place]
    return value


def _of_numeral(numeral: str) -> Decimal | None:
    whole, dot, fraction = numeral.partition("点")
    places = 1
    while dot and fraction and fraction[-1] in _PLACES:
        places *= _PLACES[fraction[-1]]
        fraction = fraction[:-1]
    value = _of_whole(whole)
    if value is None or (dot and not fraction):
        return None
    return (value + Decimal("0." + fraction.translate(_TO_ARABIC) if fraction else 0)) * places


def _of_whole(numeral: str) -> Decimal | None:
    if numeral.endswith("万亿"):
        millions = _of_whole(numeral[:-2])
        return None if millions is None else millions * 10**12
    found = _BY_MYRIADS.fullmatch(numeral)
    if found is None:
        return None
    total = Decimal(0)
    for name, place in (("hundred_millions", 10**8), ("ten_thousands", 10**4), ("rest", 1)):
        if found[name]:
            number = to_number(found[name])
            if number is None:
                return None
            total += number * place
    return total if total or numeral in "零〇" else None


# ---- styles ----------------------------------------------------------------------------------


def _figures(value: Decimal) -> str:
    return f"{value:f}".rstrip("0").rstrip(".") if value % 1 else str(int(value))


def _short(value: Decimal) -> str | None:
    """With 万 or 亿, where that leaves at most two decimals."""
    for name in ("亿", "万"):
        place = _PLACES[name]
        if value >= place and value * 100 % place == 0:
            return _figures(value / place) + name
    return None


def _trillions(value: Decimal) -> str | None:
    """With 万亿: 4.4万亿."""
    place = 10**12
    return _figures(value / place) + "万亿" if value >= place and value * 100 % place == 0 else None


def _said_trillions(value: Decimal) -> str | None:
    short = _trillions(value)
    return f"{_numeral(Decimal(short[:-2]))}万亿" if short else None


def _numeral(value: Decimal) -> str | None:
    if value >= 10**12:
        return None  # nobody writes it out
    whole, fraction = divmod(value, 1)
    written = _whole(int(whole))
    if fraction:
        written += "点" + f"{fraction:f}"[2:].rstrip("0").translate(_TO_CHINESE)
    return written


def _short_numeral(value: Decimal) -> str | None:
    """三点六亿."""
    short = _short(value)
    return f"{_numeral(Decimal(short[:-1]))}{short[-1]}" if short else None


def _paired(value: Decimal) -> str | None:
    """两 where the numeral begins with 二 and counts."""
    written = _numeral(value)
    return f"两{written[1:]}" if written and written[0] == "二" and written[1:2] != "十" else None


def _whole(number: int) -> str:
    """The numeral of a whole number below 10**12: 三百二十万零五."""
    if number == 0:
        return "零"
    written = ""
    for name, place in _PLACES.items():
        count, number = divmod(number, place)
        if count:
            head = _whole(count)
            written += ("" if head == "一" and name == "十" and not written else head) + name
            written += "零" if number and number * 10 < place else ""
    return written + (_DIGITS[number] if number else "")


def _digits(value: Decimal) -> str:
    return str(value).translate(_TO_CHINESE)


def _digits_with_zero(value: Decimal) -> str:
    return _digits(value).replace("〇", "零")


_AS_COUNT: tuple[Callable[[Decimal], str | None], ...] = (
    _figures,
    _short,
    _numeral,
    _short_numeral,
    _paired,
    _trillions,
    _said_trillions,
)
_AS_YEAR: tuple[Callable[[Decimal], str | None], ...] = (_figures, _digits, _digits_with_zero)
