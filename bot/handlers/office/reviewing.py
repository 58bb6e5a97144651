"""What the checks of a broadcast found, in words, and as it is kept beside the submission."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from bot.domain.review import Finding, Weight
from bot.handlers.wording import weekday_names
from bot.texts import Translate
from digests import day_in_year


def record_of(findings: Sequence[Finding], exact: int) -> dict[str, Any]:
    """What a review found, as it is kept beside the submission."""
    found = [
        {
            "code": finding.code,
            "weight": finding.weight,
            "values": {
                name: value.isoformat() if isinstance(value, date) else value
                for name, value in finding.values.items()
            },
        }
        for finding in findings
    ]
    return {"findings": found, "exact": exact}


def _from_record(found: Mapping[str, Any]) -> Finding:
    values = dict(found["values"])
    if "day" in values:
        values["day"] = date.fromisoformat(values["day"])
    return Finding(found["code"], Weight(found["weight"]), values)


def checked_lines(
    findings: Sequence[Finding], exact: int, today: date, translate: Translate
) -> list[str]:
    """What was found, the worst first; if nothing was, that it was looked for. Plain words."""
    _ = translate
    marks = {Weight.BLOCKS: "✗ ", Weight.REASON: "⚠ ", Weight.INFORMS: "· "}
    lines = [marks[finding.weight] + finding_words(finding, today, _) for finding in findings]
    if exact:
        lines.append(_("Checked: {count} quotations agree with the original.").format(count=exact))
    if not findings:
        lines.append(_("Checked: length, links, blanks, dates and weekdays; nothing stood out."))
    return lines


def finding_words(finding: Finding, today: date, translate: Translate) -> str:
    """One finding as a sentence."""
    _ = translate
    close = _("Close to another push: {title}.")
    sentences = {
        "nobody": _("There is nobody to send it to. Please choose another audience."),
        "reviewers": _(
            "Stages of review: {count}, and not enough people for them. /admins makes more;"
            " the last of several stages is an owner's."
        ),
        "receipt": _("Receipts need one time of sending, and a deadline after it."),
        "past": _("That time has passed. Please choose another."),
        "weekday": _("{day} is a {weekday}; please check the time."),
        "written_weekday": _("“{words}”: {day} is a {weekday}."),
        "no_such_day": _("“{words}”: there is no such day."),
        "other_day": _("“{words}” will be read as {day}, the day it then is."),
        "quiet": _("In quiet hours: it waits for each reader until {end}."),
        "holiday": _("That is a day off."),
        "clash": close,
        "digest": close.format(title=_("the daily digest of {count} chats")),
        "parts": _("{count} messages, one after another."),
        "placeholder": _("“{words}” looks like a blank that was not filled in."),
        "link": _("“{link}” is not an address that can be opened."),
        "withheld": _("“{words}…” is only to be looked up, by the decision on its passage."),
        "wrong": _("“{written}” should read “{right}”{why}."),
        "doubtful": _("“{written}” may be a slip for “{right}”{why}."),
        "quote": _("“{written}” differs from the original “{printed}”."),
    }
    values: dict[str, Any] = dict(finding.values)
    if "day" in values:
        values["day"] = day_in_year(values["day"], today, _)
    if "weekday" in values:
        values["weekday"] = weekday_names(_)[values["weekday"]]
    if "reason" in values:
        values["why"] = f"（{values['reason']}）" if values["reason"] else ""
    return sentences[finding.code].format(**values)


def kept_lines(detail: Mapping[str, Any], today: date, translate: Translate) -> list[str]:
    """What was found when it was submitted, and why it stayed so; plain words."""
    _ = translate
    lines = []
    if "findings" in detail:
        findings = [_from_record(found) for found in detail["findings"]]
        lines += checked_lines(findings, detail["exact"], today, _)
    if detail.get("reason"):
        lines.append(_("Kept because: {reason}").format(reason=detail["reason"]))
    return lines
