"""What is asked in the benchmark of look-ups: by people, by chance, and to do harm.

``people`` takes the queries of ``tests/gold/queries.tsv`` as they stand, nonsense included;
``by_chance`` cuts words out of the reports and spoils some of them; ``hostile`` are the strings that
cost most: long, empty of meaning, or both.
"""

import random
from collections.abc import Callable, Sequence
from pathlib import Path

from digests import Report
from digests.searching.shadowing import characters_of, readings_of, shadow

GOLD = Path(__file__).resolve().parents[1] / "gold" / "queries.tsv"
LONGEST = 4096
Asked = tuple[str, str]
"""The kind of a query, and the query."""


def people() -> list[Asked]:
    """The queries of the gold set, without those that name a section of one report."""
    rows = (line.split("\t") for line in GOLD.read_text("utf-8").splitlines() if line)
    return [(row[0], row[2]) for row in rows if not row[0].startswith("#")]


def by_chance(reports: Sequence[Report], count: int) -> list[Asked]:
    """Look-ups of words that stand there, with questions about them, slips, syllables, nonsense."""
    chance = random.Random(7)
    made: list[Asked] = []
    while len(made) < count:
        words = shadow(chance.choice(reports).text)
        at = chance.randrange(len(words) - 20)
        one, two = words[at : at + chance.choice((2, 2, 3, 4))], words[at + 8 : at + 10]
        if not (one + two).isalpha() or one.isascii():
            continue
        kind = chance.choice(list(_MADE))
        made.append((f"{kind} by chance", _MADE[kind](one, two, words[at : at + 5], chance)))
    return made


_MADE: dict[str, Callable[[str, str, str, random.Random], str]] = {
    "word": lambda one, _two, _five, _chance: one,
    "words": lambda one, two, _five, _chance: f"{one} {two}",
    "question": lambda one, _two, _five, _chance: f"{one}什么时候完成",
    "slip": lambda _one, _two, five, _chance: five[:2] + _other(five[2]) + five[3:],
    "pinyin": lambda one, _two, _five, _chance: " ".join(
        (readings_of(c) or ("a",))[0] for c in one
    ),
    "phrase": lambda one, _two, _five, _chance: f"“{one}”",
    "nonsense": lambda _one, _two, _five, chance: "".join(chance.choices("囧槑龘靐齉爩鱻麤", k=4)),
}


def _other(character: str) -> str:
    """A character of the same sound: what a keyboard gives when one does not look."""
    readings = readings_of(character)
    others = [c for c in characters_of(readings[0]) if c != character] if readings else []
    return others[0] if others else "囧"


def hostile(text: str) -> list[Asked]:
    """Strings of up to 4,096 characters that nobody would answer quickly by accident."""
    chance = random.Random(3)
    han = "".join(chr(chance.randrange(0x4E00, 0x9FA5)) for _ in range(LONGEST))
    common = "".join(chance.choices(text, k=LONGEST))
    strings = {
        "pasted pages": text[len(text) // 3 :],
        "characters by chance": han,
        "common characters by chance": common,
        "pairs by chance": " ".join(common[i : i + 2] for i in range(0, LONGEST, 2)),
        "quotation marks": "“" * 1000,
        "phrases": " ".join(f"“{text[i : i + 3]}”" for i in range(0, 3000, 7)),
        "exclusions": "防汛 " + " ".join(f"-{text[i : i + 2]}" for i in range(0, 3000, 5)),
        "punctuation": "，。！？；-" * 700,
        "one character": "的",
        "one rare character": "囧",
        "emoji": "😀🎉" * 2048,
        "the same character": "防" * LONGEST,
        "the same letter": "a" * LONGEST,
        "digits": "1234567890" * 400,
        "syllables": "shi" * 20,
        "more syllables": "fang xun " * 455,
        "questions": "什么时候" * 1000,
        "numbers": "三百二十五亿" * 600,
        "labels": "第一百二十三条" * 500,
        "English": "the national plan of the people " * 128,
        "control characters": "\x00\u202e\ud800" * 1300,
    }
    return [(kind, string[:LONGEST]) for kind, string in strings.items()]
