"""错敏词: what blocks, what may stay with a reason, and what is left in peace."""

import pytest

from bot.domain.wordlist import Level, check, ours, parse
from bot.errors import SettingsError

OWN = """
[[group]]
reason = "本地写法"
level = "block"
unless = ["云岚新区域"]
words = { "云兰" = "云岚", "云岚新区" = "云岚经开区" }

[[name]]
name = "甲乙丙"
title = "市委书记"
"""


def _levels(text: str) -> dict[str, Level]:
    return {remark.written: remark.level for remark in check(text, ours() | parse(OWN))}


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("坚持“一国两治”方针", Level.BLOCK),
        ("推进全面从严治档工作", Level.BLOCK),
        ("统筹推进“五位一体”战略布局", Level.BLOCK),
        ("弘扬社会主义核心价直观", Level.BLOCK),
        ("实现中华民族伟大腹兴", Level.BLOCK),
        ("增强政治意识、核心意识、大局意识、看齐意识", Level.BLOCK),
        ("向市政协主任报告", Level.BLOCK),
        ("送人民检查院备案", Level.BLOCK),
        ("增强政治意识、大局意识、看齐意识", Level.WARN),
        ("增强“五个意识”", Level.WARN),
        ("做好村社组织换界工作", Level.WARN),
        ("统一布署防讯工作", Level.WARN),
        ("截止目前共有三户", Level.WARN),
        ("云兰镇", Level.BLOCK),
        ("甲已丙书记讲话", Level.BLOCK),
        ("甲乙丙市长讲话", Level.BLOCK),
    ],
)
def test_a_wrong_word_is_seen(text: str, level: Level) -> None:
    assert set(_levels(text).values()) == {level}


@pytest.mark.parametrize(
    "text",
    [
        "增强“四个意识”、坚定“四个自信”、做到“两个维护”",
        "坚决做到政治意识、大局意识、核心意识、看齐意识树牢",
        "经济建设、政治建设、文化建设、社会建设以及生态文明建设一起抓",
        "科技创新、开放创新、体制创新、管理创新齐头并进",
        "交换界面和变换界限",
        "自己经手的事，可以经常问",
        "弘扬社会主义核心价值体系",
        "全面建设小康社会的历史",
        "检查长江沿线，检查院落安全",
        "云岚新区域规划",
        "甲乙丙书记讲话，甲乙丙同志强调，丁乙丙三户",
        "",
        "😀" * 50,
    ],
)
def test_what_is_right_is_left_in_peace(text: str) -> None:
    assert _levels(text) == {}


def test_what_a_report_prints_may_be_quoted() -> None:
    report = "会议要求进一步布署落实，并报告"
    assert check("进一步布署落实", ours(), [report]) == ()
    assert check("另行布署", ours(), [report]) != ()


def test_the_offices_own_word_has_the_last_say() -> None:
    both = ours() | parse('[[group]]\nlevel = "block"\nwords = { "换界" = "换届" }')
    assert [remark.level for remark in check("换界", both)] == [Level.BLOCK]


@pytest.mark.parametrize(
    "text",
    [
        "[[group]",
        "[groups]",
        "[[group]]\nwords = 3",
        '[[group]]\nlevel = "no"\nwords = {}',
        "[[name]]",
    ],
)
def test_a_list_in_another_form_is_refused_in_one_sentence(text: str) -> None:
    with pytest.raises(SettingsError):
        parse(text)
