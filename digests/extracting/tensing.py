"""Does a passage look back or ahead? Past facts are no tasks, whatever their mood.

First by section: a heading such as “2023年工作回顾” makes everything under it review; where headings
say nothing, a work report's own cues (“一年来”, “今年工作的总体要求”) do.
"""

import re
from bisect import bisect_right
from dataclasses import dataclass
from enum import StrEnum

from digests.chinese import fold
from digests.dating.moments import Anchor, anchor_of, is_plan, is_statistics, is_work_report
from digests.extracting.passages import is_title
from digests.patterns import Pattern
from digests.report import Report, Section


class Tense(StrEnum):
    """Where a passage looks."""

    BACK = "back"
    AHEAD = "ahead"
    MIXED = "mixed"  # a heading that announces both: the report's cues decide
    OPEN = "open"  # says nothing of itself: the sentence decides
    ASIDE = "aside"  # glossaries, notes: no text of the document's own


_AHEAD = Pattern(
    r"major tasks|targets|recommendations|priorities|work for|目标|任务|安排|总体要求|总体思路|部署|打算|展望|下一步|今后|未来|要求|举措|措施|保障|指导思想|思路"
    r"|(?:做好|奋力|全力|着力|努力|确保|加快|推动|全面推进|扎实|切实|坚决|坚定).{0,30}"
)
_BACK = Pattern(
    r"回顾|(?:工作|情况)总结|^总结|所做的|工作情况|(?:取得|获得).{0,14}(?:成绩|成就|进展|成效|胜利|突破|成果)|过去.{1,4}年|过去的"
    r"|(?<!未)[一二三四五两]年来|以来.{0,16}工作|历史性(?:成就|变革)|(?<=^)发展基础|发展(?:成就|成果)|主要(?:成效|成绩)"
    r"|现状|(?:困难和|存在的?.{0,4}|突出|主要)问题|面临的?.{0,6}(?:形势|挑战|困难|机遇)|发展环境|短板弱项"
    r"|的[一五]年$|review of|past (?:five )?years?|achievements in|执行情况|完成情况|落实情况|(?:上半年|前[一二三两]个?季度|[一二三]季度)的?.{0,4}工作$"
)
_ASIDE = Pattern(r"名词解释|名词注释|名词术语|相关名词|注释|^注[:：]?$|有关用语|解释说明")
_YEAR_WORK = Pattern(
    r"(20\d\d|19\d\d)年(?:的|政府|主要|全市|全省|我市|我省|国民经济和社会发展)*工作$|^(20\d\d|19\d\d)年[^,]{0,8}工作"
)


_EFFORT = Pattern(
    r"推动|努力|着力|力争|加快|促进|奋力|全力|确保|争取|实现|大力|积极|扎实|深入|在.{2,20}上"
)
_LOOKING = Pattern(r"回顾|年来|过去|问题|完成情况|执行情况")
_BOTH = Pattern(r"(?:回顾|总结).*(?:目标|任务|安排|部署|要求|打算|重点|思路)")


def tense_of_heading(heading: str, anchor: Anchor) -> Tense:
    """What a heading announces.

    >>> from datetime import date
    >>> [str(tense_of_heading(h, Anchor(date(2024, 1, 9)))) for h in ("2023年工作回顾", "主要任务", "总则")]
    ['back', 'ahead', 'open']
    """
    words = fold(heading).text
    if _ASIDE.search(words) or _BOTH.search(words):
        return Tense.ASIDE if _ASIDE.search(words) else Tense.MIXED
    back, ahead = _BACK.search(words), _AHEAD.search(words)
    year = _YEAR_WORK.search(words)
    if year and anchor.day and not _LOOKING.search(words):
        named = int(year.group(1) or year.group(2))
        return Tense.BACK if named < anchor.day.year else Tense.AHEAD
    if back and _EFFORT.match(words) and not _LOOKING.search(words):
        return Tense.AHEAD
    if _GLORY.search(words) or (back and not (ahead and _AIMS.search(words))):
        return Tense.BACK
    return Tense.AHEAD if ahead else Tense.OPEN


