"""What went wrong, in one line ``error: …`` on stderr, and the exit code that goes with it.

No line shows a secret: whatever looks like a token or a password is left out.
"""

import os
import re
import sys
import traceback

import typer

from bot.errors import BotError, UsageError

# A bot's token, and the password in a database's address.
_SECRET = re.compile(r"(?<!\d)(\d{3,}:)[\w-]{6,}|(://[^/\s:@]*:)[^/\s@]+(?=@)", re.ASCII)


def say(error: Exception) -> int:
    """Complain of it; 2 where what was given cannot be used, 1 where something else failed."""
    if os.environ.get("POLICYBOT_DEBUG"):
        typer.echo(_without_secrets("".join(traceback.format_exception(error))), err=True, nl=False)
    typer.echo(f"error: {_without_secrets(' '.join(_sentence(error).split()))}", err=True)
    refused = isinstance(error, (typer.TyperException, UsageError)) or _is_of_digests(error)
    return 2 if refused else 1


def _sentence(error: Exception) -> str:
    if isinstance(error, typer.TyperException):
        return error.format_message()
    if isinstance(error, (BotError, OSError)) or _is_of_digests(error):
        return str(error)
    return f"{type(error).__name__}: {error} (unforeseen; POLICYBOT_DEBUG=1 shows where)"


def _is_of_digests(error: Exception) -> bool:
    library = sys.modules.get("digests")  # a typing error need not wait for it
    return library is not None and isinstance(error, library.DigestsError)


def _without_secrets(text: str) -> str:
    return _SECRET.sub(lambda found: f"{found[1] or found[2]}…", text)
