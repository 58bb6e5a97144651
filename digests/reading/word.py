"""Word files -> lines, by our own walk over the XML: python-docx cannot open every real file.

Shown as Word shows it: automatic numbers, accepted changes, field results, tables. Left out:
comments, headers and footers, deleted and hidden text, field codes.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from digests.errors import UnreadableError
from digests.reading.manuscript import Line, Role
from digests.reading.numbering import Numbering, read_numbering
from digests.reading.ooxml import OFF, name_of, parse_xml, parts_of, value_of, whole
from digests.reading.styles import Style, inherited, is_bold, list_of, read_styles

_SKIP = frozenset({"del", "moveFrom", "delText", "instrText", "commentReference", "footnoteReference",
                   "endnoteReference", "annotationRef", "pPr", "rPr", "sectPr", "rt", "Fallback"})  # fmt: skip
_SILENT_FIELDS = frozenset({"PAGE", "NUMPAGES", "SECTIONPAGES"})
_LONGEST_HEADING = 120
_LONGEST_CELL = 300


@dataclass(slots=True)
class _Walk:
    """Where the walk is: open fields, text boxes met, the lines so far."""

    numbering: Numbering
    styles: dict[str, Style]
    fields: list[list[str]] = field(default_factory=list)  # [instruction, "code" | "result"]
    boxes: list[Any] = field(default_factory=list)
    joined: list[tuple[str, bool]] = field(
        default_factory=list
    )  # of a paragraph whose end is deleted
    lines: list[Line] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    length: int = 0
    changed: bool = False

    def add(self, words: str, *, rank: int = 0, bold: int = 0, role: Role = Role.TEXT) -> None:
        start, end = self.length, self.length + len(words)
        self.lines.append(Line(start, end, rank, start + bold if bold else 0, role))
        self.pieces.append(words)
        self.length = end + 1


def read_docx(data: bytes) -> tuple[str, list[Line], list[str]]:
    """The text of a Word file, its lines, and what was left out."""
    parts = parts_of(data)
    root = parse_xml(parts["document"])
    body = next((e for e in root.iter() if name_of(e) == "body"), None)
    if body is None:
        raise UnreadableError("The Word file has no text; save it anew in Word and send it again.")
    numbering = read_numbering(parse_xml(parts["numbering"]) if parts["numbering"] else None)
    walk = _Walk(numbering, read_styles(parts["styles"], numbering))
    _blocks(body, walk)
    _emit(walk, "", walk.joined, 0, in_contents=False)
    warnings = []
    if walk.changed:
        warnings.append("Tracked changes were read as accepted.")
    if parts["comments"]:
        warnings.append("Comments were left out.")
    if parts["notes"]:
        warnings.append("Footnotes were left out.")
    return "\n".join(walk.pieces), walk.lines, warnings


def _blocks(parent: Any, walk: _Walk) -> None:
    for element in parent:
        name = name_of(element)
        if name == "p":
            _paragraph(element, walk)
        elif name == "tbl":
            _table(element, walk)
        elif name == "sdt":
            _block_control(element, walk)
        elif name in {"sdtContent", "ins", "moveTo", "smartTag", "customXml", "body"}:
            _blocks(element, walk)


def _block_control(element: Any, walk: _Walk) -> None:
    """A content control; Word keeps its table of contents in one."""
    gallery = any(
        name_of(e) == "docPartGallery" and "Contents" in value_of(e, "val") for e in element.iter()
    )
    first = len(walk.lines)
    _blocks(element, walk)
    if gallery:
        for place in range(first, len(walk.lines)):
            line = walk.lines[place]
            walk.lines[place] = Line(line.start, line.end, role=Role.CONTENTS)


def _paragraph(element: Any, walk: _Walk) -> None:
    properties = next((e for e in element if name_of(e) == "pPr"), None)
    rank, list_, style = _properties(properties, walk)
    in_contents = style.contents or _in_contents(walk)
    runs, walk.joined = walk.joined, []
    _runs(element, walk, runs, bold=bool(style.bold))
    if _end_is_deleted(properties):
        walk.joined, walk.changed = runs, True
        return
    words = "".join(t for t, _ in runs)
    label = ""
    if list_ and (words.strip() or walk.boxes):
        label = walk.numbering.label(*list_)
    _emit(walk, label, runs, rank, in_contents=in_contents or _in_contents(walk))
    boxes, walk.boxes = walk.boxes, []
    for box in boxes:
        _blocks(box, walk)


def _end_is_deleted(properties: Any) -> bool:
    """Whether a tracked change deletes the paragraph's mark, so that it goes on in the next one."""
    return properties is not None and any(
        name_of(change) == "del" for mark in properties if name_of(mark) == "rPr" for change in mark
    )


