"""Who may do what in the office, and who may see a report."""

from enum import StrEnum

from bot.errors import RefusedError


class Role(StrEnum):
    """What an admin may do; each role may all that the next one may."""

    OWNER = "owner"  # everything, roles included
    EDITOR = "editor"  # reports, broadcasts
    VIEWER = "viewer"  # sees reports kept to the office, pushes and their sums


class Right(StrEnum):
    """An act that needs a role."""

    ROLES = "roles"
    FINAL = "final"  # 终审: the last word on a broadcast
    WRITE = "write"
    LOOK = "look"


RIGHTS: dict[Role, frozenset[Right]] = {
    Role.OWNER: frozenset(Right),
    Role.EDITOR: frozenset({Right.WRITE, Right.LOOK}),
    Role.VIEWER: frozenset({Right.LOOK}),
}


def check(role: Role | None, right: Right) -> None:
    """Refuse an act that the role does not allow; asked where the act happens."""
    if role is None:
        raise RefusedError("Only admins of this office may do that.")
    if right not in RIGHTS[role]:
        raise RefusedError("Your role does not include that. Please ask an owner.")


class Publicity(StrEnum):
    """Who may see a report."""

    PUBLIC = "public"  # 可公开
    MEMBERS = "members"  # 仅单位成员: admins of any role
    UNDECIDED = "undecided"  # 未定: as members, and never pushed


class ReportState(StrEnum):
    """Where a report stands."""

    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"
    REPLACED = "replaced"


REPORT_MOVES: dict[ReportState, frozenset[ReportState]] = {
    ReportState.DRAFT: frozenset({ReportState.PUBLISHED, ReportState.WITHDRAWN}),
    ReportState.PUBLISHED: frozenset({ReportState.WITHDRAWN, ReportState.REPLACED}),
    ReportState.WITHDRAWN: frozenset({ReportState.PUBLISHED}),
    ReportState.REPLACED: frozenset({ReportState.PUBLISHED, ReportState.WITHDRAWN}),
}


class TaskState(StrEnum):
    """Where a found task stands; only accepted ones remind."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    DROPPED = "dropped"
    DONE = "done"  # 办结
    REVOKED = "revoked"  # 撤销


TASK_MOVES: dict[TaskState, frozenset[TaskState]] = {
    TaskState.PROPOSED: frozenset({TaskState.ACCEPTED, TaskState.DROPPED}),
    TaskState.ACCEPTED: frozenset({TaskState.DROPPED, TaskState.DONE, TaskState.REVOKED}),
    TaskState.DROPPED: frozenset({TaskState.ACCEPTED}),
    TaskState.DONE: frozenset({TaskState.ACCEPTED}),
    TaskState.REVOKED: frozenset({TaskState.ACCEPTED}),
}


def move_report(state: ReportState, to: ReportState) -> ReportState:
    """The new state of a report, or a refusal."""
    if to not in REPORT_MOVES[state]:
        raise RefusedError("That is no longer possible: the report has changed meanwhile.")
    return to


def move_task(state: TaskState, to: TaskState) -> TaskState:
    """The new state of a task, or a refusal; where it already stands is no change."""
    if state is not to and to not in TASK_MOVES[state]:
        raise RefusedError("That is no longer possible: the task has changed meanwhile.")
    return to
