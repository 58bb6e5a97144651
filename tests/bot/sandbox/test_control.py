"""The hand that moves the world, and who may lend it: crowds, calls, tally, tokens, files."""

import aiohttp
import pytest

from bot.sandbox.server import Sandbox
from tests.bot.sandbox.conftest import START, TOKEN, Client


async def test_it_gives_people_the_ids_they_ask_for(client: Client) -> None:
    assert await client.control("POST", "users", {"id": 7, "name": "A"}) == {"id": 7}
    other = (await client.control("POST", "users", {"name": "B", "language": "en"}))["id"]
    assert other > 7
    await client.say(other, other, "/start")
    sender = (await client.updates())[0]["message"]["from"]
    assert sender == {"id": other, "is_bot": False, "first_name": "B", "language_code": "en"}


async def test_it_gathers_a_crowd(client: Client) -> None:
    answer = await client.control("POST", "crowds", {"count": 250})
    assert answer["count"] == 250
    seen: set[int] = set()
    offset = 0
    while len(seen) < 250:
        updates = await client.updates(offset=offset, timeout=5)
        assert all(one["message"]["text"] == "/start" for one in updates)
        assert all(one["message"]["entities"][0]["type"] == "bot_command" for one in updates)
        seen |= {one["message"]["from"]["id"] for one in updates}
        offset = updates[-1]["update_id"] + 1
    first = answer["first"]
    assert seen == set(range(first, first + 250))
    await client.ok("sendMessage", chat_id=first + 200, text="welcome")
    shown = await client.control("GET", f"chats/{first + 200}/messages")
    assert shown["messages"][-1]["text"] == "welcome"


async def test_it_tallies_deliveries_and_duplicates(world: Client) -> None:
    await world.control("DELETE", "tally")
    keys = {"inline_keyboard": [[{"text": "a", "callback_data": "b"}]]}
    for text, markup in (("x", None), ("x", None), ("x", keys), ("y", None)):
        await world.ok("sendMessage", chat_id=1001, text=text, reply_markup=markup)
    await world.call("sendMessage", {"chat_id": 1003, "text": "x"})
    tally = await world.control("GET", "tally")
    assert tally["chats"]["1001"]["delivered"] == 4
    assert tally["chats"]["1001"]["duplicates"] == 1
    assert tally["totals"]["delivered"] == 4
    assert tally["totals"]["duplicates"] == 1
    assert tally["refused"] == {"Forbidden: bot was blocked by the user": 1}
    assert "chats" not in await world.control("GET", "tally?chats=0")


async def test_it_keeps_the_calls_in_order_from_a_number_on(world: Client) -> None:
    last = (await world.control("GET", "calls"))["calls"][-1]["n"]
    await world.ok(
        "sendMessage", "form", chat_id=1001, text="x", reply_markup={"keyboard": [["a"]]}
    )
    await world.ok("getMe")
    calls = (await world.control("GET", f"calls?since={last}"))["calls"]
    assert [one["method"] for one in calls] == ["sendMessage", "getMe"]
    assert calls[0]["params"]["reply_markup"] == {"keyboard": [["a"]]}
    assert calls[0]["answer"]["result"]["text"] == "x"
    assert set(calls[0]) >= {"n", "at", "method", "params", "status", "answer"}
    only = (await world.control("GET", f"calls?since={last}&method=getme"))["calls"]
    assert [one["n"] for one in only] == [calls[1]["n"]]


async def test_it_lists_messages_with_deleted_ones_marked(world: Client) -> None:
    shown = (await world.control("GET", "chats/1001/messages"))["messages"]
    by_id = {one["message_id"]: one for one in shown}
    assert by_id[world.names["gone"]]["deleted"] is True
    assert by_id[world.names["own"]]["deleted"] is False
    some = await world.control("GET", f"chats/1001/messages?since={world.names['own']}")
    assert world.names["own"] not in [one["message_id"] for one in some["messages"]]


async def test_it_takes_files_and_gives_them_back(world: Client) -> None:
    form = aiohttp.FormData(quote_fields=False)
    form.add_field("chat", "1001")
    form.add_field("from", "1001")
    form.add_field("text", "请看")
    form.add_field("document", "原文".encode(), filename="报告 一.docx")
    url = f"{world.sandbox.url}/sandbox/messages"
    async with world.session.post(url, data=form) as response:
        assert response.status == 200
    message = (await world.drain())[0]["message"]
    assert message["caption"] == "请看"
    document = message["document"]
    assert (document["file_name"], document["file_size"]) == ("报告 一.docx", 6)
    path = (await world.ok("getFile", file_id=document["file_id"]))["file_path"]
    async with world.session.get(f"{world.sandbox.url}/file/bot{TOKEN}/{path}") as response:
        assert await response.read() == "原文".encode()
    again = await world.ok("sendDocument", chat_id=1001, document=document["file_id"])
    assert again["document"]["file_unique_id"] == document["file_unique_id"]
    async with world.session.get(f"{world.sandbox.url}/file/bot{TOKEN}/no/such") as response:
        assert response.status == 404


