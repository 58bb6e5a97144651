"""Who may pass which stage, and that a seal is worth nothing anywhere else."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.approval import Standing, are_enough, check_act, masked, may_act, right_for
from bot.domain.office import Right, Role
from bot.errors import RefusedError

SEEN = Standing("abc", 1, 1, 3, authors=frozenset({1}), passed_by=frozenset({2}))
ROLES = {1: Role.OWNER, 2: Role.EDITOR, 3: Role.EDITOR, 4: Role.OWNER, 5: Role.VIEWER}


def test_the_second_stage_is_for_who_has_not_acted_yet() -> None:
    check_act(SEEN, 3, ROLES, SEEN.seal)
    for user in (1, 2, 5, 6):
        with pytest.raises(RefusedError):
            check_act(SEEN, user, ROLES, SEEN.seal)


def test_the_only_owner_beside_the_author_is_kept_for_the_end() -> None:
    assert may_act(SEEN, ROLES) == (3,)
    with pytest.raises(RefusedError):
        check_act(SEEN, 4, ROLES, SEEN.seal)
    assert may_act(SEEN, ROLES | {7: Role.OWNER}) == (3, 4, 7)


def test_the_last_of_several_stages_is_an_owners() -> None:
    last = dataclasses.replace(SEEN, stage=2, passed_by=frozenset({2, 3}))
    assert last.is_last
    assert may_act(last, ROLES) == (4,)
    with pytest.raises(RefusedError):
        check_act(last, 7, ROLES | {7: Role.EDITOR}, last.seal)


@pytest.mark.parametrize("change", [{"bound": "abd"}, {"round": 2}, {"stage": 0}, {"stage": 2}])
def test_a_seal_is_worth_nothing_for_anything_else(change: dict[str, object]) -> None:
    with pytest.raises(RefusedError):
        check_act(dataclasses.replace(SEEN, **change), 3, ROLES, SEEN.seal)  # type: ignore[arg-type]


def test_one_stage_needs_no_owner() -> None:
    assert [right_for(stage, 1) for stage in range(1)] == [Right.WRITE]
    assert [right_for(stage, 3) for stage in range(3)] == [Right.WRITE, Right.WRITE, Right.FINAL]


@given(
    st.dictionaries(st.integers(1, 6), st.sampled_from(Role)),
    st.integers(1, 6),
    st.integers(1, 3),
)
def test_enough_people_means_that_somebody_can_always_act(
    roles: dict[int, Role], author: int, stages: int
) -> None:
    """Whoever acts first: who is needed later is not asked before."""
    if not are_enough(roles, {author}, stages):
        return
    passed: set[int] = set()
    for stage in range(stages):
        standing = Standing("x", 1, stage, stages, frozenset({author}), frozenset(passed))
        able = may_act(standing, roles)
        assert able
        passed.add(max(able, key=lambda user: roles[user] is Role.OWNER))


def test_names_are_half_hidden() -> None:
    assert masked("王某某") == "王×"
    assert masked("  ") == "×"
