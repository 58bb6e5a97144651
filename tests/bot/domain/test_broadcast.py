"""States times moves as a table; what an approval binds; when a recurring one comes."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.broadcast import (
    MOVES,
    OPEN,
    BroadcastState,
    Every,
    Recurrence,
    fingerprint,
    lawful_sources,
    move,
)
from bot.domain.subscription import Audience
from bot.errors import RefusedError

TABLE = """
            draft review scheduled running paused done cancelled
draft         -     x        x        -      -     -       x
review        x     -        x        -      -     -       x
scheduled     x     -        -        x      -     x       x
running       -     -        x        -      x     x       x
paused        -     -        -        x      -     -       x
done          -     -        -        -      -     -       -
cancelled     -     -        -        -      -     -       -
"""


def _rows() -> list[tuple[BroadcastState, BroadcastState, bool]]:
    head, *lines = [line.split() for line in TABLE.strip().splitlines()]
    return [
        (BroadcastState(line[0]), BroadcastState(to), mark == "x")
        for line in lines
        for to, mark in zip(head, line[1:], strict=True)
    ]


@pytest.mark.parametrize(("state", "to", "lawful"), _rows())
def test_every_state_and_every_move(
    state: BroadcastState, to: BroadcastState, *, lawful: bool
) -> None:
    assert (state in lawful_sources(to)) is lawful
    if lawful:
        assert move(state, to) is to
    else:
        with pytest.raises(RefusedError):
            move(state, to)


def test_the_table_names_every_state() -> None:
    assert set(MOVES) == set(BroadcastState)
    assert set(BroadcastState) - OPEN == {BroadcastState.DONE, BroadcastState.CANCELLED}


def test_every_open_state_can_be_cancelled() -> None:
    assert set(lawful_sources(BroadcastState.CANCELLED)) == OPEN


AT = datetime(2026, 7, 21, 0, 30, tzinfo=UTC)
CONTENT = {"text": "x", "parts": [{"method": "sendMessage", "body": {"text": "x"}}]}
FOUR_HOURS = timedelta(hours=4)


@pytest.mark.parametrize(
    "other",
    [
        ({**CONTENT, "text": "y"}, Audience(), AT, None, FOUR_HOURS),
        (CONTENT, Audience(topics=("flood",)), AT, None, FOUR_HOURS),
        (CONTENT, Audience(), AT + timedelta(minutes=1), None, FOUR_HOURS),
        (CONTENT, Audience(), AT, Recurrence(Every.DAY, time(8), "UTC"), FOUR_HOURS),
        (CONTENT, Audience(), AT, None, timedelta(hours=5)),
    ],
)
def test_any_edit_of_content_audience_or_time_voids_an_approval(
    other: tuple[dict[str, object], Audience, datetime, Recurrence | None, timedelta],
) -> None:
    assert fingerprint(CONTENT, Audience(), AT, None, FOUR_HOURS) != fingerprint(*other)


def test_the_same_plan_has_the_same_fingerprint_in_any_zone() -> None:
    local = AT.astimezone(ZoneInfo("Asia/Shanghai"))
    assert fingerprint(CONTENT, Audience(), AT, None, FOUR_HOURS) == fingerprint(
        dict(reversed(CONTENT.items())), Audience(), local, None, FOUR_HOURS
    )


# ---- recurrence ------------------------------------------------------------------------------

instants = st.integers(1_325_376_000, 1_893_456_000).map(lambda at: datetime.fromtimestamp(at, UTC))
recurrences = st.one_of(
    st.builds(
        Recurrence,
        st.sampled_from([Every.DAY]),
        st.builds(time, st.integers(0, 23), st.sampled_from([0, 30])),
        st.sampled_from(["Asia/Shanghai", "Europe/Berlin", "America/Nuuk", "Pacific/Apia"]),
    ),
    st.builds(
        Recurrence,
        st.just(Every.WEEK),
        st.builds(time, st.integers(0, 23)),
        st.just("Europe/Berlin"),
        st.sets(st.integers(0, 6), min_size=1).map(lambda days: tuple(sorted(days))),
    ),
    st.builds(
        Recurrence,
        st.just(Every.MONTH),
        st.builds(time, st.integers(0, 23)),
        st.just("Asia/Shanghai"),
        st.sets(st.integers(1, 31), min_size=1).map(lambda days: tuple(sorted(days))),
    ),
)


@settings(max_examples=100, deadline=None)
@given(recurrences, instants)
def test_the_next_times_rise_and_fall_on_its_days(recurrence: Recurrence, after: datetime) -> None:
    times = recurrence.next_times(after, 8)
    assert [*times] == sorted(set(times))
    assert times[0] > after
    assert Recurrence.from_json(recurrence.to_json()) == recurrence
    for moment in times:
        local = moment.astimezone(ZoneInfo(recurrence.zone)).date()
        assert recurrence.falls_on(local) or recurrence.falls_on(local - timedelta(days=1))


def test_day_31_is_the_last_day_of_a_shorter_month() -> None:
    recurrence = Recurrence(Every.MONTH, time(9), "Asia/Shanghai", (31,))
    days = [m.astimezone(ZoneInfo("Asia/Shanghai")).date() for m in recurrence.next_times(AT, 8)]
    assert days[:3] == [date(2026, 7, 31), date(2026, 8, 31), date(2026, 9, 30)]
    assert days[7] == date(2027, 2, 28)


def test_workdays_skip_feasts_and_keep_make_up_days() -> None:
    recurrence = Recurrence(Every.WORKDAY, time(8, 30), "Asia/Shanghai")
    after = datetime(2020, 9, 30, 3, tzinfo=UTC)
    times = recurrence.next_times(after, 3)
    days = [moment.astimezone(ZoneInfo("Asia/Shanghai")).date() for moment in times]
    assert days == [date(2020, 10, 9), date(2020, 10, 10), date(2020, 10, 12)]
