"""The sample report: ours, marked, long enough, and of the kind that offices write."""

import re
from datetime import date
from pathlib import Path

import pytest

import digests

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "digests" / "samples" / "yunlan.txt"
REPORTS = ROOT.parent / "shared" / "reports"
LETTERS = re.compile(r"[\u4e00-\u9fff0-9]")
RUN = 20  # equal letters in a row that could not be chance


@pytest.fixture(scope="module")
def sample() -> digests.Report:
    return digests.parse(SAMPLE.read_bytes(), SAMPLE.name)


def test_it_says_that_it_is_made_up(sample: digests.Report) -> None:
    assert sample.title.startswith("虚构示例")
    assert all(s.heading.startswith("虚构示例") for s in sample.sections if s.level == 1)
    assert "并不存在" in sample.text.splitlines()[0]


def test_it_is_long_enough(sample: digests.Report) -> None:
    assert len(re.findall(r"[\u4e00-\u9fff]", sample.text)) >= 4000


def test_it_has_the_parts_of_a_real_one(sample: digests.Report) -> None:
    cites = [section.cite for section in sample.sections]
    for part, points in (("一", 7), ("二", 6), ("三", 4)):
        assert [f"报告 {part}、{n + 1}" for n in range(points)] == [
            cite for cite in cites if cite.startswith(f"报告 {part}、")
        ]
    assert [s.inline for s in sample.children("2")] == [True] * 4 + [False] * 5
    assert sample.issued_on == date(2026, 7, 17)
    assert sample.met_on == date(2026, 7, 9)


def test_it_has_every_topic(sample: digests.Report) -> None:
    found = {
        topic
        for section in sample.sections
        if not sample.children(section.address)
        for sentence in digests.sentences(sample.text, section.start, section.end)
        for topic in digests.tag(sample.quote(sentence.start, sentence.end), section.heading)
    }
    assert {topic.id for topic in digests.topics()} - found == set()


def test_it_has_tasks_of_every_kind_of_time(sample: digests.Report) -> None:
    kinds = {task.kind for task in digests.extract_tasks(sample)}
    assert kinds == set(digests.TaskKind)


def test_none_of_it_stands_in_a_real_report() -> None:
    if not REPORTS.is_dir():
        pytest.skip("the real reports are not here")
    ours = "".join(LETTERS.findall(SAMPLE.read_text(encoding="utf-8")))
    runs = {ours[i : i + RUN] for i in range(len(ours) - RUN + 1)}
    for path in sorted(REPORTS.glob("*.txt")) + sorted(REPORTS.glob("*.md")):
        theirs = "".join(LETTERS.findall(path.read_bytes().decode("utf-8", "ignore")))
        same = {theirs[i : i + RUN] for i in range(len(theirs) - RUN + 1)} & runs
        assert same == set(), path.name
