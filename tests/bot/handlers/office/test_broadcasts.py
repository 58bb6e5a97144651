"""Broadcasts: the preview and its card, time and audience, while it runs, what it leaves."""

import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import digests
from bot.delivery.transport import GONE
from bot.domain.message import Lane, PushKind
from bot.handlers.office.exporting import Table, Words
from bot.handlers.office.standing import reason_words, reasons_words
from bot.storage import (
    audits,
    broadcasts,
    halts,
    outbox,
    pushes,
)
from bot.storage.broadcasts import plan_of
from bot.texts import Texts
from tests.bot.handlers.office.clerks import OWNER, READER, REVIEWER, broadcast, drafted, running

SAMPLE = Path(digests.__file__).parent / "samples" / "yunlan.txt"
Talk = Any  # tests/bot/handlers/conftest.py


async def test_the_preview_is_the_very_message_and_one_card(talk: Talk) -> None:
    await talk.says(READER, "/start")
    await talk.says(OWNER, "/broadcast")
    await talk.says(OWNER, "请各村社报送 <情况>")
    said = await talk.says(OWNER, "明天8点半")
    assert said[0] == "请各村社报送 <情况>"
    assert "1人" in said[1]
    assert "7月21日 周二 8:30（北京时间）" in said[1]
    assert "12:30后不再补发" in said[1]
    assert "订阅者" in said[1]


async def test_confirming_books_it_once(talk: Talk) -> None:
    await talk.says(READER, "/start")
    button = await drafted(talk)
    card = (await talk.messages(OWNER))[-1]["message_id"]
    for _ in range(2):  # two taps at once
        await talk.control(
            "presses", {"chat": OWNER, "from": OWNER, "message_id": card, "data": button}
        )
    await talk.pump()
    async with talk.database.read() as connection:
        assert len(await broadcasts.latest(connection)) == 1
    assert any("已经确认过" in words for words in await talk.toasts())
    row = await broadcast(talk)
    assert row["state"] == "scheduled"
    assert row["bound_sha256"] == plan_of(row).fingerprint()


async def test_a_button_of_an_older_preview_is_refused(talk: Talk) -> None:
    await talk.says(READER, "/start")
    old = await drafted(talk)
    card = (await talk.messages(OWNER))[-1]["message_id"]
    await talk.presses(OWNER, "b:text")
    await talk.says(OWNER, "改过的内容，请以这条为准")
    await talk.press_raw(OWNER, card, old, OWNER)
    assert "内容有改动" in (await talk.toasts())[-1]
    async with talk.database.read() as connection:
        assert await broadcasts.latest(connection) == []


async def test_a_past_time_is_said_with_the_time_it_is(talk: Talk) -> None:
    await talk.says(READER, "/start")
    await talk.says(OWNER, "/broadcast 通知一则")
    said = await talk.says(OWNER, "今天7:00")
    assert said[0].startswith("没有排上：7月20日 周一 7:00（北京时间）已过")
    said = await talk.presses(OWNER, "b:at:tomorrow")
    assert said[0] == "通知一则"


async def test_nobody_to_send_to_blocks(talk: Talk) -> None:
    await talk.says(OWNER, "/broadcast 通知一则")
    said = await talk.says(OWNER, "明天8点半")
    assert "没有收件人" in said[1]
    assert not any(word.startswith("b:ok") for word in await talk.buttons(OWNER))


async def test_a_misquoted_passage_needs_a_reason(talk: Talk) -> None:
    key = await talk.add_sample()
    await talk.says(READER, "/start")
    report = talk.library.report(key)
    assert report is not None
    section = report.section("1.2.5")
    assert section is not None
    quote = report.text[section.heading_end + 12 : section.heading_end + 50].strip()
    wrong = quote[:15] + "甲" + quote[16:]
    await talk.says(OWNER, f"/broadcast {wrong}")
    said = await talk.says(OWNER, "明天9点")
    assert "疑为" in said[1]
    why = next(word for word in await talk.buttons(OWNER) if word.startswith("b:why:"))
    await talk.presses(OWNER, why)
    said = await talk.says(OWNER, "按领导审定稿")
    assert "按领导审定稿" in said[1]
    ok = next(word for word in await talk.buttons(OWNER) if word.startswith("b:ok:"))
    await talk.presses(OWNER, ok)
    async with talk.database.read() as connection:
        latest = (await audits.latest(connection))[0]
    assert latest["detail"]["reason"] == "按领导审定稿"


