import dataclasses
import multiprocessing
import os
import random
import signal
import time
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import digests
from digests import Edition, Index, QueryError, Report
from digests.searching.storing import VERSION
from tests.reports import SMALL, edition, written

OTHER = SMALL.replace("云澜", "海平").replace("2026", "2025").replace("防汛", "抗旱")


@pytest.fixture(scope="module")
def index() -> Index:
    return Index.build(None, [written(SMALL)])


def first(index: Index, query: str) -> str:
    hits = index.search(query).hits
    return hits[0].quote if hits else ""


def test_a_word_brings_its_sentence_letter_for_letter(index: Index) -> None:
    (hit,) = index.search("值班").hits
    report = written(SMALL)
    assert hit.quote == report.text[hit.start : hit.end]
    assert (hit.cite, hit.heading) == ("二（一）", "抓好防汛防台")
    assert [report.text[s.start : s.end] for s in hit.found] == ["值班"]
    assert (hit.title, hit.issued_on) == (report.title, date(2026, 7, 17))


@pytest.mark.parametrize(
    "query",
    [
        "幼儿园",
        "幼兒園",
        "“幼儿园”",
        "youeryuan",
        "you er yuan",
        "yòu ér yuán",
        "二十所幼儿园",
        "20所幼儿园",
        "幼儿园什么时候建成",
        "建多少幼儿园",
        "幼二园",
        "幼儿圆",
        "托儿所",
        "幼儿园 入园",
        "幼儿园 -物业",
        "年底前 幼儿园",
    ],
)
def test_every_way_to_ask_finds_the_sentence(index: Index, query: str) -> None:
    assert "二十所幼儿园" in first(index, query)


def test_an_excluded_word_excludes(index: Index) -> None:
    assert not index.search("幼儿园 -家门口").hits


@pytest.mark.parametrize(
    "query", ["量子火锅", "qqqqzzzz", "！！？？", "😀", "-", "“”", "哈哈哈哈哈", "\x00", "\u202e"]
)
def test_nonsense_finds_nothing(index: Index, query: str) -> None:
    assert index.search(query).hits == ()


def test_what_was_read_otherwise_says_so(index: Index) -> None:
    assert index.search("值班").strict
    slip = index.search("老旧小曲改造")
    assert (slip.strict, slip.read_as) == (False, "老旧小区改造")


def test_an_address_brings_its_section_first(index: Index) -> None:
    for query in ("二（三）", "第二部分第三点", "2.3"):
        hit = index.search(query).hits[0]
        assert hit.cite == "二（三）"
        assert hit.quote.startswith("（三）优化营商环境")


def test_an_address_that_names_nothing_is_not_read_otherwise(index: Index) -> None:
    for query in ("第九部分第四十点", "第三章第四十二条"):
        answer = index.search(query)
        assert (answer.hits, answer.suggestions, answer.near) == ((), (), ())


def test_an_empty_query_is_refused(index: Index) -> None:
    for query in ("", "  ", "\n\u3000"):
        with pytest.raises(QueryError):
            index.search(query)


def test_the_newest_report_comes_first_among_equals() -> None:
    reports = [written(OTHER, "b.txt"), written(SMALL, "a.txt")]
    for order in (reports, reports[::-1]):
        hits = Index.build(None, order).search("清理拖欠企业账款").hits
        assert [h.issued_on and h.issued_on.year for h in hits] == [2026, 2025]


def test_only_the_reports_asked_answer() -> None:
    reports = [written(OTHER, "b.txt"), written(SMALL, "a.txt")]
    index = Index.build(None, reports)
    key = digests.report_key(reports[0])
    answer = index.search("幼儿园", within=[key])
    assert {h.report for h in answer.hits} == {key}
    assert answer.searched == 1
    assert not index.search("防汛", within=[key]).near


def test_a_few_reports_answer_even_among_many_that_say_more() -> None:
    loud = [written(SMALL + f"\n值班{n}。" * 20, f"{n}.txt") for n in range(30)]
    quiet = written(OTHER, "b.txt")
    index = Index.build(None, [*loud, quiet])
    assert index.search("值班", within=[digests.report_key(quiet)]).hits


