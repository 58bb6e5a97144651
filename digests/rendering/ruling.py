"""The rule by which a task's days were found, in the reader's language.

A task carries its rule as a code with values (``feast words=春节前 feast=春节 day=2021-02-12``), several
joined by “;”. What is no known code is shown as it is: an older edition kept sentences.
"""

from datetime import date

from digests.rendering.wording import Translate, full_day, short_day


def told_rule(rule: str, translate: Translate) -> str:
    """The rule as a sentence, "" for none.

    >>> told_rule("year_end; merged", str)
    'taken as 31 December of that year; merged with another entry on the same matter, which reminds instead'
    """
    told = [_told(one.strip(), translate) for one in rule.split(";")]
    return translate("; ").join(one for one in told if one)


def _told(rule: str, translate: Translate) -> str:
    code, *pairs = rule.split(" ")
    values = dict(pair.split("=", 1) for pair in pairs if "=" in pair)
    words = _sentences(translate).get(code)
    if words is None:
        return rule
    try:
        return words.format(**{name: _value(name, v, translate) for name, v in values.items()})
    except (KeyError, ValueError):
        return rule


def _value(name: str, written: str, translate: Translate) -> str:
    if name == "day":
        return full_day(date.fromisoformat(written), translate)
    if name in ("first", "last"):
        return short_day(date.fromisoformat(written), translate)
    return written


def _sentences(translate: Translate) -> dict[str, str]:
    """Every code's sentence; written out, so that catalogues find them."""
    return {
        "printed": translate("the days are those printed"),
        "included": translate("the day named is included"),
        "since": translate("from the day named on"),
        "excluded": translate("“before” leaves out the time it names"),
        "last_day": translate("the last day of the time named is included"),
        "year_end": translate("taken as 31 December of that year"),
        "calendar": translate("the calendar says where it begins and ends"),
        "plan_years": translate("the years of that five-year plan"),
        "middle": translate("the middle of the year is taken as 30 June"),
        "century": translate("the last day of the century"),
        "undated": translate("the text names no day"),
        "open": translate("the text does not say where it begins and ends"),
        "event": translate("the term runs from an event; the text names no first day"),
        "issue": translate("counted from the issue on {day}"),
        "yearly": translate("it comes again every year"),
        "rhythm": translate("it comes again as often as printed"),
        "feast": translate("“{words}” is reckoned from {feast}, {day}"),
        "season": translate("{season} runs from {first} to {last}"),
        "season_before": translate("{season} begins on {first}; “before” leaves that day out"),
        "season_local": translate("each place sets where it begins and ends"),
        "merged": translate("merged with another entry on the same matter, which reminds instead"),
    }
