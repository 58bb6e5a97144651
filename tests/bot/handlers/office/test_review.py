"""Ordered review: who may pass which stage, what an act binds, what the author and the file see."""

import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot import handlers
from bot.domain.content import html_content
from bot.handlers.office.tracing import write_form
from bot.storage import broadcasts, chats, reviews, schema
from bot.storage.broadcasts import Plan
from tests.bot.handlers.office.clerks import (
    OWNER,
    READER,
    REVIEWER,
    acts,
    broadcast,
    button,
    drafted,
    invited,
)

Talk = Any  # tests/bot/handlers/conftest.py
SECOND, THIRD = 1004, 1005


async def _office(talk: Talk, stages: int, **people: str) -> None:
    """So many stages; editor 1003 and, where named, second=… and third=… with their roles."""
    await talk.open(stages=stages)
    await handlers.owner_link(talk.desk, talk.now)
    await talk.says(READER, "/start")
    await invited(talk, REVIEWER, "editor")
    for user, role in zip((SECOND, THIRD), people.values(), strict=False):
        await talk.control("users", {"id": user, "name": "王某", "language": "zh-hans"})
        await invited(talk, user, role)


async def _submitted(talk: Talk, stages: int = 1, **people: str) -> None:
    await _office(talk, stages, **people)
    await talk.presses(OWNER, await drafted(talk))


async def _press_again(talk: Talk, user: int, data: str) -> str:
    """A button from somewhere else or long ago; what is shown over the chat."""
    card = (await talk.messages(user))[-1]["message_id"]
    await talk.press_raw(user, card, data, user)
    return str((await talk.toasts())[-1])


async def _card(talk: Talk, user: int) -> str:
    return str((await talk.messages(user))[-1]["text"])


async def test_a_second_person_approves_what_they_saw(talk: Talk) -> None:
    await _submitted(talk)
    assert (await broadcast(talk))["state"] == "review"
    assert not any(":ok:" in word for word in await talk.buttons(OWNER))
    forged = (await talk.buttons(REVIEWER))[0]
    assert forged.startswith("bc:1:ok:")
    card = (await talk.messages(OWNER))[-1]["message_id"]
    await talk.press_raw(OWNER, card, forged, OWNER)
    assert "另一位同事" in (await talk.toasts())[-1]
    await talk.presses(REVIEWER, forged)
    row = await broadcast(talk)
    assert (row["state"], row["approved_by"]) == ("scheduled", REVIEWER)
    assert "broadcast.approve" in await acts(talk)


async def test_an_edit_voids_the_card_of_the_approver(talk: Talk) -> None:
    await _submitted(talk)
    old = (await talk.buttons(REVIEWER))[0]
    card = (await talk.messages(REVIEWER))[-1]["message_id"]
    await talk.presses(OWNER, "bc:1:edit")
    await talk.presses(OWNER, "b:text")
    await talk.says(OWNER, "改了一个字的通知内容")
    ok = button(await talk.buttons(OWNER), "b:ok:")
    await talk.presses(OWNER, ok)
    await talk.press_raw(REVIEWER, card, old, REVIEWER)
    assert "内容有改动" in (await talk.toasts())[-1]
    assert (await broadcast(talk))["state"] == "review"


async def test_sending_back_returns_it_to_its_author(talk: Talk) -> None:
    await _submitted(talk)
    await talk.presses(REVIEWER, "退回")
    assert (await broadcast(talk))["state"] == "review"  # it asks for the reason first
    await talk.presses(REVIEWER, "时间不妥")
    assert (await broadcast(talk))["state"] == "draft"
    told = await _card(talk, OWNER)
    assert "退回：时间不妥" in told
    assert "退回：时间不妥" in (await talk.presses(OWNER, "bc:1"))[-1]


async def test_whoever_approves_sees_to_whom_it_goes_and_until_when(talk: Talk) -> None:
    await _submitted(talk)
    card = (await talk.messages(REVIEWER))[-1]["text"]
    assert "发给：全部订阅者" in card
    assert "后不再补发" in card


