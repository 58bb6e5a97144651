"""Which lines are furniture: page numbers, the office's note, the distribution footer."""

import re
from itertools import pairwise

from digests.marking import Mark, mark_at
from digests.outlining.gathering import is_wrapped, key_of
from digests.patterns import Pattern
from digests.reading import Line, Manuscript, Role
from digests.report import Span

_PAGE = re.compile(
    r"\s*(?:PAGE(?:\s+\d+)?|[—–\-－]{1,3}\s*\d{1,4}\s*[—–\-－]{1,3}|第\s*\d{1,4}\s*[页頁](?:\s*[/共，,]\s*共?\s*\d{1,4}\s*[页頁])?"
    r"|=+\s*第\s*\d{1,4}\s*[页頁]\s*=+|[Pp]age\s+\d{1,4}(?:\s+of\s+\d{1,4})?)\s*"
)
_NOTE = Pattern(r"\s*[（(【\[]?(?:按|编者按|編者按|编者注|編者註)[：:】\]]")
_FOOTER = Pattern(
    r"\s*(?:(?:主送|抄送|抄报|分送|发|報|报|送)[：:]|.{2,40}?\s+\d{4}年\s?\d{1,2}月\s?\d{1,2}日\s*印发\s*$|.{0,30}秘书[处室科].{0,10}印发\s*$)"
)
_LEADER = re.compile(r"(?:\.\s?|…|·|．){4,}\s*[\divxIVX]*\s*$")
_CHROME = re.compile(
    r"(?:\s|<U\+00A0>)*(?:<!--|-->|当前位置：.{0,40}|【字体：.{0,12}】|（责任编辑：.{0,12}|【E-mail推荐|】|\s?）"
    r"|打印本页|关闭窗口|.{0,16}政府门户网站.{0,12}www\..{0,60}|<U\+00A0>)(?:\s|<U\+00A0>)*"
)
_BARE_NUMBER = re.compile(r"\s*(?:\d{1,4}|[ivxIVX]{1,6})\s*")
_CONTENTS = re.compile(
    r"\s*(?:目\s*[录錄次]|(?i:(?:table of )?contents|(?:arrangement|table) of (?:sections|provisions|clauses|articles)))\s*"
)
_ENTRY_TAIL = re.compile(r"[\s.…·．]*[\divxIVX]*\s*$")
_ENTRY_NUMBER = re.compile(r"^\s*\d{1,3}[.．、]\s+")
_LONGEST_ENTRY = 60  # Han characters, or twice as many letters
_STOPS = ("。", "；", ".", ";", "—")
_FEWEST_ENTRIES = 4
_FRONT = 60  # written lines within which a table of contents begins
_FAR = 3000  # lines in which there must be text between the titles
_STRAY_ENTRIES = 3  # lines of a table that differ from their heading below
_TAIL = 12
_LONGEST_FURNITURE = 300
_FRONT_MATTER = re.compile(r"-{3,}|[-*]?\s*[A-Za-z_][\w .-]{0,30}:\s.*|#\s.{1,20}")
_LONGEST_FRONT_MATTER = 40


def furniture(manuscript: Manuscript) -> dict[int, str]:
    """Index of each furniture line -> what it is: "page", "note" or "footer"."""
    found: dict[int, str] = {}
    written = [i for i, line in enumerate(manuscript.lines) if manuscript.line(line).strip()]
    near_end = set(written[-_TAIL:])
    if manuscript.source.format == "txt":
        found.update(_front_matter(manuscript, written))
        found.update(_leaders(manuscript, written))
    found.update(_contents(manuscript, written, found) or _repeated(manuscript, written, found))
    if is_wrapped(manuscript):
        found.update(_bare_numbers(manuscript, written))
    for i in written:
        if i in found:
            continue
        kind = _kind(manuscript, manuscript.lines[i], at_end=i in near_end)
        if kind:
            found[i] = kind
    return found


