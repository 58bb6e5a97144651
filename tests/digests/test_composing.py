from collections.abc import Iterator
from datetime import date, timedelta

import pytest

import digests
from digests import Edition, Task, TaskKind, agenda, compose, plan, preview, read_after
from digests.composing.planning import readings
from tests.reports import SMALL, edition, real, written

ISSUE = date(2020, 7, 17)
EMPTY = ["2020-07-21", "2020-10-16", "2020-10-19", "2021-02-11", "2021-02-12", "2021-02-28"]


def small() -> Edition:
    report = written(SMALL)
    return Edition(digests.report_key(report), report, digests.extract_tasks(report))


def walk(one: Edition, begin: date, days: int) -> Iterator[digests.Digest]:
    """What a daily reader gets who joined that day."""
    read: frozenset[str] = frozenset()
    for day in range(days):
        digest = compose([one], begin + timedelta(day), read=read)
        read = read_after(read, digest)
        yield digest


def test_a_preview_is_what_arrives() -> None:
    one = small()
    for digest in walk(one, date(2026, 7, 17), 30):
        assert preview([one], digest.on) == digest


def test_it_quotes_letter_for_letter() -> None:
    one = small()
    for digest in walk(one, date(2026, 7, 17), 40):
        excerpt = digest.excerpt
        assert excerpt
        assert one.report.text[excerpt.start : excerpt.end] == excerpt.quote


def test_it_reads_every_section_once_before_any_again() -> None:
    one = small()
    keys = plan([one], date(2026, 7, 20))
    read: frozenset[str] = frozenset()
    seen: list[str] = []
    for days in range(3 * len(keys)):
        digest = compose([one], date(2026, 7, 20) + timedelta(days), read=read)
        read = read_after(read, digest)
        seen.append(digest.reading)
    for turn in range(3):
        cycle = seen[turn * len(keys) : (turn + 1) * len(keys)]
        assert sorted(cycle) == sorted(keys)


def test_it_never_quotes_preface_closing_or_furniture() -> None:
    report = written(SMALL)
    words = "".join(report.text[w.start : w.end] for r in readings(report) for w in r.windows)
    assert "携手前进" not in words
    assert "现在报告工作" not in words
    assert "印发" not in words


def test_it_leaves_reviews_out_when_they_are_stale() -> None:
    one = small()
    fresh = plan([one], date(2026, 12, 31))
    stale = plan([one], date(2027, 1, 1))
    assert len(fresh) == len(stale) + 1
    assert set(stale) < set(fresh)


def test_it_marks_reviews() -> None:
    one = small()
    marked = {
        d.excerpt.address: d.excerpt.review for d in walk(one, date(2026, 7, 17), 8) if d.excerpt
    }
    assert sorted(marked.values()) == [False, False, False, True]


def test_it_keeps_to_the_topics_chosen() -> None:
    one = small()
    for days in range(6):
        digest = compose([one], date(2026, 7, 20) + timedelta(days), topics=frozenset({"flood"}))
        assert digest.excerpt
        assert "防汛" in digest.excerpt.quote or "值班" in digest.excerpt.quote
        assert all(task.topic in {"flood", None} for task in digest.tasks)
    nothing = compose([one], date(2026, 7, 20), topics=frozenset({"culture"}))
    assert nothing.excerpt is None


def test_it_leaves_muted_tasks_out() -> None:
    one = edition("000")
    monday = date(2020, 7, 20)
    key = digests.task_key(compose([one], monday).tasks[0])
    assert compose([one], monday, muted=frozenset({key})).lines == ()
    assert compose([one], monday, muted=frozenset({f"{one.key}:{key}"})).lines == ()
    assert compose([one], monday, muted=frozenset({f"other:{key}"})).lines


def test_without_an_excerpt_only_reminders_are_left() -> None:
    digest = compose([edition("000")], date(2020, 7, 21), excerpt=False)
    assert (digest.excerpt, digest.lines, digest.reading) == (None, (), "")


def test_it_composes_the_same_again() -> None:
    one = edition("000")
    assert compose([one], date(2020, 8, 3)) == compose([one], date(2020, 8, 3))


