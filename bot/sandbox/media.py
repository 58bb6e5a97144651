"""What people send besides texts, documents and pictures: with every field that clients require."""

from collections.abc import Callable

from bot.sandbox.filing import Cabinet
from bot.sandbox.refusals import Json
from bot.sandbox.wire import Upload

CAPTIONED = frozenset({"voice", "video", "audio", "animation"})


def content(kind: str, text: str, cabinet: Cabinet) -> Json:
    """A message of one kind; ``text`` is its caption, or what it asks, where it has one."""
    make = KINDS.get(kind)
    if make is None:
        raise ValueError(f"media: one of {', '.join(KINDS)}")
    made: Json = {kind: make(cabinet)}
    if kind == "animation":  # older clients look here
        made["document"] = made["animation"]
    if kind == "poll" and text:
        made["poll"]["question"] = text
    return made | ({"caption": text} if text and kind in CAPTIONED else {})


def _file(kind: str, mime: str, **more: int | str | bool) -> Callable[[Cabinet], Json]:
    def made(cabinet: Cabinet) -> Json:
        upload = Upload(f"{kind}.bin", mime, kind.encode())
        return cabinet.put(kind, upload).card() | {"mime_type": mime} | more

    return made


def _sticker(cabinet: Cabinet) -> Json:
    card = cabinet.put("sticker", Upload("sticker.webp", "image/webp", b"sticker")).card()
    flags = {"is_animated": False, "is_video": False, "type": "regular"}
    return card | {"width": 512, "height": 512, "emoji": "👍"} | flags


def _poll(_cabinet: Cabinet) -> Json:
    choices = [
        {"text": text, "voter_count": 0, "persistent_id": str(n)} for n, text in enumerate("甲乙")
    ]
    return {
        "id": "1",
        "question": "？",
        "options": choices,
        "total_voter_count": 0,
        "is_closed": False,
        "is_anonymous": True,
        "type": "regular",
        "allows_multiple_answers": False,
        "allows_revoting": True,
        "members_only": False,
    }


KINDS: dict[str, Callable[[Cabinet], Json]] = {
    "voice": _file("voice", "audio/ogg", duration=3),
    "audio": _file("audio", "audio/mpeg", duration=180, title="曲"),
    "video": _file("video", "video/mp4", duration=10, width=640, height=480),
    "video_note": _file("video_note", "video/mp4", duration=5, length=240),
    "animation": _file("animation", "video/mp4", duration=2, width=320, height=240),
    "sticker": _sticker,
    "location": lambda _: {"latitude": 30.0, "longitude": 120.58},
    "contact": lambda _: {"phone_number": "+8600000000", "first_name": "某某"},
    "dice": lambda _: {"emoji": "🎲", "value": 4},
    "poll": _poll,
}
