"""Text -> section tree.

The walk::

    lines   = the manuscript's lines without blank ones and furniture
    for each document in the file (a title, then numbering that begins anew):
        entries = the lines (and places inside lines) that open a section
        tree    = entries nested by order of first appearance
    number, cite and close the sections; add title, issuer and dates
"""

import re
from dataclasses import dataclass, field

from digests import citing, titling, trimming
from digests.manuscript import Line, Manuscript
from digests.marking import CUSTOM, Mark, mark_at
from digests.report import Report, Section

_STOP = re.compile(r"[。；：;！？!?]")
_SALUTATION = re.compile(
    r"\s*(?:各位(?:代表|委员|同志|领导|来宾|朋友)|同志们|朋友们|女士们)[^。]{0,12}[！!，,：:]"
)
_SPACE = re.compile(r"\s+")
_ITEM = re.compile(
    r"(?<=[：:。；;！？])\s*(?:([一二三四五六七八九十]{1,3})是|第([一二三四五六七八九十]{1,3})，)"
)


@dataclass(slots=True)
class Node:
    """A section while the tree is being built; ``floor`` is the end of the paragraph that opens it."""

    scheme: str
    number: int
    label: str | None
    heading: str
    start: int
    heading_end: int
    floor: int
    end: int = 0
    paragraphs: int = 0
    closing: int = 0
    inline: bool = False
    alone: bool = False
    group: str = ""
    children: list["Node"] = field(default_factory=list)


def outline(manuscript: Manuscript) -> Report:
    """The report: its tree of sections, its title, issuer and dates."""
    dropped = trimming.furniture(manuscript)
    lines = [
        line
        for i, line in enumerate(manuscript.lines)
        if i not in dropped and manuscript.text[line.start : line.end].strip()
    ]
    titles = titling.titles(manuscript, lines)
    documents = _documents(manuscript, lines, titles)
    sections = tuple(_sections(manuscript.text, documents))
    facts = titling.facts(manuscript, titles, dropped)
    return Report(
        source=manuscript.source,
        text=manuscript.text,
        title=facts.title,
        issuer=facts.issuer,
        issued_on=facts.issued_on,
        met_on=facts.met_on,
        number=facts.number,
        sections=sections,
        furniture=trimming.spans(manuscript, dropped),
        warnings=(*manuscript.warnings, *_warnings(dropped)),
    )


def _warnings(dropped: dict[int, str]) -> list[str]:
    names = {"page": "页码和页眉页脚", "note": "编者按", "footer": "发送范围和印发行"}
    counts = {kind: sum(1 for k in dropped.values() if k == kind) for kind in names}
    return [f"{names[kind]}{n}行未编入章节" for kind, n in counts.items() if n]


def _documents(
    manuscript: Manuscript, lines: list[Line], titles: list[titling.Title]
) -> list[Node]:
    """The top nodes: the sections of a single document, or one node for each of several."""
    text = manuscript.text
    if len(titles) < 2:  # noqa: PLR2004 -- one document needs no node of its own
        body = lines[titles[0].after :] if titles else lines
        return _tree(text, body)
    tops = []
    for title, following in zip(titles, [*titles[1:], None], strict=True):
        stop = following.first if following else len(lines)
        node = Node("title", 0, None, title.heading, title.start, title.end, title.end)
        node.children = _tree(text, lines[title.after : stop])
        node.end = max([c.end for c in node.children], default=lines[stop - 1].end)
        tops.append(node)
    return tops


def _tree(text: str, lines: list[Line]) -> list[Node]:
    roots: list[Node] = []
    stack: list[Node] = []
    ranks: dict[str, int] = {}
    for place, line in enumerate(lines):
        mark = _mark(text, line)
        if mark is None:
            node = None
        else:
            node = _node(text, line, mark)
            _open(node, stack, roots, ranks)
            node.group = _group(text, lines[place - 1]) if place and node.number == 1 else ""
        if stack:
            _grow(text, stack, line)
        holder = stack[-1].children if stack else roots
        holder.extend(_inline(text, node.heading_end if node else line.start, line.end))
    _close(text, roots, lines[-1].end if lines else 0)
    return roots


def _mark(text: str, line: Line) -> Mark | None:
    start = line.start
    while start < line.end and text[start].isspace():
        start += 1
    return mark_at(text, start, line.end)


