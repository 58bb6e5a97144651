"""A file or URL from outside -> Report: the only fetcher, and the only place that runs the parser.

What came from outside is parsed in a child process with limits on memory and time, so that a bad
file cannot take the bot down; the result comes back as data. An address from a chat or a feed
never reaches a private network: each hop's host is resolved, every resolved address is checked,
and the request goes to the very one that was checked. An operator's own address may go anywhere.

Every failure is an IntakeError with one sentence that says what to do.
"""

import asyncio
import ipaddress
import json
import os
import re
import socket
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import digests
from bot.errors import IntakeError

if TYPE_CHECKING:
    import httpx

Resolver = Callable[[str, int], Awaitable[list[str]]]

MEMORY = 1 << 30  # bytes of address space: a 5,000,000-character report needs a fifth of it
HOPS = 5
_PORTS = 1 << 16
CHILDREN = 2  # at a time: more would only take the processor from the sender
_TYPES = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/plain": ".txt",
    "text/markdown": ".md",
    "application/pdf": ".pdf",
    "application/msword": ".doc",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
}
_MISSING = {404, 410}
# No proxy of the environment stands between this machine and itself.
_HERE = ("all://127.0.0.1", "all://localhost", "all://[::1]")
_REFUSED = re.compile(r"(?:image|audio|video|font)/")
_FILENAME = re.compile(r"filename\*=(?:utf-8|UTF-8)''([^;]+)|filename=\"?([^\";]+)\"?")
_HOME = str(Path(__file__).resolve().parent.parent)  # where the child finds these packages
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


async def resolve_host(host: str, port: int) -> list[str]:
    """All addresses of a host."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(address[4][0]) for address in found]


class Intake:
    """Takes documents in: ``parse`` bytes, ``fetch`` an address, ``load`` what a shell named."""

    def __init__(
        self,
        limits: digests.Limits | None = None,
        seconds: float = 30.0,
        *,
        resolver: Resolver = resolve_host,
        transport: "httpx.AsyncBaseTransport | None" = None,
    ) -> None:
        self._limits = limits or digests.Limits()
        self._seconds = seconds
        self._resolver = resolver
        self._transport = transport
        self._children = asyncio.Semaphore(CHILDREN)

    async def load(self, source: str) -> digests.Report:
        """A path, an operator's own URL, or ``-`` for standard input."""
        if source.startswith(("http://", "https://")):
            data, name = await self.fetch(source, own=True)
        elif source == "-":
            data, name = sys.stdin.buffer.read(self._limits.bytes + 1), "-"
        else:
            data, name = _read_file(Path(source), self._limits.bytes), Path(source).name
        return await self.parse(data, name)

    async def parse(self, data: bytes, name: str) -> digests.Report:
        """A document's bytes as a report, parsed in a child process."""
        if len(data) > self._limits.bytes:
            raise IntakeError("The file is too large; split it or send the text only.")
        head = {
            "name": name[:200],
            "bytes": self._limits.bytes,
            "characters": self._limits.characters,
            "seconds": self._seconds,
        }
        async with self._children:
            answer = await _run_child(json.dumps(head).encode() + b"\n" + data, self._seconds)
        if "error" in answer:
            raise IntakeError(answer["error"])
        return digests.report_from_json(answer["report"])

    async def fetch(self, url: str, *, own: bool = False) -> tuple[bytes, str]:
        """What an address holds, and a name for it; ``own`` is an operator's address."""
        import httpx

        try:
            async with (
                asyncio.timeout(self._seconds),
                httpx.AsyncClient(
                    transport=self._transport,
                    trust_env=own,
                    mounts=dict.fromkeys(_HERE),
                    timeout=10.0,
                ) as client,
            ):
                return await self._follow(client, url, own=own)
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            raise IntakeError(
                "The address could not be fetched; check it, or send the file."
            ) from error
        except TimeoutError:
            raise IntakeError("The address took too long to answer; send the file.") from None

    async def _follow(
        self, client: "httpx.AsyncClient", url: str, *, own: bool
    ) -> tuple[bytes, str]:
        for _ in range(HOPS):
            request = client.build_request("GET", url, headers={"Accept-Encoding": "identity"})
            _check_reachable(request.url)
            if not own:
                await self._pin(request)
            response = await client.send(request, stream=True)
            try:
                if response.has_redirect_location:
                    url = str(_absolute(url, response.headers["location"]))
                    continue
                return await self._receive(response, url)
            finally:
                await response.aclose()
        raise IntakeError("The address redirects too often; send the file.")

    async def _pin(self, request: "httpx.Request") -> None:
        """Turn the request to an address that was checked; the name stays for TLS and Host."""
        host, port = request.url.host, request.url.port
        try:
            addresses = await self._resolver(
                host, port or (443 if request.url.scheme == "https" else 80)
            )
        except OSError:
            addresses = []
        if not addresses:
            raise IntakeError("The address does not exist; check it, or send the file.")
        if not all(is_public(address) for address in addresses):
            raise IntakeError("This address is not on the public internet; send the file.")
        request.extensions["sni_hostname"] = host
        request.url = request.url.copy_with(host=addresses[0])

    async def _receive(self, response: "httpx.Response", url: str) -> tuple[bytes, str]:
        if response.status_code in _MISSING:
            raise IntakeError(
                "The address answers that there is no such document; check it, or send the file."
            )
        if response.status_code != 200:  # noqa: PLR2004 -- anything else is not the document
            raise IntakeError("The address could not be fetched; check it, or send the file.")
        kind = response.headers.get("content-type", "").split(";")[0].strip().lower()
        if _REFUSED.match(kind):
            raise IntakeError(
                "The address holds a picture, sound or film, not a document; send the text."
            )
        data = bytearray()
        async for chunk in response.aiter_bytes():
            data += chunk
            if len(data) > self._limits.bytes:
                raise IntakeError("The file is too large; split it or send the text only.")
        return bytes(data), _name(url, response.headers.get("content-disposition", ""), kind)


