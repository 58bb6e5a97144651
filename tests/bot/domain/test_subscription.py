"""Due times hold in every zone and at every hour: no day twice, none missed."""

import bisect
import itertools
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.subscription import (
    Audience,
    Choices,
    Days,
    OfficeHours,
    Quiet,
    after_quiet,
    carries_excerpt,
    choices_of,
    exists,
    known_zone,
    last_waking,
    mute,
    muted_on,
    next_due,
    resolve,
    toggled,
    unmute,
)
from bot.errors import RefusedError

ZONES = sorted(zone for zone in available_timezones() if zone != "localtime")
zones = st.sampled_from(ZONES)
walls = st.builds(time, st.integers(0, 23), st.sampled_from([0, 1, 15, 30, 45, 59]))
instants = st.datetimes(datetime(1995, 1, 1), datetime(2035, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


def test_the_last_waking_is_the_end_of_the_last_night() -> None:
    tz = ZoneInfo("Asia/Shanghai")
    choices = Choices("Asia/Shanghai", quiet=Quiet(time(21), time(7)))
    for hour, day in ((6, 19), (7, 20), (8, 20), (23, 20)):
        woke = last_waking(datetime(2026, 7, 20, hour, tzinfo=tz), choices)
        assert woke == datetime(2026, 7, day, 7, tzinfo=tz)
    assert last_waking(datetime(2026, 7, 20, tzinfo=tz), Choices("Asia/Shanghai")) is None


@settings(max_examples=150, deadline=None)
@given(zones, instants)
def test_between_the_last_waking_and_now_there_is_no_other(zone: str, now: datetime) -> None:
    choices = Choices(zone, quiet=Quiet(time(21), time(7)))
    woke = last_waking(now, choices)
    assert woke is not None
    assert woke <= now
    assert now - woke <= timedelta(hours=50)  # a day may be left out, and clocks change
    assert after_quiet(woke, choices) == woke


def _walk(choices: Choices, after: datetime, count: int) -> list[tuple[datetime, date]]:
    found = []
    served: date | None = None
    for _ in range(count):
        after, served = next_due(choices, after, served)
        found.append((after, served))
    return found


@settings(max_examples=150, deadline=None)
@given(zones, walls, instants)
def test_no_day_comes_twice_and_none_is_missed(zone: str, wall: time, after: datetime) -> None:
    days = _walk(Choices(zone, wall), after, 40)
    assert [instant for instant, _ in days] == sorted({instant for instant, _ in days})
    assert days[0][0] > after
    for (_, one), (_, other) in itertools.pairwise(days):
        between = [one + timedelta(days=n) for n in range(1, (other - one).days)]
        assert one < other
        assert not any(exists(day, zone) for day in between), (one, other)


@settings(max_examples=150, deadline=None)
@given(zones, walls, instants)
def test_a_moment_is_the_wall_time_or_the_first_after_a_gap(
    zone: str, wall: time, after: datetime
) -> None:
    tz = ZoneInfo(zone)
    for instant, day in _walk(Choices(zone, wall), after, 10):
        local = instant.astimezone(tz)
        if (local.date(), local.time().replace(fold=0)) == (day, wall):
            earlier = (instant - timedelta(hours=3)).astimezone(tz)
            assert (earlier.date(), earlier.time()) != (day, wall)
            continue
        # the wall time does not exist that day: just before, the clock showed an earlier time
        before = (instant - timedelta(seconds=1)).astimezone(tz)
        assert before.replace(tzinfo=None) < datetime.combine(day, wall)
        assert local.replace(tzinfo=None) > datetime.combine(day, wall)


QUARTER = timedelta(minutes=15)  # clocks change on quarters


def _changes(zone: str, year: int) -> list[datetime]:
    """The noons, by UTC, on whose eve or day a zone changes its clock; one noon where it never does."""
    tz = ZoneInfo(zone)
    noons = [datetime(year, 1, 1, 12, tzinfo=UTC) + timedelta(days=n) for n in range(366)]
    offsets = [noon.astimezone(tz).utcoffset() for noon in noons]
    changed = [b for (_, b), (one, other) in zip(
        itertools.pairwise(noons), itertools.pairwise(offsets), strict=True
    ) if one != other]  # fmt: skip
    return changed or noons[180:181]


def _clock(zone: str, around: datetime) -> list[tuple[datetime, datetime]]:
    """What the clock on the wall shows at each quarter of six days, by looking at it."""
    tz = ZoneInfo(zone)
    begin = around - timedelta(days=3)
    moments = [begin + n * QUARTER for n in range(6 * 96)]
    return [(moment, moment.astimezone(tz).replace(tzinfo=None)) for moment in moments]


@pytest.mark.parametrize("part", range(4))
def test_in_every_zone_every_hour_comes_once_a_day_when_the_clock_on_the_wall_says_so(
    part: int,
) -> None:
    """All zones, all hours, the days around every change of 2026, against a clock looked at."""
    for zone in ZONES[part::4]:
        for around in _changes(zone, 2026):
            clock = _clock(zone, around)
            shown = list(itertools.accumulate((local for _, local in clock), max))
            for hour in range(24):
                after = clock[0][0]
                for _ in range(4):
                    instant, day = next_due(Choices(zone, time(hour)), after)
                    at = bisect.bisect_left(shown, datetime.combine(day, time(hour)))
                    assert instant == clock[at][0], (zone, hour, day)
                    between = datetime.combine(day, time(hour)) - datetime.combine(
                        after.astimezone(ZoneInfo(zone)).date(), time(hour)
                    )
                    assert between <= timedelta(days=1), (zone, hour, day)  # none is missed
                    assert instant > after
                    after = instant


@pytest.mark.parametrize("hour", range(24))
@pytest.mark.parametrize("year", [2026])
def test_every_zone_keeps_every_hour_around_its_changes(hour: int, year: int) -> None:
    """A whole year in each zone that changes its clock, at each hour: one message per day."""
    for zone in ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Nuuk"):
        choices = Choices(zone, time(hour, 30))
        start = datetime(year, 1, 1, tzinfo=ZoneInfo(zone))
        days = [day for _, day in _walk(choices, start.astimezone(UTC), 366)]
        assert days == [days[0] + timedelta(days=n) for n in range(366)]


@pytest.mark.parametrize(
    ("zone", "day", "wall", "expected"),
    [
        ("Europe/Berlin", date(2026, 3, 29), time(2, 30), "2026-03-29T01:00:00+00:00"),  # gap
        ("Europe/Berlin", date(2026, 10, 25), time(2, 30), "2026-10-25T00:30:00+00:00"),  # fold
        ("Australia/Lord_Howe", date(2026, 10, 4), time(2, 15), "2026-10-03T15:30:00+00:00"),
        ("Asia/Shanghai", date(2026, 7, 20), time(8), "2026-07-20T00:00:00+00:00"),
        ("Asia/Kolkata", date(2026, 7, 20), time(8), "2026-07-20T02:30:00+00:00"),
    ],
)
def test_gaps_and_folds_resolve_as_promised(
    zone: str, day: date, wall: time, expected: str
) -> None:
    assert resolve(day, wall, zone) == datetime.fromisoformat(expected)


def test_a_day_that_a_zone_left_out_is_left_out() -> None:
    days = _walk(Choices("Pacific/Apia", time(8)), datetime(2011, 12, 28, tzinfo=UTC), 4)
    assert date(2011, 12, 30) not in [day for _, day in days]
    assert [day.day for _, day in days] == [28, 29, 31, 1]


def test_a_later_hour_on_a_served_day_waits_for_tomorrow() -> None:
    now = datetime(2026, 7, 20, 1, tzinfo=UTC)  # 9:00 in Beijing; today's came at 8:00
    choices = Choices("Asia/Shanghai", time(10))
    assert next_due(choices, now, date(2026, 7, 20))[1] == date(2026, 7, 21)
    assert next_due(choices, now)[1] == date(2026, 7, 20)


def test_a_pause_leaves_out_its_days() -> None:
    now = datetime(2026, 7, 20, tzinfo=UTC)
    choices = Choices("Asia/Shanghai", paused_until=date(2026, 8, 1))
    assert next_due(choices, now)[1] == date(2026, 8, 1)


def test_workdays_follow_the_calendar_with_its_make_up_days() -> None:
    choices = Choices("Asia/Shanghai", days=Days.WORKDAYS)
    assert not carries_excerpt(choices, date(2020, 10, 5))  # Golden Week, a Monday
    assert carries_excerpt(choices, date(2020, 10, 10))  # a Saturday worked instead


def test_weekly_and_reminders_only() -> None:
    weekly = Choices("Asia/Shanghai", days=Days.WEEKLY, weekday=2)
    assert carries_excerpt(weekly, date(2026, 7, 22))
    assert not carries_excerpt(weekly, date(2026, 7, 20))
    none = Choices("Asia/Shanghai", days=Days.REMINDERS)
    assert not carries_excerpt(none, date(2026, 7, 22))


# ---- quiet hours ----------------------------------------------------------------------------

NIGHT = Quiet(time(21), time(7))


@settings(max_examples=150, deadline=None)
@given(zones, walls, instants)
def test_nothing_is_due_in_quiet_hours(zone: str, wall: time, after: datetime) -> None:
    for instant, _ in _walk(Choices(zone, wall, quiet=NIGHT), after, 5):
        local = instant.astimezone(ZoneInfo(zone))
        assert local.time() not in NIGHT


@pytest.mark.parametrize(
    ("hour", "waits_until"),
    [(22, (21, 7)), (3, (20, 7)), (7, (20, 7)), (12, (20, 12)), (21, (21, 7))],
)
def test_what_comes_at_night_waits_until_seven(hour: int, waits_until: tuple[int, int]) -> None:
    tz = ZoneInfo("Asia/Shanghai")
    choices = Choices("Asia/Shanghai", quiet=NIGHT)
    moved = after_quiet(datetime(2026, 7, 20, hour, tzinfo=tz).astimezone(UTC), choices)
    local = moved.astimezone(tz)
    assert (local.day, local.hour) == waits_until


def test_quiet_hours_are_read_from_words() -> None:
    assert Quiet.parse("21:00-07:00") == NIGHT
    assert Quiet.parse("") is None
    assert time(13) in Quiet(time(12), time(14))
    assert time(14) not in Quiet(time(12), time(14))


# ---- choices ---------------------------------------------------------------------------------


def test_a_row_without_choices_follows_the_office() -> None:
    row = {
        "zone": "",
        "hour": "08:00",
        "days": "daily",
        "weekday": 0,
        "paused_until": None,
        "topics": "flood,safety",
    }
    choices = choices_of(row, OfficeHours("Asia/Urumqi"))
    assert (choices.zone, choices.topics) == ("Asia/Urumqi", ("flood", "safety"))


@pytest.mark.parametrize(
    ("typed", "known"),
    [("asia/shanghai", "Asia/Shanghai"), ("America/new york", "America/New_York"), ("Mars", None)],
)
def test_zones_are_known_by_their_iana_names(typed: str, known: str | None) -> None:
    assert known_zone(typed) == known


def test_topics_switch_one_by_one_and_all_of_them_is_empty() -> None:
    known = ("city", "flood", "party")
    assert toggled((), "flood", known, on=False) == "city,party"
    assert toggled(("city", "party"), "flood", known, on=True) == ""
    assert toggled(("city",), "flood", known, on=True) == "city,flood"


@pytest.mark.parametrize("topic", ["nonsense", "flood"])
def test_unknown_topics_and_the_last_one_are_refused(topic: str) -> None:
    with pytest.raises(RefusedError):
        toggled(("flood",), topic, ("city", "flood"), on=False)


def test_a_muted_task_stays_muted_until_its_day() -> None:
    day = date(2026, 7, 20)
    column = mute(mute("", "ab:cd"), "ab:ef", day)
    assert muted_on(column, day - timedelta(days=1)) == {"ab:cd", "ab:ef"}
    assert muted_on(column, day) == {"ab:cd"}
    assert unmute(column, "ab:cd") == "ab:ef@2026-07-20"
    assert mute(column, "ab:ef") == "ab:cd,ab:ef"


# ---- audiences -------------------------------------------------------------------------------


@given(
    st.builds(
        Audience,
        topics=st.lists(st.sampled_from(["flood", "city"])).map(tuple),
        roles=st.lists(st.sampled_from(["village", "town"])).map(tuple),
        only=st.lists(st.integers(1, 5)).map(tuple),
        without=st.lists(st.integers(1, 5)).map(tuple),
    )
)
def test_an_audience_survives_its_row(audience: Audience) -> None:
    assert Audience.from_json(audience.to_json()) == audience


def test_each_filled_field_narrows_and_exclusions_take_out() -> None:
    chat = {
        "id": 7,
        "topics": "flood,safety",
        "kind": "supergroup",
        "role": "village",
        "language": "en",
    }
    assert Audience().includes(chat)
    assert Audience(topics=("flood",), kinds=("group",)).includes(chat)
    assert Audience(topics=("city",)).includes({**chat, "topics": ""})  # all topics
    assert not Audience(topics=("city",)).includes(chat)
    assert not Audience(roles=("town",)).includes(chat)
    assert not Audience(languages=("zh-Hans",)).includes(chat)
    assert not Audience(kinds=("private",)).includes(chat)
    assert not Audience(without=(7,)).includes(chat)
    assert not Audience(only=(8,)).includes(chat)
