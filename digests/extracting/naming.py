"""What a number measures: the noun before it (投资增长4%), or behind a count (27个重大项目)."""

import re

from digests.patterns import Pattern

_PIECE = Pattern(r"[、,;。:!?\n(]|(?<=[\d%元个名家项人亩户])(?:和|及|以及|与)")
_VERB = r"(?:(?:同比|环比|年均|分别|均|累计|预计|力争|确保|实现|完成|继续|保持|持续|比上年|比去年|将|已|约|近|超过|超|逾|突破|达到|达|至|到|为|在|由|从|仅|共|有|的|高达|稳定|控制|提高|上升|下降|增长|增加|减少|降低|缩短|压缩|占|居|列|位居|排名|不低于|不少于|不超过){1,6})$"
_TAIL_VERB = Pattern(_VERB)
_COMPARE = Pattern(
    r"(增长|下降|减少|增加|提高|降低|上升|占|翻|缩短|压减|提升|回落|增幅|降幅)[^一-鿿]*(?:到|至|了|为|达|约|近|超过?)?$"
)
_LEADS = Pattern(
    r"^(?:了|其中|同时|此外|今年|去年|全年|上半年|预计|目前|截至.{0,8}|\d{4}年|实现了|累计|先后|已|共|新|和|及|与|并|使|把|将|年内|到\d{4}年|力争|确保|实现){1,6}"
)
_COUNTING = frozenset(
    "个 项 条 座 所 处 名 位 批 次 场 种 类 套 台 辆 艘 家 户 件 起 部 大 支 例 只 头 株 张 份 人".split()  # noqa: SIM905 -- words in a line
)
_NOUN_END = Pattern(
    r"[,;。:、!?\n(”]|(?:和|及|与)(?=\d)|(?<=[一-鿿]{2})(?:投入|建成|开工|落户|签约|投产|完成|实现|驰援|进驻|以上)"
)


_NEAR = 120
"""What a number measures stands this near, if anywhere."""


def measured(words: str, start: int, end: int, unit: str) -> str:
    """What the number at ``[start, end)`` of a folded sentence measures.

    >>> measured("全市地区生产总值增长3%左右", 10, 12, "%")
    '全市地区生产总值增长'
    >>> measured("今年新引进重大产业项目27个", 11, 14, "个")
    '引进重大产业项目'
    """
    before = _noun_before(words[max(0, start - _NEAR) : start])
    behind = _noun_behind(words[end : end + _NEAR])
    if words[start:end] == "零":
        return before + words[end : end + 2]
    if unit in _COUNTING and behind:
        return behind
    return before or behind


def _noun_before(head: str) -> str:
    pieces = [p for p in _PIECE.split(head) if p]
    compare = ""
    for piece in reversed(pieces[-4:]):
        compared = _COMPARE.search(piece)
        compare = compare or (compared.group(1) if compared else "")
        noun = _LEADS.sub("", _TAIL_VERB.sub("", piece.strip())).strip("“”\"' ")
        noun = re.sub(r"^[\d.,%万亿元个名家项]+", "", noun)
        if len(noun) > 1 and not re.fullmatch(r"[\d.,%]+.{0,3}", noun):
            return noun[-24:] + compare
    return compare


def _noun_behind(tail: str) -> str:
    tail = re.sub(r"^(?:左右|以上|以下|余|多|的|\([^)]*\))+", "", tail)
    noun = _NOUN_END.split(tail, maxsplit=1)[0].strip("“” ")
    return noun[:16]
