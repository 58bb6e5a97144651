"""Faults on demand: what goes wrong, for which calls, how often. The first match wins."""

import fnmatch
import random
from dataclasses import dataclass, fields
from typing import Any

from bot.sandbox.refusals import PREFIXES, ApiError, Json

TEXTS = {
    400: "Bad Request: chat not found",
    401: "Unauthorized",
    403: "Forbidden: bot was blocked by the user",
    404: "Not Found",
    409: "Conflict: terminated by other getUpdates request; make sure that only one bot instance"
    " is running",
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
}


@dataclass(slots=True)
class Fault:
    """One rule of ``POST /sandbox/faults``; without ``code`` the call itself succeeds."""

    method: str = ""  # a name, or a pattern such as send*
    chat: int = 0
    code: int = 0  # 0 or 200: no error
    description: str = ""
    retry_after: int = 0
    times: int = 0  # 0: for ever
    share: float = 1.0
    delay_ms: float = 0.0
    delay_to_ms: float = 0.0  # a latency between delay_ms and this, evenly spread
    slow_ms: float = 0.0  # the answer trickles out over this time
    after_delivery: bool = False  # it is delivered, only the answer is lost
    drop: bool = False  # the connection is closed without an answer
    half: bool = False  # half of the answer, then the connection is closed
    migrate_to: int = 0
    used: int = 0

    def delay_s(self, chance: random.Random) -> float:
        if self.delay_to_ms > self.delay_ms:
            return chance.uniform(self.delay_ms, self.delay_to_ms) / 1000
        return self.delay_ms / 1000

    def error(self) -> ApiError:
        description = self.description or TEXTS.get(self.code, PREFIXES.get(self.code, "Error"))
        parameters: dict[str, int] = {}
        if self.code == 429:  # noqa: PLR2004
            seconds = self.retry_after or 1
            description = self.description or f"Too Many Requests: retry after {seconds}"
            parameters["retry_after"] = seconds
        if self.migrate_to:
            parameters["migrate_to_chat_id"] = self.migrate_to
        return ApiError(self.code, description, "fault", **parameters)

    def card(self) -> Json:
        return {each.name: getattr(self, each.name) for each in fields(self)}


def read(wanted: Json) -> Fault:
    """A fault as posted; ValueError names what cannot be used."""
    fault = Fault()
    for each in fields(Fault):
        value = wanted.get(each.name)
        if value is None or each.name == "used":
            continue
        setattr(fault, each.name, _fitting(each.name, value, type(getattr(fault, each.name))))
    if fault.retry_after and not fault.code:
        fault.code = 429
    if 200 <= fault.code <= 299:  # noqa: PLR2004
        fault.code = 0
    if fault.code and not 400 <= fault.code <= 599:  # noqa: PLR2004
        raise ValueError("code: from 400 to 599, or 200 when only the delay counts")
    if not 0 <= fault.share <= 1:
        raise ValueError("share: from 0 to 1")
    if not any((fault.code, fault.drop, fault.half, fault.delay_ms, fault.slow_ms)):
        raise ValueError("one of code, drop, half, delay_ms, slow_ms is needed")
    return fault


def _fitting(name: str, value: Any, kind: type) -> Any:
    if kind is bool or kind is str:
        if isinstance(value, kind):
            return value
    elif (
        isinstance(value, (int, float))
        and not isinstance(value, bool)
        and (value >= 0 or name == "chat")
    ):
        return kind(value)
    raise ValueError(f"{name}: {kind.__name__} expected")


class Faults:
    def __init__(self, seed: int = 0) -> None:
        self.chance = random.Random(seed)  # noqa: S311 -- repeatable on purpose
        self.rules: list[Fault] = []

    def add(self, fault: Fault) -> None:
        self.rules.append(fault)

    def clear(self) -> None:
        self.rules.clear()

    def find(self, method: str, chat: str) -> Fault | None:
        """The first rule that applies to this call, counted as used."""
        for rule in self.rules:
            if rule.times and rule.used >= rule.times:
                continue
            if rule.method and not fnmatch.fnmatchcase(method.lower(), rule.method.lower()):
                continue
            if rule.chat and str(rule.chat) != chat:
                continue
            if rule.share < 1 and self.chance.random() >= rule.share:
                continue
            rule.used += 1
            return rule
        return None
