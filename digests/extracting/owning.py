"""Whom a sentence makes answer for the work: 各级党委, 市级各部门, 纪委 …"""

from digests.patterns import Pattern

_BODY = (
    r"(?:党委|政府|党组|部门|委员会|办公室|办公厅|单位|机关|机构|组织|工委|专班|局|厅|署|处|院|纪委|监委|委办|书记|负责人|领导干部|党员干部|"
    r"居委会|村委会|企业|街道办事处|街道|乡镇|镇街|村社|各地|各级|各县\(市、区\)|区、县\(市\)(?:委书记|党委和人民政府|人民政府|党委|委)?|各区县市?|学校|医院|教育部|财政部|[一-鿿]{2,6}部)"
)
_NAME = rf"[一-鿿“”()]{{0,16}}?{_BODY}(?:\([^)]{{1,12}}\))?"
_AGENT = Pattern(
    rf"(?:^|[,;:。]|[”])(?:[一二三四五六七八九十]+是)?(?P<who>(?:{_NAME}(?:、|和|及|以及|与))*{_NAME})(?:都|也|还)?"
    r"(?:要(?!求|素|件)|应当?(?!用|对|急|变)|必须|须|务必|负责|牵头)"
)
_LISTED = Pattern(
    r"\((?P<who>[一-鿿、,]{2,120}?)(?:等)?(?:按职责分工)?(?:牵头|负责|配合|参与|按)[^)]{0,40}\)|(?:牵头|责任)(?:单位|部门)[:](?P<list>[一-鿿、,]{2,120})"
)
_CUT = Pattern(r"、|,|和|以及|及|与")


def owners(words: str) -> tuple[str, ...]:
    """The bodies that a folded sentence charges, in order, each once.

    >>> owners("各级党委要把换届作为重大任务来抓,各级组织部门、民政部门要加强研判;纪委要牵头建立机制。")
    ('各级党委', '各级组织部门', '民政部门', '纪委')
    """
    words = _ARTICLE.sub("", words)
    found: list[str] = []
    for match in (*_AGENT.finditer(words), *_LISTED.finditer(words)):
        who = match.groupdict().get("who") or match.groupdict().get("list") or ""
        for name in _split(who):
            if _is_body(name) and name not in found:
                found.append(name)
    return tuple(name.translate(_WIDE) for name in found)


_ARTICLE = Pattern(
    r"^\s*第[一二三四五六七八九十百零\d]+[条款]\s*|^[((][一二三四五六七八九十\d]{1,3}[))]\s*"
)
_LONGEST = 20


def _is_body(name: str) -> bool:
    return 1 < len(name) <= _LONGEST and not name.startswith(("我们", "这", "并", "对"))


_WIDE = str.maketrans("()", "（）")


def _split(who: str) -> list[str]:
    kept = who.replace("区、县", "区\0县")  # one body, not two
    return [part.replace("\0", "、").strip("“” ") for part in _CUT.split(kept) if part]
