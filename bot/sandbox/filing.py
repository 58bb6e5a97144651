"""Files that were sent: kept in memory, found by file_id, served for download."""

import base64
import hashlib
import struct
from dataclasses import dataclass

from bot.sandbox.refusals import Json, bad
from bot.sandbox.wire import Upload

DOWNLOAD_LIMIT = 20 * 1024 * 1024
PHOTO_LIMIT = 10 * 1024 * 1024
KEEP_BYTES = 512 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class File:
    id: str
    unique_id: str
    kind: str
    name: str
    mime: str
    data: bytes
    path: str
    width: int = 0
    height: int = 0

    def card(self) -> Json:
        card: Json = {"file_id": self.id, "file_unique_id": self.unique_id}
        if self.data:
            card["file_size"] = len(self.data)
        return card


class Cabinet:
    def __init__(self) -> None:
        self._files: dict[str, File] = {}
        self._paths: dict[str, File] = {}
        self._bytes = 0
        self._count = 0

    def __len__(self) -> int:
        return len(self._files)

    def put(self, kind: str, upload: Upload) -> File:
        digest = hashlib.sha256(kind.encode() + upload.name.encode() + b"\0" + upload.data).digest()
        unique = "AgAD" + base64.urlsafe_b64encode(digest[:9]).decode()
        file_id = ("BQAC" if kind == "document" else "AgAC") + base64.urlsafe_b64encode(
            digest[:24]
        ).decode()
        if file_id in self._files:
            return self._files[file_id]
        width, height = dimensions(upload.data) if kind == "photo" else (0, 0)
        folder = "documents" if kind == "document" else "photos"
        suffix = upload.name.rpartition(".")[2] if "." in upload.name else "bin"
        suffix = suffix if suffix.isascii() and suffix.isalnum() else "bin"
        self._count += 1
        path = f"{folder}/file_{self._count}.{suffix}"
        file = File(
            file_id, unique, kind, upload.name, upload.mime, upload.data, path, width, height
        )
        self._files[file_id] = self._paths[path] = file
        self._bytes += len(upload.data)
        self._make_room()
        return file

    def _make_room(self) -> None:
        while self._bytes > KEEP_BYTES and len(self._files) > 1:
            oldest = self._files.pop(next(iter(self._files)))
            del self._paths[oldest.path]
            self._bytes -= len(oldest.data)

    def find(self, file_id: str) -> File:
        file = self._files.get(file_id)
        if file is None:
            raise bad("wrong file identifier/HTTP URL specified")
        return file

    def has(self, file_id: str) -> bool:
        return file_id in self._files

    def at(self, path: str) -> File | None:
        return self._paths.get(path)


def dimensions(data: bytes) -> tuple[int, int]:
    """Width and height of a PNG, GIF or JPEG; what is no picture is refused."""
    if data[:8] == b"\x89PNG\r\n\x1a\n" and len(data) > 24:  # noqa: PLR2004
        width, height = struct.unpack(">II", data[16:24])
        return width, height
    if data[:4] == b"GIF8" and len(data) > 10:  # noqa: PLR2004
        width, height = struct.unpack("<HH", data[6:10])
        return width, height
    if data[:2] == b"\xff\xd8":
        return _jpeg_dimensions(data)
    raise bad("IMAGE_PROCESS_FAILED")


def _jpeg_dimensions(data: bytes) -> tuple[int, int]:
    at = 2
    while at + 9 < len(data) and data[at] == 0xFF:  # noqa: PLR2004
        marker, size = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        if 0xC0 <= marker <= 0xCF and marker not in {0xC4, 0xC8, 0xCC}:  # noqa: PLR2004
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return width, height
        at += 2 + size
    raise bad("IMAGE_PROCESS_FAILED")
