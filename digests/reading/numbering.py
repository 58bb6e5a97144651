"""Word's automatic numbering, rendered as Word shows it.

A paragraph only says "level 1 of list 5"; the label (“一、”, “1.2”) is counted here from numbering.xml.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from digests.chinese import to_numeral
from digests.reading.ooxml import children, name_of, value_of, whole

_FORMAL = "零壹贰叁肆伍陆柒捌玖"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = ((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"),
          (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))  # fmt: skip
_HAN_DIGITS = str.maketrans("0123456789", "〇一二三四五六七八九")
_LEVELS = 9
_MOST = 999


@dataclass(frozen=True, slots=True)
class Level:
    """How one level of a list looks."""

    text: str
    format: str
    start: int
    suffix: str
    legal: bool
    restart: int = -1  # the level that makes it begin anew, counted from 1; 0 none, -1 any above it


@dataclass(slots=True)
class Numbering:
    """The lists of a document, and how far each has counted."""

    levels: dict[str, dict[int, Level]] = field(default_factory=dict)  # by numId
    lists: dict[str, str] = field(default_factory=dict)  # numId -> the counter it shares
    styles: dict[str, tuple[str, int]] = field(default_factory=dict)  # style -> numId, level
    _counts: dict[str, dict[int, int]] = field(default_factory=lambda: defaultdict(dict))

    def label(self, number_id: str, level: int) -> str:
        """Count one item and return its label with the gap behind it, "" where there is none."""
        shapes = self.levels.get(number_id)
        shape = shapes.get(level) if shapes else None
        if shapes is None or shape is None or (shape.format == "none" and not shape.text):
            return ""
        counts = self._counts[self.lists.get(number_id, number_id)]
        counts[level] = counts.get(level, shape.start - 1) + 1
        for deeper in range(level + 1, _LEVELS):
            restart = shapes[deeper].restart if deeper in shapes else -1
            if restart < 0 or level < restart:
                counts.pop(deeper, None)
        if shape.format == "bullet":
            return "• "
        label = shape.text
        for place in range(level + 1):
            other = shapes.get(place, shape)
            count = counts.get(place, other.start)
            style = "decimal" if shape.legal else other.format
            label = label.replace(f"%{place + 1}", render(count, style))
        return label + _gap(shape, label)


def _gap(shape: Level, label: str) -> str:
    if shape.suffix == "nothing" or not label or not label[-1].isascii():
        return ""
    return " "


def render(number: int, style: str) -> str:
    """A number in one of Word's formats.

    >>> [render(12, s) for s in ("chineseCounting", "upperRoman", "decimalEnclosedCircle", "lowerLetter")]
    ['十二', 'XII', '⑫', 'l']
    """
    if not 0 < number <= _MOST:
        return str(number)
    if style in {"ideographDigital", "taiwaneseDigital", "japaneseDigitalTenThousand"}:
        return str(number).translate(_HAN_DIGITS)
    if style.startswith(("chineseCounting", "japaneseCounting", "taiwaneseCounting")):
        return to_numeral(number)
    if style in {"chineseLegalSimplified", "ideographLegalTraditional", "japaneseLegal"}:
        return _formal(number)
    return _table(number, style)


def _table(number: int, style: str) -> str:
    formats: dict[str, Callable[[], str]] = {
        "decimalEnclosedCircle": lambda: _enclosed(number, 0x245F),
        "decimalEnclosedCircleChinese": lambda: _enclosed(number, 0x245F),
        "decimalEnclosedParen": lambda: _enclosed(number, 0x2473),
        "decimalEnclosedFullstop": lambda: _enclosed(number, 0x2487),
        "decimalFullWidth": lambda: "".join(chr(ord(c) + 0xFEE0) for c in str(number)),
        "decimalFullWidth2": lambda: "".join(chr(ord(c) + 0xFEE0) for c in str(number)),
        "ordinal": lambda: _ordinal(number),
        "decimalZero": lambda: f"{number:02}",
        "upperRoman": lambda: _roman(number),
        "lowerRoman": lambda: _roman(number).lower(),
        "upperLetter": lambda: _letter(number),
        "lowerLetter": lambda: _letter(number).lower(),
        "ideographTraditional": lambda: _STEMS[(number - 1) % 10],
        "ideographZodiac": lambda: _BRANCHES[(number - 1) % 12],
    }
    return formats.get(style, lambda: str(number))()


def _enclosed(number: int, before: int) -> str:
    """① … ⑳, ⑴ … ⒇, ⒈ … ⒛: there are twenty of each."""
    return chr(before + number) if number <= 20 else str(number)  # noqa: PLR2004


def _ordinal(number: int) -> str:
    ends = {1: "st", 2: "nd", 3: "rd"} if number // 10 % 10 != 1 else {}
    return f"{number}{ends.get(number % 10, 'th')}"


def _letter(number: int) -> str:
    return chr(ord("A") + (number - 1) % 26) * ((number - 1) // 26 + 1)


def _formal(number: int) -> str:
    plain = to_numeral(number)
    plain = f"一{plain}" if plain.startswith("十") else plain
    formal = str.maketrans("零一二三四五六七八九十百", _FORMAL + "拾佰")
    return plain.translate(formal)


def _roman(number: int) -> str:
    done = ""
    for value, letters in _ROMAN:
        while number >= value:
            done += letters
            number -= value
    return done


def read_numbering(root: Any) -> Numbering:
    """The lists that numbering.xml declares."""
    numbering = Numbering()
    if root is None:
        return numbering
    abstract: dict[str, dict[int, Level]] = {}
    links: dict[str, tuple[str, int]] = {}  # style -> abstract list, level
    for element in root:
        name = name_of(element)
        if name == "abstractNum":
            key = value_of(element, "abstractNumId")
            abstract[key] = dict(_levels(element))
            links |= {style: (key, level) for style, level in _linked(element)}
        elif name == "num":
            _read_list(element, abstract, numbering)
    for style, (key, level) in links.items():
        number_id = next((n for n, list_ in numbering.lists.items() if list_ == key), None)
        if number_id:
            numbering.styles[style] = (number_id, level)
    return numbering


def _linked(element: Any) -> Iterator[tuple[str, int]]:
    """The styles that number themselves by a list, each with its level."""
    for level in children(element, "lvl"):
        for style in children(level, "pStyle"):
            yield value_of(style, "val"), whole(value_of(level, "ilvl"))


def _read_list(element: Any, abstract: dict[str, dict[int, Level]], numbering: Numbering) -> None:
    number_id = value_of(element, "numId")
    key = next((value_of(a, "val") for a in children(element, "abstractNumId")), "")
    levels = dict(abstract.get(key, {}))
    shared = key
    for override in children(element, "lvlOverride"):
        place = whole(value_of(override, "ilvl"))
        for level in _levels(override):
            levels[level[0]] = level[1]
            shared = f"own {number_id}"
        for start in children(override, "startOverride"):
            old = levels.get(place)
            if old:
                levels[place] = replace(old, start=whole(value_of(start, "val"), 1))
            shared = f"own {number_id}"
    numbering.levels[number_id] = levels
    numbering.lists[number_id] = shared


def _levels(element: Any) -> Iterator[tuple[int, Level]]:
    for level in children(element, "lvl"):
        found = {name_of(child): child for child in level}

        def value(name: str, default: str, found: dict[str, Any] = found) -> str:
            return value_of(found[name], "val") if name in found else default

        yield (
            whole(value_of(level, "ilvl")),
            Level(
                value("lvlText", ""),
                value("numFmt", "decimal"),
                whole(value("start", "1"), 1),
                value("suff", "tab"),
                "isLgl" in found and value("isLgl", "1") not in {"0", "false"},
                whole(value("lvlRestart", ""), -1),
            ),
        )
