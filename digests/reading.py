"""Bytes -> text, by format: what a reader sees, and what was dropped on the way."""

import hashlib
import re
from dataclasses import dataclass

from digests.errors import TooLargeError, UnreadableError
from digests.manuscript import Line, Manuscript
from digests.report import Source

_LINE_ENDS = re.compile(r"\r\r\n|\r\n?|[\x85\u2028\u2029\x0b\x0c]")


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is read before a document is refused."""

    bytes: int = 20_000_000
    characters: int = 5_000_000


DEFAULT = Limits()


def read(data: bytes, name: str, limits: Limits = DEFAULT) -> Manuscript:
    """The text of a document, with what its format says about the lines."""
    if not data.strip():
        raise UnreadableError("文件是空的，请换一个有内容的文件。")
    if len(data) > limits.bytes:
        raise TooLargeError("文件太大，请拆分后再试。")
    encoding, text = _decode(data)
    text = _LINE_ENDS.sub("\n", text)
    if len(text) > limits.characters:
        raise TooLargeError("文字太多，请拆分后再试。")
    form = "md" if name.lower().endswith((".md", ".markdown")) else "txt"
    source = Source(name, form, encoding, hashlib.sha256(data).hexdigest(), len(data))
    if form == "md":
        from digests.reading_markdown import read_markdown

        text, lines, facts = read_markdown(text)
        return Manuscript(source, text, tuple(lines), facts=tuple(facts))
    return Manuscript(source, text, tuple(lines_of(text)))


def _decode(data: bytes) -> tuple[str, str]:
    if data.startswith(b"\xef\xbb\xbf"):
        return "utf-8-sig", data.decode("utf-8-sig")
    try:
        return "utf-8", data.decode("utf-8")
    except UnicodeDecodeError:
        from charset_normalizer import from_bytes

        best = from_bytes(data).best()
        if best is None:
            raise UnreadableError("认不出文件的文字编码，请另存为 UTF-8 后再试。") from None
        return best.encoding, str(best)


def lines_of(text: str) -> list[Line]:
    """The lines of a plain text."""
    lines = []
    start = 0
    for piece in text.split("\n"):
        lines.append(Line(start, start + len(piece)))
        start += len(piece) + 1
    return lines
