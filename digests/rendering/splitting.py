"""Telegram HTML of any length -> messages within Telegram's limits, cut at sentence ends.

The walk: tokens (tags, characters) -> pieces of at most ``limit`` UTF-16 units and ``entities``
tags, each cut moved back to the last line end, sentence end or pause -> open tags closed before
a cut and opened again after it. No character of the text is lost or changed but white space at
the edges of a message, which Telegram trims anyway.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from digests.patterns import Pattern

LIMIT = (
    4096  # UTF-16 units of a message after parsing; Telegram counts code points, so this is safe
)
ENTITIES = 100  # Telegram silently ignores the rest
_TAG = Pattern(
    r"<(/?)([a-z][a-z-]*)((?:\s[^<>]*)?)>|(&(?:lt|gt|amp|quot|#\d{1,7}|#x[0-9a-fA-F]{1,6});)"
)
_BREAKS = (  # in order of preference; each with the share of the limit it may give up
    (Pattern(r"\n\n"), 0.5),
    (Pattern(r"\n"), 0.5),
    (Pattern(r"[。！？][”’』」）)》】]*"), 0.6),
    (Pattern(r"[；;]"), 0.7),
    (Pattern(r"[，、：,]|[.!?]\s"), 0.8),
    (Pattern(r"\s"), 0.9),
)


@dataclass(frozen=True, slots=True)
class _Token:
    """A tag (``text`` is "") or one visible character with its source."""

    source: str
    text: str
    name: str = ""
    closing: bool = False


def utf16_length(text: str) -> int:
    """How Telegram's clients count: characters beyond U+FFFF are two.

    >>> utf16_length("好👍")
    3
    """
    return len(text) + sum(1 for c in text if c > "\uffff")


def split_html(html: str, limit: int = LIMIT, entities: int = ENTITIES) -> tuple[str, ...]:
    """Messages that say the same, each within the limits; empty ones are left out.

    >>> split_html("<b>一二。三四。</b>", limit=4)
    ('<b>一二。</b>', '<b>三四。</b>')
    """
    if len(html) <= limit // 2 and html.count("<") <= entities:
        whole = _without_empty(html)
        if not _RAGGED.search(whole):
            return (whole,) if whole else ()
    pieces: list[str] = []
    rest = list(_tokens(html))
    opened: list[_Token] = []
    while rest:
        cut = _cut(rest, limit, max(entities - len(opened), 1))
        head, rest = rest[:cut], rest[cut:]
        still_open = _open_after(opened, head)
        pieces.append(_write(opened, head, still_open))
        opened = still_open
    return tuple(p for p in pieces if _visible(p))


def plain(html: str) -> str:
    """The visible text of Telegram HTML.

    >>> plain("<b>a</b> &lt; b")
    'a < b'
    """
    return "".join(t.text for t in _tokens(html))


def _visible(html: str) -> bool:
    return bool(plain(html).strip())


def _tokens(html: str) -> Iterator[_Token]:
    from html import unescape

    at = 0
    for found in _TAG.finditer(html):
        yield from (_Token(c, c) for c in html[at : found.start()])
        at = found.end()
        if found[4]:
            yield _Token(found[4], unescape(found[4]))
        else:
            yield _Token(found[0], "", found[2], bool(found[1]))
    yield from (_Token(c, c) for c in html[at:])


def _cut(tokens: list[_Token], limit: int, entities: int) -> int:
    """Index of the first token of the next message."""
    units = tags = 0
    for index, token in enumerate(tokens):
        units += utf16_length(token.text)
        opens = bool(token.name) and not token.closing
        tags += opens
        if units > limit or (tags > entities and opens):
            return max(_better(tokens, index), 1)
    return len(tokens)


def _better(tokens: list[_Token], index: int) -> int:
    """The last good place to cut at or before ``index``."""
    shown = [i for i, t in enumerate(tokens[:index]) if t.text]
    text = "".join(tokens[i].text[0] for i in shown)
    for pattern, least in _BREAKS:
        ends = [m.end() for m in pattern.finditer(text) if m.end() >= len(text) * least]
        if ends:
            after = shown[ends[-1] - 1] + 1
            while after < len(tokens) and tokens[after].closing:
                after += 1  # closing tags stay with what they close
            return after
    return index


def _open_after(opened: list[_Token], head: list[_Token]) -> list[_Token]:
    stack = list(opened)
    for token in head:
        if not token.name:
            continue
        if token.closing:
            if stack and stack[-1].name == token.name:
                stack.pop()
        else:
            stack.append(token)
    return stack


def _write(opened: list[_Token], head: list[_Token], still_open: list[_Token]) -> str:
    """One message: what was open is opened again, white space at the edges goes (Telegram trims)."""
    shown = [i for i, t in enumerate(head) if t.text and not t.text.isspace()]
    first, last = (shown[0], shown[-1]) if shown else (0, -1)
    body = "".join(t.source for i, t in enumerate(head) if t.name or first <= i <= last)
    before = "".join(t.source for t in opened)
    after = "".join(f"</{t.name}>" for t in reversed(still_open))
    return _without_empty(before + body + after)


def _without_empty(page: str) -> str:
    while True:
        rest = _EMPTY.sub("", page)
        if rest == page:
            return rest
        page = rest


_RAGGED = Pattern(r"^(<[^<>]*>)*\s|\s(<[^<>]*>)*$")  # white space at an edge, perhaps inside a tag
_EMPTY = Pattern(r"<([a-z][a-z-]*)(?:\s[^<>]*)?>\s*</\1>")
