"""From a Word file in an editor's hand to a broadcast that adds up, with trouble on the way."""

import asyncio
import io
import zipfile
from collections.abc import Callable
from typing import Any
from xml.sax.saxutils import escape

import pytest

from bot.settings import Limits, Push
from bot.storage import broadcasts, pushes
from tests.journeys.conftest import SAMPLE, Raise, Stage
from tests.journeys.world import OWNER, World, words_of

EDITOR = 1003
PATIENCE_S = 60
PARTS = ("sent", "failed", "unknown", "skipped", "waiting")
_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType='
    '"application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-'
    'officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Target="word/document.xml" Type="http://schemas.openxmlformats.org/'
    'officeDocument/2006/relationships/officeDocument"/></Relationships>'
)
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def _docx(text: str) -> bytes:
    """A Word file with one paragraph per line."""
    body = "".join(
        f'<w:p><w:r><w:t xml:space="preserve">{escape(line)}</w:t></w:r></w:p>'
        for line in text.splitlines()
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("[Content_Types].xml", _TYPES)
        package.writestr("_rels/.rels", _RELATIONS)
        document = f'<w:document xmlns:w="{_WORD}"><w:body>{body}</w:body></w:document>'
        package.writestr("word/document.xml", document)
    return out.getvalue()


async def _sums(play: Stage) -> dict[str, Any]:
    async with play.app.database.read() as connection:
        gone_out = await pushes.of_broadcast(connection, 1)
        sums = await pushes.sums(connection, gone_out[0])
    assert sums["planned"] == sum(sums[name] for name in PARTS), sums
    return sums


async def _state(play: Stage) -> str:
    async with play.app.database.read() as connection:
        row = await broadcasts.get(connection, 1)
    assert row is not None
    return str(row["state"])


async def _until(play: Stage, reached: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    sums: dict[str, Any] = {}
    for _ in range(round(PATIENCE_S / 0.05)):
        async with play.app.database.read() as connection:
            known = await pushes.of_broadcast(connection, 1)
        sums = await _sums(play) if known else {}
        if sums and reached(sums):
            return sums
        await asyncio.sleep(0.05)
    raise AssertionError(sums)


async def _an_editor_joins(world: World) -> None:
    await world.says(OWNER, "/admins")
    await world.hears(OWNER, "管理员")
    await world.presses(OWNER, "编辑")
    link = words_of(await world.hears(OWNER, "start=own_"))
    await world.says(EDITOR, "/start " + link.split("start=")[1].strip())
    await world.hears(EDITOR, "编辑")


async def _a_docx_is_published(world: World) -> None:
    text = SAMPLE.read_text("utf-8").replace("云澜", "岚山")
    await world.sends(EDITOR, "全会报告.docx", _docx(text))
    await world.hears(EDITOR, "草稿", within_s=60)
    await world.presses(EDITOR, "任务全部采用")
    await world.hears(EDITOR, "待定0项")
    await world.presses(EDITOR, "可公开")
    await world.hears(EDITOR, "公开范围：可公开")
    await world.presses(EDITOR, "现在发布")
    await world.hears(EDITOR, "状态：已发布")


async def _it_is_written_and_approved(world: World, count: int) -> None:
    await world.says(EDITOR, "/broadcast")
    await world.hears(EDITOR, "请发来")
    await world.says(EDITOR, "请各村社今晚八点前报送防汛值班情况。")
    await world.hears(EDITOR, "什么时候")
    await world.says(EDITOR, "明天9点半")
    await world.hears(EDITOR, "7月21日", "9:30", "北京时间", f"{count:,}", within_s=30)
    await world.presses(EDITOR, "提交审核")
    await world.hears(EDITOR, "待审")
    await world.hears(OWNER, "待审", within_s=30)
    await world.presses(OWNER, "批准")
    await world.hears(OWNER, "已排定", within_s=30)


async def _trouble(world: World, first: int, crowd: int) -> None:
    """Two are gone, some answers get lost, some come too early."""
    some = {"method": "sendMessage", "times": max(3, crowd // 100), "share": 0.1}
    for fault in (
        {"chat": first, "code": 403, "description": "Forbidden: bot was blocked by the user"},
        {"chat": first + 1, "code": 403, "description": "Forbidden: user is deactivated"},
        {**some, "code": 500, "description": "Internal Server Error"},
        {**some, "code": 429, "retry_after": 1},
    ):
        await world.control("faults", fault)
    await world.control("tally", method="DELETE")


async def _it_is_paused_and_goes_on(play: Stage, crowd: int) -> dict[str, Any]:
    await _until(play, lambda sums: sums["sent"] >= crowd // 20)
    await play.world.hears(OWNER, "发送中")
    await play.world.presses(OWNER, "暂停")
    for _ in range(round(PATIENCE_S / 0.1)):
        if await _state(play) == "paused":
            break
        await asyncio.sleep(0.1)
    assert await _state(play) == "paused"
    await asyncio.sleep(4)  # what was under way arrives
    held = await _sums(play)
    assert held["waiting"] > 0
    await asyncio.sleep(2)
    assert await _sums(play) == held  # silence
    await play.world.presses(OWNER, "继续")
    return await _until(play, lambda sums: sums["waiting"] == 0)


async def _campaign(stage: Raise, crowd: int, per_second: float) -> None:
    play = await stage(
        push=Push(two_person=True, quiet_hours=None),
        limits=Limits(per_second=per_second, per_chat_burst=20),
    )
    world = play.world
    await world.control("limits", {"enforce": False})
    await _an_editor_joins(world)
    await _a_docx_is_published(world)
    first = (await world.control("crowds", {"count": crowd}))["first"]
    for _ in range(600):
        if len(await world.calls("sendMessage")) >= crowd:
            break
        await asyncio.sleep(0.1)
    everybody = crowd + 1  # the editor subscribed with the link
    await _it_is_written_and_approved(world, everybody)
    await play.morning("2026-07-21", "09:29")
    await _trouble(world, first, crowd)
    await world.control("clock", {"to": "2026-07-21T09:29:59+08:00"})
    done = await _it_is_paused_and_goes_on(play, crowd)
    assert (done["planned"], done["failed"], done["skipped"]) == (everybody, 2, 0)
    assert done["sent"] + done["unknown"] == everybody - 2
    for _ in range(100):
        if await _state(play) == "done":
            break
        await asyncio.sleep(0.1)
    assert await _state(play) == "done"
    await world.hears(OWNER, "已完成", f"送达{done['sent']:,}", within_s=30)
    assert (await world.control("tally", method="GET"))["totals"]["duplicates"] == 0


async def test_a_docx_becomes_a_broadcast_that_adds_up_at_every_step(stage: Raise) -> None:
    await _campaign(stage, 300, 60.0)


@pytest.mark.soak
async def test_the_same_with_two_thousand_chats(stage: Raise) -> None:
    await _campaign(stage, 2000, 150.0)
