"""Words -> topics: which of the sixteen topics a sentence belongs to, the main one first.

A topic's words are looked for in one pass over the folded sentence; each word weighs what it says
(its length, thrice for a ``strong`` one), words of the heading half as much. Everything that can be
edited stands in ``topics.toml``.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from digests.chinese import fold
from digests.errors import TopicError

STRONG = 3
HEADING = 0.5
SECONDARY = 0.4  # a second topic counts when it has this share of the first one's weight


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic a reader can choose: its id, its name by language, its words."""

    id: str
    names: MappingProxyType[str, str]
    words: tuple[str, ...]
    strong: tuple[str, ...]
    reason: str

    def name(self, language: str = "zh-Hans") -> str:
        """The topic's name in a language (zh-Hans, zh-Hant, en), English when there is no other."""
        return self.names.get(language.replace("_", "-"), self.names["en"])


@cache
def _knowledge() -> dict[str, Any]:
    return tomllib.loads(files("digests").joinpath("topics.toml").read_text(encoding="utf-8"))


@cache
def topics() -> tuple[Topic, ...]:
    """The topics, in the order in which readers see them.

    >>> [topic.id for topic in topics()][:3]
    ['flood', 'safety', 'election']
    """
    return tuple(
        Topic(
            t["id"],
            MappingProxyType(t["names"]),
            tuple(t["words"]),
            tuple(t["strong"]),
            t["reason"],
        )
        for t in _knowledge()["topic"]
    )


def topic(name: str) -> Topic:
    """The topic with that id, or with that name in any language.

    >>> topic("防汛防台").id
    'flood'
    """
    wanted = name.strip()
    for known in topics():
        if wanted == known.id or wanted in known.names.values():
            return known
    raise TopicError(f"没有“{wanted}”这个专题，可选：{'、'.join(t.id for t in topics())}")


@cache
def presets() -> MappingProxyType[str, tuple[str, ...]]:
    """The topics of each role: village, town, department.

    >>> len(presets()["village"]), len(presets()["department"])
    (6, 16)
    """
    everything = tuple(t.id for t in topics())
    return MappingProxyType(
        {
            role: everything if ids == ["*"] else tuple(ids)
            for role, ids in _knowledge()["presets"].items()
        }
    )


@cache
def _weights() -> dict[str, tuple[tuple[str, float], ...]]:
    weights: dict[str, list[tuple[str, float]]] = {}
    for known in topics():
        for word in known.strong:
            weights.setdefault(word, []).append((known.id, STRONG * _length(word)))
        for word in known.words:
            weights.setdefault(word, []).append((known.id, _length(word)))
    return {word: tuple(found) for word, found in weights.items()}


def _length(word: str) -> float:
    return len(word) / 4 + 0.5 if word.isascii() else float(len(word))


@cache
def _pattern() -> re.Pattern[str]:
    longest_first = sorted(_weights(), key=lambda word: (-len(word), word))
    return re.compile("|".join(map(re.escape, longest_first)))


def _count(folded: str, share: float, weights: Counter[str]) -> None:
    table = _weights()
    seen: set[str] = set()
    for found in _pattern().finditer(folded):
        word = found.group()
        if word not in seen:  # a word said thrice is still one word
            seen.add(word)
            for name, weight in table[word]:
                weights[name] += weight * share  # type: ignore[assignment]


def tag(text: str, heading: str = "") -> tuple[str, ...]:
    """The topics of a sentence or section, the main one first; () when none of the words is there.

    >>> tag("要全力做好防汛防台工作，确保流域安全。")
    ('flood',)
    """
    return tag_folded(fold(text).text, fold(heading).text if heading else "")


def tag_folded(text: str, heading: str = "") -> tuple[str, ...]:
    """The same for text that is folded already."""
    weights: Counter[str] = Counter()
    _count(text, 1, weights)
    if heading:
        _count(heading, HEADING, weights)
    if not weights:
        return ()
    order = [known.id for known in topics()]
    ranked = sorted(weights.items(), key=lambda item: (-item[1], order.index(item[0])))
    least = ranked[0][1] * SECONDARY
    return tuple(name for name, weight in ranked if weight >= least)


def names(ids: Iterable[str], language: str = "zh-Hans") -> tuple[str, ...]:
    """The names of topics in a language.

    >>> names(["flood", "party"])
    ('防汛防台', '党的建设与清廉')
    """
    return tuple(topic(one).name(language) for one in ids)
