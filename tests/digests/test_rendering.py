import re
from collections.abc import Iterator
from datetime import date, timedelta

import pytest

import digests
from bot.texts import Texts
from digests import Edition, Page
from digests.rendering.showing import in_bold
from digests.rendering.wording import Translate
from tests.reports import SMALL, edition, written
from tests.telegram_parser import check_page, quotes_of

LANGUAGES = ("zh-Hans", "zh-Hant", "en")
EVIL = "<b>&amp;</blockquote><a href='tg://user?id=1'>x</a>\u202e😀"


def every_page(one: Edition, translate: Translate) -> Iterator[Page]:
    yield from daily_pages(one, translate)
    yield from section_pages(one, translate)
    yield from answer_pages(one, translate)


def daily_pages(one: Edition, translate: Translate) -> Iterator[Page]:
    for days in range(0, 400, 3):
        digest = digests.compose([one], date(2020, 7, 17) + timedelta(days))
        yield from digests.render_digest(digest, translate)
    for on in (date(2020, 7, 20), date(2021, 2, 1)):
        found = digests.agenda([one], on)
        yield from digests.render_tasks(found, translate)
        for page in range(11):
            yield from digests.render_tasks(found, translate, undated=page)
    for task in one.tasks:
        yield from digests.render_task(one.report, task, date(2020, 8, 5), translate)


def section_pages(one: Edition, translate: Translate) -> Iterator[Page]:
    report = one.report
    for section in report.sections:
        yield from digests.render_section(report, section, translate)
        yield from digests.render_contents([report], translate, one.key, section.address)
        yield from digests.render_copy(report, section.start, section.end, translate)
        yield from digests.render_context(report, section.heading_end, section.end, translate)
    yield from digests.render_contents([report], translate)
    yield from digests.render_choices(digests.resolve("第五点", [report]), "第五点", translate)


def answer_pages(one: Edition, translate: Translate) -> Iterator[Page]:
    reports = {one.key: one.report}
    index = digests.Index.build(None, [one])
    for query in (
        "防汛",
        "的",
        "换届什么时候",
        "公交票价",
        "没有的词",
        "fangxun",
        EVIL,
        "枫侨经验",
    ):
        answer = index.search(query, 50)
        for offset in (0, 5, 45):
            yield from digests.render_hits(
                answer, query, reports, translate, offset=offset, office="0575", username="x_bot"
            )
        for hit in answer.hits[:3]:
            yield from digests.render_hit(hit, one.report, translate, username="x_bot")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_of_the_missions_report_passes_telegrams_parser(language: str) -> None:
    one = edition("000")
    count = 0
    for page in every_page(one, Texts().translate(language)):
        check_page(page)
        count += 1
    assert count > 400


def test_official_words_in_quotes_stand_in_the_report_letter_for_letter() -> None:
    one = edition("000")
    text = re.sub(r"\s+", "", one.report.text)
    for page in every_page(one, Texts().translate("zh-Hans")):
        for quote in quotes_of(page):
            assert re.sub(r"\s+", "", quote) in text


def test_a_section_is_shown_whole() -> None:
    one = edition("000")
    for section in one.report.sections:
        pages = digests.render_section(one.report, section, str)
        shown = "".join(q for page in pages for q in quotes_of(page))
        squeezed = re.sub(r"\s+", "", one.report.text[section.start : section.end])
        assert re.sub(r"\s+", "", shown) == squeezed


def test_html_in_a_report_is_inert() -> None:
    report = written(SMALL.replace("民生实事", "<b>民生</b>&实事<a href='x'>"))
    one = Edition(digests.report_key(report), report, digests.extract_tasks(report))
    for page in every_page(one, str):
        parsed = check_page(page)
        kinds = {e["type"]["@type"] for e in parsed["entities"]}
        assert "textEntityTypeTextUrl" not in kinds
    pages = digests.render_section(report, report.sections[-2], str)
    assert any("<b>民生</b>&实事<a href='x'>" in check_page(p)["text"] for p in pages)


