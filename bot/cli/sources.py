"""SOURCE -> a report: a path, a URL of the operator's own, or ``-`` for standard input."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import IntakeError, UsageError

if TYPE_CHECKING:
    import digests

# Unpacked or drawn formats may hold more than they show: they are read in a child with limits.
_PACKED = (b"PK", b"%PDF", b"\xd0\xcf\x11\xe0")


def read_report(source: str, limits: digests.Limits | None = None) -> digests.Report:
    """The report in a SOURCE; what cannot be used is said with its name."""
    return parse(*read_bytes(source, limits), source, limits)


def parse(
    data: bytes, name: str, source: str, limits: digests.Limits | None = None
) -> digests.Report:
    """The report in what was read from a SOURCE."""
    import digests

    limits = limits or digests.Limits()
    try:
        if data.lstrip()[:4].startswith(_PACKED):
            return _parse_in_child(data, name, limits)
        return digests.parse(data, name, limits)
    except (digests.DigestsError, IntakeError) as error:
        raise UsageError(f"{source}: {error}") from error


def read_reports(
    sources: Sequence[str], limits: digests.Limits | None = None
) -> list[digests.Report]:
    """The reports in several SOURCEs, each once."""
    reports = [read_report(source, limits) for source in dict.fromkeys(sources)]
    return list({report.source.sha256: report for report in reports}.values())


def read_bytes(source: str, limits: digests.Limits | None = None) -> tuple[bytes, str]:
    """What is in a SOURCE (at most one byte more than allowed), and the name it goes by."""
    import digests

    limits = limits or digests.Limits()
    if not source:
        raise UsageError("SOURCE is empty: give a path, a URL, or - for standard input")
    try:
        if source == "-":
            return standard_input(limits.bytes + 1), "-"
        if "://" in source:
            return _fetch(source, limits)
        with Path(source).open("rb") as file:
            return file.read(limits.bytes + 1), Path(source).name
    except OSError as error:
        raise UsageError(f"{source}: {error.strerror or error}") from error
    except (IntakeError, ValueError) as error:  # ValueError: a NUL in a path
        raise UsageError(f"{source}: {error}") from error


def standard_input(most: int = -1) -> bytes:
    """What is piped in."""
    if sys.stdin is None:  # the shell closed it: <&-
        raise UsageError("standard input is closed")
    return sys.stdin.buffer.read(most)


def _fetch(url: str, limits: digests.Limits) -> tuple[bytes, str]:
    import asyncio

    from bot.intake import Intake

    if not url.lower().startswith(("http://", "https://")):
        raise IntakeError("only http and https addresses can be fetched")
    return asyncio.run(Intake(limits).fetch(url, own=True))


def _parse_in_child(data: bytes, name: str, limits: digests.Limits) -> digests.Report:
    import asyncio

    from bot.intake import Intake

    return asyncio.run(Intake(limits).parse(data, name))
