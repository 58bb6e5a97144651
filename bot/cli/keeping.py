"""The commands on the office's database: add, broadcast, pushes, check, migrate."""

from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar
from zoneinfo import ZoneInfo

import typer

import digests
from bot.cli import options, printing, sources
from bot.errors import RefusedError, SendError, UsageError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.settings import Settings
    from bot.storage.database import Database

_T = TypeVar("_T")

LATEST = timedelta(hours=4)  # after its time, unless --not-after says otherwise


def add(
    given: Annotated[list[str], typer.Argument(metavar="SOURCE...", help="Paths, URLs or -")],
    *,
    accept: Annotated[
        bool, typer.Option("--accept", help="Accept the dates of the tasks found, unseen")
    ] = False,
    config: options.Config = None,
    json: options.Json = False,
) -> None:
    """Add reports to the database; their tasks wait for an admin unless --accept."""
    settings = options.settings(config)
    reports = sources.read_reports(given, options.limits(settings))

    async def keep(database: "Database") -> list[dict[str, object]]:
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

    kept = _with_database(settings, keep)
    if json:
        printing.print_json({"reports": kept})
        return
    state = "已确认" if accept else "待管理员确认"
    for row in kept:
        typer.echo(
            f"{'收录' if row['new'] else '已有'}  {row['title']}  （任务{row['tasks']}项，{state}）"
        )


def broadcast(  # noqa: PLR0913 -- each is an option of the command
    text: Annotated[str, typer.Argument(metavar="TEXT|-", help="The message, or - to read it")],
    *,
    topics: options.Topics = None,
    at: Annotated[
        datetime | None,
        typer.Option(parser=options.moment, metavar="ISO", help="When (now, if not given)"),
    ] = None,
    not_after: Annotated[
        datetime | None,
        typer.Option(parser=options.moment, metavar="ISO", help="Not sent any more after this"),
    ] = None,
    on_unknown: Annotated[
        str | None, typer.Option(metavar="leave|resend", help="For messages of unknown fate")
    ] = None,
    config: options.Config = None,
    json: options.Json = False,
) -> None:
    """Schedule a message to all subscribers, or to those of some topics."""
    settings = options.settings(config)
    content = _content(options.text(text))
    chosen = options.topics(topics)
    if on_unknown not in {None, "leave", "resend"}:
        raise typer.BadParameter(
            f"{on_unknown!r} is not leave or resend", param_hint="--on-unknown"
        )

    async def schedule(database: "Database") -> dict[str, object]:
        from bot.clock import system_clock
        from bot.delivery.planner import schedule_broadcast
        from bot.domain.message import OnUnknown
        from bot.domain.subscription import Audience
        from bot.storage import broadcasts

        now = system_clock()
        send_at, ends = _window(now, at, not_after, ZoneInfo(settings.office.timezone))
        plan = broadcasts.Plan(
            content=content,
            send_at=send_at,
            audience=Audience(topics=tuple(sorted(chosen or ()))),
            not_after=ends - send_at,
            on_unknown=OnUnknown(on_unknown or settings.push.on_unknown),
        )
        async with database.write() as connection:
            broadcast_id = await broadcasts.add(connection, plan, now=now)
        made = await schedule_broadcast(database, broadcast_id, now)
        return {"push": made.id, "planned": made.planned, "at": send_at.isoformat()}

    answer = _with_database(settings, schedule)
    if json:
        printing.print_json(answer)
    else:
        typer.echo(f"已排定：第{answer['push']}号推送，{answer['planned']}个会话，{answer['at']}")


def _content(text: str) -> dict[str, object]:
    from bot.domain.content import plain_content

    try:
        return plain_content(text)
    except RefusedError as error:
        raise UsageError(f"TEXT: {error}") from error


def _window(
    now: datetime, at: datetime | None, not_after: datetime | None, zone: ZoneInfo
) -> tuple[datetime, datetime]:
    """The moments between which a broadcast goes out; typed without a zone means the office's."""
    send_at = _aware(at, zone) if at else now.astimezone(zone).replace(microsecond=0)
    ends = _aware(not_after, zone) if not_after else send_at + LATEST
    if at and send_at < now - timedelta(minutes=1):
        raise typer.BadParameter(f"{send_at.isoformat()} has passed", param_hint="--at")
    if ends <= max(send_at, now):
        raise typer.BadParameter(
            f"{ends.isoformat()} is not after the time of sending", param_hint="--not-after"
        )
    return send_at, ends


def _aware(moment: datetime, zone: ZoneInfo) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def pushes(
    push: Annotated[
        int | None, typer.Argument(metavar="[ID]", min=1, help="Only this push")
    ] = None,
    *,
    config: options.Config = None,
    json: options.Json = False,
) -> None:
    """Show what became of every message: planned = sent + failed + unknown + skipped + waiting."""
    settings = options.settings(config)

    async def look(database: "Database") -> list[dict[str, object]]:
        from bot.storage import pushes as storage

        async with database.read() as connection:
            ids = [push] if push else [row["id"] for row in await storage.latest(connection)]
            return [{"id": one, **await storage.sums(connection, one)} for one in ids]

    try:
        rows = _with_database(settings, look)
    except RefusedError as error:
        raise UsageError(f"push {push}: {error}") from error
    if json:
        printing.print_json({"pushes": rows})
    else:
        printing.print_blocks([printing.push_lines(row) for row in rows], "还没有推送。")


def migrate(*, config: options.Config = None) -> None:
    """Bring the database's tables up to date (run does it by itself)."""
    settings = options.settings(config)

    async def nothing_more(_database: "Database") -> None: ...

    _with_database(settings, nothing_more)
    typer.echo("数据库已是最新。")


def check(
    *,
    online: Annotated[
        bool, typer.Option("--online", help="Ask Telegram whether it knows the token, too")
    ] = False,
    config: options.Config = None,
) -> None:
    """Check the config, the database and, if asked, the token; say what is missing."""
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
    return _with_database(settings, look, migrate=False)


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
    except SendError as error:
        raise UsageError(f"telegram.token: {settings.telegram.api_url} says: {error}") from error


def _with_database(
    settings: "Settings", work: Callable[["Database"], Awaitable[_T]], *, migrate: bool = True
) -> _T:
    async def opened() -> _T:
        async with _database(settings, migrate=migrate) as database:
            return await work(database)

    import asyncio

    return asyncio.run(opened())


@asynccontextmanager
async def _database(settings: "Settings", *, migrate: bool) -> "AsyncIterator[Database]":
    from bot.storage.database import Database

    database = Database(settings.database.url)
    try:
        if migrate:
            await database.migrate()
        yield database
    finally:
        await database.close()


def kept_reports(settings: "Settings") -> list[digests.Report]:
    """The published reports in the database."""

    async def fetch(database: "Database") -> list[digests.Report]:
        from bot.domain.office import ReportState
        from bot.storage import reports as storage

        async with database.read() as connection:
            rows = await storage.everything(connection)
            kept = [
                await storage.load(connection, row["key"])
                for row in rows
                if row["state"] == ReportState.PUBLISHED
            ]
        return [report for report in kept if report is not None]

    return _with_database(settings, fetch)