def test_html_in_a_query_is_inert() -> None:
    report = written(SMALL)
    index = digests.Index.build(None, [report])
    pages = digests.render_hits(index.search(EVIL), EVIL, {}, str)
    text = check_page(pages[0])
    assert "</blockquote>" in text["text"]
    assert text["entities"] == []


def test_the_morning_message_has_the_form_of_the_screen() -> None:
    translate = Texts().translate("zh-Hans")
    (page,) = digests.render_digest(digests.preview([edition("000")], date(2020, 7, 20)), translate)
    lines = check_page(page)["text"].split("\n")
    assert lines[0] == "7月20日 星期一 · 台汛期（7月16日—10月15日）"
    assert lines[2] == "今日摘编（节选） · 报告 二、5"
    assert "工作提醒 · 防汛防台 · 讲话 五项工作·5（台汛期内每周一）" in lines
    assert lines[-1].endswith("2020年7月17日印发")
    assert [b.text for b in page.buttons[-1]] == ["看全节", "眼下要办的", "设置"]


def test_a_deadline_on_a_day_off_names_the_last_working_day() -> None:
    translate = Texts().translate("zh-Hans")
    (page,) = digests.render_digest(digests.compose([edition("000")], date(2021, 2, 10)), translate)
    text = check_page(page)["text"]
    head, deadline, quote = text.split("工作提醒 · ")[1].split("\n")[:3]
    assert head == "村社组织换届 · 距时限1天"
    assert deadline == "时限2月11日（除夕，已放假）；节前最后一个工作日是2月10日（星期三）。"
    assert quote.endswith("考核、监督工作。")
    assert "2021年2月12日春节" in text


def test_days_are_counted_only_when_they_are_few() -> None:
    translate = Texts().translate("zh-Hans")
    (page,) = digests.render_tasks(digests.agenda([edition("000")], date(2020, 7, 20)), translate)
    assert "距时限" not in check_page(page)["text"]
    (page,) = digests.render_tasks(digests.agenda([edition("000")], date(2021, 2, 1)), translate)
    assert "2月11日止 · 距时限10天" in check_page(page)["text"]


def test_each_passage_is_cited_by_the_title_of_its_own_document() -> None:
    one = edition("000")
    for section in one.report.sections:
        (first, *_) = digests.render_section(one.report, section, str)
        top = one.report.section(section.address.split(".")[0])
        assert top is not None
        assert f"《{top.heading}》" in first.html


def test_a_day_with_nothing_to_say_has_no_message() -> None:
    digest = digests.compose([edition("000")], date(2020, 7, 21), excerpt=False)
    assert digests.render_digest(digest, str) == ()


def test_nothing_found_says_what_was_searched_and_what_is_near() -> None:
    one = edition("000")
    answer = digests.Index.build(None, [one]).search("公交票价")
    (page,) = digests.render_hits(
        answer, "公交票价", {one.key: one.report}, Texts().translate("zh-Hans"), office="总值班室"
    )
    text = check_page(page)["text"]
    assert text.startswith("没有找到“公交票价”。相近的有1处：\n报告 一、3 写到“绍兴城际线”。")
    assert "只查了已收录的1份材料" in text
    assert "咨询：总值班室" in text
    assert page.buttons[0][0].data
    assert page.buttons[0][0].data.startswith(f"h:{one.key}:")


def test_words_found_are_bold_inside_the_quote() -> None:
    assert str(in_bold("防汛<防汛>", 5, [digests.Span(5, 7), digests.Span(8, 10)])) == (
        "<b>防汛</b>&lt;<b>防汛</b>&gt;"
    )


def test_short_passages_copy_by_button_long_ones_by_a_block() -> None:
    one = edition("000")
    report = one.report
    short = digests.render_hit(digests.passage(report, 9594, 9622), report, str)
    assert any(b.copy and b.copy.startswith("明年") for row in short[-1].buttons for b in row)
    long = digests.render_hit(digests.passage(report, 7834, 8428), report, str)
    assert any(b.data == f"p:{one.key}:7834:8428" for row in long[-1].buttons for b in row)
    (block,) = digests.render_copy(report, 7834, 8428, str)
    assert block.html.startswith("<pre>")


