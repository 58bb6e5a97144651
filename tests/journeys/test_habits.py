"""What a reader chooses, and what then comes as the days go by: by buttons, on a moved clock."""

import asyncio
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import digests
from bot import service
from bot.app import App
from tests.journeys.conftest import SHANGHAI, Raise, Stage
from tests.journeys.world import READER, Message, buttons_of, words_of

BERLIN = ZoneInfo("Europe/Berlin")


async def joins(play: Stage, on: str = "") -> None:
    """On the eve of that day; until then nobody was there, so nothing has to be lived through."""
    if on:
        eve = datetime.fromisoformat(f"{on}T00:00").replace(tzinfo=SHANGHAI) - timedelta(hours=9)
        play.sandbox.clock.set(eve)
    await play.world.says(READER, "/start")
    await play.world.hears(READER, "您好")


async def chooses(play: Stage, *taps: tuple[str, str]) -> None:
    """/settings, then each button and what its page says."""
    await play.world.says(READER, "设置")
    await play.world.hears(READER, "设置", "下一条")
    for button, says in taps:
        await play.world.presses(READER, button)
        await play.world.hears(READER, says)
    await play.world.reads(READER)


async def mornings(
    play: Stage, first: str, last: str, zone: ZoneInfo = SHANGHAI
) -> list[tuple[datetime, str]]:
    """Live from the eve of one day to the end of another; what came, and when, there."""
    begin = datetime.combine(date.fromisoformat(first), datetime.min.time(), zone)
    if begin > play.app.clock():
        await play.world.advance_to(begin)
    since = (await play.world.calls())[-1]["n"]
    end = datetime.combine(date.fromisoformat(last) + timedelta(days=1), begin.timetz())
    await play.world.advance_to(end.replace(tzinfo=zone))
    return [
        (datetime.fromisoformat(call["at"]).astimezone(zone), str(call["params"]["text"]))
        for call in await play.world.calls("sendMessage", since)
        if int(call["params"]["chat_id"]) == READER
    ]


def days_of(came: Sequence[tuple[datetime, str]]) -> list[str]:
    assert all(at.strftime("%H:%M") == "08:00" for at, _text in came), came
    return [at.date().isoformat() for at, _text in came]


async def test_workdays_follow_the_feast_and_its_make_up_days(stage: Raise) -> None:
    play = await stage()
    await joins(play, "2026-09-30")
    await chooses(play, ("日子", "哪些天发"), ("工作日", "每个工作日"))
    came = await mornings(play, "2026-09-30", "2026-10-11")
    excerpts = [at.date().isoformat() for at, text in came if "今日摘编" in text]
    # 1–7 October are the feast, Saturday the 10th is worked
    assert excerpts == ["2026-09-30", "2026-10-08", "2026-10-09", "2026-10-10"]


async def test_the_preview_is_what_arrives_letter_by_letter(stage: Raise, mission: Path) -> None:
    play = await stage(mission)
    await joins(play, "2020-07-17")  # the day of issue
    came = await mornings(play, "2020-07-17", "2020-07-29")
    (edition,) = play.app.library.editions
    translate = play.app.texts.translate("zh-Hans")
    for at, text in came:
        (page,) = digests.render_digest(digests.preview([edition], at.date()), translate)
        assert text == page.html, at
    assert len(came) == 13


async def test_once_a_week_over_a_years_end(stage: Raise) -> None:
    play = await stage()
    await joins(play, "2026-12-24")
    await chooses(play, ("日子", "哪些天发"), ("周五", "每星期五"))
    came = await mornings(play, "2026-12-24", "2027-01-10")
    excerpts = [at.date().isoformat() for at, text in came if "今日摘编" in text]
    assert excerpts == ["2026-12-25", "2027-01-01", "2027-01-08"]


async def test_reminders_only_are_silent_until_a_task_has_its_day(
    stage: Raise, mission: Path
) -> None:
    play = await stage(mission)
    await joins(play)
    await chooses(play, ("日子", "哪些天发"), ("只要工作提醒", "只要工作提醒"))
    came = await mornings(play, "2020-07-20", "2020-08-10")
    assert days_of(came) == ["2020-07-20", "2020-07-27", "2020-08-03", "2020-08-10"]
    assert all("今日摘编" not in text and "工作提醒" in text for _at, text in came)


async def test_a_pause_until_a_day_is_kept_to_the_day(stage: Raise) -> None:
    play = await stage()
    await joins(play)
    await play.world.says(READER, "暂停到7月24日")
    await play.world.hears(READER, "7月24日")
    came = await mornings(play, "2026-07-20", "2026-07-25")
    assert days_of(came) == ["2026-07-24", "2026-07-25"]


async def test_a_change_of_the_clock_elsewhere_moves_nobodys_hour(stage: Raise) -> None:
    play = await stage()
    await joins(play, "2026-10-24")
    await chooses(play, ("时区", "时区"), ("柏林", "柏林"))
    came = await mornings(play, "2026-10-24", "2026-10-26", BERLIN)
    assert days_of(came) == ["2026-10-24", "2026-10-25", "2026-10-26"]
    assert [at.utcoffset() for at, _text in came] == [
        timedelta(hours=2),
        timedelta(hours=1),
        timedelta(hours=1),
    ]


