"""Time expressions come to the days that a careful clerk would write down, or to none."""

import itertools
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests.chinese import fold
from digests.dating.forms import FORMS, find
from digests.dating.moments import Anchor, add_months
from digests.dating.seasons import seasons

ISSUED = date(2020, 7, 17)
HERE = Anchor(ISSUED, region="浙江")


def read(text: str, anchor: Anchor = HERE) -> list[tuple[str, str, str | None, str | None]]:
    folded = fold(text).text
    return [
        (
            folded[m.start : m.end],
            m.kind.value,
            m.first and m.first.isoformat(),
            m.last and m.last.isoformat(),
        )
        for m in find(folded, anchor)
    ]


WINDOWS = [
    # deadlines
    ("6月底前", "dated", None, "2021-06-30"),
    ("9月30日前", "dated", None, "2020-09-30"),
    ("10月底前", "dated", None, "2020-10-31"),
    ("今年年底前", "dated", None, "2020-12-31"),
    ("年底", "dated", None, "2020-12-31"),
    ("年内", "dated", None, "2020-12-31"),
    ("明年底", "dated", None, "2021-12-31"),
    ("2025年底前", "dated", None, "2025-12-31"),
    ("到2025年", "dated", None, "2025-12-31"),
    ("到2025年6月底", "dated", None, "2025-06-30"),
    ("至2025年6月", "dated", None, "2025-06-30"),
    ("到二〇三五年", "dated", None, "2035-12-31"),
    ("2030年前", "dated", None, "2029-12-31"),
    ("8月前", "dated", None, "2020-07-31"),
    ("2021年3月底前", "dated", None, "2021-03-31"),
    ("三季度末", "dated", None, "2020-09-30"),
    ("春节前", "dated", None, "2021-02-11"),
    ("国庆前", "dated", None, "2020-09-30"),
    ("国庆节前", "dated", None, "2020-09-30"),
    ("“五一”前", "dated", None, "2021-04-30"),
    ("2021年春节前", "dated", None, "2021-02-11"),
    ("汛期前", "dated", None, "2021-04-14"),
    ("８月１日前", "dated", None, "2020-08-01"),
    ("即日起至9月底", "dated", "2020-07-17", "2020-09-30"),
    ("9月1日至10月15日", "dated", "2020-09-01", "2020-10-15"),
    ("12月4日", "dated", "2020-12-04", "2020-12-04"),
    ("9月15日17时前", "dated", None, "2020-09-15"),
    ("9月30日（星期三）前", "dated", None, "2020-09-30"),
    ("月底前", "dated", None, "2020-07-31"),
    ("从2021年1月1日起", "dated", "2021-01-01", None),
    ("自本通知印发之日起5个工作日内", "dated", "2020-07-17", "2020-07-24"),
    ("印发后30日内", "dated", "2020-07-17", "2020-08-16"),
    ("下个月底前", "dated", None, "2020-08-31"),
    ("下月10日前", "dated", None, "2020-08-10"),
    ("本月25日前", "dated", None, "2020-07-25"),
    ("明年年中前", "dated", None, "2021-06-30"),
    ("2021年10月起", "dated", "2021-10-01", None),
    # periods
    ("今年", "period", "2020-01-01", "2020-12-31"),
    ("全年", "period", "2020-01-01", "2020-12-31"),
    ("明年", "period", "2021-01-01", "2021-12-31"),
    ("下半年", "period", "2020-07-01", "2020-12-31"),
    ("明年上半年", "period", "2021-01-01", "2021-06-30"),
    ("第三季度", "period", "2020-07-01", "2020-09-30"),
    ("7—9月", "period", "2020-07-01", "2020-09-30"),
    ("2024—2027年", "period", "2024-01-01", "2027-12-31"),
    ("今明两年", "period", "2020-01-01", "2021-12-31"),
    ("明后年", "period", "2021-01-01", "2022-12-31"),
    ("明后两年", "period", "2021-01-01", "2022-12-31"),
    ("今年8、9月", "period", "2020-08-01", "2020-09-30"),
    ("“十四五”后三年", "period", "2023-01-01", "2025-12-31"),
    ("“十四五”期间", "period", "2021-01-01", "2025-12-31"),
    ("“十四五”时期", "period", "2021-01-01", "2025-12-31"),
    ("到“十四五”期末", "period", None, "2025-12-31"),
    ("“十五五”前三年", "period", "2026-01-01", "2028-12-31"),
    ("今冬明春", "period", None, None),
    ("本届政府任期内", "period", None, None),
    # seasons
    ("台汛期", "season", "2020-07-16", "2020-10-15"),
    # again and again
    ("一个月一个月地", "recurring", None, None),
    ("每季度", "recurring", None, None),
    ("每年3月底前", "recurring", None, None),
    ("每月5日前", "recurring", None, None),
    ("每周五", "recurring", None, None),
    ("每季度末月25日前", "recurring", None, None),
    ("每季度第一个月10日前", "recurring", None, None),
    ("一月一调度", "recurring", None, None),
    ("每学期", "recurring", None, None),
    ("每2至3年", "recurring", None, None),
    ("每三到五年", "recurring", None, None),
    # no day
    ("5个工作日内", "relative", None, None),
    ("三年内", "relative", None, None),
    ("提前3个工作日", "relative", None, None),
    ("尽快", "vague", None, None),
    ("适时", "vague", None, None),
    ("近期", "vague", None, None),
    ("明年初", "vague", None, None),
]


