"""The chat page in real Chromium: by clicking, typing and looking."""

import asyncio
import os
import re
import shutil
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, async_playwright, expect

from bot.sandbox.server import Sandbox
from tests.bot.sandbox.conftest import START, TOKEN, Client

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
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1440, "height": 900}
PICTURES = os.environ.get("SANDBOX_PICTURES")  # a folder: keep what was seen there
TOO_WIDE = """[...document.querySelectorAll('#talk *, #top *')].filter(
    e => e.offsetParent && e.getBoundingClientRect().right > innerWidth + 1).length"""
HTML = (
    "7月20日 星期一\n<b>今日摘编（节选）</b>\n<blockquote>加强隐患排查，落实值班制度。</blockquote>"
    "\n<span class='tg-spoiler'>剧透</span> <code>代码</code> <a href='https://ex.com/a'>链接</a>"
)
KEYS = {
    "inline_keyboard": [
        [{"text": "看全节", "callback_data": "go"}, {"text": "复制", "copy_text": {"text": "抄下"}}],
        [{"text": "网页", "url": "https://ex.com/"},
         {"text": "从头", "url": "https://t.me/policy_digest_bot?start=h_1"}],
        [{"text": "转发查询", "switch_inline_query_current_chat": "防汛"}],
    ]
}  # fmt: skip

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),  # one browser serves all
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed on this machine"),
]


class Robot:
    """A small bot that answers, so that there is somebody to talk to."""

    def __init__(self, client: Client) -> None:
        self.client = client

    async def run(self) -> None:
        offset = 0
        while True:
            try:
                updates = await self.client.updates(offset=offset, timeout=30)
            except aiohttp.ClientError:  # the server restarts
                await asyncio.sleep(0.1)
                continue
            for update in updates:
                offset = update["update_id"] + 1
                await self._answer(update)

    async def _answer(self, update: dict[str, Any]) -> None:
        ok = self.client.ok
        if "callback_query" in update:
            query = update["callback_query"]
            await ok("answerCallbackQuery", callback_query_id=query["id"], text="已记下")
            chat, number = query["message"]["chat"]["id"], query["message"]["message_id"]
            await ok("editMessageText", chat_id=chat, message_id=number, text="全节在此")
        elif "inline_query" in update:
            result = {"type": "article", "id": "1", "title": "防汛一段", "description": "报告 二、5",
                      "input_message_content": {"message_text": "引文一段"}}  # fmt: skip
            await ok("answerInlineQuery", inline_query_id=update["inline_query"]["id"],
                     results=[result], cache_time=0)  # fmt: skip
        elif "message" in update:
            await self._reply(update["message"])

    async def _reply(self, message: dict[str, Any]) -> None:
        chat, text = message["chat"]["id"], message.get("text", "")
        if text == "/start":
            keyboard = {"keyboard": [["今天", "任务"]], "resize_keyboard": True}
            await self.client.ok("sendMessage", chat_id=chat, text="您好", reply_markup=keyboard)
        elif text == "今天":
            await self.client.ok("sendMessage", chat_id=chat, text=HTML, parse_mode="HTML",
                                 reply_markup=KEYS)  # fmt: skip
        elif "document" in message:
            await self.client.ok("sendDocument", chat_id=chat, caption="还给您",
                                 document=message["document"]["file_id"])  # fmt: skip
        elif text:
            await self.client.ok("sendMessage", chat_id=chat, text=f"收到：{text}")


@pytest_asyncio.fixture(loop_scope="module")
async def desk() -> AsyncIterator[Client]:
    sandbox = Sandbox([TOKEN], START)
    sandbox.seed()
    sandbox.world.limits.change({"enforce": False})
    await sandbox.start(port=0)
    async with aiohttp.ClientSession() as session:
        client = Client(sandbox, session)
        commands = [{"command": "today", "description": "今天的摘编"},
                    {"command": "tasks", "description": "眼下要办的"}]  # fmt: skip
        await client.ok("setMyCommands", commands=commands)
        robot = asyncio.ensure_future(Robot(client).run())
        yield client
        robot.cancel()
        with suppress(asyncio.CancelledError):
            await robot
    await sandbox.stop()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as driver:
        browser = await driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        await browser.close()


