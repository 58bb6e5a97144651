"""A letter of the same sound where the reports print another."""

import pytest

from bot.domain.misprint import misprints

REPORT = "依法开展村社组织换届选举，抓好防汛防台各项准备。完善网格治理体系。"


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("各村换界选举要早准备", "换界选举"),
        ("请抓好房汛防台准备", "抓好房汛"),
        ("全镇村社组织换戒", "组织换戒"),
        ("完善网格治理体细", "治理体细"),
    ],
)
def test_it_is_shown_beside_the_printed_one(text: str, written: str) -> None:
    assert [one.written for one in misprints(text, [REPORT])] == [written]


@pytest.mark.parametrize(
    "text",
    [
        "各村换届选举要早准备",
        "请各位界别代表参加会议",
        "第四网格治理得好",
        "",
        "Flood season 2020 😀 עברית",
        "换界",
    ],
)
def test_nothing_else_is(text: str) -> None:
    assert misprints(text, [REPORT]) == ()


def test_without_a_report_there_is_nothing_to_hold_it_against() -> None:
    assert misprints("各村换界选举要早准备", []) == ()
