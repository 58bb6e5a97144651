"""Headings that were run into the text: giant paragraphs, and a list whose first items got lost.

Some reports come as one paragraph of 15,000 characters; in others 二、 opens a line while 一、 stands
at the end of the sentence before it. Such paragraphs are cut where a heading begins.
"""

from collections.abc import Sequence

from digests.chinese import to_number
from digests.marking import mark_at
from digests.outlining.gathering import Paragraph
from digests.patterns import Pattern
from digests.reading import Role

_GIANT = 1200
_BACK = 12  # paragraphs in which a lost item is looked for
_AFTER = r"(?<=[。！？：:；;”）)\s*])"
_N = "一二三四五六七八九十"
_EMBEDDED = {
    "han": Pattern(rf"{_AFTER}([{_N}]{{1,3}})、(?![{_N}]{{1,3}}[、产])"),
    "han_paren": Pattern(rf"{_AFTER}[（(]([{_N}]{{1,3}})[）)](?!项|款|条)"),
    "is": Pattern(rf"{_AFTER}([{_N}]{{1,3}})是(?!否)"),
    "first": Pattern(rf"{_AFTER}第([{_N}]{{1,3}})[，、]"),
    "arab": Pattern(rf"{_AFTER}(\d{{1,2}})[．、.](?![\d%])"),
}
_WHOLE = ("han", "han_paren", "first")


def split(text: str, paragraphs: Sequence[Paragraph]) -> list[Paragraph]:
    """The paragraphs, cut where a heading stands inside one."""
    cuts: dict[int, set[int]] = {}
    for place, paragraph in enumerate(paragraphs):
        if paragraph.end - paragraph.start > _GIANT and paragraph.role is Role.TEXT:
            cuts[place] = _headings_in(text, paragraph)
    _find_lost(text, paragraphs, cuts)
    if not any(cuts.values()):
        return list(paragraphs)
    done: list[Paragraph] = []
    for place, paragraph in enumerate(paragraphs):
        done += _cut(text, paragraph, sorted(cuts.get(place, ())))
    return done


def _cut(text: str, paragraph: Paragraph, cuts: list[int]) -> list[Paragraph]:
    if not cuts:
        return [paragraph]
    starts = sorted({paragraph.start, *cuts})
    pieces = []
    for start, stop in zip(starts, [*starts[1:], paragraph.end], strict=True):
        end = stop
        while end > start and text[end - 1].isspace():
            end -= 1
        if end > start:
            first = start == paragraph.start
            pieces.append(
                paragraph._replace(
                    start=start,
                    end=end,
                    bold=min(paragraph.bold, end) if first else 0,
                    inside=not first,
                )
            )
    return pieces


def _headings_in(text: str, paragraph: Paragraph) -> set[int]:
    """Where headings begin in a giant paragraph: whole sequences 一、… and （一）… only."""
    cuts: set[int] = set()
    for scheme in _WHOLE:
        last = 0
        run: list[int] = []
        for found in _EMBEDDED[scheme].compiled.finditer(text, paragraph.start, paragraph.end):
            number = to_number(found.group(1))
            if number == last + 1:
                run.append(found.start())
            elif number == 1:
                cuts |= _kept(run)
                run = [found.start()]
            else:
                continue
            last = number
        cuts |= _kept(run)
    if cuts and not any(_opens(text, cut, "han") or _opens(text, cut, "han_paren") for cut in cuts):
        return set()  # 第一，… alone are the items of a paragraph
    return cuts


def _kept(run: list[int]) -> set[int]:
    return set(run) if len(run) > 1 else set()


def _opens(text: str, position: int, scheme: str) -> bool:
    mark = mark_at(text, position, position + 8)
    return mark is not None and mark.scheme == scheme


def _find_lost(text: str, paragraphs: Sequence[Paragraph], cuts: dict[int, set[int]]) -> None:
    """Where a line opens with 二、 and no line with 一、: cut the text before it at 一、."""
    last: dict[str, tuple[int, int]] = {}  # scheme -> number and place seen last
    for place, paragraph in enumerate(paragraphs):
        if paragraph.role is not Role.TEXT:
            continue
        mark = mark_at(text, paragraph.start, paragraph.end)
        if mark is None or mark.scheme not in _EMBEDDED:
            continue
        number, seen = last.get(mark.scheme, (0, -1))
        if mark.number > 1 and not number < mark.number <= number + 1:
            since = max(seen, place - _BACK, 0) if number < mark.number else max(place - _BACK, 0)
            lowest = number if number < mark.number else 0
            for where, cut in _lost_items(
                text, paragraphs[since:place], mark.scheme, (lowest, mark.number)
            ):
                cuts.setdefault(since + where, set()).add(cut)
        last[mark.scheme] = (mark.number, place)


def _lost_items(
    text: str, before: Sequence[Paragraph], scheme: str, missing: tuple[int, int]
) -> list[tuple[int, int]]:
    """The items between two numbers, looked for backwards; all of them or none."""
    lowest, wanted = missing
    found: list[tuple[int, int]] = []
    for where in range(len(before) - 1, -1, -1):
        paragraph = before[where]
        items = list(_EMBEDDED[scheme].compiled.finditer(text, paragraph.start, paragraph.end))
        for item in reversed(items):
            if wanted - 1 > lowest and to_number(item.group(1)) == wanted - 1:
                wanted -= 1
                found.append((where, item.start()))
    return found if wanted - 1 == lowest else []