@pytest.mark.parametrize(
    ("day", "cites"),
    [
        ("2020-07-20", ["讲话 五项工作·5"]),
        ("2020-08-03", ["讲话 四大重点·三是", "讲话 五项工作·5"]),
        ("2021-01-12", ["报告 三、2"]),
        *((day, []) for day in EMPTY),
    ],
)
def test_the_missions_report_reminds_on_its_days(day: str, cites: list[str]) -> None:
    digest = compose([edition("000")], date.fromisoformat(day))
    assert [line.task.cite for line in digest.lines] == cites


def test_the_missions_report_gives_thirty_lines_on_twenty_five_days() -> None:
    days = [ISSUE + timedelta(n) for n in range((date(2021, 2, 28) - ISSUE).days + 1)]
    lines = [len(compose([edition("000")], day).lines) for day in days]
    assert (sum(lines), sum(1 for n in lines if n)) == (30, 25)


def test_the_missions_plan_has_twenty_six_sections_and_nineteen_in_the_new_year() -> None:
    assert len(plan([edition("000")], date(2020, 12, 31))) == 26
    assert len(plan([edition("000")], date(2021, 1, 1))) == 19


def test_the_first_flood_monday_is_accompanied_by_what_is_said_on_safety() -> None:
    digest = preview([edition("000")], date(2020, 7, 20))
    assert digest.excerpt
    assert (digest.excerpt.address, digest.excerpt.start, digest.excerpt.end) == (
        "1.2.5",
        8347,
        8428,
    )
    assert digest.excerpt.abridged
    assert digest.season == "台汛期"
    assert digest.season_days == (date(2020, 7, 16), date(2020, 10, 15))


def test_a_sentence_is_no_excerpt_around_the_days_it_reminds() -> None:
    one = edition("000")
    for digest in walk(one, ISSUE, 225):
        assert digest.excerpt
        near = [t for t in one.tasks if any(abs((digest.on - d).days) <= 7 for d in t.reminders)]
        for task in near:
            assert task.end <= digest.excerpt.start or digest.excerpt.end <= task.start


def test_excerpts_read_well_on_a_phone() -> None:
    one = edition("000")
    lengths = [d.excerpt.end - d.excerpt.start for d in walk(one, ISSUE, 26) if d.excerpt]
    assert len(lengths) == 26
    assert all(70 <= n <= 300 for n in lengths)
    assert sum(n >= 100 for n in lengths) >= 20


def test_every_real_report_has_an_excerpt_on_every_day() -> None:
    for number in (
        "026",
        "037",
        "043",
        "077",
        "129",
        "115",
        "204",
        "137",
        "188",
        "194",
        "195",
        "196",
        "198",
    ):
        report = real(number)
        one = Edition(digests.report_key(report), report, ())
        for day in (date(2019, 2, 28), date(2021, 6, 1), date(2031, 12, 31)):
            excerpt = compose([one], day).excerpt
            assert excerpt, number
            assert report.text[excerpt.start : excerpt.end] == excerpt.quote


def task(**changes: object) -> Task:
    values: dict[str, object] = {
        "address": "1",
        "cite": "一",
        "topic": "flood",
        "title": "防汛",
        "quote": "要防汛。",
        "start": 0,
        "end": 4,
        "expression": None,
        "kind": TaskKind.NONE,
        "first": None,
        "last": None,
    }
    return Task(**(values | changes))  # type: ignore[arg-type]


def test_the_agenda_sorts_by_time() -> None:
    on = date(2026, 8, 1)
    report = written(SMALL)
    tasks = (
        task(title="now", kind=TaskKind.SEASON, first=on, last=date(2026, 10, 15)),
        task(title="soon", kind=TaskKind.DATED, last=date(2026, 8, 31), topic="a"),
        task(title="far", kind=TaskKind.DATED, last=date(2026, 12, 31), topic="b"),
        task(title="later", kind=TaskKind.PERIOD, first=date(2027, 1, 1), last=date(2027, 12, 31)),
        task(title="over", kind=TaskKind.DATED, last=date(2026, 7, 31)),
        task(title="none", start=9),
        task(title="monthly", kind=TaskKind.RECURRING, reminders=(date(2026, 8, 3),), start=12),
    )
    found = agenda([Edition("k", report, tasks)], on)
    assert [d.task.title for d in found.soon] == ["soon"]
    assert [d.task.title for d in found.now] == ["now", "far", "monthly"]
    assert [d.task.title for d in found.later] == ["later"]
    assert [d.task.title for d in found.undated] == ["none"]


