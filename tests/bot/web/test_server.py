"""Other programs are told the truth about the bot, and only Telegram may bring updates."""

from collections.abc import AsyncIterator, Sequence
from typing import Any

import httpx
import pytest

from bot.errors import SettingsError
from bot.web import Sample, Vitals, Web
from bot.web.server import SECRET_HEADER, Webhook

TROUBLED = Vitals(("the database cannot be reached",), (Sample("policybot_up", "Is it up.", 1),))


class Desk:
    def __init__(self) -> None:
        self.vitals = Vitals()
        self.stored: list[dict[str, Any]] = []
        self.events = b"BEGIN:VCALENDAR"

    async def ask(self) -> Vitals:
        return self.vitals

    async def calendar(self, topics: Sequence[str], language: str) -> bytes:
        return self.events + f"\r\n{','.join(topics)} {language}".encode()

    async def store(self, update: dict[str, Any]) -> None:
        self.stored.append(update)


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
async def client(desk: Desk) -> AsyncIterator[httpx.AsyncClient]:
    web = Web(desk.ask, desk.calendar, Webhook("/telegram/x", "s3cret", desk.store))
    await web.start("127.0.0.1", 0)
    async with httpx.AsyncClient(base_url=web.url, trust_env=False) as client:
        yield client
    await web.stop()


async def test_it_is_ready_until_something_is_wrong(desk: Desk, client: httpx.AsyncClient) -> None:
    assert (await client.get("/readyz")).status_code == 200
    desk.vitals = TROUBLED
    answer = await client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {"troubles": ["the database cannot be reached"]}
    assert (await client.get("/healthz")).status_code == 200


async def test_a_port_that_is_taken_is_said_with_the_setting(
    desk: Desk, client: httpx.AsyncClient
) -> None:
    second = Web(desk.ask, desk.calendar)
    with pytest.raises(SettingsError, match=r"web\.port: 127\.0\.0\.1:\d+ cannot be used"):
        await second.start("127.0.0.1", int(client.base_url.port or 0))
    await second.stop()


async def test_its_numbers_are_in_prometheus_form(desk: Desk, client: httpx.AsyncClient) -> None:
    desk.vitals = TROUBLED
    answer = await client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain")
    assert "policybot_up 1" in answer.text


async def test_an_update_is_stored_before_it_is_answered(
    desk: Desk, client: httpx.AsyncClient
) -> None:
    answer = await client.post(
        "/telegram/x", json={"update_id": 1}, headers={SECRET_HEADER: "s3cret"}
    )
    assert answer.status_code == 200
    assert desk.stored == [{"update_id": 1}]


@pytest.mark.parametrize(
    ("body", "secret", "status"),
    [
        (b'{"update_id": 1}', "wrong", 401),
        (b'{"update_id": 1}', "", 401),
        (b"not json", "s3cret", 400),
        (b"[]", "s3cret", 400),
        (b'{"update_id": "1"}', "s3cret", 400),
        (b" " * (1 << 21), "s3cret", 413),
    ],
)
async def test_what_is_not_telegrams_is_refused(
    desk: Desk, client: httpx.AsyncClient, body: bytes, secret: str, status: int
) -> None:
    answer = await client.post("/telegram/x", content=body, headers={SECRET_HEADER: secret})
    assert answer.status_code == status
    assert desk.stored == []


async def test_a_calendar_is_asked_for_by_topic_and_language(client: httpx.AsyncClient) -> None:
    answer = await client.get("/calendar.ics?topics=flood,安全生产&language=en")
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert answer.text.endswith("flood,safety en")
    wrong = await client.get("/calendar.ics?topics=floods")
    assert wrong.status_code == 400
    assert "flood" in wrong.text


async def test_a_calendar_is_sent_again_only_when_it_has_changed(
    desk: Desk, client: httpx.AsyncClient
) -> None:
    known = (await client.get("/calendar.ics")).headers["etag"]
    asked = {"if-none-match": known}
    assert (await client.get("/calendar.ics", headers=asked)).status_code == 304
    desk.events = b"BEGIN:VCALENDAR\r\nwithdrawn"
    assert (await client.get("/calendar.ics", headers=asked)).status_code == 200
