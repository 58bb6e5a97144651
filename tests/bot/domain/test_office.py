"""Roles and rights; the states of reports and tasks."""

import pytest

from bot.domain.office import (
    REPORT_MOVES,
    TASK_MOVES,
    ReportState,
    Right,
    Role,
    TaskState,
    check,
    move_report,
    move_task,
)
from bot.errors import RefusedError


@pytest.mark.parametrize(
    ("role", "right", "may"),
    [
        (Role.OWNER, Right.ROLES, True),
        (Role.OWNER, Right.WRITE, True),
        (Role.EDITOR, Right.WRITE, True),
        (Role.EDITOR, Right.ROLES, False),
        (Role.VIEWER, Right.LOOK, True),
        (Role.VIEWER, Right.WRITE, False),
        (None, Right.LOOK, False),
    ],
)
def test_who_may_what(role: Role | None, right: Right, *, may: bool) -> None:
    if may:
        check(role, right)
    else:
        with pytest.raises(RefusedError):
            check(role, right)


@pytest.mark.parametrize("state", ReportState)
@pytest.mark.parametrize("to", ReportState)
def test_every_move_of_a_report(state: ReportState, to: ReportState) -> None:
    if to in REPORT_MOVES[state]:
        assert move_report(state, to) is to
    else:
        with pytest.raises(RefusedError):
            move_report(state, to)


@pytest.mark.parametrize("state", TaskState)
@pytest.mark.parametrize("to", TaskState)
def test_every_move_of_a_task(state: TaskState, to: TaskState) -> None:
    if to in TASK_MOVES[state] or state is to:
        assert move_task(state, to) is to
    else:
        with pytest.raises(RefusedError):
            move_task(state, to)


def test_a_withdrawn_report_can_come_back() -> None:
    assert move_report(ReportState.WITHDRAWN, ReportState.PUBLISHED) is ReportState.PUBLISHED
