"""What the office does: roles, reports, broadcasts; and what is refused."""

import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import digests
from bot import handlers
from bot.domain.message import Lane, OnUnknown, PushKind, PushState
from bot.domain.office import Role
from bot.handlers.exporting import Table, Words
from bot.handlers.standing import reason_words
from bot.storage import (
    admins,
    audits,
    broadcasts,
    halts,
    outbox,
    pushes,
    reports,
    schema,
    tasks,
)
from bot.storage.broadcasts import plan_of
from bot.texts import Texts
from tests.bot.handlers.clerks import OWNER, READER, REVIEWER, acts, broadcast, drafted, invited

SAMPLE = Path(digests.__file__).parent / "samples" / "yunlan.txt"
Talk = Any  # tests/bot/handlers/conftest.py


# ---- roles -----------------------------------------------------------------------------------


async def test_with_no_owner_a_one_time_link_makes_one(talk: Talk) -> None:
    desk = type(talk.desk)(
        **{name: getattr(talk.desk, name) for name in talk.desk.__slots__ if name != "owners"}
    )
    link = await handlers.owner_link(desk, talk.now)
    assert link is not None
    token = link.split("start=")[1]
    assert "所有者" in (await talk.says(READER, f"/start {token}"))[0]
    assert "已用过" in (await talk.says(REVIEWER, f"/start {token}"))[0]
    assert await handlers.owner_link(desk, talk.now) is None


async def test_a_link_runs_out(talk: Talk) -> None:
    await talk.says(OWNER, "/admins")
    said = await talk.presses(OWNER, "a:new:editor")
    token = said[0].split("start=")[1].strip()
    await talk.control("clock", {"advance_s": 3 * 86400})
    assert "已过期" in (await talk.says(REVIEWER, f"/start {token}"))[0]


async def test_roles_are_granted_changed_and_taken_in_the_chat(talk: Talk) -> None:
    await handlers.owner_link(talk.desk, talk.now)
    await invited(talk, REVIEWER, "editor")
    await talk.says(OWNER, "/admins")
    await talk.presses(OWNER, f"a:{REVIEWER}")
    await talk.presses(OWNER, f"a:{REVIEWER}:viewer")
    async with talk.database.read() as connection:
        assert await admins.role_of(connection, REVIEWER) is Role.VIEWER
    assert "请联系所有者" in (await talk.says(REVIEWER, "/broadcast x"))[0]
    await talk.presses(OWNER, f"a:{REVIEWER}")
    await talk.presses(OWNER, f"a:{REVIEWER}:none")
    async with talk.database.read() as connection:
        assert await admins.role_of(connection, REVIEWER) is None
    assert {"role.config", "role.invite", "role.accept", "role.set"} <= set(await acts(talk))


async def test_the_last_owner_stays(talk: Talk) -> None:
    await handlers.owner_link(talk.desk, talk.now)
    await talk.says(OWNER, "/admins")
    await talk.presses(OWNER, f"a:{OWNER}")
    await talk.presses(OWNER, f"a:{OWNER}:none")
    assert "最后一位所有者" in (await talk.toasts())[-1]
    async with talk.database.read() as connection:
        assert await admins.role_of(connection, OWNER) is Role.OWNER


@pytest.mark.parametrize(
    "command",
    ["/broadcast hello", "/pushes", "/reports", "/gaps", "/admins", "/audit", "/halt", "/resume"],
)
async def test_a_reader_may_none_of_it(talk: Talk, command: str) -> None:
    said = await talk.says(READER, command)
    assert said == ["只有本单位的管理员可以这样做。"]
    assert await acts(talk) == []


# ---- reports ---------------------------------------------------------------------------------


