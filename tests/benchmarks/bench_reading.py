"""How fast reports are read and outlined on one core, and where the time goes.

Needs the reports beside the project (``../shared/reports``)::

    python -m pytest -m benchmark tests/benchmarks/bench_reading.py -s
"""

import cProfile
import pstats
import time
from collections import defaultdict
from pathlib import Path

import pytest

import digests

pytestmark = pytest.mark.benchmark

REPORTS = Path(__file__).parents[3] / "shared/reports"
MISSION = "000_c7abbe822af4d6eb.txt"
ROUNDS = 5


def held() -> dict[str, list[tuple[bytes, str]]]:
    """The reports by ending, without those that are refused."""
    found: dict[str, list[tuple[bytes, str]]] = defaultdict(list)
    for path in sorted(REPORTS.glob("*.*")):
        try:
            digests.parse(path.read_bytes(), path.name)
        except digests.DigestsError:
            continue
        found[path.suffix].append((path.read_bytes(), path.name))
    return found


def seconds(documents: list[tuple[bytes, str]]) -> float:
    """Processor time of the best of several rounds."""
    best = float("inf")
    for _ in range(ROUNDS):
        began = time.process_time()
        for data, name in documents:
            digests.parse(data, name)
        best = min(best, time.process_time() - began)
    return best


def test_reading_and_outlining_speed() -> None:
    if not REPORTS.exists():
        pytest.skip("the reports are not beside the project")
    documents = held()
    for ending, files in sorted(documents.items()):
        size, took = sum(len(data) for data, _ in files), seconds(files)
        print(
            f"\n{ending:6}{len(files):4} files{size / 1e6:7.2f} MB{took * 1e3:8.0f} ms{size / 1e6 / took:7.1f} MB/s",
            end="",
        )
    plain = documents[".md"] + documents[".txt"]
    size = sum(len(data) for data, _ in plain)
    print(f"\nmd and txt together{size / 1e6 / seconds(plain):6.1f} MB/s")
    mission = [(data, name) for data, name in plain if name == MISSION]
    print(f"the first report{seconds(mission) * 1e3:9.1f} ms")
    profile = cProfile.Profile()
    profile.runcall(lambda: [digests.parse(data, name) for data, name in plain])
    pstats.Stats(profile).sort_stats("tottime").print_stats(12)
