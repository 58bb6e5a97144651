"""Lines that were only broken at a width flow together again when they are shown.

The letters stay as they are: what goes is white space inside a sentence, at a line's end. Between
Han characters nothing takes its place, between words a space.
"""

from digests.chinese import sentences
from digests.patterns import Pattern
from digests.report import Report

DROPPED = "\ue000"  # stands where a line's end was, so that positions stay true until the end
_BREAK = Pattern(r"[ \t\u3000\xa0]*\n\s*")


def flowing(report: Report, start: int, end: int) -> str:
    """The words between two positions, of equal length; :func:`settled` takes the marks out."""
    words = report.text[start:end]
    if "\n" not in words.strip():
        return words
    marked = list(words)
    for sentence in sentences(report.text, start, end):
        at = sentence.start - start
        for found in _BREAK.finditer(words[at : sentence.end - start]):
            first, last = at + found.start(), at + found.end()
            marked[first:last] = DROPPED * (last - first)
            if _is_latin(words[first - 1]) and _is_latin(words[last : last + 1]):
                marked[first] = " "
    return "".join(marked)


def settled(words: str) -> str:
    """Without the marks.

    >>> settled(f"一{DROPPED}二")
    '一二'
    """
    return words.replace(DROPPED, "")


def _is_latin(letter: str) -> bool:
    return letter.isascii() and not letter.isspace()
