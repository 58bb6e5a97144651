"""Web pages -> lines: the main text without menus and footers, with its headings and bold beginnings.

The main text is the smallest element that holds nearly all prose of the page: sentences outside
links. What stands around it is looked through only for title, issuer, number and date.
"""

import re
from dataclasses import dataclass, field
from typing import Any

from digests.errors import UnreadableError
from digests.reading.manuscript import Line, Role

_BLOCKS = frozenset(
    ["address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dir",
     "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4",
     "h5", "h6", "header", "hr", "html", "legend", "li", "main", "ol", "p", "pre", "section", "summary",
     "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul", "ucapcontent", "o:p"]
)  # fmt: skip
_DROPPED = frozenset(
    ["script", "style", "nav", "noscript", "template", "iframe", "svg", "canvas", "select", "button",
     "object", "embed", "form", "input", "textarea", "head", "map", "video", "audio", "footer", "math"]
)  # fmt: skip
_HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_BOLD = re.compile(
    r"font-weight\s*:\s*(?:bold|[6-9]00)|font-family\s*:[^;]*(?:黑体|simhei|小标宋)", re.IGNORECASE
)
_PLAIN = re.compile(r"font-weight\s*:\s*(?:normal|[1-5]00)", re.IGNORECASE)
_CHROME = re.compile(
    r"(?:^|[\s_-])(?:share|bdshare\w*|crumbs?|breadcrumbs?|nav\w*|menu\w*|footer|copyright|pager|pagination"
    r"|toolbar|qrcode|login|search\w*|sidebar|related|recommend\w*|print\w*|banner)(?:$|[\s_-])",
    re.IGNORECASE,
)
_PROSE = re.compile(r"[。，；：,.;]")
_SPACE = re.compile(r"[ \t\r\n\u00a0\u200b\ufeff]+")
_FURNITURE = re.compile(
    r"\s*(?:[【\[（(]?\s?(?:字体|字号)[：:]?.{0,12}|(?:我要)?打印(?:本页|此页)?.{0,8}|关闭窗口|返回(?:顶部|首页)|扫一扫.{0,20}|分享到?[：:]?.{0,12}"
    r"|(?:您)?(?:当前|现在|所在)(?:的)?位置[：:].{0,60}|首页\s?>.{0,60}|责任编辑[：:].{0,20}|信息来源[：:].{0,40}|浏览次数[：:].{0,12}|上一篇.{0,60}|下一篇.{0,60}"
    r"|版权所有.{0,60}|.{0,6}ICP备.{0,40}|Back to Top|Print|Share)\s*"
)
_FACTS = (
    ("title", re.compile(r"标\s*题[：:]\s*([^\n\t]{4,120})")),
    ("authors", re.compile(r"发文(?:机关|单位|字号机关)[：:]\s*([^\s：:]{2,40})")),
    ("number", re.compile(r"(?:发文字号|文\s*号)[：:]\s*([^\s：:]{4,40})")),
    ("date", re.compile(r"成文日期[：:]\s*(\d{4}年\d{1,2}月\d{1,2}日|\d{4}-\d{2}-\d{2})")),
    (
        "date",
        re.compile(r"(?<!页面)生成日期[：:]?\s*(\d{4}年\d{1,2}月\d{1,2}日|\d{4}-\d{2}-\d{2})"),
    ),
    ("date", re.compile(r"发布(?:日期|时间)[：:]\s*(\d{4}年\d{1,2}月\d{1,2}日|\d{4}-\d{2}-\d{2})")),
)
_META = {
    "articletitle": "title",
    "og:title": "title",
    "pubdate": "date",
    "contentsource": "authors",
}
_ENOUGH = 0.88
_CELL = 250
_MOST_ELEMENTS = 400_000
_LONG_TAG = re.compile(r"<[A-Za-z][^<>]{20000,}")
_MOST_ATTRIBUTES = 5000
_READABLE = "//text()[not(parent::script or parent::style)]"
LARGE = "The page is far too large; send the text only."


