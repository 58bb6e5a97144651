"""The composition root: every object is built here, once, from top to bottom.

``App`` is the bot without a command line: ``start``, ``tick``, ``stop``. ``bot.service`` keeps one
up until it is told to end, and in the demo puts one beside the sandbox.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import telegram
from telegram.ext import Application, ApplicationBuilder, Defaults, ExtBot

import digests
from bot import handlers
from bot.clock import Clock, system_clock
from bot.delivery.editor import Editor
from bot.delivery.gateway import Gateway
from bot.delivery.lease import Lease
from bot.delivery.limiter import Limiter, Rates
from bot.delivery.planner import Planner, PlannerOptions
from bot.delivery.replies import PtbRateLimiter, PtbRequest
from bot.delivery.sender import STOP_S, Options, Sender, Stopped
from bot.delivery.transport import Transport
from bot.domain.message import OnUnknown
from bot.domain.subscription import LANGUAGES, OfficeHours, Quiet
from bot.domain.wordlist import Wordlist, ours, parse
from bot.errors import SendError, SettingsError, TokenRefused
from bot.handlers.desk import Desk, Office, Rules
from bot.intake import Intake
from bot.library import Library
from bot.receiver import Receiver
from bot.scheduler import Scheduler, Tick
from bot.settings import Settings
from bot.stepper import Stepper
from bot.storage import admins, reports, updates
from bot.storage.database import Database
from bot.texts import Texts
from bot.web import Vitals, Web, as_icalendar, examine

log = logging.getLogger(__name__)

PLAN_S, REFRESH_S, KEEP_HOUSE_S = 1.0, 5.0, 3600.0
GRACE_S = 5.0  # for writing down the last results
FIRST_TRIES_S = (1, 2, 5, 10, 30)


class App:
    """One bot: receives, plans, sends. ``clock`` moves due times and dates, nothing else."""

    def __init__(
        self,
        settings: Settings,
        clock: Clock = system_clock,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        if not settings.telegram.token:
            raise SettingsError(
                "telegram.token is missing: put it into the config or into "
                "POLICYBOT_TELEGRAM__TOKEN (@BotFather gives one; `policybot demo` needs none)"
            )
        self.settings = settings
        self.clock = clock
        self.database = Database(settings.database.url)
        self.library = Library(self.database, Path(settings.data.folder) / "index")
        self.texts = Texts()
        account = settings.telegram
        self._transport = Transport(account.api_url, account.token)
        self._polling = Transport(account.api_url, account.token)
        self.limiter = Limiter(_rates(settings), monotonic)
        self.lease = Lease(self.database, f"sender:{account.token.partition(':')[0]}")
        hours = office_hours(settings)
        self.sender = Sender(
            self.database,
            Gateway(self._transport, self.limiter),
            self.lease,
            clock,
            Options(hours, settings.limits.paid_broadcast),
            self._tell_of_stop,
        )
        self.planner = Planner(
            self.database,
            self.lease,
            Editor(self.library, self.texts),
            PlannerOptions(
                hours,
                _late_after(settings),
                OnUnknown(settings.push.on_unknown),
                timedelta(days=settings.retention.outbox_days),
            ),
            self.sender.wake,
        )
        self._office = frozenset(account.owners)
        limiter = PtbRateLimiter(self.limiter, self._is_office)
        self.bot = _bot(settings, self._transport, limiter)
        self.application = _application(self.bot)
        self.receiver = Receiver(
            self._polling, self.database, self.lease, clock, self._process, self._is_office
        )
        self.scheduler = Scheduler(
            [
                Tick("refresh", REFRESH_S, self._refresh),
                Tick("plan", PLAN_S, self.planner.tick),
                Tick("handlers", PLAN_S, self._handlers_tick),
                Tick("keep house", KEEP_HOUSE_S, self._keep_house),
            ],
            clock,
        )
        self._stepper = Stepper(self.database, self.scheduler, self.sender, self.next_due, hours)
        webhook = self.receiver.webhook(account.webhook_url, account.webhook_secret)
        self.web = Web(self._vitals, self._calendar, webhook)
        self.desk: Desk | None = None
        self._running: list[asyncio.Task[None]] = []

    # ---- life ----------------------------------------------------------------------------------

    async def start(self) -> str | None:
        """Up and working; the one-time link that makes an owner, if there is none."""
        await self.database.migrate()
        await self.library.refresh()
        await self._see_who_works_here()
        await self._greet_telegram()
        desk = self.desk = self._desk()
        self.application.bot_data["desk"] = desk
        handlers.register(self.application)
        self._run("sender", self.sender.run())
        self._run("receiver", self.receiver.run(self.settings.telegram.webhook_secret))
        link = await handlers.owner_link(desk, self.clock())
        await self._publish_commands(desk)
        self.scheduler.start()
        if self.settings.web.port:
            await self.web.start(self.settings.web.host, self.settings.web.port)
        return link

    async def wait(self) -> None:
        """Until something that must not end has ended; raises what ended it."""
        ended, _ = await asyncio.wait(self._running, return_when=asyncio.FIRST_COMPLETED)
        for task in ended:
            task.result()

    async def stop(self) -> None:
        """Claim no more, let what is in flight settle, hand over, close."""
        await self.scheduler.stop()
        await self.web.stop()
        await self.sender.stop()
        sending = [task for task in self._running if task.get_name() == "sender"]
        if sending:  # it ends by itself; cancelled between claiming and sending it would lose rows
            await asyncio.wait(sending, timeout=STOP_S + GRACE_S)
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
        await self.receiver.stop()
        if self.desk is not None:
            await handlers.close(self.desk)
            await self.application.shutdown()
        await self._transport.close()
        await self._polling.close()
        await self.database.close()

    async def tick(self, now: datetime) -> None:
        """Everything due at ``now``, planned and sent: one step of the sandbox's clock."""
        await self._stepper.step(now)

    async def next_due(self) -> datetime | None:
        """When something is due next, as far as is known."""
        async with self.database.read() as connection:
            publication = await reports.next_publication(connection)
        known = [await self.planner.next_due(), publication]
        return min((at for at in known if at is not None), default=None)

    # ---- what runs -----------------------------------------------------------------------------

    def _run(self, name: str, work: Coroutine[Any, Any, None]) -> None:
        self._running.append(asyncio.create_task(work, name=name))

    async def _greet_telegram(self) -> None:
        """Wait until Telegram answers; a refused token is final."""
        tries = iter(FIRST_TRIES_S)
        while True:
            try:
                await self._transport.call("getMe", {}, timeout_s=10)
                break
            except TokenRefused:
                raise
            except SendError as error:
                pause = next(tries, FIRST_TRIES_S[-1])
                log.warning("Telegram does not answer (%s); next try in %d s", error, pause)
                await asyncio.sleep(pause)
        await self.application.initialize()

    async def _process(self, raw: dict[str, Any]) -> None:
        await self.application.process_update(telegram.Update.de_json(raw, self.bot))

    # ---- ticks ---------------------------------------------------------------------------------

    async def _refresh(self, now: datetime) -> None:
        await self.library.refresh()
        await self._see_who_works_here()
        await self.receiver.take_over(now)

    async def _see_who_works_here(self) -> None:
        async with self.database.read() as connection:
            found = await admins.everybody(connection)
        self._office = frozenset(self.settings.telegram.owners) | {a["user_id"] for a in found}

    def _is_office(self, person: int) -> bool:
        return person in self._office

    async def _handlers_tick(self, now: datetime) -> None:
        if self.lease.holds() and self.desk is not None:
            await handlers.tick(self.bot, self.desk, now)

    async def _keep_house(self, now: datetime) -> None:
        if not self.lease.holds():
            return
        async with self.database.write() as connection:
            await updates.forget(connection, now)

    # ---- parts ---------------------------------------------------------------------------------

    def _desk(self) -> Desk:
        settings = self.settings
        intake = Intake(
            digests.Limits(
                int(settings.reports.max_megabytes * 1_000_000), settings.reports.max_characters
            ),
            settings.reports.seconds,
        )
        return Desk(
            self.database,
            self.library,
            self.clock,
            intake.parse,
            intake.fetch,
            username=self.bot.username,
            owners=frozenset(settings.telegram.owners),
            texts=self.texts,
            office=Office(
                settings.office.name,
                settings.office.phone,
                settings.office.language,
                office_hours(settings),
                calendar_url=_calendar_url(settings),
            ),
            rules=rules_of(settings),
        )

    async def _publish_commands(self, desk: Desk) -> None:
        try:
            await handlers.publish_commands(self.bot, desk)
        except telegram.error.TelegramError as error:
            log.warning("the command menu was refused: %s", error)

    async def _tell_of_stop(self, stopped: Stopped) -> None:
        log.error("push %d was stopped: %s", stopped.push_id, stopped.why)
        if self.desk is not None:
            await handlers.tell_of_stop(self.bot, self.desk, stopped.push_id, stopped.why)

    async def _calendar(self, topics: Sequence[str], language: str) -> bytes:
        office = self.settings.office
        return await asyncio.to_thread(  # thousands of reports take seconds: readers do not wait
            as_icalendar,
            self.library.editions,
            topics,
            office.name or "policybot",
            self.texts.translate(language if language in LANGUAGES else office.language),
        )

    async def _vitals(self) -> Vitals:
        return await examine(self.database, self.limiter, self.sender, self.receiver.trouble)