async def test_whoever_approves_sees_what_was_found_and_why_it_stays(talk: Talk) -> None:
    await _office(talk, 1)
    await talk.says(REVIEWER, "/start")
    async with talk.database.write() as connection:
        mine = {"language": "en", "zone": "Europe/London"}
        await chats.choose(connection, REVIEWER, talk.desk.office.hours, talk.now, **mine)
    await talk.says(OWNER, "/broadcast 请____前报送，7月21日（周三）截止")
    await talk.says(OWNER, "明天9点")
    await talk.presses(OWNER, button(await talk.buttons(OWNER), "b:why:"))
    await talk.says(OWNER, "按领导审定稿")
    await talk.presses(OWNER, button(await talk.buttons(OWNER), "b:ok:"))
    first = (await talk.messages(REVIEWER))[-1]["text"]
    await talk.says(REVIEWER, "/pushes")
    [opened] = await talk.presses(REVIEWER, "bc:1")
    await talk.ticks()
    for card in (first, opened, (await talk.messages(REVIEWER))[-1]["text"]):
        assert "⚠ “____” looks like a blank that was not filled in." in card
        assert "21 Jul is a Tuesday" in card
        assert "Kept because: 按领导审定稿" in card
        assert "2:00 (London time)" in card
        assert str(OWNER) in card
        assert "Written by: " in card


async def test_what_was_sent_back_is_changed_and_submitted_again(talk: Talk) -> None:
    await _submitted(talk)
    await talk.presses(REVIEWER, "退回")
    await talk.presses(REVIEWER, "自己写")
    await talk.says(REVIEWER, "第二段与原文不符")
    assert "第二段与原文不符" in await _card(talk, OWNER)
    await talk.presses(OWNER, "bc:1")
    await talk.presses(OWNER, "bc:1:edit")
    await talk.presses(OWNER, "b:text")
    await talk.says(OWNER, "改好了的通知内容")
    ok = button(await talk.buttons(OWNER), "b:ok:")
    await talk.presses(OWNER, ok)
    assert (await broadcast(talk))["state"] == "review"


# ---- 初审 → 复审 → 终审 ------------------------------------------------------------------------


async def test_three_stages_are_three_people_in_order(talk: Talk) -> None:
    await _office(talk, 3, second="editor", third="owner")
    asked = {user: len(await talk.messages(user)) for user in (REVIEWER, SECOND, THIRD)}
    await drafted(talk)
    assert "初审 待审 → 复审 待审 → 终审 待审" in await _card(talk, OWNER)
    assert "改一个字，审核从头来" in await _card(talk, OWNER)
    await talk.presses(OWNER, "b:ok:" + (await _seen(talk)))
    for user in (REVIEWER, SECOND):
        assert len(await talk.messages(user)) == asked[user] + 2
    assert len(await talk.messages(THIRD)) == asked[THIRD]  # needed for the final stage
    await talk.presses(REVIEWER, "批准")
    assert "初审 " in await _card(talk, SECOND)
    assert " ✓ → 复审 待审 → 终审 待审" in await _card(talk, SECOND)
    await talk.presses(SECOND, "批准")
    assert (await broadcast(talk))["state"] == "review"
    card = await _card(talk, THIRD)
    assert "复审 王× 7月20日" in card
    await talk.presses(THIRD, "批准")
    row = await broadcast(talk)
    assert (row["state"], row["stage"], row["approved_by"]) == ("scheduled", 3, THIRD)
    assert "终审 王× 7月20日" in await _card(talk, THIRD)
    assert (await acts(talk)).count("broadcast.approve") == 3
    assert "已审核通过" in await _card(talk, OWNER)


async def _seen(talk: Talk) -> str:
    return button(await talk.buttons(OWNER), "b:ok:").removeprefix("b:ok:")


async def test_nobody_passes_two_stages(talk: Talk) -> None:
    await _submitted(talk, 3, second="editor", third="owner")
    await talk.presses(REVIEWER, "批准")
    for_another = button(await talk.buttons(SECOND), "bc:1:ok:")
    assert "已审过" in await _press_again(talk, REVIEWER, for_another)
    assert "另一位同事" in await _press_again(talk, OWNER, for_another)
    assert (await broadcast(talk))["stage"] == 1


