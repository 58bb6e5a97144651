"""What the commands print: one JSON object for programs, a few lines for people."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    import digests

LANGUAGE = "zh-Hans"  # of what is printed for people
_INDENT = "  "
# The keys that programs rely on, in the order in which they are printed.
_SOURCE = ("name", "format", "encoding", "sha256", "bytes")
_SECTION = (
    *("address", "cite", "level", "label", "heading", "inline"),
    *("start", "heading_end", "end"),
)
_TASK = (
    *("address", "cite", "topic", "title", "quote", "start", "end", "expression", "kind"),
    *("from", "to", "owners", "reminders"),
)
_FIGURE = ("address", "quote", "start", "end", "value", "number", "unit", "measures")
_EXCERPT = ("address", "cite", "quote", "start", "end")
_HIT = ("address", "cite", "heading", "quote", "start", "end", "score")


def print_json(answer: dict[str, object]) -> None:
    """One JSON object on standard output, and nothing else."""
    typer.echo(json.dumps(answer, ensure_ascii=False))


def outline_json(report: digests.Report) -> dict[str, object]:
    return {
        "title": report.title,
        "issuer": report.issuer,
        "issued_on": iso(report.issued_on),
        "source": _picked(report.source, _SOURCE),
        "characters": len(report.text),
        "text": report.text,
        "warnings": list(report.warnings),
        "sections": [_picked(section, _SECTION) for section in report.sections],
    }


def task_json(task: digests.Task) -> dict[str, object]:
    import digests

    fields = digests.task_to_json(task)
    return {name: fields[name] for name in _TASK}


def figure_json(figure: digests.Figure) -> dict[str, object]:
    import digests

    fields = digests.figure_to_json(figure)
    return {name: fields[name] for name in _FIGURE}


def hit_json(hit: digests.Hit) -> dict[str, object]:
    return {"report": hit.title, **_picked(hit, _HIT)}


def excerpt_json(excerpt: digests.Excerpt) -> dict[str, object]:
    return _picked(excerpt, _EXCERPT)


def _picked(thing: object, names: tuple[str, ...]) -> dict[str, object]:
    return {name: getattr(thing, name) for name in names}


def page_json(page: digests.Page) -> dict[str, object]:
    return {
        "html": page.html,
        "buttons": [[button_json(button) for button in row] for row in page.buttons],
    }


def button_json(button: digests.Button) -> dict[str, str]:
    parts = {"text": button.text, "data": button.data, "url": button.url, "copy": button.copy}
    return {name: value for name, value in parts.items() if value is not None}


def iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def outline_lines(report: digests.Report) -> list[str]:
    from bot.texts import Texts

    _ = Texts().translate(LANGUAGE)
    issued = [report.issuer or "", f"{iso(report.issued_on)} 印发" if report.issued_on else ""]
    lines = [report.title, " · ".join(part for part in issued if part)]
    lines += [f"{len(report.text)} 字 · {report.source.format} · {report.source.encoding}"]
    lines += [f"注意：{_(warning)}" for warning in report.warnings]
    for section in report.sections:
        label = f"{section.label} " if section.label else ""
        lines.append(f"{_INDENT * section.level}{label}{section.heading}    [{section.address}]")
    return [line for line in lines if line]


def task_lines(task: digests.Task, on: date | None) -> list[str]:
    window = " 至 ".join(part for part in (iso(task.first), iso(task.last)) if part)
    head = [task.cite, task.title, task.expression or "无时限", window]
    ahead = [day for day in task.reminders if on is None or day >= on]
    lines = [" · ".join(part for part in head if part), _INDENT + task.quote]
    if ahead:
        shown = "、".join(day.isoformat() for day in ahead[:4])
        more = f" 等{len(ahead)}天" if len(ahead) > 4 else ""  # noqa: PLR2004 -- a line's worth
        lines.append(f"{_INDENT}提醒：{shown}{more}")
    return lines


def figure_lines(figure: digests.Figure) -> list[str]:
    return [f"{figure.value}  {figure.measures}", _INDENT + figure.quote]


def hit_lines(hit: digests.Hit) -> list[str]:
    head = [hit.title, hit.cite or "", hit.heading or ""]
    return [" · ".join(part for part in head if part), _INDENT + hit.quote]


def push_lines(push: Mapping[str, object], left: timedelta | None = None) -> list[str]:
    words = {
        "sent": "已发",
        "failed": "失败",
        "unknown": "不明",
        "skipped": "略过",
        "waiting": "待发",
    }
    sums = "，".join(f"{word}{push[name]}" for name, word in words.items())
    reasons = push["reasons"]
    lines = [f"第{push['id']}号推送：应发{push['planned']} = {sums}"]
    if left:
        minutes = max(1, round(left.total_seconds() / 60))
        lines.append(f"{_INDENT}发送起来还需约{minutes}分钟")
    if isinstance(reasons, Mapping):
        lines += [f"{_INDENT}{reason}：{number}" for reason, number in reasons.items()]
    return lines


def page_lines(page: digests.Page) -> list[str]:
    """A message as a terminal shows it: without markup, buttons in brackets."""
    import re
    from html import unescape

    text = unescape(re.sub(r"<[^>]+>", "", page.html.replace("<blockquote>", "> ")))
    rows = ["  ".join(f"[{button.text}]" for button in row) for row in page.buttons]
    return [text, *rows]


def print_blocks(blocks: list[list[str]], nothing: str) -> None:
    """Blocks of lines with an empty line between them, or a sentence that says there are none."""
    typer.echo("\n\n".join("\n".join(block) for block in blocks) if blocks else nothing)
