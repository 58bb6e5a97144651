"""A task's rule is told in the reader's language, whatever the code it carries."""

import re
from pathlib import Path

import pytest

import digests
from bot.texts import Texts

DATING = Path(digests.__file__ or "").parent / "dating"
CODES = {
    "printed", "included", "since", "excluded", "last_day", "year_end", "calendar", "plan_years", "middle",
    "century", "undated", "open", "event", "yearly", "rhythm", "season_local", "merged",
    "issue day=2020-07-17", "feast words=春节前 feast=春节 day=2021-02-12",
    "season season=浙江台汛期 first=2020-07-16 last=2020-10-15",
    "season_before season=浙江汛期 first=2020-04-15",
}  # fmt: skip


@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant", "en"])
@pytest.mark.parametrize("code", sorted(CODES))
def test_every_rule_is_told_in_every_language(code: str, language: str) -> None:
    told = digests.told_rule(code, Texts().translate(language))

    assert told
    assert told != code
    assert "{" not in told
    assert ("the" in told or "it" in told or "reckoned" in told or " " in told) == (
        language == "en"
    )


def test_the_feast_s_rule_is_told_as_people_say_it() -> None:
    rule = "feast words=春节前 feast=春节 day=2021-02-12; merged"

    told = digests.told_rule(rule, Texts().translate("zh-Hans"))

    assert told == "“春节前”按2021年2月12日春节推算；已并入同一事项的另一条，不单独提醒"


def test_every_code_that_a_reader_gives_is_known() -> None:
    known = {code.split(" ")[0] for code in CODES}
    given = {
        code
        for path in DATING.glob("*.py")
        for code in re.findall(
            r"(?:context|anchor|None|last|rule=), ?f?\"([a-z_]+)[ \"]", path.read_text("utf-8")
        )
    }

    assert given
    assert given <= known


def test_a_sentence_of_an_older_edition_is_shown_as_it_is() -> None:
    assert digests.told_rule("按当年12月31日计", str) == "按当年12月31日计"
