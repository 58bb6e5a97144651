"""One Bot API call over HTTP (aiohttp); its errors say what they mean for the message.

What certainly did not arrive is ``RetryLater``: no connection, 429, a server that says it is
restarting. What may have arrived is ``Undecided``: no answer after the request left, an answer cut
off, a 5xx from a gateway in between. The token is part of every URL; it leaves this file in no
exception and no log.
"""

import asyncio
import json
import logging
from typing import Any
from urllib.request import getproxies, proxy_bypass

import aiohttp
from yarl import URL

from bot.errors import (
    BadContent,
    ChatGone,
    ChatMoved,
    RetryLater,
    SendError,
    TokenRefused,
    TopicGone,
    Undecided,
)

CONNECT_S = 10.0
READ_S = 30.0
LOOK_S = 0.2
JSON_HEADERS = {"Content-Type": "application/json"}
_BAD_REQUEST, _FORBIDDEN, _TOO_MANY, _SERVER_ERROR = 400, 403, 429, 500

# (part of Telegram's text in lower case, our reason); the first that fits
GONE = (
    ("blocked", "blocked"),
    ("deactivated", "deactivated"),
    ("kicked", "kicked"),
    ("not a member", "kicked"),
    ("group chat was deleted", "deleted"),
    ("can't initiate conversation", "never_started"),
    ("messages to the bot", "is_a_bot"),
    ("messages to bots", "is_a_bot"),
    ("chat not found", "not_found"),
    ("user not found", "not_found"),
    ("peer_id_invalid", "not_found"),
    ("chat_write_forbidden", "no_rights"),
    ("not enough rights", "no_rights"),
    ("have no rights", "no_rights"),
    ("need administrator rights", "no_rights"),
    ("chat_restricted", "no_rights"),
)
TOPIC_GONE = ("message thread not found", "topic_deleted", "topic_closed", "topic_id_invalid")


class Transport:
    """Calls the Bot API over one pool of connections; polling gets a Transport of its own."""

    def __init__(self, api_url: str, token: str, *, read_s: float = READ_S) -> None:
        self._root = f"{api_url.rstrip('/')}/bot{token}/"
        self._token = token
        self.read_s = read_s
        self._urls: dict[str, URL] = {}
        self._session: aiohttp.ClientSession | None = None
        self._proxy = _proxy(URL(api_url))
        self._patience = _Patience()

    async def call(
        self, method: str, body: dict[str, Any] | bytes, *, timeout_s: float | None = None
    ) -> Any:
        """The ``result`` of one call; a body of bytes is JSON, encoded already."""
        payload = body if isinstance(body, bytes) else encode(body)
        status, answer = await self.post(self._url(method), payload, JSON_HEADERS, timeout_s)
        return read_answer(status, answer, self._token)

    async def post(
        self,
        url: URL,
        data: bytes | aiohttp.FormData | None,
        headers: dict[str, str] | None = None,
        timeout_s: float | None = None,
        verb: str = "POST",
    ) -> tuple[int, bytes]:
        """Status and body of the answer; raises RetryLater or Undecided when there is none."""
        session = self._session or self._open()
        task = self._patience.begin(timeout_s or self.read_s)
        try:
            async with session.request(
                verb, url, data=data, headers=headers, timeout=_CONNECTING, proxy=self._proxy
            ) as response:
                return response.status, await response.read()
        except asyncio.CancelledError:
            if self._patience.is_over(task):
                raise Undecided("no_answer", "no answer in time") from None
            raise
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise RetryLater("no_connection", self.redacted(error)) from None
        except (aiohttp.InvalidURL, aiohttp.NonHttpUrlClientError) as error:
            raise BadContent("bad_address", self.redacted(error)) from None
        except (aiohttp.ClientError, OSError) as error:
            raise Undecided("connection_lost", self.redacted(error)) from None
        finally:
            self._patience.end(task)

    def redacted(self, thing: object) -> str:
        """Its text without the token."""
        return redact(str(thing) or type(thing).__name__, self._token)

    async def close(self) -> None:
        """Close all connections; the next call opens them again."""
        if self._session is not None:
            session, self._session = self._session, None
            await session.close()
            await asyncio.sleep(0)  # lets the sockets close before the loop does

    def _url(self, method: str) -> URL:
        url = self._urls.get(method)
        if url is None:
            url = self._urls[method] = URL(self._root + method, encoded=True)
        return url

    def _open(self) -> aiohttp.ClientSession:
        self._session = aiohttp.ClientSession(
            # the sender's window bounds what is in flight, not the pool
            connector=aiohttp.TCPConnector(limit=0, ttl_dns_cache=300),
            cookie_jar=aiohttp.DummyCookieJar(),
            skip_auto_headers=("User-Agent", "Accept"),
        )
        return self._session


