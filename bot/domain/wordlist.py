"""错敏词: words typed wrongly, set phrases, names and titles, as data; it tells, it never alters.

The list is ``wordlist.toml`` beside this file, and an office's own in the same form. Wrong set
phrases, names and titles block; the rest may stay if somebody says why. What a report itself prints
is never held against a text that quotes it.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from bot.errors import SettingsError


class Level(StrEnum):
    """Whether a word must be put right, or may stay with a reason."""

    BLOCK = "block"
    WARN = "warn"


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing found: as written, as it should be, why."""

    written: str
    right: str
    reason: str
    level: Level


@dataclass(frozen=True, slots=True)
class Term:
    """A wrong word and the right one; ``unless``: longer words in which it is right."""

    wrong: str
    right: str
    reason: str
    level: Level
    unless: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Members:
    """A set phrase that lists its members in one order; ``least``: how many make it meant."""

    name: str
    items: tuple[str, ...]
    least: int


@dataclass(frozen=True, slots=True)
class Count:
    """How many there are: “四” “个意识”."""

    numbers: tuple[str, ...]
    what: str


@dataclass(frozen=True, slots=True)
class Person:
    """A name that must be right, and the titles that go with it."""

    name: str
    title: str


@dataclass(frozen=True, slots=True)
class Wordlist:
    """Everything that is looked for."""

    terms: tuple[Term, ...] = ()
    sets: tuple[Members, ...] = ()
    counts: tuple[Count, ...] = ()
    phrases: tuple[str, ...] = ()
    allowed: frozenset[str] = frozenset()
    people: tuple[Person, ...] = ()

    def __or__(self, other: "Wordlist") -> "Wordlist":
        """Both lists; where they name the same word, the second has the say."""
        terms = {term.wrong: term for term in (*self.terms, *other.terms)}
        return Wordlist(
            tuple(terms.values()),
            self.sets + other.sets,
            self.counts + other.counts,
            self.phrases + other.phrases,
            self.allowed | other.allowed,
            self.people + other.people,
        )


# ---- reading it ------------------------------------------------------------------------------


@cache
def ours() -> Wordlist:
    """The list that comes with the program."""
    return parse((files("bot.domain") / "wordlist.toml").read_text("utf-8"))


def parse(text: str) -> Wordlist:
    r"""A list as it is written in a file; what is not understood is an error in one sentence.

    >>> parse('[[group]]\nwords = { "换界" = "换届" }').terms[0].right
    '换届'
    """
    try:
        data = tomllib.loads(text)
        unknown = data.keys() - {"group", "set", "count", "phrases", "name"}
        if unknown:
            raise SettingsError(f"unknown section {min(unknown)}")
        phrases = data.get("phrases", {})
        return Wordlist(
            tuple(term for group in data.get("group", ()) for term in _terms(group)),
            tuple(
                Members(one["name"], tuple(one["items"]), one.get("whole", 2))
                for one in data.get("set", ())
            ),
            tuple(
                Count((one["number"], *one.get("also", ())), one["what"])
                for one in data.get("count", ())
            ),
            tuple(phrases.get("words", ())),
            frozenset(phrases.get("also", ())),
            tuple(Person(one["name"], one.get("title", "")) for one in data.get("name", ())),
        )
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(str(error)) from None
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise SettingsError(f"not in the form of bot/domain/wordlist.toml: {error}") from None


def _terms(group: Mapping[str, Any]) -> Iterator[Term]:
    level, unless = Level(group.get("level", "warn")), tuple(group.get("unless", ()))
    for wrong, right in group["words"].items():
        longer = tuple(word for word in unless if wrong in word)
        yield Term(wrong, str(right), str(group.get("reason", "")), level, longer)


# ---- looking ---------------------------------------------------------------------------------


def check(text: str, words: Wordlist, originals: Sequence[str] = ()) -> tuple[Remark, ...]:
    """Everything in a text that the list holds against it, in the order of the list."""
    found = (
        *_wrong_terms(text, words.terms, originals),
        *_wrong_sets(text, words.sets, originals),
        *_wrong_counts(text, words.counts, originals),
        *_wrong_phrases(text, words, originals),
        *_wrong_people(text, words.people),
    )
    return tuple(dict.fromkeys(found))


def _printed(text: str, start: int, end: int, originals: Iterable[str]) -> bool:
    """Whether a report prints the same, with a letter more on each side."""
    around = text[max(0, start - 1) : end + 1]
    return any(around in original for original in originals)


