"""One Bot API call over HTTP: token, arguments, fault, method, answer, journal."""

import asyncio
import inspect
import json
import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from aiohttp import web

from bot.sandbox import wire
from bot.sandbox.accounts import Account
from bot.sandbox.faults import Fault
from bot.sandbox.journal import Entry
from bot.sandbox.methods import METHODS
from bot.sandbox.methods.call import Call
from bot.sandbox.refusals import ApiError, Json
from bot.sandbox.wire import Arguments
from bot.sandbox.world import World

log = logging.getLogger(__name__)
JSON_TYPE = "application/json"
SENDS = ("send", "copy", "forward")
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class DroppedError(Exception):
    """The connection is to be closed without an answer."""


@dataclass(slots=True)
class Attempt:
    """One call on its way to its answer."""

    method: str
    started: float
    arguments: Arguments = field(default_factory=Arguments)
    account: Account | None = None
    fault: Fault | None = None
    status: int = 200
    body: bytes = b""
    note: str = ""

    def refuse(self, error: ApiError) -> None:
        self.status, self.body = error.code, _refusal(error)


class Api:
    def __init__(self, world: World) -> None:
        self._world = world

    async def serve(self, request: web.BaseRequest, path: str) -> web.StreamResponse:
        """Answer ``/bot<token>/<method>``."""
        token, _, method = path[4:].partition("/")
        attempt = Attempt(method.removeprefix("test/"), time.perf_counter())
        try:
            result = await self._attempt(attempt, request, unquote(token))
            attempt.body = f'{{"ok":true,"result":{_encode(result)}}}'.encode()
        except ApiError as error:
            attempt.refuse(error)
            self._count(attempt.method, error)
        except DroppedError:
            attempt.status, attempt.note = 0, "dropped"
            if attempt.method.lower().startswith(SENDS):
                self._world.tally.refused["dropped"] += 1
        except Exception:  # our own mistake must look like the server's
            log.exception("%s stumbled over %s", attempt.method, attempt.arguments.values)
            attempt.refuse(ApiError(500, "Internal Server Error"))
        self._record(attempt)
        return await self._answer(request, attempt)

    async def _attempt(self, attempt: Attempt, request: web.BaseRequest, token: str) -> Any:
        account = attempt.account = self._world.account(token)
        attempt.arguments = await wire.read(request)
        if self._world.faults.rules:
            chat = attempt.arguments.text("chat_id")
            attempt.fault = self._world.faults.find(attempt.method, chat)
        call = Call(self._world, account, attempt.arguments)
        return await self._run(call, attempt.method, attempt.fault)

    def _record(self, attempt: Attempt) -> None:
        params = attempt.arguments.values
        if attempt.arguments.files:
            params = params | {
                name: f"file {file.name} ({len(file.data)} bytes)"
                for name, file in attempt.arguments.files.items()
            }
        bot_id = attempt.account.id if attempt.account else 0
        took = time.perf_counter() - attempt.started
        now = self._world.clock.timestamp()
        self._world.journal.add(
            Entry(0, now, attempt.method, params, attempt.status, attempt.body, took, bot_id,
                  attempt.note)
        )  # fmt: skip

    async def _run(self, call: Call, method: str, fault: Fault | None) -> Any:
        if fault is not None:
            return await self._run_with(fault, call, method)
        function = METHODS.get(method.lower())
        if function is None:
            raise ApiError(404, "Not Found: method not found")
        result = function(call)
        return await result if inspect.isawaitable(result) else result

    async def _run_with(self, fault: Fault, call: Call, method: str) -> Any:
        """Half of the latency before the deed, half after; the error before it or after it."""
        delay = fault.delay_s(self._world.faults.chance)
        await asyncio.sleep(delay / 2)
        if not fault.after_delivery:
            _strike(fault)
        result = await self._run(call, method, None)
        await asyncio.sleep(delay / 2)
        if fault.after_delivery:
            _strike(fault)
        return result

    def _count(self, method: str, error: ApiError) -> None:
        if method.lower().startswith(SENDS) and "action" not in method.lower():
            self._world.tally.refused[error.reason] += 1

    async def _answer(self, request: web.BaseRequest, attempt: Attempt) -> web.StreamResponse:
        fault, status, body = attempt.fault, attempt.status, attempt.body
        if fault is not None and (fault.drop or fault.half or fault.slow_ms):
            return await _broken_answer(request, status, body, fault)
        headers: Mapping[str, str] = {}
        if status == 429:  # noqa: PLR2004
            seconds = json.loads(body).get("parameters", {}).get("retry_after", 1)
            headers = {"Retry-After": str(seconds)}
        return web.Response(body=body, status=status, headers=headers, content_type=JSON_TYPE)


def _strike(fault: Fault) -> None:
    if fault.drop:
        raise DroppedError
    if fault.code:
        raise fault.error()


def _refusal(error: ApiError) -> bytes:
    card: Json = {"ok": False, "error_code": error.code, "description": error.description}
    if error.parameters:
        card["parameters"] = error.parameters
    return _encode(card).encode()


async def _broken_answer(
    request: web.BaseRequest, status: int, body: bytes, fault: Fault
) -> web.StreamResponse:
    """No answer, half an answer, or one that trickles."""
    if fault.drop:
        if request.transport is not None:
            request.transport.abort()
        return web.Response(status=500)
    response = web.StreamResponse(status=status, headers={"Content-Type": JSON_TYPE})
    response.content_length = len(body)
    await response.prepare(request)
    pieces = 10 if fault.slow_ms else 1
    sent = body[: len(body) // 2] if fault.half else body
    size = max(len(sent) // pieces, 1)
    for start in range(0, len(sent), size):
        await response.write(sent[start : start + size])
        if fault.slow_ms:
            await asyncio.sleep(fault.slow_ms / 1000 / pieces)
    if fault.half and request.transport is not None:
        await asyncio.sleep(0.01)
        request.transport.abort()
    return response
