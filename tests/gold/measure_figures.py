"""Precision and recall of figures against ``figures.tsv``; ``python tests/gold/measure_figures.py [--misses]``.

A gold line is: file, fingerprint of the sentence, value as printed, number, unit. An entry is right when
the sentence, the number and the unit are; the values are compared apart, since where a value ends is taste.
"""

import sys
from collections import Counter
from pathlib import Path

import digests

sys.path.insert(0, str(Path(__file__).parent))
from measure_deadlines import HERE, REPORTS, fingerprint, scores

Entry = tuple[str, str, str]


def gold(path: Path = HERE / "figures.tsv") -> dict[str, Counter[Entry]]:
    """The annotated figures by file."""
    by_file: dict[str, Counter[Entry]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            name, sentence, _value, number, unit = line.split("\t")
            by_file.setdefault(name, Counter())[sentence, number, unit] += 1
    return by_file


def found(name: str) -> Counter[Entry]:
    """What the library finds in a report."""
    report = digests.parse((REPORTS / name).read_bytes(), name)
    return Counter(
        (fingerprint(f.quote), f"{f.number:g}", f.unit) for f in digests.extract_figures(report)
    )


def main(arguments: list[str]) -> int:
    """Print the scores; with --misses also what was false or missed."""
    if not REPORTS.is_dir():
        print(f"no reports at {REPORTS}: nothing measured")
        return 0
    right = false = missed = 0
    for name, wanted in gold().items():
        got = found(name)
        good, extra, lacking = wanted & got, got - wanted, wanted - got
        print(f"{name[:40]:42}{scores(good.total(), extra.total(), lacking.total())}")
        right, false, missed = right + good.total(), false + extra.total(), missed + lacking.total()
        if "--misses" in arguments:
            for label, entries in (("false", extra), ("missed", lacking)):
                for entry in entries.elements():
                    print(f"  {label:7}{entry}")
    print(f"{'all':42}{scores(right, false, missed)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
