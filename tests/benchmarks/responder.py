"""A Bot API that does nothing but answer: raw protocol, one process, no framework in the way.

``python -m tests.benchmarks.responder --latency-ms 80 --per-second 1000`` prints its port and
serves until its standard input closes. ``GET /stats`` tells what arrived; ``POST /reset`` forgets
it; ``POST /ask {"every_ms", "texts"}`` makes people ask while something else goes on, and measures
the time from the update leaving to the reply arriving.
"""

import argparse
import asyncio
import itertools
import json
import sys
import time
from collections import deque
from typing import Any

ME = {"id": 1, "is_bot": True, "first_name": "Bench", "username": "bench_bot"}
OK_TRUE = b'{"ok":true,"result":true}'


class State:
    """Everything the server remembers."""

    def __init__(self, latency_s: float, per_second: float) -> None:
        self.latency_s = latency_s
        self.per_second = per_second
        self.updates: deque[dict[str, Any]] = deque()
        self.wanted = asyncio.Event()
        self.ids = itertools.count(1)
        self.update_ids = itertools.count(1)
        self.reset()

    def reset(self) -> None:
        self.sent = self.refused = self.busiest = 0
        self.window: deque[float] = deque()
        self.asked: dict[int, float] = {}
        self.replies: list[float] = []
        self.first = self.last = 0.0

    def arrived(self, chat_id: int) -> bool:
        """Count a message; False when it is over the limit."""
        now = time.monotonic()
        if chat_id in self.asked:
            self.replies.append(now - self.asked.pop(chat_id))
        window = self.window
        while window and window[0] <= now - 1.0:
            window.popleft()
        if self.per_second and len(window) >= 1.1 * self.per_second + 1:
            self.refused += 1
            return False
        window.append(now)
        self.busiest = max(self.busiest, len(window))
        self.sent += 1
        self.first = self.first or now
        self.last = now
        return True

    def stats(self) -> dict[str, Any]:
        replies = sorted(self.replies)

        def share(part: float) -> float:
            return round(replies[min(len(replies) - 1, int(part * len(replies)))] * 1000, 1)

        return {
            "sent": self.sent,
            "refused": self.refused,
            "busiest_second": self.busiest,
            "seconds": self.last - self.first,
            "replies": len(replies),
            "unanswered": len(self.asked),
            "reply_p50_ms": share(0.5) if replies else None,
            "reply_p95_ms": share(0.95) if replies else None,
            "reply_p99_ms": share(0.99) if replies else None,
        }


