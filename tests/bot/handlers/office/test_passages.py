"""摘发管理 in the chat: what is proposed at import, and that every way to a passage obeys."""

from datetime import timedelta
from typing import Any

import pytest

import digests
from bot import handlers
from bot.domain.message import Lane, OnUnknown, PushKind, PushState
from bot.storage import pushes, schema
from tests.bot.handlers.conftest import GROUP
from tests.bot.handlers.office.clerks import OWNER, READER, REVIEWER, acts, button, invited

Talk = Any  # tests/bot/handlers/conftest.py
WORDS = "森林防火"  # our own words, in a report of our own
TEXT = f"""关于半年工作的报告

一、回顾
（一）平安建设。今年以来，依法打击邪教组织，妥善处置越级上访三起。各村{WORDS}责任全部压实到人。
二、打算
（一）抓好防汛。各村要在台汛期前完成隐患排查，落实转移路线和安置点，确保不落一户、不漏一人。
（二）抓好换届。各村要在年底前完成换届任务，选优配强班子，严明纪律，确保风清气正。

云岚市委办公室 2026年7月17日印发
"""


@pytest.fixture
async def key(talk: Talk) -> str:
    """A report of ours, read from a file, public and published."""
    await talk.says(READER, "/start")
    await talk.sends(OWNER, "a.txt", TEXT.encode())
    found = (await talk.buttons(OWNER))[0].split(":")[1]
    for act in ("pub", "acc", "go"):
        await talk.presses(OWNER, f"r:{found}:{act}")
    return str(found)


async def _decide(talk: Talk, key: str, address: str, words: str, place: int = 0) -> list[str]:
    """Open a section's page by its number, and press a button of the place-th passage."""
    await talk.says(OWNER, address)
    await talk.presses(OWNER, "定摘发")
    data = [word for word in await talk.buttons(OWNER) if word.startswith("w:")]
    letter = {"可摘发": "p", "只供查阅": "a", "不出现": "h"}[words]
    chosen = [word for word in data if f":{letter}:" in word][place]
    said: list[str] = await talk.presses(OWNER, chosen)
    return said


async def _inline(talk: Talk, query: str) -> str:
    before = (await talk.control("calls?method=answerInlineQuery&since=0", method="GET"))["calls"]
    import asyncio

    asked = asyncio.create_task(talk.control("inline", {"from": READER, "query": query}))
    while True:
        await talk.pump()
        calls = await talk.control("calls?method=answerInlineQuery&since=0", method="GET")
        if len(calls["calls"]) > len(before):
            break
        await asyncio.sleep(0.01)
    return str(await asked)


async def test_what_stood_out_is_listed_when_a_report_comes_in(talk: Talk, key: str) -> None:
    await talk.says(OWNER, "/reports")
    card = (await talk.presses(OWNER, f"r:{key}"))[0]
    assert "摘发：待定1处" in card
    listed = (await talk.presses(OWNER, f"r:{key}:x:0"))[0]
    assert "信访" in listed
    await talk.presses(OWNER, "可摘发")
    assert "摘发：待定0处" in (await talk.presses(OWNER, f"r:{key}"))[0]
    assert "passage.handle" in await acts(talk)
    assert "定摘发：" in (await talk.says(OWNER, "/audit"))[0]


async def test_a_hidden_sentence_is_neither_found_nor_shown(talk: Talk, key: str) -> None:
    [old] = [m for m in [await _found(talk)] if m]
    assert "✓" not in "".join(await talk.says(OWNER, "一（一）"))
    await _decide(talk, key, "一（一）", "不出现", place=2)
    assert WORDS not in "".join(await talk.says(READER, WORDS)).replace(f"“{WORDS}”", "")
    page = (await talk.says(READER, "一（一）"))[0]
    assert WORDS not in page
    assert "……" in page
    group = "".join(await talk.says(READER, f"@policy_digest_bot {WORDS}", chat=GROUP))
    assert "责任全部压实" not in group
    assert "责任全部压实" not in await _inline(talk, WORDS)
    message, data = old
    await talk.press_raw(READER, message, data, READER)
    assert "责任全部压实" not in str((await talk.messages(READER))[-1])


async def _found(talk: Talk) -> tuple[int, str] | None:
    """The message and a button of a look-up made before."""
    await talk.says(READER, WORDS)
    message = (await talk.messages(READER))[-1]
    data = next((d for d in await talk.buttons(READER) if d[:2] in {"x:", "p:", "h:"}), None)
    return None if data is None else (message["message_id"], data)


async def test_a_hidden_section_is_gone_from_contents_tasks_and_old_buttons(
    talk: Talk, key: str
) -> None:
    await talk.says(READER, "二（二）")
    message = (await talk.messages(READER))[-1]["message_id"]
    assert "换届" in "".join(await talk.says(READER, "/tasks"))
    await _decide(talk, key, "二（二）", "不出现")
    await talk.press_raw(READER, message, f"s:{key}:2.2", READER)
    assert "目录" in (await talk.toasts())[-1]
    await talk.says(READER, "/contents")
    assert "换届" not in str((await talk.messages(READER))[-1])
    assert "换届" not in "".join(await talk.says(READER, "/tasks"))
    assert "换届任务" not in "".join(await talk.says(READER, "换届任务")).replace("“换届任务”", "")