def test_the_operators_synonyms_count() -> None:
    index = Index.build(None, [written(SMALL)])
    assert not index.search("娃娃屋").hits
    index.learn([("娃娃屋", "幼儿园")])
    assert "幼儿园" in first(index, "娃娃屋")


def test_a_long_paste_is_found() -> None:
    report = written(SMALL)
    assert first(Index.build(None, [report]), report.text[130:200])


QUERIES = st.one_of(
    st.text(max_size=60),
    st.text(st.sampled_from('防汛值班幼儿园什么时候多少怎么-“”" 的%5二.、第章（）a '), max_size=40),
    st.text(max_size=4200),
)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(QUERIES)
@example("防" * 4096)
@example("a" * 4096)
@example("“" * 4096)
@example("- " * 2048)
@example("第" * 50)
@example("fangxun" * 500)
@example("\ud800")
def test_no_query_ever_raises(index: Index, query: str) -> None:
    if not query.strip():
        return
    text = written(SMALL).text
    for hit in index.search(query, 5).hits:
        assert text[hit.start : hit.end] == hit.quote


def test_every_quote_of_the_missions_report_is_verbatim() -> None:
    one = edition("000")
    index = Index.build(None, [one])
    for word in ("防汛", "重要窗口", "换届", "的", "5", "一", "发展", "安全 生产"):
        for hit in index.search(word, 50).hits:
            assert one.report.text[hit.start : hit.end] == hit.quote
            for span in hit.found:
                assert hit.start <= span.start < span.end <= hit.end


def test_the_flood_passage_comes_first() -> None:
    hit = Index.build(None, [edition("000")]).search("防汛").hits[0]
    assert (hit.address, hit.start, hit.end) == ("2.9", 15280, 15424)


# ---- on disk ---------------------------------------------------------------------------------


def shelves(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.iterdir())


def test_an_unchanged_index_is_opened_not_rebuilt(tmp_path: Path) -> None:
    Index.build(tmp_path, [written(SMALL)])
    before = {p: p.stat().st_mtime_ns for p in (tmp_path / f"{VERSION}-1").iterdir()}
    again = Index.open(tmp_path, [written(SMALL)])
    assert first(again, "值班")
    assert {p: p.stat().st_mtime_ns for p in (tmp_path / f"{VERSION}-1").iterdir()} == before


def test_it_answers_without_the_reports_at_hand(tmp_path: Path) -> None:
    Index.build(tmp_path, [written(SMALL)])
    (hit,) = Index.open(tmp_path).search("值班").hits
    assert hit.title == written(SMALL).title


def test_reports_are_added_corrected_and_retired(tmp_path: Path) -> None:
    index = Index.build(tmp_path, [written(SMALL)])
    other = written(OTHER, "b.txt")
    assert index.refresh([written(SMALL), other])
    assert first(index, "抗旱")
    corrected = dataclasses.replace(other, title="更正后的报告")
    assert index.refresh([written(SMALL), corrected])
    assert index.search("抗旱").hits[0].title == "更正后的报告"
    assert index.refresh([written(SMALL)])
    assert not index.search("抗旱").hits
    assert not Index.open(tmp_path, [written(SMALL)]).search("抗旱").hits


def test_a_broken_index_is_rebuilt_beside_and_swapped(tmp_path: Path) -> None:
    Index.build(tmp_path, [written(SMALL)])
    for path in (tmp_path / f"{VERSION}-1").iterdir():
        path.unlink()  # another file: whoever still reads the old one keeps it
        path.write_bytes(b"broken")
    assert first(Index.open(tmp_path, [written(SMALL)]), "值班")
    assert shelves(tmp_path) == [f"{VERSION}-2"]


def test_an_older_version_on_disk_is_left_behind(tmp_path: Path) -> None:
    (tmp_path / "0-7").mkdir()
    (tmp_path / "0-7" / "meta.json").write_text("{}")
    assert first(Index.open(tmp_path, [written(SMALL)]), "值班")
    assert shelves(tmp_path) == [f"{VERSION}-1"]


def test_a_newer_version_on_disk_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / f"{VERSION + 1}-1").mkdir()
    Index.open(tmp_path, [written(SMALL)])
    assert set(shelves(tmp_path)) == {f"{VERSION}-1", f"{VERSION + 1}-1"}


