"""The tree of sections: what opens one, how deep it lies, where it ends, what it is called."""

from pathlib import Path

import pytest

from digests import Report, extract_tasks, parse

REPORTS = Path(__file__).parents[3] / "shared/reports"
MISSION = REPORTS / "000_c7abbe822af4d6eb.txt"
needs_reports = pytest.mark.skipif(
    not REPORTS.exists(), reason="the reports are not beside the project"
)


def outline(text: str, name: str = "a.txt") -> list[tuple[str, str | None, str]]:
    return [(s.address, s.label, s.heading) for s in parse(text.encode(), name).sections]


def tree(text: str, name: str = "a.txt") -> list[str]:
    return [f"{address} {label or heading}" for address, label, heading in outline(text, name)]


@pytest.fixture(scope="module")
def mission() -> Report:
    return parse(MISSION.read_bytes(), MISSION.name)


@needs_reports
def test_the_first_report_has_exactly_its_tree(mission: Report) -> None:
    assert [(s.address, s.cite) for s in mission.sections] == [
        ("1", "报告"),
        *[("1.1", "报告 一"), *[(f"1.1.{n}", f"报告 一、{n}") for n in range(1, 8)]],
        *[("1.2", "报告 二"), *[(f"1.2.{n}", f"报告 二、{n}") for n in range(1, 7)]],
        *[("1.3", "报告 三"), *[(f"1.3.{n}", f"报告 三、{n}") for n in range(1, 5)]],
        ("2", "讲话"),
        *[(f"2.{n}", f"讲话 四大重点·{label}") for n, label in enumerate(("一是", "二是", "三是", "四是"), 1)],
        *[(f"2.{n + 4}", f"讲话 五项工作·{n}") for n in range(1, 6)],
    ]  # fmt: skip


@needs_reports
def test_the_first_report_splits_titles_from_their_text(mission: Report) -> None:
    headings = {s.address: s.heading for s in mission.sections}
    assert (headings["1.1.5"], headings["2.4"]) == ("切实保障和改善民生", "惠民利民")
    assert [s.address for s in mission.sections if s.inline] == ["2.1", "2.2", "2.3", "2.4"]
    spans = {s.address: (s.start, s.heading_end, s.end) for s in mission.sections}
    assert spans["1.2.5"] == (7834, 7865, 8428)
    assert spans["2.9"] == (15119, 15135, 15424)
    assert spans["1.1.7"][1] == spans["1.1.7"][0] + 13


@needs_reports
def test_the_first_report_keeps_note_lead_ins_closings_and_footer_outside(mission: Report) -> None:
    text = mission.text
    assert mission.section_at(5) is None  # the editor's note
    for outside, inside in (
        ("这次市委", "1"),
        ("各位委员、同志们，在", "1"),
        ("最后，我就", None),
        ("PAGE", None),
    ):
        found = mission.section_at(text.index(outside))
        assert (found.address if found else None) == inside
    assert mission.section("1.1").end == mission.section("1.1.7").end  # type: ignore[union-attr]
    assert {text[s.start : s.end].strip() for s in mission.furniture} >= {"PAGE", "— 1 —"}
    assert "Page numbers and running headers stand outside every section." in mission.warnings


@needs_reports
def test_the_first_report_says_who_and_when(mission: Report) -> None:
    assert mission.title == "马卫光同志在市委八届八次全体（扩大）会议上的报告"
    assert mission.issuer == "中共绍兴市委办公室"
    assert (str(mission.issued_on), str(mission.met_on)) == ("2020-07-17", "2020-07-09")


SCHEMES = [
    ["第一编 甲", "第一章 乙", "第一节 丙", "第一条 丁，", "（一）戊；", "（二）己；"],
    ["一、甲", "（一）乙", "1．丙", "（1）丁", "①戊", "②己"],
    ["壹、甲", "一、乙", "(一)丙", "1、丁", "(1)戊", "(2)己"],
    ["1 总则", "1.1 乙", "1.1.1 丙", "（1）丁", "（2）戊"],
    ["Part I Foo", "1. Bar", "First, we do", "Second, we go"],
    ["一、甲", "一是乙。", "二是丙。"],
    ["（一）甲", "1、乙", "2、丙"],
]