class Visitor:
    """Somebody with the page open; what the console says against it is remembered."""

    def __init__(self, page: Page, client: Client) -> None:
        self.page = page
        self.client = client
        self.complaints: list[str] = []
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda line: self._heard(line.type, line.text))

    def _heard(self, kind: str, text: str) -> None:
        if kind == "error" and "ERR_" not in text:
            self.complaints.append(text)

    async def open(self, chat: int) -> None:
        await self.page.goto(f"{self.client.sandbox.url}/#{chat}")
        await self.page.wait_for_selector("#composer .write, #composer .big-button, .closed")

    async def write(self, text: str) -> None:
        await self.page.get_by_label("写消息").fill(text)
        await self.page.keyboard.press("Enter")

    def bubbles(self) -> Locator:
        return self.page.locator(".log .bubble")

    async def sees(self, text: str) -> None:
        await expect(self.page.locator(".log")).to_contain_text(text)

    async def photograph(self, name: str) -> None:
        if PICTURES:
            await self.page.wait_for_timeout(350)
            await self.page.screenshot(path=Path(PICTURES) / f"{name}.png")


@pytest_asyncio.fixture(loop_scope="module")
async def visitor(desk: Client, browser: Browser) -> AsyncIterator[Visitor]:
    context = await browser.new_context(viewport=DESK, locale="zh-CN")  # type: ignore[arg-type]
    await context.grant_permissions(["clipboard-read", "clipboard-write"])
    visitor = Visitor(await context.new_page(), desk)
    yield visitor
    assert visitor.complaints == []
    await context.close()


async def test_somebody_subscribes_and_reads_by_clicking(visitor: Visitor) -> None:
    page = visitor.page
    await visitor.open(1001)
    await page.get_by_role("button", name="开始", exact=True).click()
    await visitor.sees("您好")
    await page.get_by_role("button", name="今天", exact=True).click()
    await visitor.sees("加强隐患排查")
    quote = page.locator(".log blockquote")
    await expect(quote).to_have_text("加强隐患排查，落实值班制度。")
    await expect(page.locator(".log .text strong")).to_have_text("今日摘编（节选）")
    link = page.locator(".log .text a")
    assert await link.get_attribute("href") == "https://ex.com/a"
    assert await link.get_attribute("rel") == "noopener noreferrer"
    await page.locator(".spoiler").click()
    await expect(page.locator(".spoiler")).to_have_class(re.compile("open"))


async def test_buttons_press_copy_link_and_ask(visitor: Visitor) -> None:
    page = visitor.page
    await visitor.open(1001)
    await page.get_by_role("button", name="开始", exact=True).click()
    await page.get_by_role("button", name="今天", exact=True).click()
    await page.get_by_role("button", name="复制", exact=True).click()
    assert await page.evaluate("navigator.clipboard.readText()") == "抄下"
    await page.locator(".key", has_text="从头").click()
    await visitor.sees("收到：/start h_1")
    await page.locator(".key", has_text="转发查询").click()
    await page.get_by_role("option", name="防汛一段").click()
    await visitor.sees("引文一段")
    await expect(page.locator(".meta-line")).to_have_text("经 @policy_digest_bot")
    await page.locator(".key", has_text="看全节").click()
    await expect(page.locator(".toast", has_text="已记下")).to_be_visible()
    await visitor.sees("全节在此")
    await expect(page.locator(".bubble", has_text="全节在此")).to_contain_text("已编辑")


