"""The row that turns a list's pages; a long list can be crossed without a tap for every page."""

from bot.texts import Translate
from digests import Button

SHORT = 5  # pages that ‹ and › are enough for
LEAP = 10


def turns(data: str, at: int, last: int, back: Button, _: Translate) -> list[list[Button]]:
    """The way to other pages and back; ``data`` stands before a page's number, from 0."""
    near = [Button("‹", data=f"{data}{at - 1}")] if at else []
    near += [Button("›", data=f"{data}{at + 1}")] if at < last else []
    far = sorted({0, at - LEAP, at + LEAP, last} - {at - 1, at, at + 1}) if last >= SHORT else []
    leaps = [
        Button(_("p. {page}").format(page=page + 1), data=f"{data}{page}")
        for page in far
        if 0 <= page <= last
    ]
    return [*([leaps] if leaps else []), [*near, back]]
