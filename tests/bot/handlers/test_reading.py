"""What a reader does: join, choose, read, look up, leave."""

import html
import json
from datetime import date, timedelta
from typing import Any

import pytest

from bot.domain.office import ReportState
from bot.handlers.helping import block_of
from bot.storage import chats, queries, reports

READER, OWNER, STRANGER = 1001, 1002, 1003
Talk = Any  # tests/bot/handlers/conftest.py


async def _row(talk: Talk, chat_id: int = READER) -> dict[str, Any]:
    async with talk.database.read() as connection:
        row = await chats.get(connection, chat_id)
    assert row is not None
    return dict(row)


# ---- joining ---------------------------------------------------------------------------------


async def test_start_alone_subscribes(talk: Talk) -> None:
    await talk.add_sample()
    said = await talk.says(READER, "/start")
    row = await _row(talk)
    assert (row["state"], row["topics"], row["days"], row["hour"]) == (
        "active",
        "",
        "daily",
        "08:00",
    )
    assert row["due_on"] == date(2026, 7, 20)
    assert "北京时间" in said[0]
    assert "退订" in said[0]


async def test_start_says_what_runs_now_at_once_with_the_keyboard(talk: Talk) -> None:
    await talk.add_sample()
    first, second = await talk.says(READER, "/start")
    assert first.index("现有材料") < first.index("您是？")
    assert second.startswith("眼下要办\n1  ")
    assert await _keys(talk) == ["今天", "任务", "目录", "设置"]


async def test_a_crowd_that_joins_at_once_gets_one_message_each(talk: Talk) -> None:
    await talk.add_sample()
    first = (await talk.control("crowds", {"count": 60}))["first"]
    await talk.pump()
    heard = [await talk.messages(first + n) for n in range(60)]
    said = [[m["text"] for m in chat if m["from"]["is_bot"]] for chat in heard]
    assert all("您是？" in texts[0] for texts in said)
    assert len(said[0]) == 2
    assert len(said[-1]) == 1
    assert "眼下要办" in said[-1][0]


async def _keys(talk: Talk) -> list[str]:
    """What the keyboard below the screen offers since the last message."""
    calls = (await talk.control("calls?method=sendMessage&since=0", method="GET"))["calls"]
    markup = calls[-1]["params"].get("reply_markup", {})
    drawn = json.loads(markup) if isinstance(markup, str) else markup
    return [key["text"] for row in drawn.get("keyboard", []) for key in row]


async def test_the_keyboard_comes_with_the_answer_to_who_i_am_and_again_with_start(
    talk: Talk,
) -> None:
    await talk.says(READER, "/start")
    await talk.presses(READER, "role:town")
    assert await _keys(talk) == ["今天", "任务", "目录", "设置"]
    await talk.says(READER, "/start")
    assert await _keys(talk) == ["今天", "任务", "目录", "设置"]


async def test_a_second_tap_on_who_i_am_says_nothing_more(talk: Talk) -> None:
    await talk.says(READER, "/start")
    assert len(await talk.presses(READER, "role:town")) == 1
    assert await talk.presses(READER, "role:town") == []


@pytest.mark.parametrize("state", [ReportState.WITHDRAWN, ReportState.PUBLISHED])
async def test_start_is_true_before_the_library_has_looked_again(
    talk: Talk, state: ReportState
) -> None:
    key = await talk.add_sample()
    if state is ReportState.WITHDRAWN:
        async with talk.database.write() as connection:
            await reports.move(connection, key, state, talk.now)
        said, *_keyboard = await talk.says(READER, "/start")
        assert "该材料已撤下" in said
        assert "现有材料" not in said
    else:
        talk.library._editions.clear()  # another process was quicker than our next look
        said, *_keyboard = await talk.says(READER, "/start")
        assert "现有材料" in said


async def test_one_tap_on_who_i_am_and_it_is_done(talk: Talk) -> None:
    await talk.says(READER, "/start")
    said = await talk.presses(READER, "role:village")
    row = await _row(talk)
    assert row["role"] == "village"
    assert set(row["topics"].split(",")) == {
        "flood",
        "safety",
        "election",
        "epidemic",
        "livelihood",
        "governance",
    }
    assert "防汛防台" in said[0]


async def test_starting_again_keeps_the_choices(talk: Talk) -> None:
    await talk.says(READER, "/start")
    await talk.presses(READER, "role:village")
    topics = (await _row(talk))["topics"]
    await talk.says(READER, "/stop")
    assert (await _row(talk))["state"] == "stopped"
    assert (await _row(talk))["due_at"] is None
    await talk.says(READER, "/start")
    row = await _row(talk)
    assert (row["state"], row["topics"]) == ("active", topics)


