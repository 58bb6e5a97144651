"""Markdown -> lines: what a reader sees, with the heading levels and bold beginnings it declares.

Official texts are not written to the letter of CommonMark (a closing ``**`` stands between 。 and a
Han character, front matter closes with four dashes), so the marks are taken off line by line.
"""

import html
import re
from dataclasses import dataclass, field

from digests.marking import mark_at
from digests.reading.manuscript import Line, Role

_FRONT = re.compile(r"\A\s*---[ \t]*\n(.*?)\n-{3,}[ \t]*(?:\n|\Z)", re.DOTALL)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_FACT = re.compile(r"^([A-Za-z_]+):[ \t]*['\"]?(.*?)['\"]?[ \t]*$")
_LISTED = re.compile(r"^[ \t]*-[ \t]+['\"]?(.*?)['\"]?[ \t]*$")

_SPECIAL = re.compile(r"[*_`\[\]!<>&\\|#~{]|^[ \t]*[-+=]")
_HEADING = re.compile(
    r"[ \t]{0,3}(#{1,6})(?:[ \t\u3000]+|(?=[^#\s\w]|[\u4e00-\u9fff])|(?<=##)(?=[A-Z]))(.*?)[ \t]*#*[ \t]*$"
)
_RULE = re.compile(r"[ \t]{0,3}(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,})$")
_UNDERLINE = re.compile(r"[ \t]{0,3}(?:=+|-{2,})[ \t]*$")
_QUOTE = re.compile(r"[ \t]{0,3}>[ \t]?")
_CALLOUT = re.compile(r"\[![A-Za-z]+\][-+]?[ \t]*")
_BULLET = re.compile(r"[ \t]*[-*+][ \t]+(?:\[[ xX]\][ \t]+)?")
_FENCE = re.compile(r"[ \t]*(?:```|~~~)")
_DIVIDER = re.compile(r"[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$")
_FOOTNOTE = re.compile(r"\[\^[^\]\s]{1,40}\](:[ \t]*)?")
_REFERENCE = re.compile(r"[ \t]{0,3}\[[^\]^]{1,200}\]:[ \t]*\S+.*$")
_LIQUID = re.compile(r"[ \t]*\{[%:].*[%}]?\}[ \t]*$")
_ATTRIBUTES = re.compile(r"\{:[^{}\n]*\}")

_BOLD_START = re.compile(r"[ \t\u3000]*(\*\*\*|\*\*|__)(?=\S)(.+?)\1")
_IMAGE = re.compile(r"!\[[^\]]{0,600}\](?:\([^)\n]{0,600}\)|\[[^\]]{0,600}\])?")
_LINK = re.compile(r"\[([^\[\]]{0,600})\](?:\([^)\n]{0,600}\)|\[[^\]\n]{0,600}\])")
_AUTOLINK = re.compile(r"<((?:https?|mailto):[^>\s]+)>")
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_CELL_END = re.compile(r"</t[dh]\s*>", re.IGNORECASE)
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_CODE = re.compile(r"(`+)(.+?)\1")
_STRONG = re.compile(r"(\*\*\*|\*\*|__)(?=\S)(.+?)(?<=[^\s*])\1")
_EMPHASIS = re.compile(r"(?<![\w*])([*_])(?=[^\s*_])([^*_\n]+?)(?<=[^\s*_])\1(?![\w*])")
_STRIKE = re.compile(r"~~(.+?)~~")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_WRAPPED = re.compile(r"[\x21-\x7e]$")
_GOES_ON = re.compile(r"[ \t]*[A-Za-z0-9(\"'“‘\[*_`]")
_ORDERED = re.compile(r"[ \t]*\d{1,3}[.)][ \t]")
_WORDLIKE = {"numeral", "en_first"}  # 5 Apples, First, we …: these may open any line of a paragraph
_SHORTEST_WRAP = 40
_DEEPEST_QUOTE = 8
_MOST_MARKS = 1000  # bold marks in one line: more are never pairs


