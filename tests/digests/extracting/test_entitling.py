"""A task's title names the matter in the sentence's own words."""

import pytest

import digests
from digests.chinese import fold
from digests.extracting.entitling import LONGEST, shortened, title_of


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("要全力做好防汛防台工作，台汛期内严格值班。", "防汛防台"),
        ("一是要加快推进园区建设。", "加快推进园区建设"),
        ("第八条　县级以上人民政府应当建立协调机制，明确分工。", "建立协调机制"),
        ("围绕群众关切，聚焦急难愁盼，新建改建幼儿园12所。", "新建改建幼儿园12所"),
        ("对口头提出的事项，有关单位应当如实记录。", "对口头提出的事项，如实记录"),
        ("办公室收到申请，应当予以登记，并告知期限。", "办公室收到申请，予以登记"),
        ("按照统一部署和要求，努力推进乡镇改革试点。", "推进乡镇改革试点"),
        ("做好今年政府工作，必须坚持实干为先。", "坚持实干为先"),
        (
            "(c) Training shall be provided within 30 days.",
            "training shall be provided within 30 days",
        ),
        ("补短板不是马上能补齐的，必须分析透、下大力气去抓。", "分析透、下大力气去抓"),
        (
            "Agencies shall publish an inventory, and keep it.",
            "agencies shall publish an inventory",
        ),
    ],
)
def test_a_title_is_the_verb_with_its_object(text: str, title: str) -> None:
    words = fold(text).text

    assert "，".join(words[start:end] for start, end in title_of(words, None)) == title


def titles(body: str) -> list[str]:
    text = f"某市工作方案\n一、任务\n{body}\n某市办公室  2025年1月7日印发\n"
    return [t.title for t in digests.extract_tasks(digests.parse(text.encode(), "a.txt"))]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("推进征收攻坚，确保6月底前完成旧桥拆除。", "完成旧桥拆除"),
        ("年底前，各街道要完成河道清淤。", "完成河道清淤"),
        ("12家企业已有3家落户，年底前将全部开工建设。", "12家企业全部开工建设"),
        ("各部门要抓住机会，一个月一个月地抓。", "一个月一个月地抓"),
    ],
)
def test_a_title_leaves_out_who_and_by_when(text: str, title: str) -> None:
    assert titles(text) == [title]


def test_a_sentence_that_only_points_is_named_by_its_heading() -> None:
    assert titles("这项工作要在年底前完成。") == ["任务"]


@pytest.mark.parametrize("text", ["重点做好十方面工作。", "（四）其他应当报告的事项。"])
def test_what_only_opens_or_closes_a_list_is_no_task(text: str) -> None:
    assert titles(text) == []


def test_titles_and_owners_stand_as_they_are_printed() -> None:
    text = "某縣計畫\n一、任務\n主管機關應訂定防災計畫。\n縣府應督導推動。\n"

    first, *_ = digests.extract_tasks(digests.parse(text.encode(), "a.txt"))

    assert (first.title, first.owners) == ("訂定防災計畫", ("主管機關",))


def test_what_is_cut_from_a_title_stood_at_its_beginning() -> None:
    assert titles("民主评议一般每年进行一次。") == ["民主评议一般每年进行一次"]


def test_a_long_title_is_cut_and_says_so() -> None:
    cut = shortened("统筹推进城乡供水一体化改造和农村生活污水治理以及老旧管网更新三大工程")

    assert cut.endswith("…")
    assert len(cut) <= LONGEST


@pytest.mark.parametrize(
    ("text", "owners"),
    [
        ("公园和广场管理机构应当加强巡查。", ("公园和广场管理机构",)),
        ("建设单位或者个人应当按时报备。", ("建设单位", "个人")),
        ("各级纪委的领导同志要带头执行规定。", ("各级纪委的领导同志",)),
        ("市、县级政府要落实责任。", ("市、县级政府",)),
        ("第十二条 申请人应当如实说明情况。", ("申请人",)),
        ("各省区市要按期报送总结。", ("各省区市",)),
        ("主管部门及其他有关单位要配合检查。", ("主管部门", "其他有关单位")),
        ("我们要落实企业负责人责任。", ()),
    ],
)
def test_whoever_is_named_before_the_order_answers_for_it(
    text: str, owners: tuple[str, ...]
) -> None:
    body = f"某市工作方案\n一、任务\n{text}\n某市办公室  2025年1月7日印发\n"

    [task] = digests.extract_tasks(digests.parse(body.encode(), "a.txt"))

    assert task.owners == owners


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("各县要在6月底前完成排查，12月底前完成整改。", ["完成排查", "完成整改"]),
        ("2025年6月底前完成排查；2026年6月底前建成系统。", ["完成排查", "建成系统"]),
        ("要在3月底前、6月底前分别报送一次。", ["分别报送一次"] * 2),
        ("应当自收到申请之日起五日内作出决定。", ["作出决定"]),
        ("隐患一般的，应当在五日内排除；隐患重大的，应当在五日内上报。", ["隐患一般的，在五日内排除", "隐患重大的，在五日内上报"]),
        ("扎实做好“三农”工作。", ["做好“三农”工作"]),
        ("要坚持“预防为主，防治结合”方针。", ["坚持“预防为主，防治结合”方针"]),
        ("全镇卫生所重建，预计2025年8月完工。", ["全镇卫生所重建，2025年8月完工"]),
    ],
)  # fmt: skip
def test_each_time_of_a_sentence_has_the_title_of_its_own_clause(
    text: str, named: list[str]
) -> None:
    assert titles(text) == named


def test_each_part_of_a_sentence_charges_its_own_bodies() -> None:
    text = "某市方案\n一、任务\n6月底前，各县（市、区）要完成摸底；9月底前，市直部门要完成审核；年底前，全面完成。\n某市办公室  2025年1月7日印发\n"

    found = digests.extract_tasks(digests.parse(text.encode(), "a.txt"))

    assert [t.owners for t in found] == [("各县（市、区）",), ("市直部门",), ("市直部门",)]
