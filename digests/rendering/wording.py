"""The bot's own small words: days, citations, button labels, in the reader's language.

``translate`` is gettext: msgids are short English sentences with holes, filled after translation.
"""

from collections.abc import Callable, Iterable
from datetime import date

from digests.chinese import sentences
from digests.report import Report

Translate = Callable[[str], str]

_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
BUTTON = 28  # characters of a button's text; phones cut longer ones themselves
COPY = 256  # Telegram's limit for copy_text


def weekday(day: date, translate: Translate) -> str:
    """The weekday's name.

    >>> weekday(date(2020, 7, 20), str)
    'Mon'
    """
    names = {  # written out, so that catalogues find them
        "Mon": translate("Mon"),
        "Tue": translate("Tue"),
        "Wed": translate("Wed"),
        "Thu": translate("Thu"),
        "Fri": translate("Fri"),
        "Sat": translate("Sat"),
        "Sun": translate("Sun"),
    }
    return names[_WEEKDAYS[day.weekday()]]


def month(day: date, translate: Translate) -> str:
    """The month as a date names it: a short name, in Chinese its number.

    >>> month(date(2020, 7, 20), str)
    'Jul'
    """
    names = (  # written out, so that catalogues find them
        translate("Jan"),
        translate("Feb"),
        translate("Mar"),
        translate("Apr"),
        translate("May"),
        translate("Jun"),
        translate("Jul"),
        translate("Aug"),
        translate("Sep"),
        translate("Oct"),
        translate("Nov"),
        translate("Dec"),
    )
    return names[day.month - 1]


def short_day(day: date, translate: Translate) -> str:
    """Month and day.

    >>> short_day(date(2020, 7, 20), str)
    '20 Jul'
    """
    return translate("{day} {month}").format(month=month(day, translate), day=day.day)


def full_day(day: date, translate: Translate) -> str:
    """Year, month and day.

    >>> full_day(date(2020, 7, 20), str)
    '20 Jul 2020'
    """
    words = translate("{day} {month} {year}")
    return words.format(year=day.year, month=month(day, translate), day=day.day)


def day_in_year(day: date, on: date, translate: Translate) -> str:
    """With the year only where it is not the year of ``on``."""
    return short_day(day, translate) if day.year == on.year else full_day(day, translate)


def issued(report: Report, translate: Translate) -> str:
    """When the report was issued, "" where it does not say."""
    if report.issued_on is None:  # the day of the session is better than none
        return full_day(report.met_on, translate) if report.met_on else ""
    return translate("issued {date}").format(date=full_day(report.issued_on, translate))


def title_of(report: Report, cite: str | None) -> str:
    """The title of the document in which an address lies: one file may hold several.

    Documents of one file are its unnumbered top sections; their names begin every address in them.
    """
    tops = [s for s in report.sections if s.level == 1 and s.label is None]
    if cite and len(tops) > 1:
        for top in tops:
            if top.cite and (cite == top.cite or cite.startswith(f"{top.cite} ")):
                return top.heading
    return report.title


def citation(report: Report, cite: str | None, translate: Translate) -> str:
    """Title, address and date: what stands under every quote."""
    title = title_of(report, cite)
    parts = [f"《{title}》" if title else "", cite or "", issued(report, translate)]
    return " · ".join(p for p in parts if p)


def told_apart(reports: Iterable[Report], translate: Translate) -> dict[str, str]:
    """How to name each of several reports in a line: its day, or its title; one needs no name."""
    known = {report.source.sha256: report for report in reports}
    if len(known) == 1:
        return {}
    days = [r.issued_on or r.met_on for r in known.values()]
    return {
        key: full_day(day, translate) if day and days.count(day) == 1 else clip(report.title, 16)
        for (key, report), day in zip(known.items(), days, strict=True)
    }


def clip(text: str, length: int = BUTTON) -> str:
    """Shortened for a button or a list.

    >>> clip("一二三四", 3)
    '一二…'
    """
    line = " ".join(text.split())
    return line if len(line) <= length else line[: length - 1] + "…"


def first_words(text: str, length: int) -> str:
    """The first sentence, or what fits of it."""
    first = next(iter(sentences(text)), None)
    return clip(text[first.start : first.end] if first else text, length)