@pytest.mark.parametrize(("text", "kind", "first", "last"), WINDOWS)
def test_an_expression_comes_to_its_window(
    text: str, kind: str, first: str | None, last: str | None
) -> None:
    [(_, *found)] = read(f"要{text}完成任务")

    assert [kind, first, last] == found


@pytest.mark.parametrize(
    "text",
    [
        "地铁2号线",
        "三年行动计划",
        "第八轮巡察",
        "一时失误",
        "清明政治",
        "五年规划",
        "“三农”工作",
        "十四五规划",
        "近期工作",
        "12345热线",
        "2.0版",
        "十年禁渔",
        "全年龄段",
        "本世纪以来年均",
    ],
)
def test_words_that_only_look_like_time_come_to_nothing(text: str) -> None:
    assert read(text) == []


def test_a_year_named_first_holds_for_the_rest_of_the_sentence() -> None:
    found = read("2025年6月底前完成甲，10月底前完成乙")

    assert [row[3] for row in found] == ["2025-06-30", "2025-10-31"]


def test_a_year_of_a_task_s_name_does_not_hold_for_the_rest() -> None:
    found = read("今年10月底前完成2019年度任务，年底前完成2020年度任务")

    assert [row[3] for row in found if row[1] == "dated"] == ["2020-10-31", "2020-12-31"]


def test_a_date_that_comes_every_year_holds_for_the_dates_after_it() -> None:
    found = read("每年2月底前完成考核，3月底前完成分析")

    assert [row[1:] for row in found] == [("recurring", None, None)] * 2


def test_workdays_skip_the_golden_week_and_count_the_make_up_day() -> None:
    [(_, _, _, last)] = read("即日起5个工作日内", Anchor(date(2020, 9, 29)))

    assert last == "2020-10-13"


def test_years_of_the_republic_are_read_where_they_are_used() -> None:
    taiwan = Anchor(date(2025, 3, 1), minguo=True)

    assert read("114年12月底前", taiwan) == [("114年12月底前", "dated", None, "2025-12-31")]
    assert read("历经114年风雨") == []


def test_seasons_differ_by_region_and_stay_undated_where_none_is_known() -> None:
    assert read("汛期", Anchor(ISSUED, region="河南"))[0][3] == "2020-09-30"
    assert read("汛期", Anchor(ISSUED))[0][1:] == ("season", None, None)


def test_a_season_fires_only_where_it_is_known() -> None:
    assert read("台汛期", Anchor(ISSUED, region="福建")) == []
    assert read("森林防火期")[0][2:] == ("2020-11-01", "2021-04-30")
    assert read("森林防火期", Anchor(ISSUED, region="山东"))[0][1:] == ("season", None, None)
    assert read("七下八上", Anchor(ISSUED))[0][2:] == ("2020-07-16", "2020-08-15")


def test_every_season_gives_its_source() -> None:
    assert all(len(one.reason) > 30 for one in seasons())


def test_a_statute_s_day_without_a_year_comes_again_every_year() -> None:
    assert read("6月30日前", Anchor(ISSUED, statute=True, perennial=True)) == [
        ("6月30日前", "recurring", None, None)
    ]