async def test_who_joins_late_sees_what_runs_now_at_once(stage: Raise, mission: Path) -> None:
    play = await stage(mission)
    play.sandbox.clock.set(datetime(2020, 8, 5, 10, tzinfo=SHANGHAI))
    await play.world.says(READER, "/start")
    words = words_of(await play.world.hears(READER, "眼下要办"))
    lines = [line for line in words.splitlines() if line[:1].isdigit()]
    assert len(lines) == 6
    for told in ("防汛防台", "村社组织换届", "22家化工企业", "每月", "争先创优", "目标任务"):
        assert any(told in line for line in lines), told


async def test_a_task_is_silenced_for_a_while_or_for_good_and_told_why(
    stage: Raise, mission: Path
) -> None:
    play = await stage(mission)
    await joins(play)
    await play.morning("2020-07-20")
    await play.world.hears(READER, "工作提醒 · 防汛防台")
    await play.world.presses(READER, "为什么收到")
    await play.world.hears(READER, "推算规则", "台汛期", "7月27日")
    await play.world.presses(READER, "这项不再提醒")
    await play.world.hears(READER, "这项不再提醒")
    await play.world.presses(READER, "一周")
    await play.world.hears(READER, "7月27日")
    came = await mornings(play, "2020-07-21", "2020-08-03")
    reminded = [at.date().isoformat() for at, text in came if "防汛防台 · " in text]
    assert reminded == ["2020-07-27", "2020-08-03"]  # a week: until the 27th
    await play.world.says(READER, "/why")
    await play.world.hears(READER, "因为您订阅了", "防汛防台")
    await play.world.presses(READER, "不再提醒：防汛防台")
    await play.world.hears(READER, "这项不再提醒")
    came = await mornings(play, "2020-08-10", "2020-08-17")
    assert not [text for _at, text in came if "防汛防台 · " in text]


async def test_the_task_list_says_what_is_now_near_and_without_a_date(
    stage: Raise, mission: Path
) -> None:
    play = await stage(mission)
    await joins(play, "2021-02-01")
    await play.world.says(READER, "任务")
    listed = await play.world.hears(READER, "快到时限", "眼下要办")
    words = words_of(listed)
    assert words.index("快到时限") < words.index("村社组织换届") < words.index("眼下要办")
    assert any(text.startswith("无时限") for text in buttons_of(listed))
    await play.world.presses(READER, "无时限")
    await play.world.hears(READER, "无时限", "第1页")
    await play.world.says(READER, "/tasks 市级各部门")
    owned = words_of(await play.world.hears(READER, "任务"))
    assert "村社组织换届" not in owned


async def _twice(play: Stage, message: Message, button: str) -> None:
    press = {
        "chat": READER,
        "from": READER,
        "message_id": message["message_id"],
        "data": buttons_of(message)[button]["callback_data"],
    }
    await asyncio.gather(*(play.world.control("presses", press) for _ in range(2)))


async def test_two_taps_at_once_are_one(stage: Raise) -> None:
    play = await stage()
    await play.world.says(READER, "/start")
    welcome = await play.world.hears(READER, "您好")
    await play.world.reads(READER)
    await _twice(play, welcome, "村（社区）")
    await play.world.hears(READER, "防汛防台")
    await asyncio.sleep(0.5)
    assert len(await play.world.unread(READER)) == 1


async def test_old_buttons_work_after_a_restart(stage: Raise, mission: Path) -> None:
    play = await stage(mission)
    await joins(play)
    await play.morning("2020-07-20")
    await play.world.hears(READER, "今日摘编")
    again = await restart(play)
    try:
        await play.world.presses(READER, "看全节")
        await play.world.hears(READER, "5．坚持发展新时代")
        await play.world.presses(READER, "这项不再提醒")
        await play.world.hears(READER, "这项不再提醒")
    finally:
        await again.stop()


async def restart(play: Stage) -> App:
    """The bot ends and comes up again on the same database."""
    await play.app.stop()
    settings = service.for_demo(
        play.settings, play.sandbox.url, play.settings.database.url, Path(play.settings.data.folder)
    )
    app = App(settings, play.sandbox.clock.now, play.sandbox.clock.monotonic)
    await app.start()
    return app


async def test_what_is_kept_is_shown_and_deleted_at_once_when_confirmed(stage: Raise) -> None:
    play = await stage()
    await joins(play)
    await play.world.says(READER, "/privacy")
    await play.world.hears(READER, "保存", "/mydata", "/forget")
    await play.world.says(READER, "/mydata")
    await play.world.hears(READER, str(READER), "daily")
    await play.world.says(READER, "/forget")
    await play.world.hears(READER, "要删除")
    await play.world.presses(READER, "保留")
    await play.world.hears(READER, "没有删除")
    await play.world.says(READER, "/forget")
    await play.world.hears(READER, "要删除")
    await play.world.presses(READER, "立即删除")
    await play.world.hears(READER, "已删除")
    await play.world.reads(READER)
    await play.morning("2026-07-21")
    await play.world.stays_silent(READER)
    await play.world.says(READER, "/mydata")
    await play.world.hears(READER, "没有保存")
