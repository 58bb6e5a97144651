"""What is worked out once per report and asked often: kept for the last few reports."""

from collections.abc import Callable
from typing import Generic, TypeVar

from digests.report import Report

Value = TypeVar("Value")
_MOST = 64


class Remembered(Generic[Value]):
    """A function of a report that remembers its last results.

    >>> from digests.outlining import parse
    >>> length = Remembered(lambda report: len(report.text))
    >>> length(parse("一、甲".encode(), "a.txt"))
    3
    """

    def __init__(self, work_out: Callable[[Report], Value]) -> None:
        self._work_out = work_out
        self._known: dict[tuple[str, int, int], Value] = {}

    def __call__(self, report: Report) -> Value:
        """The result for a report, worked out at most once while it is among the last few."""
        key = (report.source.sha256, len(report.text), len(report.sections))
        if key not in self._known:
            while len(self._known) >= _MOST:
                self._known.pop(next(iter(self._known)))
            self._known[key] = self._work_out(report)
        return self._known[key]
