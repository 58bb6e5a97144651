"""The commands that keep the office's house: add, check, migrate."""

from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli import options, printing, sources
from bot.cli.opening import with_database
from bot.errors import SendError, TokenRefused, UsageError

if TYPE_CHECKING:
    import digests
    from bot.settings import Settings
    from bot.storage.database import Database


def add(
    given: Annotated[list[str], typer.Argument(metavar="SOURCE", help="Paths, URLs or -")],
    *,
    accept: Annotated[
        bool, typer.Option("--accept", help="Accept the dates of the tasks found, unseen")
    ] = False,
    config: options.Config = None,
    json: options.Json = False,
) -> None:
    """Add reports to the database, with the tasks found in them.

    The tasks wait for an admin, unless --accept accepts their dates at once.
    """
    settings = options.settings(config)
    reports = sources.read_reports(given, options.limits(settings))

    async def keep(database: "Database") -> list[dict[str, object]]:
        import digests
        from bot.clock import system_clock
        from bot.storage import reports as storage

        now = system_clock()
        kept: list[dict[str, object]] = []
        for report in reports:
            found = digests.extract_tasks(report)
            async with database.write() as connection:
                added = await storage.add(connection, report, found, now=now, accept=accept)
            kept.append(
                {"report": added.key, "title": report.title, "new": added.new, "tasks": added.tasks}
            )
        return kept

    kept = with_database(settings, keep)
    if json:
        printing.print_json({"reports": kept})
        return
    state = "已确认" if accept else "待管理员确认"
    for row in kept:
        typer.echo(
            f"{'收录' if row['new'] else '已有'}  {row['title']}  （任务{row['tasks']}项，{state}）"
        )


def migrate(*, config: options.Config = None) -> None:
    """Bring the database's tables up to date (run does it by itself)."""
    settings = options.settings(config)

    async def nothing_more(_database: "Database") -> None: ...

    with_database(settings, nothing_more)
    typer.echo("数据库已是最新。")


def check(
    *,
    online: Annotated[
        bool, typer.Option("--online", help="Ask Telegram whether it knows the token, too")
    ] = False,
    config: options.Config = None,
) -> None:
    """Check the config, the database and, if asked, the token."""
    settings = options.settings(config)
    lines = ["设置：可用", f"数据库：{_state_of_database(settings)}"]
    if not settings.telegram.token and online:
        raise options.token_is_missing()
    if not settings.telegram.token:
        lines.append("令牌：没有设置（demo 不需要，run 需要）")
    else:
        lines.append(
            f"令牌：{_ask_telegram(settings)}" if online else "令牌：已设置（--online 核对）"
        )
    typer.echo("\n".join(lines))


def _state_of_database(settings: "Settings") -> str:
    from bot.storage.database import Database

    async def look(database: Database) -> str:
        return "可用" if await database.is_current() else "可用，表待更新（policybot migrate）"

    scheme, _, place = settings.database.url.partition(":///")
    if scheme.startswith("sqlite") and not Path(place).exists():
        return f"尚未建立（首次 run、add 或 migrate 时建立：{place}）"
    return with_database(settings, look, migrate=False)


def _ask_telegram(settings: "Settings") -> str:
    async def ask() -> str:
        from bot.delivery.transport import Transport

        transport = Transport(settings.telegram.api_url, settings.telegram.token)
        try:
            me = await transport.call("getMe", {}, timeout_s=10.0)
        finally:
            await transport.close()
        return f"可用，@{me.get('username', '?')}"

    import asyncio

    try:
        return asyncio.run(ask())
    except TokenRefused as error:
        raise UsageError(f"telegram.token: {settings.telegram.api_url} says: {error}") from error
    except SendError as error:
        raise UsageError(f"telegram.api_url: {settings.telegram.api_url}: {error}") from error


def search_kept(settings: "Settings", query: str, limit: int) -> "tuple[digests.Answer, float]":
    """What the published reports in the database answer, and in how many milliseconds."""

    async def ask(database: "Database") -> "tuple[digests.Answer, float]":
        from bot.library import Library

        library = Library(database, Path(settings.data.folder) / "index")
        await library.refresh()
        keys = [edition.key for edition in library.editions_for(member=True)]
        began = perf_counter()
        answer = await library.search(query, limit, keys)
        return answer, (perf_counter() - began) * 1000

    return with_database(settings, ask)
