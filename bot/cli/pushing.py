"""The commands on what goes out: broadcast, pushes."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from bot.cli import options, printing
from bot.cli.opening import with_database
from bot.errors import RefusedError, UsageError

if TYPE_CHECKING:
    from bot.domain.review import Finding
    from bot.handlers.desk import Rules
    from bot.handlers.office.checking import Looked
    from bot.settings import Settings
    from bot.storage.broadcasts import Plan
    from bot.storage.database import Database

LATEST = timedelta(hours=4)  # of waking time after its own, unless --not-after says otherwise


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
    """Schedule a message to all subscribers, or to some topics.

    It is checked as in the chat: what must be put right is refused, the rest is noted on standard
    error. Where push.review_stages or push.two_person asks for approval, it waits for that. What
    would arrive in quiet hours waits until they end; see push.quiet_hours.
    """
    settings = options.settings(config)
    content = _content(options.text(text))
    chosen = options.topics(topics)
    if on_unknown not in {None, "leave", "resend"}:
        raise typer.BadParameter(
            f"{on_unknown!r} is not leave or resend", param_hint="--on-unknown"
        )

    async def schedule(database: "Database") -> dict[str, object]:
        from bot.clock import system_clock
        from bot.domain.message import OnUnknown
        from bot.domain.subscription import Audience
        from bot.storage import broadcasts

        now = system_clock()
        send_at, ends = _window(settings, now, at, not_after)
        plan = broadcasts.Plan(
            content=content,
            send_at=send_at,
            audience=Audience(topics=tuple(sorted(chosen or ()))),
            not_after=ends - send_at,
            on_unknown=OnUnknown(on_unknown or settings.push.on_unknown),
        )
        return await _book(settings, database, plan, now, aloud=not json)

    answer = with_database(settings, schedule)
    if json:
        printing.print_json(answer)
    elif answer["push"] is None:
        typer.echo(
            f"已提交审核：第{answer['broadcast']}号群发，{answer['planned']}个会话，{answer['at']}"
        )
    else:
        typer.echo(f"已排定：第{answer['push']}号推送，{answer['planned']}个会话，{answer['at']}")


async def _book(
    settings: "Settings", database: "Database", plan: "Plan", now: datetime, *, aloud: bool
) -> dict[str, object]:
    """Checked, then scheduled, or submitted for approval where the office asks for that."""
    from bot.app import rules_of
    from bot.delivery.planner import schedule_broadcast
    from bot.domain.broadcast import BroadcastState
    from bot.handlers.office.reviewing import record_of
    from bot.storage import audits, broadcasts, reviews

    rules = rules_of(settings)
    looked = await _look_over(settings, rules, database, plan, now)
    _tell(looked.findings, now.astimezone(ZoneInfo(settings.office.timezone)).date(), aloud=aloud)
    act = "broadcast.submit" if rules.stages else "broadcast.schedule"
    found = record_of(looked.findings, looked.exact)
    state = BroadcastState.DRAFT if rules.stages else BroadcastState.SCHEDULED
    async with database.write() as connection:
        number = await broadcasts.add(connection, plan, now=now, state=state)
        if rules.stages:
            await reviews.submit(connection, number, plan, (None, "policybot"), now)
        sha256 = plan.fingerprint()
        await audits.record(connection, now, None, act, str(number), sha256=sha256, **found)
    at = plan.send_at.isoformat() if plan.send_at else None
    if rules.stages:
        return {"push": None, "planned": looked.reached.readers, "at": at, "broadcast": number}
    made = await schedule_broadcast(database, number, now)
    return {"push": made.id, "planned": made.planned, "at": at}


async def _look_over(
    settings: "Settings", rules: "Rules", database: "Database", plan: "Plan", now: datetime
) -> "Looked":
    """What the card in the chat would be made of."""
    from bot.app import office_hours
    from bot.handlers.office.checking import NEWEST, Setting, look_over
    from bot.handlers.office.standing import roles_of
    from bot.storage import editions

    async with database.read() as connection:
        roles = await roles_of(connection, settings.telegram.owners)
        newest = [one.key for one in await editions.published(connection)][:NEWEST]
        reports = [one.report for one in await editions.load(connection, newest)]
    zone = settings.office.timezone
    here = Setting(now, zone, office_hours(settings), rules, roles, reports=reports)
    return await look_over(database, plan, here)


def _tell(findings: "Iterable[Finding]", today: date, *, aloud: bool) -> None:
    """What must be put right is refused; ``aloud``: what only informs is noted, too."""
    from bot.domain.review import Weight
    from bot.handlers.office.reviewing import finding_words
    from bot.texts import Texts

    said = [(one, finding_words(one, today, Texts().translate("en"))) for one in findings]
    # whoever joins before it goes out gets it, too: nobody yet is no mistake
    wrong = [w for one, w in said if one.weight is Weight.BLOCKS and one.code != "nobody"]
    if wrong:
        raise UsageError(" ".join(wrong))
    for one, words in said:
        if aloud or one.weight is Weight.REASON:
            typer.echo(f"note: {words}", err=True)


def _content(text: str) -> dict[str, object]:
    from bot.domain.content import plain_content

    try:
        return plain_content(text)
    except RefusedError as error:
        raise UsageError(f"TEXT: {error}") from error


def _window(
    settings: "Settings", now: datetime, at: datetime | None, not_after: datetime | None
) -> tuple[datetime, datetime]:
    """The moments between which a broadcast goes out; typed without a zone means the office's."""
    zone = ZoneInfo(settings.office.timezone)
    send_at = _aware(at, zone) if at else now.astimezone(zone).replace(microsecond=0)
    if at and send_at < now - timedelta(minutes=1):
        raise typer.BadParameter(f"{send_at.isoformat()} has passed", param_hint="--at")
    wakes = _after_quiet(settings, send_at)
    ends = _aware(not_after, zone) if not_after else wakes + LATEST
    if ends <= max(wakes, now):
        why = "the quiet hours" if wakes > send_at else "the time of sending"
        raise typer.BadParameter(
            f"{ends.isoformat()} is not after {why} ({wakes.isoformat()})",
            param_hint="--not-after",
        )
    return send_at, ends


