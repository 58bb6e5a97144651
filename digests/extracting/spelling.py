"""English numbers in words: four trillion yuan, thirty-one airports, one in five, two-thirds."""

import re

from digests.extracting.amounts import Amount
from digests.extracting.units import ENGLISH, LATIN_UNITS, SCALES, alternatives

_ONES = (
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_VALUES = {word: float(i) for i, word in enumerate(_ONES, 1)} | {
    word: 10.0 * i for i, word in enumerate(_TENS, 2)
}
WORDS = (*_VALUES, "hundred", *SCALES, "half")
_PARTS = {"half": 2, "third": 3, "quarter": 4, "fifth": 5, "sixth": 6, "eighth": 8, "tenth": 10}

_WORD = rf"(?:(?:{'|'.join(_TENS)})(?:[- ](?:{'|'.join(_ONES[:9])})\b)?|{'|'.join(sorted(_ONES, key=len, reverse=True))})"
PATTERN = (
    rf"(?<![a-z-])(?:(?P<wpart>(?:one|two|three|four|a)[- ](?:{'|'.join(_PARTS)})s?\b(?!-)(?= of| the|[,.;])|half (?=of))"
    rf"|(?P<wof>one (?:in|out of) (?:every )?(?P<wevery>{_WORD}|\d{{1,3}})\b)"
    rf"|(?P<wn>half an?|(?:{_WORD}|a)(?: hundred(?: and {_WORD})?)?)(?: (?P<wscale>{'|'.join(SCALES)}))?"
    rf"(?![a-z-])(?: (?P<wu>{alternatives(LATIN_UNITS)})(?![a-z]))?)"
)
"""Folded text; names (the Three Initiatives) are told apart by their capitals, elsewhere."""


def _spelled(words: str) -> float:
    """What number words below a thousand stand for.

    >>> [_spelled(w) for w in ("thirty-one", "two hundred and fifty", "a hundred", "half a", "a")]
    [31.0, 250.0, 100.0, 0.5, 1.0]
    """
    if words.startswith("half"):
        return 0.5
    total = 0.0
    for word in re.split(r"[- ]", words):
        if word == "hundred":
            total = (total or 1.0) * 100
        else:
            total += _VALUES.get(word, 0.0)
    return total or 1.0


def read_words(found: re.Match[str], words: str) -> Amount | None:
    """The amount that number words name; small counts only before what they count."""
    start, end = found.span()
    if found["wpart"]:
        over, _, part = found["wpart"].strip().replace("-", " ").rpartition(" ")
        under = _PARTS[part.removesuffix("s") if part not in _PARTS else part]
        number = (_VALUES.get(over, 1.0) if over else 1.0) / under
        return Amount(start, start + len(found["wpart"].rstrip()), number, "")
    if found["wof"]:
        every = found["wevery"]
        return Amount(start, end, 1 / (float(every) if every.isdigit() else _spelled(every)), "")
    number, scale = _spelled(found["wn"]), found["wscale"]
    if scale or "hundred" in found["wn"]:
        return Amount(start, end, number * SCALES.get(scale or "", 1.0), found["wu"] or "")
    if number < 2 or not ENGLISH.match(words[found.end("wn") : found.end("wn") + 60]):  # noqa: PLR2004 -- one is a pronoun
        return None
    return Amount(start, found.end("wn"), number, "")
