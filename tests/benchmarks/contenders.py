"""The same messages to the same chats, by different hands, on the same kind of event loop.

Each is a coroutine ``(url, chats, flight, text) -> None`` that returns when all were answered.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator

TOKEN = "1:benchmark"
TEXT = (
    "<b>7月20日 星期一</b>\n今日摘编（节选）· 报告 二、5\n<blockquote>要完善预测预警预防体系，"
    "做好各领域的安全生产工作，把风险化解在萌芽状态。</blockquote>\n2020年7月17日印发"
)
KEYBOARD = {"inline_keyboard": [[{"text": "看全节", "callback_data": "s:c7abbe82:1.2.5"}]]}
Contender = Callable[[str, int, int], Awaitable[None]]


async def in_flight(flight: int, chats: int, send: Callable[[int], Awaitable[object]]) -> None:
    """``flight`` workers share one row of chats."""
    row: Iterator[int] = iter(range(1, chats + 1))

    async def work() -> None:
        for chat_id in row:
            await send(chat_id)

    await asyncio.gather(*(work() for _ in range(flight)))


async def bare_aiohttp(url: str, chats: int, flight: int) -> None:
    """One session, one JSON body per message, the answer read and parsed: the floor."""
    import aiohttp

    target = f"{url}/bot{TOKEN}/sendMessage"
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:

        async def send(chat_id: int) -> object:
            body = {"chat_id": chat_id, "text": TEXT, "parse_mode": "HTML"}
            async with session.post(target, json={**body, "reply_markup": KEYBOARD}) as response:
                return await response.json()

        await in_flight(flight, chats, send)


async def stock_ptb(url: str, chats: int, flight: int) -> None:
    """python-telegram-bot as it comes, on httpx."""
    from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup
    from telegram.request import HTTPXRequest

    request = HTTPXRequest(
        connection_pool_size=flight, pool_timeout=600, httpx_kwargs={"trust_env": False}
    )
    bot = Bot(TOKEN, base_url=f"{url}/bot", request=request)
    button = InlineKeyboardButton("看全节", callback_data="s:c7abbe82:1.2.5")
    markup = InlineKeyboardMarkup([[button]])
    await request.initialize()
    try:
        await in_flight(
            flight,
            chats,
            lambda chat_id: bot.send_message(chat_id, TEXT, parse_mode="HTML", reply_markup=markup),
        )
    finally:
        await request.shutdown()


async def ptb_on_ours(url: str, chats: int, flight: int) -> None:
    """The same library on this project's transport: how replies leave."""
    from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup

    from bot.delivery.replies import PtbRequest
    from bot.delivery.transport import Transport

    transport = Transport(url, TOKEN)
    bot = Bot(TOKEN, base_url=f"{url}/bot", request=PtbRequest(transport))
    button = InlineKeyboardButton("看全节", callback_data="s:c7abbe82:1.2.5")
    markup = InlineKeyboardMarkup([[button]])
    try:
        await in_flight(
            flight,
            chats,
            lambda chat_id: bot.send_message(chat_id, TEXT, parse_mode="HTML", reply_markup=markup),
        )
    finally:
        await transport.close()


async def aiogram(url: str, chats: int, flight: int) -> None:
    """aiogram as it comes."""
    from aiogram import Bot
    from aiogram.client.session.aiohttp import AiohttpSession
    from aiogram.client.telegram import TelegramAPIServer
    from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

    session = AiohttpSession(api=TelegramAPIServer.from_base(url), limit=flight)
    bot = Bot(TOKEN, session=session)
    button = InlineKeyboardButton(text="看全节", callback_data="s:c7abbe82:1.2.5")
    markup = InlineKeyboardMarkup(inline_keyboard=[[button]])
    try:
        await in_flight(
            flight,
            chats,
            lambda chat_id: bot.send_message(chat_id, TEXT, parse_mode="HTML", reply_markup=markup),
        )
    finally:
        await session.close()
