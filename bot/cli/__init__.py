"""The commands: read what was given, ask the right room, print, exit.

    reading     outline tasks figures lookup preview: read-only, no token, no database
    keeping     add check migrate: the office's database
    pushing     broadcast pushes: what goes out
    running     sandbox demo run
    sources     a path, a URL or - -> a report
    opening     the configured database, for the length of one command
    options     what several commands share
    printing    JSON for programs, Chinese for people
    failing     what went wrong, in one line without secrets

Exit 0: done, also when nothing was found. 2: what was given cannot be used, said in one line
``error: …`` on stderr, nothing on stdout. 1: something else failed, said in one line, too;
``POLICYBOT_DEBUG=1`` shows where.
"""

import os
import sys
from collections.abc import Callable, Sequence

import typer

from bot.cli import keeping, pushing, reading, running

COMMANDS: tuple[tuple[str, Callable[..., None]], ...] = (
    ("demo", running.demo),
    ("sandbox", running.sandbox),
    ("run", running.run),
    ("add", keeping.add),
    ("broadcast", pushing.broadcast),
    ("pushes", pushing.pushes),
    ("outline", reading.outline),
    ("tasks", reading.tasks),
    ("figures", reading.figures),
    ("lookup", reading.lookup),
    ("preview", reading.preview),
    ("check", keeping.check),
    ("migrate", keeping.migrate),
)
# A question may begin with a dash; options are still recognised wherever they stand.
_DASHES = {"ignore_unknown_options": True}
INTERRUPTED = 130  # as a shell says that Ctrl+C ended it

app = typer.Typer(
    name="policybot",
    help="Reads an office's long policy report and makes it useful on Telegram.",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
for _name, _command in COMMANDS:
    app.command(_name, context_settings=_DASHES if _name == "lookup" else None)(_command)


@app.callback()
def _program() -> None:
    """Reads an office's long policy report and makes it useful on Telegram."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the answer is the exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        code = app(given or ["--help"], prog_name="policybot", standalone_mode=False)
        if sys.stdout:  # None where the shell closed it: >&-
            sys.stdout.flush()
    except BrokenPipeError:
        return _nobody_reads()
    except SystemExit as left:  # typer's own answer to a broken pipe
        return _nobody_reads() if left.code else 0
    except (KeyboardInterrupt, typer.Abort):
        return INTERRUPTED
    except Exception as error:  # noqa: BLE001 -- nobody above reads a traceback
        from bot.cli import failing

        return failing.say(error)
    return int(code or 0)


def _nobody_reads() -> int:
    """The reader of our output has left (``| head``): leave too, without a word."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 1
