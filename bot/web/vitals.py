"""How the bot is, as data: what is wrong, and the numbers to watch."""

from collections.abc import Iterable
from dataclasses import dataclass, field


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
