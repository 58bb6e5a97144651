"""A phone's calendar gets the days that the text binds, and no others."""

from datetime import date

from icalendar import Calendar

import digests
from bot.texts import Texts
from bot.web import as_icalendar

TEXT = """关于做好近期重点工作的通知
（2024年5月6日）
一、防汛
要全力做好防汛防台工作，台汛期内严格落实24小时值班。
二、换届
要扎实做好村社换届工作，确保11月底前完成; 联系, 人。
三、短板
要每月梳理短板清单，下半年一项一项整改。
四、规划
“十四五”期间要全面提升城市能级。要尽快完善机制。
"""
CHINESE = Texts().translate("zh-Hans")


def edition() -> digests.Edition:
    report = digests.parse(TEXT.encode(), "notice.txt")
    return digests.Edition("abcd1234", report, digests.extract_tasks(report))


def events(*topics: str) -> list[tuple[date, date, str, str]]:
    calendar = Calendar.from_ical(as_icalendar([edition()], topics, "本办", CHINESE))
    return [
        (e.decoded("dtstart"), e.decoded("dtend"), str(e["description"]), str(e["uid"]))
        for e in calendar.walk("VEVENT")
    ]


def test_a_deadline_is_a_day_with_its_sentence_and_source() -> None:
    found = [e for e in events() if e[0] == date(2024, 11, 30)]
    assert len(found) == 1
    _start, end, words, _uid = found[0]
    assert end == date(2024, 12, 1)  # whole days end on the day after
    assert words.startswith("要扎实做好村社换届工作，确保11月底前完成; 联系, 人。")
    assert "2024年5月6日" in words


def test_a_season_is_a_span_and_a_recurring_duty_its_days() -> None:
    spans = {(start, end) for start, end, _words, _uid in events()}
    assert (date(2024, 7, 16), date(2024, 10, 16)) in spans
    assert {start for start, _end in spans if start.month in (9, 11)} >= {date(2024, 9, 2)}


def test_periods_and_vague_words_are_no_days() -> None:
    assert not any("十四五" in words or "尽快" in words for _start, _end, words, _uid in events())


def test_no_two_events_are_taken_for_one_another() -> None:
    names = [uid for *_days, uid in events()]
    assert names
    assert len(set(names)) == len(names)


def test_only_the_chosen_topics_are_in_it() -> None:
    assert {start for start, *_ in events("election")} == {date(2024, 11, 30)}


def test_the_same_reports_give_the_same_bytes() -> None:
    assert as_icalendar([edition()], [], "本办", CHINESE) == as_icalendar(
        [edition()], [], "本办", CHINESE
    )
