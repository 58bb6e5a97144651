"""The dials of ``/sandbox/…``: calls, faults, limits, the clock, the tally, bots, restarts."""

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias

from bot.sandbox import faults
from bot.sandbox.refusals import Json
from bot.sandbox.wire import Arguments
from bot.sandbox.world import World

Answer: TypeAlias = Json | Awaitable[Json | str]  # a string is JSON already
Routes: TypeAlias = dict[tuple[str, str], Callable[[Arguments], Answer]]


class Dials:
    def __init__(self, world: World, restart: Callable[[float], None]) -> None:
        self._world = world
        self._restart = restart

    def routes(self) -> Routes:
        return {
            ("GET", "calls"): self.calls,
            ("GET", "faults"): self.list_faults,
            ("POST", "faults"): self.add_fault,
            ("DELETE", "faults"): self.clear_faults,
            ("GET", "limits"): self.show_limits,
            ("POST", "limits"): self.set_limits,
            ("GET", "clock"): self.show_clock,
            ("POST", "clock"): self.move_clock,
            ("GET", "tally"): self.show_tally,
            ("DELETE", "tally"): self.clear_tally,
            ("GET", "bots"): self.list_bots,
            ("POST", "bots"): self.set_bot,
            ("POST", "restarts"): self.restart,
        }

    async def calls(self, args: Arguments) -> str:
        """Calls after number ``since``; ``limit`` keeps the last ones, ``n`` is one alone."""
        journal = self._world.journal
        since, until = args.integer("since"), 0
        if args.integer("n"):
            since, until = args.integer("n") - 1, args.integer("n")
        return await journal.text(since, args.text("method"), args.integer("limit"), until)

    def list_faults(self, args: Arguments) -> Json:
        del args
        return {"faults": [rule.card() for rule in self._world.faults.rules]}

    def add_fault(self, args: Arguments) -> Json:
        self._world.faults.add(faults.read(args.values))
        self._world.events.tell("faults")
        return {"faults": len(self._world.faults.rules)}

    def clear_faults(self, args: Arguments) -> Json:
        del args
        self._world.faults.clear()
        self._world.events.tell("faults")
        return {"faults": 0}

    def show_limits(self, args: Arguments) -> Json:
        del args
        world = self._world
        now = world.monotonic()
        rates = {str(bot.id): bot.pace.per_second(now) for bot in world.bots()}
        return asdict(world.limits) | {"now": rates}

    def set_limits(self, args: Arguments) -> Json:
        self._world.limits.change(args.values)
        self._world.events.tell("limits")
        return self.show_limits(args)

    async def show_clock(self, args: Arguments) -> Json:
        del args
        clock = self._world.clock
        due = await clock.next_due()
        return {
            "now": clock.now().isoformat(),
            "next": due.isoformat() if due else None,
            "target": clock.target.isoformat() if clock.target else None,
        }

    async def move_clock(self, args: Arguments) -> Json:
        world = self._world
        now = world.clock.now()
        if args.flag("next"):
            due = await world.clock.next_due()
            if due is None:
                raise ValueError("next: nothing is due")
            target = due
        elif "advance_s" in args.values:
            target = now + timedelta(seconds=_seconds(args))
        else:
            target = _instant(args.values.get("to"))
        if target < now - timedelta(seconds=1):
            raise ValueError(f"the clock stands at {now.isoformat()} and does not run backwards")
        steps = await world.clock.advance(target, self._moved)
        return {"now": world.clock.now().isoformat(), "steps": steps}

    def _moved(self, now: datetime) -> None:
        self._world.events.tell("clock", now=now.isoformat())

    async def show_tally(self, args: Arguments) -> str:
        return await self._world.tally.text(chats=args.text("chats", "1") != "0")

    def clear_tally(self, args: Arguments) -> Json:
        del args
        self._world.tally.clear()
        return {"totals": self._world.tally.totals(), "refused": {}, "chats": {}}

    # bots and the server itself

    def list_bots(self, args: Arguments) -> Json:
        del args
        return {
            "bots": [
                account.user.card
                | {
                    "pending": len(account.queue),
                    "webhook": account.webhook.url if account.webhook else "",
                    "privacy": account.privacy,
                    "peak_per_second": account.pace.peak,
                }
                for account in self._world.bots()
            ]
        }

    def set_bot(self, args: Arguments) -> Json:
        """What @BotFather sets: privacy mode, inline mode, inline feedback."""
        account = self._world.bot(args.values.get("bot"))
        for name in ("privacy", "inline", "feedback"):
            if name in args.values:
                setattr(account, name, args.flag(name))
        return {"privacy": account.privacy, "inline": account.inline, "feedback": account.feedback}

    def restart(self, args: Arguments) -> Json:
        down = max(args.integer("down_ms", 500), 0) / 1000
        self._restart(down)
        return {"down_s": down}


def _seconds(args: Arguments) -> float:
    try:
        return float(args.text("advance_s"))
    except ValueError:
        raise ValueError("advance_s: a number of seconds is needed") from None


def _instant(given: Any) -> datetime:
    """An ISO instant with its zone, or Unix seconds."""
    if isinstance(given, (int, float)) and not isinstance(given, bool):
        return datetime.fromtimestamp(given, UTC)
    try:
        instant = datetime.fromisoformat(str(given))
    except ValueError:
        raise ValueError("to: an instant such as 2026-07-20T08:00:00+08:00 is needed") from None
    if instant.tzinfo is None:
        raise ValueError("to: say the zone, such as +08:00")
    return instant