async def test_a_recurring_one_shows_its_next_five_dates(talk: Talk) -> None:
    await talk.says(READER, "/start")
    await talk.says(OWNER, "/broadcast 每周例会通知")
    said = await talk.says(OWNER, "每周一三五 9:00")
    assert "每周一、周三、周五 9:00（北京时间）" in said[1]
    assert "7月20日 周一、7月22日 周三、7月24日 周五、7月27日 周一、7月29日 周三" in said[1]


async def test_a_passage_goes_out_word_for_word_with_its_citation(talk: Talk) -> None:
    key = await talk.add_sample()
    await talk.says(READER, "/start")
    await talk.says(OWNER, "/broadcast")
    await talk.says(OWNER, "=二、5")
    said = await talk.says(OWNER, "明天9点")
    report = talk.library.report(key)
    assert report is not None
    section = report.section("1.2.5")
    assert section is not None
    assert report.text[section.start : section.end].strip() in said[0]
    assert "报告 二、5" in said[0]
    assert "与原文一致" in said[1]


async def test_the_audience_is_chosen_by_buttons_and_counted(talk: Talk) -> None:
    await talk.says(READER, "/start topic_flood")
    await talk.says(REVIEWER, "/start topic_party")
    await drafted(talk)
    await talk.presses(OWNER, "b:who")
    said = await talk.presses(OWNER, "b:who:topics:flood:1")
    assert "1人" in said[0]
    said = await talk.presses(OWNER, "b:show")
    assert "防汛防台1人" in said[1]


async def test_who_paused_is_counted_apart(talk: Talk) -> None:
    await talk.says(READER, "/start")
    await talk.says(REVIEWER, "/start")
    await talk.says(REVIEWER, "/pause")
    await talk.presses(REVIEWER, "pause:7")
    await drafted(talk)
    card = (await talk.messages(OWNER))[-1]["text"]
    assert "发给：全部订阅者1人（另有1人暂停中，不发）" in card
    assert "1人（另有1人暂停中，不发）" in (await talk.presses(OWNER, "b:who"))[0]
    await talk.presses(OWNER, "b:show")
    assert "全部订阅者2人" in (await talk.presses(OWNER, "b:urgent:1"))[0]  # comes all the same


async def test_who_is_back_by_then_is_counted_among_the_readers(talk: Talk) -> None:
    await talk.says(READER, "/start")
    await talk.says(READER, "/pause")
    await talk.presses(READER, "pause:7")
    await talk.says(OWNER, "/broadcast 请各村社报送情况")
    await talk.says(OWNER, "明天8点半")
    assert "没有收件人" in (await talk.messages(OWNER))[-1]["text"]
    await talk.presses(OWNER, "b:when")
    said = await talk.says(OWNER, "7月27日9:00")
    assert "全部订阅者1人\n" in said[-1]


async def test_a_test_send_reaches_only_the_one_who_asked(talk: Talk) -> None:
    await talk.says(READER, "/start")
    await drafted(talk)
    before = len(await talk.messages(READER))
    said = await talk.presses(OWNER, "b:test")
    assert said == ["请各村社今晚八点前报送情况"]
    assert len(await talk.messages(READER)) == before


async def test_leaving_a_draft_sends_nothing(talk: Talk) -> None:
    await talk.says(READER, "/start")
    await drafted(talk)
    await talk.presses(OWNER, "b:no")
    async with talk.database.read() as connection:
        assert await broadcasts.latest(connection) == []


async def test_a_photo_or_document_goes_with_its_caption(talk: Talk) -> None:
    await talk.says(READER, "/start")
    await talk.says(OWNER, "/broadcast")
    await talk.sends(OWNER, "附件.pdf", b"%PDF-1.4 attachment")
    said = await talk.says(OWNER, "明天9点")
    assert said[0] == "附件.pdf"