def office_hours(settings: Settings) -> OfficeHours:
    """The office's part of everybody's choices."""
    quiet = settings.push.quiet_hours
    return OfficeHours(
        settings.office.timezone, settings.push.hour, Quiet(*quiet) if quiet else None
    )


def rules_of(settings: Settings) -> Rules:
    """How broadcasts are handled here."""
    return Rules(
        OnUnknown(settings.push.on_unknown),
        max(settings.push.review_stages, int(settings.push.two_person)),
        settings.limits.per_second,
        settings.retention.audit_days,
        _wordlist(settings.office.wordlist),
    )


def _calendar_url(settings: Settings) -> str:
    """Where readers subscribe to the tasks' days; "" where no address of ours is public."""
    address = settings.web.public_url.rstrip("/")
    return f"{address}/calendar.ics" if address else ""


def _wordlist(path: str) -> Wordlist:
    """Our list of wrong words, with the office's own behind it."""
    if not path:
        return ours()
    try:
        return ours() | parse(Path(path).read_text("utf-8-sig"))
    except OSError as error:
        raise SettingsError(f"office.wordlist: cannot read {path}: {error.strerror}") from None
    except (SettingsError, UnicodeDecodeError) as error:
        raise SettingsError(f"office.wordlist: {path}: {error}") from None


