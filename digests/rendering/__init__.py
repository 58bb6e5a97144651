"""Digest, tasks, sections, hits -> Telegram HTML pages: how things look, never what goes in.

::

    splitting   HTML of any length -> messages within Telegram's limits
    templating  templates -> pages, everything escaped
    wording     days, citations, button labels in the reader's language
    flowing     lines broken at a width -> flowing text
    ruling      the rule by which a day was found, in the reader's language
    timing      when a task is to be done, in words
    daily       a day's message
    listing     the task list, and one task with its reasons
    showing     sections and passages
    replying    the answer to a look-up
    browsing    contents, and the choices of an address
"""

from digests.rendering.browsing import render_choices, render_contents
from digests.rendering.daily import render_digest
from digests.rendering.listing import render_task, render_tasks, task_lines
from digests.rendering.replying import fits_a_button, render_hits
from digests.rendering.ruling import told_rule
from digests.rendering.showing import (
    deep_link,
    passage,
    render_context,
    render_copy,
    render_hit,
    render_section,
)
from digests.rendering.splitting import plain, split_html, utf16_length
from digests.rendering.wording import citation, day_in_year, full_day

__all__ = [
    "citation",
    "day_in_year",
    "deep_link",
    "fits_a_button",
    "full_day",
    "passage",
    "plain",
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
    "split_html",
    "task_lines",
    "told_rule",
    "utf16_length",
]
