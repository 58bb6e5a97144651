"""Prints how well reports are outlined: precision and recall of headings, and levels, per kind.

The gold in ``outlines.json`` was marked by hand on the reports beside the project (``../shared/reports``)
as positions, levels and hashes, so that none of their text lies here. Items inside a paragraph are
not counted. Run: ``python tests/gold/measure_outlines.py [--errors]``.
"""

import hashlib
import json
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import digests

HERE = Path(__file__).parent
REPORTS = HERE.parents[2] / "shared" / "reports"


@dataclass(slots=True)
class Score:
    """Counts over documents: headings in the gold, found, in both, with right level, right words."""

    documents: int = 0
    gold: int = 0
    found: int = 0
    both: int = 0
    levels: int = 0
    worded: int = 0
    words: int = 0

    def add(self, other: "Score") -> None:
        for name in self.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))

    @property
    def recall(self) -> float:
        return self.both / self.gold if self.gold else 1.0

    @property
    def precision(self) -> float:
        return self.both / self.found if self.found else 1.0

    @property
    def level(self) -> float:
        return self.levels / self.both if self.both else 1.0


@dataclass(frozen=True, slots=True)
class Marked:
    """A document marked by hand."""

    file: str
    kind: str
    format: str
    sha256: str
    characters: int
    headings: dict[int, tuple[int, str]]


def marked() -> list[Marked]:
    """All documents of the gold."""
    rows = json.loads((HERE / "outlines.json").read_text("utf-8"))
    return [
        Marked(**{**row, "headings": {s: (level, key) for s, level, key in row["headings"]}})
        for row in rows
    ]


def compare(document: Marked, report: digests.Report) -> tuple[Score, list[str]]:
    """One document's score, and its errors by position."""
    mine = {s.start: s for s in report.sections if not s.inline}
    both = [start for start in document.headings if start in mine]
    score = Score(1, len(document.headings), len(mine), len(both))
    errors = [f"missing {start}" for start in document.headings if start not in mine]
    errors += [
        f"extra {s.start} ({s.cite})" for s in mine.values() if s.start not in document.headings
    ]
    for start in both:
        level, key = document.headings[start]
        score.levels += mine[start].level == level
        if mine[start].level != level:
            errors.append(f"level {start}: {mine[start].level}, not {level}")
        if key:
            right = hashlib.sha256(mine[start].heading.encode()).hexdigest()[:8] == key
            score.words += 1
            score.worded += right
            errors += [] if right else [f"words {start}"]
    return score, errors


def scores(folder: Path = REPORTS) -> Iterator[tuple[Marked, Score, list[str]]]:
    """Every document that is there and unchanged, with its score and errors."""
    for document in marked():
        path = folder / document.file
        if path.exists() and hashlib.sha256(path.read_bytes()).hexdigest() == document.sha256:
            yield document, *compare(document, digests.parse(path.read_bytes(), document.file))


def main(arguments: Sequence[str]) -> None:
    kinds: dict[str, Score] = defaultdict(Score)
    for document, score, errors in scores():
        for name in (document.kind, f"({document.format})", "all"):
            kinds[name].add(score)
        if "--errors" in arguments and errors:
            print(document.file, *errors, sep="\n    ")
    print(f"{'kind':14}{'docs':>5}{'gold':>6}{'found':>6}  recall  precision  levels  words")
    for name, s in sorted(kinds.items(), key=lambda pair: (pair[0] == "all", pair[0])):
        words = s.worded / s.words if s.words else 1.0
        print(
            f"{name:14}{s.documents:5}{s.gold:6}{s.found:6}"
            f"{s.recall:8.3f}{s.precision:11.3f}{s.level:8.3f}{words:7.3f}"
        )


if __name__ == "__main__":
    main(sys.argv[1:])