@pytest.mark.parametrize(
    ("token", "description"),
    [
        ("nonsense", "Unauthorized: invalid token specified"),
        ("0:abc", "Unauthorized: invalid token specified"),
        ("x1:abc", "Unauthorized: invalid token specified"),
        ("1:" + "x" * 90, "Unauthorized: invalid token specified"),
        ("43:OTHER", "Unauthorized"),
    ],
)
async def test_it_refuses_tokens_that_are_malformed_or_not_named(
    client: Client, token: str, description: str
) -> None:
    status, body = await client.call("getMe", token=token)
    assert (status, body["description"]) == (401, description)


async def test_any_well_formed_token_is_a_bot_of_its_own() -> None:
    sandbox = Sandbox(start=START)
    await sandbox.start(port=0)
    async with aiohttp.ClientSession() as session:
        client = Client(sandbox, session)
        await client.control("POST", "users", {"id": 7, "name": "A"})
        await client.say(7, 7, "written before there was a bot")
        status, body = await client.call("getUpdates", token="1:A")
        assert body["result"][0]["message"]["text"] == "written before there was a bot"
        ids = [(await client.call("getMe", token=t))[1]["result"]["id"] for t in ("1:A", "2:B")]
        assert ids == [1, 2]
        status, body = await client.call("getMe", token="1:OTHER")
        assert (status, body["description"]) == (401, "Unauthorized")
        status, body = await client.call("sendMessage", {"chat_id": 7, "text": "x"}, token="2:B")
        assert body["description"] == "Forbidden: bot can't initiate conversation with a user"
        await client.say(7, 7, "/start", bot=2)
        status, _ = await client.call("sendMessage", {"chat_id": 7, "text": "x"}, token="2:B")
        assert status == 200
    await sandbox.stop()


async def test_it_answers_404_where_there_is_nothing(client: Client) -> None:
    for path in ("/nothing", "/page/../server.py", "/page/nothing.js"):
        async with client.session.get(client.sandbox.url + path) as response:
            assert response.status == 404
            if "page" not in path:
                assert await response.json() == {
                    "ok": False, "error_code": 404, "description": "Not Found",
                }  # fmt: skip
    async with client.session.get(f"{client.sandbox.url}/sandbox/nothing") as response:
        assert response.status == 404


@pytest.mark.parametrize("headers", [{"Origin": "https://evil.example"}, {"Host": "evil.example"}])
async def test_no_foreign_page_steers_it(client: Client, headers: dict[str, str]) -> None:
    url = f"{client.sandbox.url}/sandbox/users"
    async with client.session.post(url, json={"name": "x"}, headers=headers) as response:
        assert response.status == 403


async def test_it_listens_on_this_machine_only() -> None:
    with pytest.raises(ValueError, match="this machine only"):
        await Sandbox().start("0.0.0.0")


async def test_it_refuses_bodies_it_cannot_read(client: Client) -> None:
    url = f"{client.sandbox.url}/bot{TOKEN}/getMe"
    headers = {"Content-Type": "application/json"}
    for body, description in (
        (b"{", "Bad Request: can't parse request body as JSON"),
        (b"[1]", "Bad Request: JSON object expected as request body"),
    ):
        async with client.session.post(url, data=body, headers=headers) as response:
            answer = await response.json()
            assert (response.status, answer["description"]) == (400, description)
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    async with client.session.post(url, data=b"text=\xff", headers=form) as response:
        assert response.status == 400


async def test_it_serves_a_page_that_may_load_nothing_foreign(client: Client) -> None:
    async with client.session.get(client.sandbox.url) as response:
        policy = response.headers["Content-Security-Policy"]
        text = await response.text()
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http://" not in text.replace("http://www.w3.org", "")
    assert "https://" not in text
    assert "<style" not in text


async def test_a_picture_is_shown_and_a_document_only_saved(world: Client) -> None:
    png = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + (3).to_bytes(4, "big") + (2).to_bytes(4, "big")
    form = aiohttp.FormData()
    form.add_field("chat_id", "1001")
    form.add_field("photo", png + b"\x00" * 9, filename="a.png")
    url = f"{world.sandbox.url}/bot{TOKEN}/sendPhoto"
    async with world.session.post(url, data=form) as response:
        photo = (await response.json())["result"]["photo"][0]
    assert (photo["width"], photo["height"]) == (3, 2)
    page = await world.ok("sendDocument", chat_id=1001, document="https://ex.com/a.html")
    for file_id, kind, shown in (
        (photo["file_id"], "image/png", True),
        (page["document"]["file_id"], "application/octet-stream", False),
    ):
        async with world.session.get(f"{world.sandbox.url}/sandbox/files/{file_id}") as response:
            assert response.content_type == kind
            assert ("Content-Disposition" in response.headers) is not shown
            assert response.headers["X-Content-Type-Options"] == "nosniff"
