"""Which sections look back (回顾), worked out once per report."""

from digests.extracting.tensing import Tense, tenses
from digests.remembering import Remembered
from digests.report import Report, Section


def _addresses(report: Report) -> frozenset[str]:
    told = tenses(report)
    return frozenset(s.address for s in report.sections if told.at(s.start) is Tense.BACK)


_reviews = Remembered(_addresses)


def is_review(report: Report, section: Section) -> bool:
    """Does this section report what was done, rather than ask for it?"""
    return section.address in _reviews(report)
