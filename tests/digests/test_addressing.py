"""However a reader names a section, it is found, or the choices are offered."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests import Report, parse, resolve
from digests.addressing import typed_for

REPORTS = Path(__file__).parents[3] / "shared/reports"
MISSION = REPORTS / "000_c7abbe822af4d6eb.txt"
needs_reports = pytest.mark.skipif(
    not REPORTS.exists(), reason="the reports are not beside the project"
)

LAW = parse(
    "某某条例\n第一章 总则\n第一条 甲，乙。\n第二条 丙：\n（一）丁；\n（二）戊。\n第二章 附则\n第三条 己，庚。\n第十二条 辛，壬。\n第十三条 癸。".encode(),
    "a.txt",
)
PLAN = parse(
    "某某规划\n一、总体要求\n（一）指导思想。子。\n（二）主要目标。丑。\n二、主要任务\n（一）加快发展。寅。\n（二）深化改革。卯。\n（三）保障民生。\n1．就业。辰。\n2．教育。巳。".encode(),
    "b.txt",
)


@pytest.fixture(scope="module")
def mission() -> Report:
    return parse(MISSION.read_bytes(), MISSION.name)


def cites(query: str, *reports: Report) -> list[str]:
    return [section.cite for _, section in resolve(query, reports).matches]


@needs_reports
@pytest.mark.parametrize(
    "query",
    ["二、5", "2.5", "二5", "二.5", "二－5", "２．５", "２、５", "二、五", "二（五）", "第二部分第五点", "第2部分第5点", "第二部分的第五点",
     "第二部分 第5点", "第二大点第五小点", "报告 二、5", "报告二5", "报告第二部分第五点", "二、5。", "请看二、5", "看看二、5吧", "查一下第二部分第五点",
     "報告 二、5", "坚持发展新时代“枫桥经验”", "堅持發展新時代楓橋經驗", "马卫光同志在市委八届八次全体（扩大）会议上的报告二、5"],
)  # fmt: skip
def test_the_fifth_point_of_the_second_part_is_found_under_any_name(
    mission: Report, query: str
) -> None:
    assert cites(query, mission) == ["报告 二、5"]


@needs_reports
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("讲话5", ["讲话 五项工作·5"]),
        ("讲话第4项", ["讲话 五项工作·4"]),
        ("讲话第五项工作", ["讲话 五项工作·5"]),
        ("五项工作5", ["讲话 五项工作·5"]),
        ("五项工作·5", ["讲话 五项工作·5"]),
        ("四大重点一是", ["讲话 四大重点·一是"]),
        ("讲话 四大重点·三是", ["讲话 四大重点·三是"]),
        ("四大重点三", ["讲话 四大重点·三是"]),
        ("四大重点第三点", ["讲话 四大重点·三是"]),
        ("四是", ["讲话 四大重点·四是"]),
        ("第二部分", ["报告 二"]),
        ("讲话", ["讲话"]),
        ("抓好安全生产", ["讲话 五项工作·5"]),
        ("第五点", ["报告 一、5", "报告 二、5", "讲话 五项工作·5"]),
        ("第5点", ["报告 一、5", "报告 二、5", "讲话 五项工作·5"]),
        ("第十二条", []),
        ("9.9", []),
    ],
)
def test_other_names_and_ambiguous_ones(mission: Report, query: str, found: list[str]) -> None:
    assert cites(query, mission) == found


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("第十二条", ["第十二条"]),
        ("第12条", ["第十二条"]),
        ("十二条", ["第十二条"]),
        ("12条", ["第十二条"]),
        ("二章", ["第二章"]),
        ("第二条（一）", ["第二条（一）"]),
        ("第二条第一项", ["第二条（一）"]),
        ("第二条第（二）项", ["第二条（二）"]),
        ("第一章", ["第一章"]),
        ("第二章第三条", ["第三条"]),
        ("第二章第一条", ["第三条"]),
        ("附则第二条", ["第十二条"]),
        ("最后一章", ["第二章"]),
        ("最后一条", ["第十三条"]),
        ("倒数第二条", ["第十二条"]),
        ("第一章最后一条", ["第二条"]),
        ("第二条最后一项", ["第二条（二）"]),
        ("本条例第三条", ["第三条"]),
        ("规定第三条", ["第三条"]),
        ("第三条第一款", ["第三条"]),
        ("附则那一章", ["第二章"]),
        ("第二章讲什么", ["第二章"]),
        ("the last chapter", ["第二章"]),
        ("第二条第三款", ["第二条"]),
        ("article 12", ["第十二条"]),
        ("Chapter 2", ["第二章"]),
        ("某某条例第二条", ["第二条"]),
        ("条例第十二条", ["第十二条"]),
        ("某某办法第二条", []),
    ],
)
def test_laws_are_asked_by_chapter_and_article(query: str, found: list[str]) -> None:
    assert cites(query, LAW) == found


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("二（三）", ["二（三）"]),
        ("二、（三）", ["二（三）"]),
        ("2.3", ["二（三）"]),
        ("二（三）2", ["二（三）、2"]),
        ("2.3.2", ["二（三）、2"]),
        ("（三）", ["二（三）"]),
        ("(一)", ["一（一）", "二（一）"]),
        ("深化改革", ["二（二）"]),
        ("section 2.3", ["二（三）"]),
        ("section II", []),
        ("2.2", ["二（二）"]),
        ("主要任务第三点", ["二（三）"]),
        ("总体要求（二）", ["一（二）"]),
        ("二2", ["二（二）"]),
        ("任务第三点", ["二（三）"]),
        ("主要任务里的深化改革", ["二（二）"]),
        ("第二部分里第三点", ["二（三）"]),
        ("第二大块第三小块", ["二（三）"]),
        ("第三个方面", ["二（三）"]),
        ("第二部分最后一点", ["二（三）"]),
        ("最后一部分", ["二"]),
        ("part two", ["二"]),
        ("the third point of part 2", ["二（三）"]),
        ("part II, point 3", ["二（三）"]),
    ],
)
def test_plans_are_asked_by_their_printed_labels(query: str, found: list[str]) -> None:
    assert cites(query, PLAN) == found


REPORT = parse(
    "# 某某报告\n## 过去一年工作回顾\n甲。\n## 今年主要工作\n### （一）子\n乙。\n### （二）丑\n丙。\n## 政府自身建设\n丁。".encode(),
    "c.md",
)
THROUGH = parse(
    "某某意见\n一、甲\n（一）子\n乙。\n（二）丑\n丙。\n二、丁\n（三）寅\n戊。\n（四）卯\n己。".encode(),
    "d.txt",
)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("第二部分", ["今年主要工作"]),
        ("第二部分第二", ["丑"]),
        ("第二部分第2点", ["丑"]),
        ("二（二）", ["丑"]),
        ("第二部分第5点", []),
    ],
)
def test_parts_without_labels_are_counted(query: str, found: list[str]) -> None:
    assert [s.heading for _, s in resolve(query, [REPORT]).matches] == found


@pytest.mark.parametrize(
    ("query", "found"),
    [("第二部分第一点", ["寅"]), ("二（三）", ["寅"]), ("（三）", ["寅"]), ("二（一）", [])],
)
def test_points_numbered_through_are_counted_in_their_part(query: str, found: list[str]) -> None:
    assert [s.heading for _, s in resolve(query, [THROUGH]).matches] == found


@pytest.mark.parametrize("query", ["二、5", "第五点", "2.5", "第三章", "（三）", "5"])
def test_a_query_with_the_form_of_an_address_says_so(query: str) -> None:
    assert resolve(query, []).is_address


@pytest.mark.parametrize(
    "query",
    [
        "防汛",
        "十四五",
        "2020",
        "2020年",
        "一带一路",
        "三农",
        "",
        "  ",
        "百日攻坚",
        "两会",
        "5G",
        "3.6亿",
        "第三产业",
        "公交票价",
        "1.0版",
        "零零七",
        "007",
    ],
)
def test_other_queries_have_no_such_form(query: str) -> None:
    assert not resolve(query, [LAW, PLAN]).is_address


def test_several_reports_give_choices() -> None:
    assert cites("第一章", LAW, PLAN) == ["第一章"]
    assert cites("（二）", LAW, PLAN) == ["第二条（二）", "一（二）", "二（二）"]


@given(st.text(max_size=4096))
def test_any_query_is_answered(query: str) -> None:
    for report, section in resolve(query, [LAW, PLAN]).matches:
        assert section in report.sections


@needs_reports
def test_what_to_type_next_time_is_short_and_names_just_this(mission: Report) -> None:
    *_, (report, section) = resolve("第五点", [mission]).matches
    typed = typed_for(report, section)
    assert typed == "讲话5"
    assert resolve(typed, [mission]).matches == ((report, section),)
    typed = typed_for(LAW, LAW.sections[1], among_several=True)
    assert resolve(typed, [LAW, PLAN, mission]).matches == ((LAW, LAW.sections[1]),)


def test_a_point_is_hardly_an_item_of_an_article() -> None:
    assert cites("第二点", LAW, PLAN) == ["一（二）", "二（二）", "二（三）、2"]


@pytest.mark.parametrize(
    ("query", "found"),
    [("第四条", ["卯"]), ("二是卯", ["卯"]), ("（四）卯", ["卯"]), ("四、卯", ["卯"])],
)
def test_a_label_before_a_title_and_items_called_articles(query: str, found: list[str]) -> None:
    assert [s.heading for _, s in resolve(query, [THROUGH]).matches] == found


APPENDED = parse(
    (
        "石桥镇工作报告\n\n一、工作\n\n一是抓水利。二是抓文化。\n\n附件1\n\n实事\n\n1、建设食堂。由镇政府办。\n\n2、修缮校舍。由学校办。\n"
    ).encode(),
    "appended.txt",
)
SPOKEN = parse(
    "石桥镇工作报告\n\n一、高质量编制“十四五”规划\n\n请专家来。\n\n二、做好防汛\n\n要备沙袋。\n".encode(),
    "spoken.txt",
)


@pytest.mark.parametrize("query", ["附件1第2项", "附件一第二条", "附件1、2"])
def test_points_of_an_appendix_are_found(query: str) -> None:
    assert [s.heading for _, s in resolve(query, [APPENDED]).matches] == ["修缮校舍"]


def test_a_point_is_found_by_words_of_its_heading() -> None:
    (found,) = resolve("报告里编制规划那条", [SPOKEN]).matches
    assert found[1].heading == "高质量编制“十四五”规划"


UNLABELLED = parse(
    (
        "# 某某市政府工作报告\n## 2024年工作回顾\n（一）经济平稳。甲乙丙丁。\n（二）民生改善。戊己庚辛。\n"
        "## 政府自身建设\n（一）依法行政。金木水火。\n（二）廉洁从政。土日月星。\n"
    ).encode(),
    "c.md",
)
TO_DO = parse(
    (
        "某某市政府工作报告\n一、工作回顾\n甲乙丙丁。\n二、目标任务\n戊己庚辛。\n三、加强政府自身建设\n（一）依法行政。子丑寅卯。\n"
        "附 件\n2025年民生实事\n（1）新建学校五所。\n（2）改造小区十个。\n（3）新增床位百张。\n"
    ).encode(),
    "d.txt",
)


@pytest.mark.parametrize(
    ("query", "report", "found"),
    [
        ("第三章", TO_DO, ["三"]),
        ("第三部分政府自身建设", TO_DO, ["三"]),
        ("第三部分环境保护", TO_DO, []),
        ("附件第3件", TO_DO, ["附 件（3）"]),
        ("附件3", TO_DO, ["附 件（3）"]),
        ("第3件实事", TO_DO, ["附 件（3）"]),
        ("第二部分", UNLABELLED, ["政府自身建设"]),
        ("2.1", UNLABELLED, ["政府自身建设·（一）"]),
    ],
)
def test_a_label_is_found_however_its_parts_are_named(
    query: str, report: Report, found: list[str]
) -> None:
    assert cites(query, report) == found
