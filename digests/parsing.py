"""The whole way from bytes to a report: read, then outline."""

from digests.outlining import outline
from digests.reading import DEFAULT, Limits, read
from digests.report import Report


def parse(data: bytes, name: str, limits: Limits = DEFAULT) -> Report:
    r"""A document as a report; raises UnreadableError with one sentence for whoever sent it.

    >>> parse("一、甲。子\n二、乙。丑".encode(), "a.txt").sections[1].heading
    '乙'
    """
    return outline(read(data, name, limits))
