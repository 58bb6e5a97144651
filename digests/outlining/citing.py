"""How a section is named in print: 报告 二、5; 讲话 五项工作·5; 二（三）; 第十二条."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

_KINDS = re.compile(
    "报告|讲话|决定|决议|意见|通知|办法|规定|条例|方案|规划|纲要|公报|预案|规则|细则|通报|批复|公告|要点|措施|函|行动计划|计划|细则|准则|标准|制度|指南|清单|白皮书|計畫|報告|辦法|條例|決議|決定|綱要|規定"
)
_SHORT = 16  # characters of a heading that stand for a label
_SHORTEST = 6
_CLOSED = 24  # a clause that ends by then is told whole
_DASHES = re.compile(r"[\s—―–\-·•▪●]+(?=\w)")
_BREAK = re.compile(r"(?<!明确)(?<!指出)(?<!强调)(?<!提出)[，。；：！？,;:!?]|(?<=[a-z,]) ")
_HAN = re.compile(r"[一-鿿]")


class Named(Protocol):
    """What a citation needs to know of a section."""

    scheme: str
    label: str | None
    heading: str
    group: str


@dataclass(frozen=True, slots=True)
class Context:
    """The citation so far: the document's short name and the labels above."""

    document: str = ""
    path: str = ""
    labelled: bool = True


def cite(node: Named, group: str, above: Context) -> tuple[str, Context]:
    """The citation of a section in a run of that name, and the context for those below it."""
    if node.scheme == "title":
        name = _short(node.heading)
        return name, Context(name)
    labelled = node.label is not None and above.labelled
    name = node.label or _in_words(node.heading)
    if node.scheme == "article" or node.scheme.startswith("dotted"):
        above = Context(above.document)  # 第十二条 and 2.1.3 need no path
    path = _join(above.path, group, name, labelled=labelled)
    full = f"{above.document} {path}" if above.document else path
    return full, Context(above.document, path, node.label is not None)


def groups(siblings: Sequence[Named]) -> list[str]:
    """The printed name of the run each sibling belongs to, where their parent has several runs."""
    if len({s.scheme for s in siblings}) < 2:  # noqa: PLR2004
        return [""] * len(siblings)
    named: dict[str, str] = {}
    found = []
    scheme = ""
    for s in siblings:
        if s.scheme != scheme:
            named, scheme = {}, s.scheme
        if s.group:
            named[s.scheme] = s.group
        found.append(named.get(s.scheme, ""))
    return found


def _short(heading: str) -> str:
    """The kind of document that a title names last: 报告, 讲话, 方案."""
    kinds = _KINDS.findall(heading.replace(" ", ""))
    return kinds[-1] if kinds else _in_words(heading)


def _in_words(heading: str) -> str:
    """The beginning of a heading in words, whole clauses or words, without the dash before it."""
    dash = _DASHES.match(heading)
    words = heading[dash.end() :] if dash else heading
    wide = 1 if _HAN.search(words) else 2  # Latin letters are half as wide
    if len(words) <= _SHORT * wide:
        return words
    breaks = [found.start() for found in _BREAK.finditer(words) if found.start() >= _SHORTEST]
    fitting = [at for at in breaks if at <= _SHORT * wide]
    late = [at for at in (*breaks, len(words)) if at <= _CLOSED * wide]
    return words[: max(fitting) if fitting else min(late, default=_SHORT)]


def _join(path: str, group: str, label: str, *, labelled: bool) -> str:
    """One label more: after 二 comes 、5 or （三）, after or before a heading in words a dot."""
    if group:
        path = f"{path}、{group}" if path else group
        return f"{path}·{label}"
    if not path:
        return label
    if not labelled:
        return f"{path}·{label}"
    return f"{path}{label}" if label.startswith(("（", "(", "第")) else f"{path}、{label}"
