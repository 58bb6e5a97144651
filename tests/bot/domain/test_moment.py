"""Times as people write them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.broadcast import Every
from bot.domain.moment import TimeUnclearError, parse_time
from bot.errors import RefusedError

ZONE = "Asia/Shanghai"
NOW = datetime(2020, 7, 20, 1, 12, tzinfo=UTC)  # Monday, 9:12 in Beijing


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("明天8点半", "07-21 08:30"),
        ("明天上午8：30", "07-21 08:30"),
        ("明早7点", "07-21 07:00"),
        ("今晚八点", "07-20 20:00"),
        ("明晚8点", "07-21 20:00"),
        ("后天下午三点一刻", "07-22 15:15"),
        ("後天上午九點", "07-22 09:00"),
        ("大后天中午12点", "07-23 12:00"),
        ("明天中午1点", "07-21 13:00"),
        ("凌晨12点半", "07-21 00:30"),
        ("下周一 9:00", "07-27 09:00"),
        ("下星期天晚上7点", "08-02 19:00"),
        ("周三 9:00", "07-22 09:00"),
        ("本周五18:00", "07-24 18:00"),
        ("下下周一9点", "08-03 09:00"),
        ("7月21日上午8时", "07-21 08:00"),
        ("７月２１日８点", "07-21 08:00"),
        ("7月21日（周二）9:00", "07-21 09:00"),
        ("21号 8:00", "07-21 08:00"),
        ("2020年8月1日9点", "08-01 09:00"),
        ("2020-07-21 08:30", "07-21 08:30"),
        ("2020-07-21T00:30:00Z", "07-21 08:30"),
        ("7-21 9:00", "07-21 09:00"),
        ("8:30", "07-21 08:30"),
        ("下午3点", "07-20 15:00"),
        ("两小时后", "07-20 11:12"),
        ("半小时后", "07-20 09:42"),
        ("一个半小时后", "07-20 10:42"),
        ("10分钟后", "07-20 09:22"),
        ("现在", "07-20 09:12"),
        ("tomorrow 8:30", "07-21 08:30"),
        ("tomorrow at 8:30 pm", "07-21 20:30"),
        ("next monday 9:00", "07-27 09:00"),
        ("in 2 hours", "07-20 11:12"),
        ("月底17点", "07-31 17:00"),
        ("本月底下午5点", "07-31 17:00"),
        ("下月5号9点", "08-05 09:00"),
        ("下月底9点", "08-31 09:00"),
        ("这个月25日上午9点", "07-25 09:00"),
        ("今天8点", "07-20 08:00"),  # past: returned as it is, the caller says so
    ],
)
def test_it_reads_times_as_people_write_them(words: str, expected: str) -> None:
    local = parse_time(words, NOW, ZONE).at.astimezone(ZoneInfo(ZONE))
    assert local.strftime("%m-%d %H:%M") == expected
    assert local.year == 2020


@pytest.mark.parametrize(
    ("words", "every", "days", "first"),
    [
        ("每天8点", Every.DAY, (), "07-21 08:00"),
        ("每周一三五 8:00", Every.WEEK, (0, 2, 4), "07-22 08:00"),
        ("每周一、三、五上午8点", Every.WEEK, (0, 2, 4), "07-22 08:00"),
        ("每周一至五 8:00", Every.WEEK, (0, 1, 2, 3, 4), "07-21 08:00"),
        ("每星期天晚上8点", Every.WEEK, (6,), "07-26 20:00"),
        ("每月5日 9点", Every.MONTH, (5,), "08-05 09:00"),
        ("每月5日、20日 9:30", Every.MONTH, (5, 20), "07-20 09:30"),
        ("每个工作日 8:30", Every.WORKDAY, (), "07-21 08:30"),
        ("every mon, wed 8:00", Every.WEEK, (0, 2), "07-22 08:00"),
        ("every workday 8:30", Every.WORKDAY, (), "07-21 08:30"),
        ("every Mon Wed Fri 8:00", Every.WEEK, (0, 2, 4), "07-22 08:00"),
        ("day 5 of every month 9:00", Every.MONTH, (5,), "08-05 09:00"),
        ("每週一三五 8:00", Every.WEEK, (0, 2, 4), "07-22 08:00"),
        ("每個工作日 8點半", Every.WORKDAY, (), "07-21 08:30"),
    ],
)
def test_it_reads_what_recurs(words: str, every: Every, days: tuple[int, ...], first: str) -> None:
    when = parse_time(words, NOW, ZONE)
    assert when.recurrence is not None
    assert (when.recurrence.every, when.recurrence.days) == (every, days)
    assert when.at.astimezone(ZoneInfo(ZONE)).strftime("%m-%d %H:%M") == first


@pytest.mark.parametrize(
    "words",
    [
        "",
        "明天",
        "胡说",
        "明天25点",
        "2月30日 9:00",
        "晚上12点",
        "下周八9点",
        "每月32日 9点",
        "8:75",
        "-1:00",
    ],
)
def test_what_names_no_time_is_refused_never_guessed(words: str) -> None:
    with pytest.raises(TimeUnclearError):
        parse_time(words, NOW, ZONE)


def test_a_weekday_beside_a_date_is_kept_for_the_review() -> None:
    assert parse_time("7月21日（周三）9:00", NOW, ZONE).weekday == 2


def test_a_date_early_next_year_is_next_year() -> None:
    december = datetime(2020, 12, 28, tzinfo=UTC)
    assert parse_time("1月5日9点", december, ZONE).at.year == 2021


@settings(max_examples=500, deadline=None)
@given(
    st.one_of(
        st.text(max_size=40),
        st.text(
            alphabet="今明后天下周一二三五日月年点半时分刻每个工作0123456789: ，前", max_size=20
        ),
    )
)
def test_any_words_give_a_time_or_a_refusal(words: str) -> None:
    try:
        when = parse_time(words, NOW, ZONE)
    except RefusedError:
        return
    assert when.at.tzinfo is not None
    assert abs(when.at - NOW) < timedelta(days=366 * 8000)
