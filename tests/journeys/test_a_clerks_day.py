"""A notice in a small office: written, reviewed by three, sent with 已阅, and taken back."""

import asyncio
import re

from bot.settings import Push
from tests.journeys.conftest import Raise, Stage
from tests.journeys.world import OWNER, READER, World, words_of

FIRST, SECOND, FINAL = 1003, 1004, 1005
NOTICE = "今晚八点停水检修，请各村提前储水。"


async def _joins(world: World, user: int, role: str) -> None:
    if user != FIRST:
        await world.control("users", {"id": user, "name": "王某", "language": "zh-hans"})
    await world.says(OWNER, "/admins")
    await world.hears(OWNER, "管理员")
    await world.presses(OWNER, f"+ {role}")
    link = words_of(await world.hears(OWNER, "start=own_"))
    await world.says(user, "/start " + link.split("start=")[1].strip())
    await world.hears(user, role)


async def _written(play: Stage) -> None:
    world = play.world
    await world.says(OWNER, "/broadcast")
    await world.hears(OWNER, "请发来")
    await world.says(OWNER, NOTICE.replace("检修", "检修换界"))
    await world.hears(OWNER, "什么时候")
    await world.says(OWNER, "昨天8点")
    await world.hears(OWNER, "没有排上", "已过")
    await world.presses(OWNER, "明天8:30")
    await world.hears(OWNER, "“换界”疑为“换届”", "初审 待审 → 复审 待审 → 终审 待审")
    await world.presses(OWNER, "改内容")
    await world.hears(OWNER, "请重新发来")
    await world.says(OWNER, NOTICE)
    await world.hears(OWNER, "初审 待审")
    await world.presses(OWNER, "签收")
    await world.hears(OWNER, "“已阅”")
    await world.presses(OWNER, "次日12:00")
    await world.hears(OWNER, NOTICE, "截止7月22日")
    await world.hears(OWNER, "初审 待审")  # the card under it
    await world.presses(OWNER, "提交审核")
    await world.hears(OWNER, "待审")


async def _reviewed(play: Stage) -> None:
    world = play.world
    await world.hears(FIRST, "初审 待审", within_s=30)
    await world.presses(FIRST, "批准")
    await world.hears(SECOND, "✓ → 复审 待审", within_s=30)
    await world.presses(SECOND, "退回")
    await world.hears(SECOND, "退回原因")
    await world.presses(SECOND, "时间不妥")
    await world.hears(OWNER, "王×退回：时间不妥", within_s=30)
    await world.presses(OWNER, "查看")
    await world.hears(OWNER, "退回：时间不妥")
    await world.presses(OWNER, "改")
    await world.hears(OWNER, "初审 待审")
    await world.presses(OWNER, "改时间")
    await world.hears(OWNER, "什么时候")
    await world.says(OWNER, "明天9点")
    await world.hears(OWNER, "9:00", "初审 待审")
    await world.presses(OWNER, "提交审核")
    for user, line in ((FIRST, "初审 待审"), (SECOND, "✓ → 复审"), (FINAL, "✓ → 终审 待审")):
        await world.hears(user, "9:00", line, within_s=30)
        await world.presses(user, "批准")
    await world.hears(FINAL, "已排定", within_s=30)


async def _taken_back(play: Stage) -> None:
    world = play.world
    await world.says(OWNER, "/pushes")
    listed = words_of(await world.hears(OWNER, "发送情况", "停水检修"))
    [number] = re.findall(r"^(\d+)  今晚八点停水检修", listed, re.MULTILINE)
    await world.presses(OWNER, number)
    await world.hears(OWNER, "已完成", "签收：已阅1")
    await world.presses(OWNER, "撤回已发的消息")
    await world.hears(OWNER, "要撤回")
    await world.presses(OWNER, "撤回")
    for _ in range(200):
        if not any(NOTICE in words_of(m) for m in await world.messages(READER)):
            break
        await play.app.tick(play.sandbox.clock.now())
        await asyncio.sleep(0.05)
    assert not any(NOTICE in words_of(m) for m in await world.messages(READER))
    card = words_of(await world.hears(OWNER, "撤回：计划", "待办0", within_s=30))
    line = next(line for line in card.splitlines() if line.startswith("撤回："))
    planned, *outcomes = [int(number) for number in re.findall(r"\d+", line)]
    assert planned == sum(outcomes)


async def test_a_notice_is_reviewed_by_three_acknowledged_and_taken_back(stage: Raise) -> None:
    play = await stage(push=Push(review_stages=3, quiet_hours=None))
    world = play.world
    await world.says(READER, "/start")
    await world.hears(READER, "您好")
    for user, role in ((FIRST, "编辑"), (SECOND, "编辑"), (FINAL, "所有者")):
        await _joins(world, user, role)
    await _written(play)
    await _reviewed(play)
    await play.morning("2026-07-21", "09:02")
    message = await world.hears(READER, NOTICE, within_s=30)
    assert "只统计是否收到，不排名" in words_of(message)
    await world.presses(READER, "已阅")
    for _ in range(200):
        newest = next(m for m in await world.messages(READER) if NOTICE in words_of(m))
        shown = newest["reply_markup"]["inline_keyboard"][0][0]["text"]
        if shown != "已阅":
            break
        await asyncio.sleep(0.05)
    assert shown == "已阅 9:02"
    await _taken_back(play)