class Redacting(logging.Filter):
    """Takes the token out of every record, whoever logs it."""

    def __init__(self, token: str) -> None:
        super().__init__()
        self._token = token

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        if self._token and self._token in message:
            record.msg, record.args = redact(message, self._token), None
        if record.exc_info:
            trace = record.exc_text or logging.Formatter().formatException(record.exc_info)
            record.exc_text = redact(trace, self._token)
        return True


def redact(text: str, token: str) -> str:
    """The text with the secret half of the token left out."""
    if not token:
        return text
    _bot, _, secret = token.partition(":")
    return text.replace(token, f"{_bot}:…").replace(secret or token, "…")


def encode(body: dict[str, Any]) -> bytes:
    """A body as JSON."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def read_answer(status: int, payload: bytes, token: str = "") -> Any:
    """Telegram's answer -> its result, or the error it means."""
    try:
        answer = json.loads(payload)
        ok = answer["ok"]
    except (ValueError, KeyError, TypeError):
        if status == _TOO_MANY:
            raise RetryLater("too_many_requests", after=1.0) from None
        if _BAD_REQUEST <= status < _SERVER_ERROR:
            text = redact(payload[:200].decode(errors="replace"), token)
            raise RetryLater("odd_answer", f"{status} {text}", after=5.0) from None
        raise Undecided("odd_answer", f"the answer ({status}) is not the Bot API's") from None
    if ok and status < _BAD_REQUEST:
        return answer.get("result")
    description = redact(str(answer.get("description", "")), token)
    raise error_of(status, description, answer.get("parameters") or {})


def error_of(status: int, description: str, parameters: dict[str, Any]) -> SendError:
    """What an error answer means for the message.

    >>> error_of(403, "Forbidden: bot was blocked by the user", {}).reason
    'blocked'
    """
    match status:
        case 429:
            after = float(parameters.get("retry_after") or 1)
            return RetryLater("too_many_requests", description, after=after)
        case 409:
            return RetryLater("conflict", description, after=3.0)
        case 401:
            return TokenRefused("token_refused", description)
        case 404 if "method" not in description:  # how a malformed token is answered
            return TokenRefused("token_refused", description)
        case 400 | 403 | 404:
            return _refusal(status, description, parameters)
        case _:
            return _server_error(status, description)


def _refusal(status: int, description: str, parameters: dict[str, Any]) -> SendError:
    if "migrate_to_chat_id" in parameters:
        return ChatMoved(int(parameters["migrate_to_chat_id"]))
    text = description.lower()
    if any(words in text for words in TOPIC_GONE):
        return TopicGone("topic_gone", description)
    reason = next((reason for words, reason in GONE if words in text), None)
    if reason is None and status == _FORBIDDEN:
        reason = "forbidden"
    return ChatGone(reason, description) if reason else BadContent("refused", description)


def _server_error(status: int, description: str) -> SendError:
    # telegram-bot-api answers this to what it has not begun; any other 5xx may hide a delivery
    if description == "Internal Server Error: restart":
        return RetryLater("restarting", description, after=1.0)
    if status < _SERVER_ERROR:
        return BadContent("refused", f"{status} {description}")
    return Undecided("server_error", f"{status} {description}")


_CONNECTING = aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_S)


class _Patience:
    """How long each call waits for its answer, looked at a few times a second.

    A timer per request costs a fifth of what the request itself costs.
    """

    def __init__(self) -> None:
        self._ends: dict[asyncio.Task[Any], float] = {}
        self._over: set[asyncio.Task[Any]] = set()
        self._look: asyncio.TimerHandle | None = None

    def begin(self, seconds: float) -> asyncio.Task[Any]:
        """The task that waits from now on."""
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError("a call needs a task")
        loop = task.get_loop()
        self._ends[task] = loop.time() + seconds
        if self._look is None:
            self._look = loop.call_later(LOOK_S, self._look_at_all, loop)
        return task

    def end(self, task: asyncio.Task[Any]) -> None:
        """It has its answer, or does not wait any more."""
        self._ends.pop(task, None)

    def is_over(self, task: asyncio.Task[Any]) -> bool:
        """Whether it was us who ended its waiting; then it is not cancelled any more."""
        if task not in self._over:
            return False
        self._over.discard(task)
        return task.uncancel() == 0

    def _look_at_all(self, loop: asyncio.AbstractEventLoop) -> None:
        now = loop.time()
        for task, end in list(self._ends.items()):
            if end < now:
                del self._ends[task]
                self._over.add(task)
                task.cancel()
        again = bool(self._ends)
        self._look = loop.call_later(LOOK_S, self._look_at_all, loop) if again else None


def _proxy(api_url: URL) -> str | None:
    """The proxy of the environment, looked up once and not for every request."""
    if proxy_bypass(api_url.host or "") or api_url.host in {"127.0.0.1", "localhost", "::1"}:
        return None
    return getproxies().get(api_url.scheme)
