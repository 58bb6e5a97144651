"""Jinja2 templates -> pages: one environment, everything escaped, the limits kept."""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from digests.rendering.flowing import settled
from digests.rendering.splitting import LIMIT, split_html
from digests.rendering.wording import Translate
from digests.report import Button, Page

DATA = 64  # bytes of callback data


@cache
def _environment() -> Any:
    from jinja2 import Environment, PackageLoader

    return Environment(
        loader=PackageLoader("digests", "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def write(template: str, translate: Translate, **values: Any) -> str:
    """The HTML of one template, of any length."""
    text: str = _environment().get_template(template).render(_=translate, **values)
    return settled(text).strip()


def pages(
    html: str, buttons: Iterable[Sequence[Button]] = (), limit: int = LIMIT
) -> tuple[Page, ...]:
    """The pages that carry some HTML; the buttons stand under the last one."""
    parts = split_html(html, limit)
    rows = tuple(tuple(b for b in row if _sendable(b)) for row in buttons)
    rows = tuple(row for row in rows if row)
    last = len(parts) - 1
    return tuple(Page(part, rows if i == last else ()) for i, part in enumerate(parts))


def _sendable(button: Button) -> bool:
    """Telegram refuses a whole message for one button that is too long; better without it."""
    return bool(button.text) and (button.data is None or len(button.data.encode()) <= DATA)