_GLORY = Pattern(r"(?:前进|奋进|辉煌|不凡|平凡)的.{0,4}年$")
_AIMS = Pattern(r"目标|任务|安排|部署|总体要求|解决|整治|化解|防范")


_BACK_CUE = Pattern(
    r"(?:过去的?(?:一|五|两|四|三)?年|[一五两三四]年来|(?:19|20)\d\d年(?:政府)?(?:工作)?(?:回顾|工作情况)|去年,?我们"
    r"|(?:工作|历程)回顾|回顾(?:过去|一年|五年|20)|存在(?:不少|一些|许多|的)?(?:困难|问题|差距)"
    r"|(?:困难|问题)(?:和|与)?(?:问题|挑战)?(?:依然|仍然|还)|清醒(?:地)?(?:看到|认识到))"
)
_AHEAD_CUE = Pattern(
    r"(?:今年|本届政府|今后[一五]|未来五年|下一步|(?:19|20)\d\d年)[^。]{0,24}"
    r"(?:总体要求|指导思想|总体思路|基本思路|预期目标|主要目标|工作安排|工作重点|重点(?:抓好|做好|工作)|基本要求|计划:|工作任务|主要任务|目标任务|工作建议|要(?:重点|着力|全力|突出|切实|做好))"
    r"|今年的?(?:政府)?工作[^。]{0,4}要|(?:指导思想|总体要求|主要预期目标|总体思路)是|(?:工作|任务)安排$|总的要求"
)


@dataclass(frozen=True, slots=True)
class Tenses:
    """The tense of every position of a report: ``starts[i]`` opens a stretch of ``values[i]``."""

    starts: tuple[int, ...]
    values: tuple[Tense, ...]

    def at(self, position: int) -> Tense:
        """The tense of the stretch a position lies in."""
        return self.values[max(0, bisect_right(self.starts, position) - 1)]


def tenses(report: Report, anchor: Anchor | None = None) -> Tenses:
    """The tense of every stretch of a report."""
    anchor = anchor or anchor_of(report)
    if is_statistics(report):
        return Tenses((0,), (Tense.BACK,))
    by_section = _by_section(report, anchor)
    yearly = is_work_report(report)
    if yearly:
        _weigh(report, by_section, anchor)
    marks = _stretches(report, by_section, Tense.MIXED if yearly else Tense.BACK)
    if yearly:
        marks = _by_cues(report, marks, anchor)
    elif is_plan(report) and not anchor.statute:
        marks = [(start, Tense.AHEAD if tense is Tense.OPEN else tense) for start, tense in marks]
    return Tenses(tuple(m[0] for m in marks), tuple(m[1] for m in marks))


def _announcement(report: Report, section: Section) -> str:
    """A title; of an item whose text runs on, what a heading would have said, "" if nothing."""
    if is_title(report, section):
        return section.heading
    if section.level > 1 or not section.label or section.label.endswith("条"):
        return ""
    return re.split(r"[<，。：:；]", section.heading)[0][:20]


def _by_section(report: Report, anchor: Anchor) -> dict[str, Tense]:
    found: dict[str, Tense] = {}
    for section in report.sections:
        own = tense_of_heading(_announcement(report, section), anchor)
        above = found.get(section.parent or "", Tense.OPEN)
        if above in (Tense.BACK, Tense.ASIDE, Tense.MIXED):
            # a subsection of a review stays one: “着力改善民生” there is what was done
            own = above
        elif own is Tense.OPEN or (
            own is Tense.BACK and above is Tense.AHEAD and section.level > 1 and not _firm(section)
        ):
            own = above
        found[section.address] = own
    return found


_FIRM_AHEAD = Pattern(
    r"目标|任务|安排|总体要求|部署|今年|重点工作|(?:19|20)\d\d年|下一步|今后|未来"
)
_DONE = Pattern(
    r"[一-鿿]了[^解,。;]|已|比上年|同比|比(?:19|20)\d\d年|累计|去年|一年来|五年来|过去|荣获|位居|跃居"
)
_TO_DO = Pattern(r"要|将|力争|确保|必须|到20[2-9]\d年|今年")


