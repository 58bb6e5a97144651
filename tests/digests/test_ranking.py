"""The set of look-ups in ``tests/gold/queries.tsv``, as a promise with a number."""

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


def test_look_ups_bring_the_right_passage_first(capsys: pytest.CaptureFixture[str]) -> None:
    if not FOLDER.is_dir():
        pytest.skip(f"no reports in {FOLDER}")
    module = measuring()
    chosen = list(module.wishes())
    results = module.measure(chosen)
    kinds = module.by_kind(results)
    overall = sum(r.rank for r in results) / len(results)
    with capsys.disabled():
        sys.stdout.write(f"\nMRR@5 {overall:.3f} over {len(results)} queries\n")
    assert len(results) >= 200
    assert overall >= 0.95
    assert kinds.pop("nonsense") == 1.0
    assert {kind: mean for kind, mean in kinds.items() if mean < 0.9} == {}
