"""The items inside one paragraph: 一是 …, 二是 …; 第一，…, 第二，…"""

import re
from itertools import pairwise

from digests.chinese import to_number
from digests.outlining.nesting import Entry
from digests.outlining.phrasing import STOP, group, tidy

_INLINE = re.compile(
    r"(?:(?<=[：:。；;！？”）)\s])|(?<=，)(?=一是|第一))(?:([一二三四五六七八九十]{1,3})(?:是|要)(?!否)|第([一二三四五六七八九十]{1,3})[，、])"
)
_FIRST = re.compile("一是|第一|一要")
_LONGEST_ITEM = 200  # characters in which an item's title must end


def inline(text: str, start: int, end: int) -> list[Entry]:
    """The items 一是 …, 二是 … inside one paragraph: runs that begin at one and have no gap."""
    if not _FIRST.search(text, start, end):
        return []
    open_: dict[str, list[Entry]] = {}
    runs: list[list[Entry]] = []
    for found in _INLINE.finditer(text, start, end):
        scheme = "is" if found.group(1) else "first"
        number = to_number(found.group(1) or found.group(2)) or 0
        if number == 1:
            open_[scheme] = []
            runs.append(open_[scheme])
        run = open_.get(scheme)
        if run is not None and len(run) + 1 == number:
            run.append(_item(text, found.span(), end, (scheme, number)))
    kept: list[list[Entry]] = []
    for run in runs:
        if len(run) > 1 and (not kept or kept[-1][-1].start < run[0].start):
            kept.append(run)
    for place, run in enumerate(kept):
        _bound(text, run, start, kept[place + 1][0].start if place + 1 < len(kept) else end)
    return [entry for run in kept for entry in run]


def _item(text: str, span: tuple[int, int], end: int, kind: tuple[str, int]) -> Entry:
    begin, body = span
    scheme, number = kind
    limit = min(end, body + _LONGEST_ITEM)
    stop = STOP.search(text, body, limit)
    heading_end = stop.end() if stop else limit
    label = text[begin:body].rstrip("，、")
    heading = tidy(text[body:heading_end]) or label
    return Entry(scheme, number, label, heading, begin, heading_end, end, inline=True, leaf=True)


def _bound(text: str, run: list[Entry], start: int, stop: int) -> None:
    for one, following in pairwise(run):
        one.end = following.start
        if one.heading_end > one.end:
            one.heading_end = one.end
            one.heading = tidy(text[one.start + len(one.label or "") : one.end]) or one.heading
    run[-1].end = stop
    run[0].group = group(text, start, run[0].start)