async def test_a_scheduled_one_can_be_changed_and_cancelled(talk: Talk) -> None:
    await talk.says(READER, "/start")
    await talk.presses(OWNER, await drafted(talk))
    await talk.presses(OWNER, "bc:1:edit")
    assert (await broadcast(talk))["state"] == "draft"
    await talk.presses(OWNER, "b:text")
    await talk.says(OWNER, "改好的通知，请以这条为准")
    ok = next(word for word in await talk.buttons(OWNER) if word.startswith("b:ok:"))
    await talk.presses(OWNER, ok)
    row = await broadcast(talk)
    assert row["state"] == "scheduled"
    assert row["content"]["text"] == "改好的通知，请以这条为准"
    await talk.presses(OWNER, "bc:1:no")
    assert (await broadcast(talk))["state"] == "cancelled"


async def test_the_card_follows_the_sums_and_pauses_goes_on_and_cancels(talk: Talk) -> None:
    push_id = await running(talk)
    await talk.ticks()
    card = str((await talk.messages(OWNER))[-1]["text"])
    assert "计划3 = 送达1 + 失败1 + 不明0 + 未发0 + 待发1" in card
    assert "屏蔽" in card
    for act, state, push_state in (
        ("pause", "paused", "paused"),
        ("go", "running", "planning"),
        ("no", "cancelled", "cancelled"),
    ):
        await talk.presses(OWNER, f"bc:1:{act}")
        assert (await broadcast(talk))["state"] == state
        async with talk.database.read() as connection:
            push = await pushes.get(connection, push_id)
            sums = await pushes.sums(connection, push_id)
        assert push is not None
        assert push["state"] == push_state
        assert sums["planned"] == 3
    await talk.presses(OWNER, "bc:1:xlsx")


async def test_the_table_has_a_line_per_message(talk: Talk, tmp_path: Path) -> None:
    push_id = await running(talk)
    await talk.says(OWNER, "/pushes")
    await talk.presses(OWNER, f"pu:{push_id}")
    async with talk.database.read() as connection:
        rows = await outbox.of_push(connection, push_id, 10)
        sums = await pushes.sums(connection, push_id)
    words = Words(Texts().translate("zh-Hans"), "Asia/Shanghai")
    table = Table(tmp_path / "t.xlsx", ["chat", "part"], sums, words)
    table.add(rows)
    table.close()
    with zipfile.ZipFile(table.path) as book:
        sheet = book.read("xl/worksheets/sheet2.xml").decode()
        names = book.read("xl/workbook.xml").decode()
    assert "送达" in sheet
    assert "Asia/Shanghai" in sheet
    assert "明细" in names
    assert sheet.count("<row ") == 4
    assert await talk.presses(OWNER, "bc:1:xlsx") != []


async def test_halt_stops_everything_and_says_how_to_go_on(talk: Talk) -> None:
    said = await talk.says(OWNER, "/halt")
    assert "/resume" in said[0]
    async with talk.database.read() as connection:
        assert await halts.since(connection) is not None
    assert "已恢复" in (await talk.says(OWNER, "/resume"))[0]
    async with talk.database.read() as connection:
        assert await halts.since(connection) is None


async def test_a_draft_survives_a_restart(talk: Talk) -> None:
    await talk.says(READER, "/start")
    await talk.says(OWNER, "/broadcast")
    await talk.says(OWNER, "重启之前写的通知")
    await talk.open()  # handlers are registered anew; nothing was kept in memory
    said = await talk.says(OWNER, "明天9点")
    assert said[0] == "重启之前写的通知"


async def test_an_urgent_one_comes_at_night_and_says_so(talk: Talk) -> None:
    await talk.says(READER, "/start")
    await talk.says(OWNER, "/broadcast 紧急通知一则")
    said = await talk.says(OWNER, "今晚11点")
    assert "免打扰时段" in said[1]
    assert "各人到7:00" in said[1]
    said = await talk.presses(OWNER, "b:urgent:1")
    assert "紧急" in said[0]
    assert "各人到7:00" not in said[0]
    ok = next(word for word in await talk.buttons(OWNER) if word.startswith("b:ok:"))
    await talk.presses(OWNER, ok)
    assert (await broadcast(talk))["lane"] == Lane.URGENT