async def test_a_link_carries_a_topic(talk: Talk) -> None:
    await talk.says(READER, "/start topic_flood")
    assert (await _row(talk))["topics"] == "flood"


async def test_a_link_opens_the_very_passage(talk: Talk) -> None:
    key = await talk.add_sample()
    report = talk.library.report(key)
    assert report is not None
    section = report.section("1.2.5")
    assert section is not None
    opened = await talk.says(READER, f"/start h_{key}_{section.start}_{section.start + 20}")
    assert report.text[section.start : section.start + 20] in opened[0]
    again = await talk.says(READER, f"/start s_{key}_1-2-5")
    assert "二、5" in again[0]
    async with talk.database.read() as connection:
        assert await chats.get(connection, READER) is None  # only asked, not subscribed


@pytest.mark.parametrize(
    "payload",
    ["h_zzzzzzzz_1_2", "h_00000000_1_2", "s_00000000_1-2", "topic_nonsense", "own_x", "h_", "s__"],
)
async def test_a_broken_link_says_so(talk: Talk, payload: str) -> None:
    await talk.add_sample()
    said = await talk.says(READER, f"/start {payload}")
    assert len(said) == 1
    assert "订好" not in said[0]


# ---- words -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "word", ["退订", "TD", "td", "取消订阅", "ＴＤ", "退订。", "退訂", "取消訂閱"]
)
async def test_leaving_is_one_word(talk: Talk, word: str) -> None:
    await talk.says(READER, "/start")
    said = await talk.says(READER, word)
    assert "已退订" in said[0]
    assert (await _row(talk))["state"] == "stopped"


@pytest.mark.parametrize(
    ("word", "answer"),
    [
        ("任务", "任务"),
        ("目录", "目录"),
        ("今天", "今日摘编"),
        ("设置", "设置"),
        ("帮助", "编号"),
        ("暂停", "暂停多久"),
        ("/privacy", "不保存"),
        ("/mydata", '"zone"'),
        ("/why", "按计划"),
        ("/nonsense", "编号"),
    ],
)
async def test_chinese_words_are_commands_before_any_look_up(
    talk: Talk, word: str, answer: str
) -> None:
    await talk.add_sample()
    await talk.says(READER, "/start")
    said = await talk.says(READER, word)
    assert answer in said[0]


# ---- reading ---------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["二、5", "2.5", "/section 二、5", "第二部分第五点"])
async def test_a_number_as_printed_brings_the_section(talk: Talk, typed: str) -> None:
    await talk.add_sample()
    said = await talk.says(READER, typed)
    assert "报告 二、5" in said[0]


async def test_an_ambiguous_number_offers_the_choices(talk: Talk) -> None:
    await talk.add_sample()
    said = await talk.says(READER, "第五点")
    assert "请选" in said[0]
    chosen = await talk.presses(READER, (await talk.buttons(READER))[0])
    assert "·" in chosen[0]


async def test_a_number_that_is_not_there_leads_to_the_contents(talk: Talk) -> None:
    await talk.add_sample()
    assert "没有“九、9”这一节" in (await talk.says(READER, "九、9"))[0]
    assert await talk.buttons(READER) == ["c"]


async def test_a_look_up_brings_the_passage_and_pages(talk: Talk) -> None:
    await talk.add_sample()
    said = await talk.says(READER, "防汛")
    assert "防汛" in said[0]
    assert len(said) == 1


async def test_what_a_report_past_its_time_says_stands_under_its_year(talk: Talk) -> None:
    key = await talk.add_sample()
    assert "年材料" not in (await talk.says(READER, "防汛"))[0]
    async with talk.database.write() as connection:
        await reports.change(connection, key, talk.now, valid_until=date(2026, 7, 19))
    await talk.library.refresh()
    for words in ("防汛", "二、5"):
        (said,) = await talk.says(READER, words)
        assert said.startswith("2026年材料\n")
    assert "没有" in (await talk.says(READER, "今天"))[0]  # it is looked up, not pushed


async def test_a_word_wakes_what_rests_and_is_a_look_up_else(talk: Talk) -> None:
    await talk.add_sample()
    await talk.says(READER, "/start")
    (said,) = await talk.says(READER, "恢复")  # nothing rests
    assert "没有找到" in said or "印发" in said
    await talk.says(READER, "暂停到8月1日")
    assert "已恢复" in (await talk.says(READER, "继续"))[0]
    assert (await _row(talk))["paused_until"] is None
    await talk.says(READER, "退订")
    await talk.says(READER, "恢复")
    assert (await _row(talk))["state"] == "active"