def _front_matter(manuscript: Manuscript, written: list[int]) -> dict[int, str]:
    """Lines of key: value before a rule of dashes, as tools put them before a text."""
    head: dict[int, str] = {}
    for i in written[:_LONGEST_FRONT_MATTER]:
        words = manuscript.line(manuscript.lines[i]).strip()
        if not _FRONT_MATTER.fullmatch(words):
            return {}
        head[i] = "head"
        if words.startswith("---") and len(head) > 1:
            return head
    return {}


def _leaders(manuscript: Manuscript, written: list[int]) -> dict[int, str]:
    """Lines of a table of contents with dots to the page number, and what is wrapped between."""
    places = [
        k for k, i in enumerate(written) if _LEADER.search(manuscript.line(manuscript.lines[i]))
    ]
    if len(places) < 3:  # noqa: PLR2004 -- fewer make no table
        return {}
    found = {}
    for one, other in pairwise(places):
        if other - one <= 4:  # noqa: PLR2004 -- wrapped entries and page numbers between
            found.update(dict.fromkeys(written[one : other + 1], "contents"))
    return found


def _contents(manuscript: Manuscript, written: list[int], found: dict[int, str]) -> dict[int, str]:
    """From 目录 on: up to the dotted lines, or the short lines that all come again below."""
    lines = manuscript.lines
    start = next(
        (k for k, i in enumerate(written[:200]) if _CONTENTS.fullmatch(manuscript.line(lines[i]))),
        None,
    )
    if start is None:
        return {}
    dotted = [k for k in range(start, min(start + 20, len(written))) if written[k] in found]
    if dotted:
        return dict.fromkeys(written[start : dotted[0]], "contents")
    keys = [_entry_key(manuscript.line(lines[i])) for i in written]
    places: dict[str, int] = {}
    for k in range(len(written) - 1, start, -1):
        places.setdefault(keys[k], k)  # where each line stands last
    end = start
    for k in range(start + 1, len(written)):
        if k - end > _STRAY_ENTRIES or (k > start + 1 and keys[k] == keys[start + 1]):
            break
        if places[keys[k]] > k and _is_short(keys[k]):
            end = k
    return dict.fromkeys(written[start : end + 1], "contents")


def _repeated(manuscript: Manuscript, written: list[int], found: dict[int, str]) -> dict[int, str]:
    """A table of contents without a heading: a run of short lines that all come again, far apart."""
    lines = [manuscript.line(manuscript.lines[i]) for i in written]
    if sum(map(_is_entry, lines[: 2 * _FRONT])) < _FEWEST_ENTRIES // 2:
        return {}
    keys = [_entry_key(words).casefold() if _is_short(words) else "" for words in lines]
    places = {key: k for k, key in enumerate(keys) if key and written[k] not in found}
    if len(places) + _FEWEST_ENTRIES > sum(map(bool, keys)):
        return {}  # hardly a line comes twice
    contents: dict[int, str] = {}
    k = 0
    while k < min(len(written), _FRONT):
        run = _run(keys, places, k)
        again = [places[keys[k]] for k in run]
        if len(run) >= _FEWEST_ENTRIES and _is_contents(run, again, lines):
            first = run[0]
            while first and _alike(lines[first - 1], lines[first]):
                first -= 1  # an entry that names its heading in other words
            contents.update(dict.fromkeys(written[first : run[-1] + 1], "contents"))
        k = run[-1] + 1 if run else k + 1
    return contents


def _is_entry(words: str) -> bool:
    return _is_short(words) and _scheme(words) is not None


def _run(keys: list[str], places: dict[str, int], first: int) -> list[int]:
    """The lines from ``first`` on that come again below, with few others and no text between."""
    run: list[int] = []
    seen: set[str] = set()
    for k in range(first, len(keys)):
        far = k - (run[-1] if run else first) > _STRAY_ENTRIES - 1
        if far or not keys[k] or keys[k] in seen:
            break
        if places.get(keys[k], -1) > k:
            run.append(k)
            seen.add(keys[k])
        elif not run:
            break
    return run