@pytest.mark.parametrize("lines", SCHEMES)
def test_each_scheme_nests_in_the_one_that_opened_before(lines: list[str]) -> None:
    report = parse("\n".join(lines).encode(), "a.txt")
    levels = [s.level for s in report.sections]
    assert levels == [*range(1, len(lines)), len(lines) - 1]


def test_a_skipped_level_stays_skipped() -> None:
    text = "一、甲\n1．乙。子\n2．丙。丑\n二、丁\n（一）戊。寅\n1．己。卯\n2．庚。辰\n（二）辛。巳\n三、壬\n1．癸。午\n2．甲。未"
    assert tree(text) == [
        "1 一", "1.1 1", "1.2 2", "2 二", "2.1 （一）", "2.1.1 1", "2.1.2 2", "2.2 （二）", "3 三", "3.1 1", "3.2 2",
    ]  # fmt: skip


def test_numbers_may_run_through_their_parents() -> None:
    text = (
        "第一章 甲\n第一条 子\n第二条 丑\n第二章 乙\n第三条 寅\n（一）卯；\n（二）辰；\n第四条 巳"
    )
    assert tree(text) == [
        "1 第一章", "1.1 第一条", "1.2 第二条", "2 第二章", "2.1 第三条", "2.1.1 （一）", "2.1.2 （二）", "2.2 第四条",
    ]  # fmt: skip


def test_gaps_and_repeats_do_not_break_a_list() -> None:
    assert tree("一、甲\n二、乙\n二、丙\n四、丁\n五、戊") == [
        "1 一",
        "2 二",
        "3 二",
        "4 四",
        "5 五",
    ]


def test_a_number_that_happens_to_begin_a_line_is_no_heading() -> None:
    body = "各地要抓紧落实各项工作，确保完成全年目标任务，不得拖延。" * 3
    text = (
        f"一、甲\n{body}\n三是指出了方向。\n2020年是重要一年。\n3.5个百分点的差距。\n二、乙\n{body}"
    )
    assert tree(text) == ["1 一", "2 二"]


def test_titles_stand_alone_run_in_or_are_the_beginning_of_the_item() -> None:
    text = "一、加快建设：新城\n1．稳住外贸。多措并举。\n2．新增就业5万人；建学校3所\n3．工作目标：增长5%。\n4.提高认识\n"
    assert [heading for _, _, heading in outline(text)] == [
        "加快建设", "稳住外贸", "新增就业5万人", "工作目标", "提高认识",
    ]  # fmt: skip


def test_items_in_a_line_are_inline_and_end_with_their_paragraph() -> None:
    text = "一、甲\n要把握“三大重点”：一是乙。子。二是丙。丑。三是丁。寅。\n另外，卯。\n二、戊"
    report = parse(text.encode(), "a.txt")
    assert [s.cite for s in report.sections] == ["一", "一、一是", "一、二是", "一、三是", "二"]
    third = report.sections[3]
    assert report.quote(third.start, third.end) == "三是丁。寅。"
    assert [s.inline for s in report.sections] == [False, True, True, True, False]


def test_items_inside_one_sentence_are_prose() -> None:
    assert tree("一、甲\n原因有：一是乙，二是丙，三是丁。\n二、戊") == ["1 一", "2 二"]


def test_two_lists_under_one_parent_are_cited_by_their_names() -> None:
    text = (
        "关于甲的报告\n各位：\n一、乙\n子。\n二、丙\n丑。\n某同志的讲话\n要把握“两大重点”：一是丁。寅。二是戊。卯。\n"
        "当前，要抓好“两项工作”：\n1．己。辰。\n2．庚。巳。"
    )
    cites = [s.cite for s in parse(text.encode(), "a.txt").sections]
    assert cites == [
        "报告", "报告 一", "报告 二", "讲话", "讲话 两大重点·一是", "讲话 两大重点·二是", "讲话 两项工作·1", "讲话 两项工作·2",
    ]  # fmt: skip