async def test_the_final_stage_is_an_owners(talk: Talk) -> None:
    await _submitted(talk, 2, second="editor", third="owner")
    await talk.presses(REVIEWER, "批准")
    for_the_owner = button(await talk.buttons(THIRD), "bc:1:ok:")
    assert "请联系所有者" in await _press_again(talk, SECOND, for_the_owner)
    await talk.presses(THIRD, "批准")
    assert (await broadcast(talk))["state"] == "scheduled"


async def test_of_two_reviewers_at_the_same_second_one_is_told_so(talk: Talk) -> None:
    await _submitted(talk, 3, second="editor", third="owner")
    presses = []
    for user in (REVIEWER, SECOND):
        card = (await talk.messages(user))[-1]["message_id"]
        data = button(await talk.buttons(user), "bc:1:ok:")
        presses.append({"chat": user, "from": user, "message_id": card, "data": data})
    for press in presses:
        await talk.control("presses", press)
    await talk.pump()
    assert (await broadcast(talk))["stage"] == 1
    assert any("刚由同事审过" in words for words in await talk.toasts())


async def test_a_reviewer_who_lost_the_role_cannot_act_any_more(talk: Talk) -> None:
    await _submitted(talk, 1, second="editor")
    data = button(await talk.buttons(REVIEWER), "bc:1:ok:")
    for role, why in (("viewer", "请联系所有者"), ("none", "管理员")):
        await talk.says(OWNER, "/admins")
        await talk.presses(OWNER, f"a:{REVIEWER}")
        await talk.presses(OWNER, f"a:{REVIEWER}:{role}")
        assert why in await _press_again(talk, REVIEWER, data)
    assert (await broadcast(talk))["state"] == "review"


async def test_an_edit_voids_every_stage_even_when_it_is_undone(talk: Talk) -> None:
    await _submitted(talk, 2, second="owner")
    old = button(await talk.buttons(REVIEWER), "bc:1:ok:")
    await talk.presses(REVIEWER, "批准")
    before = await broadcast(talk)
    await talk.presses(OWNER, "bc:1:edit")
    await talk.presses(OWNER, "b:ok:" + (await _seen(talk)))
    row = await broadcast(talk)
    assert row["bound_sha256"] == before["bound_sha256"]
    assert (row["state"], row["stage"], row["round"]) == ("review", 0, 2)
    assert "内容有改动" in await _press_again(talk, REVIEWER, old)
    assert "初审 待审 → 终审 待审" in await _card(talk, REVIEWER)


async def test_an_office_too_small_for_its_stages_hears_it_before_submitting(talk: Talk) -> None:
    await _office(talk, 3)
    await talk.says(OWNER, "/broadcast 请各村社报送情况")
    said = await talk.says(OWNER, "明天9点")
    assert "要审核3级" in said[-1]
    assert not any(word.startswith("b:ok") for word in await talk.buttons(OWNER))


async def test_sending_back_is_bound_to_what_was_seen(talk: Talk) -> None:
    await _submitted(talk)
    await talk.presses(REVIEWER, "退回")
    old = next(word for word in await talk.buttons(REVIEWER) if word.endswith("-0"))
    await talk.presses(OWNER, "bc:1:edit")
    await talk.presses(OWNER, "b:ok:" + (await _seen(talk)))
    assert "内容有改动" in await _press_again(talk, REVIEWER, old)
    assert (await broadcast(talk))["state"] == "review"


