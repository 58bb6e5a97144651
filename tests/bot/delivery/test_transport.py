"""What Telegram answers, or fails to answer, becomes an error that says what to do."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from bot.delivery.transport import Redacting, Transport, error_of, read_answer, redact
from bot.errors import (
    BadContent,
    ChatGone,
    ChatMoved,
    RetryLater,
    SendError,
    TokenRefused,
    Undecided,
)
from tests.processes import free_port

TOKEN = "42:secret-half-of-the-token-0123456789"
Peer = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@pytest.fixture
async def serve() -> AsyncIterator[Callable[[Peer], Awaitable[Transport]]]:
    """A server that behaves as told, and a transport that talks to it."""
    open_things: list[Transport | asyncio.Server] = []

    async def start(peer: Peer) -> Transport:
        async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            try:
                await peer(reader, writer)
            finally:
                writer.close()

        server = await asyncio.start_server(handle, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        transport = Transport(f"http://127.0.0.1:{port}", TOKEN, read_s=0.3)
        open_things.extend((transport, server))
        return transport

    yield start
    for thing in open_things:
        if isinstance(thing, Transport):
            await thing.close()
        else:
            thing.close()


async def _read(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    size = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
    return head + await reader.readexactly(size)


def _http(status: str, body: bytes) -> bytes:
    return b"HTTP/1.1 %b\r\nContent-Length: %d\r\n\r\n%b" % (status.encode(), len(body), body)


async def test_the_result_of_a_call_is_returned_and_its_body_is_json(
    serve: Callable[[Peer], Awaitable[Transport]],
) -> None:
    seen: list[bytes] = []

    async def peer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.append(await _read(reader))
        writer.write(_http("200 OK", b'{"ok":true,"result":{"message_id":7}}'))

    transport = await serve(peer)
    assert await transport.call("sendMessage", {"chat_id": 1, "text": "你好"}) == {"message_id": 7}
    head, _, body = seen[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /bot42:secret-half-of-the-token-0123456789/sendMessage ")
    assert b"Content-Type: application/json" in head
    assert json.loads(body) == {"chat_id": 1, "text": "你好"}


async def test_no_connection_means_it_did_not_arrive() -> None:
    transport = Transport(f"http://127.0.0.1:{free_port()}", TOKEN)
    with pytest.raises(RetryLater) as refused:
        await transport.call("getMe", {})
    assert refused.value.reason == "no_connection"
    assert "secret" not in str(refused.value)
    await transport.close()


async def _silence(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await _read(reader)
    await asyncio.sleep(2)


async def _hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await _read(reader)


async def _half(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await _read(reader)
    writer.write(b'HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n{"ok":true')


async def _nonsense(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await _read(reader)
    writer.write(_http("200 OK", b"<html>welcome to the hotel network</html>"))


@pytest.mark.parametrize("peer", [_silence, _hang_up, _half, _nonsense])
async def test_once_the_request_has_left_only_an_answer_decides(
    serve: Callable[[Peer], Awaitable[Transport]], peer: Peer
) -> None:
    transport = await serve(peer)
    with pytest.raises(Undecided) as lost:
        await transport.call("sendMessage", {"chat_id": 1})
    assert "secret" not in repr(lost.value)
    assert lost.value.__suppress_context__


@pytest.mark.parametrize(
    ("status", "description", "kind", "reason"),
    [
        (403, "Forbidden: bot was blocked by the user", ChatGone, "blocked"),
        (403, "Forbidden: user is deactivated", ChatGone, "deactivated"),
        (403, "Forbidden: bot was kicked from the supergroup chat", ChatGone, "kicked"),
        (403, "Forbidden: bot is not a member of the channel chat", ChatGone, "kicked"),
        (403, "Forbidden: the group chat was deleted", ChatGone, "deleted"),
        (
            403,
            "Forbidden: bot can't initiate conversation with a user",
            ChatGone,
            "never_started",
        ),
        (403, "Forbidden: the bot can't send messages to the bot", ChatGone, "is_a_bot"),
        (403, "Forbidden: something new", ChatGone, "forbidden"),
        (400, "Bad Request: chat not found", ChatGone, "not_found"),
        (
            400,
            "Bad Request: not enough rights to send text messages to the chat",
            ChatGone,
            "no_rights",
        ),
        (400, "Bad Request: can't parse entities: Unclosed start tag", BadContent, "refused"),
        (400, "Bad Request: message is too long", BadContent, "refused"),
        (413, "Request Entity Too Large", BadContent, "refused"),
        (404, "Not Found: method not found", BadContent, "refused"),
        (401, "Unauthorized", TokenRefused, "token_refused"),
        (404, "Not Found", TokenRefused, "token_refused"),
        (409, "Conflict: terminated by other getUpdates request", RetryLater, "conflict"),
        (500, "Internal Server Error: restart", RetryLater, "restarting"),
        (500, "Internal Server Error", Undecided, "server_error"),
        (502, "Bad Gateway", Undecided, "server_error"),
    ],
)
def test_telegrams_texts_are_told_apart(
    status: int, description: str, kind: type[SendError], reason: str
) -> None:
    error = error_of(status, description, {})
    assert (type(error), error.reason) == (kind, reason)


def test_a_429_says_how_long_to_wait() -> None:
    error = error_of(429, "Too Many Requests: retry after 17", {"retry_after": 17})
    assert isinstance(error, RetryLater)
    assert error.after == 17
    with pytest.raises(RetryLater):
        read_answer(429, b"slow down")


def test_a_migrated_group_brings_its_new_id() -> None:
    text = "Bad Request: group chat was upgraded to a supergroup chat"
    error = error_of(400, text, {"migrate_to_chat_id": -1005})
    assert isinstance(error, ChatMoved)
    assert error.new_id == -1005


def test_a_page_of_some_proxy_is_not_an_answer() -> None:
    with pytest.raises(Undecided):
        read_answer(502, b"<html>bad gateway</html>")
    with pytest.raises(RetryLater):
        read_answer(407, b"<html>please log in</html>")


def test_the_token_is_taken_out_of_texts_and_logs(caplog: pytest.LogCaptureFixture) -> None:
    assert redact(f"GET /bot{TOKEN}/getMe failed", TOKEN) == "GET /bot42:…/getMe failed"
    assert "secret" not in redact("secret-half-of-the-token-0123456789", TOKEN)
    caplog.handler.addFilter(Redacting(TOKEN))
    logging.getLogger("anybody").warning("calling %s", f"https://x/bot{TOKEN}/sendMessage")
    assert "secret" not in caplog.text
    assert "bot42:…/sendMessage" in caplog.text


def test_the_token_is_taken_out_of_traces_too(caplog: pytest.LogCaptureFixture) -> None:
    caplog.handler.addFilter(Redacting(TOKEN))
    with pytest.raises(OSError, match="secret") as raised:
        raise OSError(f"https://x/bot{TOKEN}/sendMessage")
    logging.getLogger("anybody").error("it went wrong", exc_info=raised.value)
    assert "secret" not in caplog.text
    assert "OSError: https://x/bot42:…/sendMessage" in caplog.text
