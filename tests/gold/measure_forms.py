"""How well look-ups bear being typed otherwise; ``python tests/gold/measure_forms.py [--seed 1]``.

Nothing here is chosen by hand: phrases in quotation marks, figures and sections are drawn from the
reports, typed with a slip, in pinyin, in other numerals or as they are spoken, and looked up in
their report. Prints MRR@5 per way.
"""

import argparse
import random
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

import digests  # noqa: E402 -- found beside this file
from digests.searching.shadowing import characters_of, readings_of, shadow  # noqa: E402

REPORTS = ROOT.parent / "shared" / "reports"
PHRASES, FIGURES, SECTIONS = 12, 12, 10  # drawn from each report
COMMON = "的了是有在人大中上民国发展经济建设"
_PHRASE = re.compile(r"“([\u4e00-\u9fff]{3,8})”")
_FIGURE = re.compile(r"(?<![\d.])([1-9]\d{0,3})(万|亿)?(元|家|名|公里|亩|项|户|套|所|张)")
_TWO_LABELS = re.compile(r"([一二三四五六七八九十]+)(?:（([一二三四五六七八九十]+)）|、(\d+))")


def slips(phrase: str, chance: random.Random) -> Iterator[tuple[str, str]]:
    """A phrase with one slip of each kind."""
    at = chance.randrange(len(phrase))
    before, after = phrase[:at], phrase[at + 1 :]
    syllables = [(readings_of(c) or ("",))[0] for c in phrase]
    others = [c for c in characters_of(syllables[at])[:9] if c != phrase[at]]
    yield "one too many", before + chance.choice(COMMON) + phrase[at:]
    if others:
        yield "same sound", before + chance.choice(others) + after
    if all(syllables):
        yield "pinyin", chance.choice(("", " ")).join(syllables)
    if len(phrase) > 3:
        yield "missing", before + after
        yield "wrong", before + chance.choice(COMMON) + after
        first = chance.randrange(len(phrase) - 1)
        yield "swapped", phrase[:first] + phrase[first + 1] + phrase[first] + phrase[first + 2 :]


def numeral(number: int) -> str:
    """A number below 10,000 in words, by the schoolbook."""
    words, gap = "", False
    for place, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, place)
        if digit:
            words += ("零" if gap else "") + "零一二三四五六七八九"[digit] + name
        gap = not digit and bool(words)
    return re.sub("^一十", "十", words)


def figures(found: re.Match[str]) -> Iterator[tuple[str, str]]:
    """A figure in words, and written out."""
    number, place, unit = int(found[1]), found[2] or "", found[3]
    yield "in words", f"{numeral(number)}{place}{unit}"
    if place:
        yield "written out", f"{number * (10**4 if place == '万' else 10**8)}{unit}"


def spoken(section: digests.Section) -> Iterator[tuple[str, str]]:
    """A section as it is cited, typed and said."""
    yield "as cited", section.cite
    if len(section.heading) > 6:
        yield "title begun", section.heading[:7]
    labels = _TWO_LABELS.fullmatch(section.cite)
    part = digests.to_number(labels[1]) if labels else None
    point = digests.to_number(labels[2] or labels[3]) if labels else None
    if labels and part and point:
        yield "2.5", f"{part}.{point}"
        yield "第二部分第五点", f"第{labels[1]}部分第{numeral(point)}点"


def drawn(
    report: digests.Report, chance: random.Random
) -> Iterator[tuple[str, str, Callable[[digests.Hit], bool]]]:
    """Ways, queries, and what a right hit is."""
    phrases = sorted({m[1] for m in _PHRASE.finditer(report.text)})
    for phrase in chance.sample(phrases, min(PHRASES, len(phrases))):
        for way, query in slips(phrase, chance):
            if query not in report.text:
                yield way, query, partial(quotes, phrase)
    found = list(_FIGURE.finditer(report.text))
    for figure in chance.sample(found, min(FIGURES, len(found))):
        for way, query in figures(figure):
            yield way, query, partial(quotes, shadow(figure[0]))
    for section in chance.sample(report.sections, min(SECTIONS, len(report.sections))):
        for way, query in spoken(section):
            yield way, query, partial(stands_at, section.address)


def quotes(words: str, hit: digests.Hit) -> bool:
    return words in shadow(hit.quote)


def stands_at(address: str, hit: digests.Hit) -> bool:
    return hit.address == address


def measured(report: digests.Report, chance: random.Random) -> Iterator[tuple[str, float]]:
    """Every way with its reciprocal rank."""
    index = digests.Index.build(None, [report])
    for way, query, is_right in drawn(report, chance):
        hits = index.search(query, 5).hits
        yield way, next((1 / place for place, h in enumerate(hits, 1) if is_right(h)), 0.0)


def main() -> None:
    """Every way over all Chinese reports that are text."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    chance = random.Random(parser.parse_args().seed)
    if not REPORTS.is_dir():
        print(f"skipped: there are no reports in {REPORTS}")
        return
    ranks: dict[str, list[float]] = defaultdict(list)
    for path in sorted(REPORTS.iterdir()):
        if path.suffix in {".txt", ".md", ".html"} and "english" not in path.name:
            try:
                report = digests.parse(path.read_bytes(), path.name)
            except digests.DigestsError:
                continue
            for way, value in measured(report, chance):
                ranks[way].append(value)
    for way, values in ranks.items():
        print(f"{sum(values) / len(values):.3f} {way} ({len(values)})")


if __name__ == "__main__":
    main()
