"""Does a passage look back or ahead? Past facts are no tasks, whatever their mood.

First by section: a heading such as “2023年工作回顾” makes everything under it review; where headings
say nothing, a work report's own cues (“一年来”, “今年工作的总体要求”) do. Then by sentence.
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
    if year and anchor.day:
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


# ---- sentences -----------------------------------------------------------------------------

_PAST = Pattern(
    r"已(?!知|然)|(?<![为除罢])了(?![解如却然结望])"
    r"|累计|去年|前年|上年|昨天|刚刚|(?<!不)曾(?!祖)|同比|以来(?!,要)|[一二三五几多]年来|近年来|过去的?[一二两三五]|[圆成]功[举夺创]|不断彰显|业于|受到.{0,14}处分|被(?:判处|免职|撤职|移送|开除)"
)


def is_past(clause: str) -> bool:
    """Whether a folded clause tells what has happened.

    >>> is_past("昨天,市里召开了动员会"), is_past("要抓好落实")
    (True, False)
    """
    return bool(_PAST.search(clause))


_MUST = Pattern(
    r"(?:^|[,;:、。\s“])(?:我们|各[^,;]{0,14}|全[市省县区国][^,;]{0,16}|[^,;]{0,14}(?:党委|政府|部门|组织|单位|干部|纪委|同志|机关|机构|党员|书记))?(?:都|还|也|就|又|更)?要(?!求|素|件|点|么|闻|不是)"
    r"|必须|务必|确保|力争|应当|不得|严禁|禁止|须(?!知)|责令|应(?:依法|按照|及时|在|于|由|将|明确|建立|当)|总的要|都要|还要|要[把以在坚加切全着进抓强牢深严认继持立科积充]|(?<![纳列加投深进])(?:请|希望)各"
    r"|[一-鿿]{2,16}(?:委|局|厅|部|办|院|会|社|团)要(?![求素点件闻])|牵头(?:组织|负责|会同|制定)|做好协调配合|搞好协调配合"
    r"|[^,;]{2,20}(?<![主重需必纪摘])要(?:如期|按期|按时|尽快|全面|基本|率先|提前|建成|投产|完成|实现|自觉)"
    r"|[^,;]{2,16}将(?:定期|继续|进一步|全面|重点|着力|大力|加快|组织|开展|启动|实施|推出|举办|出台)"
    r"|(?:机关|机构|单位|部门|政府|组织|[县市本]府|人员|业者|委员会|学校|医院|[局处])应(?![用对急变届聘答付邀])"
    r"|\b(?:shall|must|should|will|need to|needs to)\b"
)
_VERBS = (
    "坚持|坚决|坚定|强化|加强|加快|加大|加速|推进|推动|推行|推广|深化|深入|完善|健全|建立|建设|建成|建好|落实|严格|严控|严守|严厉|开展|实施|"
    "打造|打好|打赢|打响|打通|优化|提升|提高|提标|抓好|抓实|抓紧|抓住|做好|做强|做大|做优|做实|办好|扩大|培育|培养|支持|鼓励|引导|促进|保障|保持|保护|争取|争创|"
    "全面|全力|大力|着力|努力|切实|扎实|认真|积极|进一步|持续|继续|统筹|聚焦|紧盯|紧扣|突出|围绕|巩固|拓展|防范|化解|守住|筑牢|压实|整治|打击|治理|弘扬|构建|探索|创新|发展|"
    "发挥|用好|用足|规范|制定|出台|启动|完成|新建|改造|谋划|创建|引进|招引|盘活|高质量|高水平|高标准|高效|稳步|有序|有效|常态化|牢牢|牢固|始终|增强|拓宽|畅通|丰富|普及|关心|关爱|重视|注重|"
    "压减|淘汰|取消|降低|减少|严禁|杜绝|稳妥|稳定|稳住|以.{1,24}为|把|对|将|让|使|充分|广泛|精准|科学|主动|依法|依托|根据|按照|加|扶持|扶优|组织|协调|协同|配合|衔接|对接|"
    "实现|实行|严|创|强|抓|做|办|建|推|促|防|稳|新增|新开|开工|开通|开放|开发|整合|整顿|集中|合理|适时|尽快|逐步|力促|助力|激发|释放|挖掘|汇聚|凝聚|树立|宣传|讲好|擦亮|唱响|繁荣|传承|筹办|举办|"
    "倡导|服务|满足|提供|提请|提倡|补齐|补强|解决|消除|确立|明确|设立|成立|组建|编制|修订|修复|修缮|研究|试点|试行|带动|牵引|联动|融入|参与|承接|承办|兑现|完备|理顺|厘清|放开|放宽|简化|精简|缩短|"
    "如期|按期|按时|定期|管好|管住|管控|监督|检查|督促|督查|督导|考核|评估|排查|查处|惩治|问责|净化|美化|绿化|亮化|净|清理|清退|清除|关停|拆除|疏浚|疏解|疏通|调整|调动|调优|转变|转化|转型|升级|扭转|遏制|控制|节约|集约|循环|"
    "立足|着眼|着重|坚守|坚守|铸牢|筑|夯实|厚植|练好|锻造|锤炼|涵养|树牢|扛起|担当|勇于|敢于|善于|带头|模范|自觉|时刻|永远|真正|更加|更好|切|一体|一以贯之|驰而不息|锲而不舍|毫不|决不|绝不|同时,|此外,|特别要|特别是要|重点"
)
_IMPERATIVE = Pattern(
    rf"^[“\"(\s]{{0,4}}(?:[一二三四五六七八九十]{{1,3}}是|第[一二三四五六七八九十]{{1,3}},|[((]?\d{{1,2}}[)).、]|[①-⑳])?\s{{0,3}}(?:{_VERBS})"
)
_STATEMENT = Pattern(
    r"^(?:这|那|该|此|本|其中|这些|目前|当前形势|总的看|实践|事实|历史|经验|特别是)?[^,;]{0,40}(?<![就都还但也总若凡要既可于只而正便算或即])是(?!否|指)(?![^,;]{0,12}任务)"
)
_IF = Pattern(r"如果|假如|倘若|我们也在估算")
_QUOTED = Pattern(r"(?:指出|强调|讲话中|提出|说)[,:]?[“\"「]")
_MEETING = Pattern(
    r"(?:请|提请|将要?|一并|现).{0,24}审议|讨论决定|向大会|(?:我|现在).{0,30}报告工作|请予|请.{0,20}提出意见|讲几点|列席"
)


_EXPLAINS = Pattern(
    r"意味着|前所未有|具有.{0,12}意义|至关重要|是[^,;]{0,40}的(?:重要|必然|根本|内在|客观|关键|核心|基础|本质|主要|首要|应有|最|有力|具体)"
)


_LEADS_IN = Pattern(
    r"[^,;。]{0,24}(?:抓好|做好|把握好?|坚持好?|突出|推进|实施|落实|处理好)(?:以下|如下|这)?[“]?[一二三四五六七八九十\d]+(?:个|大|项|方面|件|点|条)[^,;。“]{0,8}[”]?(?:工作|重点|任务)?[:。]"
    r"|[(]?[一二三四五六七八九十\d]{0,3}[).、]?其[他它][^,;。]*的[^,;。]*[。;]?$|[^,;]{2,20}是[^,;]{2,24},是必须[^,;]*的[^,;]*。$"
)
"""A sentence that only opens a list (重点做好十方面工作), its last item (其他应当报告的事项), a statement."""


def is_directive(sentence: str) -> bool:
    """Whether a folded sentence tells somebody to do something.

    >>> is_directive("要全力做好防汛防台工作"), is_directive("扎实办好各项民生事业"), is_directive("这是大事")
    (True, True, False)
    """
    if _IF.search(sentence) or _QUOTED.search(sentence) or _MEETING.search(sentence):
        return False
    if re.match(r"昨天|前天|日前|近日|让我们|打铁", sentence) or is_agenda(sentence):
        return False
    if _LEADS_IN.match(sentence):
        return False
    if sentence.endswith(":") and len(sentence) < 40:  # noqa: PLR2004 -- it only opens a list
        return False
    if _MUST.search(sentence):
        return True
    return bool(_IMPERATIVE.match(sentence)) and not _EXPLAINS.search(sentence)


_AGENDA = Pattern(
    r"(?:会议|全会|大会)的?.{0,6}(?:任务|议程)是|提请审议|现将.{0,60}(?:(?:报告|通知|公布|公告|安排)如下|印发)"
)


def is_agenda(sentence: str) -> bool:
    """Whether a folded sentence tells what a meeting is for."""
    return bool(_AGENDA.search(sentence))


def is_statement(clause: str) -> bool:
    """Whether a folded clause says what something is (今年是开局之年), not what to do."""
    return bool(_STATEMENT.match(clause))