async def test_a_file_is_read_decided_and_published(talk: Talk) -> None:
    said = await talk.sends(OWNER, "云澜报告.txt", SAMPLE.read_bytes())
    assert "草稿" in said[-1]
    key = (await talk.buttons(OWNER))[0].split(":")[1]
    assert talk.library.report(key) is None
    await talk.presses(OWNER, f"r:{key}:und")
    await talk.presses(OWNER, f"r:{key}:go")
    assert "先定公开范围" in (await talk.toasts())[-1]
    await talk.presses(OWNER, f"r:{key}:pub")
    await talk.presses(OWNER, f"r:{key}:t:0")
    drop = next(word for word in await talk.buttons(OWNER) if word.endswith(":d"))
    await talk.presses(OWNER, drop)
    await talk.presses(OWNER, f"r:{key}")
    await talk.presses(OWNER, f"r:{key}:acc")
    await talk.presses(OWNER, f"r:{key}:go")
    async with talk.database.read() as connection:
        states = [row["state"] for row in await tasks.of_report(connection, key)]
    assert states.count("dropped") == 1
    assert set(states) == {"dropped", "accepted"}
    assert len(talk.library.editions[0].tasks) == len(states) - 1
    assert "防汛" in (await talk.says(READER, "防汛"))[0]


async def test_the_same_file_twice_is_one_report(talk: Talk) -> None:
    await talk.sends(OWNER, "a.txt", SAMPLE.read_bytes())
    said = await talk.sends(OWNER, "b.txt", SAMPLE.read_bytes())
    assert any("已经收录" in words for words in said)
    async with talk.database.read() as connection:
        assert len(await reports.everything(connection)) == 1


@pytest.mark.parametrize("data", [b"", b"\x00" * 500, b"%PDF-1.7 broken"])
async def test_a_file_that_cannot_be_read_gets_one_sentence(talk: Talk, data: bytes) -> None:
    said = await talk.sends(OWNER, "x.txt", data)
    assert len(said) in {1, 2}
    async with talk.database.read() as connection:
        assert await reports.everything(connection) == []


async def test_a_link_from_an_editor_is_fetched_and_a_readers_is_not(talk: Talk) -> None:
    said = await talk.says(OWNER, "https://example.org/report.txt")
    assert "草稿" in said[-1]
    said = await talk.says(READER, "https://example.org/report.txt")
    assert said == ["只有本单位的管理员可以这样做。"]


async def test_a_readers_file_is_declined(talk: Talk) -> None:
    assert "由本单位编辑收录" in (await talk.sends(READER, "x.txt", b"hello"))[0]


async def test_withdrawing_silences_search_buttons_and_links(talk: Talk) -> None:
    key = await talk.add_sample()
    await talk.says(READER, "二、5")
    message = (await talk.messages(READER))[-1]["message_id"]
    await talk.says(OWNER, "/reports")
    await talk.presses(OWNER, f"r:{key}")
    await talk.presses(OWNER, f"r:{key}:wd")
    await talk.presses(OWNER, f"r:{key}:wd:yes")
    for words in ("防汛", "二、5", "/section 二、5", "/contents", "/today"):
        said = await talk.says(READER, words)
        assert "该材料已撤下" in said[0]
        assert "自动发来" in said[0]
    for data in (f"s:{key}:1.2.5", f"h:{key}:100:120", f"c:{key}:1", f"p:{key}:100:120"):
        await talk.press_raw(READER, message, data, READER)
    said = [words for words in await talk.toasts() if words][-3:]
    assert set(said) == {"该材料已撤下。"}
    assert "已撤下" in (await talk.says(READER, f"/start s_{key}_1-2-5"))[0]


async def test_readers_hear_nothing_of_what_was_kept_to_the_office(talk: Talk) -> None:
    key = await talk.add_sample()
    await talk.says(OWNER, "/reports")
    await talk.presses(OWNER, f"r:{key}")
    await talk.presses(OWNER, f"r:{key}:mem")
    await talk.presses(OWNER, f"r:{key}:wd")
    await talk.presses(OWNER, f"r:{key}:wd:yes")
    assert "还没有发布" in (await talk.says(READER, "防汛"))[0]
    assert "该材料已撤下" in (await talk.says(OWNER, "防汛"))[0]