def _properties(element: Any, walk: _Walk) -> tuple[int, tuple[str, int] | None, Style]:
    key = ""
    rank: int | None = None
    list_: tuple[str, int] | None = None
    for child in element if element is not None else ():
        name = name_of(child)
        if name == "pStyle":
            key = value_of(child, "val")
        elif name == "outlineLvl":
            level = whole(value_of(child, "val"), 9)
            rank = level + 1 if level < 9 else 0  # noqa: PLR2004 -- 9 is body text
        elif name == "numPr":
            list_ = list_of(child) or ("", whole(next((value_of(c, "val") for c in child), "0")))
    style = inherited(walk.styles, key)
    if list_ is None:
        list_ = style.list
    elif list_[0] == "" and style.list:
        list_ = (style.list[0], list_[1])
    if list_ and list_[0] in {"", "0"}:  # list 0 switches numbering off
        list_ = None
    return (style.rank if rank is None else rank), list_, style


def _emit(
    walk: _Walk, label: str, runs: list[tuple[str, bool]], rank: int, *, in_contents: bool
) -> None:
    """A paragraph as lines: a manual break makes another one."""
    words = label + "".join(t for t, _ in runs)
    bold = 0
    for text, strong in runs:
        if not strong and text.strip():
            break
        bold += len(text)
    bold = bold + len(label) if bold else 0
    role = Role.CONTENTS if in_contents else Role.TEXT
    start = 0
    for piece in words.split("\n"):
        stripped = piece.strip()
        if stripped:
            lead = len(piece) - len(piece.lstrip())
            dark = max(0, min(bold - start - lead, len(stripped)))
            heading = rank if len(stripped) <= _LONGEST_HEADING else 0
            walk.add(stripped, rank=heading, bold=dark, role=role)
        start += len(piece) + 1


def _in_contents(walk: _Walk) -> bool:
    return any(f[0].lstrip().upper().startswith("TOC") for f in walk.fields)


def _runs(element: Any, walk: _Walk, runs: list[tuple[str, bool]], *, bold: bool) -> None:
    for child in element:
        name = name_of(child)
        if name in {"del", "moveFrom", "ins", "moveTo"}:
            walk.changed = True
        if name == "r":
            _run(child, walk, runs, bold=bold)
        elif name == "t" and not _hidden_by_field(walk):  # mathematics
            runs.append((child.text or "", bold))
        elif name == "fldSimple":
            if not _is_silent(value_of(child, "instr")):
                _runs(child, walk, runs, bold=bold)
        elif name not in _SKIP:
            _runs(child, walk, runs, bold=bold)


def _run(element: Any, walk: _Walk, runs: list[tuple[str, bool]], *, bold: bool) -> None:
    properties = next((e for e in element if name_of(e) == "rPr"), None)
    if properties is not None:
        if any(name_of(c) == "vanish" and value_of(c, "val") not in OFF for c in properties):
            return
        own = is_bold(properties)
        bold = bold if own is None else own
    for child in element:
        name = name_of(child)
        if name == "fldChar":
            _field(walk, value_of(child, "fldCharType"))
        elif name == "instrText":
            _instruct(walk, child.text or "")
        elif name in {"drawing", "pict", "AlternateContent", "object"}:
            walk.boxes += _text_boxes(child)
        elif not _hidden_by_field(walk):
            runs.append((_shown(child, name), bold))


