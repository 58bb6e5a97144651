"""Reads a long policy report and makes it useful: the front desk.

The floor plan::

    errors      what can go wrong
    report      the nouns: Report, Section, Task, Figure, Hit, Digest, Page
    reading     bytes -> text
    chinese     numerals, width, folding, sentence ends
    outlining   text -> section tree
    addressing  “二、5” -> Section, or the choices
    dating      time expressions -> a window of days, or none
    tagging     words -> topics
    extracting  sections -> tasks, figures
    searching   words -> ranked hits
    composing   report + day + topics + what was read -> Digest
    rendering   Digest, section, hits -> Telegram HTML pages

Walk 1, a day's message: ``parse`` -> ``extract_tasks`` -> ``compose`` -> ``render_digest``.
Walk 2, a look-up: ``parse`` -> ``Index.build`` -> ``Index.search`` -> ``render_hits``.

Nothing here knows Telegram's API, a database, a clock or a network; days and times are arguments.
"""

from digests.addressing import Resolution, resolve
from digests.chinese import Folded, fold, sentences, to_number
from digests.errors import (
    DigestsError,
    QueryError,
    TooLargeError,
    TopicError,
    UnreadableError,
    UnsupportedError,
)
from digests.outlining import outline
from digests.parsing import parse
from digests.reading import Limits, read
from digests.report import (
    Button,
    Digest,
    Excerpt,
    Figure,
    Hit,
    Page,
    Report,
    Section,
    Source,
    Span,
    Task,
    TaskKind,
)
from digests.serializing import report_from_json, report_to_json

__all__ = [
    "Button",
    "Digest",
    "DigestsError",
    "Excerpt",
    "Figure",
    "Folded",
    "Hit",
    "Limits",
    "Page",
    "QueryError",
    "Report",
    "Resolution",
    "Section",
    "Source",
    "Span",
    "Task",
    "TaskKind",
    "TooLargeError",
    "TopicError",
    "UnreadableError",
    "UnsupportedError",
    "fold",
    "outline",
    "parse",
    "read",
    "report_from_json",
    "report_to_json",
    "resolve",
    "sentences",
    "to_number",
]