async def test_chats_are_left_out_by_number(talk: Talk) -> None:
    await talk.says(READER, "/start")
    await talk.says(REVIEWER, "/start")
    await drafted(talk)
    await talk.presses(OWNER, "b:without")
    said = await talk.says(OWNER, f"{REVIEWER}")
    assert "1人" in said[1]
    assert "除去1个" in said[1]
    await talk.presses(OWNER, "b:without")
    assert "2人" in (await talk.says(OWNER, "-"))[1]


async def test_at_once_can_be_confirmed_later_and_at_night(talk: Talk) -> None:
    """The button binds what was shown, not the second in which it was shown."""
    await talk.says(READER, "/start")
    await talk.control("clock", {"to": "2026-07-20T23:10:00+08:00"})
    await talk.says(OWNER, "/broadcast 现在就发的通知")
    await talk.presses(OWNER, "b:at:now")
    await talk.control("clock", {"advance_s": 95})
    ok = next(word for word in await talk.buttons(OWNER) if word.startswith("b:ok:"))
    await talk.presses(OWNER, ok)
    row = await broadcast(talk)
    assert row["state"] == "scheduled"
    assert row["send_at"] + timedelta(seconds=row["not_after_s"]) > talk.now + timedelta(hours=11)


@pytest.mark.parametrize(
    "text",
    [
        "字" * 4096,
        "😀" * 2000,
        "עברית العربية 中文",
        "零\u200b宽\u200d字\ufeff符",
        "a\n\n\nb",
        "<b>不是标记</b> &amp; {花括号}",
        "。" * 300,
    ],
)
async def test_any_text_goes_out_as_it_was_written(talk: Talk, text: str) -> None:
    await talk.says(READER, "/start")
    await talk.says(OWNER, "/broadcast")
    await talk.says(OWNER, text)
    said = await talk.says(OWNER, "明天9点")
    shown = "".join(said[:-1])
    letters = [letter for letter in text if not letter.isspace()]
    assert [letter for letter in shown if not letter.isspace()] == letters
    assert "发给" in said[-1]


async def test_the_card_of_a_recurring_broadcast_says_how_it_recurs(talk: Talk) -> None:
    await talk.says(READER, "/start")
    button = await drafted(talk, when="每周一三五 8:00")
    said = await talk.presses(OWNER, button)
    assert "每周一" in said[-1]


@pytest.mark.parametrize(
    "reason",
    sorted(
        {"unsubscribed", "suspended", "forgotten", "paused", "topic_off", "muted", "left", "late"}
        | {"withdrawn", "cancelled", "interrupted", "holder_died", "refused", "bad_address"}
        | {"no_answer", "connection_lost", "odd_answer", "server_error", "forbidden"}
        | {reason for _words, reason in GONE}
    ),
)
def test_why_a_message_was_left_out_is_said_in_words(reason: str) -> None:
    said = reason_words(reason, Texts().translate("zh-Hans"))
    assert said != reason
    assert not said.isascii()


def test_reasons_that_mean_the_same_to_an_office_are_one_line() -> None:
    reasons = {"server_error": 26, "blocked": 3, "connection_lost": 1_000}
    assert reasons_words(reasons, Texts().translate("zh-Hans")) == [
        "对方可能已收到（没有得到明确答复）：1,026", "对方屏蔽了机器人：3",
    ]  # fmt: skip


# ---- what a clerk asks of the card -------------------------------------------------------------


@pytest.mark.parametrize("words", ["昨天8点", "前天上午9点", "上周五9:00", "yesterday 8:30"])
async def test_a_day_that_has_passed_is_said_to_have_passed(talk: Talk, words: str) -> None:
    await talk.says(READER, "/start")
    await talk.says(OWNER, "/broadcast 通知一则")
    said = await talk.says(OWNER, words)
    assert said[0].startswith("没有排上：7月")
    assert "草稿已保存" in said[0]
    assert await talk.presses(OWNER, "今天10:00") != []
    assert "7月20日 周一 10:00" in (await talk.messages(OWNER))[-1]["text"]


