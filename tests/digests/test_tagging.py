"""Sentences belong to the topics a careful clerk would file them under."""

from pathlib import Path

import pytest

import digests
from digests import TopicError, tagging

MISSION = Path(__file__).resolve().parents[3] / "shared" / "reports" / "000_c7abbe822af4d6eb.txt"
needs_reports = pytest.mark.skipif(not MISSION.exists(), reason="the real reports are not here")

SENTENCES = [
    (15280, 15424, "flood"), (15194, 15280, "safety"), (10432, 10528, "election"),
    (14877, 14974, "election"), (14974, 15077, "election"), (15077, 15118, "election"),
    (14774, 14845, "election"), (2128, 2279, "industry"), (13451, 13589, "shortfall"),
    (13130, 13240, "culture"), (12706, 12770, "planning"), (5400, 5628, "planning"),
    (14591, 14760, "planning"), (9622, 9745, "party"), (12906, 12994, "epidemic"),
    (13655, 13731, "livelihood"), (13731, 13788, "livelihood"), (13788, 13825, "livelihood"),
    (14083, 14125, "growth"), (14125, 14207, "growth"), (14227, 14345, "reform"),
    (14345, 14421, "reform"), (14421, 14542, "talent"), (9843, 9917, "party"),
    (11145, 11258, "party"), (6441, 6521, "city"),
]  # fmt: skip
SECTIONS = {
    "1.1.1": "epidemic", "1.1.3": "growth", "1.1.4": "industry", "1.1.5": "livelihood", "1.1.6": "governance",
    "1.1.7": "party", "1.2.1": "industry", "1.2.2": "city", "1.2.3": "culture", "1.2.4": "ecology",
    "1.2.5": "governance", "1.2.6": "party", "1.3.1": "party", "1.3.2": "party", "1.3.3": "party",
    "1.3.4": "party", "2.1": "epidemic", "2.3": "shortfall", "2.4": "livelihood", "2.5": "growth",
    "2.7": "planning", "2.8": "election",
}  # fmt: skip


@needs_reports
@pytest.mark.parametrize(("start", "end", "topic"), SENTENCES)
def test_a_sentence_is_filed_under_its_topic(start: int, end: int, topic: str) -> None:
    text = MISSION.read_text(encoding="utf-8")

    assert digests.tag(text[start:end])[0] == topic


@needs_reports
def test_a_section_is_filed_under_its_topic() -> None:
    report = digests.parse(MISSION.read_bytes(), MISSION.name)
    found = {}
    for address in SECTIONS:
        section = report.section(address)
        assert section is not None
        text = report.text[section.heading_end : section.end]
        found[address] = digests.tag(text, section.heading)[0]

    assert found == SECTIONS


def test_there_are_sixteen_topics_named_in_three_languages() -> None:
    assert len(digests.topics()) == 16
    for topic in digests.topics():
        assert set(topic.names) == {"zh-Hans", "zh-Hant", "en"}
        assert topic.words
        assert topic.reason


def test_a_topic_is_found_by_its_id_and_by_any_of_its_names() -> None:
    assert {
        digests.topic(name).id for name in ("flood", "防汛防台", "防汛防颱", "Floods and typhoons")
    } == {"flood"}


def test_an_unknown_topic_is_refused_with_the_ones_there_are() -> None:
    with pytest.raises(TopicError, match="flood"):
        digests.topic("weather")


def test_presets_name_existing_topics() -> None:
    ids = {topic.id for topic in digests.topics()}

    assert set(digests.presets()) == {"village", "town", "department"}
    assert all(set(chosen) <= ids for chosen in digests.presets().values())
    assert digests.presets()["village"] == (
        "flood",
        "safety",
        "election",
        "epidemic",
        "livelihood",
        "governance",
    )


@pytest.mark.parametrize("text", ["防汛", "防　汛", "防汛抗旱", "防颱"])
def test_script_and_spaces_make_no_difference(text: str) -> None:
    assert digests.tag(f"做好{text}工作")[0] == "flood"


def test_a_sentence_without_any_word_has_no_topic() -> None:
    assert digests.tag("同志们好") == ()


def test_the_heading_counts_when_the_sentence_says_little() -> None:
    assert digests.tag("要细致周密，形成合力。", heading="抓好村社组织集中换届")[0] == "election"


def test_names_are_told_in_the_reader_s_language() -> None:
    assert tagging.names(("flood", "party"), "en") == (
        "Floods and typhoons",
        "Party building and integrity",
    )