async def test_the_form_holds_every_round(talk: Talk, tmp_path: Path) -> None:
    await _submitted(talk)
    await talk.presses(REVIEWER, "退回")
    await talk.presses(REVIEWER, "文字需修改")
    await talk.presses(OWNER, "bc:1:edit")
    await talk.presses(OWNER, "b:ok:" + (await _seen(talk)))
    await talk.presses(REVIEWER, "批准")
    assert "推送审核单" in (await talk.presses(REVIEWER, "审核单"))[-1]
    async with talk.database.read() as connection:
        kept = await reviews.of_broadcast(connection, 1)
    assert [(act["round"], act["stage"], act["verdict"]) for act in kept] == [
        (1, 0, "submitted"),
        (1, 1, "returned"),
        (2, 0, "submitted"),
        (2, 1, "approved"),
    ]
    write_form(tmp_path / "form.xlsx", "=1+1", [("甲", "=乙")])
    with zipfile.ZipFile(tmp_path / "form.xlsx") as book:
        assert "=乙" in book.read("xl/sharedStrings.xml").decode()


async def test_of_two_who_change_one_broadcast_the_second_is_told(talk: Talk) -> None:
    await _office(talk, 0)
    await talk.presses(OWNER, await drafted(talk))
    await talk.presses(OWNER, "bc:1:edit")
    await talk.says(REVIEWER, "/pushes")
    await talk.press_raw(
        REVIEWER, (await talk.messages(REVIEWER))[-1]["message_id"], "bc:1:edit", REVIEWER
    )
    await talk.presses(OWNER, "b:text")
    await talk.says(OWNER, "先改好的一份内容")
    await talk.presses(OWNER, "b:ok:" + (await _seen(talk)))
    await talk.presses(REVIEWER, button(await talk.buttons(REVIEWER), "b:ok:"))
    assert "已被同事改过" in (await talk.toasts())[-1]
    assert (await broadcast(talk))["content"]["text"] == "先改好的一份内容"


async def test_who_changed_it_does_not_approve_it(talk: Talk) -> None:
    """Whoever submits it anew is an author too, whoever began it."""
    await _submitted(talk, 1, second="editor")
    await talk.presses(REVIEWER, "bc:1:edit")
    await talk.presses(REVIEWER, "b:text")
    await talk.says(REVIEWER, "由审核人改写的内容")
    await talk.presses(REVIEWER, button(await talk.buttons(REVIEWER), "b:ok:"))
    assert (await broadcast(talk))["state"] == "review"
    for_another = button(await talk.buttons(SECOND), "bc:1:ok:")
    for user in (REVIEWER, OWNER):
        assert "另一位同事" in await _press_again(talk, user, for_another)
    await talk.presses(SECOND, "批准")
    assert (await broadcast(talk))["approved_by"] == SECOND


async def _from_the_command_line(talk: Talk) -> None:
    """What `policybot broadcast` leaves where review is asked for."""
    plan = Plan(html_content("通知一则"), talk.now + timedelta(hours=2))
    async with talk.database.write() as connection:
        draft = broadcasts.BroadcastState.DRAFT
        number = await broadcasts.add(connection, plan, now=talk.now, state=draft)
        await reviews.submit(connection, number, plan, (None, "policybot"), talk.now)


async def test_what_the_operator_submits_is_asked_about_once(talk: Talk) -> None:
    await _office(talk, 1)
    await _from_the_command_line(talk)
    before = len(await talk.messages(REVIEWER))
    for _ in range(3):
        await talk.ticks()
    asked = [message["text"] for message in (await talk.messages(REVIEWER))[before:]]
    assert asked[0] == "通知一则"
    assert "起草：policybot" in asked[1]
    assert len(asked) == 2
    await talk.presses(REVIEWER, button(await talk.buttons(REVIEWER), "bc:1:ok:"))
    assert (await broadcast(talk))["state"] == "scheduled"


async def test_reviewers_are_asked_though_the_program_ended_before_it_could(talk: Talk) -> None:
    await _office(talk, 2, second="owner")
    await _from_the_command_line(talk)
    await talk.ticks()
    await talk.presses(REVIEWER, button(await talk.buttons(REVIEWER), "bc:1:ok:"))
    async with talk.database.write() as connection:  # as if it had ended right after the press
        await connection.execute(schema.audits.delete().where(schema.audits.c.subject == "1:1:1"))
    before = len(await talk.messages(SECOND))
    await talk.ticks()
    assert len(await talk.messages(SECOND)) == before + 2
