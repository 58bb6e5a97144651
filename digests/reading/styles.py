"""Word's styles: what a paragraph or run takes from the style it names and those below it."""

from dataclasses import dataclass
from typing import Any

from digests.reading.numbering import Numbering
from digests.reading.ooxml import OFF, name_of, parse_xml, value_of, whole

_BLACK = ("黑体", "黑體", "SimHei", "小标宋", "標楷體", "Heiti")
_DEEPEST_STYLE = 12


@dataclass(slots=True)
class Style:
    """What a style says: the one it is based on, heading level, bold, list."""

    base: str = ""
    rank: int = 0
    bold: bool | None = None
    list: tuple[str, int] | None = None
    contents: bool = False


def read_styles(data: bytes, numbering: Numbering) -> dict[str, Style]:
    """The styles that styles.xml declares, by their id."""
    found: dict[str, Style] = {}
    if not data:
        return found
    for element in parse_xml(data):
        if name_of(element) != "style":
            continue
        key = value_of(element, "styleId")
        style = found[key] = Style(list=numbering.styles.get(key))
        for child in element:
            _read_style(child, style)
    return found


def _read_style(element: Any, style: Style) -> None:
    name = name_of(element)
    if name == "name":
        _by_name(style, value_of(element, "val").lower())
    elif name == "basedOn":
        style.base = value_of(element, "val")
    elif name == "pPr":
        _paragraph_style(element, style)
    elif name == "rPr":
        own = is_bold(element)
        style.bold = style.bold if own is None else own


def _by_name(style: Style, name: str) -> None:
    if name.startswith(("heading ", "标题 ")) and name[-1:].isdigit():
        style.rank = int(name[-1])
    elif name.startswith("toc ") and name[-1:].isdigit():
        style.contents = True
    elif name in {"title", "标题"}:
        style.bold = True


def _paragraph_style(element: Any, style: Style) -> None:
    for child in element:
        name = name_of(child)
        if name == "outlineLvl":
            level = whole(value_of(child, "val"), 9)
            style.rank = level + 1 if level < 9 else 0  # noqa: PLR2004 -- 9 is body text
        elif name == "numPr":
            style.list = _linked_list(child, style.list)


def _linked_list(element: Any, linked: tuple[str, int] | None) -> tuple[str, int] | None:
    """The list that a style names; its level is the one that is linked to the style, if one is."""
    named = list_of(element)
    if named and linked and not any(name_of(child) == "ilvl" for child in element):
        return named[0], linked[1]
    return named or linked


def inherited(styles: dict[str, Style], key: str) -> Style:
    """A style with what it takes from those it is based on."""
    done = Style()
    for _ in range(_DEEPEST_STYLE):
        style = styles.get(key)
        if style is None:
            break
        done.rank = done.rank or style.rank
        done.bold = style.bold if done.bold is None else done.bold
        done.list = done.list or style.list
        done.contents = done.contents or style.contents
        key = style.base
    return done


def list_of(element: Any) -> tuple[str, int] | None:
    """The list and level that numbering properties name."""
    number_id, level = "", 0
    for child in element:
        if name_of(child) == "numId":
            number_id = value_of(child, "val")
        elif name_of(child) == "ilvl":
            level = whole(value_of(child, "val"))
    return (number_id, level) if number_id else None


def is_bold(element: Any) -> bool | None:
    """Whether run properties set text off: bold, or one of the fonts used for headings."""
    for child in element:
        name = name_of(child)
        if name == "b":
            return value_of(child, "val") not in OFF
        if name == "rFonts" and any(f in value_of(child, "eastAsia") for f in _BLACK):
            return True
    return None
