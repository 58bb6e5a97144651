"""The tasks of the mission's report are those of the product's table; traps yield none; any report is safe."""

import hashlib
from datetime import date
from pathlib import Path

import pytest

import digests
from digests import Report, Task, TaskKind

REPORTS = Path(__file__).resolve().parents[4] / "shared" / "reports"
MISSION = REPORTS / "000_c7abbe822af4d6eb.txt"
needs_reports = pytest.mark.skipif(not MISSION.exists(), reason="the real reports are not here")

MONDAYS = [
    "0720",
    "0727",
    "0803",
    "0810",
    "0817",
    "0824",
    "0831",
    "0907",
    "0914",
    "0921",
    "0928",
    "1005",
    "1012",
]

# start, end, kind, expression, first, last, reminders up to February 2021 (month and day)
TABLE = [
    (15280, 15424, "season", "台汛期", "2020-07-16", "2020-10-15", MONDAYS),
    (10432, 10528, "dated", "春节前", None, "2021-02-11", ["1113", "0112", "0204", "0210"]),
    (2128, 2279, "dated", "年底前", None, "2020-12-31", ["0930", "1201", "1224", "1230"]),
    (
        13451,
        13589,
        "recurring",
        "一个月一个月地",
        None,
        None,
        ["0803", "0901", "1009", "1102", "1201"],
    ),
    (13130, 13240, "period", "今年", "2020-01-01", "2020-12-31", ["1009"]),
    (12706, 12770, "period", "全年", "2020-01-01", "2020-12-31", ["1009"]),
    (5400, 5628, "period", "今年", "2020-01-01", "2020-12-31", []),
    (12706, 12770, "period", "明年", "2021-01-01", "2021-12-31", ["0104"]),
    (5400, 5628, "period", "“十四五”期间", "2021-01-01", "2025-12-31", ["0104"]),
    (14774, 14845, "period", "下半年", "2020-07-01", "2020-12-31", []),
    (9622, 9745, "vague", "建党100周年", None, None, []),
    (13788, 13825, "vague", "如期", None, None, []),
]
UNDATED = [
    (14877, 14974), (14974, 15077), (15077, 15118), (14591, 14760), (15194, 15280), (12906, 12994),
    (13655, 13731), (13731, 13788), (14083, 14125), (14125, 14207), (14227, 14345), (14345, 14421),
    (9843, 9917), (9917, 10026), (11145, 11258), (6441, 6521),
]  # fmt: skip
TRAPS = [
    (437, 2128), (2279, 3866), (4459, 4669), (11348, 11389), (13240, 13371), (14845, 14877),
    (12647, 12706), (9594, 9622), (15442, 15528),
]  # fmt: skip
LAST_DAY = date(2021, 2, 28)


@pytest.fixture(scope="module")
def mission() -> Report:
    return digests.parse(MISSION.read_bytes(), MISSION.name)


@pytest.fixture(scope="module")
def tasks(mission: Report) -> tuple[Task, ...]:
    return digests.extract_tasks(mission)


def iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


@needs_reports
def test_it_finds_the_timed_tasks_of_the_table_and_no_others(tasks: tuple[Task, ...]) -> None:
    found = {
        (t.start, t.end, t.kind.value, t.expression, iso(t.first), iso(t.last))
        for t in tasks
        if t.kind is not TaskKind.NONE
    }

    assert {row[:6] for row in TABLE} == found


@needs_reports
@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row[0]}-{row[3]}")
def test_it_reminds_on_the_days_of_the_table(
    tasks: tuple[Task, ...], row: tuple[object, ...]
) -> None:
    start, _, _, expression, _, _, days = row
    [task] = [t for t in tasks if (t.start, t.expression) == (start, expression)]

    assert days == [day.strftime("%m%d") for day in task.reminders if day <= LAST_DAY]


@needs_reports
def test_thirty_reminders_fall_on_twenty_five_days(tasks: tuple[Task, ...]) -> None:
    days = [day for task in tasks for day in task.reminders if day <= LAST_DAY]

    assert (len(days), len(set(days))) == (30, 25)


