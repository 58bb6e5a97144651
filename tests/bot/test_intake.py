"""What comes from outside: parsed in a child, fetched only from the public internet."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from bot.errors import IntakeError
from bot.intake import Intake, is_public
from digests import Limits

TEXT = "关于甲的通知\n一、提高认识。抓紧抓实。\n二、落实责任。压实责任。\n".encode()
PUBLIC = "93.184.216.34"


class Internet:
    """A small internet: names with addresses, answers by URL, and what was asked."""

    def __init__(self) -> None:
        self.addresses: dict[str, list[list[str]]] = {}
        self.answers: dict[str, Callable[[httpx.Request], httpx.Response]] = {}
        self.asked: list[tuple[str, str]] = []

    async def resolve(self, host: str, port: int) -> list[str]:
        known = self.addresses.get(host, [])
        if not known:
            raise OSError("unknown name")
        return known.pop(0) if len(known) > 1 else known[0]

    def answer(self, request: httpx.Request) -> httpx.Response:
        host = request.headers["host"]
        self.asked.append((host, request.url.host))
        return self.answers[f"{request.url.scheme}://{host}{request.url.path}"](request)

    def serve(self, url: str, content: bytes = TEXT, status: int = 200, **headers: str) -> None:
        named = {key.replace("_", "-"): value for key, value in headers.items()}
        self.answers[url] = lambda _: httpx.Response(status, content=content, headers=named)

    def intake(self, limits: Limits | None = None, seconds: float = 30.0) -> Intake:
        transport = httpx.MockTransport(self.answer)
        return Intake(limits, seconds, resolver=self.resolve, transport=transport)


@pytest.fixture
def internet() -> Internet:
    made = Internet()
    made.addresses["gov.example"] = [[PUBLIC]]
    made.addresses["inside.example"] = [["10.0.0.5"]]
    return made


async def test_a_file_is_parsed_in_a_child_process() -> None:
    report = await Intake().parse(TEXT, "通知.txt")
    assert [s.heading for s in report.sections] == ["提高认识", "落实责任"]
    assert report.source.name == "通知.txt"


async def test_a_refusal_comes_back_as_one_sentence() -> None:
    with pytest.raises(IntakeError, match=r"^Old Word files .+ docx\.$"):
        await Intake().parse(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "a.doc")
    with pytest.raises(IntakeError, match="empty"):
        await Intake().parse(b"", "a.txt")


async def test_a_file_over_the_limit_starts_no_child() -> None:
    with pytest.raises(IntakeError, match="too large"):
        await Intake(Limits(bytes=10)).parse(TEXT, "a.txt")


async def test_a_child_that_takes_too_long_is_ended() -> None:
    began = time.monotonic()
    with pytest.raises(IntakeError, match="too long"):
        await Intake(seconds=-0.999).parse(TEXT, "a.txt")
    assert time.monotonic() - began < 20


async def test_several_files_at_once_are_all_read() -> None:
    intake = Intake()
    reports = await asyncio.gather(*[intake.parse(TEXT, f"{n}.txt") for n in range(5)])
    assert [r.source.name for r in reports] == [f"{n}.txt" for n in range(5)]


async def test_a_shell_may_name_a_path_but_no_folder(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(TEXT)
    assert (await Intake().load(str(tmp_path / "a.txt"))).sections
    for wrong in (tmp_path, tmp_path / "missing.txt", Path("a\x00b")):
        with pytest.raises(IntakeError):
            await Intake().load(str(wrong))


async def test_an_address_is_fetched_and_named(internet: Internet) -> None:
    internet.serve("https://gov.example/a/report", content_type="text/html; charset=utf-8")
    assert await internet.intake().fetch("https://gov.example/a/report") == (TEXT, "report.html")
    internet.serve(
        "https://gov.example/x", content_disposition="attachment; filename*=UTF-8''%E6%8A%A5.docx"
    )
    assert (await internet.intake().fetch("https://gov.example/x"))[1] == "报.docx"


async def test_the_request_goes_to_the_very_address_that_was_checked(internet: Internet) -> None:
    internet.addresses["gov.example"] = [[PUBLIC], ["127.0.0.1"]]  # the name changes its mind
    internet.serve("http://gov.example/a")
    await internet.intake().fetch("http://gov.example/a")
    assert internet.asked == [("gov.example", PUBLIC)]


@pytest.mark.parametrize(
    "url",
    ["http://inside.example/", "http://127.0.0.1/", "http://localhost/", "http://[::1]:8080/", "http://169.254.169.254/latest",
     "http://0x7f000001/", "http://2130706433/", "http://[::ffff:10.0.0.1]/", "ftp://gov.example/a", "file:///etc/passwd",
     "http:///", "http://nowhere.example/", "//gov.example/a", "not an address", "http://gov.example:99999/", "http://"],
)  # fmt: skip
async def test_private_and_impossible_addresses_are_refused(internet: Internet, url: str) -> None:
    internet.addresses |= {
        "127.0.0.1": [["127.0.0.1"]], "localhost": [["127.0.0.1"]], "::1": [["::1"]], "169.254.169.254": [["169.254.169.254"]],
        "0x7f000001": [["127.0.0.1"]], "2130706433": [["127.0.0.1"]], "::ffff:10.0.0.1": [["::ffff:10.0.0.1"]],
    }  # fmt: skip
    with pytest.raises(IntakeError):
        await internet.intake().fetch(url)
    assert internet.asked == []


async def test_a_name_with_one_private_address_is_refused(internet: Internet) -> None:
    internet.addresses["gov.example"] = [[PUBLIC, "192.168.1.1"]]
    with pytest.raises(IntakeError, match="public internet"):
        await internet.intake().fetch("http://gov.example/a")


async def test_each_hop_of_a_redirect_is_checked(internet: Internet) -> None:
    internet.serve("http://gov.example/a", status=302, location="http://inside.example/b")
    internet.serve("http://gov.example/c", status=301, location="/d")
    internet.serve("http://gov.example/d")
    with pytest.raises(IntakeError, match="public internet"):
        await internet.intake().fetch("http://gov.example/a")
    assert (await internet.intake().fetch("http://gov.example/c"))[0] == TEXT


async def test_endless_redirects_end(internet: Internet) -> None:
    internet.serve("http://gov.example/a", status=302, location="/a")
    with pytest.raises(IntakeError, match="redirects"):
        await internet.intake().fetch("http://gov.example/a")


async def test_an_operators_own_address_may_be_private(internet: Internet) -> None:
    internet.serve("http://inside.example/b")
    assert (await internet.intake().fetch("http://inside.example/b", own=True))[0] == TEXT


async def test_what_is_too_large_missing_or_no_document_is_refused(internet: Internet) -> None:
    internet.serve("http://gov.example/big", content=b"a" * 1000)
    internet.serve("http://gov.example/gone", status=404)
    internet.serve("http://gov.example/cat", content_type="image/png")
    for path, reason in (("big", "too large"), ("gone", "no such document"), ("cat", "picture")):
        with pytest.raises(IntakeError, match=reason):
            await internet.intake(Limits(bytes=100)).fetch(f"http://gov.example/{path}")


async def test_a_server_in_trouble_is_not_called_a_missing_document(internet: Internet) -> None:
    internet.serve("http://gov.example/busy", status=503)
    with pytest.raises(IntakeError, match="could not be fetched"):
        await internet.intake().fetch("http://gov.example/busy")


async def test_a_slow_address_is_given_up(internet: Internet) -> None:
    async def never(host: str, port: int) -> list[str]:
        await asyncio.sleep(60)
        return [PUBLIC]

    with pytest.raises(IntakeError, match="too long"):
        await Intake(seconds=0.05, resolver=never).fetch("http://gov.example/a")


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1", "255.255.255.255",
     "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "ff02::1", "198.18.0.1", "x"],
)  # fmt: skip
def test_private_addresses_are_known(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", [PUBLIC, "8.8.8.8", "2606:4700::6810:84e5", "64:ff9b::808:808"])
def test_public_addresses_are_known(address: str) -> None:
    assert is_public(address)