async def test_what_is_not_found_is_counted_without_who_asked(talk: Talk) -> None:
    await talk.add_sample()
    said = await talk.says(READER, "量子泡菜")
    assert "没有找到" in said[0]
    assert "0000-12345" in said[0]
    async with talk.database.read() as connection:
        rows = [dict(row) for row in await queries.gaps(connection)]
    assert rows == [{"folded": "量子泡菜", "times": 1, "last_on": date(2026, 7, 20)}]


async def test_contents_go_down_and_up_in_one_message(talk: Talk) -> None:
    key = await talk.add_sample()
    await talk.says(READER, "目录")
    count = len(await talk.messages(READER))
    await talk.presses(READER, f"c:{key}:1")
    await talk.presses(READER, f"c:{key}:1.2")
    assert len(await talk.messages(READER)) == count
    said = await talk.presses(READER, f"s:{key}:1.2.5")
    assert "报告 二、5" in said[0]


async def test_a_passage_copies_with_its_citation(talk: Talk) -> None:
    key = await talk.add_sample()
    await talk.says(READER, "二、5")
    data = next(word for word in await talk.buttons(READER) if word.startswith("p:"))
    copied = await talk.presses(READER, data)
    assert "（《" in copied[0]
    assert key in data


@pytest.mark.parametrize(
    "text",
    [
        "<b>x</b>",
        "&lt;",
        "a" * 4096,
        "😀" * 500,
        "\u202eabc\u202c",
        "\u200b\u200d",
        "“”",
        "'; drop table chats; --",
        "/",
        "/@",
        "《》",
        "。。。",
        "0",
        "-",
    ],
)
async def test_any_text_is_answered(talk: Talk, text: str) -> None:
    await talk.add_sample()
    said = await talk.says(READER, text)
    assert len(said) == 1
    assert said[0].strip()


# ---- tasks -----------------------------------------------------------------------------------


async def test_a_task_shows_its_reasons_and_can_be_silenced(talk: Talk) -> None:
    await talk.add_sample()
    await talk.says(READER, "/start")
    await talk.says(READER, "任务")
    data = next(word for word in await talk.buttons(READER) if word.startswith("t:"))
    shown = await talk.presses(READER, data)
    assert "·" in shown[0]
    mute = next(word for word in await talk.buttons(READER) if word.startswith("m:"))
    said = await talk.presses(READER, mute)
    assert "不再提醒" in said[0]
    assert (await _row(talk))["muted"] == mute[2:]
    await talk.presses(READER, f"{mute}:7")
    assert (await _row(talk))["muted"] == f"{mute[2:]}@2026-07-27"
    await talk.presses(READER, f"{mute}:on")
    assert (await _row(talk))["muted"] == ""


# ---- settings --------------------------------------------------------------------------------


async def test_settings_are_one_message_that_edits_itself(talk: Talk) -> None:
    await talk.says(READER, "/start")
    await talk.says(READER, "设置")
    count = len(await talk.messages(READER))
    for data in (
        "set:days",
        "set:days:workdays",
        "set",
        "set:hour",
        "set:hour:9",
        "set",
        "set:topics",
        "set:topics:city:0",
        "set:topics:all",
        "set",
        "set:pause",
        "set:pause:7",
        "set:pause:0",
        "set",
        "set:zone",
        "set:zone:-",
        "set:zone:-Europe:0",
        "set:zone:Europe/Berlin",
        "set",
        "set:language",
        "set:language:zh-Hant",
    ):
        assert len(await talk.messages(READER)) == count
        await talk.presses(READER, data)
    assert len(await talk.messages(READER)) == count + 1  # the keyboard in the other language
    row = await _row(talk)
    assert (row["days"], row["hour"], row["zone"]) == ("workdays", "09:00", "Europe/Berlin")
    assert (row["language"], row["topics"], row["paused_until"]) == ("zh-Hant", "", None)


async def test_each_change_is_confirmed_in_words_with_its_zone(talk: Talk) -> None:
    await talk.says(READER, "/start")
    await talk.says(READER, "设置")
    await talk.presses(READER, "set:hour")
    await talk.presses(READER, "set:hour:10")
    said = (await talk.toasts())[-1]
    assert "每天 10:00（北京时间）" in said
    assert "下一条：7月20日" in said


async def test_only_hours_outside_the_night_are_offered(talk: Talk) -> None:
    await talk.says(READER, "/start")
    await talk.says(READER, "设置")
    await talk.presses(READER, "set:hour")
    hours = [word.split(":")[2] for word in await talk.buttons(READER) if "hour:" in word]
    assert hours == [str(hour) for hour in range(7, 21)]


