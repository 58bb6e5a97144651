"""Whom a sentence makes answer for the work: 各级党委, 市级各部门, 纪委 …"""

from collections.abc import Iterator

from digests.patterns import Pattern

_BODY = (
    r"(?:党委|政府|党组|部门|委员会|办公室|办公厅|单位|机关|机构|组织|工委|专班|局|厅|署|处|院|纪委|监委|委办|书记|负责人|领导干部|党员干部|领导同志|负责同志|"
    r"居委会|村委会|企业|街道办事处|街道|乡镇|镇街|村社|各地区?|各级|各县\(市、区\)|区、县\(市\)(?:委书记|党委和人民政府|人民政府|党委|委)?|各区县市?|学校|医院|教育部|财政部|"
    r"个人|协会|公司|银行|法人|业者|经营者|开发者|经纪业|[县市本]府|从业人员|工作人员|主管机关|[一-鿿]{2,6}部)"
)
_NAME = rf"[一-鿿“”()]{{0,16}}?{_BODY}(?:\([^)]{{1,12}}\))?"
_JOINED = r"(?:、|和|及|以及|与|或者?)"
_AGENT = Pattern(
    r"(?:^(?:\s*第[一二三四五六七八九十百零\d]+[条款]\s*|[((][一二三四五六七八九十\d]{1,3}[))]\s*)?|[,;:。”])"
    rf"(?:[一二三四五六七八九十]+是)?(?:但|同时|前项[一-鿿]{{0,8}}应由)?(?!第)(?P<who>(?:(?:{_NAME}|[省市县区乡镇](?=、)){_JOINED})*{_NAME})(?:都|也|还)?"
    r"(?:要(?!求|素|件)|应当?(?!用|对|急|变|由)|必须|须|务必|负责(?!人|同志)|牵头)"
)
_ENDS = (
    r"(?:各省区市|各地|地区|地方|双方|甲方|乙方|法院|检察院|专家|[经营开发使用从业管理生产销售持有承包投资消费]者|业者|[开发承包经销供应运营服务制造]商|农户|住户|用户|商户"
    r"|人员|党员|委员|队员|官员|雇员|会员|教师|[市县区镇乡村局校院厅部处科组]长|[申请承办负责纳税当事委托代理举报投诉]人|代表人|合作社|出版社|旅行社|村社|银行|平台|业主"
    r"|研究所|派出所|交易所|事务所|中心|服务站|指挥部|工作组|领导小组|工会|妇联|共青团|理事会|监事会|商会|学会|基金会|[一-鿿]{2}[市县省州盟旗])"
)
_NO_AGENT = r"(?!第|我们|这|那|该项|此|其中|在|对|把|以|为了|从|按|由于|因|通过|经|凡|如|同时|并|也|特别|总的|都|不|今年|明年|当前|重点|下一步|进一步|全市|全省|全县|全区|我[市省县区]|建设|推进|加强|完善|构建|打造|提升|服务)"
_SUBJECT = Pattern(
    r"(?:^(?:\s*第[一二三四五六七八九十百零\d]+[条款]\s*|[((][一二三四五六七八九十\d]{1,3}[))]\s*)?|[,;:。”])"
    rf"{_NO_AGENT}(?P<who>[一-鿿、]{{0,14}}?{_ENDS})(?:都|也|还|均)?(?<![重主需必])(?:要(?![求素点件闻])|应当?(?![用对急变届聘付])|必须|须(?!知)|务必)"
)
"""Anybody who is named before 要 or 应当, when the words end like somebody."""
_LISTED = Pattern(
    r"\((?P<who>[一-鿿、,]{2,120}?)(?:等)?(?:按职责分工)?(?:牵头|负责|配合|参与|按)[^)]{0,40}\)|(?:牵头|责任)(?:单位|部门)[:](?P<list>[一-鿿、,]{2,120})"
)
_CUT = Pattern(r"、|,|以及|或者|和|及|与|或")
_WHOLE = Pattern(rf"[一-鿿()“”]*{_BODY}(?:\([^)]{{1,12}}\))?")
_LONGEST = 20

