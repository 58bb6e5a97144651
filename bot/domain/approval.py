"""Ordered review 初审 → 复审 → 终审: who may do which stage, what an act binds, names half hidden.

A submission begins a round. Each stage is passed by another person, none of them the author; with
several stages the last is an owner's. A button carries the seal of what was seen at one stage of
one round, so it is worth nothing after an edit, a new submission or somebody else's act.
"""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.office import RIGHTS, Right, Role, check
from bot.errors import RefusedError

MOST_STAGES = 3
SEAL = 8  # characters


class Verdict(StrEnum):
    """What somebody did in a round of review."""

    SUBMITTED = "submitted"
    APPROVED = "approved"
    RETURNED = "returned"


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a broadcast stands in its review: ``stage`` of ``stages`` have been passed."""

    bound: str
    round: int
    stage: int
    stages: int
    authors: frozenset[int]  # who wrote it, and who submitted it this time
    passed_by: frozenset[int] = frozenset()

    @property
    def is_last(self) -> bool:
        """Whether the stage that is open is the last one."""
        return self.stage + 1 >= self.stages

    @property
    def seal(self) -> str:
        """What the buttons of the open stage carry."""
        return _seal(self.bound, self.round, self.stage)


def _seal(bound: str, round_: int, stage: int) -> str:
    return hashlib.sha256(f"{bound}:{round_}:{stage}".encode()).hexdigest()[:SEAL]


def right_for(stage: int, stages: int) -> Right:
    """What the open stage needs; ``stage`` counts those passed before it.

    >>> right_for(0, 1).value, right_for(1, 3).value, right_for(2, 3).value
    ('write', 'write', 'final')
    """
    return Right.FINAL if stages > 1 and stage + 1 >= stages else Right.WRITE


def check_act(standing: Standing, user: int, roles: Mapping[int, Role], seen: str) -> None:
    """Refuse whoever may not act on the open stage, or saw something else."""
    check(roles.get(user), right_for(standing.stage, standing.stages))
    if user in standing.authors:
        raise RefusedError("A second person has to approve; you wrote this one.")
    if user in standing.passed_by:
        raise RefusedError("You have reviewed it already; the next stage is another person's.")
    if seen == standing.seal:
        if not _leaves_enough(standing, user, roles):
            raise RefusedError(
                "You are needed for a later stage; a colleague has to pass this one."
            )
        return
    earlier = (_seal(standing.bound, standing.round, stage) for stage in range(standing.stage))
    if seen in earlier:
        raise RefusedError(
            "A colleague was quicker: this stage has been passed. Please look again."
        )
    raise RefusedError("It was changed after this card was made. Please open it again.")


def may_act(standing: Standing, roles: Mapping[int, Role]) -> tuple[int, ...]:
    """Who could act on the open stage now."""
    needed = right_for(standing.stage, standing.stages)
    barred = standing.passed_by | standing.authors
    return tuple(
        user
        for user, role in roles.items()
        if needed in RIGHTS[role] and user not in barred and _leaves_enough(standing, user, roles)
    )


def _leaves_enough(standing: Standing, user: int, roles: Mapping[int, Role]) -> bool:
    """Whether the stages behind the open one still find people when this one acts now."""
    left = standing.stages - standing.stage - 1
    barred = standing.passed_by | standing.authors | {user}
    others = [role for other, role in roles.items() if other not in barred]
    able = sum(Right.WRITE in RIGHTS[role] for role in others)
    return not left or (able >= left and any(Right.FINAL in RIGHTS[role] for role in others))


def are_enough(roles: Mapping[int, Role], authors: Collection[int], stages: int) -> bool:
    """Whether every stage could find a person of its own beside the authors.

    >>> are_enough({1: Role.OWNER, 2: Role.EDITOR}, authors={1}, stages=1)
    True
    >>> are_enough({1: Role.OWNER, 2: Role.EDITOR, 3: Role.EDITOR}, authors={1}, stages=2)
    False
    """
    others = [role for user, role in roles.items() if user not in authors]
    able = sum(Right.WRITE in RIGHTS[role] for role in others)
    final = right_for(stages - 1, stages)
    return able >= stages and any(final in RIGHTS[role] for role in others)


def masked(name: str) -> str:
    """A person's name as colleagues recognise it and nobody else does.

    >>> masked("王某某"), masked("欧阳某"), masked("Ada Byron"), masked("")
    ('王×', '欧阳×', 'A×', '×')
    """
    name = "".join(name.split())
    return (name[:2] if name[:2] in _DOUBLE else name[:1]) + "×"


_DOUBLE: Collection[str] = frozenset(
    [
        "欧阳",
        "司马",
        "上官",
        "诸葛",
        "夏侯",
        "皇甫",
        "尉迟",
        "公孙",
        "慕容",
        "司徒",
        "令狐",
        "宇文",
        "长孙",
        "端木",
        "东方",
        "独孤",
        "南宫",
    ]
)
