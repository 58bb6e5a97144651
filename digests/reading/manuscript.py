"""What reading hands to outlining: the text and what the file's format knows about its lines."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from digests.report import Source


class Role(StrEnum):
    """What a line is, as far as its format tells."""

    TEXT = "text"
    TABLE = "table"
    CONTENTS = "contents"
    FURNITURE = "furniture"


class Line(NamedTuple):
    """One line of the text, ``[start, end)`` without its newline.

    ``rank`` is the heading level that the format declares (h1 = 1), 0 for none; ``bold`` is the
    position up to which the line's beginning is bold, 0 for none; ``item`` marks a list item.
    """

    start: int
    end: int
    rank: int = 0
    bold: int = 0
    role: Role = Role.TEXT
    item: bool = False


@dataclass(frozen=True, slots=True)
class Manuscript:
    """A read document before it is understood. ``facts`` is what front matter or headers declare."""

    source: Source
    text: str
    lines: tuple[Line, ...]
    warnings: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()

    def line(self, line: Line) -> str:
        """The words of a line."""
        return self.text[line.start : line.end]