def _after_quiet(settings: "Settings", moment: datetime) -> datetime:
    from bot.domain.subscription import Choices, Quiet, after_quiet

    quiet = settings.push.quiet_hours
    choices = Choices(zone=settings.office.timezone, quiet=Quiet(*quiet) if quiet else None)
    return after_quiet(moment, choices)


def _aware(moment: datetime, zone: ZoneInfo) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def pushes(
    push: Annotated[
        int | None, typer.Argument(metavar="ID", min=1, max=2**63 - 1, help="Only this push")
    ] = None,
    *,
    config: options.Config = None,
    json: options.Json = False,
) -> None:
    """Show what became of every message of a push.

    planned = sent + failed + unknown + skipped + waiting, always.
    """
    settings = options.settings(config)

    left: dict[object, timedelta | None] = {}

    async def look(database: "Database") -> list[dict[str, object]]:
        from bot.clock import system_clock
        from bot.storage import pushes as storage

        async with database.read() as connection:
            ids = [push] if push else [row["id"] for row in await storage.latest(connection)]
            now, pace = system_clock(), settings.limits.per_second
            left.update({one: await storage.time_left(connection, one, now, pace) for one in ids})
            return [{"id": one, **await storage.sums(connection, one)} for one in ids]

    try:
        rows = with_database(settings, look)
    except RefusedError as error:
        raise UsageError(f"push {push}: {error}") from error
    if json:
        printing.print_json({"pushes": rows})
    else:
        printing.print_blocks(
            [printing.push_lines(row, left.get(row["id"])) for row in rows], "还没有推送。"
        )
