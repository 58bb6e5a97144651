"""Which entries are real: a mark counts where it belongs to a sequence."""

from collections.abc import Sequence

from digests.nesting import UNNUMBERED, Entry

_SURE = {"part", "chapter", "section", "article", "annex"} | UNNUMBERED


def sift(entries: Sequence[Entry]) -> list[Entry]:
    """The entries without marks that stand alone: a single 一是 or 3． is prose or noise."""
    kept = []
    numbers: dict[str, list[int]] = {}
    for e in entries:
        numbers.setdefault(e.scheme, []).append(e.number)
    for e in entries:
        if e.scheme in _SURE or e.inline or e.rank:
            kept.append(e)
            continue
        run = numbers[e.scheme]
        if len(run) > 1 or (e.number == 1 and e.scheme not in {"is", "first"}):
            kept.append(e)
    return kept