@pytest.mark.parametrize(
    ("text", "kind", "last"),
    [
        ("Within 60 days of the issuance of this report", "dated", "2020-09-15"),
        ("within 30 days of a request", "relative", None),
        ("by June 30, 2021", "dated", "2021-06-30"),
        ("by the end of 2022", "dated", "2022-12-31"),
        ("no later than March 2021", "dated", "2021-03-31"),
        ("during the 14th Five-Year Plan period", "period", "2025-12-31"),
        ("as soon as practicable", "vague", None),
        ("every month", "recurring", None),
        ("no later than 1 July 2024", "dated", "2024-07-01"),
        ("before 1 July 2024", "dated", "2024-06-30"),
        ("before 2030", "dated", "2029-12-31"),
        ("by 2030", "dated", "2030-12-31"),
        ("by the end of next year", "dated", "2021-12-31"),
        ("by year-end", "dated", "2020-12-31"),
        ("by mid-2021", "dated", "2021-06-30"),
        ("by September", "dated", "2020-09-30"),
        ("by March", "dated", "2021-03-31"),
        ("by the third quarter of 2021", "dated", "2021-09-30"),
        ("by the close of business on August 3, 2020", "dated", "2020-08-03"),
        ("on 1 March 2021", "dated", "2021-03-01"),
        ("starting January 1, 2021", "dated", None),
        ("in the first half of 2021", "period", "2021-06-30"),
        ("this year and next", "period", "2021-12-31"),
        ("from 2021 to 2025", "period", "2025-12-31"),
        ("over the next five years", "period", None),
        ("within 30 days after the decision", "relative", None),
        ("30 days after publication", "relative", None),
        ("annually", "recurring", None),
        ("at least once per year", "recurring", None),
        ("on a quarterly basis", "recurring", None),
        ("every two years", "recurring", None),
        ("by early 2021", "vague", None),
        ("to the end of March next year", "dated", "2021-03-31"),
        ("due April 30, 2021", "dated", "2021-04-30"),
        ("annually by April 30", "recurring", None),
        ("by March 31 of each year", "recurring", None),
        ("not later than 30 June in each year", "recurring", None),
        ("at least once each calendar month", "recurring", None),
        ("at minimum every two years", "recurring", None),
        ("two weeks ahead of the session", "relative", None),
    ],
)
def test_english_expressions_are_read_too(text: str, kind: str, last: str | None) -> None:
    [found] = read(f"agencies shall report {text}.")

    assert (kind, last) == (found[1], found[3])


def test_a_fiscal_year_ends_where_the_document_s_country_ends_it() -> None:
    federal = Anchor(ISSUED, year_ends=9)

    assert read("by the end of FY 2021", federal)[0][3] == "2021-09-30"
    assert read("by the end of FY 2021")[0][3] == "2021-12-31"


@pytest.mark.parametrize(
    "text",
    ["the Act comes into operation on 1 January 2021", "a 5 percent annual rise", "Act of 2005"],
)
def test_english_words_that_name_no_deadline_come_to_nothing(text: str) -> None:
    assert read(text) == []


PIECES = st.sampled_from(
    [
        *"0123456789年月日前底内末至到—“”十四五一二三两半春节国庆汛期季度上下今明全每个工作天周星期尽快適時 ，。",
        "工作日",
        "期间",
        "之前",
        "2025年",
        "每年",
        "within ",
        " days",
    ]
)


@given(st.lists(PIECES, max_size=24).map("".join))
def test_any_jumble_is_read_without_failing_and_in_order(text: str) -> None:
    folded = fold(text).text
    found = list(find(folded, HERE))

    assert all(a.end <= b.start or a.start <= b.start for a, b in itertools.pairwise(found))
    assert all(0 <= m.start < m.end <= len(folded) for m in found)
    assert all(m.first <= m.last for m in found if m.first and m.last)


@given(st.dates(date(1950, 1, 1), date(2060, 1, 1)), st.integers(-600, 600))
def test_months_are_added_within_the_calendar(day: date, count: int) -> None:
    moved = add_months(day, count)

    assert (moved.year * 12 + moved.month) - (day.year * 12 + day.month) == count
    assert moved.day <= day.day


def test_every_form_has_a_name_of_its_own() -> None:
    names = [name for name, _, _ in FORMS]

    assert len(names) == len(set(names))