def test_attached_documents_are_told_apart() -> None:
    body = "本方案自印发之日起施行，各地要结合实际抓好落实，确保取得实效。" * 3
    text = (
        "某省人民政府办公厅关于印发\n某某工作方案的通知\n某政办发〔2023〕5号\n各市人民政府：\n现将方案印发给你们。\n"
        f"某省人民政府办公厅\n2023年3月1日\n某某工作方案\n一、总体要求\n{body}\n二、主要任务\n{body}\n"
    )
    report = parse(text.encode(), "a.txt")
    assert [(s.address, s.cite, s.level) for s in report.sections] == [
        ("1", "通知", 1), ("2", "方案", 1), ("2.1", "方案 一", 2), ("2.2", "方案 二", 2),
    ]  # fmt: skip
    assert report.title == "某省人民政府办公厅关于印发某某工作方案的通知"
    assert (report.issuer, report.number) == ("某省人民政府办公厅", "某政办发〔2023〕5号")
    assert str(report.issued_on) == "2023-03-01"


@pytest.mark.parametrize("year", ["9999", "0001", "2200", "1899"])
def test_a_year_beyond_all_calendars_dates_nothing(year: str) -> None:
    text = f"关于做好工作的通知\n一、任务\n台汛期要加强值守，确保{year}年底前完成。\n某市办公室\n{year}年12月31日\n"
    report = parse(text.encode(), "a.txt")
    assert report.issued_on is None
    assert all(task.last is None or 1900 <= task.last.year < 2200 for task in extract_tasks(report))


def test_annexes_and_glossaries_are_parts_of_their_own() -> None:
    text = "一、甲\n子。\n二、乙\n丑。\n附件1：\n实事项目\n一、丙\n寅。\n二、丁\n卯。\n名词解释\n1．戊：辰。\n2．己：巳。"
    assert outline(text)[2:] == [
        ("3", "附件1", "实事项目"), ("3.1", "一", "丙"), ("3.2", "二", "丁"),
        ("4", None, "名词解释"), ("4.1", "1", "戊"), ("4.2", "2", "己"),
    ]  # fmt: skip


def test_a_table_of_contents_is_not_doubled() -> None:
    dotted = "目 录\n一、甲 ........ 1\n二、乙 ........ 5\n三、丙 ........ 9\n一、甲\n子。\n二、乙\n丑。\n三、丙\n寅。"
    plain = "目录\n一、甲\n二、乙\n三、丙\n一、甲\n子。\n二、乙\n丑。\n三、丙\n寅。"
    for text in (dotted, plain):
        report = parse(text.encode(), "a.txt")
        assert [s.heading for s in report.sections] == ["甲", "乙", "丙"]
        assert "The table of contents stands outside every section." in report.warnings


def test_declared_and_bold_headings_make_levels() -> None:
    body = "全省上下要深入学习贯彻会议精神，扎实做好各项工作。" * 2
    text = f"# 甲纲要\n\n## 序言\n\n{body}\n\n## 第一篇　乙\n\n### 第一章　丙\n\n**丁。**{body}\n\n**戊。**{body}\n\n## 第二篇　己\n\n{body}\n"
    assert tree(text, "a.md") == [
        "1 序言",
        "2 第一篇",
        "2.1 第一章",
        "2.1.1 丁",
        "2.1.2 戊",
        "3 第二篇",
    ]


def test_short_lines_without_a_number_are_headings_between_long_paragraphs() -> None:
    body = (
        "全省上下要深入学习贯彻会议精神，扎实做好各项工作，确保全年目标任务圆满完成，不折不扣抓好落实。"
        * 2
    )
    text = f"各位代表：\n2023年工作回顾\n{body}\n（一）甲。{body}\n（二）乙。{body}\n2024年工作安排\n{body}\n（一）丙。{body}\n（二）丁。{body}"
    assert tree(text) == [
        "1 2023年工作回顾",
        "1.1 （一）",
        "1.2 （二）",
        "2 2024年工作安排",
        "2.1 （一）",
        "2.2 （二）",
    ]


