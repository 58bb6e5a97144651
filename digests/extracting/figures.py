"""Numbers and what they measure.

A figure is a quantity, a count or a rank as printed (3.6亿元, 五大, 全省第三); ordinals, dates, names and
versions are none. ``number`` multiplies 万 and 亿 out and leaves % as printed. One pass over each folded
sentence finds the candidates (``quantifying`` those in digits, ``counting`` the rest), ``naming`` says
what they measure.
"""

import re
from collections.abc import Iterator
from functools import cache

from digests.dating.moments import anchor_of
from digests.extracting import counting, quantifying, spelling
from digests.extracting.amounts import HAN, MORE, Amount, Reader
from digests.extracting.naming import measured
from digests.extracting.passages import Passage, passages
from digests.extracting.tensing import Tense, tenses
from digests.patterns import Pattern
from digests.report import Figure, Report

_SHAPES: tuple[tuple[str, str, Reader], ...] = (
    ("percent", counting.PERCENT, counting.read_percent),
    ("fraction", counting.FRACTION, counting.read_fraction),
    ("rank", counting.RANK, counting.read_rank),
    ("digits", quantifying.PATTERN, quantifying.read_digits),
    ("zero", counting.ZERO, counting.read_zero),
    ("lower", counting.LOWER, counting.read_lower),
    ("numeral", counting.NUMERAL, counting.read_numeral),
    ("half", counting.HALF, counting.read_half),
    ("words", spelling.PATTERN, spelling.read_words),
)


@cache
def _pattern() -> re.Pattern[str]:
    shapes = "|".join(f"(?P<{name}_>{pattern})" for name, pattern, _ in _SHAPES)
    return re.compile(
        rf"(?=[\d$€£¥-]|(?<![a-z])[a-z]|[{HAN}十百千万亿第首前全世亚中西东国长省同过半超])(?:{shapes})"
    )


@cache
def _readers() -> dict[str, Reader]:
    return {f"{name}_": reader for name, _, reader in _SHAPES}


def find_figures(words: str) -> Iterator[Amount]:
    """The figures of a folded sentence, in order.

    >>> [(a.number, a.unit) for a in find_figures("投资3.6亿元,对两个街道,居全省第三")]
    [(360000000.0, '元'), (2.0, '个'), (3.0, '位')]
    """
    at = 0
    readers = _readers()
    while found := _pattern().search(words, at):
        shape = next(name for name in readers if found[name] is not None)
        amount = readers[shape](found, words)
        at = max(found.end(), found.start() + 1)
        if amount:
            at = max(amount.end, found.start() + 1)
            yield amount
            upper = shape == "percent_" and counting.upper_percent(words, at)
            if upper:
                at = upper.end
                yield upper
        elif shape == "rank_":
            at = found.start() + 1


_ABOUT_BEFORE = Pattern(
    r"(?:约|大约|近|超|超过|逾|突破|不少于|不低于|不超过|至少|高于|低于|将近|接近|过|上|达到或超过|over|nearly|about|approximately)\s?$"
)
_ABOUT_AFTER = Pattern(r"左右|以上|以下|以内|上下|[多余]|\+")
_MORE = Pattern(rf"[\d十百千万亿]{MORE}")
_AIM = Pattern(r"力争|目标|确保|将|预期|计划|争取|到20\d\d年|要")
_ANY = Pattern(rf"[\d{HAN}十百千万亿首半]|\b(?:{'|'.join(spelling.WORDS)})\b")
_NAMED = Pattern(r"[A-Za-z]+(?:-[a-z]+)?[ -][A-Z]")
"""The Three Initiatives: a number word before a capital is part of a name."""


def extract_figures(report: Report) -> tuple[Figure, ...]:
    """The figures of a report, in text order.

    >>> from digests.outlining import parse
    >>> [(f.value, f.number, f.unit) for f in extract_figures(parse("全市投资3.6亿元。".encode(), "a.txt"))]
    [('3.6亿元', 360000000.0, '元')]
    """
    looks = tenses(report, anchor_of(report))
    return tuple(
        figure
        for passage in passages(report)
        for figure in _figures(passage, report, looks.at(passage.start))
    )


def _figures(passage: Passage, report: Report, tense: Tense) -> Iterator[Figure]:
    words = passage.folded.text
    if not _ANY.search(words):
        return
    quote = report.text[passage.start : passage.end]
    for found in find_figures(words):
        start, end = passage.place(found.start, found.end)
        if _NAMED.match(report.text, start, end + 3):
            continue
        clause = re.split(r"[,;。:]", words[max(0, found.start - 80) : found.start])[-1]
        aims = bool(_AIM.search(clause))
        yield Figure(
            address=passage.section.address if passage.section else None,
            quote=quote,
            start=passage.start,
            end=passage.end,
            value=report.text[start:end].strip(),
            number=found.number,
            unit=found.unit,
            measures=measured(words, found.start, found.end, found.unit),
            approximate=_is_about(words, found.start, found.end),
            target=tense is Tense.AHEAD or (tense is not Tense.BACK and aims),
        )


def _is_about(words: str, start: int, end: int) -> bool:
    return bool(
        _ABOUT_BEFORE.search(words, max(0, start - 14), start)
        or _ABOUT_AFTER.match(words, end)
        or _MORE.search(words, start, end)
    )
