"""A report survives its way through storage."""

from pathlib import Path

import pytest

from digests import parse, report_from_json, report_to_json

REPORT = Path(__file__).parents[3] / "shared/reports/000_c7abbe822af4d6eb.txt"


def test_a_report_comes_back_as_it_went() -> None:
    report = parse("关于甲的通知\n一、子。丑\n二、寅。卯\n2024年5月1日".encode(), "a.txt")
    assert report_from_json(report_to_json(report)) == report


@pytest.mark.skipif(not REPORT.exists(), reason="the reports are not beside the project")
def test_a_real_report_comes_back_as_it_went() -> None:
    report = parse(REPORT.read_bytes(), REPORT.name)
    assert report_from_json(report_to_json(report).encode()) == report