def test_headings_run_into_one_giant_paragraph_are_found() -> None:
    body = "全省上下要深入学习贯彻会议精神，扎实做好各项工作。" * 20
    text = f"现在报告工作。一、回顾　{body}二、安排　{body}（一）甲。{body}（二）乙。{body}三、结语　{body}"
    report = parse(text.encode(), "a.txt")
    assert [(s.address, s.heading) for s in report.sections] == [
        ("1", "回顾"), ("2", "安排"), ("2.1", "甲"), ("2.2", "乙"), ("3", "结语"),
    ]  # fmt: skip
    assert all(s.inline for s in report.sections)


def test_a_first_item_lost_in_the_line_before_is_found() -> None:
    text = "重点抓了三个方面的工作：一、以农民增收为核心。\n子。\n二、坚持改革。\n丑。\n三、推进建设。\n寅。"
    assert [heading for _, _, heading in outline(text)] == [
        "以农民增收为核心",
        "坚持改革",
        "推进建设",
    ]


def test_without_headings_the_paragraphs_are_the_units() -> None:
    text = "各位代表！\n根据决定，作报告如下。\n过去一年，成绩很大。"
    assert outline(text) == [("1", None, "根据决定，作报告如下"), ("2", None, "过去一年，成绩很大")]


def test_hard_wrapped_lines_are_put_together() -> None:
    full = "縣府團隊在各鄉鎮持續完備基礎設施面對極端氣候的挑戰為保障人"
    lines = []
    for n in "一二三四五六七八九十":
        lines += [f"{n}、 屏東縣六大社福津貼採主動清查及推動社福津貼採主動清查申", "請減紙化"]
        lines += [full, full, "民安全。", "=== 第 5 頁 ===", "12"]
    sections = parse("\n".join(lines).encode(), "a.txt").sections
    assert {s.heading for s in sections} == {
        "屏東縣六大社福津貼採主動清查及推動社福津貼採主動清查申請減紙化"
    }
    assert len(sections) == 10


def test_closing_words_belong_to_no_item() -> None:
    text = "一、甲\n1．乙。子。\n2．丙。丑。\n各位代表，寅。\n二、丁\n卯。\n辰。\n同志们！巳。"
    report = parse(text.encode(), "a.txt")
    assert (
        report.quote(report.sections[0].start, report.sections[0].end)
        == "一、甲\n1．乙。子。\n2．丙。丑。"
    )
    assert report.quote(report.sections[3].start, report.sections[3].end) == "二、丁\n卯。\n辰。"


def test_the_rows_of_a_timetable_are_no_sections() -> None:
    rows = "表1、时程：\n年度\n1、 6月：招标。\n2、 10月：决标。\n3、 年底前完成迁移。"
    assert tree(f"一、甲\n（一）乙\n子。\n{rows}\n（二）丙\n丑。") == tree(
        "一、甲\n（一）乙\n子。\n（二）丙\n丑。"
    )


def test_lines_with_a_comma_are_headings_where_several_of_them_head_their_paragraphs() -> None:
    body = (
        "这一段写得比较长，因为标题后面应当有真正的正文，一句接着一句，把所做的工作都交代清楚，不能只有几个字。"
        * 2
    )
    titles = (
        "过去一年，我们修好了三座桥",
        "过去一年，我们种下了一片林",
        "过去一年，我们开通了两条路",
    )
    text = "某县工作报告\n\n各位代表：\n\n" + "\n\n".join(f"{t}\n\n{body}" for t in titles)
    assert [heading for _, _, heading in outline(text)] == list(titles)
    assert [heading for _, _, heading in outline(text.replace(titles[1], body))] != list(titles)


def test_an_item_that_begins_with_a_number_is_no_decimal() -> None:
    text = "某县工作报告\n一、回顾\n修了桥。\n二、展望\n还要种树。\n名词解释\n1.10个片区：指城东等地。\n2.两个中心：指医院和学校。\n3.3个制度：指登记、检查和公开。"
    assert tree(text)[2:] == ["3 名词解释", "3.1 1", "3.2 2", "3.3 3"]


