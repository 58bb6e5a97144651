"""An office's own topics and seasons work wherever ours do, and a wrong file is said in one sentence."""

from collections.abc import Iterator
from datetime import date

import pytest

import digests

TOPICS = """
[[topic]]
id = "water"
names = { zh-Hans = "灌区水利" }
words = ["灌區", "水庫"]

[[topic]]
id = "schools"
names = { zh-Hans = "学校", en = "Schools" }
strong = ["学校"]

[presets]
village = ["water"]
"""
SEASONS = """
[[season]]
names = ["蓄水期"]
region = ""
first = "09-15"
last = "10-31"
reason = "The reservoir's own plan."
"""


@pytest.fixture(autouse=True)
def ours_again() -> Iterator[None]:
    yield
    digests.adopt_topics("")
    digests.adopt_seasons("")
    digests.adopt_region("")


def tasks(body: str, title: str = "工作方案") -> tuple[digests.Task, ...]:
    text = f"{title}\n一、任务\n{body}\n办公室  2025年1月7日印发\n"
    return digests.extract_tasks(digests.parse(text.encode(), "a.txt"))


def test_tasks_are_filed_under_the_office_s_own_topics() -> None:
    digests.adopt_topics(TOPICS)

    found = tasks("年底前完成灌区改造。\n6月底前新建学校2所。\n要做好防汛工作。")

    assert [task.topic for task in found] == ["water", "schools", None]


def test_roles_bring_the_office_s_topics_or_all_of_them() -> None:
    digests.adopt_topics(TOPICS)

    assert digests.presets()["village"] == ("water",)
    assert digests.presets()["town"] == ("water", "schools")


def test_a_topic_named_in_one_language_is_called_so_in_all() -> None:
    digests.adopt_topics(TOPICS)

    assert [digests.topic("water").name(language) for language in ("zh-Hans", "en")] == [
        "灌区水利"
    ] * 2
    assert digests.topic("schools").name("en") == "Schools"


def test_a_season_of_the_office_s_own_becomes_days() -> None:
    digests.adopt_seasons(SEASONS)

    [task] = tasks("要落实蓄水期值班制度。")

    assert (task.kind, task.first, task.last) == (
        digests.TaskKind.SEASON, date(2025, 9, 15), date(2025, 10, 31),
    )  # fmt: skip


def test_the_office_s_region_holds_where_a_report_names_no_place() -> None:
    digests.adopt_region("河南")

    [here] = tasks("要做好汛期值守。")
    [there] = tasks("要做好汛期值守。", "北京市工作方案")

    assert (here.last, there.last) == (date(2025, 9, 30), date(2025, 9, 15))


@pytest.mark.parametrize(
    "text",
    [
        "[[topic",
        "[presets]",
        '[[topic]]\nid = "大写"\nnames = { zh-Hans = "甲" }\nwords = ["甲"]',
        '[[topic]]\nid = "a"\nnames = {}\nwords = ["甲"]',
        '[[topic]]\nid = "a"\nnames = { zh-Hans = "甲" }',
        TOPICS.replace('village = ["water"]', 'village = ["fire"]'),
        TOPICS.replace("schools", "water"),
    ],
)
def test_a_topics_file_that_cannot_be_used_is_said_and_ours_stay(text: str) -> None:
    with pytest.raises(digests.KnowledgeError, match="专题"):
        digests.adopt_topics(text)

    assert len(digests.topics()) == 16


@pytest.mark.parametrize(
    "text", ["[[season", '[[season]]\nnames = ["甲"]', SEASONS.replace("09-15", "13-40")]
)
def test_a_seasons_file_that_cannot_be_used_is_said_and_ours_stay(text: str) -> None:
    with pytest.raises(digests.KnowledgeError, match="时令"):
        digests.adopt_seasons(text)

    assert tasks("要做好七下八上值守。")[0].last == date(2025, 8, 15)


def test_an_unknown_region_is_refused_with_those_there_are() -> None:
    with pytest.raises(digests.KnowledgeError, match="浙江"):
        digests.adopt_region("火星")
