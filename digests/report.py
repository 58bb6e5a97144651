"""The nouns of this library: frozen data, no behaviour beyond looking things up.

Positions are code points of ``Report.text``; every span is half open, ``[start, end)``, and
``report.text[start:end]`` *is* the quote. Days are local calendar days, both ends inclusive.
"""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Half-open range of code points in ``Report.text``."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Source:
    """Where a text came from: ``encoding`` is "" for docx and pdf, ``bytes`` is the file's size."""

    name: str
    format: str
    encoding: str
    sha256: str
    bytes: int


@dataclass(frozen=True, slots=True)
class Section:
    """A node of the outline.

    ``address`` counts positions among all children of the parent, from 1, joined by dots; it is
    for programs. ``cite`` is what people read and type (报告 二、5). ``label`` is as printed,
    without closing punctuation, None for an unnumbered heading. ``[start, end)`` covers label to
    last child; ``[start, heading_end)`` the printed heading (label and title); ``inline`` marks
    items inside a paragraph.
    """

    address: str
    cite: str
    level: int
    label: str | None
    heading: str
    inline: bool
    start: int
    heading_end: int
    end: int

    @property
    def parent(self) -> str | None:
        """Address of the parent, None at level 1."""
        head, dot, _ = self.address.rpartition(".")
        return head if dot else None


class Handling(StrEnum):
    """摘发管理: what may become of a passage."""

    PUSHED = "pushed"  # 可摘发
    ASKED = "asked"  # 只供查阅: found by who asks, never pushed
    HIDDEN = "hidden"  # 不出现


@dataclass(frozen=True, slots=True, order=True)
class Handled:
    """What the office has decided on the passage ``[start, end)``."""

    start: int
    end: int
    handling: Handling


@dataclass(frozen=True, slots=True)
class Report:
    """A read document: its text, letter for letter, and the tree over it (in text order).

    ``issued_on`` is the day it was issued (印发), ``met_on`` the day of the meeting it reports on,
    the base for words like 昨天; ``number`` is the document number (文号). ``furniture`` lists the
    spans that no reader should see as content (page numbers, editor's note, distribution footer);
    ``handled`` what the office has decided on passages, in a report as readers get it.
    """

    source: Source
    text: str
    title: str
    issuer: str | None
    issued_on: date | None
    met_on: date | None
    number: str | None
    sections: tuple[Section, ...]
    furniture: tuple[Span, ...] = ()
    warnings: tuple[str, ...] = ()
    handled: tuple[Handled, ...] = ()

    def quote(self, start: int, end: int) -> str:
        """The words between two positions, letter for letter."""
        return self.text[start:end]

    def section(self, address: str) -> Section | None:
        """The section at an address, or None."""
        return next((s for s in self.sections if s.address == address), None)

    def children(self, address: str | None) -> tuple[Section, ...]:
        """The sections one level below an address (None: the top level)."""
        return tuple(s for s in self.sections if s.parent == address)

    def section_at(self, position: int) -> Section | None:
        """The deepest section that covers a position, or None outside all sections."""
        covering = [s for s in self.sections if s.start <= position < s.end]
        return max(covering, key=lambda s: s.level, default=None)


class TaskKind(StrEnum):
    """What time a task has."""

    DATED = "dated"
    SEASON = "season"
    PERIOD = "period"
    RECURRING = "recurring"
    RELATIVE = "relative"
    VAGUE = "vague"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Task:
    """Something the report tells somebody to do, in the sentence it stands in.

    ``quote`` is the whole sentence ``[start, end)``; ``expression`` the words that bind it in time,
    as printed; ``first``/``last`` the inclusive window, None unless known (X前 has no first day);
    ``reminders`` the ascending days on which a reader is reminded. ``ends_with`` is the day after
    which a task without a window of its own stops reminding (a monthly one inside 下半年).
    """

    address: str | None
    cite: str
    topic: str | None
    title: str
    quote: str
    start: int
    end: int
    expression: str | None
    kind: TaskKind
    first: date | None
    last: date | None
    owners: tuple[str, ...] = ()
    reminders: tuple[date, ...] = ()
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A number and what it measures: ``value`` as printed, ``number`` with 万 and 亿 worked out."""

    address: str | None
    quote: str
    start: int
    end: int
    value: str
    number: float
    unit: str
    measures: str
    approximate: bool = False
    target: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that answers a question.

    ``report`` is the report's key; ``found`` the words to set in bold, as spans of the report's
    text inside ``[start, end)``.
    """

    report: str
    address: str | None
    cite: str | None
    heading: str | None
    quote: str
    start: int
    end: int
    score: float
    found: tuple[Span, ...] = ()
    title: str = ""
    issued_on: date | None = None


@dataclass(frozen=True, slots=True)
class Excerpt:
    """One contiguous span of a section, chosen for a day.

    ``abridged``: the section goes on beyond it (节选); ``review``: the section looks back (回顾).
    """

    address: str
    cite: str
    quote: str
    start: int
    end: int
    abridged: bool = False
    review: bool = False


@dataclass(frozen=True, slots=True)
class Due:
    """One line of a reminder or of the task list: a task, and others on the same matter (``also``)."""

    report: Report
    task: Task
    also: tuple[Task, ...] = ()


@dataclass(frozen=True, slots=True)
class Digest:
    """What goes into a day's message, never how it looks.

    ``tasks`` are all that remind on the day, ``lines`` the same with one matter merged into one;
    ``reading`` is the section read, as "KEY:ADDRESS" ("" without an excerpt).
    """

    report: Report
    on: date
    excerpt: Excerpt | None
    tasks: tuple[Task, ...] = ()
    figure: Figure | None = None
    season: str | None = None
    season_days: tuple[date, date] | None = None
    lines: tuple[Due, ...] = ()
    reading: str = ""


@dataclass(frozen=True, slots=True)
class Button:
    """One inline button; one of ``data`` (<= 64 bytes), ``url``, ``copy`` (<= 256) is set."""

    text: str
    data: str | None = None
    url: str | None = None
    copy: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One Telegram message: HTML within Telegram's limits, and its rows of buttons."""

    html: str
    buttons: tuple[tuple[Button, ...], ...] = field(default=())