@needs_reports
@pytest.mark.parametrize(
    "day", ["2020-07-21", "2020-10-16", "2020-10-19", "2021-02-11", "2021-02-12", "2021-02-28"]
)
def test_some_days_bring_nothing(tasks: tuple[Task, ...], day: str) -> None:
    assert [t.expression for t in tasks if date.fromisoformat(day) in t.reminders] == []


@needs_reports
@pytest.mark.parametrize("span", UNDATED)
def test_directive_sentences_without_a_time_stand_in_the_list(
    tasks: tuple[Task, ...], span: tuple[int, int]
) -> None:
    [task] = [t for t in tasks if (t.start, t.end) == span]

    assert (task.kind, task.first, task.last, task.reminders) == (TaskKind.NONE, None, None, ())


@needs_reports
@pytest.mark.parametrize("span", TRAPS)
def test_past_facts_and_words_that_only_look_like_time_are_no_tasks(
    tasks: tuple[Task, ...], span: tuple[int, int]
) -> None:
    first, last = span

    assert [t.start for t in tasks if t.start < last and first < t.end] == []


@needs_reports
def test_it_names_topics_and_owners(tasks: tuple[Task, ...]) -> None:
    by_start = {t.start: t for t in tasks}

    assert tuple(by_start[start].topic for start in (15280, 10432, 13130, 13451)) == (
        "flood",
        "election",
        "culture",
        "shortfall",
    )
    assert by_start[14877].owners[:2] == ("各级党委", "区、县（市）委书记")
    assert "市级各部门" in by_start[13451].owners
    assert "纪委" in by_start[14974].owners


@needs_reports
def test_a_feast_is_explained_by_its_rule(tasks: tuple[Task, ...]) -> None:
    [task] = [t for t in tasks if t.expression == "春节前"]

    assert task.rule == "feast words=春节前 feast=春节 day=2021-02-12"


@needs_reports
def test_the_review_section_is_known_as_one(mission: Report) -> None:
    looks = {s.address: digests.looks_back(mission, s) for s in mission.sections}

    assert looks["1.1"]
    assert looks["1.1.7"]
    assert not looks["1.2"]
    assert not looks["2.9"]


@needs_reports
def test_the_season_is_told_only_while_it_lasts(mission: Report) -> None:
    days = [date(2020, 7, 17), date(2020, 10, 15), date(2020, 10, 16)]

    assert [digests.season_on(mission, day) for day in days] == ["台汛期", "台汛期", None]


@needs_reports
@pytest.mark.parametrize(
    "path", sorted(REPORTS.glob("*.md")) + sorted(REPORTS.glob("*.txt")), ids=lambda p: p.name[:24]
)
def test_every_quote_stands_in_its_report(path: Path) -> None:
    report = digests.parse(path.read_bytes(), path.name)
    for task in digests.extract_tasks(report):
        assert task.quote == report.text[task.start : task.end]
        assert task.expression is None or task.expression in task.quote
        assert list(task.reminders) == sorted(set(task.reminders))
        assert not (task.first and task.last) or task.first <= task.last
        assert digests.task_from_json(digests.task_to_json(task)) == task
        assert task.kind not in (TaskKind.VAGUE, TaskKind.RELATIVE, TaskKind.NONE) or (
            task.first,
            task.last,
        ) == (None, None)


def report_of(body: str, title: str = "云澜市工作方案", issued: str = "2026年3月2日") -> Report:
    text = f"{title}\n\n{body}\n\n云澜市人民政府办公室    {issued}印发\n"
    return digests.parse(text.encode(), "sample.txt")


def dates(body: str, **given: str) -> list[tuple[str, str | None, str | None, str | None]]:
    return [
        (t.kind.value, t.expression, iso(t.first), iso(t.last))
        for t in digests.extract_tasks(report_of(body, **given))
    ]


