"""What was typed -> what is meant: words wanted, words excluded, the kind of question.

The walk: quotes and minus -> chunks -> the kind of question. Other forms of numbers are
``numbering``'s business, synonyms ``widening``'s, slips ``guessing``'s.
"""

import re
from dataclasses import dataclass, field

from digests.chinese import fold
from digests.patterns import Pattern
from digests.searching import english
from digests.searching.asking import Ask, asked
from digests.searching.numbering import spans
from digests.searching.shadowing import STOP, shadow

LONGEST = 4096  # characters of a query that are looked at; Telegram sends no more
_TERMS = 12
_TERM = 64
_LETTERS = 4 * _TERM  # characters of what may be pinyin, with its tones


@dataclass(frozen=True, slots=True)
class Query:
    """``terms`` as typed, ``phrases`` from quotation marks, ``without`` excluded; all as shadows.

    ``core`` are the terms without the words of the question around them, ``soft`` the verbs that
    need not be there, ``ask`` the kind of question and ``unit`` what is to be counted;
    ``looks_for`` the kind of answer, for a slogan that counts something wants to be explained; ``past`` tells whether a question looks back, or ahead (False).
    """

    typed: str
    terms: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    core: tuple[str, ...] = ()
    soft: tuple[str, ...] = ()
    ask: Ask | None = None
    unit: str = ""
    is_question: bool = False
    looks_for: Ask | None = None
    past: bool | None = None
    letters: str = field(default="")

    @property
    def counts(self) -> bool:
        """Is it about a slogan that counts something, of which half tells nothing?"""
        return len(self.core) == 1 and bool(COINAGE.fullmatch(self.core[0]))

    @property
    def asks_what_is_counted(self) -> bool:
        """Does a question want such a slogan explained?"""
        return self.ask is Ask.WHAT and self.counts


COINAGE = Pattern(  # 八大体系, 四新
    r"(?P<number>[三四五六七八九十]|十[一二三四五六]|\d{1,2})(?P<measure>[个大项种条类句张把])?"
    r"(?P<word>(?![年月日号元周点届万亿%百千一二三四五六七八九十])[^\da-z¶]{1,8})"
)
_QUOTED = Pattern(r"[“\"「『＂]([^“”\"「」『』＂]{1,200})[”\"」』＂]")
_WITHOUT = Pattern(r"(?:(?<=\s)|^)[-－—–−](?=[^\s\d\-－—–−])(\S{1,64})")
_SCRIPTS = Pattern(r"(?<=[a-z]{2})(?=[\u4e00-\u9fff])|(?<=[\u4e00-\u9fff])(?=[a-z]{2})")
_GLUE = Pattern(r"(?<=[^\sa-z0-9])(的|和|与|及|跟|以及|或者?|还是)(?=[^\sa-z0-9])")


def understand(typed: str) -> Query:
    """The query behind what was typed.

    >>> query = understand("“一件事” 改革 -外贸")
    >>> query.phrases, query.terms, query.without
    (('一件事',), ('改革',), ('外贸',))
    >>> (understand("村社换届什么时候完成？").core, understand("外贸 多少").ask.value)
    (('村社换届',), 'amount')
    """
    text = typed[:LONGEST].replace("\x00", " ")
    phrases = _shadows(m[1] for m in _QUOTED.finditer(text))
    rest = _QUOTED.sub(" ", text)
    without = _shadows(m[1] for m in _WITHOUT.finditer(rest))
    rest = _WITHOUT.sub(" ", rest)
    terms = _chunks(rest)
    question = english.asked(terms) if english.is_english(terms) else asked(terms)
    about = (*question.about, *phrases)
    slogan = question.ask is None and len(about) == 1 and COINAGE.fullmatch(about[0])
    return Query(
        typed=typed,
        terms=terms,
        phrases=phrases,
        without=without,
        core=question.about,
        soft=question.verbs,
        ask=question.ask,
        unit=question.unit,
        is_question=question.ask is not None or question.doubts,
        looks_for=Ask.WHAT if slogan else question.ask,
        past=question.past,
        letters=_letters(fold(rest).text) if len(rest) <= _LETTERS else "",
    )


def _shadows(words: object) -> tuple[str, ...]:
    found = (shadow(w).strip(STOP)[:_TERM] for w in words)  # type: ignore[attr-defined]
    return tuple(w for w in found if w)[:_TERMS]


def _chunks(text: str) -> tuple[str, ...]:
    pieces = (shadow(part) for part in text.split())
    chunks = (chunk for piece in pieces for chunk in piece.split(STOP))
    return tuple(dict.fromkeys(c[:_TERM] for c in chunks if c))[:_TERMS]


def parts(term: str) -> tuple[str, ...]:
    """A term cut at 的, 和 and the like.

    >>> parts("防汛和防台的要求"), parts("四千六百名干部"), parts("ai算力")
    (('防汛', '防台', '要求'), ('四千六百', '干部'), ('ai', '算力'))
    """
    words = _SCRIPTS.sub(" ", _GLUE.sub(" ", term)).split()
    return tuple(p for word in words for p in _about_numbers(word))


def _about_numbers(part: str) -> list[str]:
    """A number apart from what it counts: reports may write 4600余名干部 for 四千六百名干部."""
    for start, end in spans(part):
        before, after = part[:start], part[end:]
        if len(after) > 2:  # noqa: PLR2004 -- a measure and a word
            after = _MEASURE.sub("", after)
        if len(before) + len(after) > 1:
            return [p for p in (before, part[start:end], after) if p]
    return [part]


_MEASURE = Pattern(
    r"^(余|多)?(个|名|家|户|人次|人(?![口员才民大均数类群力])|项|条|件|座|所|处|台|批|亩|元)(?=..)"
)


_TONES = {ord(c): None for c in "\u0300\u0301\u0304\u030c1234"}


def _letters(text: str) -> str:
    """What may be pinyin: letters only, tones dropped, spaces kept as separators."""
    import unicodedata

    text = text.replace("u:", "v").replace("ü", "v")
    plain = unicodedata.normalize("NFD", text.strip()).replace("u\u0308", "v").translate(_TONES)
    plain = plain.replace("'", " ").replace("’", " ")
    return plain if re.fullmatch(r"[a-z]+(?: +[a-z]+)*", plain) and len(plain) <= _TERM else ""
