"""Whom a report may be shown to, proposed from its distribution line (发：…); an admin decides."""

import re

from bot.domain.office import Publicity
from digests import Report

_LINE = re.compile(r"^\s*(?:发|分送|主送|报|送|抄送|印发)\s*[:：]\s*(?P<whom>.+)$", re.MULTILINE)
_OPEN = re.compile(r"公开|发布|各(?:村|社区)|社会|公众|媒体|官网|门户网站")
_INNER = re.compile(r"内部|不公开|秘|保密|内参|严禁外传|不予公开")
_OFFICES = re.compile(r"各|市委|县委|区委|党委|党组|部门|单位|领导|常委|书记")


def propose(report: Report) -> Publicity:
    """What the text itself suggests: inner words win, then a public line, then the offices named.

    Where nothing is said it stays undecided, and nothing goes out before somebody decides.
    """
    head, tail = report.text[:600], report.text[-1500:]
    if _INNER.search(head) or _INNER.search(tail):
        return Publicity.MEMBERS
    if re.search(r"(?:主动公开|此件公开发布|公开发布)", head + tail):
        return Publicity.PUBLIC
    lines = [match["whom"] for match in _LINE.finditer(tail)]
    if any(_OPEN.search(line) for line in lines):
        return Publicity.PUBLIC
    if any(_OFFICES.search(line) for line in lines):
        return Publicity.MEMBERS
    return Publicity.UNDECIDED
