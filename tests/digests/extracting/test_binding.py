"""Which expressions of time bind a sentence, and which only describe."""

from datetime import date

import pytest

import digests
from digests.chinese import fold
from digests.dating.moments import Anchor
from digests.extracting.binding import binding
from digests.extracting.tensing import Tense

HERE = Anchor(date(2025, 1, 15), region="浙江")


def bound(text: str) -> list[str]:
    words = fold(text, joined=True).text
    return [words[m.start : m.end] for m in binding(words, Tense.AHEAD, HERE)]


@pytest.mark.parametrize(
    ("text", "expressions"),
    [
        ("确保今年起势见效。", ["今年"]),
        ("今年起将开展抽查工作。", ["今年"]),
        ("从2026年1月1日起，实施见习计划。", ["2026年1月1日起"]),
        ("2028年初步建成示范园区。", ["2028年"]),
        ("确保完成今年目标任务。", ["今年"]),
        ("截止时间为2025年5月30日。", ["2025年5月30日"]),
        ("各中心要在\n2025年9\n月底前完成自查。", ["2025年9月底前"]),
        ("We will create more jobs this year.", ["this year"]),
    ],
)
def test_a_time_that_is_set_binds(text: str, expressions: list[str]) -> None:
    assert bound(text) == expressions


@pytest.mark.parametrize(
    "text",
    [
        "考虑到今年收支矛盾突出，要过紧日子。",
        "对今后八年计划建设的项目，要大力协同。",
        "凡6月底前到期的合同，都要续签。",
        "完成2025年县定道路改造任务。",
        "办好2025年城市亚运会。",
        "2025年重点工作。",
        "本办法有效期至2027年12月31日。",
        "3.周转率计算方法：本年度周转次数/床位数×100%。",
        "现将2026年元旦放假安排通知如下。",
        "要抓住国家“十四五”期间大力发展水利的机遇。",
        "We will make preparations for the 2027 Winter Olympics.",
        "We will formulate the 15th Five-Year Plan.",
        "办好2026年城市休闲大会。",
        "各位代表，今年以来形势极不寻常，要沉着应对。",
        "这是2027年前的重点工作，要全力推进。",
        "经过一年的努力，十件实事已全面完成。",
        "要保持每年2个百分点的增速。",
        "This rise in costs this year is welcome.",
    ],
)
def test_a_time_that_only_describes_does_not_bind(text: str) -> None:
    assert bound(text) == []


def test_a_fiscal_year_of_the_republic_binds_what_is_announced() -> None:
    session = Anchor(date(2015, 4, 17), minguo=True)
    words = fold("本府於 104 年度持續辦理甲案。").text

    assert [m.last for m in binding(words, Tense.OPEN, session)] == [date(2015, 12, 31)]


@pytest.mark.parametrize(
    "text",
    [
        "103 年協助 511 件。",
        "103 年度總計核准 7 案。",
        "於 103 年度榮獲佳績。",
        "一年內再違反者，處罰鍰。",
    ],
)
def test_what_a_session_report_tells_binds_nothing(text: str) -> None:
    session = Anchor(date(2014, 10, 1), exact=False, minguo=True)

    assert binding(fold(text).text, Tense.OPEN, session) == []


def test_a_line_that_names_a_term_is_no_title() -> None:
    text = "Plan\n\n**Within 60 days of the date of issuance of this report:**\n\nThe office will convene a group.\n"

    first, _ = digests.extract_tasks(digests.parse(text.encode(), "a.md"))

    assert first.expression == "Within 60 days of the date of issuance of this report"


def test_a_sentence_that_begins_with_an_indicator_is_no_definition() -> None:
    text = "某市方案\n一、目标\n具体指标：到2027年，基本条件达标。\n某市办公室  2025年1月7日印发\n"

    [task] = digests.extract_tasks(digests.parse(text.encode(), "a.txt"))

    assert task.expression == "到2027年"


@pytest.mark.parametrize(
    ("text", "expressions"),
    [
        ("一般隐患五日内整改；重大隐患五日内上报；危房五日内腾空。", ["五日内"] * 3),
        ("第一批于3月底前完成，第二批于3月底前报送。", ["3月底前"] * 2),
        ("今年要新建学校，今年要改造医院。", ["今年"]),
        (
            "到2025年、2027年、2030年，覆盖率分别达到四成、五成、六成。",
            ["到2025年", "2027年", "2030年"],
        ),
        ("从2026年起，全面推行清单制。", ["2026年起"]),
        ("从2026年起，每年2月底前要报送总结。", ["每年2月底前"]),
        ("从今年起，全面推行清单制。", []),
    ],
)
def test_each_clause_sets_a_term_of_its_own(text: str, expressions: list[str]) -> None:
    assert bound(text) == expressions


@pytest.mark.parametrize(
    "text",
    [
        "第四条 申请人在三十日内未提出异议的，视为同意。",
        "第五条 持有期间在六个月以内者，减半征收。",
        "第六条 经营者六个月内无正当理由未开业的，由登记机关吊销执照。",
        "第七条 名称于裁定后六个月内尚未变更，且情节严重的，依法处理。",
        "第八条 装置按照每日运转24小时计算水量。",
    ],
)
def test_a_condition_is_no_term_for_anybody(text: str) -> None:
    statute = Anchor(date(2025, 1, 15), statute=True)

    assert binding(fold(text).text, Tense.OPEN, statute) == []


def test_a_start_to_come_has_no_last_day() -> None:
    [since] = binding("从2026年起,全面推行清单制。", Tense.AHEAD, HERE)

    assert (since.first, since.last) == (date(2026, 1, 1), None)
