"""Precision and recall of deadlines against ``deadlines.tsv``, per kind of time and per document.

    python tests/gold/measure_deadlines.py [--misses] [--kind KIND]

A gold line is: file, fingerprint of the sentence, expression as printed, kind, first day, last day.
The fingerprint is twelve hex digits of the SHA-256 of the sentence's letters and digits, so that no
sentence stands here. An entry is right when sentence, expression, kind and both days are.
"""

import hashlib
import re
import sys
from collections import Counter, defaultdict
from pathlib import Path
from typing import NamedTuple

import digests

HERE = Path(__file__).parent
REPORTS = HERE.parents[2] / "shared" / "reports"
TIMELESS = ("vague", "none")


class Entry(NamedTuple):
    """One binding expression: where, what, when."""

    sentence: str
    expression: str
    kind: str
    first: str
    last: str


def fingerprint(sentence: str) -> str:
    """A sentence by its letters and digits alone: layout and punctuation may change."""
    letters = re.sub(r"[\W_]+", "", digests.fold(sentence).text)
    return hashlib.sha256(letters.encode()).hexdigest()[:12]


def plain(expression: str) -> str:
    """An expression without quotation marks and spaces."""
    return re.sub(r"[\W_]+", "", expression)


def gold(path: Path = HERE / "deadlines.tsv") -> dict[str, set[Entry]]:
    """The annotated entries by file; a file without entries has one line with an empty sentence."""
    by_file: dict[str, set[Entry]] = defaultdict(set)
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            name, sentence, expression, kind, first, last = line.split("\t")
            by_file[name] |= {Entry(sentence, expression, kind, first, last)} if sentence else set()
    return by_file


def found(name: str) -> set[Entry]:
    """What the library finds in a report."""
    path = REPORTS / name
    report = digests.parse(path.read_bytes(), name)
    return {
        Entry(
            fingerprint(task.quote),
            plain(task.expression or ""),
            task.kind.value,
            task.first.isoformat() if task.first else "",
            task.last.isoformat() if task.last else "",
        )
        for task in digests.extract_tasks(report)
        if task.kind.value not in TIMELESS
    }


def scores(right: int, false: int, missed: int) -> str:
    """Precision, recall and F1 as one line."""
    precision = right / (right + false) if right + false else 1.0
    recall = right / (right + missed) if right + missed else 1.0
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return f"P {precision:.3f}  R {recall:.3f}  F1 {f1:.3f}  ({right} right, {false} false, {missed} missed)"


def main(arguments: list[str]) -> int:
    """Print the scores; with --misses also what was false or missed."""
    if not REPORTS.is_dir():
        print(f"no reports at {REPORTS}: nothing measured")
        return 0
    totals: dict[str, Counter[str]] = defaultdict(Counter)
    for name, wanted in gold().items():
        got = found(name)
        for label, entries in (
            ("right", wanted & got),
            ("false", got - wanted),
            ("missed", wanted - got),
        ):
            for entry in entries:
                totals["all"][label] += 1
                totals[f"kind {entry.kind}"][label] += 1
                totals[f"file {name[:40]}"][label] += 1
                if label != "right" and "--misses" in arguments:
                    print(f"{label:7}{name[:24]} {entry}")
    for label, count in sorted(totals.items()):
        print(f"{label:46}{scores(count['right'], count['false'], count['missed'])}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