async def test_a_pause_keeps_the_day_it_ends(talk: Talk) -> None:
    await talk.says(READER, "/start")
    await talk.says(READER, "暂停")
    said = await talk.presses(READER, "pause:7")
    row = await _row(talk)
    assert row["paused_until"] == row["due_on"] == date(2026, 7, 27)
    assert "7月27日" in said[0]
    await talk.presses(READER, "pause:0")
    assert (await _row(talk))["due_on"] == date(2026, 7, 20)


async def test_the_last_topic_cannot_be_switched_off(talk: Talk) -> None:
    await talk.says(READER, "/start topic_flood")
    await talk.says(READER, "设置")
    await talk.presses(READER, "set:topics")
    await talk.presses(READER, "set:topics:flood:0")
    assert "至少留一个" in (await talk.toasts())[-1]
    assert (await _row(talk))["topics"] == "flood"


async def test_two_taps_at_once_set_what_the_button_said(talk: Talk) -> None:
    """A switch says what it sets; the second tap changes nothing."""
    await talk.says(READER, "/start")
    await talk.says(READER, "设置")
    await talk.presses(READER, "set:topics")
    message = (await talk.messages(READER))[-1]["message_id"]
    for _ in range(2):
        await talk.control(
            "presses",
            {
                "chat": READER,
                "from": READER,
                "message_id": message,
                "data": "set:topics:city:0",
            },
        )
    await talk.pump()
    assert "city" not in (await _row(talk))["topics"].split(",")


# ---- data ------------------------------------------------------------------------------------


async def test_my_data_is_everything_kept_and_forgetting_is_at_once(talk: Talk) -> None:
    await talk.says(READER, "/start")
    said = await talk.says(READER, "/mydata")
    before = said[0][: said[0].index("{")]
    assert before.rstrip().splitlines()[-1] == "以下是保存的全部信息，点按可复制："
    [block] = [e for e in (await talk.messages(READER))[-1]["entities"] if e["type"] == "pre"]
    assert block["offset"] == len(before)
    kept = json.loads(said[0][said[0].index("{") :])
    assert kept["id"] == READER
    assert not any("name" in column for column in kept)
    await talk.says(READER, "/forget")
    assert "已删除" in (await talk.presses(READER, "forget:yes"))[0]
    async with talk.database.read() as connection:
        assert await chats.get(connection, READER) is None


def test_my_data_fits_one_message_however_much_was_sent() -> None:
    title = "<标题&>" * 30
    kept = {"id": READER, "sent": [{"at": number, "title": title} for number in range(10)]}
    block = block_of(kept)
    assert len(block) <= 3500
    there = json.loads(html.unescape(block))["sent"]
    assert [row["at"] for row in there] == list(range(len(there)))  # the newest, in whole
    assert 0 < len(there) < 10


async def test_blocking_suspends_and_coming_back_revives(talk: Talk) -> None:
    await talk.says(READER, "/start")
    await talk.presses(READER, "role:town")
    await talk.control("members", {"chat": READER, "user": READER, "status": "kicked"})
    await talk.pump()
    row = await _row(talk)
    assert (row["state"], row["reason"], row["due_at"]) == ("suspended", "blocked", None)
    await talk.control("members", {"chat": READER, "user": READER, "status": "member"})
    await talk.pump()
    row = await _row(talk)
    assert (row["state"], row["role"]) == ("active", "town")
    assert row["due_at"] is not None


async def test_who_said_stop_is_not_revived_by_unblocking(talk: Talk) -> None:
    await talk.says(READER, "/start")
    await talk.says(READER, "/stop")
    for status in ("kicked", "member"):
        await talk.control("members", {"chat": READER, "user": READER, "status": status})
        await talk.pump()
    assert (await _row(talk))["state"] == "stopped"


async def test_an_hour_changed_after_todays_digest_counts_from_tomorrow(talk: Talk) -> None:
    await talk.says(READER, "/start")
    async with talk.database.write() as connection:
        await chats.choose(
            connection, READER, talk.desk.office.hours, talk.now, served_on=date(2026, 7, 20)
        )
    await talk.says(READER, "设置")
    await talk.presses(READER, "set:hour")
    await talk.presses(READER, "set:hour:20")
    row = await _row(talk)
    assert row["due_on"] == date(2026, 7, 21)
    assert row["due_at"] - talk.now > timedelta(days=1)


