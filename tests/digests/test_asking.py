"""Any way in which people ask finds the passage; what is not there is not found."""

import pytest

import digests
from digests import Answer, Index
from digests.searching.shadowing import shadow

TOWN = """石桥镇人民政府工作报告
一、过去一年的工作
（一）经济稳步向好。全镇生产总值增长6.1%，新增规上企业4600余家次服务。落实稳粮、稳价、稳岗、稳链、稳心五项举措，市场预期好转。
（二）民生持续改善。下派三千二百名干部进村入户，发放助餐补贴80000元。
二、今年的主要任务
（一）建设平安石桥。出户遛犬应当束犬链，由成年人牵领；不得随地便溺，违者由镇综合执法队处五十元罚款。城乡公交已通到每个村，石桥城际线六月底前开通。
（二）完善公共服务。落实六大保障体系，健全养老服务体系、医疗卫生体系、社会救助体系、公共教育体系、住房保障体系和文化服务体系。
（三）推进集镇更新。本报告所称集镇更新，是指对老街、老桥、老厂房的修缮和再利用。集镇更新要尊重居民意愿。
三、补助标准
（一）独居老人每人每月补助300元。
（二）一户一表改造每户补助1200元。
"""

CODE = """Guidance on Shared Code
1. Inventories
Each agency must update its inventory within 120 days of publication. The inventory shall list custom-developed code.
2. Licensing
When agencies release code as open source software, they shall append appropriate licenses.
3. Platforms
Agencies should utilize existing third-party platforms where a common baseline of security is met.
"""


@pytest.fixture(scope="module")
def town() -> Index:
    return Index.build(None, [digests.parse(TOWN.encode(), "town.txt")])


@pytest.fixture(scope="module")
def code() -> Index:
    return Index.build(None, [digests.parse(CODE.encode(), "code.md")])


def first(answer: Answer) -> str:
    return answer.hits[0].quote if answer.hits else ""


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("四千六百家企业", "4600余家"),
        ("3200名干部", "三千二百名"),
        ("八万元", "80000元"),
        ("6.1个百分点", ""),
        ("百分之六点一", "6.1%"),
        ("补贴8万", "80000元"),
    ],
)
def test_numbers_are_found_in_any_writing(town: Index, query: str, words: str) -> None:
    assert words in first(town.search(query))


@pytest.mark.parametrize("query", ["五稳", "六大体系是什么", "六个保障体系"])
def test_a_slogan_is_explained_where_its_things_are_listed(town: Index, query: str) -> None:
    assert first(town.search(query)).count(query[1] if len(query) == 2 else "体系") >= 5


@pytest.mark.parametrize("query", ["八大体系", "七稳", "四个精准是什么"])
def test_a_slogan_that_counts_otherwise_is_not_found(town: Index, query: str) -> None:
    assert town.search(query).hits == ()


@pytest.mark.parametrize("query", ["什么是集镇更新", "集镇更新指的是什么", "集镇更新是什么意思"])
def test_the_passage_that_explains_a_term_comes_first(town: Index, query: str) -> None:
    assert "是指" in first(town.search(query))


@pytest.mark.parametrize(
    "query",
    ["遛狗要拴绳子吗", "请问一下我们镇里遛狗的时候具体有什么要求", "狗可以不拴绳子吗"],
)
def test_everyday_speech_finds_official_prose(town: Index, query: str) -> None:
    answer = town.search(query)
    assert "犬链" in first(answer)
    assert answer.is_question


def test_a_sentence_that_shares_only_characters_is_no_strict_hit(town: Index) -> None:
    answer = town.search("随地大小便罚多少钱")
    assert "便溺" in first(answer)
    assert not answer.strict


@pytest.mark.parametrize(
    "query", ["公交票价", "地铁几点收班", "学区房", "电动车进电梯", "量子计算"]
)
def test_what_is_not_there_is_at_most_near(town: Index, query: str) -> None:
    assert town.search(query).hits == ()


def test_what_is_near_is_named_in_full(town: Index) -> None:
    answer = town.search("轻轨票价")
    assert "石桥城际线" in answer.suggestions or "城际线" in str(answer.suggestions)


def test_an_article_is_shown_with_its_first_sentence() -> None:
    law = "某市某某条例\n第一条 鼓励和保护公民采取合法、适当的方式实施见义勇为。市人民政府应当对见义勇为人员予以表彰。\n第二条 本条例自公布之日起施行。"
    index = Index.build(None, [digests.parse(law.encode(), "law.txt")])
    assert first(index.search("见义勇为")).endswith("予以表彰。")
    assert "适当的方式" in first(index.search("见义勇为"))


def test_a_figure_below_the_heading_that_names_it_is_found() -> None:
    rule = "某某补贴办法\n第一章 赡养老人\n第一条 按照以下标准发放：\n（一）独生子女家庭每月2000元；\n（二）其他家庭每月1000元。\n第二章 住房租金\n第二条 每月发放800元。"
    index = Index.build(None, [digests.parse(rule.encode(), "rule.txt")])
    assert any("2000元" in hit.quote for hit in index.search("赡养老人 多少钱").hits)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("open source", "open source"),
        ("third-party platforms", "third-party"),
        ('"common baseline"', "common baseline"),
        ("120 days", "120 days"),
        ("license", "licenses"),
        ("licencing", "licenses"),
        ("invetory", "inventory"),
        ("when must the inventory be updated", "120 days"),
        ("ＩＮＶＥＮＴＯＲＹ", "inventory"),
    ],
)
def test_english_is_asked_in_english(code: Index, query: str, words: str) -> None:
    assert words in first(code.search(query))


@pytest.mark.parametrize(
    "query", ["blockchain", "budget deficit", "xqzjk", "source control deficit"]
)
def test_english_that_is_not_there_finds_nothing(code: Index, query: str) -> None:
    assert code.search(query).hits == ()


PLAN = """某某市工作意见
一、落实“四张清单”，推进“一日办结”，建设“无废城市”，坚持“五位一体”，深化“枫溪经验”。
二、发展“直播经济”，推行“多规合一”，加强普惠托育服务。
"""


@pytest.fixture(scope="module")
def plan() -> Index:
    return Index.build(None, [digests.parse(PLAN.encode(), "plan.txt")])


@pytest.mark.parametrize(
    ("query", "word"),
    [
        ("四清单", "四张清单"),
        ("一日结", "一日办结"),
        ("直经济", "直播经济"),
        ("多合一", "多规合一"),
        ("五位体一", "五位一体"),
        ("五位的一体", "五位一体"),
        ("无非城市", "无废城市"),
        ("普惠拖育服务", "普惠托育服务"),
        ("四张单", "四张清单"),
    ],
)
def test_one_slip_is_mended(plan: Index, query: str, word: str) -> None:
    answer = plan.search(query)
    assert answer.read_as == word
    assert word in shadow(first(answer))
