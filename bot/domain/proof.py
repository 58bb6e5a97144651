"""Reading a text against the reports and the word list before it goes out: 引文核对 and 错敏词."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.domain.misprint import misprints
from bot.domain.quoting import Comparison, compare
from bot.domain.review import Finding, Weight
from bot.domain.wordlist import Level, Wordlist, check

_WEIGHTS = {Level.BLOCK: Weight.BLOCKS, Level.WARN: Weight.REASON}


@dataclass(frozen=True, slots=True)
class Proof:
    """How many quotations agree to the letter, and what was found in the words."""

    exact: int
    findings: tuple[Finding, ...]


def read_proof(text: str, originals: Sequence[str], words: Wordlist) -> Proof:
    """What differs from a passage of a report, what the list names, what sounds like print.

    >>> from bot.domain.wordlist import ours
    >>> [f.code for f in read_proof("关于换界工作的通知", [], ours()).findings]
    ['doubtful']
    """
    comparison = compare(text, originals)
    found = (
        *_quotations(comparison),
        *_listed(text, originals, words),
        *_misprinted(text, originals, comparison),
    )
    return Proof(comparison.exact, tuple(found))


def _quotations(comparison: Comparison) -> Iterator[Finding]:
    for slip in comparison.slips:
        values = {"written": slip.written, "printed": slip.printed}
        yield Finding("quote", Weight.REASON, values)


def _listed(text: str, originals: Sequence[str], words: Wordlist) -> Iterator[Finding]:
    for remark in check(text, words, originals):
        code = "wrong" if remark.level is Level.BLOCK else "doubtful"
        values = {"written": remark.written, "right": remark.right, "reason": remark.reason}
        yield Finding(code, _WEIGHTS[remark.level], values)


def _misprinted(text: str, originals: Sequence[str], comparison: Comparison) -> Iterator[Finding]:
    """Unless the comparison of quotations has shown the same letters already."""
    for one in misprints(text, originals):
        if not any(slip.written in one.written for slip in comparison.slips):
            values = {"written": one.written, "printed": one.printed}
            yield Finding("quote", Weight.REASON, values)