class Server(asyncio.Protocol):
    """One connection; requests are answered in the order in which they come."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._seen = b""
        self._transport: Any = None

    def connection_made(self, transport: Any) -> None:
        self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None

    def data_received(self, data: bytes) -> None:
        self._seen += data
        while True:
            end = self._seen.find(b"\r\n\r\n")
            if end < 0:
                return
            head = self._seen[:end].lower()
            at = head.find(b"content-length:")
            size = int(head[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
            if at < 0 and b"transfer-encoding: chunked" in head:
                done = self._seen.find(b"\r\n0\r\n\r\n", end)
                if done < 0:
                    return
                body, self._seen = self._seen[end + 4 : done], self._seen[done + 7 :]
            else:
                if len(self._seen) < end + 4 + size:
                    return
                body = self._seen[end + 4 : end + 4 + size]
                self._seen = self._seen[end + 4 + size :]
            method = head.split(b" ", 2)[1].rpartition(b"/")[2]
            self._answer(method, body)

    def _answer(self, method: bytes, body: bytes) -> None:
        if method == b"sendmessage":
            chat_id = _chat_of(body)
            if self._state.arrived(chat_id):
                payload = _message(next(self._state.ids), chat_id)
                status = b"200 OK"
            else:
                status = b"429 Too Many Requests"
                payload = (
                    b'{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 1"'
                    b',"parameters":{"retry_after":1}}'
                )
            loop = asyncio.get_running_loop()
            if self._state.latency_s:
                loop.call_later(self._state.latency_s, self._write, status, payload)
            else:
                self._write(status, payload)
            return
        if method.startswith(b"getupdates"):
            task = asyncio.ensure_future(self._get_updates(body))
            _tasks.add(task)
            task.add_done_callback(_tasks.discard)
            return
        self._write(b"200 OK", self._other(method, body))

    def _other(self, method: bytes, body: bytes) -> bytes:
        if method == b"stats":
            return json.dumps(self._state.stats()).encode()
        if method == b"reset":
            self._state.reset()
        if method == b"ask":
            wish = json.loads(body)
            task = asyncio.ensure_future(_ask(self._state, wish["every_ms"], wish["texts"]))
            _tasks.add(task)
            task.add_done_callback(_tasks.discard)
        if method == b"getme":
            return json.dumps({"ok": True, "result": ME}).encode()
        return OK_TRUE

    async def _get_updates(self, body: bytes) -> None:
        state = self._state
        text = body.decode(errors="replace")
        offset = 0
        for key in ('"offset":', "offset="):
            if key in text:
                digits = text.split(key, 1)[1].lstrip()
                offset = int("".join(itertools.takewhile(lambda c: c in "-0123456789", digits)))
        while state.updates and state.updates[0]["update_id"] < offset:
            state.updates.popleft()
        if not state.updates:
            state.wanted.clear()
            try:
                async with asyncio.timeout(5):
                    await state.wanted.wait()
            except TimeoutError:
                pass
        now = time.monotonic()
        batch = list(state.updates)[:100]
        for update in batch:
            state.asked.setdefault(update["message"]["chat"]["id"], now)
        self._write(b"200 OK", json.dumps({"ok": True, "result": batch}).encode())

    def _write(self, status: bytes, payload: bytes) -> None:
        if self._transport is not None:
            self._transport.write(
                b"HTTP/1.1 %b\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b"
                % (status, len(payload), payload)
            )


_tasks: set[asyncio.Future[None]] = set()


async def _ask(state: State, every_ms: float, texts: list[str]) -> None:
    """Strangers in private chats, one question each."""
    for number, text in enumerate(texts):
        chat = {"id": 900_000_000 + number, "type": "private", "first_name": "R"}
        person = {"id": chat["id"], "is_bot": False, "first_name": "R", "language_code": "zh-hans"}
        state.updates.append(
            {
                "update_id": next(state.update_ids),
                "message": {
                    "message_id": number + 1,
                    "date": int(time.time()),
                    "chat": chat,
                    "from": person,
                    "text": text,
                },
            }
        )
        state.wanted.set()
        await asyncio.sleep(every_ms / 1000)


def _chat_of(body: bytes) -> int:
    for key in (b'"chat_id":', b"chat_id="):
        at = body.find(key)
        if at >= 0:
            rest = body[at + len(key) : at + len(key) + 24].lstrip(b' "')
            return int(bytes(itertools.takewhile(lambda c: c in b"-0123456789", rest)))
    at = body.find(b'name="chat_id"')
    return int(body[at:].split(b"\r\n\r\n", 1)[1].split(b"\r\n", 1)[0]) if at >= 0 else 0


def _message(number: int, chat_id: int) -> bytes:
    return (
        b'{"ok":true,"result":{"message_id":%d,"from":{"id":1,"is_bot":true,"first_name":"Bench",'
        b'"username":"bench_bot"},"chat":{"id":%d,"first_name":"R","type":"private"},'
        b'"date":1790000000,"text":"\\u4eca\\u65e5\\u6458\\u7f16"}}' % (number, chat_id)
    )


async def _serve(latency_s: float, per_second: float) -> None:
    state = State(latency_s, per_second)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Server(state), "127.0.0.1", 0, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--latency-ms", type=float, default=0)
    parser.add_argument("--per-second", type=float, default=0, help="0: no limit")
    given = parser.parse_args()
    try:
        from uvloop import run
    except ImportError:
        from asyncio import run
    run(_serve(given.latency_ms / 1000, given.per_second))


if __name__ == "__main__":
    main()