def _late_after(settings: Settings) -> timedelta:
    """How long after its hour a digest may still leave."""
    hour, end = settings.push.hour, settings.push.not_after
    minutes = (end.hour - hour.hour) * 60 + end.minute - hour.minute
    return timedelta(minutes=minutes % (24 * 60))


def _rates(settings: Settings) -> Rates:
    limits = settings.limits
    return Rates(
        limits.per_second,
        limits.per_chat_per_second,
        limits.per_chat_burst,
        limits.per_group_per_minute,
    )


def _bot(settings: Settings, transport: Transport, limiter: PtbRateLimiter) -> "ExtBot[int]":
    root = settings.telegram.api_url.rstrip("/")
    return ExtBot(
        settings.telegram.token,
        base_url=f"{root}/bot",
        base_file_url=f"{root}/file/bot",
        request=PtbRequest(transport),
        get_updates_request=PtbRequest(transport),
        rate_limiter=limiter,
        defaults=Defaults(
            parse_mode=telegram.constants.ParseMode.HTML,
            link_preview_options=telegram.LinkPreviewOptions(is_disabled=True),
        ),
    )


class Candid(Application[Any, Any, Any, Any, Any, Any]):
    """Hands on what a handler could not deal with: the receiver knows whether to try again."""

    async def process_error(self, update: object, error: Exception, *_: Any, **__: Any) -> bool:  # noqa: ARG002 -- called by name
        """The library would write it down and go on."""
        raise error


def _application(bot: "ExtBot[int]") -> "Application[Any, Any, Any, Any, Any, Any]":
    builder = ApplicationBuilder().bot(bot).updater(None).job_queue(None)
    return builder.application_class(Candid).build()