async def test_enter_sends_but_not_while_an_input_method_composes(visitor: Visitor) -> None:
    page = visitor.page
    await visitor.open(1001)
    await page.get_by_role("button", name="开始", exact=True).click()
    area = page.get_by_label("写消息")
    await area.fill("fangxun")
    await area.evaluate(
        "e => e.dispatchEvent(new KeyboardEvent('keydown',"
        " {key: 'Enter', isComposing: true, bubbles: true, cancelable: true}))"
    )
    await area.evaluate(
        "e => e.dispatchEvent(new KeyboardEvent('keydown',"
        " {key: 'Enter', keyCode: 229, bubbles: true, cancelable: true}))"
    )
    assert await area.input_value() == "fangxun"
    await area.press("Shift+Enter")
    assert await area.input_value() == "fangxun\n"
    await area.fill("防汛")
    await area.press("Enter")
    await visitor.sees("收到：防汛")
    assert await area.input_value() == ""


async def test_what_is_being_typed_stays_whatever_the_bot_does_meanwhile(visitor: Visitor) -> None:
    page, ok = visitor.page, visitor.client.ok
    await visitor.open(1001)
    await page.get_by_role("button", name="开始", exact=True).click()
    await visitor.sees("您好")
    field = page.get_by_label("写消息")
    await field.fill("半")
    keyboard = {"keyboard": [["新的键"]], "resize_keyboard": True}
    sent = await ok("sendMessage", chat_id=1001, text="换了键盘", reply_markup=keyboard)
    await expect(page.locator(".reply-keys")).to_contain_text("新的键")
    await page.keyboard.type("句")
    later = [{"command": "later", "description": "晚些再说"}]
    await ok("setMyCommands", scope={"type": "chat", "chat_id": 1001}, commands=later)
    await ok("sendMessage", chat_id=1001, text="换了命令")
    await visitor.sees("换了命令")
    await page.keyboard.type("话")
    await ok("pinChatMessage", chat_id=1001, message_id=sent["message_id"])
    await expect(page.locator(".pinned")).to_be_visible()
    await page.keyboard.type("说完")
    await expect(field).to_have_value("半句话说完")
    await page.keyboard.press("Enter")
    await visitor.sees("收到：半句话说完")
    await page.get_by_role("button", name="命令菜单").click()
    await expect(page.get_by_role("option")).to_contain_text("晚些再说")


async def test_nothing_a_user_wrote_becomes_html(visitor: Visitor) -> None:
    page = visitor.page
    evil = "<img src=x onerror=alert(1)><script>alert(2)</script>"
    await visitor.client.control("POST", "users", {"id": 1001, "name": evil})
    await visitor.open(1001)
    await page.get_by_role("button", name="开始", exact=True).click()
    await visitor.write(evil)
    await visitor.sees(f"收到：{evil}")
    bad = await visitor.client.ok(
        "sendMessage", chat_id=1001, text="x",
        entities=[{"type": "text_link", "offset": 0, "length": 1, "url": "javascript:alert(3)"}],
    )  # fmt: skip
    await page.wait_for_selector(f'[data-id="{bad["message_id"]}"]')
    assert await page.locator("#app img, #app script, a[href^=javascript]").count() == 0


async def test_the_command_menu_and_the_mention(visitor: Visitor) -> None:
    page = visitor.page
    await visitor.open(-1001)
    await page.get_by_label("命令菜单").click()
    await expect(page.get_by_role("option")).to_have_count(2)
    area = page.get_by_label("写消息")
    await area.press_sequentially("/ta")
    await expect(page.get_by_role("option")).to_have_count(1)
    await area.press("ArrowDown")
    await area.press("Enter")
    await visitor.sees("收到：/tasks@policy_digest_bot")
    await area.press_sequentially("@pol")
    await page.get_by_role("option").click()
    assert await area.input_value() == "@policy_digest_bot "
    await area.press_sequentially("防汛")
    await expect(page.get_by_role("option", name="防汛一段")).to_be_visible()


async def test_a_group_is_spoken_in_as_several_people_and_replied_in(visitor: Visitor) -> None:
    page = visitor.page
    await visitor.open(-1001)
    await page.get_by_role("radio", name="管理员").click()
    await visitor.write("@policy_digest_bot 你好")
    await visitor.sees("收到：@policy_digest_bot 你好")
    await page.get_by_role("radio", name="订阅者").click()
    answer = page.locator(".row.theirs", has_text="收到：").last
    await answer.hover()
    await answer.get_by_label("回复").click()
    await expect(page.locator(".reply-bar")).to_contain_text("收到：")
    await visitor.write("好的")
    quote = page.locator(".row", has_text="好的").first.locator(".quoted")
    await expect(quote).to_contain_text("政策摘编")