def test_what_is_planned_for_a_year_is_a_part_of_the_report() -> None:
    body = (
        "这一段写得比较长，因为标题后面应当有真正的正文，一句接着一句，把所做的工作都交代清楚，不能只有几个字。"
        * 2
    )
    text = f"某县政府工作报告\n\n各位代表：\n\n二〇三一年工作回顾\n\n{body}\n\n二〇三二年工作意见\n\n{body}\n\n一、修桥\n\n{body}\n\n二、种树\n\n{body}"
    report = parse(text.encode(), "a.txt")
    assert report.title == "某县政府工作报告"
    assert tree(text) == ["1 二〇三一年工作回顾", "2 二〇三二年工作意见", "2.1 一", "2.2 二"]


def test_a_chapter_that_lost_its_number_stands_among_the_others_and_holds_its_articles() -> None:
    body = (
        "县人民政府应当每年检查一次桥梁，并且在检查以后的十五日以内向社会公布检查的结果和修理的安排。"
        * 2
    )
    text = f"""某县桥梁条例

第一章 总则
第一条 {body}
第二条 {body}
第二章 检查
第三条 {body}
桥梁修理
第四条 {body}
第五条 {body}
第四章 附则
第六条 {body}
"""
    assert [line for line in tree(text) if "." not in line.split()[0]] == [
        "1 第一章",
        "2 第二章",
        "3 桥梁修理",
        "4 第四章",
    ]
    assert [line for line in tree(text) if line.startswith("3.")] == ["3.1 第四条", "3.2 第五条"]


def test_a_reference_that_happens_to_open_a_line_is_no_heading() -> None:
    text = "某县工作规定\n第一条 修桥。\n第二条 种树，适用本规定\n第五条的程序。\n第三条 铺路。\n（一）铺石。\n（二）铺沙。\n（一）项所列的路先铺。"
    assert tree(text) == ["1 第一条", "2 第二条", "3 第三条", "3.1 （一）", "3.2 （二）"]


def test_headings_are_known_from_the_contents_even_where_their_number_is_lost() -> None:
    line = "本府持續辦理各項福利措施，並結合民間團體的力量，讓長者安心在地老化，\n"
    contents = "目錄\n" + "".join(
        f"{label}{title}................................ {page}\n"
        for page, (label, title) in enumerate(
            [("一、", "老人福利"), ("1、", "假牙補助與健康檢查"), ("2、", "在地照護機制"), ("二、", "兒少福利"), ("1、", "生育津貼與托育補助")], 1
        )
    )  # fmt: skip
    text = (
        f"某市施政報告\n{contents}\n一、老人福利\n{line * 9}假牙補助與健康檢查\n{line * 9}"
        f"2、在地照護機制\n{line * 9}二、兒少福利\n{line * 9}生育津貼與托育補助\n{line * 9}"
    )
    assert outline(text) == [
        ("1", "一", "老人福利"),
        ("1.1", None, "假牙補助與健康檢查"),
        ("1.2", "2", "在地照護機制"),
        ("2", "二", "兒少福利"),
        ("2.1", None, "生育津貼與托育補助"),
    ]


@pytest.mark.parametrize(
    ("head", "facts"),
    [
        ("标题：某县桥梁办法\n发布机构：某县人民政府\n发文字号：某政发〔2031〕5号\n发布日期：2031-05-04\n", ("某县桥梁办法", "某县人民政府", "2031-05-04", "某政发〔2031〕5号")),
        ("法規名稱：某縣橋梁辦法\n修正日期：20310504\n", ("某縣橋梁辦法", None, "2031-05-04", None)),
        ("某某条例\n（2031年1月9日国务院第1次常务会议通过 2031年5月4日中华人民共和国国务院令第9号公布 自2031年7月1日起施行）\n", ("某某条例", "国务院", "2031-05-04", "中华人民共和国国务院令第9号")),
        ("某某市长施政報告\n104.4.17\n", ("某某市长施政報告", None, "2015-04-17", None)),
        ("国务院办公厅关于修桥的通知\n国办发〔2031〕9号\n2031年5月4日\n", ("国务院办公厅关于修桥的通知", "国务院办公厅", "2031-05-04", "国办发〔2031〕9号")),
        ("某社某地3月17日电\n政府工作报告——2031年3月5日在某县第十二届人民代表大会第四次会议上县长 李四\n各位代表：\n", ("政府工作报告", None, "2031-03-05", None)),
        ("标题：某县会议纪要\n抓取时间：2036-04-03\n文种：会议纪要\n", ("某县会议纪要", None, "None", None)),
        ("某某地方桥梁法\n2011年4月29日 某某大会通过\n2033年9月1日 某某大会第五次会议修订\n", ("某某地方桥梁法", None, "2033-09-01", None)),
        ("来源：某某日报\n某县工作报告\n", ("某县工作报告", None, "None", None)),
    ],
)  # fmt: skip
def test_a_head_says_what_the_document_is_who_issued_it_and_when(
    head: str, facts: tuple[str, ...]
) -> None:
    report = parse(f"{head}\n一、修桥\n修三座。\n二、种树\n种一片。\n".encode(), "a.txt")
    assert (report.title, report.issuer, str(report.issued_on), report.number) == facts