Span = tuple[int, int]


def owners(words: str) -> tuple[Span, ...]:
    """Where the bodies stand that a folded sentence charges, in order, each once.

    >>> words = "各级党委要把换届作为重大任务来抓,各级组织部门、民政部门要加强研判;纪委要牵头建立机制。"
    >>> [words[a:b] for a, b in owners(words)]
    ['各级党委', '各级组织部门', '民政部门', '纪委']
    """
    found: dict[str, Span] = {}
    for pattern, group in ((_AGENT, "who"), (_SUBJECT, "who"), (_LISTED, "who"), (_LISTED, "list")):
        for match in pattern.finditer(words):
            for start, end in _split(words, *match.span(group)):
                name = words[start:end]
                if _is_body(name):
                    found.setdefault(name, (start, end))
    return tuple(found.values())


_CHARGE = Pattern(r"\s*\((?P<list>[^()]{2,400}(?:\([^()]{1,20}\)[^()]{0,200}){0,3})\)[。;]?\s*")
_CHARGED = Pattern(r"负责|牵头|配合|责任(?:单位|部门)")  # a bracket of names alone may be anything
_ROLES = Pattern(
    r"(?:共同)?(?:牵头|责任|配合|主办|协办|参与|参加)(?:单位|部门|领导|人)?[::]|(?:各?按(?:照)?(?:各自)?职责(?:分工)?)?(?:分别|共同|会同)?"
    r"(?:牵头(?:负责)?|负责(?:落实|推进|实施)?|配合|参与|落实)(?=[,;、]|$)|等(?=[和及与、,;按]|$)|(?<=等)[和及与]|[、,;。]"
)


def charged(words: str) -> tuple[Span, ...] | None:
    """Where the bodies stand in a bracket that closes an item; None: it is no such bracket.

    >>> words = "(农业农村部、商务部等和各有关省级人民政府按职责分工负责)"
    >>> [words[a:b] for a, b in charged(words) or ()]
    ['农业农村部', '商务部', '各有关省级人民政府']
    >>> charged("(见附件)") is None
    True
    """
    bracket = _CHARGE.fullmatch(words)
    if bracket is None or not _CHARGED.search(words):
        return None
    start, end = bracket.span("list")
    between = [match.span() for match in _ROLES.finditer(words[start:end])]
    begins = [start, *(start + last for _first, last in between)]
    ends = [*(start + first for first, _last in between), end]
    names = (_trimmed(words, a, b) for a, b in zip(begins, ends, strict=True))
    return tuple((a, b) for a, b in names if _is_body(words[a:b]))


def _split(words: str, start: int, end: int) -> Iterator[Span]:
    """The names in a list; 和 parts two of them only where one ends before it (not 公园和广场管理机构)."""
    at = start
    while start >= 0 and (cut := _CUT.search(words, at, end)):
        at = cut.end()
        listed = cut.group() in "、,"
        level = cut.start() - start == 1  # 市、县级政府
        within = words.count("(", start, cut.start()) > words.count(")", start, cut.start())
        if (
            level
            or within  # 各县(市、区)
            or words[cut.start() - 1 : at + 1] == "区、县"
            or not (listed or _WHOLE.fullmatch(words[start : cut.start()]))
        ):
            continue
        yield _trimmed(words, start, cut.start())
        start = at
    if start >= 0:
        yield _trimmed(words, start, end)


def _trimmed(words: str, start: int, end: int) -> Span:
    while start < end and words[start] in "“” 由经其" and words[start : start + 2] != "其他":
        start += 1
    while end > start and words[end - 1] in "“” ":
        end -= 1
    return start, end


_NOBODY = Pattern(r"我们|健全|这|并|对|要|强化|加强|建立|正确|完善|推进|依法")


def _is_body(name: str) -> bool:
    return 1 < len(name) <= _LONGEST and not _NOBODY.match(name)