async def test_files_go_up_and_come_down(visitor: Visitor, tmp_path: Path) -> None:
    page = visitor.page
    await visitor.open(1001)
    await page.get_by_role("button", name="开始", exact=True).click()
    report = tmp_path / "报告.txt"
    report.write_text("原文")
    await page.locator("input[type=file]").set_input_files(report)
    await visitor.sees("还给您")
    async with page.expect_download() as waiting:
        await page.locator(".file").last.click()
    download = await waiting.value
    assert download.suggested_filename == "报告.txt"
    assert Path(await download.path()).read_text() == "原文"


async def test_it_marks_edits_deletions_typing_and_unread(visitor: Visitor) -> None:
    page, client = visitor.page, visitor.client
    for person in (1001, 1002):
        await client.say(person, person, "/start")
    await visitor.open(1001)
    await visitor.sees("您好")
    sent = await client.ok("sendMessage", chat_id=1001, text="先这样")
    await visitor.sees("先这样")
    await client.ok("sendChatAction", chat_id=1001, action="typing")
    await expect(page.locator("#talk-line")).to_have_text("正在输入…")
    await client.ok("editMessageText", chat_id=1001, message_id=sent["message_id"], text="改了")
    await expect(page.locator(".bubble", has_text="改了")).to_contain_text("已编辑")
    await client.ok("deleteMessage", chat_id=1001, message_id=sent["message_id"])
    await expect(page.locator(".row.deleted")).to_contain_text("已删除")
    for number in range(3):
        await client.ok("sendMessage", chat_id=1002, text=f"给管理员 {number}")
    owner = page.locator('.chat[data-id="1002"]')
    await expect(owner.locator(".unread")).to_have_text(re.compile(r"[34]"))
    await owner.click()
    await expect(owner.locator(".unread")).to_have_count(0)
    await page.locator('.chat[data-id="1001"]').click()
    await client.ok("sendMessage", chat_id=1002, text="还有一条")
    await expect(owner.locator(".unread")).to_have_text("1")
    await owner.click()
    line = page.locator(".unread-line")
    await expect(line).to_have_text("以下是新消息")
    await expect(line.locator("xpath=following-sibling::li[1]")).to_contain_text("还有一条")


async def test_a_person_blocks_and_comes_back(visitor: Visitor) -> None:
    page = visitor.page
    await visitor.open(1001)
    await page.get_by_role("button", name="开始", exact=True).click()
    await page.get_by_label("更多").click()
    await page.get_by_role("button", name="屏蔽机器人").click()
    await page.get_by_role("button", name="恢复接收").click()
    await expect(page.get_by_label("写消息")).to_be_visible()


async def test_the_clock_moves_to_the_next_push_and_to_tomorrow(visitor: Visitor) -> None:
    page, sandbox = visitor.page, visitor.client.sandbox
    sandbox.clock.set(START)
    due = START.replace(hour=3, minute=30)

    async def next_due() -> Any:
        return due

    sandbox.on_next(next_due)
    await visitor.open(1001)
    await expect(page.locator("#clock")).to_have_text(re.compile("2026年7月20日.*08:00"))
    await page.get_by_role("button", name="下一次推送").click()
    await expect(page.locator("#clock")).to_have_text(re.compile("2026年7月20日.*11:30"))
    await page.get_by_role("button", name="明天 8:00").click()
    await expect(page.locator("#clock")).to_have_text(re.compile("2026年7月21日.*08:00"))