def test_a_count_or_a_day_that_opens_a_broken_line_is_no_item() -> None:
    line = "本府持續辦理各項福利措施，並結合民間團體的力量，讓長者安心在地老化，\n"
    text = f"某縣施政報告\n一、福利\n{line * 14}至\n1 月 20 日止，共有\n2 鄉原鄉參加，自\n3 月起，發放 1 億元。\n二、教育\n{line * 14}"
    assert tree(text) == ["1 一", "2 二"]


def test_fields_and_names_at_the_head_are_no_sections() -> None:
    text = "# 某县桥梁办法\n\n**检索时间**: 2031-05-04\n\n**原文链接**: http://x.example/1\n\n**张三**\n\n一、修桥\n\n修三座。\n\n二、种树\n\n种一片。\n"
    assert tree(text, "a.md") == ["1 一", "2 二"]
    assert parse(text.encode(), "a.md").title == "某县桥梁办法"


def test_a_document_among_several_is_cited_by_its_kind() -> None:
    text = "某市关于印发行动计划的通知\n各区：\n现印发给你们。\n某市促进桥梁发展打造信息高地行动计划\n一、修桥\n修三座。\n二、种树\n种一片。"
    assert [s.cite for s in parse(text.encode(), "a.txt").sections] == [
        "通知",
        "行动计划",
        "行动计划 一",
        "行动计划 二",
    ]


def test_an_article_put_in_between_is_an_article() -> None:
    text = "某法\n\n第 1 條\n\n甲事由機關辦理之。\n\n第 1-1 條\n\n乙事準用之。\n\n第 2 條\n\n丙事應為登記。\n"
    report = parse(text.encode(), "某法.txt")
    assert [s.label for s in report.sections] == ["第 1 條", "第 1-1 條", "第 2 條"]


@pytest.mark.parametrize(
    "articles",
    [
        ("第5條", "第5-1條", "第6條"),
        ("第五條", "第五條之一", "第五條之二", "第六條"),
        ("第1條", "第5條", "第5-1條", "第6條"),
    ],
)
def test_an_excerpt_of_a_law_keeps_the_article_before_one_put_in(articles: tuple[str, ...]) -> None:
    text = "".join(f"{label} 主管機關應辦理登記。\n" for label in articles)

    assert [s.label for s in parse(text.encode(), "a.txt").sections] == list(articles)


@pytest.mark.parametrize(
    ("heading", "cite"),
    [
        ("——城乡携手同行，老百姓的日子一年更比一年好", "城乡携手同行"),
        (
            "关于某县今年各项重点工作的总体安排和主要任务",
            "关于某县今年各项重点工作的总体安排和主要任务",
        ),
        ("Frequently Asked Questions", "Frequently Asked Questions"),
    ],
)
def test_a_heading_in_words_is_cited_by_whole_clauses(heading: str, cite: str) -> None:
    text = f"# 计划\n\n## {heading}\n\n文字。\n\n## 保障措施\n\n文字。\n"

    first, _ = parse(text.encode(), "a.md").sections

    assert first.cite == cite