async def test_a_corrected_edition_takes_the_place_of_the_old_one(talk: Talk) -> None:
    key = await talk.add_sample()
    newer = SAMPLE.read_text("utf-8").replace("云澜", "云岚").encode()
    await talk.sends(OWNER, "new.txt", newer)
    new = (await talk.buttons(OWNER))[0].split(":")[1]
    await talk.presses(OWNER, f"r:{new}:pub")
    await talk.presses(OWNER, f"r:{new}:rep")
    asked = await talk.presses(OWNER, f"r:{new}:rep:{key}")
    assert asked[0].startswith("要用")
    assert [edition.key for edition in talk.library.editions] == [key]
    await talk.presses(OWNER, f"r:{new}:repyes:{key}")
    assert [edition.key for edition in talk.library.editions] == [new]
    assert "更正版" in (await talk.says(READER, f"/start s_{key}_1-2-5"))[0]


async def test_nothing_is_replaced_by_who_keeps_the_old_one(talk: Talk) -> None:
    key = await talk.add_sample()
    newer = SAMPLE.read_text("utf-8").replace("云澜", "云岚").encode()
    await talk.sends(OWNER, "new.txt", newer)
    new = (await talk.buttons(OWNER))[0].split(":")[1]
    await talk.presses(OWNER, f"r:{new}:rep")
    await talk.presses(OWNER, f"r:{new}:rep:{key}")
    assert "草稿" in (await talk.presses(OWNER, "保留"))[0]
    assert [edition.key for edition in talk.library.editions] == [key]
    assert "report.replace" not in await acts(talk)


async def test_what_is_kept_to_the_office_stays_in_the_office(talk: Talk) -> None:
    key = await talk.add_sample()
    await talk.says(OWNER, "/reports")
    await talk.presses(OWNER, f"r:{key}")
    await talk.presses(OWNER, f"r:{key}:mem")
    assert "还没有发布" in (await talk.says(READER, "防汛"))[0]
    assert "防汛" in (await talk.says(OWNER, "防汛"))[0]
    group = await talk.says(OWNER, "@policy_digest_bot 防汛", chat=-1001)
    assert "还没有发布" in group[0]


async def test_a_report_publishes_itself_at_its_time(talk: Talk) -> None:
    await talk.sends(OWNER, "a.txt", SAMPLE.read_bytes())
    key = (await talk.buttons(OWNER))[0].split(":")[1]
    await talk.presses(OWNER, f"r:{key}:pub")
    await talk.presses(OWNER, f"r:{key}:at")
    assert "定时发布：7月21日" in (await talk.says(OWNER, "明天8:30"))[0]
    await handlers.tick(talk.bot, talk.desk, talk.now)
    assert talk.library.editions == ()
    await handlers.tick(talk.bot, talk.desk, talk.now + timedelta(days=2))
    assert [edition.key for edition in talk.library.editions] == [key]


async def test_title_and_date_are_corrected_in_words(talk: Talk) -> None:
    await talk.sends(OWNER, "a.txt", SAMPLE.read_bytes())
    key = (await talk.buttons(OWNER))[0].split(":")[1]
    await talk.presses(OWNER, f"r:{key}:title")
    assert "云岚半年报告" in (await talk.says(OWNER, "云岚半年报告"))[0]
    await talk.presses(OWNER, f"r:{key}:date")
    assert "2020-07-17" in (await talk.says(OWNER, "去年"))[0]  # asks again, the draft is kept
    assert "7月18日印发" in (await talk.says(OWNER, "2026-07-18"))[0]


# ---- broadcasts ------------------------------------------------------------------------------


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


# ---- while it runs ---------------------------------------------------------------------------


