"""The first whole walk, by clicking: the real bot in the real page in real Chromium."""

import asyncio
import os
import re
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Page, async_playwright, expect

from tests.journeys.conftest import Raise, Stage
from tests.journeys.world import OWNER, READER

CHROMIUM = shutil.which("chromium")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PICTURES = os.environ.get("SANDBOX_PICTURES")  # a folder: keep what was seen there
NOTICE = "今晚八点停水检修，请各村提前储水。"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed on this machine"),
]


@pytest.fixture
async def page() -> AsyncIterator[Page]:
    async with async_playwright() as driver:
        browser = await driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        context = await browser.new_context(
            viewport={"width": 1440, "height": 900}, locale="zh-CN", color_scheme="light"
        )
        context.set_default_timeout(30_000)
        page = await context.new_page()
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        yield page
        assert complaints == []
        await browser.close()


async def enter(page: Page, stage: Stage, person: int) -> None:
    await page.goto(f"{stage.sandbox.url}/#{person}")
    await page.get_by_role("button", name="开始", exact=True).click()
    await sees(page, "您好")


async def write(page: Page, text: str) -> None:
    await page.get_by_label("写消息").fill(text)
    await page.keyboard.press("Enter")


async def sees(page: Page, *words: str) -> None:
    for word in words:
        try:
            await expect(page.locator(".log")).to_contain_text(word, timeout=60_000)
        except AssertionError as error:  # the whole page tells more: the clock, the calls made
            error.add_note(await page.locator("body").aria_snapshot())
            raise


async def click_key(page: Page, words: str) -> None:
    await page.locator(".log .key", has_text=words).last.click()


async def time_moves(page: Page, button: str) -> None:
    await page.get_by_role("button", name=button).click()
    await page.wait_for_timeout(50)
    await page.wait_for_selector("#top:not(.moving)", timeout=60_000)


async def keep_picture(page: Page, name: str) -> None:
    if PICTURES:
        await page.wait_for_timeout(800)
        await page.screenshot(path=Path(PICTURES) / f"{name}.png")


async def test_a_reader_subscribes_is_pushed_to_and_looks_things_up(
    stage: Raise, page: Page
) -> None:
    play = await stage()
    await enter(page, play, READER)
    await click_key(page, "村（社区）")
    await time_moves(page, "下一次推送")
    await sees(page, "今日摘编", "防汛防台")
    await expect(page.locator(".log blockquote").first).to_be_visible()
    await keep_picture(page, "walk-desk")
    await write(page, "二、5")
    await sees(page, "5．")
    await write(page, "防汛")
    await sees(page, "台汛期")
    await page.get_by_role("button", name="任务", exact=True).click()
    await sees(page, "眼下要办")
    await page.set_viewport_size({"width": 390, "height": 844})
    await keep_picture(page, "walk-phone")


async def test_an_owner_schedules_a_broadcast_that_then_arrives(stage: Raise, page: Page) -> None:
    play = await stage()
    await enter(page, play, READER)
    await enter(page, play, OWNER)
    await write(page, "/broadcast")
    await sees(page, "请发来")
    await write(page, NOTICE)
    await sees(page, "什么时候")
    await write(page, "明天8点半")
    await sees(page, "北京时间")
    await click_key(page, "确认")
    await time_moves(page, "明天 8:00")
    await time_moves(page, "＋1小时")
    await page.locator(f'.chat[data-id="{READER}"]').click()
    await sees(page, NOTICE)


async def test_ten_days_of_pushes_are_watched_in_under_a_minute(stage: Raise, page: Page) -> None:
    play = await stage()
    await enter(page, play, READER)
    async with asyncio.timeout(60):
        for _ in range(10):
            await time_moves(page, "明天 8:00")
    await expect(page.locator("#clock")).to_have_text(re.compile("7月30日.*08:00"))
    await expect(page.locator(".log .day")).to_have_count(11)