async def test_tasks_can_be_asked_for_by_who_has_to_do_them(talk: Talk) -> None:
    await talk.add_sample()
    owners = {owner for task in talk.library.editions[0].tasks for owner in task.owners}
    assert owners
    everything = (await talk.says(READER, "/tasks"))[0]
    mine = (await talk.says(READER, f"/tasks {min(owners)}"))[0]
    assert mine != everything


async def test_whose_tasks_is_a_tap_and_the_pages_behind_it_keep_to_them(talk: Talk) -> None:
    await talk.add_sample()
    await talk.says(READER, "/tasks")
    await talk.presses(READER, "t:@")
    found = talk.library.editions[0].tasks
    for owner in {name for task in found for name in task.owners}:
        laid = sum(any(owner in n or n in owner for n in task.owners) for task in found)
        await talk.says(READER, "/tasks")
        await talk.presses(READER, "t:@")
        (said,) = await talk.presses(READER, f"t:@:{owner}")
        assert said.startswith(f"责任单位：{owner}\n")
        undated = [word for word in await talk.buttons(READER) if word.startswith("t:-:")]
        for data in undated:
            assert data.endswith(f":{owner}")
            (said,) = await talk.presses(READER, data)
            assert said.startswith(f"责任单位：{owner}\n")
            assert sum(line[:1].isdigit() for line in said.splitlines()) <= laid


# ---- found by trying ---------------------------------------------------------------------------


async def test_the_welcome_names_the_year_of_the_report(talk: Talk) -> None:
    await talk.add_sample()
    assert "2026年7月" in (await talk.says(READER, "/start"))[0]


@pytest.mark.parametrize(
    "words", ["暂停到8月1日", "暂停 8月1日", "/pause 2026-08-01", "暂停至2026年8月1日"]
)
async def test_a_pause_may_end_on_a_day_of_ones_own(talk: Talk, words: str) -> None:
    await talk.says(READER, "/start")
    said = await talk.says(READER, words)
    assert "8月1日" in said[0]
    assert (await _row(talk))["paused_until"] == date(2026, 8, 1)


@pytest.mark.parametrize("words", ["/pause 2026-07-01", "/pause 2099-01-01", "/pause 很久"])
async def test_a_pause_that_cannot_be_is_refused_in_words(talk: Talk, words: str) -> None:
    await talk.says(READER, "/start")
    assert await talk.says(READER, words)
    assert (await _row(talk))["paused_until"] is None


async def test_a_word_that_only_begins_like_a_pause_is_looked_up(talk: Talk) -> None:
    await talk.says(READER, "/start")
    await talk.says(READER, "暂停营业")
    assert (await _row(talk))["paused_until"] is None


async def test_who_is_paused_is_told_so(talk: Talk) -> None:
    await talk.says(READER, "/start")
    await talk.says(READER, "/pause")
    await talk.presses(READER, "pause:7")
    for words in ("/settings", "/start"):
        assert "已暂停" in (await talk.says(READER, words))[0]


async def test_a_link_with_a_topic_says_what_comes_to_who_is_subscribed(talk: Talk) -> None:
    await talk.says(READER, "/start")
    await talk.presses(READER, "role:village")
    said = await talk.says(READER, "/start topic_ecology")
    assert "生态环境" in said[0]


@pytest.mark.parametrize("words", ["退订\u200b", "\u200e退订", "\ufeff TD "])
async def test_a_mark_nobody_sees_does_not_keep_anybody_here(talk: Talk, words: str) -> None:
    await talk.says(READER, "/start")
    await talk.says(READER, words)
    assert (await _row(talk))["state"] == "stopped"


async def test_a_message_of_invisible_marks_is_asked_for_words(talk: Talk) -> None:
    await talk.add_sample()
    assert "要查的词" in (await talk.says(READER, "\u200b\u200b"))[-1]


@pytest.mark.parametrize("kind", ["voice", "sticker", "location", "poll", "dice", "contact"])
async def test_what_is_no_text_is_answered_with_what_can_be_read(talk: Talk, kind: str) -> None:
    [said] = await talk.says(READER, "", media=kind)
    assert said.startswith("只看得懂文字")


async def test_in_a_group_a_voice_is_left_in_peace(talk: Talk) -> None:
    assert await talk.says(READER, "", -1001, media="voice") == []


@pytest.mark.parametrize(
    ("words", "until"),
    [
        ("暂停3天", "7月23日"),
        ("暂停 两周", "8月3日"),
        ("暫停一個月", "8月19日"),
        ("/pause 2 weeks", "8月3日"),
    ],
)
async def test_a_pause_may_be_a_length_of_time(talk: Talk, words: str, until: str) -> None:
    await talk.says(READER, "/start")
    assert until in (await talk.says(READER, words))[-1]
