"""The mission's report, from its issue to the end of the village elections: 223 mornings."""

import re
from collections import defaultdict
from datetime import UTC, date, datetime
from pathlib import Path

from tests.journeys.conftest import SHANGHAI, Raise
from tests.journeys.world import READER

# topic words of a line -> the days it must come on (rules S, D, M, Q; a day's lines are one message)
MONDAYS = "2020-07-20 07-27 08-03 08-10 08-17 08-24 08-31 09-07 09-14 09-21 09-28 10-05 10-12"
EXPECTED = {
    "R1 flood season": MONDAYS,
    "R2 elections": "2020-11-13 2021-01-12 02-04 02-10",
    "R3 chemical plants": "2020-09-30 12-01 12-24 12-30",
    "R4 monthly list": "2020-08-03 09-01 10-09 11-02 12-01",
    "R6 civilised city": "2020-10-09",
    "R7 year's goals": "2020-10-09",
    "R8 next year": "2021-01-04",
    "R9 five years": "2021-01-04",
}
# a run of the sentence, long enough to know it by: offsets in the mission's file
SENTENCES = {
    "R1 flood season": (15280, 15292),
    "R2 elections": (10432, 10444),
    "R3 chemical plants": (2183, 2195),
    "R4 monthly list": (13451, 13463),
    "R6 civilised city": (13130, 13142),
    "R7 year's goals": (12706, 12718),
    "R8 next year": (12706, 12718),
    "R9 five years": (5400, 5412),
}


def days(written: str) -> list[date]:
    year, found = "", []
    for day in written.split():
        year = day[:4] if len(day) == 10 else year
        found.append(date.fromisoformat(day if len(day) == 10 else f"{year}-{day}"))
    return found


async def test_the_thirty_lines_come_on_their_twenty_five_days_and_no_other(
    stage: Raise, mission: Path
) -> None:
    text = mission.read_text(encoding="utf-8")
    play = await stage(mission)
    await play.world.says(READER, "/start")
    await play.world.hears(READER, "您好")
    since = (await play.world.calls())[-1]["n"]
    await play.world.advance_to(datetime(2021, 2, 28, 4, tzinfo=UTC))
    lines: dict[date, list[str]] = defaultdict(list)
    mornings: list[date] = []
    for call in await play.world.calls("sendMessage", since):
        if call["params"]["chat_id"] not in {READER, str(READER)}:
            continue
        on = datetime.fromisoformat(call["at"]).astimezone(SHANGHAI).date()
        words = re.sub(r"<[^>]+>", "", call["params"]["text"])
        mornings.append(on)
        for part in re.split(r"(?=工作提醒)", words)[1:]:
            lines[on].append(part)
    assert len(set(mornings)) == len(mornings) == 224  # every morning one message
    expected: dict[date, int] = defaultdict(int)
    for name, written in EXPECTED.items():
        start, end = SENTENCES[name]
        for day in days(written):
            expected[day] += 1
            assert any(text[start:end] in part for part in lines[day]), (name, day, lines[day])
    assert sum(expected.values()) == 30
    assert len(expected) == 25
    assert sorted(lines) == sorted(expected)
    for empty in ("2020-07-21", "2020-10-16", "2020-10-19", "2021-02-11", "2021-02-12"):
        assert date.fromisoformat(empty) not in lines
