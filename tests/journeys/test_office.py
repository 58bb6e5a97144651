"""What an office clerk does in the chat, and what readers then get."""

from pathlib import Path

from tests.journeys.conftest import SAMPLE, Raise
from tests.journeys.world import GROUP, OWNER, READER, words_of

NOTICE = "今晚八点停水检修，请各村提前储水。"


async def test_a_scheduled_broadcast_arrives_at_its_time_and_adds_up(stage: Raise) -> None:
    play = await stage()
    await play.world.says(READER, "/start")
    await play.world.hears(READER, "您好")
    await play.world.says(OWNER, "/broadcast")
    await play.world.hears(OWNER, "请发来")
    await play.world.says(OWNER, NOTICE)
    await play.world.hears(OWNER, "什么时候")
    await play.world.says(OWNER, "明天8点半")
    await play.world.hears(OWNER, "1人", "8:30", "北京时间")
    await play.world.presses(OWNER, "确认")
    await play.world.hears(OWNER, "8:30")
    await play.world.reads(READER)
    await play.morning("2026-07-21", "08:29")
    assert NOTICE not in [words_of(m) for m in await play.world.unread(READER)]
    await play.morning("2026-07-21", "08:31")
    assert NOTICE in [words_of(m) for m in await play.world.unread(READER)]
    await play.world.says(OWNER, "/pushes")
    await play.world.hears(OWNER, "停水检修")


async def test_a_stranger_cannot_broadcast(stage: Raise) -> None:
    play = await stage()
    await play.world.says(READER, "/broadcast")
    await play.world.hears(READER, "管理员")
    await play.world.says(READER, NOTICE)
    await play.world.stays_silent(OWNER)
    await play.world.stays_silent(GROUP)


async def test_a_report_sent_as_a_file_is_read_shown_and_published(
    stage: Raise, mission: Path
) -> None:
    play = await stage(SAMPLE)
    await play.world.sends(OWNER, "全会报告.txt", mission.read_bytes())
    await play.world.hears(OWNER, "绍兴市委办公室", within_s=30)
    await play.world.presses(OWNER, "任务全部采用")
    await play.world.hears(OWNER, "待定0项")
    await play.world.presses(OWNER, "可公开")
    await play.world.hears(OWNER, "公开范围：可公开")
    await play.world.presses(OWNER, "现在发布")
    await play.world.hears(OWNER, "已发布")
    await play.world.says(READER, "村社组织换届")
    await play.world.hears(READER, "一肩挑")


async def test_a_withdrawn_report_is_answered_as_withdrawn(stage: Raise) -> None:
    play = await stage(SAMPLE)
    await play.world.says(READER, "/start")
    await play.world.hears(READER, "您好")
    await play.morning("2026-07-20")
    await play.world.hears(READER, "今日摘编")
    await play.world.says(OWNER, "/reports")
    await play.world.hears(OWNER, "云澜")
    await play.world.presses(OWNER, "1")
    await play.world.hears(OWNER, "状态：已发布")
    await play.world.presses(OWNER, "撤下")
    await play.world.hears(OWNER, "要撤下吗")
    await play.world.presses(OWNER, "撤下")
    await play.world.hears(OWNER, "状态：已撤下")
    since = (await play.world.calls())[-1]["n"]
    await play.world.presses(READER, "看全节")
    answers = await play.world.answers(since)
    assert "已撤下" in answers[0]["params"]["text"]
    await play.world.says(READER, "防汛")
    await play.world.hears(READER, "该材料已撤下", "自动发来")


async def test_a_file_that_is_no_report_gets_one_sentence(stage: Raise) -> None:
    play = await stage(SAMPLE)
    await play.world.sends(OWNER, "照片.txt", b"\x89PNG\r\n\x1a\n" + bytes(500))
    await play.world.hears(OWNER, "图片", within_s=30)


async def test_an_admin_is_answered_ahead_of_a_crowd(stage: Raise) -> None:
    play = await stage(SAMPLE)
    first = (await play.world.control("crowds", {"count": 900}))["first"]
    await play.world.hears(first, "您好")
    await play.world.says(OWNER, "/halt")
    await play.world.hears(OWNER, "停")
    answered = await play.world.calls("sendMessage")
    assert len(answered) < 900  # in order of arrival it would have been the last