async def test_an_editor_takes_a_decision_back(talk: Talk, key: str) -> None:
    await _decide(talk, key, "二（二）", "不出现")
    await talk.says(OWNER, "/reports")
    await talk.presses(OWNER, f"r:{key}")
    listed = (await talk.presses(OWNER, f"r:{key}:x:0"))[0]
    assert "不出现" in listed
    await talk.presses(OWNER, "✓ 不出现")
    assert "换届任务" in (await talk.says(READER, "二（二）"))[0]


async def test_what_is_only_looked_up_is_found_and_never_pushed(talk: Talk, key: str) -> None:
    for address in ("二（一）", "二（二）"):
        await _decide(talk, key, address, "只供查阅")
    assert "换届任务" in "".join(await talk.says(READER, "换届任务"))
    [edition] = talk.library.editions
    assert all(task.reminders == () for task in edition.tasks)
    for day in range(40):
        digest = digests.compose([edition], talk.now.date() + timedelta(days=day))
        words = digest.excerpt.quote if digest.excerpt else ""
        assert "换届任务" not in words
        assert "隐患排查" not in words
        assert "邪教" not in words


async def test_readers_see_no_button_for_it_and_viewers_cannot_press(talk: Talk, key: str) -> None:
    await talk.says(READER, "二（二）")
    assert not any(word.startswith("ws:") for word in await talk.buttons(READER))
    await handlers.owner_link(talk.desk, talk.now)
    await invited(talk, REVIEWER, "viewer")
    await talk.says(REVIEWER, "二（二）")
    await talk.presses(REVIEWER, "定摘发")
    await talk.presses(REVIEWER, button(await talk.buttons(REVIEWER), "w:"))
    assert "请联系所有者" in (await talk.toasts())[-1]
    message = (await talk.messages(READER))[-1]["message_id"]
    for data in (f"w:{key}:0:20:h:o-0", f"ws:{key}:2.2"):
        await talk.press_raw(READER, message, data, READER)
        assert "管理员" in (await talk.toasts())[-1]


@pytest.mark.parametrize(
    "data",
    [
        "w:{key}:3:9:h:o-0",
        "w:{key}:0:99999:h:o-0",
        "w:{key}:9:3:h:o-0",
        "w:{key}:a:b:h:o-0",
        "w:{key}:0:5:z:o-0",
        "w:00000000:0:5:h:o-0",
        "w:{key}",
        "ws:{key}:9.9.9",
        "ws:{key}:2:x",
    ],
)
async def test_a_forged_span_cuts_no_sentence(talk: Talk, key: str, data: str) -> None:
    before = [edition.report for edition in talk.library.editions]
    message = (await talk.messages(OWNER))[-1]["message_id"]
    await talk.press_raw(OWNER, message, data.format(key=key), OWNER)
    assert (await talk.toasts())[-1]
    assert [edition.report for edition in talk.library.editions] == before


async def test_what_waits_with_a_hidden_passage_is_called_back(talk: Talk, key: str) -> None:
    now = talk.now
    async with talk.database.write() as connection:
        push = await pushes.create(
            connection,
            pushes.NewPush(
                PushKind.DIGEST,
                "2026-07-20",
                Lane.DIGEST,
                now,
                now + timedelta(hours=4),
                OnUnknown.LEAVE,
                state=PushState.RUNNING,
            ),
            now,
        )
        for chat, words in (
            (1, "各村要在年底前<b>完成换届任务</b>，选优配强班子，严明纪律"),
            (2, "各村要在台汛期前完成"),
        ):
            part = {"method": "sendMessage", "body": {"text": words}}
            why = {"sections": [f"{key}:2.{chat}"], "tasks": []}
            variant = await pushes.add_variant(
                connection, push, pushes.Variant(str(chat), [part], why)
            )
            await connection.execute(
                schema.outbox.insert().values(
                    push_id=push,
                    chat_id=chat,
                    part=0,
                    variant_id=variant,
                    state="queued",
                    turn=0,
                    not_before=now,
                    not_after=now,
                    changed_at=now,
                )
            )
    await _decide(talk, key, "二（二）", "不出现")
    async with talk.database.read() as connection:
        sums = await pushes.sums(connection, push)
    assert (sums["skipped"], sums["waiting"]) == (1, 1)


async def test_a_corrected_edition_keeps_what_was_decided(talk: Talk, key: str) -> None:
    """What is hidden does not come back by a correction; what is not in it any more is told."""
    await _decide(talk, key, "二（二）", "不出现")
    await _decide(talk, key, "二（一）", "只供查阅")
    newer = TEXT.replace("隐患排查", "隐患大排查")
    await talk.sends(OWNER, "b.txt", newer.encode())
    new = (await talk.buttons(OWNER))[0].split(":")[1]
    for act in ("pub", f"rep:{key}", f"repyes:{key}"):
        card = (await talk.messages(OWNER))[-1]["message_id"]
        await talk.press_raw(OWNER, card, f"r:{new}:{act}", OWNER)
    assert "有1处摘发决定" in (await talk.toasts())[-1]
    [edition] = talk.library.editions
    assert edition.key == new
    assert "换届任务" not in edition.report.text
    assert "隐患大排查" in edition.report.text


async def test_what_is_only_looked_up_is_not_sent_without_a_reason(talk: Talk, key: str) -> None:
    await _decide(talk, key, "二（二）", "只供查阅")
    await talk.says(OWNER, "/broadcast")
    await talk.says(OWNER, "=二（二）")
    said = await talk.says(OWNER, "明天9点")
    assert "按摘发管理只供查阅" in said[-1]
    assert any(word.startswith("b:why:") for word in await talk.buttons(OWNER))
