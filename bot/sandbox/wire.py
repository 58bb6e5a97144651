"""HTTP bodies -> arguments: query, urlencoded, JSON and multipart, as the Bot API takes them."""

import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import BodyPartReader, MultipartReader, web

from bot.sandbox.refusals import ApiError, Json

TRUE = ("true", "yes", "1")
UPLOAD_LIMIT = 50 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Upload:
    name: str
    mime: str
    data: bytes


@dataclass(slots=True)
class Arguments:
    """The parameters of one call; a form's strings and JSON's own types read alike."""

    values: Json = field(default_factory=dict)
    files: dict[str, Upload] = field(default_factory=dict)

    def text(self, name: str, default: str = "") -> str:
        value = self.values.get(name)
        if value is None:
            return default
        if isinstance(value, str):
            return value
        return json.dumps(value, ensure_ascii=False)

    def integer(self, name: str, default: int = 0) -> int:
        value = self.values.get(name)
        if isinstance(value, int):
            return int(value)
        try:
            return int(float(value)) if isinstance(value, float) else int(value or default)
        except (TypeError, ValueError):
            return default

    def clamped(self, name: str, default: int, low: int, high: int) -> int:
        return min(max(self.integer(name, default), low), high)

    def flag(self, name: str) -> bool:
        value = self.values.get(name)
        if isinstance(value, str):
            return value.strip().lower() in TRUE
        return bool(value)

    def json(self, name: str) -> Any:
        """The value as JSON; None when absent or empty; ValueError when it is not JSON."""
        value = self.values.get(name)
        if isinstance(value, str):
            return json.loads(value) if value else None
        return value

    def upload(self, name: str) -> Upload | None:
        """The file sent under that name, directly or by ``attach://``."""
        value = self.values.get(name)
        if isinstance(value, str) and value.startswith("attach://"):
            return self.files.get(value[9:])
        return self.files.get(name)


async def read(request: web.BaseRequest) -> Arguments:
    """All that came with one request."""
    kind = request.headers.get("Content-Type", "")
    values: Json = dict(request.query) if "?" in request.raw_path else {}
    if kind.startswith("multipart/"):
        return await _read_multipart(request, values)
    body = await request.read()
    if not body:
        return Arguments(values)
    if kind.startswith("application/json"):
        values.update(_read_json(body))
    else:
        try:
            values.update(parse_qsl(body.decode(), keep_blank_values=True))
        except UnicodeDecodeError as error:
            raise ApiError(400, "Bad Request: strings must be encoded in UTF-8") from error
    return Arguments(values)


def _read_json(body: bytes) -> Json:
    try:
        content = json.loads(body)
    except ValueError as error:
        raise ApiError(400, "Bad Request: can't parse request body as JSON") from error
    if not isinstance(content, dict):
        raise ApiError(400, "Bad Request: JSON object expected as request body")
    return content


async def _read_multipart(request: web.BaseRequest, values: Json) -> Arguments:
    arguments = Arguments(values)
    reader: MultipartReader = await request.multipart()
    total = 0
    async for part in reader:
        if not isinstance(part, BodyPartReader) or part.name is None:
            continue
        data = bytes(await part.read(decode=True))
        total += len(data)
        if total > UPLOAD_LIMIT:
            raise ApiError(413, "Request Entity Too Large")
        if part.filename is None:
            values[part.name] = data.decode("utf-8", "replace")
        else:
            mime = part.headers.get("Content-Type", "application/octet-stream")
            arguments.files[part.name] = Upload(part.filename or "file", mime, data)
    return arguments
