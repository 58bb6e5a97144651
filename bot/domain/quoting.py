"""引文核对: words that nearly equal a passage of a report are compared letter by letter.

Every run of twelve characters or more that stands in a report but for a few letters is held
against it; what differs is shown, written and printed side by side. What is equal is counted.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

SEED = 5  # equal characters in a row that make two places worth comparing
SHORTEST = 12
ALIKE = 0.8
_DRIFT = 3  # letters left out or put in, at most, on a run
_WRAP = re.compile(r"\s+")  # where a line ended in print is nobody's slip
_RUN = re.compile(r"[^\s。！？!?；;：:“”\"…]{4,}")


@dataclass(frozen=True, slots=True)
class Slip:
    """Where the text departs from the printed words."""

    written: str
    printed: str
    around: str  # the printed run, for whoever checks


@dataclass(frozen=True, slots=True)
class Comparison:
    """How many runs are quoted to the letter, and where others depart."""

    exact: int = 0
    slips: tuple[Slip, ...] = ()


def compare(text: str, originals: Iterable[str]) -> Comparison:
    """Hold a hand-written text against the reports.

    >>> report = "全力以赴做好村社组织的换届选举工作。"
    >>> compare("请全力以赴做好村社组织的换界选举工作。", [report]).slips[0].written
    '换界'
    >>> compare("请全力以赴做好村社组织的换届选举工作。", [report])
    Comparison(exact=1, slips=())
    """
    runs = [match[0] for match in _RUN.finditer(text)]
    runs = [piece for run in runs for piece in _clauses(run)]
    printed = [_WRAP.sub("", original) for original in originals] if runs else []
    near = [run for run in runs if not any(run in source for source in printed)]
    exact = len(runs) - len(near)
    slips: list[Slip] = []
    sources = [(source, _seeds(source)) for source in printed if _shares_words(near, source)]
    for run in near:
        verdicts = [_held_against(run, source, seeds) for source, seeds in sources]
        known: list[list[Slip]] = [verdict for verdict in verdicts if verdict is not None]
        if any(not verdict for verdict in known):
            exact += 1
        elif known:
            closest = min(known, key=len)
            slips += closest
    return Comparison(exact, tuple(dict.fromkeys(slips)))


def _shares_words(runs: Sequence[str], source: str) -> bool:
    """Whether a report is worth the closer look: some words of some run stand in it."""
    return any(
        run[at : at + SEED] in source
        for run in runs
        for at in (0, len(run) // 3, 2 * len(run) // 3, len(run) - SEED)
    )


def _clauses(run: str) -> list[str]:
    """Long enough clauses of a run; short ones go together with the next."""
    pieces: list[str] = []
    for clause in re.split(r"(?<=[，,、])", run):
        if pieces and len(pieces[-1]) < SHORTEST:
            pieces[-1] += clause
        else:
            pieces.append(clause)
    return [piece.strip("，,、（）()") for piece in pieces if len(piece) >= SHORTEST]


def _seeds(source: str) -> dict[str, list[int]]:
    seeds: dict[str, list[int]] = {}
    for at in range(len(source) - SEED + 1):
        seeds.setdefault(source[at : at + SEED], []).append(at)
    return seeds


def _held_against(run: str, source: str, seeds: dict[str, list[int]]) -> list[Slip] | None:
    """None: not from this report; []: to the letter; else what differs."""
    if run in source:
        return []
    best: tuple[float, str, str] | None = None
    for start in _candidates(run, seeds):
        found = _aligned(run, source, start)
        if found is not None and (best is None or found[0] > best[0]):
            best = found
    if best is None:
        return None
    _ratio, written, printed = best
    return [] if written == printed else _differences(written, printed)


def _candidates(run: str, seeds: dict[str, list[int]]) -> Sequence[int]:
    """Where in the source the run would begin, the most voted first."""
    votes: dict[int, int] = {}
    for at in range(len(run) - SEED + 1):
        for place in seeds.get(run[at : at + SEED], ())[:50]:
            diagonal = place - at
            votes[diagonal] = votes.get(diagonal, 0) + 1
    return sorted(votes, key=lambda diagonal: -votes[diagonal])[:5]


def _aligned(run: str, source: str, start: int) -> tuple[float, str, str] | None:
    """The stretch of the run and of the source between their first and last agreement."""
    low = max(0, start - _DRIFT)
    window = source[low : max(0, start) + len(run) + _DRIFT]
    matcher = SequenceMatcher(None, run, window, autojunk=False)
    blocks = [block for block in matcher.get_matching_blocks() if block.size >= 2]  # noqa: PLR2004
    if not blocks:
        return None
    first, last = blocks[0], blocks[-1]
    written = run[first.a : last.a + last.size]
    printed = window[first.b : last.b + last.size]
    ratio = SequenceMatcher(None, written, printed, autojunk=False).ratio()
    if len(written) < SHORTEST or ratio < ALIKE:
        return None
    return ratio * len(written), written, printed


def _differences(written: str, printed: str) -> list[Slip]:
    """Each difference with a letter or two around it, as people point at it."""
    slips = []
    matcher = SequenceMatcher(None, written, printed, autojunk=False)
    for tag, a1, a2, b1, b2 in matcher.get_opcodes():
        if tag == "equal":
            continue
        before = 1 if a1 and b1 else 0
        after = 0 if before else 1
        slips.append(
            Slip(written[a1 - before : a2 + after], printed[b1 - before : b2 + after], printed)
        )
    return slips
