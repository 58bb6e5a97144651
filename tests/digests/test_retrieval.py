"""What look-ups find among many reports, and how the index lives through bad days."""

import dataclasses
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest

from digests import Index, NoRoomError, Report
from digests.searching.storing import VERSION
from digests.searching.vocabulary import NAME
from tests.reports import SMALL, written

OTHER = SMALL.replace("云澜", "海平").replace("防汛", "抗旱")


def cites(index: Index, query: str) -> list[str | None]:
    return [hit.cite for hit in index.search(query).hits]


def quotes(index: Index, query: str) -> list[str]:
    return [hit.quote for hit in index.search(query).hits]


def notice(text: str, name: str = "通知.txt") -> Report:
    return written(f"关于有关工作的通知\n\n{text}\n", name)


# ---- among many ------------------------------------------------------------------------------


def test_of_many_equals_the_newest_comes_first() -> None:
    years = range(1980, 2026)
    reports = [
        dataclasses.replace(
            notice(f"{year}年要清理拖欠企业账款。", f"{year}.txt"), issued_on=date(year, 1, 1)
        )
        for year in years
    ]
    hits = Index.build(None, reports).search("拖欠企业账款", 5).hits
    assert [h.issued_on and h.issued_on.year for h in hits] == [2025, 2024, 2023, 2022, 2021]


def test_a_number_is_found_among_longer_ones() -> None:
    many = [notice(f"增速{n}5%以上。", f"{n}.txt") for n in range(1, 60)]
    index = Index.build(None, [*many, notice("增速5%以上。", "x.txt")])
    assert quotes(index, "增速 5%")[0] == "增速5%以上。"


def test_a_word_is_told_from_its_pairs_standing_apart() -> None:
    apart = [notice(f"人民办好民生事，第{n}次。", f"{n}.txt") for n in range(60)]
    index = Index.build(None, [*apart, notice("人民生活更好。", "x.txt")])
    assert quotes(index, "人民生活") == ["人民生活更好。"]
    assert not index.search("“人民生事”").hits


def test_one_word_may_stand_in_a_heading_above() -> None:
    text = "一、防汛工作\n\n（一）值班\n\n要安排专人。\n\n（二）物资\n\n要备足沙袋。\n"
    index = Index.build(None, [notice(text)])
    assert quotes(index, "防汛 沙袋") == ["要备足沙袋。"]


def test_an_excluded_latin_word_excludes() -> None:
    index = Index.build(
        None, [notice("The open plan. Source of law.", "a.txt"), notice("An open source.", "b.txt")]
    )
    assert quotes(index, "open -source") == ["The open plan."]


@pytest.mark.parametrize("query", ["第4项", "2027年"])
def test_a_number_is_never_mended_into_another(query: str) -> None:
    index = Index.build(None, [notice("讲话第3项说，2026年要完成。")])
    assert not index.search(query).hits


# ---- what guesses know -----------------------------------------------------------------------


def test_guesses_know_a_report_as_soon_as_it_is_there(tmp_path: Path) -> None:
    index = Index.build(tmp_path, [written(SMALL)])
    assert not index.search("kanghan").hits
    both = [written(SMALL), written(OTHER, "b.txt")]
    index.refresh(both)
    for known in (index, Index.open(tmp_path, both), Index.open(tmp_path)):
        assert known.search("kanghan").read_as == "抗旱"
        assert known.search("抗汗防台").read_as.startswith("抗旱")


@pytest.mark.parametrize("state", [b"", b"broken", b'{"state":', None])
def test_guesses_do_without_their_file(tmp_path: Path, state: bytes | None) -> None:
    Index.build(tmp_path, [written(SMALL)])
    path = tmp_path / f"{VERSION}-1" / NAME
    path.unlink()
    if state is not None:
        path.write_bytes(state)
    assert Index.open(tmp_path, [written(SMALL)]).search("fangxun").read_as == "防汛"


def test_what_another_version_left_stays_when_there_is_nothing_to_build_from(
    tmp_path: Path,
) -> None:
    Index.build(tmp_path, [written(SMALL)])
    older = (tmp_path / f"{VERSION}-1").rename(tmp_path / f"{VERSION - 1}-7")
    assert not Index.open(tmp_path).search("防汛").hits
    assert list(tmp_path.iterdir()) == [older]
    assert Index.open(tmp_path, [written(SMALL)]).search("防汛").hits


# ---- bad days --------------------------------------------------------------------------------


@contextmanager
def full_disk(room: int) -> Iterator[None]:
    """No file may grow beyond some bytes, as if the disk were full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("room", [0, 100, 1000, 3000])
def test_on_a_full_disk_the_index_goes_on_as_it_was(tmp_path: Path, room: int) -> None:
    index = Index.build(tmp_path, [written(SMALL)])
    both = [written(SMALL), written(OTHER, "b.txt")]
    for _ in range(2):
        with full_disk(room), pytest.raises(NoRoomError):
            index.refresh(both)
        assert cites(index, "值班") == ["二（一）"]
    assert [p.name for p in tmp_path.iterdir()] == [f"{VERSION}-1"]
    assert index.refresh(both)
    assert index.search("抗旱").hits


def test_a_build_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    with full_disk(1000), pytest.raises(ValueError, match="os error"):
        Index.build(tmp_path, [written(SMALL)])
    assert not list(tmp_path.iterdir())
    assert Index.build(tmp_path, [written(SMALL)]).search("值班").hits
