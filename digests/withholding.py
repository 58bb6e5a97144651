"""摘发管理: which passages are pushed, which are only looked up, which do not appear.

Until somebody decides, sentences that name faults, petitions, cults or gangs are found and never
pushed. The smallest decision that touches a sentence has the say.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from digests.chinese import sentences
from digests.patterns import Pattern
from digests.report import Handled, Handling, Report, Span

OMITTED = "……"  # what stands in place of a hidden passage

_REASONS: dict[str, Pattern] = {
    "fault": Pattern(
        r"潜逃|追逃追赃|落马|违纪违法|被查处|涉嫌|被(?:立案|双开|留置|问责|免职)|受到.{0,8}处分"
    ),
    "unit": Pattern(r"约谈|点名|曝光|通报批评|反面典型|挂牌督办"),
    "petition": Pattern(r"进京访|赴省访|非访|闹访|缠访|越级上?访|群体性事件"),
    "cult": Pattern(r"邪教"),
    "gang": Pattern(r"恶势力犯罪|黑社会性质|涉黑"),
}


@dataclass(frozen=True, slots=True)
class Proposal:
    """A sentence that should only be looked up until somebody decides; ``reason`` names the kind."""

    start: int
    end: int
    reason: str


def reason_of(words: str) -> str:
    """Why a sentence should not be pushed by itself; "" if nothing speaks against it.

    >>> reason_of("依法打击邪教组织。"), reason_of("抓好防汛防台。")
    ('cult', '')
    """
    return next((name for name, pattern in _REASONS.items() if pattern.search(words)), "")


def proposals(report: Report) -> tuple[Proposal, ...]:
    """The sentences of a report on which somebody should decide, in text order."""
    return tuple(
        Proposal(span.start, span.end, reason)
        for span in sentences(report.text)
        if (reason := reason_of(report.text[span.start : span.end]))
        and not any(f.start < span.end and span.start < f.end for f in report.furniture)
    )


def is_withheld(report: Report, start: int, end: int) -> bool:
    """Whether no push may carry a sentence: as decided, else as its words suggest."""
    touching = [h for h in report.handled if h.start < end and start < h.end]
    if touching:
        closest = min(touching, key=lambda h: h.end - h.start)
        return closest.handling is not Handling.PUSHED
    return bool(reason_of(report.text[start:end]))


# ---- as readers get it -----------------------------------------------------------------------


def handle(report: Report, handled: Iterable[Handled]) -> Report:
    """The report as readers get it: hidden passages are gone, every other position stays.

    Where a passage is hidden stand two dots of omission and nothing that could be found; sections
    that lie in it leave the tree. The source is another one then, so that nothing worked out or
    indexed before is taken for it; its first letters, the key in buttons, stay.
    """
    decided = tuple(sorted(handled))
    if not decided:
        return report
    hidden = tuple(_without_gaps(report, decided))
    text = report.text
    for span in hidden:
        text = text[: span.start] + _filler(span.end - span.start) + text[span.end :]
    gone = [Span(min(s.start + len(OMITTED), s.end), s.end) for s in hidden]
    digest = hashlib.sha256(f"{report.source.sha256}{decided}".encode()).hexdigest()
    key = report.source.sha256[:8]
    return replace(
        report,
        source=replace(report.source, sha256=key + digest[len(key) :]),
        text=text,
        sections=tuple(
            s
            for s in report.sections
            if not any(h.start <= s.start and s.heading_end <= h.end for h in hidden)
        ),
        furniture=tuple(sorted((*report.furniture, *gone))),
        handled=decided,
    )


def _without_gaps(report: Report, decided: Iterable[Handled]) -> Iterator[Span]:
    """The hidden spans without white space around them; neighbours become one."""
    open_: Span | None = None
    for one in decided:
        if one.handling is not Handling.HIDDEN:
            continue
        start, end = max(0, one.start), min(one.end, len(report.text))
        words = report.text[start:end]
        start, end = start + len(words) - len(words.lstrip()), start + len(words.rstrip())
        if start >= end:
            continue
        if open_ is not None and not report.text[open_.end : start].strip():
            open_ = Span(open_.start, max(open_.end, end))
            continue
        if open_ is not None:
            yield open_
        open_ = Span(start, end)
    if open_ is not None:
        yield open_


def _filler(length: int) -> str:
    """As long as what it stands for, a sentence by itself."""
    return (OMITTED + " " * max(0, length - len(OMITTED) - 1) + "。")[:length]


def is_hidden(report: Report, start: int, end: int) -> bool:
    """Whether nothing of ``[start, end)`` is shown any more."""
    shown = report.text[start:end].replace(OMITTED, "").replace("。", "").strip()
    return not shown and any(
        h.handling is Handling.HIDDEN and h.start < end and start < h.end for h in report.handled
    )