def _node(text: str, line: Line, mark: Mark) -> Node:
    end = line.end
    while end > mark.body and text[end - 1].isspace():
        end -= 1
    stop = _STOP.search(text, mark.body, end)
    heading_end = stop.end() if stop else end
    heading = tidy(text[mark.body : stop.start() if stop else end]) or mark.label
    alone = stop is None or stop.end() == end
    return Node(
        mark.scheme, mark.number, mark.label, heading, mark.start, heading_end, end, alone=alone
    )


def tidy(printed: str) -> str:
    """A heading with its white space collapsed and without closing punctuation."""
    return _SPACE.sub(" ", printed).strip(" 。．.，,、；;：:")


def _open(node: Node, stack: list[Node], roots: list[Node], ranks: dict[str, int]) -> None:
    if node.scheme not in ranks:
        below = ranks[stack[-1].scheme] if stack else -1
        higher = [s for s in ranks if CUSTOM[s] > CUSTOM[node.scheme]] if node.number == 1 else []
        ranks[node.scheme] = below + 1 if not higher else min(ranks[s] for s in higher)
    while stack and ranks[stack[-1].scheme] >= ranks[node.scheme]:
        stack.pop()
    (stack[-1].children if stack else roots).append(node)
    stack.append(node)


def _grow(text: str, stack: list[Node], line: Line) -> None:
    """Count a paragraph for the open section; a salutation opens its closing words."""
    stack[-1].paragraphs += 1
    if stack[-1].paragraphs > 1 and not stack[-1].closing and _SALUTATION.match(text, line.start):
        stack[-1].closing = line.start


def _group(text: str, line: Line) -> str:
    found = re.search(
        r"[“\"]?([一二三四五六七八九十两\d]+(?:大|项|个|点|条)[^“”\"，。：；]{0,8})[”\"]?[：:]\s*$",
        text[line.start : line.end],
    )
    return found.group(1) if found else ""


def _inline(text: str, start: int, end: int) -> list[Node]:
    """The items 一是 …, 二是 … inside one paragraph: a run that begins at one and has no gap."""
    found = list(_ITEM.finditer(text, start, end))
    runs: list[Node] = []
    from digests.chinese import to_number

    for item in found:
        number = to_number(item.group(1) or item.group(2))
        if number is None or number != len(runs) + 1:
            continue
        begin = item.start(1) if item.group(1) else item.start(2) - 1
        stop = _STOP.search(text, item.end(), end)
        heading_end = stop.end() if stop else end
        runs.append(
            Node(
                "is",
                number,
                text[begin : item.end()].rstrip("，"),
                tidy(text[item.end() : stop.start() if stop else end]),
                begin,
                heading_end,
                end,
                inline=True,
            )
        )
    if len(runs) < 2:  # noqa: PLR2004 -- a single 一是 is prose
        return []
    for one, following in zip(runs, runs[1:], strict=False):
        one.end = following.start
    runs[-1].end = end
    runs[0].group = _group_before(text, start, runs[0].start)
    return runs


def _group_before(text: str, start: int, position: int) -> str:
    found = re.search(
        r"[“\"]?([一二三四五六七八九十两\d]+(?:大|项|个|点|条)[^“”\"，。：；]{0,8})[”\"]?[：:]\s*$",
        text[start:position],
    )
    return found.group(1) if found else ""


def _close(text: str, siblings: list[Node], end: int) -> None:
    """Where sections end: at the next one's start, or with the last child.

    What follows the last of a run of one-paragraph items, or begins with a salutation, is the
    closing of what stands above, and belongs to no item.
    """
    lined = [s for s in siblings if not s.inline]
    single = len(lined) > 1 and all(
        s.paragraphs == 1 and not s.children and not s.alone for s in lined[:-1]
    )
    for node, following in zip(lined, [*lined[1:], None], strict=False):
        last = following.start if following else node.closing or end
        if single and following is None:
            last = node.floor
        _close(text, node.children, last)
        node.end = node.children[-1].end if node.children else _before_space(text, last)


def _before_space(text: str, position: int) -> int:
    while position and text[position - 1].isspace():
        position -= 1
    return position


def _sections(text: str, tops: list[Node]) -> list[Section]:
    found: list[Section] = []

    def walk(nodes: list[Node], parent: str, level: int, context: citing.Context) -> None:
        for place, node in enumerate(nodes, start=1):
            address = f"{parent}.{place}" if parent else str(place)
            cite, below = citing.cite(node, nodes, context)
            found.append(
                Section(
                    address,
                    cite,
                    level,
                    node.label,
                    node.heading,
                    node.inline,
                    node.start,
                    node.heading_end,
                    node.end,
                )
            )
            walk(node.children, address, level + 1, below)

    walk(tops, "", 1, citing.Context())
    return found
