"""python-telegram-bot on our transport and our limiter: for updates and replies."""

from collections.abc import Callable, Coroutine
from typing import Any

import aiohttp
from telegram.error import NetworkError, RetryAfter, TelegramError, TimedOut
from telegram.ext import BaseRateLimiter
from telegram.request import BaseRequest, RequestData
from yarl import URL

from bot.delivery.limiter import Limiter
from bot.delivery.transport import Transport
from bot.domain.message import Lane
from bot.errors import RetryLater, SendError, Undecided

PATIENCE_S = 60.0  # a reply that would come later than this is given up
# what Telegram counts as messages; answers to buttons and look-ups of its own state are free
COUNTED = ("send", "copy", "forward", "editMessage")
UNCOUNTED = frozenset({"sendChatAction"})


class PtbRequest(BaseRequest):
    """Telegram's library asks, our transport carries it."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @property
    def read_timeout(self) -> float | None:
        return self._transport.read_s

    async def initialize(self) -> None:
        """The transport opens at its first call."""

    async def shutdown(self) -> None:
        """The transport is closed by whoever made it."""

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        *_timeouts: Any,
        **_more: Any,
    ) -> tuple[int, bytes]:
        seconds = read_timeout if isinstance(read_timeout, int | float) else None
        try:
            return await self._transport.post(
                URL(url), _form(request_data), None, seconds, verb=method
            )
        except Undecided as error:
            raise TimedOut(f"No answer: {error}") from None
        except RetryLater as error:
            raise NetworkError(f"Not sent: {error}") from None
        except SendError as error:
            raise NetworkError(str(error)) from None


def _form(request_data: RequestData | None) -> aiohttp.FormData | None:
    if request_data is None:
        return None
    # quote_fields would percent-encode a file name like 报告.docx
    form = aiohttp.FormData(quote_fields=False)
    for name, value in request_data.json_parameters.items():
        form.add_field(name, value)
    for name, (file_name, content, kind) in request_data.multipart_data.items():
        form.add_field(name, content, filename=file_name, content_type=kind)
    return form


class PtbRateLimiter(BaseRateLimiter[int]):
    """Puts the library's calls through the limiter; ``rate_limit_args`` is a Lane.

    Without one it is an answer, and answers to ``is_office`` chats go ahead of all others.
    """

    def __init__(self, limiter: Limiter, is_office: Callable[[int], bool]) -> None:
        self._limiter = limiter
        self._is_office = is_office

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close."""

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Any]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: int | None,
    ) -> Any:
        """Wait for the turn, call, and once more after a 429 that is not too long."""
        chat_id = _chat(data)
        counted = endpoint.startswith(COUNTED) and endpoint not in UNCOUNTED
        if chat_id is None or not (counted or rate_limit_args):  # who names a lane waits in it
            return await callback(*args, **kwargs)
        lane = Lane(rate_limit_args or Lane.REPLY)
        if lane is Lane.REPLY and self._is_office(chat_id):
            lane = Lane.OFFICE
        while True:
            try:
                await self._limiter.acquire(lane, chat_id, patience_s=PATIENCE_S)
            except RetryLater as error:
                raise TelegramError(f"Not sent: {error}") from None
            try:
                answer = await callback(*args, **kwargs)
            except RetryAfter as error:
                after = _seconds(error)
                self._limiter.refused(chat_id, after)
                if after > PATIENCE_S:
                    raise
            else:
                self._limiter.passed()
                return answer


def _chat(data: dict[str, Any]) -> int | None:
    chat = data.get("chat_id")
    return chat if isinstance(chat, int) else None


def _seconds(error: RetryAfter) -> float:
    # the public attribute warns about a change of its type
    return error._retry_after.total_seconds()  # noqa: SLF001
