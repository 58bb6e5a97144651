"""How the bot is, as data: what is wrong, and the numbers to watch."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from bot.delivery.limiter import Limiter
from bot.delivery.sender import Sender
from bot.domain.message import PushState
from bot.errors import StorageError
from bot.storage import pushes
from bot.storage.database import Database


@dataclass(frozen=True, slots=True)
class Sample:
    """One number of ``/metrics``; ``kind`` is gauge or counter."""

    name: str
    help: str
    value: float
    kind: str = "gauge"
    labels: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Vitals:
    """``troubles`` says in sentences why the bot cannot do its work; none: it is ready."""

    troubles: tuple[str, ...] = ()
    samples: tuple[Sample, ...] = field(default=())


async def examine(database: Database, limiter: Limiter, sender: Sender, conflict: str) -> Vitals:
    """Look at every part once; ``conflict`` is the poller's trouble in plain words, if any."""
    troubles = [conflict] if conflict else []
    sums: dict[int, dict[str, int]] = {}
    try:
        async with database.read() as connection:
            for push in await pushes.in_states(connection, PushState.RUNNING):
                sums[push["id"]] = await pushes.sums(connection, push["id"])
    except StorageError as error:
        troubles.append(f"the database cannot be read: {error}")
    samples = [
        Sample("policybot_sending", "1: this process sends; 0: it stands by.", sender.is_sending),
        Sample("policybot_in_flight", "Messages claimed and not yet answered.", sender.in_flight),
        Sample("policybot_rate", "Messages a second over the last ten seconds.", sender.rate()),
        Sample("policybot_waiting_calls", "Calls that wait for the limit.", limiter.waiting),
        Sample("policybot_pause_seconds", "How long the bot is silent.", limiter.paused_for()),
    ]
    samples += [
        Sample(
            "policybot_messages",
            "Messages of the pushes under way.",
            counted[state],
            labels=(("push", str(push)), ("state", state)),
        )
        for push, counted in sums.items()
        for state in ("planned", "sent", "failed", "unknown", "skipped", "waiting")
    ]
    return Vitals(tuple(troubles), tuple(samples))


def as_prometheus(samples: Iterable[Sample]) -> str:
    r"""The text format 0.0.4, samples of one name together under one heading.

    >>> print(as_prometheus([Sample("up", "Is it up.", 1, labels=(("a", 'x"'),))]), end="")
    # HELP up Is it up.
    # TYPE up gauge
    up{a="x\""} 1
    """
    by_name: dict[str, list[Sample]] = {}
    for sample in samples:
        by_name.setdefault(sample.name, []).append(sample)
    lines = []
    for name, group in by_name.items():
        lines += [f"# HELP {name} {group[0].help}", f"# TYPE {name} {group[0].kind}"]
        lines += [f"{name}{_labels(one)} {one.value:g}" for one in group]
    return "\n".join(lines) + "\n" if lines else ""


def _labels(sample: Sample) -> str:
    if not sample.labels:
        return ""
    pairs = ",".join(f'{key}="{_escaped(value)}"' for key, value in sample.labels)
    return "{" + pairs + "}"


def _escaped(value: str) -> str:
    return value.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
