"""What an office sends late waits for the morning, and a morning brings one message."""

from datetime import timedelta
from typing import Any

from bot.domain.bundle import BETWEEN
from bot.storage import pushes
from tests.journeys.conftest import Raise, Stage
from tests.journeys.world import OWNER, READER, words_of

FIRST, SECOND = "今晚八点停水检修，请提前储水。", "明早七点半集合，请带雨具。"


async def _schedules(play: Stage, text: str, when: str) -> None:
    await play.world.says(OWNER, "/broadcast")
    await play.world.hears(OWNER, "请发来")
    await play.world.says(OWNER, text)
    await play.world.hears(OWNER, "什么时候")
    await play.world.says(OWNER, when)
    await play.world.hears(OWNER, "发给", "北京时间", within_s=30)
    await play.world.presses(OWNER, "确认")
    await play.world.hears(OWNER, "已排定", within_s=30)


async def _sums(play: Stage) -> list[dict[str, Any]]:
    async with play.app.database.read() as connection:
        known = [row for row in await pushes.latest(connection, 50) if row["kind"] == "broadcast"]
        return [await pushes.sums(connection, row["id"]) for row in known]


async def test_two_broadcasts_of_an_evening_and_the_digest_are_one_message(stage: Raise) -> None:
    play = await stage()
    await play.world.says(READER, "/start")
    await play.world.hears(READER, "您好")
    await play.world.says(READER, "设置")
    await play.world.hears(READER, "设置", "下一条")
    await play.world.presses(READER, "时间")
    await play.world.hears(READER, "几点发")
    await play.world.presses(READER, "7:00")
    await _schedules(play, FIRST, "今天21:30")
    await _schedules(play, SECOND, "今天22:30")
    await play.morning("2026-07-20", "23:59")
    await play.world.reads(READER)
    await play.morning("2026-07-21", "06:59")
    await play.world.stays_silent(READER)
    await play.morning("2026-07-21", "07:01")
    (message,) = await play.world.unread(READER)
    words = words_of(message)
    assert words.startswith(FIRST + BETWEEN + SECOND + BETWEEN + "7月21日")
    assert "今日摘编" in words
    quotes = [e for e in message["entities"] if e["type"] == "blockquote"]
    assert quotes  # the digest keeps its form
    assert [key for key in ("看全节", "设置") if key in str(message["reply_markup"])]
    for sums in await _sums(play):
        assert sums["planned"] == sums["sent"] == 1


async def test_before_a_last_week_the_office_is_asked_also_when_the_clock_is_moved(
    stage: Raise,
) -> None:
    play = await stage()
    await play.world.says(OWNER, "/help")
    today = play.app.clock().date()
    last_weeks = [
        day
        for edition in play.app.library.editions
        for task in edition.tasks
        if task.kind == "dated" and task.last is not None
        for day in task.reminders
        if today + timedelta(days=3) < day <= task.last <= day + timedelta(days=10)
    ]
    before = min(last_weeks) - timedelta(days=1)
    await play.morning(before.isoformat(), "09:05")
    await play.world.hears(OWNER, "是否仍有效")
