"""Whatever comes in: spans nest, order holds, nothing but the library's own errors gets out."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from digests import DigestsError, Report, parse, report_from_json, report_to_json

REPORTS = Path(__file__).parents[3] / "shared/reports"
ENDINGS = ("txt", "md", "html", "docx", "pdf", "doc", "-", "")

PIECES = st.sampled_from(
    ["一、", "二、", "（一）", "(二)", "1．", "2.", "1.1", "1.1.2 ", "①", "②", "一是", "二是", "第一，", "第二、",
     "第一章", "第二条", "附件1：", "附件", "目录", "名词解释", "各位代表：", "某某报告", "某某的讲话", "按：", "PAGE", "— 1 —",
     "甲", "标题。", "正文，还有；", "\n", "\n\n", "　　", " ", "\t", "**", "## ", "# ", "- ", "> ", "|", "<b>", "</b>",
     "<p>", "<table><tr><td>", "&nbsp;", "---\n", "2020年7月17日印发", "“三项工作”：", "First, ", "I. ", "Part II ",
     "........ 3", "长句子要写很多字才能算作一个真正的段落，所以这里多写一些。", "\u2028", "\ufeff", "⼯", "㈠", "Ⅱ、", "\x0c", "😀"]
)  # fmt: skip
DOCUMENTS = st.lists(PIECES, max_size=60).map("".join) | st.text(max_size=200)


def check(report: Report) -> None:
    """The contract that every outline keeps."""
    known = {s.address: s for s in report.sections}
    assert len(known) == len(report.sections)
    assert [s.start for s in report.sections] == sorted(s.start for s in report.sections)
    counted: dict[str | None, int] = {}
    ended: dict[str | None, int] = {}
    for s in report.sections:
        assert 0 <= s.start <= s.heading_end <= s.end <= len(report.text)
        assert s.heading.strip()
        assert s.level == s.address.count(".") + 1
        counted[s.parent] = counted.get(s.parent, 0) + 1
        assert s.address.rpartition(".")[2] == str(counted[s.parent])
        assert ended.get(s.parent, 0) <= s.start
        ended[s.parent] = s.end
        if s.parent:
            assert known[s.parent].start <= s.start
            assert s.end <= known[s.parent].end
    assert report_from_json(report_to_json(report)) == report


def survives(data: bytes, name: str) -> None:
    try:
        report = parse(data, name)
    except DigestsError:
        return
    check(report)


@given(DOCUMENTS, st.sampled_from(ENDINGS))
@settings(max_examples=3000, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_text_parses_into_a_lawful_outline(text: str, ending: str) -> None:
    survives(text.encode("utf-8", "surrogatepass"), f"a.{ending}")


@given(st.binary(max_size=400), st.sampled_from(ENDINGS))
@settings(max_examples=2000, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_bytes_parse_or_are_refused(data: bytes, ending: str) -> None:
    survives(data, f"a.{ending}")


@pytest.mark.soak
@given(DOCUMENTS, st.sampled_from(ENDINGS))
@settings(max_examples=150_000, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_text_parses_for_a_long_time(text: str, ending: str) -> None:
    survives(text.encode("utf-8", "surrogatepass"), f"a.{ending}")


@pytest.mark.soak
@given(st.binary(max_size=400), st.sampled_from(ENDINGS))
@settings(max_examples=50_000, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_bytes_parse_for_a_long_time(data: bytes, ending: str) -> None:
    survives(data, f"a.{ending}")


def paths() -> list[Path]:
    return sorted(p for p in REPORTS.glob("*.*") if p.suffix != ".tsv") if REPORTS.exists() else []


@pytest.mark.skipif(not REPORTS.exists(), reason="the reports are not beside the project")
@given(st.data())
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_prefix_of_any_report_parses_or_is_refused(data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(paths()))
    whole = path.read_bytes()
    survives(whole[: data.draw(st.integers(0, min(len(whole), 60_000)))], path.name)


@pytest.mark.skipif(not REPORTS.exists(), reason="the reports are not beside the project")
@pytest.mark.parametrize("path", paths(), ids=lambda path: path.name[:3])
def test_every_report_has_a_lawful_outline(path: Path) -> None:
    survives(path.read_bytes(), path.name)
