"""Look-ups at scale: our index beside SQLite FTS5 (bigrams) and a plain scan, in one run.

    python tests/benchmarks/lookup.py --megabytes 150
    python tests/benchmarks/lookup.py --folder reports/ --copies 10 --queries 500

Prints p50, p95, p99 and the slowest look-up in milliseconds, by the clock on the wall and of processor
time (on a busy machine only that tells something), of every kind (``traffic``), the size on disk, the
building rate, the memory taken, the first look-up after an opening, what it takes to add a report,
and the look-ups meanwhile. Reports come from a folder (by default ../shared/reports), copied under
other keys until the size is reached.
"""

import argparse
import dataclasses
import gc
import hashlib
import json
import os
import random
import shutil
import sqlite3
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from operator import add
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

import digests  # noqa: E402 -- found beside this file
from digests.cutting import passages  # noqa: E402
from digests.searching.shadowing import STOP, shadow  # noqa: E402
from tests.benchmarks import traffic  # noqa: E402

REPORTS = ROOT.parent / "shared" / "reports"
SHARES = {"p50": 0.5, "p95": 0.95, "p99": 0.99, "max": 1.0}


def originals(folder: Path) -> list[digests.Report]:
    """Every report of a folder that can be read."""
    found = []
    for path in sorted(folder.iterdir()):
        if path.suffix in {".txt", ".md", ".html"}:
            try:
                found.append(digests.parse(path.read_bytes(), path.name))
            except digests.DigestsError:
                continue
    return found


def library(folder: Path, megabytes: float, copies: int | None) -> list[digests.Report]:
    """Copies of the reports, each under a key of its own, of so many megabytes (UTF-8) in all."""
    reports: list[digests.Report] = []
    size = 0.0
    base = originals(folder)
    sizes = [len(r.text.encode()) / 1e6 for r in base]
    turn = 0
    while (size < megabytes) if copies is None else (turn < copies):
        for report, more in zip(base, sizes, strict=True):
            reports.append(copied(report, f"{turn}:{report.source.sha256}"))
            size += more
        turn += 1
    return reports


def copied(report: digests.Report, name: str) -> digests.Report:
    """The same report under another key."""
    source = dataclasses.replace(report.source, sha256=hashlib.sha256(name.encode()).hexdigest())
    return dataclasses.replace(report, source=source)


def timed(ask: Callable[[str], object], asked: Sequence[tuple[str, str]]) -> dict[str, float]:
    """Milliseconds per look-up by the clock on the wall, and of processor time (a busy machine)."""
    wall, cpu = [], []
    for _, query in asked:
        began, spent = time.perf_counter(), time.thread_time()
        ask(query)
        cpu.append((time.thread_time() - spent) * 1000)
        wall.append((time.perf_counter() - began) * 1000)
    columns = {"": wall, "cpu_": cpu}
    return {
        f"{c}{name}": at(taken, x) for c, taken in columns.items() for name, x in SHARES.items()
    }


def at(taken: Sequence[float], share: float) -> float:
    """The value below which a share of them lies."""
    ranked = sorted(taken)
    return round(ranked[min(len(ranked) - 1, int(len(ranked) * share))], 3)


def ours(
    reports: list[digests.Report], asked: Sequence[tuple[str, str]], megabytes: float
) -> Iterator[tuple[str, object]]:
    folder = Path(tempfile.mkdtemp(prefix="lookup-"))
    try:
        before = resident()
        began, cpu = time.perf_counter(), time.process_time()
        index = digests.Index.build(folder, reports)
        spent, cpu = time.perf_counter() - began, time.process_time() - cpu
        yield "build_s", round(spent, 2)
        yield "build_mb_per_s", round(megabytes / spent, 2)
        yield "build_mb_per_cpu_s", round(megabytes / cpu, 2)
        yield "size_mb", round(index.size / 1e6, 1)
        del index
        began = time.perf_counter()
        index = digests.Index.open(folder, reports)
        index.search("防汛")
        yield "first_look_up_ms", round((time.perf_counter() - began) * 1000, 1)
        for _, query in asked[:50]:
            index.search(query)
        yield "all", timed(index.search, asked)
        for kind in sorted({kind for kind, _ in asked}):
            yield kind, timed(index.search, [q for q in asked if q[0] == kind])
        yield "memory_mb", round(resident() - before, 1)
        yield "while_adding_reports", while_adding(index, reports, asked)
        for kind, query in traffic.hostile(reports[0].text):
            yield f"hostile: {kind}", timed(index.search, [(kind, query)] * 3)
    finally:
        shutil.rmtree(folder)


