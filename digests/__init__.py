"""Reads a long policy report and makes it useful: the front desk.

The floor plan::

    errors      what can go wrong
    report      the nouns: Report, Section, Task, Figure, Hit, Digest, Page
    reading     bytes -> text
    chinese     numerals, width, folding, sentence ends
    marking     how a line begins: scheme, number, printed label
    outlining   text -> section tree
    addressing  “二、5” -> Section, or the choices
    dating      time expressions -> a window of days, or none
    tagging     words -> topics
    withholding what the office lets be pushed, looked up or seen
    extracting  sections -> tasks, figures
    searching   words -> ranked hits
    composing   report + day + topics + what was read -> Digest
    rendering   Digest, tasks, sections, hits -> Telegram HTML pages

Walk 1, a day's message: ``parse`` -> ``extract_tasks`` -> ``compose`` -> ``render_digest``.
Walk 2, a look-up: ``parse`` -> ``Index.build`` -> ``Index.search`` -> ``render_hits``.

Nothing here knows Telegram's API, a database, a clock or a network; days and times are arguments.
"""

from digests.addressing import Resolution, resolve
from digests.chinese import Folded, fold, sentences, to_number
from digests.composing import (
    Agenda,
    Edition,
    agenda,
    compose,
    merge,
    plan,
    preview,
    read_after,
    report_key,
)
from digests.dating.calendars import (
    add_workdays,
    feast,
    is_estimated,
    is_workday,
    next_workday,
    workday_from,
    workday_until,
)
from digests.dating.forms import season_on
from digests.dating.seasons import adopt_region, adopt_seasons
from digests.errors import (
    DigestsError,
    KnowledgeError,
    NoRoomError,
    QueryError,
    TooLargeError,
    TopicError,
    UnreadableError,
    UnsupportedError,
)
from digests.exchanging import (
    figure_from_json,
    figure_to_json,
    task_from_json,
    task_key,
    task_to_json,
)
from digests.extracting.figures import extract_figures
from digests.extracting.reminding import Reminders
from digests.extracting.tasks import extract_tasks
from digests.extracting.tensing import looks_back
from digests.outlining import outline, parse
from digests.reading import Limits, read
from digests.rendering import (
    citation,
    day_in_year,
    deep_link,
    fits_a_button,
    full_day,
    passage,
    plain,
    render_choices,
    render_contents,
    render_context,
    render_copy,
    render_digest,
    render_hit,
    render_hits,
    render_section,
    render_task,
    render_tasks,
    split_html,
    task_lines,
    told_rule,
    utf16_length,
)
from digests.report import (
    Button,
    Digest,
    Due,
    Excerpt,
    Figure,
    Handled,
    Handling,
    Hit,
    Page,
    Report,
    Section,
    Source,
    Span,
    Task,
    TaskKind,
)
from digests.searching import Answer, Index
from digests.searching.shadowing import characters_of, readings_of
from digests.serializing import report_from_json, report_to_json
from digests.tagging import Topic, adopt_topics, presets, tag, topic, topics
from digests.withholding import Proposal, handle, is_hidden, is_withheld, proposals, reason_of

__all__ = [
    "Agenda",
    "Answer",
    "Button",
    "Digest",
    "DigestsError",
    "Due",
    "Edition",
    "Excerpt",
    "Figure",
    "Folded",
    "Handled",
    "Handling",
    "Hit",
    "Index",
    "KnowledgeError",
    "Limits",
    "NoRoomError",
    "Page",
    "Proposal",
    "QueryError",
    "Reminders",
    "Report",
    "Resolution",
    "Section",
    "Source",
    "Span",
    "Task",
    "TaskKind",
    "TooLargeError",
    "Topic",
    "TopicError",
    "UnreadableError",
    "UnsupportedError",
    "add_workdays",
    "adopt_region",
    "adopt_seasons",
    "adopt_topics",
    "agenda",
    "characters_of",
    "citation",
    "compose",
    "day_in_year",
    "deep_link",
    "extract_figures",
    "extract_tasks",
    "feast",
    "figure_from_json",
    "figure_to_json",
    "fits_a_button",
    "fold",
    "full_day",
    "handle",
    "is_estimated",
    "is_hidden",
    "is_withheld",
    "is_workday",
    "looks_back",
    "merge",
    "next_workday",
    "outline",
    "parse",
    "passage",
    "plain",
    "plan",
    "presets",
    "preview",
    "proposals",
    "read",
    "read_after",
    "readings_of",
    "reason_of",
    "render_choices",
    "render_contents",
    "render_context",
    "render_copy",
    "render_digest",
    "render_hit",
    "render_hits",
    "render_section",
    "render_task",
    "render_tasks",
    "report_from_json",
    "report_key",
    "report_to_json",
    "resolve",
    "season_on",
    "sentences",
    "split_html",
    "tag",
    "task_from_json",
    "task_key",
    "task_lines",
    "task_to_json",
    "to_number",
    "told_rule",
    "topic",
    "topics",
    "utf16_length",
    "workday_from",
    "workday_until",
]