def _weigh(report: Report, found: dict[str, Tense], anchor: Anchor) -> None:
    """A level-1 section whose heading is a slogan looks back when its words do."""
    year = anchor.day.year if anchor.day else 9999
    for section in report.sections:
        if (
            section.level > 1
            or found.get(section.address) in (Tense.BACK, Tense.MIXED, None)
            or _FIRM_AHEAD.search(section.heading)
        ):
            continue
        body = report.text[section.heading_end : section.end]
        past_years = sum(
            1 for y in re.findall(r"(?<!\d)(?:19|20)\d\d(?=年)", body) if int(y) < year
        )
        done, to_do = len(_DONE.findall(body)) + past_years, len(_TO_DO.findall(body))
        if done > 2 * to_do and done > len(body) / 200:
            for below in report.sections:
                if below.address == section.address or below.address.startswith(
                    section.address + "."
                ):
                    found[below.address] = Tense.BACK


def _firm(section: Section) -> bool:
    return bool(re.search(r"回顾|问题|形势|年来|现状", section.heading))


def _stretches(
    report: Report, by_section: dict[str, Tense], after_review: Tense
) -> list[tuple[int, Tense]]:
    """Where each stretch begins; what follows a review before the next section still belongs to it."""
    edges: list[tuple[int, bool, int, Section]] = []
    for section in report.sections:
        edges.append((section.start, True, section.level, section))
        edges.append((section.end, False, -section.level, section))
    edges.sort(key=lambda edge: edge[:3])
    marks = [(0, Tense.OPEN)]
    for position, opens, _, section in edges:
        own = by_section.get(section.address, Tense.OPEN)
        above = by_section.get(section.parent or "", Tense.OPEN)
        if opens:
            marks.append((position, own))
        elif above is Tense.OPEN and own in (Tense.BACK, Tense.MIXED):
            marks.append((position, after_review))
        else:
            marks.append((position, above))
    return marks


def _by_cues(
    report: Report, marks: list[tuple[int, Tense]], anchor: Anchor
) -> list[tuple[int, Tense]]:
    """In stretches whose headings say nothing, follow the report's own cues sentence by sentence."""
    refined: list[tuple[int, Tense]] = []
    text = report.text
    current = Tense.OPEN
    for i, (start, tense) in enumerate(marks):
        refined.append((start, tense))
        end = marks[i + 1][0] if i + 1 < len(marks) else len(text)
        if tense is Tense.MIXED:
            refined[-1] = (
                start,
                current := current
                if current is Tense.AHEAD and i and marks[i - 1][1] is tense
                else Tense.BACK,
            )
        elif tense is not Tense.OPEN:
            current = tense if tense is not Tense.ASIDE else current
            continue
        elif current is Tense.AHEAD:  # after the plan comes no review
            refined[-1] = (start, current)
        if end - start < 2 or (start == 0 and end < 400):  # noqa: PLR2004 -- the preface before the first section
            continue
        for sentence in re.finditer(r"[^。！？\n]+", text[start:end]):
            cue = _cue(sentence.group(), anchor)
            if (
                cue
                and cue is not current
                and (current is not Tense.AHEAD or "回顾" in sentence.group())
            ):
                current = cue
                refined.append((start + sentence.start(), cue))
    return refined


def _cue(sentence: str, anchor: Anchor) -> Tense | None:
    if len(sentence) > 300:  # noqa: PLR2004 -- a list, not an announcement
        sentence = sentence[:120]
    if _AHEAD_CUE.search(sentence):
        year = re.search(r"(?:19|20)\d\d(?=年)", sentence)
        if not year or not anchor.day or int(year.group()) >= anchor.day.year:
            return Tense.AHEAD
    return Tense.BACK if _BACK_CUE.search(sentence[:60]) else None


def looks_back(report: Report, section: Section) -> bool:
    """Whether a section reviews what was done (回顾).

    It yields no tasks but clauses that look ahead, and is shown as review.
    """
    return tenses(report).at(section.start) is Tense.BACK