def test_who_joins_late_sees_what_runs() -> None:
    found = agenda([edition("000")], date(2020, 8, 5))
    starts = {t.start for due in found.now for t in (due.task, *due.also)}
    assert {15280, 10432, 2128, 13451, 13130, 12706} <= starts
    assert not found.soon
    assert len(found.now) == 6


def test_named_faults_and_petitions_are_found_but_never_pushed() -> None:
    one = edition("000")
    for digest in walk(one, ISSUE, 225):
        excerpt = digest.excerpt
        assert excerpt
        for word in ("约谈", "潜逃", "进京访", "恶势力"):
            assert word not in excerpt.quote
    index = digests.Index.build(None, [one])
    assert all(index.search(word).hits for word in ("约谈", "潜逃", "进京访", "恶势力"))


def test_what_only_announces_is_no_excerpt() -> None:
    text = SMALL + "\n六、抓好落实\n各地各部门要做好以下几项工作，一件一件抓到底，抓出成效来：\n"
    report = written(text)
    one = Edition(digests.report_key(report), report)
    day, read = date(2026, 7, 20), frozenset[str]()
    for _ in range(40):
        digest = digests.compose([one], day, read=read)
        assert digest.excerpt is not None
        assert not digest.excerpt.quote.endswith("：")
        read = digests.read_after(read, digest)


OLD = """云澜市文明办法
第一章 总则
第一条 为了弘扬文明新风，引导全市人民互敬互助、共建共享，根据有关法律，结合本市实际情况，制定本办法。
第二条 公民应当遵守下列规定：
（一）爱护公共设施和花草树木，不随地丢弃果皮纸屑，不在墙上乱写乱画；
（二）乘坐公共汽车时先下后上，主动给老人、病人、孕妇和带孩子的人让座；
（三）在图书馆、影剧院和医院里轻声说话，把手机调成静音，不影响别人；
（四）外出旅游尊重当地风俗，听从景区安排，不攀爬文物，不追逐动物。
第三条 镇人民政府应当每年检查本办法的执行情况，听取村民的意见，把结果告诉大家，并及时改进不足。
第二章 附则
第四条 本办法自1999年10月1日起施行，由市人民政府办公室负责解释，此前的规定与本办法不一致的按本办法执行。
"""


def test_a_list_begins_with_what_announces_it_and_coming_into_force_is_no_excerpt() -> None:
    report = written(OLD)
    one = Edition(digests.report_key(report), report)
    quotes = {d.excerpt.quote for d in walk(one, date(2026, 7, 20), 12) if d.excerpt}
    assert any("第二条 公民应当遵守下列规定：\n（一）" in quote for quote in quotes)
    assert not any(quote.startswith("（") for quote in quotes)
    assert not any("起施行" in quote for quote in quotes)


@pytest.mark.parametrize("day", [date(1999, 10, 2), date(2026, 7, 20), date(2026, 7, 21)])
def test_a_report_without_a_day_or_of_long_ago_shows_another_passage_each_day(day: date) -> None:
    report = written(OLD)
    one = Edition(digests.report_key(report), report)
    first, second = (preview([one], day + timedelta(n)).excerpt for n in range(2))
    assert first is not None
    assert second is not None
    assert first.quote != second.quote


def test_the_letter_that_sends_a_document_is_no_excerpt() -> None:
    letter = (
        "云澜市政府办公室关于印发防汛办法的通知\n一、发文\n现将办法印发给你们，请认真贯彻执行。\n"
    )
    report = written(letter + SMALL * 2)
    one = Edition(digests.report_key(report), report)
    for digest in walk(one, date(2026, 7, 20), 30):
        assert digest.excerpt is not None
        assert "印发给你们" not in digest.excerpt.quote


def test_the_rows_of_a_table_are_read_only_where_there_is_nothing_else() -> None:
    row = "渤海大学\t思想政治教育\t本科\t中学教育\t有条件通过"
    prose = "各学校要对照名单逐项整改，年底前把整改情况报送市教育局，由市教育局汇总后公布。"
    mixed = written(f"关于专业认证的通知\n一、要求\n{prose}\n二、结果\n" + f"{row}\n" * 30)
    only = written("专业认证结果\n一、结果\n" + f"{row}\n" * 30)
    for report, tabbed in ((mixed, False), (only, True)):
        one = Edition(digests.report_key(report), report)
        for digest in walk(one, date(2026, 7, 20), 5):
            assert digest.excerpt is not None
            assert ("\t" in digest.excerpt.quote) is tabbed