async def test_in_the_afternoon_it_offers_a_later_hour_or_another_time(talk: Talk) -> None:
    await talk.says(READER, "/start")
    await talk.control("clock", {"to": "2026-07-20T20:10:00+08:00"})
    await talk.says(OWNER, "/broadcast 通知一则")
    await talk.says(OWNER, "今天8点")
    offered = await talk.buttons(OWNER)
    assert offered == ["b:at:tomorrow", "b:at:now", "b:when"]
    assert "什么时候" in (await talk.presses(OWNER, "改时间"))[0]


async def test_a_relative_day_is_read_on_the_day_of_sending(talk: Talk) -> None:
    await talk.says(READER, "/start")
    await talk.says(OWNER, "/broadcast 请各村今晚报送，大后天开会")
    said = await talk.says(OWNER, "明天8点半")
    assert "“今晚”到发送那天会被看作7月21日" in said[-1]
    assert "“大后天”到发送那天会被看作7月24日" in said[-1]
    await talk.presses(OWNER, "b:when")
    assert "会被看作" not in (await talk.says(OWNER, "今天10点"))[-1]


async def test_who_has_paused_is_not_named_among_the_recipients(talk: Talk) -> None:
    await talk.says(READER, "/start")
    await talk.says(REVIEWER, "/start")
    await talk.says(REVIEWER, "/pause")
    await talk.presses(REVIEWER, "pause:7")
    name = (await talk.bot.get_chat(REVIEWER)).full_name
    await drafted(talk)
    card = (await talk.messages(OWNER))[-1]["text"]
    assert "其中：" in card
    assert name not in card.split("其中：")[1].splitlines()[0]


async def test_pushes_are_listed_beyond_the_newest(talk: Talk) -> None:
    now = talk.now
    async with talk.database.write() as connection:
        for day in range(1, 16):
            key = f"2026-07-{day:02d}"
            new = pushes.NewPush(PushKind.DIGEST, key, Lane.DIGEST, now, now, title=key)
            await pushes.create(connection, new, now)
    await talk.says(OWNER, "/pushes")
    seen = [await talk.buttons(OWNER)]
    for _ in range(2):
        await talk.presses(OWNER, "更早的")
        seen.append(await talk.buttons(OWNER))
    numbers = [word for page in seen for word in page if word.removeprefix("pu:").isdigit()]
    assert len(set(numbers)) == len(numbers) == 15
    await talk.presses(OWNER, "pu:1")
    assert "发送情况" in (await talk.presses(OWNER, "返回"))[0]


# ---- a draft is not lost -----------------------------------------------------------------------


async def test_a_question_on_the_way_does_not_cost_the_draft(talk: Talk) -> None:
    key = await talk.add_sample()
    await talk.says(READER, "/start")
    await drafted(talk, "写到一半的通知内容")
    await talk.says(OWNER, "/reports")
    await talk.presses(OWNER, f"r:{key}")
    await talk.presses(OWNER, f"r:{key}:title")
    assert "云澜新标题" in (await talk.says(OWNER, "云澜新标题"))[0]
    await talk.presses(OWNER, f"r:{key}:title")
    said = await talk.presses(OWNER, "cancel")
    assert said == ["已退出，推送的草稿还在。"]
    assert (await talk.presses(OWNER, "看草稿"))[0] == "写到一半的通知内容"


async def test_a_draft_can_be_confirmed_after_a_long_lunch(talk: Talk) -> None:
    await talk.says(READER, "/start")
    button = await drafted(talk)
    await talk.control("clock", {"advance_s": 3 * 3600})
    said = await talk.says(OWNER, "防汛")  # what is typed is a look-up by then
    assert "请各村社" not in said[0]
    await talk.presses(OWNER, button)
    assert (await broadcast(talk))["state"] == "scheduled"


async def test_a_new_one_does_not_overwrite_the_unfinished_one_unasked(talk: Talk) -> None:
    await talk.says(READER, "/start")
    await drafted(talk, "第一份通知内容")
    said = await talk.says(OWNER, "/broadcast 第二份通知内容")
    assert said == ["您有一份没完成的草稿：“第一份通知内容”"]
    assert (await talk.presses(OWNER, "接着写"))[0] == "第一份通知内容"
    await talk.says(OWNER, "/broadcast 第二份通知内容")
    assert "什么时候" in (await talk.presses(OWNER, "另写一份"))[0]
    assert (await talk.says(OWNER, "明天9点"))[0] == "第二份通知内容"