async def _running(talk: Talk) -> int:
    """A broadcast that is under way: three readers, one served."""
    from bot.storage.pushes import NewPush, Variant
    from bot.storage.schema import outbox as table

    await talk.says(READER, "/start")
    await talk.presses(OWNER, await drafted(talk))
    now = talk.now
    async with talk.database.write() as connection:
        row = await broadcasts.get(connection, 1)
        await broadcasts.move(connection, 1, broadcasts.BroadcastState.RUNNING, now)
        assert row is not None
        push_id = await pushes.create(
            connection,
            NewPush(
                PushKind.BROADCAST,
                "1:x",
                Lane.BULK,
                now,
                now + timedelta(hours=4),
                OnUnknown.LEAVE,
                title="通知",
                broadcast_id=1,
                state=PushState.RUNNING,
            ),
            now,
        )
        variant = await pushes.add_variant(
            connection, push_id, Variant("0", row["content"]["parts"])
        )
        states = [("sent", ""), ("failed", "blocked"), ("queued", "")]
        for place, (state, reason) in enumerate(states):
            await connection.execute(
                table.insert().values(
                    push_id=push_id,
                    chat_id=READER + 100 + place,
                    part=0,
                    variant_id=variant,
                    state=state,
                    reason=reason,
                    turn=0,
                    not_before=now,
                    not_after=now + timedelta(hours=4),
                    changed_at=now,
                )
            )
    return push_id


async def test_the_card_follows_the_sums_and_pauses_goes_on_and_cancels(talk: Talk) -> None:
    push_id = await _running(talk)
    await handlers.tick(talk.bot, talk.desk, talk.now)
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
    push_id = await _running(talk)
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


# ---- gaps ------------------------------------------------------------------------------------


async def test_a_gap_becomes_a_synonym(talk: Talk) -> None:
    await talk.add_sample()
    await talk.says(READER, "打水仗")
    assert "打水仗 · 1" in (await talk.says(OWNER, "/gaps"))[0]
    await talk.presses(OWNER, "加同义词")
    assert "也能查到" in (await talk.says(OWNER, "防汛"))[0]
    assert "防汛" in (await talk.says(READER, "打水仗"))[0]


# ---- after a restart -------------------------------------------------------------------------


async def test_a_draft_survives_a_restart(talk: Talk) -> None:
    await talk.says(READER, "/start")
    await talk.says(OWNER, "/broadcast")
    await talk.says(OWNER, "重启之前写的通知")
    await talk.open()  # handlers are registered anew; nothing was kept in memory
    said = await talk.says(OWNER, "明天9点")
    assert said[0] == "重启之前写的通知"


# ---- urgency, exclusions, validity, the last week --------------------------------------------


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


async def test_validity_is_set_in_words(talk: Talk) -> None:
    key = await talk.add_sample()
    await talk.says(OWNER, "/reports")
    await talk.presses(OWNER, f"r:{key}")
    await talk.presses(OWNER, f"r:{key}:until")
    assert "推送到10月15日为止" in (await talk.says(OWNER, "2026-10-15"))[0]
    assert talk.library.pushed_on(talk.now.date()) != ()
    assert talk.library.pushed_on(talk.now.date() + timedelta(days=100)) == ()


async def test_the_office_is_asked_once_before_the_last_week(talk: Talk) -> None:
    await handlers.owner_link(talk.desk, talk.now)
    await talk.says(OWNER, "/start")
    await talk.add_sample()
    asked = []
    for day in range(60):
        at = talk.now.replace(hour=1, minute=0) + timedelta(days=day)  # 9:00 in Beijing
        before = len(await talk.messages(OWNER))
        for _ in range(2):
            await handlers.tick(talk.bot, talk.desk, at)
        asked += (await talk.messages(OWNER))[before:]
    assert asked
    assert len({message["text"] for message in asked}) == len(asked)
    assert all("是否仍有效" in message["text"] for message in asked)
    await talk.presses(OWNER, "办结")
    async with talk.database.read() as connection:
        key = talk.library.editions[0].key
        states = [row["state"] for row in await tasks.of_report(connection, key)]
    assert states.count("done") == 1


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