@dataclass(slots=True)
class _Draft:
    """The lines as they grow."""

    pieces: list[str] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    length: int = 0
    details: bool = False
    contents: bool = False
    fenced: bool = False
    open: bool = False  # the last line is an English paragraph that may go on
    tail: list[str] = field(default_factory=list)  # what was joined to the last line

    def add(
        self,
        words: str,
        *,
        rank: int = 0,
        bold: int = 0,
        item: bool = False,
        role: Role = Role.TEXT,
    ) -> None:
        self.settle()
        if self.contents:
            role = Role.CONTENTS
        start = self.length
        end = start + len(words)
        self.lines.append(Line(start, end, rank, start + bold if bold else 0, role, item))
        self.pieces.append(words)
        self.length = end + 1
        self.open = False

    def extend(self, words: str) -> None:
        before = self.tail[-1] if self.tail else self.pieces[-1]
        glue = "" if before.endswith("-") and words[:1].islower() else " "
        self.tail += (glue, words)

    def settle(self) -> None:
        """Make one line of what was joined."""
        if not self.tail:
            return
        self.pieces[-1] = "".join((self.pieces[-1], *self.tail))
        self.tail = []
        last = self.lines[-1]
        end = last.start + len(self.pieces[-1])
        self.lines[-1] = Line(last.start, end, last.rank, last.bold, last.role, last.item)
        self.length = end + 1


def read_markdown(text: str) -> tuple[str, list[Line], list[tuple[str, str]]]:
    """The text without its marks, its lines, and the facts of the front matter."""
    facts, body = _front_matter(text)
    if "<!--" in body:
        body = _COMMENT.sub("", body)
    draft = _Draft()
    raw = body.split("\n")
    previous = ""
    for number, line in enumerate(raw):
        following = raw[number + 1] if number + 1 < len(raw) else ""
        _take(draft, line, previous, following)
        previous = line
    draft.settle()
    return "\n".join(draft.pieces), draft.lines, facts


def _front_matter(text: str) -> tuple[list[tuple[str, str]], str]:
    found = _FRONT.match(text)
    if not found:
        return [], text
    facts: list[tuple[str, str]] = []
    for line in found.group(1).split("\n"):
        fact, listed = _FACT.match(line), _LISTED.match(line)
        if fact:
            facts.append((fact.group(1).lower(), fact.group(2)))
        elif listed and facts:
            facts.append((facts[-1][0], listed.group(1)))
    return facts, text[found.end() :]


def _take(draft: _Draft, line: str, previous: str, following: str) -> None:
    """One line of the file."""
    if not line.strip():
        draft.open = False
        return
    if not _SPECIAL.search(line):
        _plain(draft, line, following)
        return
    if _FENCE.match(line):
        draft.fenced = not draft.fenced
    elif draft.fenced:
        draft.add(line)
    elif not _is_mark_only(draft, line, previous):
        _marked(draft, line, following)


def _plain(draft: _Draft, line: str, following: str) -> None:
    if _UNDERLINE.match(following) and not draft.fenced:
        draft.add(line.strip(), rank=1 if "=" in following else 2)
        return
    _put(draft, line, line.strip(" \t"))


def _put(
    draft: _Draft,
    raw: str,
    words: str,
    *,
    bold: int = 0,
    item: bool = False,
    role: Role = Role.TEXT,
) -> None:
    """A line of text: a paragraph of its own, or the next line of a wrapped English one."""
    goes_on = draft.open and not item and not bold and role is Role.TEXT
    if goes_on and _GOES_ON.match(words) and not _opens_item(words):
        draft.extend(words)
    else:
        draft.add(words, bold=bold, item=item, role=role)
    draft.open = (
        role is Role.TEXT
        and (len(raw) >= _SHORTEST_WRAP or goes_on)
        and bool(_WRAPPED.search(words))
        and not raw.endswith(("  ", "\\"))
        and not draft.fenced
    ) or (item and words.isascii() and not draft.fenced)


