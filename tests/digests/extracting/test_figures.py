"""Figures: what counts as one, what it comes to, what it measures."""

import itertools
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import digests
from digests.chinese import fold
from digests.extracting.figures import find_figures

MISSION = Path(__file__).resolve().parents[4] / "shared" / "reports" / "000_c7abbe822af4d6eb.txt"
needs_reports = pytest.mark.skipif(not MISSION.exists(), reason="the real reports are not here")


def read(text: str) -> list[tuple[str, float, str]]:
    words = fold(text).text
    return [(words[a.start : a.end], a.number, a.unit) for a in find_figures(words)]


@pytest.mark.parametrize(
    ("text", "value", "number", "unit"),
    [
        ("投放消费券3.6亿元", "3.6亿元", 3.6e8, "元"),
        ("调拨物资8300万件", "8300万件", 8.3e7, "件"),
        ("下派4600余名干部", "4600余名", 4600, "名"),
        ("增长0.3%", "0.3%", 0.3, "%"),
        ("出口占全国１３．３‰", "13.3‰", 13.3, "‰"),
        ("下降0.53个百分点", "0.53个百分点", 0.53, "个百分点"),
        ("下降到28微克/立方米", "28微克/立方米", 28, "微克/立方米"),
        ("低保标准215元/月", "215元/月", 215, "元/月"),
        ("组成的“五大组团”", "五大", 5, "大"),
        ("对两个街道作了约谈", "两个", 2, "个"),
        ("居全省第三", "全省第三", 3, "位"),
        ("改善幅度居全省首位", "全省首位", 1, "位"),
        ("上升到第6位", "第6位", 6, "位"),
        ("实现患者“零死亡”", "零", 0, ""),
        ("连续45个月", "45个月", 45, "个月"),
        ("连续17年居前列", "17年", 17, "年"),
        ("翻一番", "一番", 1, "番"),
        ("完成三分之一", "三分之一", 1 / 3, ""),
        ("增长百分之四点三", "百分之四点三", 4.3, "%"),
        ("产量三千二百万吨", "三千二百万吨", 3.2e7, "吨"),
        ("服務42 萬 7,662 人次", "42 万 7,662 人次", 427662, "人次"),
        ("GDP reached 51.9 trillion yuan", "51.9 trillion yuan", 5.19e13, "yuan"),
        ("投资 1,234.5 万元", "1,234.5 万元", 1.2345e7, "元"),
        ("an additional four trillion yuan", "four trillion yuan", 4e12, "yuan"),
        ("the remaining 780 billion yuan", "780 billion yuan", 7.8e11, "yuan"),
        ("built thirty-one airports", "thirty-one", 31, ""),
        ("reinforced 18,000 large and key small reservoirs", "18,000", 18000, ""),
        ("half a million people", "half a million people", 5e5, "people"),
        ("one in five residents", "one in five", 0.2, ""),
        ("two-thirds of the villages", "two-thirds", 2 / 3, ""),
        ("raised €5 million", "€5 million", 5e6, "euros"),
        ("两三百人参加", "两三百人", 200, "人"),
        ("过半企业达标", "过半", 0.5, ""),
        ("增速为-1.5%", "-1.5%", -1.5, "%"),
        ("年产50发商业火箭", "50发", 50, "发"),
        ("装机416千瓦", "416千瓦", 416, "千瓦"),
        ("装机22万千瓦", "22万千瓦", 220000, "千瓦"),
        ("用电800千瓦时", "800千瓦时", 800, "千瓦时"),
        ("补助5千元", "5千元", 5000, "元"),
        ("面积1,200坪", "1,200坪", 1200, "坪"),
        ("资料应当留存五年", "五年", 5, "年"),
    ],
)
def test_a_figure_comes_to_its_number(text: str, value: str, number: float, unit: str) -> None:
    assert read(text) == [(value, pytest.approx(number), unit)]