def test_two_deadlines_in_one_sentence_are_two_tasks() -> None:
    found = dates("一、主要任务\n6月底前完成排查，年底前完成整改。")

    assert found == [
        ("dated", "6月底前", None, "2026-06-30"),
        ("dated", "年底前", None, "2026-12-31"),
    ]


def test_a_vague_word_never_gets_a_day() -> None:
    assert dates("一、主要任务\n要尽快启动二期工程。") == [("vague", "尽快", None, None)]


def test_a_term_without_a_starting_day_is_relative_and_one_with_it_is_dated() -> None:
    found = dates("一、主要任务\n应当在5个工作日内答复。\n自本方案印发之日起10个工作日内报送清单。")

    assert [(row[0], row[3]) for row in found] == [("relative", None), ("dated", "2026-03-16")]


def test_a_review_yields_only_its_look_ahead() -> None:
    body = "一、2025年工作回顾\n抓好春耕。新建学校12所，年底前将全部启用。\n二、2026年工作安排\n新建医院2所。"

    report = report_of(body, title="云澜市政府工作报告", issued="2026年7月2日")
    found = digests.extract_tasks(report)

    assert [(t.kind.value, t.expression) for t in found] == [("dated", "年底前"), ("none", None)]


def test_a_statute_keeps_its_terms_without_days() -> None:
    body = "第一条　为了规范管理，制定本条例。\n第二条　主管部门应当自受理之日起15日内作出决定。\n第三条　单位应当于每年1月31日前报告。\n第四条　本条例自2026年5月1日起施行。"

    found = dates(body, title="云澜市绿化条例")

    assert [row[:2] for row in found if row[0] != "none"] == [
        ("relative", "15日内"),
        ("recurring", "每年1月31日前"),
    ]


def test_the_key_of_a_task_is_the_same_every_time() -> None:
    [task] = digests.extract_tasks(report_of("一、主要任务\n年底前建成。"))
    expected = hashlib.sha256(f"{task.start}:{task.end}:{task.expression}".encode()).hexdigest()[:8]

    assert expected == digests.task_key(task)


def test_an_office_may_change_the_days_before_a_deadline() -> None:
    report = report_of("一、主要任务\n6月底前完成排查。")

    [task] = digests.extract_tasks(report, digests.Reminders(before=(10,)))

    assert (
        date(2026, 6, 18),
    ) == task.reminders  # 20 June is a Saturday after the Dragon Boat Festival


@pytest.mark.parametrize(
    "piece",
    [" ", "1", "一", "的", "各级党委、", "《", "“", "要在2030年底前完成3亿元", "增长", "1\t", "年"],
)
def test_a_hostile_line_is_read_like_any_other(piece: str) -> None:
    report = report_of("一、主要任务\n" + piece * 20_000)

    for task in digests.extract_tasks(report):
        assert task.quote == report.text[task.start : task.end]
    for figure in digests.extract_figures(report):
        assert figure.value in figure.quote


def test_a_bracket_at_an_items_end_says_who_is_in_charge_of_its_tasks() -> None:
    text = (
        "关于农产品流通的实施意见\n（2021年3月5日）\n一、加强建设\n"
        "（一）完善设施。到2022年底，要建成一批冷库。支持合作社开展分级包装。（农业农村部、商务部等和各有关省级人民政府按职责分工负责）\n"
        "（二）拓展渠道。2021年年底前要制定扶持办法。（牵头单位：市商务局；责任单位：市供销社）\n"
        "（三）严格考核。要纳入年度考核。（见附件）\n"
    )
    found = digests.extract_tasks(digests.parse(text.encode(), "a.txt"))
    owners = [(task.quote[:4], task.owners) for task in found]
    ministries = ("农业农村部", "商务部", "各有关省级人民政府")
    assert owners == [
        ("到202", ministries),
        ("支持合作", ministries),
        ("2021", ("市商务局", "市供销社")),
        ("要纳入年", ()),
    ]
