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
    rf"(?:[一二三四五六七八九十]+是)?(?:但|同时|前项[一-鿿]{{0,8}}应由)?(?P<who>(?:(?:{_NAME}|[省市县区乡镇](?=、)){_JOINED})*{_NAME})(?:都|也|还)?"
    r"(?:要(?!求|素|件)|应当?(?!用|对|急|变|由)|必须|须|务必|负责|牵头)"
)
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
    for pattern, group in ((_AGENT, "who"), (_LISTED, "who"), (_LISTED, "list")):
        for match in pattern.finditer(words):
            for start, end in _split(words, *match.span(group)):
                name = words[start:end]
                if _is_body(name):
                    found.setdefault(name, (start, end))
    return tuple(found.values())


def _split(words: str, start: int, end: int) -> Iterator[Span]:
    """The names in a list; 和 parts two of them only where one ends before it (not 公园和广场管理机构)."""
    at = start
    while start >= 0 and (cut := _CUT.search(words, at, end)):
        at = cut.end()
        listed = cut.group() in "、,"
        level = cut.start() - start == 1  # 市、县级政府
        if (
            level
            or words[cut.start() - 1 : at + 1] == "区、县"
            or not (listed or _WHOLE.fullmatch(words[start : cut.start()]))
        ):
            continue
        yield _trimmed(words, start, cut.start())
        start = at
    if start >= 0:
        yield _trimmed(words, start, end)


def _trimmed(words: str, start: int, end: int) -> Span:
    while start < end and words[start] in "“” ":
        start += 1
    while end > start and words[end - 1] in "“” ":
        end -= 1
    return start, end


def _is_body(name: str) -> bool:
    return 1 < len(name) <= _LONGEST and not name.startswith(("我们", "这", "并", "对"))
