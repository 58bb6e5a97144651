"""Real reports, marked by hand: headings and levels must be found."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

HERE = Path(__file__).parents[1] / "gold" / "measure_outlines.py"


def measure() -> ModuleType:
    spec = importlib.util.spec_from_file_location("measure_outlines", HERE)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["measure_outlines"] = module
    spec.loader.exec_module(module)
    return module


def test_headings_and_levels_of_marked_reports_are_right() -> None:
    gold = measure()
    if not gold.REPORTS.exists():
        pytest.skip("the reports are not beside the project")
    total = gold.Score()
    for _, score, _ in gold.scores():
        total.add(score)
    assert total.documents >= 70
    assert total.recall >= 0.99
    assert total.precision >= 0.99
    assert total.level >= 0.99
    assert total.worded >= 0.99 * total.words
