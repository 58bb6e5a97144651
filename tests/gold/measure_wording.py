"""False and missed remarks of the checks of a broadcast's words; ``python tests/gold/measure_wording.py``.

Misprints: stretches of one report held against five others should bring none; sentences in which one
letter was replaced by another of the same sound, held against their own report, should bring one. The
word list is held against every report: official texts should hardly ever need it.
"""

import random
import re
from collections import Counter
from pathlib import Path

import digests
from bot.domain.misprint import misprints
from bot.domain.wordlist import check, ours
from digests.errors import DigestsError

REPORTS = Path(__file__).resolve().parents[3] / "shared" / "reports"
STRETCH, LIBRARY, STRETCHES, SLIPS, COMMON = 2000, 5, 150, 600, 2000
HAN = re.compile(r"[一-鿿]{9}")


def texts() -> list[str]:
    """The readable reports that are long enough, as text."""
    found = []
    for path in sorted(REPORTS.iterdir()):
        try:
            found.append(digests.parse(path.read_bytes(), path.name).text)
        except (DigestsError, OSError):
            continue
    return found


def false_remarks(reports: list[str], rng: random.Random) -> tuple[int, int]:
    """How many misprints are seen where none should be, in how many letters."""
    count = 0
    for _ in range(STRETCHES):
        text, *library = rng.sample(reports, LIBRARY + 1)
        at = rng.randrange(len(text) - STRETCH)
        count += len(misprints(text[at : at + STRETCH], library))
    return count, STRETCHES * STRETCH


def seen_slips(reports: list[str], rng: random.Random) -> tuple[int, int]:
    """How many replaced letters are seen, of how many."""
    letters = Counter(c for text in reports for c in text if "一" <= c <= "鿿")
    common = [letter for letter, _ in letters.most_common(COMMON)]
    seen = tried = 0
    for _ in range(SLIPS):
        text = rng.choice(reports)
        at = rng.randrange(500, len(text) - 500)
        words = text[at - 4 : at + 5]
        sounds = set(digests.readings_of(words[4]))
        others = [c for c in common if c != words[4] and sounds & {*digests.readings_of(c)}]
        if HAN.fullmatch(words) and others:
            tried += 1
            seen += bool(misprints(words[:4] + rng.choice(others) + words[5:], [text]))
    return seen, tried


def main() -> int:
    """Print the counts."""
    if not REPORTS.is_dir():
        print(f"no reports at {REPORTS}: nothing measured")
        return 0
    everything = texts()
    long = [text for text in everything if len(text) > STRETCH + 1000]
    rng = random.Random(3)
    print("misprints seen where none are: {} in {:,} letters".format(*false_remarks(long, rng)))
    print("replaced letters seen: {} of {}".format(*seen_slips(long, rng)))
    remarks = Counter(r.level for text in everything for r in check(text, ours()))
    size = sum(map(len, everything))
    print(f"the word list over {len(everything)} reports, {size:,} letters: {dict(remarks)}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