@dataclass(slots=True)
class _Page:
    """The lines as they grow; ``words`` is the line being gathered."""

    words: list[tuple[str, bool]] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    length: int = 0
    rank: int = 0
    bold: int = 0
    item: bool = False
    label: str = ""

    def end_line(self, role: Role = Role.TEXT) -> None:
        words, bold = _joined(self.words)
        self.words = []
        if words and not _FURNITURE.fullmatch(words):
            if self.label:
                words, bold = self.label + words, bold + len(self.label) if bold else 0
            self.add(words, bold, role)
        self.label = "" if words else self.label

    def add(self, words: str, bold: int, role: Role) -> None:
        start, end = self.length, self.length + len(words)
        self.lines.append(Line(start, end, self.rank, start + bold if bold else 0, role, self.item))
        self.pieces.append(words)
        self.length = end + 1


def read_html(source: str) -> tuple[str, list[Line], list[tuple[str, str]]]:
    """The main text of a page, its lines, and what the page declares about it."""
    root = _parse(source)
    main = _main(root)
    page = _Page()
    _walk(main, page)
    page.end_line()
    return "\n".join(page.pieces), page.lines, _facts(root)


def _parse(source: str) -> Any:
    from lxml import etree

    source = re.sub(r"^\s*<\?xml[^>]*\?>", "", source).replace("\x00", "")
    if any(tag.group().count("=") > _MOST_ATTRIBUTES for tag in _LONG_TAG.finditer(source)):
        raise UnreadableError(LARGE)  # the parser compares each attribute with all others
    parser = etree.HTMLParser(
        no_network=True, remove_comments=True, remove_pis=True, recover=True, encoding="utf-8"
    )
    try:
        root = etree.fromstring(source.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError):
        root = None
    if root is None:
        raise UnreadableError("The page has no text; send the document itself.")
    if sum(1 for _ in zip(root.iter(), range(_MOST_ELEMENTS + 1), strict=False)) > _MOST_ELEMENTS:
        raise UnreadableError(LARGE)
    return root


def _tag(element: Any) -> str:
    return element.tag.lower() if isinstance(element.tag, str) else ""


def _is_dropped(element: Any) -> bool:
    if _tag(element) in _DROPPED or element.get("hidden") is not None:
        return True
    return bool(_HIDDEN.search(element.get("style") or ""))


def _main(root: Any) -> Any:
    """The smallest element that holds nearly all prose."""
    scores = _prose(root)
    body = next((e for e in root.iter() if _tag(e) == "body"), root)
    place, total = body, scores.get(body, 0)
    while total:
        best = max(place, key=lambda e: scores.get(e, 0), default=None)
        if best is None or scores.get(best, 0) < _ENOUGH * total or _tag(best) not in _BLOCKS:
            break
        if _tag(best) in {"p", "tr", "td", "li"} and scores[best] < total:
            break
        place = best
    return place


def _prose(root: Any) -> dict[Any, int]:
    """How much prose lies in each element: text outside links and dropped elements."""
    from lxml import etree

    scores: dict[Any, int] = {}
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        tag = _tag(element)
        if event == "start":
            if tag == "a" or (_is_dropped(element) and tag not in {"head", "form"}):
                walk.skip_subtree()
                scores[element] = 0
            continue
        own = _counted(element.text) if tag != "a" and element not in scores else 0
        scores[element] = own + sum(scores.get(c, 0) + _counted(c.tail) for c in element)
    return scores


def _counted(text: str | None) -> int:
    if not text:
        return 0
    words = text.strip()
    return len(words) if len(words) > 15 or _PROSE.search(words) else len(words) // 4  # noqa: PLR2004


def _walk(main: Any, page: _Page) -> None:
    from lxml import etree

    bolds: list[bool] = []
    counters: list[list[int]] = []
    walk = etree.iterwalk(main, events=("start", "end"))
    for event, element in walk:
        if event == "start":
            if element is not main and (_is_dropped(element) or _is_chrome(element)):
                walk.skip_subtree()
                bolds.append(bool(bolds and bolds[-1]))
                continue
            bolds.append(_is_bold(element, inherited=bool(bolds and bolds[-1])))
            _start(element, page, counters)
            if _tag(element) == "table" and _is_data(element):
                _table(element, page)
                walk.skip_subtree()
            else:
                _text(page, element.text, bold=bolds[-1])
        else:
            bolds.pop()
            _end(element, page, counters)
            if element is not main:
                _text(page, element.tail, bold=bool(bolds and bolds[-1]))


