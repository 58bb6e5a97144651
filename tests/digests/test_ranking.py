"""The sets of look-ups in ``tests/gold``, as promises with a number; those by other hands have what they reached."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tests.reports import FOLDER

GOLD = Path(__file__).parents[1] / "gold" / "measure_queries.py"


def measuring() -> ModuleType:
    spec = importlib.util.spec_from_file_location("measure_queries", GOLD)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("file", "least"),
    [
        ("queries.tsv", 0.95),
        ("queries_first.tsv", 0.88),
        ("queries_second.tsv", 0.79),
        ("queries_third.tsv", 0.90),
    ],
)
def test_look_ups_bring_the_right_passage_first(
    file: str, least: float, capsys: pytest.CaptureFixture[str]
) -> None:
    if not FOLDER.is_dir():
        pytest.skip(f"no reports in {FOLDER}")
    module = measuring()
    results = module.measure(list(module.wishes(GOLD.with_name(file))))
    kinds = module.by_kind(results)
    overall = sum(r.rank for r in results) / len(results)
    with capsys.disabled():
        sys.stdout.write(f"\n{file}: MRR@5 {overall:.3f} over {len(results)} queries\n")
    assert len(results) >= 200
    assert overall >= least
    assert kinds.pop("nonsense") == 1.0
    if file == "queries.tsv":
        assert {kind: mean for kind, mean in kinds.items() if mean < 0.9} == {}