@pytest.mark.parametrize(
    "text",
    [
        "2020年7月17日", "第八轮巡察", "党的十九大精神", "轨道交通2号线", "改造提升2.0版", "5G网络", "PM2.5浓度",
        "“两个维护”", "三次产业", "世界500强企业", "329国道改造", "国办发〔2018〕128号", "八届八次全体会议",
        "一个高质量的规划", "中央八项规定", "一批重大项目", "城乡二元结构", "第一个百年", "保持两位数增长",
        "“15分钟文化圈”", "协助119院前急救", "a five-year plan", "one country", "2007 to 2012",
    ],
)  # fmt: skip
def test_ordinals_dates_names_and_versions_are_no_figures(text: str) -> None:
    assert read(text) == []


def test_both_ends_of_a_range_are_figures_of_one_unit() -> None:
    assert [row[1:] for row in read("建成3~5个")] == [(3, "个"), (5, "个")]
    assert [row[1:] for row in read("增长5.5%—6%")] == [(5.5, "%"), (6, "%")]


@pytest.mark.parametrize(
    ("text", "lower", "upper"),
    [
        ("招募3至5万名志愿者", (30000, "名"), (50000, "名")),
        ("增长百分之四到五", (4, "%"), (5, "%")),
        ("三到五个街道", (3, "个"), (5, "个")),
        ("from 380 to 420 yuan", (380, "yuan"), (420, "yuan")),
    ],
)
def test_a_range_s_scale_and_unit_are_said_once(
    text: str, lower: tuple[float, str], upper: tuple[float, str]
) -> None:
    assert [row[1:] for row in read(text)] == [lower, upper]


def test_the_parts_of_a_ratio_are_figures() -> None:
    assert [row[1] for row in read("三次产业比为7.1:43.8:49.1")] == [7.1, 43.8, 49.1]


def test_a_number_word_in_a_name_is_none() -> None:
    assert figures("We uphold the Three Principles and built three bridges.")[0].value == "three"


def figures(body: str) -> tuple[digests.Figure, ...]:
    return digests.extract_figures(digests.parse(f"{body}\n".encode(), "a.txt"))


def test_a_figure_says_what_it_measures() -> None:
    first, second, third = figures(
        "全市固定资产投资增长4%，新引进重大产业项目27个，低收入农户收入增长13%以上。"
    )

    assert (first.measures, second.measures, third.measures) == (
        "全市固定资产投资增长",
        "引进重大产业项目",
        "低收入农户收入增长",
    )


def test_it_tells_about_from_exactly_and_aims_from_results() -> None:
    about, exact = figures("一、2026年工作安排\n力争增长4%左右。\n去年投资3亿元。")

    assert (about.approximate, exact.approximate) == (True, False)
    assert about.target


@needs_reports
def test_every_value_stands_in_its_quote() -> None:
    report = digests.parse(MISSION.read_bytes(), MISSION.name)
    found = digests.extract_figures(report)

    assert len(found) > 60
    assert all(f.value in f.quote == report.text[f.start : f.end] for f in found)
    assert all(digests.figure_from_json(digests.figure_to_json(f)) == f for f in found)


@needs_reports
def test_results_are_told_from_targets_by_their_section() -> None:
    report = digests.parse(MISSION.read_bytes(), MISSION.name)

    assert not any(f.target for f in digests.extract_figures(report) if 437 <= f.start < 3866)


@given(
    st.lists(
        st.sampled_from(
            [
                *"0123456789.,%万亿千百十一二两三零第首位强大个元年月前分之/~—至点 全省",
                "trillion",
                "$",
            ]
        ),
        max_size=20,
    ).map("".join)
)
def test_any_jumble_of_numbers_is_read_without_failing(text: str) -> None:
    words = fold(text).text
    found = list(find_figures(words))

    assert all(0 <= a.start < a.end <= len(words) for a in found)
    assert all(x.end <= y.start for x, y in itertools.pairwise(found))
