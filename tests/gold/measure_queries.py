"""How well look-ups rank: MRR@5 per kind over ``queries.tsv``; ``python tests/gold/measure_queries.py``.

Every third query of a kind is held out: it is measured with ``--held`` only, not tuned against.
``--unseen`` measures ``unseen_queries.tsv``, which others wrote; ``--set second`` measures
``queries_second.tsv``, and so on.
"""

import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

import digests  # noqa: E402 -- found beside this file

QUERIES = Path(__file__).with_name("queries.tsv")
UNSEEN = Path(__file__).with_name("unseen_queries.tsv")
REPORTS = ROOT.parent / "shared" / "reports"
DEPTH = 5


@dataclass(frozen=True, slots=True)
class Wish:
    """A query and where its answer stands; no target: it must find nothing."""

    kind: str
    report: str
    query: str
    targets: tuple[str, ...]
    held: bool


def wishes(path: Path = QUERIES) -> Iterator[Wish]:
    seen: dict[str, int] = defaultdict(int)
    for line in path.read_text("utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        kind, report, query, targets = line.split("\t")
        seen[kind] += 1
        named = () if targets == "-" else tuple(targets.split(" "))
        yield Wish(kind, report, query, named, seen[kind] % 3 == 0)


def report_of(number: str) -> digests.Report:
    path = next(REPORTS.glob(f"{number}*"))
    return digests.parse(path.read_bytes(), path.name)


def is_right(hit: digests.Hit, target: str) -> bool:
    """A position inside the hit, or the section itself or one below it."""
    if target.startswith("@"):
        return hit.start <= int(target[1:]) < hit.end
    address = hit.address or ""
    return address == target or address.startswith(target + ".")


def reciprocal_rank(wish: Wish, hits: Sequence[digests.Hit]) -> float:
    """1 for the first place, 1/2 for the second …, 0 below the fifth; nonsense: 1 for no hit."""
    if not wish.targets:
        return 0.0 if hits else 1.0
    for place, hit in enumerate(hits[:DEPTH], 1):
        if any(is_right(hit, target) for target in wish.targets):
            return 1 / place
    return 0.0


@dataclass(frozen=True, slots=True)
class Result:
    """A wish and what it got."""

    wish: Wish
    rank: float
    answer: digests.Answer


def measure(chosen: Sequence[Wish]) -> list[Result]:
    indexes = {
        number: digests.Index.build(None, [report_of(number)])
        for number in sorted({w.report for w in chosen})
    }
    results = []
    for wish in chosen:
        answer = indexes[wish.report].search(wish.query, DEPTH)
        results.append(Result(wish, reciprocal_rank(wish, answer.hits), answer))
    return results


def by_kind(results: Sequence[Result]) -> dict[str, float]:
    kinds: dict[str, list[float]] = defaultdict(list)
    for result in results:
        kinds[result.wish.kind].append(result.rank)
    return {kind: sum(ranks) / len(ranks) for kind, ranks in kinds.items()}


def main(arguments: Sequence[str]) -> None:
    """Print the misses, then the measure of each kind and of all."""
    if not REPORTS.is_dir():
        print(f"skipped: there are no reports in {REPORTS}")
        return
    held = "--held" in arguments
    everything = "--all" in arguments or "--unseen" in arguments
    path = UNSEEN if "--unseen" in arguments else QUERIES
    if "--set" in arguments:
        path = QUERIES.with_name(f"queries_{arguments[arguments.index('--set') + 1]}.tsv")
    chosen = [w for w in wishes(path) if w.held == held or everything]
    results = measure(chosen)
    for result in results:
        if result.rank < 1 and "--quiet" not in arguments:
            places = " ".join(f"{h.address}@{h.start}-{h.end}" for h in result.answer.hits)
            wish = result.wish
            print(
                f"{result.rank:.2f} {wish.kind} {wish.report} {wish.query} -> {' '.join(wish.targets)}: {places}"
            )
    for kind, mean in by_kind(results).items():
        print(f"{mean:.3f} {kind}")
    print(f"{sum(r.rank for r in results) / len(results):.3f} all {len(results)} queries")


if __name__ == "__main__":
    main(sys.argv[1:])
