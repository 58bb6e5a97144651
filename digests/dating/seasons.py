"""Seasons that bind tasks, by region: the knowledge of ``seasons.toml``."""

import re
import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from digests.errors import KnowledgeError


@dataclass(frozen=True, slots=True)
class Season:
    """A season of one region: month and day of both ends, inclusive; () where no calendar is known."""

    name: str
    region: str
    first: tuple[int, ...]
    last: tuple[int, ...]
    reason: str

    def window(self, base: date) -> tuple[date, date] | None:
        """The season that runs on a day, else the next one.

        >>> season("台汛期", "浙江").window(date(2020, 7, 17))
        (datetime.date(2020, 7, 16), datetime.date(2020, 10, 15))
        """
        if not self.first:
            return None
        (m1, d1), (m2, d2) = self.first, self.last
        for year in (base.year - 1, base.year, base.year + 1):
            first = date(year, m1, d1)
            last = date(year + ((m2, d2) < (m1, d1)), m2, d2)
            if base <= last:
                return first, last
        return None


_adopted: list[str] = []
"""An office's own seasons, before ours: one for the whole process, as the file itself is."""


@cache
def _knowledge() -> dict[str, Any]:
    ours = tomllib.loads(files("digests").joinpath("seasons.toml").read_text(encoding="utf-8"))
    for text in _adopted:
        own = tomllib.loads(text)
        ours["season"] = [*own.get("season", []), *ours["season"]]
        ours["places"] |= own.get("places", {})
    return ours


def adopt_seasons(text: str) -> None:
    r"""Take an office's own seasons, written as ``seasons.toml`` is, before ours; "" takes ours alone.

    >>> adopt_seasons('[[season]]\nnames=["汛期"]\nregion="浙江"\nfirst="04-01"\nlast="10-31"')
    >>> season("汛期", "浙江").first, season("台汛期", "浙江").first
    ((4, 1), (7, 16))
    >>> adopt_seasons("")
    """
    before = list(_adopted)
    _adopted[:] = [text] if text else []
    _forget()
    try:
        for known in seasons():
            known.window(date(2024, 1, 1))
    except (ValueError, KeyError, TypeError, AttributeError, tomllib.TOMLDecodeError) as error:
        _adopted[:] = before
        _forget()
        raise KnowledgeError(f"时令文件格式有误，可参照seasons.toml：{error}") from None


def _forget() -> None:
    for kept in (_knowledge, seasons, season, season_names, _places, _region_of):
        kept.cache_clear()


_home: list[str] = []


def adopt_region(region: str) -> None:
    """The office's own region: whose seasons hold where a report names no place; "" for none."""
    if region and region not in regions():
        raise KnowledgeError(f"不认识这个地区：{region}；可选：{'、'.join(regions())}")
    _home[:] = [region] if region else []


def home() -> str:
    """The office's own region, "" where it was not said."""
    return _home[0] if _home else ""


def regions() -> tuple[str, ...]:
    """The regions whose seasons can be told apart.

    >>> "浙江" in regions()
    True
    """
    return tuple(_knowledge()["places"])


def _month_day(written: str) -> tuple[int, ...]:
    return tuple(int(part) for part in written.split("-")) if written else ()


@cache
def seasons() -> tuple[Season, ...]:
    """Every season of every region, as the file lists them."""
    return tuple(
        Season(
            name,
            entry["region"],
            _month_day(entry.get("first", "")),
            _month_day(entry.get("last", "")),
            entry.get("reason", ""),
        )
        for entry in _knowledge()["season"]
        for name in entry["names"]
    )


@cache
def season(name: str, region: str) -> Season | None:
    """The season of that name in a region; a word that only one region uses tells the region.

    >>> season("汛期", "河南").first, season("汛期", "").first, season("台汛期", "").region
    ((5, 15), (), '浙江')
    >>> season("台汛期", "福建") is None
    True
    """
    of_name = [s for s in seasons() if s.name == name]
    fitting = [s for s in of_name if s.region == region] or [s for s in of_name if not s.region]
    if not fitting and not region and len(of_name) == 1:
        return of_name[0]
    return next(iter(fitting), None)


@cache
def season_names() -> tuple[str, ...]:
    """The names of all seasons, longer ones first."""
    return tuple(sorted({s.name for s in seasons()}, key=lambda name: (-len(name), name)))


@cache
def _places() -> re.Pattern[str]:
    names = (name for places in _knowledge()["places"].values() for name in places)
    return re.compile("|".join(sorted(names, key=len, reverse=True)))


@cache
def _region_of() -> dict[str, str]:
    return {name: region for region, names in _knowledge()["places"].items() for name in names}


def region_in(text: str) -> str:
    """The region of the first place a text names, "" when it names none.

    >>> region_in("洛阳市政府工作报告"), region_in("国务院办公厅")
    ('河南', '')
    """
    found = _places().search(text)
    return _region_of()[found.group()] if found else ""