def _is_contents(run: list[int], again: list[int], lines: list[str]) -> bool:
    """Whether numbered titles come again in the same order, with text between them."""
    titles = sum(_scheme(lines[k]) is not None for k in run)
    sentences = sum(lines[k].rstrip().endswith(("。", "；")) for k in run)
    ordered = sum(one < other for one, other in pairwise(again))
    if (
        titles * 2 < len(run)
        or sentences * 4 > len(run)
        or ordered < (len(run) - 1) * 0.8
        or min(again) <= run[-1]
    ):
        return False
    known = set(again)
    between = range(min(again), min(max(again), min(again) + _FAR))
    text = sum(
        not _is_short(lines[k]) or lines[k].rstrip().endswith(_STOPS)
        for k in between
        if k not in known
    )
    return text * 2 >= len(run)


def _alike(one: str, other: str) -> bool:
    """Whether two lines are short and numbered in the same way."""
    scheme = _scheme(one)
    return scheme is not None and _is_short(one) and scheme == _scheme(other)


def _scheme(words: str) -> str | None:
    words = words.strip()
    mark = mark_at(words, 0, len(words))
    return mark.scheme if mark else None


def listed(manuscript: Manuscript, found: dict[int, str]) -> dict[str, Mark | None]:
    """The headings that a table of contents names, with their marks there; the keys are those of ``key_of``."""
    entries: dict[str, Mark | None] = {}
    open_ = ""
    for i in sorted(i for i, kind in found.items() if kind == "contents"):
        words = manuscript.line(manuscript.lines[i]).strip()
        ended = _LEADER.search(words) is not None
        for entry in {words, open_ + words}:
            mark = mark_at(entry, 0, len(entry))
            key = key_of(_ENTRY_TAIL.sub("", entry[mark.body :] if mark else entry))
            if len(key) > 3:  # noqa: PLR2004 -- 前言 may be any line
                entries.setdefault(key, mark)
        open_ = "" if ended else words
    return entries if len(entries) >= _FEWEST_ENTRIES else {}


def _is_short(words: str) -> bool:
    return len(words) <= _LONGEST_ENTRY or (len(words) <= 2 * _LONGEST_ENTRY and words.isascii())


def _entry_key(words: str) -> str:
    mark = mark_at(words, 0, len(words)) if words[-1:].isdigit() else None
    if mark is None or mark.body < len(words):  # the number of “PART 2” is no page's
        words = _ENTRY_TAIL.sub("", words)
    return "".join(_ENTRY_NUMBER.sub("", words).split())


def _bare_numbers(manuscript: Manuscript, written: list[int]) -> dict[int, str]:
    """Page numbers that stand alone on a line of a text taken from pages: an ascending row."""
    places = [i for i in written if _BARE_NUMBER.fullmatch(manuscript.line(manuscript.lines[i]))]
    return dict.fromkeys(places, "page") if len(places) > 4 else {}  # noqa: PLR2004


def _kind(manuscript: Manuscript, line: Line, *, at_end: bool) -> str | None:
    if line.role in _BY_ROLE:
        return _BY_ROLE[line.role]
    text, start, end = manuscript.text, line.start, line.end
    if end - start > _LONGEST_FURNITURE and not _NOTE.match(text, start, start + 40):
        return None
    if _PAGE.fullmatch(text, start, end) or _CHROME.fullmatch(text, start, end):
        return "page"
    if _NOTE.match(text, start, end):
        return "note"
    if at_end and _FOOTER.match(text, start, end):
        return "footer"
    return None


def spans(manuscript: Manuscript, found: dict[int, str]) -> tuple[Span, ...]:
    """The furniture as spans of the text."""
    lines = manuscript.lines
    return tuple(Span(lines[i].start, lines[i].end) for i in sorted(found))


_BY_ROLE = {Role.FURNITURE: "page", Role.CONTENTS: "contents"}
_WARNINGS = {
    "page": "Page numbers and running headers stand outside every section.",
    "contents": "The table of contents stands outside every section.",
    "head": "The lines that describe the file stand outside every section.",
    "note": "The editor's note stands outside every section.",
    "footer": "The distribution footer stands outside every section.",
}


def warnings(found: dict[int, str]) -> tuple[str, ...]:
    """One sentence for each kind of furniture."""
    kinds = set(found.values())
    return tuple(sentence for kind, sentence in _WARNINGS.items() if kind in kinds)