def _text(page: _Page, text: str | None, *, bold: bool) -> None:
    if text:
        page.words.append((text, bold))


def _start(element: Any, page: _Page, counters: list[list[int]]) -> None:
    tag = _tag(element)
    if tag == "br":
        page.end_line()
    if tag not in _BLOCKS:
        return
    page.end_line()
    page.rank = _HEADINGS.get(tag, page.rank)
    if tag in {"ol", "ul"}:
        first = element.get("start") or "1"
        counters.append(
            [int(first) - 1 if first.isdigit() and tag == "ol" else 0, int(tag == "ol")]
        )
    if tag == "li":
        page.item = True
        if counters and counters[-1][1]:
            counters[-1][0] += 1
            page.label = f"{counters[-1][0]}. "


def _end(element: Any, page: _Page, counters: list[list[int]]) -> None:
    tag = _tag(element)
    if tag not in _BLOCKS:
        return
    page.end_line()
    if tag in _HEADINGS:
        page.rank = 0
    if tag in {"ol", "ul"} and counters:
        counters.pop()
    if tag == "li":
        page.item = False
        page.label = ""


def _is_bold(element: Any, *, inherited: bool) -> bool:
    tag = _tag(element)
    style = element.get("style") or ""
    if _PLAIN.search(style):
        return False
    return inherited or tag in {"b", "strong", "th"} or bool(style and _BOLD.search(style))


def _is_chrome(element: Any) -> bool:
    """A piece that only serves the page: by its name, and because it holds little or only links."""
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    if not _CHROME.search(names):
        return False
    words = "".join(element.itertext()).strip()
    linked = sum(len("".join(a.itertext())) for a in element.iter("a"))
    return len(words) < 120 or linked * 2 > len(words)  # noqa: PLR2004 -- more is text, whatever its name


def _is_data(table: Any) -> bool:
    """Whether a table holds data: several columns of short cells, no table inside."""
    cells = list(table.iter("td", "th"))
    rows = sum(1 for _ in table.iter("tr"))
    if not cells or any(True for t in table.iter("table") if t is not table):
        return False
    longest = max(len("".join(c.itertext()).strip()) for c in cells)
    return len(cells) > rows and longest <= _CELL and rows > 1


def _table(table: Any, page: _Page) -> None:
    for row in table.iter("tr"):
        cells = [
            _SPACE.sub(" ", "".join(c.itertext())).strip() for c in row if _tag(c) in {"td", "th"}
        ]
        if any(cells):
            page.add("\t".join(cells), 0, Role.TABLE)


def _joined(words: list[tuple[str, bool]]) -> tuple[str, int]:
    """A line in one piece, white space collapsed, and how many of its characters are bold."""
    pieces: list[str] = []
    last, length, bold = "", 0, 0
    leading = True
    for text, strong in words:
        piece = _SPACE.sub(" ", text)
        if not length:
            piece = piece.lstrip(" \u3000")
        elif last == " ":
            piece = piece.lstrip(" ")
        leading = leading and (strong or not piece.strip())
        pieces.append(piece)
        length += len(piece)
        last = piece[-1:] or last
        if leading:
            bold = length
    joined = "".join(pieces).rstrip(" \u3000")
    return joined, min(bold, len(joined))


def _facts(root: Any) -> list[tuple[str, str]]:
    """What the page declares: its meta elements, and the table that gov.cn prints above a text."""
    found: list[tuple[str, str]] = []
    head = "\n".join(_SPACE.sub(" ", t) for t in root.xpath(_READABLE) if t.strip())[:6000]
    head = re.sub(r"([：:])\s*\n\s*", r"\1", head)
    for name, pattern in _FACTS:
        match = pattern.search(head)
        if match:
            found.append((name, match.group(1).strip()))
    for meta in root.iter("meta"):  # after what is printed: pages are made long after their text
        name = (meta.get("name") or meta.get("property") or "").lower()
        if name in _META and meta.get("content"):
            found.append((_META[name], meta.get("content").strip()[:200]))
    if not any(name == "title" for name, _ in found):
        title = next((e.text for e in root.iter("title") if e.text and e.text.strip()), "")
        if title:
            found.append(("title", re.split(r"[_|｜]|\s[-–—]\s", title.strip())[0].strip()))
    return found
