"""What a message may become, and why it is left out."""

from datetime import date

import pytest

from bot.domain.message import (
    ENDED,
    MOST_RESENDS,
    MOVES,
    PUSH_MOVES,
    WAITING,
    About,
    Lane,
    MessageState,
    OnUnknown,
    PushKind,
    PushState,
    Wishes,
    verdict,
    why_not,
)
from bot.errors import (
    BadContent,
    ChatGone,
    ChatMoved,
    LeaseLostError,
    RetryLater,
    TokenRefused,
    TopicGone,
    Undecided,
)

TODAY = date(2020, 7, 20)
DIGEST = About(PushKind.DIGEST, Lane.DIGEST)
ACTIVE = Wishes("active")


def test_every_state_is_waiting_ended_or_unknown() -> None:
    assert set(MessageState) == WAITING | ENDED | {MessageState.UNKNOWN}
    assert set(MOVES) == set(MessageState)
    assert all(not MOVES[state] for state in ENDED)


def test_what_was_sent_stays_sent() -> None:
    assert all(MessageState.QUEUED not in MOVES[state] for state in ENDED)


def test_every_push_can_come_to_an_end() -> None:
    assert set(PUSH_MOVES) == set(PushState)
    reached = {PushState.PLANNING}
    while True:
        more = {to for state in reached for to in PUSH_MOVES[state]} | reached
        if more == reached:
            break
        reached = more
    assert reached == set(PushState)
    for state in set(PushState) - {PushState.DONE, PushState.CANCELLED}:
        assert PushState.CANCELLED in PUSH_MOVES[state]


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (RetryLater("too_many_requests", after=7), MessageState.QUEUED),
        (ChatMoved(-1005), MessageState.QUEUED),
        (TopicGone("topic_gone"), MessageState.QUEUED),
        (LeaseLostError(), MessageState.QUEUED),
        (TokenRefused("token_refused"), MessageState.QUEUED),
        (ChatGone("blocked"), MessageState.FAILED),
        (BadContent("refused"), MessageState.FAILED),
        (Undecided("no_answer"), MessageState.UNKNOWN),
        (ZeroDivisionError(), MessageState.UNKNOWN),
    ],
)
def test_an_errors_type_says_what_becomes_of_the_message(
    error: Exception, state: MessageState
) -> None:
    assert verdict(error, OnUnknown.LEAVE, 1).state is state


def test_a_retry_waits_as_long_as_it_was_told() -> None:
    assert verdict(RetryLater("too_many_requests", after=7), OnUnknown.LEAVE, 1).after_s == 7


def test_resending_waits_longer_each_time_and_ends_somewhere() -> None:
    lost = Undecided("no_answer")
    found = [verdict(lost, OnUnknown.RESEND, attempt) for attempt in range(1, MOST_RESENDS + 1)]
    assert [one.state for one in found[:-1]] == [MessageState.QUEUED] * (MOST_RESENDS - 1)
    assert found[-1].state is MessageState.UNKNOWN
    waits = [one.after_s for one in found[:-1]]
    assert waits == sorted(waits)
    assert waits[0] > 0


@pytest.mark.parametrize(
    ("wishes", "reason"),
    [
        (ACTIVE, ""),
        (Wishes("stopped"), "unsubscribed"),
        (Wishes("suspended"), "suspended"),
        (Wishes(None), "forgotten"),
        (Wishes("active", paused_until=date(2020, 7, 21)), "paused"),
        (Wishes("active", paused_until=TODAY), ""),
    ],
)
def test_a_digest_goes_to_those_who_want_it_today(wishes: Wishes, reason: str) -> None:
    assert why_not(wishes, DIGEST, TODAY) == reason


def test_a_reminder_of_muted_tasks_alone_is_left_out() -> None:
    about = About(PushKind.DIGEST, Lane.DIGEST, tasks=frozenset({"k:a", "k:b"}), has_excerpt=False)
    muted = Wishes("active", muted=frozenset({"k:a", "k:b", "k:c"}))
    assert why_not(muted, about, TODAY) == "muted"
    assert why_not(Wishes("active", muted=frozenset({"k:a"})), about, TODAY) == ""
    with_excerpt = About(PushKind.DIGEST, Lane.DIGEST, tasks=about.tasks)
    assert why_not(muted, with_excerpt, TODAY) == ""


def test_a_topic_that_was_switched_off_is_left_out() -> None:
    about = About(PushKind.BROADCAST, Lane.BULK, topics=frozenset({"flood"}))
    assert why_not(Wishes("active", frozenset({"election"})), about, TODAY) == "topic_off"
    assert why_not(Wishes("active", frozenset({"flood", "city"})), about, TODAY) == ""
    assert why_not(ACTIVE, about, TODAY) == "", "no choice means all topics"


def test_what_is_urgent_reaches_those_who_pause_but_not_those_who_left() -> None:
    urgent = About(PushKind.BROADCAST, Lane.URGENT)
    assert why_not(Wishes("active", paused_until=date(2021, 1, 1)), urgent, TODAY) == ""
    assert why_not(Wishes("stopped"), urgent, TODAY) == "unsubscribed"


def test_a_notice_to_the_admins_asks_no_wishes() -> None:
    assert why_not(Wishes(None), About(PushKind.NOTICE, Lane.URGENT), TODAY) == ""