def _opens_item(words: str) -> bool:
    """Whether a line begins an item, so that it goes on no paragraph."""
    mark = mark_at(words, 0, len(words))
    return _ORDERED.match(words) is not None or (mark is not None and mark.scheme not in _WORDLIKE)


def _is_mark_only(draft: _Draft, line: str, previous: str) -> bool:
    """Whether a line holds nothing for a reader: a rule, a tag of ``details``, a reference."""
    bare = line.strip().lower()
    if bare.startswith(("<details", "</details")):
        draft.details = bare.startswith("<details")
        draft.contents = False
        return True
    if _UNDERLINE.match(line) and previous.strip() and draft.lines and draft.lines[-1].rank:
        return True
    return bool(_RULE.match(line) or _REFERENCE.match(line) or _LIQUID.match(line))


def _marked(draft: _Draft, line: str, following: str) -> None:
    for _ in range(_DEEPEST_QUOTE):
        if found := _QUOTE.match(line):
            line = line[found.end() :]
    line = _CALLOUT.sub("", line, count=1) if line.startswith("[!") else line
    heading = _HEADING.match(line)
    if heading:
        words, _ = clean(heading.group(2))
        if words:
            draft.add(words, rank=len(heading.group(1)))
        return
    if "|" in line and (line.lstrip().startswith("|") or _DIVIDER.match(following)):
        _table_row(draft, line)
        return
    bullet = _BULLET.match(line)
    raw = line[bullet.end() :] if bullet else line
    _paragraph(draft, raw, item=bool(bullet), following=following)


def _paragraph(draft: _Draft, raw: str, *, item: bool, following: str) -> None:
    for part in _BREAK.split(raw):
        words, bold = clean(part)
        if not words:
            continue
        if draft.details and "<summary" in part.lower():
            draft.contents = bool(re.search(r"目\s*[录錄]|[Cc]ontents", words))
        if _UNDERLINE.match(following) and not item and "=" not in words:
            draft.add(words, rank=1 if "=" in following else 2)
        else:
            _put(draft, part, words, bold=bold, item=item)


def _table_row(draft: _Draft, line: str) -> None:
    if _DIVIDER.match(line):
        return
    cells = [clean(_BREAK.sub("", cell))[0] for cell in line.strip().strip("|").split("|")]
    if any(cells):
        draft.add("\t".join(cells), role=Role.TABLE)


def clean(raw: str) -> tuple[str, int]:
    """A line's words without inline marks, and how many of them are bold at its beginning.

    >>> clean("**一、展望。**[链接](http://x)")
    ('一、展望。链接', 5)
    """
    if "{:" in raw:
        raw = _ATTRIBUTES.sub("", raw)
    leading = _BOLD_START.match(raw)
    if leading:
        head = _strip(leading.group(2))
        rest = _strip(raw[leading.end() :])
        if leading.group(1) == "***":
            head = head.strip("*")
        words = (head + rest).rstrip()
        return words.lstrip(), len(head.strip()) if words.strip() else 0
    return _strip(raw).strip(), 0


def _unstressed(raw: str) -> str:
    if raw.count("**") + raw.count("__") > _MOST_MARKS:
        raw = raw.replace("**", "").replace("__", "")
    return _EMPHASIS.sub(r"\2", _STRONG.sub(r"\2", raw))


def _strip(raw: str) -> str:
    if "!" in raw:
        raw = _IMAGE.sub("", raw)
    if "[" in raw:
        raw = _FOOTNOTE.sub("", raw)
        raw = _LINK.sub(r"\1", raw)
    if "<" in raw:
        raw = _AUTOLINK.sub(r"\1", raw)
        raw = _CELL_END.sub("\t", raw)
        raw = _TAG.sub("", raw)
    if "`" in raw:
        raw = _CODE.sub(r"\2", raw)
    if "*" in raw or "_" in raw:
        raw = _unstressed(raw)
    if "~~" in raw:
        raw = _STRIKE.sub(r"\1", raw)
    if "\\" in raw:
        raw = _ESCAPE.sub(r"\1", raw)
    return html.unescape(raw) if "&" in raw else raw
