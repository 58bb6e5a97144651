from datetime import time
from pathlib import Path

import pytest

from bot import settings
from bot.errors import SettingsError

ROOT = Path(__file__).parents[2]


def written(folder: Path, text: str) -> Path:
    path = folder / "config.toml"
    path.write_text(text, encoding="utf-8")
    return path


def refusal(path: Path | None = None, **environ: str) -> str:
    with pytest.raises(SettingsError) as refused:
        settings.load(path, environ)
    return str(refused.value)


def test_nothing_given_means_the_defaults() -> None:
    assert settings.load(None, {}) == settings.Settings()


def test_the_example_is_the_defaults() -> None:
    assert settings.load(ROOT / "config.example.toml", {}) == settings.Settings()


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    path = written(tmp_path, "[limits]\nper_second = 10\nper_chat_burst = 5\n")
    loaded = settings.load(path, {"POLICYBOT_LIMITS__PER_SECOND": "25"})
    assert (loaded.limits.per_second, loaded.limits.per_chat_burst) == (25.0, 5)


def test_a_variable_of_another_program_is_none_of_our_business() -> None:
    assert settings.load(None, {"PATH": "/bin", "POLICY_BOT": "x"}) == settings.Settings()


def test_a_secret_can_stand_in_a_file(tmp_path: Path) -> None:
    secret = tmp_path / "token"
    secret.write_text("123:abc\n", encoding="utf-8")
    loaded = settings.load(None, {"POLICYBOT_TELEGRAM__TOKEN_FILE": str(secret)})
    assert loaded.telegram.token == "123:abc"


def test_a_secret_given_twice_is_refused(tmp_path: Path) -> None:
    said = refusal(POLICYBOT_TELEGRAM__TOKEN="1:a", POLICYBOT_TELEGRAM__TOKEN_FILE="x")
    assert "not both" in said


def test_only_secrets_have_a_file() -> None:
    assert "POLICYBOT_OFFICE__NAME_FILE" in refusal(POLICYBOT_OFFICE__NAME_FILE="x")


def test_secrets_are_never_shown() -> None:
    loaded = settings.load(
        None,
        {
            "POLICYBOT_TELEGRAM__TOKEN": "123:hidden",
            "POLICYBOT_TELEGRAM__WEBHOOK_SECRET": "hidden",
            "POLICYBOT_DATABASE__URL": "postgresql://u:hidden@host/name",
        },
    )
    assert "hidden" not in repr(loaded)
    assert "hidden" not in refusal(POLICYBOT_TELEGRAM__TOKEN="hidden")


def test_times_are_read_from_text_and_from_toml(tmp_path: Path) -> None:
    path = written(tmp_path, '[push]\nhour = 07:30:00\nnot_after = "9:15"\nquiet_hours = "none"\n')
    push = settings.load(path, {}).push
    assert (push.hour, push.not_after, push.quiet_hours) == (time(7, 30), time(9, 15), None)


def test_quiet_hours_may_be_typed_with_any_dash() -> None:
    for typed in ("22:00-06:30", "22:00–06:30", "22:00 — 6:30"):
        push = settings.load(None, {"POLICYBOT_PUSH__QUIET_HOURS": typed}).push
        assert push.quiet_hours == (time(22, 0), time(6, 30))


def test_owners_may_be_a_list_or_commas(tmp_path: Path) -> None:
    from_file = settings.load(written(tmp_path, "[telegram]\nowners = [1002, 7]\n"), {})
    from_text = settings.load(None, {"POLICYBOT_TELEGRAM__OWNERS": "1002, 7"})
    assert from_file.telegram.owners == from_text.telegram.owners == (1002, 7)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[telegrm]\n", "unknown section [telegrm] (did you mean telegram?)"),
        ("[limits]\nper_secnd = 1\n", "unknown key limits.per_secnd (did you mean per_second?)"),
        ("limits = 3\n", "limits must be a section"),
        ("[limits]\nper_second = 'fast'\n", "limits.per_second: 'fast' is not a number"),
        ("[limits]\nper_second = true\n", "limits.per_second: True is not a number"),
        ("[limits]\nper_second = nan\n", "limits.per_second: nan is not more than 0"),
        ("[limits]\nper_chat_burst = 1.5\n", "limits.per_chat_burst: 1.5 is not a whole number"),
        ("[limits]\npaid_broadcast = 1\n", "limits.paid_broadcast: 1 is not true or false"),
        ("[telegram]\nowners = ['x']\n", "telegram.owners: ['x'] is not a list of numbers"),
        ("[telegram]\ntoken = 5\n", "telegram.token: 5 is not text"),
        ("[telegram]\napi_url = 'host'\n", "telegram.api_url: 'host' is not an address"),
        ("[push]\nhour = 8\n", "push.hour: 8 is not a time"),
        ("[push]\nhour = '24:00'\n", "push.hour: '24:00' is not a time"),
        ("[push]\nnot_after = '07:00'\n", "push.not_after: 07:00 is not after push.hour (08:00)"),
        ("[telegram]\nwebhook_url = 'https://a.example/hook'\n", "web.port: 0 is not a port for"),
        (
            "[web]\nport = 8000\n[telegram]\nwebhook_url = 'https://a.example/hook'\n",
            "telegram.webhook_secret is missing",
        ),
        ("[push]\non_unknown = 'maybe'\n", 'push.on_unknown: \'maybe\' is not "leave" or "resend"'),
        ("[office]\ntimezone = 'Asia/Yunlan'\n", "office.timezone: 'Asia/Yunlan' is not a time"),
        ("[office]\nlanguage = 'fr'\n", "office.language: 'fr' is not one of zh-Hans"),
        ("[database]\nurl = 'mysql://x'\n", "database.url: this is not sqlite:///path"),
        ("[web]\nport = 70000\n", "web.port: 70000 is not a port"),
        ("[web\n", "config.toml: "),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_named(tmp_path: Path, text: str, said: str) -> None:
    assert said in refusal(written(tmp_path, text))


def test_a_missing_config_is_said(tmp_path: Path) -> None:
    assert refusal(tmp_path / "none.toml").endswith("none.toml: No such file or directory")


def test_a_config_that_is_no_text_is_said(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(b"\xff\xfe\x00")
    assert refusal(path).endswith("not UTF-8 text")


def test_a_mistyped_variable_is_named() -> None:
    said = refusal(POLICYBOT_TELEGRAM__TOKN="1:a")
    assert said == (
        "unknown environment variable POLICYBOT_TELEGRAM__TOKN "
        "(did you mean POLICYBOT_TELEGRAM__TOKEN?)"
    )


@pytest.mark.parametrize(
    ("variable", "text"),
    [
        ("POLICYBOT_LIMITS__PER_CHAT_BURST", "many"),
        ("POLICYBOT_LIMITS__PAID_BROADCAST", "perhaps"),
        ("POLICYBOT_TELEGRAM__OWNERS", "1002;7"),
        ("POLICYBOT_PUSH__QUIET_HOURS", "21:00"),
    ],
)
def test_a_variable_of_the_wrong_kind_is_named(variable: str, text: str) -> None:
    assert refusal(**{variable: text}).startswith(f"{variable}: {text!r} is not ")
