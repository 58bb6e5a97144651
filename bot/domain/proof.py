"""Reading a text against the reports and the word list: 引文核对, 摘发 and 错敏词."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import digests
from bot.domain.misprint import misprints
from bot.domain.quoting import Comparison, compare
from bot.domain.review import Finding, Weight
from bot.domain.wordlist import Level, Wordlist, check

SHORTEST = 8  # letters of a sentence that is known again
SHOWN = 24
_WEIGHTS = {Level.BLOCK: Weight.BLOCKS, Level.WARN: Weight.REASON}


@dataclass(frozen=True, slots=True)
class Proof:
    """How many quotations agree to the letter, and what was found in the words."""

    exact: int
    findings: tuple[Finding, ...]


def read_proof(text: str, reports: Sequence[digests.Report], words: Wordlist) -> Proof:
    """What differs from a passage of a report, what the list names, what sounds like print.

    >>> from bot.domain.wordlist import ours
    >>> [f.code for f in read_proof("关于换界工作的通知", [], ours()).findings]
    ['doubtful']
    """
    originals = [report.text for report in reports]
    comparison = compare(text, originals)
    found = (
        *_quotations(comparison),
        *_only_looked_up(text, reports),
        *_listed(text, originals, words),
    )
    shown = [str(one.values["written"]) for one in found if "written" in one.values]
    return Proof(comparison.exact, (*found, *_misprinted(text, originals, shown)))


def _quotations(comparison: Comparison) -> Iterator[Finding]:
    for slip in comparison.slips:
        values = {"written": slip.written, "printed": slip.printed}
        yield Finding("quote", Weight.REASON, values)


def _only_looked_up(text: str, reports: Sequence[digests.Report]) -> Iterator[Finding]:
    """A sentence that the office wants looked up and not pushed."""
    for span in digests.sentences(text):
        words = text[span.start : span.end].strip('“”"（）() ')
        for report in reports:
            at = report.text.find(words) if len(words) >= SHORTEST else -1
            if at >= 0 and digests.is_withheld(report, at, at + len(words)):
                yield Finding("withheld", Weight.REASON, {"words": words[:SHOWN]})
                break


def _listed(text: str, originals: Sequence[str], words: Wordlist) -> Iterator[Finding]:
    for remark in check(text, words, originals):
        code = "wrong" if remark.level is Level.BLOCK else "doubtful"
        values = {"written": remark.written, "right": remark.right, "reason": remark.reason}
        yield Finding(code, _WEIGHTS[remark.level], values)


def _misprinted(text: str, originals: Sequence[str], shown: Sequence[str]) -> Iterator[Finding]:
    """Unless the same letters have been shown already."""
    for one in misprints(text, originals):
        if not any(written in one.written for written in shown):
            values = {"written": one.written, "printed": one.printed}
            yield Finding("quote", Weight.REASON, values)
