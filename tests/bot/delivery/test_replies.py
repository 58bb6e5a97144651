"""python-telegram-bot on our transport: the same limits, the same errors, files by their names."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TelegramError, TimedOut
from telegram.ext import ExtBot

from bot.delivery.limiter import Limiter, Rates
from bot.delivery.replies import PtbRateLimiter, PtbRequest
from bot.delivery.transport import Transport
from bot.domain.message import Lane
from tests.processes import free_port

TOKEN = "42:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
OFFICE = 1002
MESSAGE = {"message_id": 7, "date": 1, "chat": {"id": 1, "type": "private", "first_name": "A"}}
Serve = Callable[..., Awaitable[tuple[str, list[bytes]]]]


@pytest.fixture
async def serve() -> AsyncIterator[Serve]:
    """A server with queued (status, answer) pairs; the requests it saw."""
    servers: list[asyncio.Server] = []

    async def start(*answers: tuple[int, object]) -> tuple[str, list[bytes]]:
        queue, seen = list(answers), []

        async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            while head := await _head(reader):
                low = head.lower()
                body = b""
                if b"content-length:" in low:
                    size = int(low.split(b"content-length:")[1].split(b"\r\n")[0])
                    body = await reader.readexactly(size)
                elif b"chunked" in low:
                    body = await reader.readuntil(b"\r\n0\r\n\r\n")
                seen.append(head + body)
                status, answer = queue.pop(0) if queue else (200, {"ok": True, "result": MESSAGE})
                payload = json.dumps(answer).encode()
                writer.write(
                    b"HTTP/1.1 %d X\r\nContent-Length: %d\r\n\r\n%b"
                    % (status, len(payload), payload)
                )
            writer.close()

        server = await asyncio.start_server(handle, "127.0.0.1", 0)
        servers.append(server)
        return f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", seen

    yield start
    for server in servers:
        server.close()


async def _head(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, ConnectionError):
        return b""


@pytest.fixture
async def bots() -> AsyncIterator[Callable[..., ExtBot[int]]]:
    transports = []

    def make(url: str, limiter: Limiter | None = None) -> ExtBot[int]:
        transport = Transport(url, TOKEN, read_s=1)
        transports.append(transport)
        return ExtBot(
            TOKEN,
            base_url=f"{url}/bot",
            request=PtbRequest(transport),
            get_updates_request=PtbRequest(transport),
            rate_limiter=PtbRateLimiter(limiter or Limiter(), lambda chat: chat == OFFICE),
        )

    yield make
    for transport in transports:
        await transport.close()


async def test_a_message_goes_out_and_comes_back_as_an_object(
    serve: Serve, bots: Callable[..., ExtBot[int]]
) -> None:
    url, seen = await serve()
    message = await bots(url).send_message(1, "你好", parse_mode="HTML")
    assert message.message_id == 7
    assert seen[0].startswith(b"POST /bot42:")


async def test_a_file_keeps_its_chinese_name(
    serve: Serve, bots: Callable[..., ExtBot[int]]
) -> None:
    url, seen = await serve()
    await bots(url).send_document(1, b"content", filename="报告.docx")
    assert 'filename="报告.docx"'.encode() in seen[0]


@pytest.mark.parametrize(
    ("status", "description", "kind"),
    [
        (403, "Forbidden: bot was blocked by the user", Forbidden),
        (400, "Bad Request: message is too long", BadRequest),
        (502, "Bad Gateway", NetworkError),
    ],
)
async def test_errors_arrive_as_the_library_knows_them(
    serve: Serve,
    bots: Callable[..., ExtBot[int]],
    status: int,
    description: str,
    kind: type[TelegramError],
) -> None:
    answer = {"ok": False, "error_code": status, "description": description}
    url, _seen = await serve((status, answer))
    with pytest.raises(kind):
        await bots(url).send_message(1, "x")


async def test_no_connection_and_no_answer_are_told_apart(
    bots: Callable[..., ExtBot[int]],
) -> None:
    with pytest.raises(NetworkError, match="Not sent"):
        await bots(f"http://127.0.0.1:{free_port()}").send_message(1, "x")

    async def silence(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    server = await asyncio.start_server(silence, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    with pytest.raises(TimedOut, match="No answer"):
        await bots(f"http://127.0.0.1:{port}").send_message(1, "x", read_timeout=0.2)
    server.close()


async def test_after_a_short_429_the_reply_is_sent_again(
    serve: Serve, bots: Callable[..., ExtBot[int]]
) -> None:
    refusal = {
        "ok": False,
        "error_code": 429,
        "description": "Too Many Requests: retry after 1",
        "parameters": {"retry_after": 1},
    }
    url, seen = await serve((429, refusal))
    limiter = Limiter()
    await bots(url, limiter).send_message(1, "x")
    assert len(seen) == 2


async def test_a_long_429_is_said_at_once(serve: Serve, bots: Callable[..., ExtBot[int]]) -> None:
    refusal = {
        "ok": False,
        "error_code": 429,
        "description": "Too Many Requests: retry after 900",
        "parameters": {"retry_after": 900},
    }
    url, seen = await serve((429, refusal))
    limiter = Limiter()
    bot = bots(url, limiter)
    with pytest.raises(RetryAfter):
        await bot.send_message(1, "x")
    with pytest.raises(TelegramError, match="Not sent"):
        await bot.send_message(1, "x")
    assert len(seen) == 1
    assert limiter.unsaved()[1] > 800


async def test_only_what_telegram_counts_takes_a_turn(
    serve: Serve, bots: Callable[..., ExtBot[int]]
) -> None:
    url, seen = await serve(*[(200, {"ok": True, "result": True})] * 3)
    limiter = Limiter(Rates(per_second=0.001))
    await limiter.acquire(Lane.REPLY, 1)
    bot = bots(url, limiter)
    await bot.answer_callback_query("1")
    await bot.send_chat_action(1, "typing")
    await bot.delete_message(1, 7)
    assert len(seen) == 3


async def test_answers_to_the_office_go_ahead_of_a_crowds(
    serve: Serve, bots: Callable[..., ExtBot[int]]
) -> None:
    url, seen = await serve()
    bot = bots(url, Limiter(Rates(per_second=20)))
    crowd = [asyncio.create_task(bot.send_message(100 + n, f"reader {n}")) for n in range(8)]
    await asyncio.sleep(0)
    await bot.send_message(OFFICE, "the office")
    before = len(seen)
    await asyncio.gather(*crowd)
    assert before < len(seen)
