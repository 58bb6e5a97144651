"""The words of a heading: where they end, how they are tidied, what is no heading at all."""

import re

STOP = re.compile(
    r"[。；;！？!?]|：|:(?!\d)|(?<![A-Z])(?<!\bNo)(?<!\bSec)\.(?=\s+[A-Z(“\"]|\s*[—–]|--)|\.$"
)
SALUTATION = re.compile(
    r"\s*(?:各位(?:代表|委员|同志|领导|来宾|朋友)|同志们|朋友们|女士们|Fellow Deputies)[^。]{0,12}[！!，,：:]"
)
_INVISIBLE = re.compile("[\u200b-\u200d\u2060\ufeff]")
_SPACE = re.compile(r"\s+")
_HAN_BREAK = re.compile(r"(?<=[^\x00-\x7f])\n\s*|\n\s*(?=[^\x00-\x7f])")
_CLOSING = " \t\u3000\u00a0。．.，,、；;：:！!"
_GROUP = re.compile(
    r"[“\"]?([一二三四五六七八九十两\d]+(?:大|项|个|点|条)[^“”\"，。：；]{0,8})[”\"]?[^“”\"，。；]{0,6}[：:]\s*$"
)


def tidy(printed: str) -> str:
    r"""A heading in one line, without closing punctuation.

    >>> tidy("加快 建设\n新城。")
    '加快 建设新城'
    """
    printed = _INVISIBLE.sub("", printed)
    return _SPACE.sub(" ", _HAN_BREAK.sub("", printed)).strip(_CLOSING).rstrip("—–- ")


def group(text: str, start: int, end: int) -> str:
    """The name that a lead-in gives to the run after it: 五项工作."""
    found = _GROUP.search(text, max(start, end - 40), end)
    return found.group(1) if found else ""