async def test_the_inspector_shows_calls_rates_faults_and_the_tally(visitor: Visitor) -> None:
    page, client = visitor.page, visitor.client
    await client.say(1001, 1001, "/start")
    await visitor.open(1001)
    await visitor.sees("您好")
    call = page.locator(".call", has_text="sendMessage").first
    await call.locator("summary").click()
    await expect(call.locator("pre").first).to_contain_text('"chat_id"')
    await page.get_by_role("tab", name="故障").click()
    await page.get_by_role("button", name="一律 500").click()
    await expect(page.locator("#active")).to_contain_text("500")
    status, _ = await client.call("sendMessage", {"chat_id": 1001, "text": "x"})
    assert status == 500
    await page.get_by_role("button", name="全部恢复正常").click()
    await expect(page.locator("#active")).to_contain_text("没有故障")
    await page.get_by_role("tab", name="速率").click()
    await page.locator("input[name=per_second]").fill("100")
    await page.get_by_role("button", name="应用").click()
    await expect(page.locator(".toast")).to_be_visible()
    assert (await client.control("GET", "limits"))["per_second"] == 100
    await page.get_by_role("tab", name="统计").click()
    await expect(page.locator(".figures")).to_contain_text("送达")
    await page.get_by_role("tab", name="统计").press("ArrowRight")
    await expect(page.get_by_role("tab", name="调用")).to_have_attribute("aria-selected", "true")


async def test_it_survives_a_restart_of_the_server(visitor: Visitor) -> None:
    page, client = visitor.page, visitor.client
    await client.say(1001, 1001, "/start")
    await visitor.open(1001)
    await visitor.sees("您好")
    await client.control("POST", "restarts", {"down_ms": 400})
    await expect(page.locator(".toast", has_text="断了")).to_be_visible()
    await expect(page.locator(".toast", has_text="已重新连接")).to_be_visible(timeout=15000)
    await asyncio.sleep(0.2)
    with suppress(aiohttp.ClientError):
        await client.ok("getMe")
    await client.ok("sendMessage", chat_id=1001, text="还在")
    await visitor.sees("还在")


async def test_it_is_used_by_keyboard_alone(visitor: Visitor) -> None:
    page = visitor.page
    await visitor.client.say(1001, 1001, "/start")
    await visitor.open(1002)
    await page.locator('.chat[data-id="1001"]').focus()
    await page.keyboard.press("Enter")
    await visitor.sees("您好")
    await page.locator(".log").focus()
    await page.keyboard.press("ArrowUp")
    await page.keyboard.press("r")
    await expect(page.locator(".reply-bar")).to_be_visible()
    unnamed = await page.evaluate(
        "[...document.querySelectorAll('button, input, textarea, a')].filter(e => e.offsetParent &&"
        " !e.closest('[aria-hidden]') && !(e.textContent.trim() || e.getAttribute('aria-label') || e.closest('label'))).length"
    )
    assert unnamed == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", ["phone", "desk"])
async def test_it_fits_every_persona_on_phone_and_desk(
    desk: Client, browser: Browser, size: str, scheme: Any
) -> None:
    view: Any = PHONE if size == "phone" else DESK
    for person in (1001, 1002):
        await desk.say(person, person, "/start")
        await desk.say(person, person, "今天")
    await desk.say(-1001, 1002, "@policy_digest_bot 请看")
    await desk.ok("sendMessage", chat_id=-1002, text="停电通知")
    context = await browser.new_context(
        viewport=view, color_scheme=scheme, has_touch=size == "phone"
    )
    visitor = Visitor(await context.new_page(), desk)
    page = visitor.page
    await page.goto(desk.sandbox.url)
    await page.wait_for_selector(".chat")
    await visitor.photograph(f"{size}-{scheme}-list")
    for chat in (1001, 1002, 1003, -1001, -1002):
        await visitor.open(chat)
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert await page.evaluate(TOO_WIDE) == 0
        await visitor.photograph(f"{size}-{scheme}-{chat}")
    if size == "phone":
        await page.get_by_label("返回会话列表").click()
        await expect(page.locator("#list")).to_be_visible()
        await page.get_by_label("检查").first.click()
        await expect(page.locator("#inspector")).to_be_visible()
        await visitor.photograph(f"{size}-{scheme}-inspector")
    assert visitor.complaints == []
    await context.close()
