"""摘发管理: what is proposed, what a decision does to everything a reader could meet."""

from datetime import date
from pathlib import Path

import pytest

import digests
from digests import Handled, Handling

SAMPLE = Path(digests.__file__).parent / "samples" / "yunlan.txt"
TEXT = """关于半年工作的报告

一、回顾
（一）平安建设。今年以来，依法打击邪教组织，妥善处置越级上访三起。各村防汛责任全部压实到人。
（二）从严治党。某局原负责人被立案审查，教训深刻，要以案促改。全镇作风明显好转，群众满意度提高。
二、打算
（一）抓好防汛。各村要在台汛期前完成隐患排查，落实转移路线和安置点，确保不落一户、不漏一人。
（二）抓好换届。各村要在年底前完成换届任务，选优配强班子，严明纪律，确保风清气正。
"""


@pytest.fixture
def report() -> digests.Report:
    return digests.parse(TEXT.encode(), "a.txt")


def _sentence(report: digests.Report, words: str) -> tuple[int, int]:
    at = report.text.index(words)
    span = next(s for s in digests.sentences(report.text) if s.start <= at < s.end)
    return span.start, span.end


def test_faults_petitions_and_cults_are_proposed_and_nothing_else(report: digests.Report) -> None:
    found = digests.proposals(report)
    assert [p.reason for p in found] == ["petition", "fault"]
    for proposal in found:
        assert digests.is_withheld(report, proposal.start, proposal.end)
    assert not digests.is_withheld(report, *_sentence(report, "隐患排查"))


def test_the_smallest_decision_that_touches_a_sentence_has_the_say(report: digests.Report) -> None:
    section = report.section("1.1")
    assert section is not None
    whole = Handled(section.start, section.end, Handling.ASKED)
    one = Handled(*_sentence(report, "压实到人"), Handling.PUSHED)
    shown = digests.handle(report, [whole, one])
    assert digests.is_withheld(shown, *_sentence(report, "邪教"))
    assert not digests.is_withheld(shown, *_sentence(report, "压实到人"))


def test_a_proposal_can_be_pushed_when_somebody_says_so(report: digests.Report) -> None:
    span = _sentence(report, "邪教")
    shown = digests.handle(report, [Handled(*span, Handling.PUSHED)])
    assert not digests.is_withheld(shown, *span)
    assert shown.text == report.text


def test_a_hidden_sentence_is_nowhere(report: digests.Report) -> None:
    start, end = _sentence(report, "换届任务")
    words = report.text[start:end]
    shown = digests.handle(report, [Handled(start, end, Handling.HIDDEN)])
    assert len(shown.text) == len(report.text)
    assert shown.text[:start] + words + shown.text[end:] == report.text
    assert words[:6] not in shown.text
    assert digests.is_hidden(shown, start, end)
    place = shown.section("2.2")
    assert place is not None
    page = digests.render_section(shown, place, str)[0].html
    assert "……" in page
    assert "换届任务" not in page
    assert "  " not in page
    assert digests.Index.build(None, [shown]).search("换届任务").hits == ()
    assert all("换届任务" not in task.quote for task in digests.extract_tasks(shown))


def test_a_hidden_section_leaves_the_tree_and_the_others_keep_their_place(
    report: digests.Report,
) -> None:
    section = report.section("2.2")
    assert section is not None
    span = Handled(section.start, section.end, Handling.HIDDEN)
    shown = digests.handle(report, [span])
    assert [s.address for s in shown.sections] == ["1", "1.1", "1.2", "2", "2.1"]
    assert all("换届" not in button.text for page in _contents(shown) for button in page)
    assert digests.resolve("二（二）", [shown]).matches == ()


def _contents(report: digests.Report) -> list[list[digests.Button]]:
    pages = digests.render_contents([report], str, report.source.sha256[:8], "2")
    return [[button for row in page.buttons for button in row] for page in pages]


def test_the_key_in_buttons_stays_and_nothing_remembered_is_taken_for_it(
    report: digests.Report,
) -> None:
    span = _sentence(report, "换届任务")
    shown = digests.handle(report, [Handled(*span, Handling.HIDDEN)])
    assert shown.source.sha256[:8] == report.source.sha256[:8]
    assert shown.source.sha256 != report.source.sha256
    assert digests.handle(report, []) is report


def test_no_day_of_a_plan_carries_what_is_hidden_or_only_looked_up() -> None:
    report = digests.parse(SAMPLE.read_bytes(), SAMPLE.name)
    sections = [s for s in report.sections if not report.children(s.address)]
    for handling in (Handling.HIDDEN, Handling.ASKED):
        kept = sections[::2]
        shown = digests.handle(report, [Handled(s.start, s.end, handling) for s in kept])
        edition = digests.Edition("k", shown)
        read: frozenset[str] = frozenset()
        for day in range(1, 29):
            digest = digests.compose([edition], date(2026, 8, day), read=read)
            if digest.excerpt is None:
                continue
            excerpt = digest.excerpt
            assert not any(s.start < excerpt.end and excerpt.start < s.end for s in kept)
            assert report.text[excerpt.start : excerpt.end] == excerpt.quote
            read |= {digest.reading}


def test_positions_that_lie_outside_do_no_harm(report: digests.Report) -> None:
    size = len(report.text)
    for start, end in ((0, size), (size, size + 5), (5, 5), (-3, 2)):
        shown = digests.handle(report, [Handled(start, end, Handling.HIDDEN)])
        assert len(shown.text) == size