def _shown(element: Any, name: str) -> str:
    """What a piece of a run shows."""
    if name == "t":
        return element.text or ""
    if name in {"br", "cr"}:
        return "" if value_of(element, "type") in {"page", "column"} else "\n"
    if name == "sym":
        code = value_of(element, "char")
        plain = re.fullmatch("[0-9A-Ea-e][0-9A-Fa-f]{3}", code)  # F000 on are pictures of a font
        return chr(int(code, 16)) if plain else ""
    if name == "ruby":
        bases = [e for e in element if name_of(e) == "rubyBase"]
        return "".join(t.text or "" for b in bases for t in b.iter() if name_of(t) == "t")
    return {"tab": "\t", "ptab": "\t", "noBreakHyphen": "-"}.get(name, "")


def _instruct(walk: _Walk, code: str) -> None:
    if walk.fields and walk.fields[-1][1] == "code":
        walk.fields[-1][0] += code


def _field(walk: _Walk, kind: str) -> None:
    if kind == "begin":
        walk.fields.append(["", "code"])
    elif kind == "separate" and walk.fields:
        walk.fields[-1][1] = "result"
    elif kind == "end" and walk.fields:
        walk.fields.pop()


def _hidden_by_field(walk: _Walk) -> bool:
    return any(state == "code" or _is_silent(code) for code, state in walk.fields)


def _is_silent(instruction: str) -> bool:
    """Whether a field shows page numbers, which mean nothing outside the page."""
    return (
        instruction.split()[:1] != [] and instruction.split(maxsplit=1)[0].upper() in _SILENT_FIELDS
    )


def _text_boxes(element: Any) -> list[Any]:
    """The text boxes in a drawing, each once (Word writes an older form of the same beside it)."""
    found = []
    stack = [element]
    while stack:
        one = stack.pop()
        for child in reversed(one):
            name = name_of(child)
            if name == "txbxContent":
                found.append(child)
            elif (
                name == "Fallback"
                and any(name_of(e) == "txbxContent" for e in one.iter())
                and len(one) > 1
            ):
                continue
            else:
                stack.append(child)
    return found


def _table(element: Any, walk: _Walk) -> None:
    rows = list(_through(element, "tr"))
    cells = [list(_through(row, "tc")) for row in rows]
    if all(len(row) == 1 for row in cells) or _is_layout(cells):
        for row in cells:
            for cell in row:
                _blocks(cell, walk)
        return
    for row in cells:
        words = [_cell(cell, walk) for cell in row]
        if any(words):
            walk.add("\t".join(words), role=Role.TABLE)


def _is_layout(cells: list[list[Any]]) -> bool:
    """Whether a table only arranges text: few cells, and long paragraphs in them."""
    count = sum(map(len, cells))
    if count == 0 or count > 12:  # noqa: PLR2004 -- a page arranged in more cells is a table
        return False
    longest = max(
        sum(len(e.text or "") for e in c.iter() if name_of(e) == "t") for r in cells for c in r
    )
    return longest > _LONGEST_CELL


def _cell(element: Any, walk: _Walk) -> str:
    inner = _Walk(walk.numbering, walk.styles)
    _blocks(element, inner)
    return " ".join(" ".join(inner.pieces).split())


def _through(element: Any, name: str) -> Iterator[Any]:
    """The rows or cells of a table, also those inside content controls and accepted changes."""
    for child in element:
        found = name_of(child)
        if found == name:
            if not _is_deleted(child):
                yield child
        elif found in {"sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag"}:
            yield from _through(child, name)


def _is_deleted(row: Any) -> bool:
    return any(name_of(e) == "trPr" and any(name_of(d) == "del" for d in e) for e in row)