def test_while_another_process_writes_it_goes_on_with_what_it_has(tmp_path: Path) -> None:
    index = Index.build(tmp_path, [written(SMALL)])
    other = Index.open(tmp_path, [written(SMALL)])
    writer = other._store._index.writer(15_000_000, 1)
    fresh = [written(SMALL), written(OTHER, "b.txt")]
    assert index.refresh(fresh) is False
    assert first(index, "值班")
    writer.rollback()
    del writer
    assert index.refresh(fresh) is True
    assert first(index, "抗旱")


def test_a_withdrawn_report_vanishes_even_while_the_index_is_locked(tmp_path: Path) -> None:
    both = [written(SMALL), written(OTHER, "b.txt")]
    index = Index.build(tmp_path, both)
    other = Index.open(tmp_path, both)
    writer = other._store._index.writer(15_000_000, 1)
    assert index.refresh([written(SMALL)]) is False
    assert not index.search("抗旱").hits
    del writer


def _churn(folder: str, seed: int) -> None:
    reports = [written(SMALL), written(OTHER, "b.txt")]
    chance = random.Random(seed)
    index = Index.open(Path(folder), reports)
    while True:
        index.refresh([r for r in reports if chance.random() < 0.7])


def _sound(folder: Path, reports: list[Report]) -> None:
    index = Index.open(folder, reports)
    if not index.refresh(reports):
        time.sleep(0.5)
        assert index.refresh(reports)
    assert first(index, "值班")
    assert first(index, "抗旱")
    assert len(index.search("幼儿园").hits) == 2


@pytest.mark.parametrize("seed", range(3))
def test_killed_while_writing_it_is_whole_again(tmp_path: Path, seed: int) -> None:
    context = multiprocessing.get_context("fork")
    workers = [context.Process(target=_churn, args=(str(tmp_path), seed * 10 + n)) for n in (1, 2)]
    for worker in workers:
        worker.start()
    time.sleep(0.4 + 0.1 * seed)
    for worker in workers:
        assert worker.pid
        os.kill(worker.pid, signal.SIGKILL)
        worker.join()
    _sound(tmp_path, [written(SMALL), written(OTHER, "b.txt")])


def test_two_processes_on_one_folder_agree(tmp_path: Path) -> None:
    reports = [written(SMALL), written(OTHER, "b.txt")]
    one = Index.open(tmp_path, reports[:1])
    two = Index.open(tmp_path, reports)
    assert one.refresh(reports)
    assert first(one, "抗旱")
    assert first(two, "抗旱")
    assert len(shelves(tmp_path)) == 1


def test_it_moves_over_to_the_shelf_that_another_process_has_built(tmp_path: Path) -> None:
    one = Index.build(tmp_path, [written(SMALL)])
    Index.build(tmp_path, [written(SMALL)])  # the first shelf is removed under the first index
    assert shelves(tmp_path) == [f"{VERSION}-2"]
    assert first(one, "值班")
    assert one.refresh([written(SMALL), written(OTHER, "b.txt")])
    assert first(one, "抗旱")
    assert shelves(tmp_path) == [f"{VERSION}-2"]


def test_an_edition_keeps_its_own_key() -> None:
    index = Index.build(None, [Edition("mykey", written(SMALL))])
    assert index.search("值班").hits[0].report == "mykey"


def test_a_word_is_found_across_the_line_end_of_hard_wrapped_text() -> None:
    one = edition("208")
    hit = Index.build(None, [one]).search("軌道運輸路網").hits[0]
    assert "\n" in hit.quote
    assert one.report.text[hit.start : hit.end] == hit.quote


LAW = """云澜市公务消费管理办法

第一条　公务支出应当以公务卡结算，不再使用现金。
因情况特殊不能刷卡的，应当说明理由。

第二条　各单位每季度公布一次支出情况。
"""


def test_an_articles_first_paragraph_of_one_sentence_is_found() -> None:
    index = Index.build(None, [written(LAW)])
    assert "公务卡结算" in first(index, "公务卡")
    assert "说明理由" in first(index, "情况特殊")
