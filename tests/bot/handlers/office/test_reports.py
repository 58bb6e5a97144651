"""Reports in the chat: read, decided, corrected, published, replaced, withdrawn."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import digests
from bot import handlers
from bot.handlers.paging import turns
from bot.storage import (
    reports,
    schema,
    tasks,
)
from tests.bot.handlers.office.clerks import OWNER, READER, acts, running

SAMPLE = Path(digests.__file__).parent / "samples" / "yunlan.txt"
Talk = Any  # tests/bot/handlers/conftest.py


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


async def _sends_corrected(talk: Talk) -> str:
    """The owner sends a corrected edition of the sample; its key."""
    newer = SAMPLE.read_text("utf-8").replace("云澜", "云岚").encode()
    await talk.sends(OWNER, "new.txt", newer)
    return str((await talk.buttons(OWNER))[0].split(":")[1])


async def test_a_corrected_edition_takes_the_place_of_the_old_one(talk: Talk) -> None:
    key = await talk.add_sample()
    new = await _sends_corrected(talk)
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
    new = await _sends_corrected(talk)
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
    await talk.ticks()
    assert talk.library.editions == ()
    await talk.ticks(talk.now + timedelta(days=2))
    assert [edition.key for edition in talk.library.editions] == [key]


async def test_title_and_date_are_corrected_in_words(talk: Talk) -> None:
    await talk.sends(OWNER, "a.txt", SAMPLE.read_bytes())
    key = (await talk.buttons(OWNER))[0].split(":")[1]
    await talk.presses(OWNER, f"r:{key}:title")
    assert "云岚半年报告" in (await talk.says(OWNER, "云岚半年报告"))[0]
    await talk.presses(OWNER, f"r:{key}:date")
    assert "2020-07-17" in (await talk.says(OWNER, "去年"))[0]  # asks again, the draft is kept
    assert "7月18日印发" in (await talk.says(OWNER, "2026-07-18"))[0]


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
            await talk.ticks(at)
        asked += (await talk.messages(OWNER))[before:]
    assert asked
    assert len({message["text"] for message in asked}) == len(asked)
    assert all("是否仍有效" in message["text"] for message in asked)
    await talk.presses(OWNER, "办结")
    async with talk.database.read() as connection:
        key = talk.library.editions[0].key
        states = [row["state"] for row in await tasks.of_report(connection, key)]
    assert states.count("done") == 1


async def test_after_withdrawing_the_messages_that_carried_it_are_listed(talk: Talk) -> None:
    key = await talk.add_sample()
    push_id = await running(talk)
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


# ---- what nobody decided does not go out, what was read can be looked at -----------------------


async def _corrected(talk: Talk) -> tuple[str, str]:
    """A published report, and a draft of its corrected edition of which nobody has decided."""
    old = await talk.add_sample()
    new = await _sends_corrected(talk)
    await talk.presses(OWNER, f"r:{new}:und")
    return old, new


async def test_a_corrected_edition_is_not_out_before_somebody_said_for_whom(talk: Talk) -> None:
    old, new = await _corrected(talk)
    await talk.presses(OWNER, f"r:{new}:rep")
    assert "先定公开范围" in (await talk.toasts())[-1]
    card = (await talk.messages(OWNER))[-1]["message_id"]
    for forged in (f"r:{new}:rep:{old}", f"r:{new}:repyes:{old}", f"r:{new}:go"):
        await talk.press_raw(OWNER, card, forged, OWNER)
        assert "先定公开范围" in (await talk.toasts())[-1]
    assert [edition.key for edition in talk.library.editions] == [old]


async def test_what_became_undecided_again_does_not_publish_itself(talk: Talk) -> None:
    _old, new = await _corrected(talk)
    await talk.presses(OWNER, f"r:{new}:pub")
    await talk.presses(OWNER, f"r:{new}:at")
    await talk.says(OWNER, "明天8:30")
    await talk.presses(OWNER, f"r:{new}:und")
    await talk.ticks(talk.now + timedelta(days=2))
    assert new not in [edition.key for edition in talk.library.editions_for(member=True)]


async def test_the_contents_are_shown_before_anything_is_published(talk: Talk) -> None:
    await talk.sends(OWNER, "a.txt", SAMPLE.read_bytes())
    [shown] = await talk.presses(OWNER, "目录")
    report = digests.parse(SAMPLE.read_bytes(), SAMPLE.name)
    assert report.sections[0].heading[:20] in shown
    assert "草稿" in (await talk.presses(OWNER, "返回"))[0]


async def test_a_note_is_said_to_be_kept_and_its_task_comes_back(talk: Talk) -> None:
    await talk.sends(OWNER, "a.txt", SAMPLE.read_bytes())
    await talk.presses(OWNER, "逐项")
    await talk.presses(OWNER, "2 补注")
    said = await talk.says(OWNER, "以县防指通知为准")
    assert said[0] == "补注已保存。"
    assert "以县防指通知为准" in said[1]


async def test_a_second_file_waits_until_the_first_is_read(talk: Talk) -> None:
    for name, data in (("a.txt", SAMPLE.read_bytes()), ("b.pdf", b"%PDF-1.7 broken")):
        await talk.http.post(
            "/sandbox/messages",
            data={"chat": str(OWNER), "from": str(OWNER), "text": ""},
            files={"document": (name, data)},
        )
    await talk.pump()
    said = [str(m.get("text", "")) for m in await talk.messages(OWNER) if m["from"]["is_bot"]]
    assert "正在读“a.txt”" in said[0]
    assert "草稿" in said[1]
    assert "b.pdf" in said[2]
    assert "草稿" not in said[3]
    assert said[3].endswith("。")


async def test_the_card_leads_to_the_tasks_that_remind(talk: Talk) -> None:
    [*_, card] = await talk.sends(OWNER, "a.txt", SAMPLE.read_bytes())
    report = digests.parse(SAMPLE.read_bytes(), SAMPLE.name)
    found = digests.extract_tasks(report)
    count = sum(any(day >= talk.now.date() for day in task.reminders) for task in found)
    assert f"找到任务{len(found)}项，其中有时限、会提醒的{count}项" in card
    [shown] = await talk.presses(OWNER, f"只看会提醒的{count}项")
    assert f"共{count}项" in shown
    accept = next(word for word in await talk.buttons(OWNER) if word.endswith(":a"))
    [shown] = await talk.presses(OWNER, accept)
    assert f"共{count}项" in shown  # the decision leaves one where one was
    [shown] = await talk.presses(OWNER, f"全部{len(found)}项")
    assert f"共{len(found)}项" in shown


async def test_each_act_on_a_report_leaves_exactly_one_row_of_audit(talk: Talk) -> None:
    await talk.sends(OWNER, "a.txt", SAMPLE.read_bytes())
    key = await _key(talk)
    assert await acts(talk) == ["report.add"]
    await talk.presses(OWNER, f"r:{key}:t:0")
    task = next(word for word in await talk.buttons(OWNER) if word.endswith(":a"))
    steps = [
        (f"r:{key}:pub", "report.publicity"),
        (task, "task.decide"),
        (f"r:{key}:acc", "task.accept"),
        (f"r:{key}:go", "report.publish"),
        (f"r:{key}:wd", ""),  # asks once more
        (f"r:{key}:wd:yes", "report.withdraw"),
        (f"r:{key}:go", "report.publish"),
        (f"r:{key}:title", ""),
    ]
    done = ["report.add"]
    for data, act in steps:
        await talk.forges(OWNER, data)
        done = [act, *done] if act else done
        assert await acts(talk) == done, data
    for words in ("半年报告", "/reports", "/audit"):
        await talk.says(OWNER, words)
    assert await acts(talk) == ["report.correct", *done]


async def _key(talk: Talk) -> str:
    async with talk.database.read() as connection:
        [row] = await reports.everything(connection)
    return str(row["key"])


async def test_after_its_validity_the_card_says_that_nothing_is_pushed(talk: Talk) -> None:
    key = await talk.add_sample()
    async with talk.database.write() as connection:
        await reports.change(
            connection, key, talk.now, valid_until=talk.now.date() - timedelta(days=1)
        )
    await talk.says(OWNER, "/reports")
    [card] = await talk.presses(OWNER, f"r:{key}")
    assert "只供查询，不推送" in card


def test_a_long_list_is_crossed_by_leaps() -> None:
    back = digests.Button("back", data="b")
    pages = [button.data for row in turns("x:", 30, 72, back, str) for button in row]
    assert pages == ["x:0", "x:20", "x:40", "x:72", "x:29", "x:31", "b"]
    assert [button.data for row in turns("x:", 1, 2, back, str) for button in row] == [
        "x:0",
        "x:2",
        "b",
    ]
