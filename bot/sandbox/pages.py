"""The chat page and what only it needs: its files, downloads, the stream of events."""

import asyncio
from importlib import resources
from urllib.parse import quote

from aiohttp import web

from bot.sandbox.events import Events
from bot.sandbox.filing import Cabinet
from bot.sandbox.refusals import ApiError

TYPES = {
    "html": "text/html",
    "css": "text/css",
    "js": "text/javascript",
    "svg": "image/svg+xml",
}
PICTURES = {b"\x89PNG": "image/png", b"GIF8": "image/gif", b"\xff\xd8\xff": "image/jpeg"}
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
        " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-cache",
}
BEAT_S = 15.0
RETRY_MS = 700


class Pages:
    def __init__(self, events: Events, cabinet: Cabinet) -> None:
        self._events = events
        self._cabinet = cabinet
        self._files: dict[str, tuple[str, bytes]] = {}

    def file(self, path: str) -> web.Response | None:
        """A file of the page itself; only those that are there by name."""
        if not self._files:
            for entry in resources.files("bot.sandbox").joinpath("page").iterdir():
                kind = TYPES.get(entry.name.rpartition(".")[2])
                if kind is not None:
                    self._files[entry.name] = (kind, entry.read_bytes())
        name = "index.html" if path == "/" else path.removeprefix("/page/")
        found = self._files.get(name)
        if found is None:
            return None
        return web.Response(body=found[1], content_type=found[0], charset="utf-8", headers=HEADERS)

    def download(self, file_id: str) -> web.Response:
        """A file that was sent: pictures are shown, all else is only saved."""
        try:
            file = self._cabinet.find(file_id)
        except ApiError:
            return web.Response(status=404, text="no such file")
        kind = next((mime for magic, mime in PICTURES.items() if file.data.startswith(magic)), None)
        headers = dict(HEADERS)
        headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
        if kind is None or file.kind != "photo":
            kind = "application/octet-stream"
            headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(file.name)}"
        return web.Response(body=file.data, content_type=kind, headers=headers)

    async def stream(self, request: web.BaseRequest) -> web.StreamResponse:
        """Events for as long as the page is open."""
        response = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        )
        await response.prepare(request)
        watcher = self._events.watch()
        try:
            await response.write(f"retry: {RETRY_MS}\n\n".encode())
            while True:
                await response.write((await watcher.next(BEAT_S)).encode())
        except (ConnectionError, asyncio.CancelledError):
            return response
        finally:
            self._events.leave(watcher)
