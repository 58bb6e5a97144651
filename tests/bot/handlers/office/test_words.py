"""错敏词 on the card: what blocks, what stays with a recorded reason, and the text is never altered."""

from pathlib import Path
from typing import Any

import pytest

from bot.app import _wordlist
from bot.domain.wordlist import ours, parse
from bot.errors import SettingsError
from bot.storage import audits
from tests.bot.handlers.office.clerks import OWNER, READER, broadcast, button

Talk = Any  # tests/bot/handlers/conftest.py


async def _previewed(talk: Talk, text: str) -> str:
    await talk.says(READER, "/start")
    await talk.says(OWNER, "/broadcast")
    await talk.says(OWNER, text)
    return str((await talk.says(OWNER, "明天9点"))[-1])


async def test_a_slip_may_stay_if_somebody_says_why(talk: Talk) -> None:
    text = "请做好村社组织换界工作"
    assert "“换界”疑为“换届”" in await _previewed(talk, text)
    await talk.presses(OWNER, button(await talk.buttons(OWNER), "b:why:"))
    assert "引用原件" in (await talk.says(OWNER, "引用原件"))[-1]
    await talk.presses(OWNER, button(await talk.buttons(OWNER), "b:ok:"))
    assert (await broadcast(talk))["content"]["text"] == text
    async with talk.database.read() as connection:
        [latest] = await audits.latest(connection, 1)
    assert latest["detail"]["reason"] == "引用原件"
    assert "换界" in str(latest["detail"]["findings"])


async def test_a_wrong_set_phrase_must_be_put_right(talk: Talk) -> None:
    said = await _previewed(talk, "坚持“一国两治”方针")
    assert "“一国两治”应为“一国两制”（固定提法）" in said
    assert not any(word.startswith(("b:ok:", "b:why:")) for word in await talk.buttons(OWNER))
    await talk.presses(OWNER, "b:text")
    await talk.says(OWNER, "坚持“一国两制”方针")
    assert button(await talk.buttons(OWNER), "b:ok:")


async def test_the_office_adds_words_of_its_own(talk: Talk) -> None:
    own = parse('[[group]]\nlevel = "block"\nreason = "本地写法"\nwords = { "云兰" = "云岚" }')
    await talk.open(wordlist=ours() | own)
    assert "“云兰”应为“云岚”（本地写法）" in await _previewed(talk, "云兰各村请注意")


async def test_a_letter_that_only_sounds_like_the_report_is_shown(talk: Talk) -> None:
    await talk.add_sample()
    said = await _previewed(talk, "请按时完成换戒任务")
    assert "换戒" in said
    assert "疑为“" in said


def test_a_list_that_cannot_be_read_is_a_sentence_before_anything_starts(tmp_path: Path) -> None:
    own = tmp_path / "words.toml"
    own.write_text('[[group]]\nlevel = "block"\nwords = { "云兰" = "云岚" }', "utf-8-sig")
    assert any(term.wrong == "云兰" for term in _wordlist(str(own)).terms)
    assert _wordlist("") is ours()
    own.write_text("[[group]]\nwords = 3", "utf-8")
    for path in (own, tmp_path / "nowhere.toml", tmp_path):
        with pytest.raises(SettingsError, match=r"office\.wordlist"):
            _wordlist(str(path))
