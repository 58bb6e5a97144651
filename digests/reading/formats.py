"""Bytes -> text, by format: what a reader sees, and what was dropped on the way.

The walk: size -> what the bytes are (never what the name says they are) -> encoding -> the format's
own reader -> one manuscript. Each format has its file.
"""

import hashlib
import re
from dataclasses import dataclass, replace

from digests.errors import TooLargeError, UnreadableError, UnsupportedError
from digests.reading.decoding import decode
from digests.reading.manuscript import Line, Manuscript
from digests.report import Source

_LINE_ENDS = re.compile(r"\r\r\n|\r\n?")
_SURROGATE = re.compile("[\ud800-\udfff]")
_HTML = re.compile(
    rb"\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)
_HTML_PIECE = re.compile(rb"<(?:p|div|table|span|h[1-6]|br)\b[^<>]*>", re.IGNORECASE)
_MARKDOWN = re.compile(
    r"\A---[ \t]*\n|^#{1,6} \S|^\*\*\S.*\*\*[ \t]*$|^\|[ :|-]+\|[ \t]*$", re.MULTILINE
)
_PICTURES = (
    b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*", b"\x00\x00\x00\x0cjP", b"8BPS",
)  # fmt: skip
_OTHERS: tuple[tuple[bytes, str], ...] = (
    (b"{\\rtf", "RTF files cannot be read; open the file in Word and save it as docx."),
    (b"\x1f\x8b", "Archives cannot be read; unpack the file and send the document itself."),
    (b"Rar!", "Archives cannot be read; unpack the file and send the document itself."),
    (b"7z\xbc\xaf", "Archives cannot be read; unpack the file and send the document itself."),
    (b"MZ\x90", "This is a program, not a document."),
    (b"\x7fELF", "This is a program, not a document."),
    (b"ID3", "This is a sound or film, not a document; send the text."),
    (b"OggS", "This is a sound or film, not a document; send the text."),
)
_OLD_WORD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENDINGS = {
    **dict.fromkeys(("md", "markdown", "mdown", "mkd"), "md"),
    **dict.fromkeys(("html", "htm", "xhtml", "shtml"), "html"),
    **dict.fromkeys(("txt", "text"), "txt"),
}
_NOT_WHAT_IT_SAYS = {
    "pdf": "This is not a PDF, or a damaged one; save it anew and send it again.",
    "docx": "This is not a Word file, or a damaged one; save it anew and send it again.",
    "docm": "This is not a Word file, or a damaged one; save it anew and send it again.",
}
_MOST_LINES = 150_000  # five million characters of real text have a third of that
EMPTY = "The file is empty; send one that has text."
LONG = "The text is too long; split it into several files."


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is read before a document is refused."""

    bytes: int = 20_000_000
    characters: int = 5_000_000


DEFAULT = Limits()


def read(data: bytes, name: str, limits: Limits = DEFAULT) -> Manuscript:
    """The text of a document, with what its format says about the lines.

    >>> read("一、甲。".encode("gbk") * 40, "a.txt").source.encoding
    'gb18030'
    """
    if len(data) > limits.bytes:
        raise TooLargeError("The file is too large; split it or send the text only.")
    if not data.strip():
        raise UnreadableError(EMPTY)
    form = _format(data, name)
    if form in {"docx", "pdf"}:
        manuscript = _read_binary(data, name, form)
    else:
        manuscript = _read_text(data, name, form, limits)
    if len(manuscript.text) > limits.characters or len(manuscript.lines) > _MOST_LINES:
        raise TooLargeError(LONG)
    if not manuscript.text.strip():
        raise UnreadableError(EMPTY)
    # one for one: no position moves
    return replace(manuscript, text=_SURROGATE.sub("\ufffd", manuscript.text))


def _read_text(data: bytes, name: str, form: str, limits: Limits) -> Manuscript:
    encoding, text, doubts = decode(data)
    text = _LINE_ENDS.sub("\n", text)
    if form != "html" and (len(text) > limits.characters or text.count("\n") > _MOST_LINES):
        raise TooLargeError(LONG)
    if form == "unknown":
        form = "md" if len(_MARKDOWN.findall(text[:20_000])) > 1 else "txt"
    facts: list[tuple[str, str]] = []
    if form == "md":
        from digests.reading.markdown import read_markdown

        text, lines, facts = read_markdown(text)
    elif form == "html":
        from digests.reading.page import read_html

        text, lines, facts = read_html(text)
    else:
        lines = lines_of(text)
    source = _source(data, name, form, encoding)
    return Manuscript(source, text, tuple(lines), tuple(doubts), tuple(facts))


def _read_binary(data: bytes, name: str, form: str) -> Manuscript:
    if form == "docx":
        from digests.reading.word import read_docx

        text, lines, warnings = read_docx(data)
    else:
        from digests.reading.pdf import read_pdf

        text, lines, warnings = read_pdf(data)
    return Manuscript(_source(data, name, form, ""), text, tuple(lines), tuple(warnings))


def _source(data: bytes, name: str, form: str, encoding: str) -> Source:
    name = _SURROGATE.sub("\ufffd", name)
    return Source(name, form, encoding, hashlib.sha256(data).hexdigest(), len(data))


def _format(data: bytes, name: str) -> str:
    """What the bytes are; the name decides only between kinds of plain text."""
    head = data[:1024]
    if b"%PDF-" in head:
        return "pdf"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "docx"
    _refuse(head)
    ending = name.lower().rpartition(".")[2] if "." in name else ""
    if ending in _NOT_WHAT_IT_SAYS:
        raise UnreadableError(_NOT_WHAT_IT_SAYS[ending])
    if _ENDINGS.get(ending) != "md" and _HTML.match(data[:4096]):
        return "html"
    pieces = len(_HTML_PIECE.findall(data[:50_000]))
    return _ENDINGS.get(ending) or ("html" if pieces > 5 else "unknown")  # noqa: PLR2004


def _refuse(head: bytes) -> None:
    if head.startswith(_OLD_WORD):
        raise UnsupportedError(
            "Old Word files (.doc, .wps) cannot be read; open the file and save it as docx."
        )
    if head.startswith(_PICTURES) or (head[:4] == b"RIFF" and head[8:12] in {b"WEBP", b"AVI "}):
        raise UnsupportedError("This is a picture, not a text; send the document itself.")
    if head[4:8] == b"ftyp":
        raise UnsupportedError("This is a sound or film, not a document; send the text.")
    if head.startswith(b"BM") and head[6:10] == b"\x00\x00\x00\x00":
        raise UnsupportedError("This is a picture, not a text; send the document itself.")
    for magic, sentence in _OTHERS:
        if head.startswith(magic):
            raise UnsupportedError(sentence)


def lines_of(text: str) -> list[Line]:
    """The lines of a plain text."""
    lines = []
    start = 0
    for piece in text.split("\n"):
        lines.append(Line(start, start + len(piece)))
        start += len(piece) + 1
    return lines