async def test_old_traces_are_forgotten_at_night(talk: Talk) -> None:
    await handlers.owner_link(talk.desk, talk.now)
    night = talk.now.replace(hour=20, minute=0) + timedelta(days=800)  # 4:00 in Beijing
    await handlers.tick(talk.bot, talk.desk, night)
    assert await acts(talk) == []


async def test_after_withdrawing_the_messages_that_carried_it_are_listed(talk: Talk) -> None:
    key = await talk.add_sample()
    push_id = await _running(talk)
    async with talk.database.write() as connection:
        await connection.execute(
            schema.variants.update()
            .where(schema.variants.c.push_id == push_id)
            .values(why={"sections": [f"{key}:1.2"], "tasks": []})
        )
    await talk.says(OWNER, "/reports")
    for data in (f"r:{key}", f"r:{key}:wd", f"r:{key}:wd:yes"):
        await talk.presses(OWNER, data)
    said = await talk.presses(OWNER, f"r:{key}:sent")
    assert said == ["近90天的消息1条"]


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


# ---- found by trying ---------------------------------------------------------------------------


async def _asked_for_the_date(talk: Talk) -> None:
    key = await talk.add_sample()
    await talk.says(OWNER, "/reports")
    await talk.presses(OWNER, f"r:{key}")
    await talk.presses(OWNER, f"r:{key}:date")


@pytest.mark.parametrize(
    "words", ["2026年7月10日", "2026.7.10", "2026/7/10", "２０２６年７月１０日"]
)
async def test_a_date_is_understood_as_clerks_write_it(talk: Talk, words: str) -> None:
    await _asked_for_the_date(talk)
    said = await talk.says(OWNER, words)
    assert "2026年7月10日印发" in said[-1]


async def test_a_wrong_date_says_how_to_leave(talk: Talk) -> None:
    await _asked_for_the_date(talk)
    assert "取消" in (await talk.says(OWNER, "昨天吧"))[-1]


async def test_a_link_is_read_though_a_question_is_open(talk: Talk) -> None:
    await _asked_for_the_date(talk)
    said = await talk.says(OWNER, "https://example.org/yunlan.txt")
    assert "状态" in said[-1]


async def test_the_card_of_a_recurring_broadcast_says_how_it_recurs(talk: Talk) -> None:
    await talk.says(READER, "/start")
    button = await drafted(talk, when="每周一三五 8:00")
    said = await talk.presses(OWNER, button)
    assert "每周一" in said[-1]


async def test_the_audit_trail_speaks_in_words(talk: Talk) -> None:
    await talk.says(READER, "/start")
    button = await drafted(talk)
    await talk.presses(OWNER, button)
    said = (await talk.says(OWNER, "/audit"))[0]
    assert "排定推送" in said
    assert "broadcast." not in said


async def test_an_admin_without_the_right_is_told_whom_to_ask(talk: Talk) -> None:
    await handlers.owner_link(talk.desk, talk.now)
    await invited(talk, REVIEWER, "viewer")
    assert "请联系所有者" in (await talk.says(REVIEWER, "/broadcast x"))[-1]


async def test_a_new_admin_hears_that_the_excerpt_comes_too(talk: Talk) -> None:
    await handlers.owner_link(talk.desk, talk.now)
    await talk.says(OWNER, "/admins")
    said = await talk.presses(OWNER, "a:new:viewer")
    told = await talk.says(REVIEWER, "/start " + said[-1].split("start=")[1].strip())
    assert "8:00" in told[-1]


@pytest.mark.parametrize(
    "reason", ["unsubscribed", "suspended", "forgotten", "paused", "topic_off", "muted", "left"]
)
def test_why_a_message_was_left_out_is_said_in_words(reason: str) -> None:
    said = reason_words(reason, Texts().translate("zh-Hans"))
    assert said != reason
    assert not said.isascii()
