"""Words -> topics: which of the sixteen topics a sentence belongs to, the main one first.

A topic's words are looked for in one pass over the folded sentence; each word weighs what it says
(its length, thrice for a ``strong`` one); where a sentence says little, words of its heading count half as much.
Everything that can be edited stands in ``topics.toml``; an office's own file takes its place (``adopt_topics``).
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
from digests.errors import KnowledgeError, TopicError

STRONG = 3
HEADING = 0.5
FIRM = 7  # what a sentence says by two words or a strong one; below it the heading is asked too
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
        """The topic's name in a language (zh-Hans, zh-Hant, en), else in the first that it has."""
        known = self.names.get(language.replace("_", "-")) or self.names.get("en")
        return known or next(iter(self.names.values()))


_adopted: list[dict[str, Any]] = []
"""An office's own topics, in place of ours: one for the whole process, as the file itself is."""


@cache
def _knowledge() -> dict[str, Any]:
    if _adopted:
        return _adopted[-1]
    return tomllib.loads(files("digests").joinpath("topics.toml").read_text(encoding="utf-8"))


def adopt_topics(text: str) -> None:
    r"""Take an office's own topics, written as ``topics.toml`` is, in place of ours; "" takes ours again.

    Words may be printed in any script and width. A role without topics of its own gets all of them.

    >>> adopt_topics('[[topic]]\nid="water"\nnames={zh-Hans="水利"}\nwords=["灌區"]')
    >>> tag("推进灌区改造"), topic("水利").id, presets()["village"]
    (('water',), 'water', ('water',))
    >>> adopt_topics("")
    """
    _adopted[:] = [_checked(text)] if text else []
    for kept in (_knowledge, topics, presets, _weights, _pattern):
        kept.cache_clear()


_ID = re.compile(r"[a-z][a-z0-9_-]{0,15}")
ROLES = ("village", "town", "department")
"""The roles that bring topics along."""


def _checked(text: str) -> dict[str, Any]:
    try:
        given = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise KnowledgeError(f"专题文件格式有误：{error}") from None
    own = [_own_topic(entry) for entry in given.get("topic", [])]
    ids = [entry["id"] for entry in own]
    if not own or len(set(ids)) < len(ids):
        raise KnowledgeError("专题文件至少要有一个[[topic]]，每个id只能用一次")
    roles = {role: given.get("presets", {}).get(role, ["*"]) for role in ROLES}
    for role, chosen in roles.items():
        unknown = [one for one in chosen if one != "*" and one not in ids]
        if unknown:
            raise KnowledgeError(f"专题文件的presets.{role}里没有这个专题：{'、'.join(unknown)}")
    return {"topic": own, "presets": roles}


def _own_topic(entry: dict[str, Any]) -> dict[str, Any]:
    name, names = entry.get("id", ""), entry.get("names", {})
    if not isinstance(name, str) or not _ID.fullmatch(name):
        raise KnowledgeError(f"专题的id要用小写字母、数字和连字符，不超过16个字符：{name!r}")
    words, strong = entry.get("words", []), entry.get("strong", [])
    if not names or not all(isinstance(word, str) and word.strip() for word in [*words, *strong]):
        raise KnowledgeError(f"专题{name}要有名称，words和strong里只能是词语")
    if not words and not strong:
        raise KnowledgeError(f"专题{name}没有词语，什么句子都不会归入")
    return {
        "id": name,
        "names": dict(names),
        "words": [fold(word).text for word in words],
        "strong": [fold(word).text for word in strong],
        "reason": str(entry.get("reason", "")),
    }


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
            role: everything if "*" in ids else tuple(ids)
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


def _count(folded: str, weights: Counter[str], share: float = 1.0) -> None:
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
    _count(text, weights)
    if heading and max(weights.values(), default=0) < FIRM:
        _count(heading, weights, HEADING)
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