def test_contents_page_through_any_depth() -> None:
    report = edition("000").report
    top = digests.render_contents([report], str)[0]
    assert [b.data for row in top.buttons for b in row] == [
        f"c:{digests.report_key(report)}:{n}" for n in ("1", "2")
    ]
    first = digests.render_contents([report], str, digests.report_key(report), "2")[0]
    data = [b.data for row in first.buttons for b in row]
    assert f"c:{digests.report_key(report)}:2:1" in data
    second = digests.render_contents([report], str, digests.report_key(report), "2", 1)[0]
    assert f"s:{digests.report_key(report)}:2.9" in [b.data for r in second.buttons for b in r]


def test_positions_from_old_buttons_are_clamped() -> None:
    report = written(SMALL)
    assert digests.passage(report, -5, 10**9).quote == report.text
    assert digests.passage(report, 10**9, 3).quote == ""


def test_of_several_reports_each_place_says_which_one_it_is_in() -> None:
    texts = [
        f"{title}\n一、改善伙食\n要办好社区食堂，让{who}吃好饭。\n"
        for title, who in (("关于后勤工作的通知", "老人"), ("关于敬老工作的意见", "大家"))
    ]
    found = [written(text) for text in texts]
    editions = [Edition(digests.report_key(report), report, ()) for report in found]
    answer = digests.Index.build(None, editions).search("社区食堂")
    reports = {one.key: one.report for one in editions}
    (page,) = digests.render_hits(answer, "社区食堂", reports, Texts().translate("zh-Hans"))
    lines = check_page(page)["text"].splitlines()
    titles = tuple(f"2  一（{report.title}）" for report in found)
    assert any(line.startswith(titles) for line in lines)


def test_lines_broken_at_a_width_flow_together() -> None:
    line = "各村要在汛期到来之前检查山塘水库和排水沟渠，发现隐患马上报告镇里并安排人员值守，"
    text = (
        "关于防汛的通知\n一、检查\n" + "\n".join([line] * 9) + "\n不得拖延。\n二、值班\n" + line * 2
    )
    report = written(text)
    one = Edition(digests.report_key(report), report)
    translate = Texts().translate("zh-Hans")
    (page, *_) = digests.render_section(report, report.sections[0], translate)
    assert f"{line}{line}" in check_page(page)["text"]
    (page,) = digests.render_digest(digests.compose([one], date(2026, 7, 20)), translate)
    quotes = list(quotes_of(page))
    assert all("\n" not in quote.strip() for quote in quotes)
    assert re.sub(r"\s", "", quotes[0]) in re.sub(r"\s", "", text)


def test_among_several_reports_a_task_names_its_own() -> None:
    first = written(SMALL)
    second = written(SMALL.replace("云澜", "石溪").replace("7月17日", "7月18日"))
    editions = [
        Edition(digests.report_key(r), r, digests.extract_tasks(r)) for r in (first, second)
    ]
    found = digests.agenda(editions, date(2026, 7, 20))
    text = "".join(p.html for p in digests.render_tasks(found, str))
    alone = "".join(
        p.html for p in digests.render_tasks(digests.agenda(editions[:1], date(2026, 7, 20)), str)
    )
    day = first.issued_on
    assert day is not None
    assert f"（{day.day} Jul {day.year}）" in text
    assert f"（{day.year}-{day.month}-{day.day}）" not in alone


def test_what_comes_again_more_rarely_than_each_month_is_told_in_the_texts_own_words() -> None:
    text = SMALL.replace("要少开会", "各部门要每季度公布一次办理情况。要少开会")
    report = written(text)
    tasks = digests.extract_tasks(report)
    one = Edition(digests.report_key(report), report, tasks)
    translate = Texts().translate("zh-Hans")
    pages = digests.render_tasks(digests.agenda([one], date(2026, 7, 20)), translate)
    said = "".join(page.html for page in pages)
    assert "公布一次办理情况 · “每季度”" in said
    assert "每月" not in said