def _wrong_terms(text: str, terms: Iterable[Term], originals: Sequence[str]) -> Iterator[Remark]:
    for term in terms:
        for match in re.finditer(re.escape(term.wrong), text):
            if not _excused(term, text, match.start()) and not _printed(
                text, match.start(), match.end(), originals
            ):
                yield Remark(term.wrong, term.right, term.reason, term.level)


def _excused(term: Term, text: str, at: int) -> bool:
    return any(
        text.startswith(longer, at - place)
        for longer in term.unless
        for place in range(len(longer))
        if longer.startswith(term.wrong, place) and at >= place
    )


_LISTED = re.compile(r"[一-鿿]{2,12}(?:、[一-鿿]{2,12})+")


def _wrong_sets(text: str, sets: Iterable[Members], originals: Sequence[str]) -> Iterator[Remark]:
    for match in _LISTED.finditer(text):
        pieces = re.split(r"、|以及|和|及", match[0])
        for one in sets:
            named = _named(pieces, one.items)
            known = [item for item in named if item]
            if len(set(known)) < one.least or _printed(text, *match.span(), originals):
                continue
            first, last = named.index(known[0]), len(named) - named[::-1].index(known[-1])
            if named[first:last] == list(one.items):
                continue
            in_order = known == [item for item in one.items if item in known]
            level = Level.WARN if in_order else Level.BLOCK
            yield Remark("、".join(pieces[first:last]), "、".join(one.items), one.name, level)


def _named(pieces: Sequence[str], items: Sequence[str]) -> list[str]:
    """The member each piece names, or ""; the first may follow other words, the last go before."""
    named = [piece if piece in items else "" for piece in pieces]
    named[0] = next((i for i in items if pieces[0].endswith(i)), "")
    named[-1] = next((i for i in items if pieces[-1].startswith(i)), "")
    return named


def _wrong_counts(text: str, counts: Iterable[Count], originals: Sequence[str]) -> Iterator[Remark]:
    for count in counts:
        for match in re.finditer(rf"[“\"「]([一二两三四五六七八九十]){count.what}[”\"」]", text):
            if match[1] not in count.numbers and not _printed(text, *match.span(), originals):
                right = f"“{count.numbers[0]}{count.what}”"
                yield Remark(match[0], right, "", Level.WARN)


def _wrong_phrases(text: str, words: Wordlist, originals: Sequence[str]) -> Iterator[Remark]:
    for phrase in words.phrases:
        size = len(phrase)
        for at in _near(text, phrase):
            written = text[at : at + size]
            apart = [i for i in range(size) if written[i] != phrase[i]]
            inside = len(apart) == 1 and 0 < apart[0] < size - 1  # at its ends it may be a word
            if not inside or not "一" <= written[apart[0]] <= "鿿":
                continue
            if written not in words.allowed and not _printed(text, at, at + size, originals):
                yield Remark(written, phrase, "固定提法", Level.BLOCK)


def _near(text: str, phrase: str) -> set[int]:
    """Where a phrase with one letter wrong may begin: one of its halves stands there."""
    half = len(phrase) // 2
    starts = {match.start() for match in re.finditer(re.escape(phrase[:half]), text)}
    starts |= {match.start() - half for match in re.finditer(re.escape(phrase[half:]), text)}
    return {at for at in starts if at >= 0 and at + len(phrase) <= len(text)}


_OFFICE = (
    r"总书记|副?书记|副?主席|总理|委员长|副?省长|副?市长|副?县长|副?区长|副?镇长|副?乡长|副?主任"
    r"|副?部长|副?局长|副?厅长|院长|检察长|常委"
)
_BEHIND = re.compile(rf"同志|先生|女士|(?P<office>{_OFFICE})")
_BEFORE = re.compile(rf"(?:{_OFFICE})$")


def _wrong_people(text: str, people: Iterable[Person]) -> Iterator[Remark]:
    """A name one letter off beside a title, or beside a title that is another person's."""
    for person in people:
        size = len(person.name)
        for at in range(len(text) - size + 1):
            written = text[at : at + size]
            apart = sum(a != b for a, b in zip(written, person.name, strict=True))
            behind = _BEHIND.match(text, at + size)
            if apart == 1 < size and (behind or _BEFORE.search(text[max(0, at - 3) : at])):
                yield Remark(written, person.name, person.title, Level.BLOCK)
            office = behind["office"] if behind and not apart else None
            if office and person.title and office not in person.title:
                right = f"{person.name}（{person.title}）"
                yield Remark(person.name + office, right, "", Level.BLOCK)