def resident() -> float:
    """Megabytes of memory that this process holds, files mapped from the disk included."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def while_adding(
    index: digests.Index, reports: list[digests.Report], asked: Sequence[tuple[str, str]]
) -> dict[str, float]:
    """Look-ups while another thread adds one report after the other."""
    taken: list[float] = []
    stop = threading.Event()

    def add() -> None:
        present = list(reports)
        while not stop.is_set():
            present.append(copied(reports[0], f"added {len(present)}"))
            began = time.perf_counter()
            index.refresh(present)
            taken.append((time.perf_counter() - began) * 1000)

    thread = threading.Thread(target=add)
    thread.start()
    figures = timed(index.search, asked)
    stop.set()
    thread.join()
    return figures | {"added": len(taken), "adding_p50": at(taken, 0.5)}


def fts5(
    reports: list[digests.Report], asked: Sequence[tuple[str, str]], megabytes: float
) -> Iterator[tuple[str, object]]:
    folder = Path(tempfile.mkdtemp(prefix="fts5-"))
    try:
        database = sqlite3.connect(folder / "fts.db")
        database.execute("PRAGMA journal_mode=OFF")
        database.execute(
            "CREATE VIRTUAL TABLE p USING fts5(pairs, content='', tokenize='unicode61')"
        )
        began = time.perf_counter()
        for report in reports:
            rows = ((pairs(shadow(report.text[p.start : p.end])),) for p in passages(report))
            database.executemany("INSERT INTO p(pairs) VALUES (?)", rows)
        database.commit()
        spent = time.perf_counter() - began
        yield "build_s", round(spent, 2)
        yield "build_mb_per_s", round(megabytes / spent, 2)
        yield "size_mb", round((folder / "fts.db").stat().st_size / 1e6, 1)

        def ask(query: str) -> object:
            words = [w for w in shadow(query).split(STOP) if len(w) > 1]
            phrases = (pairs(word) for word in words)
            match = " AND ".join(f'"{p}"' for p in phrases) or f'"{STOP}{STOP}"'
            sql = "SELECT rowid FROM p WHERE p MATCH ? ORDER BY rank LIMIT 10"
            return database.execute(sql, (match,)).fetchall()

        yield "all", timed(ask, asked)
    finally:
        shutil.rmtree(folder)


def pairs(shadowed: str) -> str:
    return " ".join(map(add, shadowed, shadowed[1:]))


def scan(
    reports: list[digests.Report], asked: Sequence[tuple[str, str]], megabytes: float
) -> Iterator[tuple[str, object]]:
    texts = [r.text for r in reports]

    def ask(query: str) -> object:
        words = query.split()
        return [i for i, text in enumerate(texts) if all(w in text for w in words)][:10]

    yield "size_mb", round(megabytes, 1)
    yield "all", timed(ask, asked[:60])


def told(value: object) -> str:
    """A figure, or several of them in columns."""
    if not isinstance(value, dict):
        return str(value)
    return "  ".join(f"{name} {number:8.2f}" for name, number in value.items())


def main() -> None:
    """Run all three and print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=REPORTS)
    parser.add_argument("--megabytes", type=float, default=20)
    parser.add_argument("--copies", type=int)
    parser.add_argument("--queries", type=int, default=700)
    parser.add_argument("--only", choices=("ours", "fts5", "scan"))
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if not options.folder.is_dir():
        print(f"skipped: there are no reports in {options.folder}")
        return
    reports = library(options.folder, options.megabytes, options.copies)
    megabytes = sum(len(r.text.encode()) for r in reports) / 1e6
    asked = traffic.by_chance(reports, options.queries)
    if options.folder == REPORTS:
        asked += traffic.people()
    random.Random(1).shuffle(asked)
    gc.freeze()  # as the bot does when it has loaded its reports
    print(f"{len(reports)} reports, {megabytes:.1f} MB, {len(asked)} look-ups", file=sys.stderr)
    results: dict[str, dict[str, object]] = {}
    for name, engine in (("ours", ours), ("fts5", fts5), ("scan", scan)):
        if options.only in (None, name):
            results[name] = {}
            for what, value in engine(reports, asked, megabytes):
                results[name][what] = value
                if not options.json:
                    print(f"{name:5} {what:36} {told(value)}", flush=True)
    if options.json:
        print(json.dumps(results, ensure_ascii=False))


if __name__ == "__main__":
    main()
