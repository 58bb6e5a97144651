"""What a reader lives through, from the first /start on."""

from pathlib import Path

from tests.journeys.conftest import Raise
from tests.journeys.world import GROUP, READER, words_of


async def test_who_subscribes_gets_the_digest_next_morning_with_its_task(
    stage: Raise, mission: Path
) -> None:
    play = await stage(mission)
    await play.world.says(READER, "/start")
    await play.world.hears(READER, "您好")
    await play.world.reads(READER)
    await play.morning("2020-07-20")
    digest = await play.world.hears(READER, "今日摘编", "工作提醒 · 防汛防台")
    assert "2020年7月17日印发" in words_of(digest)
    quotes = [e for e in digest["entities"] if e["type"] == "blockquote"]
    text = mission.read_text(encoding="utf-8")
    for quote in quotes:
        said = words_of(digest).encode("utf-16-le")
        start, end = quote["offset"] * 2, (quote["offset"] + quote["length"]) * 2
        assert said[start:end].decode("utf-16-le") in text


async def test_a_section_is_found_by_its_printed_number(stage: Raise, mission: Path) -> None:
    play = await stage(mission)
    for said in ("二、5", "2.5", "/section 二、5", "第二部分第五点"):
        await play.world.says(READER, said)
        await play.world.hears(READER, "5．坚持发展新时代", "报告 二、5")


async def test_a_word_brings_its_passage_first(stage: Raise, mission: Path) -> None:
    play = await stage(mission)
    await play.world.says(READER, "防汛")
    await play.world.hears(READER, "防大汛防大灾", "讲话 五项工作·5")


async def test_an_ambiguous_number_offers_the_choices(stage: Raise, mission: Path) -> None:
    play = await stage(mission)
    await play.world.says(READER, "第五点")
    await play.world.hears(READER, "有3处", "报告 一、5", "报告 二、5", "五项工作·5")
    await play.world.presses(READER, "2")
    await play.world.hears(READER, "5．坚持发展新时代")


async def test_where_there_is_nothing_it_says_what_was_searched(
    stage: Raise, mission: Path
) -> None:
    play = await stage(mission)
    await play.world.says(READER, "外星飞船")
    await play.world.hears(READER, "没有找到", "1份材料")


async def test_who_leaves_gets_nothing_more_and_who_returns_does(stage: Raise) -> None:
    play = await stage()
    await play.world.says(READER, "/start")
    await play.world.hears(READER, "您好")
    await play.world.says(READER, "退订")
    await play.world.hears(READER, "退订")
    await play.world.reads(READER)
    await play.morning("2026-07-20")
    await play.world.stays_silent(READER)
    await play.world.says(READER, "/start")
    await play.world.hears(READER, "已订好")
    await play.morning("2026-07-21")
    await play.world.hears(READER, "今日摘编")


async def test_who_blocks_the_bot_is_left_alone_and_keeps_the_choices_on_return(
    stage: Raise,
) -> None:
    play = await stage()
    await play.world.says(READER, "/start")
    await play.world.hears(READER, "您好")
    member = {"chat": READER, "user": READER}
    await play.world.control("members", member | {"status": "kicked"})
    before = len(await play.world.from_bot(READER))
    await play.morning("2026-07-22")
    assert len(await play.world.from_bot(READER)) == before
    await play.world.control("members", member | {"status": "member"})
    await play.world.says(READER, "/start")
    await play.world.hears(READER, "下一条", "7月23日")
    await play.morning("2026-07-23")
    await play.world.hears(READER, "今日摘编")


async def test_a_group_is_answered_only_when_the_bot_is_meant(stage: Raise, mission: Path) -> None:
    play = await stage(mission)
    await play.world.control("bots", {"privacy": False})
    await play.world.says(READER, "防汛", chat=GROUP)
    await play.world.stays_silent(GROUP)
    await play.world.says(READER, f"@{play.app.bot.username} 防汛", chat=GROUP)
    await play.world.hears(GROUP, "防大汛防大灾")
