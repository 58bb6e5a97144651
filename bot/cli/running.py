"""The commands that stay: the sandbox, the demo, the bot itself."""

from importlib.resources import files
from typing import Annotated

import typer

from bot.cli import options, sources

SAMPLE = "yunlan.txt"

_Port = Annotated[int, typer.Option(min=0, max=65535, help="On this machine only; 0 takes any")]


def demo(
    *,
    report: Annotated[
        str | None,
        typer.Option(metavar="SOURCE", help="A report of yours instead of the sample"),
    ] = None,
    port: _Port = 8080,
    database: Annotated[
        str | None, typer.Option(metavar="URL", help="Keep the demo's data here (else forgotten)")
    ] = None,
    config: options.Config = None,
) -> None:
    """Start everything on this machine, with a chat page to try it."""
    settings = options.settings(config, database)
    given = sources.read_bytes(report) if report else _sample()
    sources.parse(*given, report or SAMPLE)  # what cannot be read is said before anything starts

    from bot.service import run_demo

    raise typer.Exit(run_demo(settings, given, port, database))


def sandbox(
    *,
    port: _Port = 8081,
    token: Annotated[
        str | None, typer.Option(help="The only token it accepts (else any well-formed one)")
    ] = None,
    config: options.Config = None,
) -> None:
    """Start only the Bot API on your desk, to try any bot."""
    options.settings(config)

    from bot.sandbox.accounts import is_well_formed
    from bot.service import run_sandbox

    if token is not None and not is_well_formed(token):
        raise typer.BadParameter(
            "digits, a colon, letters: such as 42:secret", param_hint="--token"
        )

    raise typer.Exit(run_sandbox(port, token))


def run(*, config: options.Config = None) -> None:
    """Start the bot, on Telegram or wherever api_url points."""
    settings = options.settings(config)
    if not settings.telegram.token:
        raise options.token_is_missing()

    from bot.service import run_bot

    raise typer.Exit(run_bot(settings))


def _sample() -> tuple[bytes, str]:
    return (files("digests") / "samples" / SAMPLE).read_bytes(), SAMPLE