def is_public(address: str) -> bool:
    """Whether an IP address lies on the public internet, mapped and translated forms included."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return ip.is_global and not ip.is_multicast


def _check_reachable(url: "httpx.URL") -> None:
    if url.scheme not in {"http", "https"} or not url.host or not 0 < (url.port or 1) < _PORTS:
        raise IntakeError("Only http and https addresses can be fetched.")


def _absolute(base: str, location: str) -> "httpx.URL":
    import httpx

    return httpx.URL(base).join(location)


def _name(url: str, disposition: str, kind: str) -> str:
    """A file name for what was fetched; its ending is a hint only, the content decides."""
    found = _FILENAME.search(disposition)
    if found:
        name = unquote(found.group(1) or found.group(2))
    else:
        name = unquote(PurePosixPath(urlsplit(url).path).name) or urlsplit(url).hostname or "page"
    name = re.sub(r"[\x00-\x1f/\\]", "_", name)[-120:]
    if not PurePosixPath(name).suffix or not found:
        ending = _TYPES.get(kind, "")
        if ending and not name.lower().endswith(ending):
            name += ending
    return name


def _read_file(path: Path, limit: int) -> bytes:
    try:
        if path.is_dir():
            raise IntakeError("This is a folder, not a file; name the file itself.")
        with path.open("rb") as file:
            return file.read(limit + 1)
    except FileNotFoundError:
        raise IntakeError("There is no such file; check the path.") from None
    except (OSError, ValueError):
        raise IntakeError(
            "The file cannot be opened; check the path and its permissions."
        ) from None


async def _run_child(given: bytes, seconds: float) -> dict[str, str]:
    environment = {
        "PATH": os.environ.get("PATH", ""),
        "LANG": "C.UTF-8",
        "PYTHONPATH": _HOME,
    }
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot.intake",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env=environment,
    )
    try:
        async with asyncio.timeout(seconds + 1):
            printed, _ = await child.communicate(given)
    except TimeoutError:
        raise IntakeError("Reading the file took too long; send the text only.") from None
    finally:
        if child.returncode is None:
            with suppress(ProcessLookupError):
                child.kill()
            await child.wait()
    try:
        answer: dict[str, str] = json.loads(printed)
    except ValueError:
        raise IntakeError(
            "The file could not be read; save it anew or send the text only."
        ) from None
    return answer


def _limit_self(seconds: float) -> None:
    """Bound this process before it touches what came from outside."""
    try:
        import resource
    except ImportError:  # Windows has no such limits; the parent's timeout remains
        return
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CPU, (int(seconds) + 1, int(seconds) + 2))
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def _parse_here(given: bytes) -> dict[str, str]:
    """The child's work: a head line in JSON, then the document."""
    first, _, data = given.partition(b"\n")
    head = json.loads(first)
    limits = digests.Limits(bytes=head["bytes"], characters=head["characters"])
    try:
        report = digests.parse(data, head["name"], limits)
        return {"report": digests.report_to_json(report)}
    except digests.DigestsError as error:
        return {"error": str(error)}
    except MemoryError:
        return {"error": "Reading the file needs too much memory; send the text only."}


def main() -> None:
    """What the child process runs."""
    given = sys.stdin.buffer.read()
    _limit_self(json.loads(given[: given.index(b"\n")])["seconds"])
    answer = _parse_here(given)
    sys.stdout.buffer.write(json.dumps(answer).encode())


if __name__ == "__main__":
    main()
