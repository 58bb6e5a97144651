"""A report -> what the index keeps of it: one document per passage.

Searched are the pairs of its characters, of a section's first passage also those of its heading.
The index keeps no positions: what holds all pairs of a word is checked letter by letter
(``shelving``).
"""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from digests.cutting import HEADINGS, Passage, passages
from digests.patterns import Pattern
from digests.report import Report
from digests.searching.keeping import written
from digests.searching.shadowing import STOP, runs, shadows

_PAIRS, _RUNS = "pairs", "runs"  # the names under which the index knows the ways to cut
_BACK = Pattern(
    r"回顾|总结|(以来|期间|过去|这)[^，。]{0,14}(主要)?(工作|成就|成绩|成效|变化)|所做的|取得的"
    r"|\d{4}年(度)?(政府|主要|经济社会发展)?(工作)?(情况|完成情况|基本情况)|上(一)?年(度)?(工作|主要)"
)
_AHEAD = Pattern(
    r"今后|未来|下半年|明年|下一|安排|部署|打算|任务|目标|建议|计划|思路|总体要求|设想"
)


def schema() -> Any:
    """The fields.

    ``key`` finds a report's passages again, ``kept`` is only stored; ``body`` are the passage's own
    words, at a section's first passage after those of its heading, ``runs`` the Latin words and
    numbers in them; ``title`` is that heading alone, ``under`` names the section and those it
    lies in.
    """
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_text_field("key", stored=False, tokenizer_name="raw", index_option="basic")
    builder.add_bytes_field("kept", stored=True, indexed=False)
    builder.add_text_field("body", tokenizer_name=_PAIRS, index_option="freq")
    builder.add_text_field("runs", tokenizer_name=_RUNS, index_option="freq")
    builder.add_text_field("title", tokenizer_name=_PAIRS, index_option="freq")
    builder.add_text_field("under", tokenizer_name="whitespace", index_option="basic")
    return builder.build()


def prepared(index: Any) -> Any:
    """The index, knowing how the fields are cut into what is searched."""
    from tantivy import TextAnalyzerBuilder, Tokenizer

    index.register_tokenizer(_PAIRS, TextAnalyzerBuilder(Tokenizer.ngram(2, 2)).build())
    index.register_tokenizer(_RUNS, TextAnalyzerBuilder(Tokenizer.regex("[a-z]+|[0-9]+")).build())
    return index


class _Headings(NamedTuple):
    """The shadows of a section's own heading and of those above; do they announce a review?"""

    title: str
    above: str
    review: bool


def _headings(every: Iterable[tuple[str, ...]]) -> dict[tuple[str, ...], _Headings]:
    """What the headings above passages say; the shadows of all at once."""
    several = list(dict.fromkeys(every))
    each = list(dict.fromkeys(heading for printed in several for heading in printed))
    reviews = dict(zip(each, map(_is_review, each), strict=True))
    own = shadows(["".join(printed[:1]) for printed in several])
    above = shadows([STOP.join(printed[1:]) for printed in several])
    return {
        printed: _Headings(title, rest, any(reviews[h] for h in printed))
        for printed, title, rest in zip(several, own, above, strict=True)
    }


def _is_review(heading: str) -> bool:
    return bool(_BACK.search(heading)) and not _AHEAD.search(heading)


def documents(key: str, report: Report) -> Iterator[tuple[Any, str]]:
    """One document per passage and what is searched of it; all prepared at once for the report."""
    import tantivy

    found = list(passages(report))
    headings = _headings(p.headings for p in found)
    own = shadows([report.text[p.start : p.end] for p in found])
    rows: list[tuple[Passage, _Headings, bool, str]] = []
    last = None
    for passage, body in zip(found, own, strict=True):
        rows.append((passage, headings[passage.headings], passage.section is not last, body))
        last = passage.section
    words = [f"{h.title}{STOP}{body}" if first else body for _, h, first, body in rows]
    for row, word, run in zip(rows, words, runs(words), strict=True):
        document = tantivy.Document()
        document.add_text("key", key)
        document.add_bytes("kept", _written(key, report, row))
        document.add_text("body", word + STOP)
        if run:
            document.add_text("runs", run)
        if row[2]:
            document.add_text("title", row[1].title)
        if row[0].section:
            document.add_text("under", " ".join(_sections(key, row[0].section.address)))
        yield document, word


def _sections(key: str, address: str) -> Iterator[str]:
    """The names of a section and of those it lies in, as far as their headings count."""
    for _ in range(HEADINGS):
        yield section_name(key, address)
        address = address.rpartition(".")[0]
        if not address:
            return


def section_name(key: str, address: str) -> str:
    """The name by which the index knows a section."""
    return f"{key}:{address}"


def _written(key: str, report: Report, row: tuple[Passage, _Headings, bool, str]) -> bytes:
    passage, headings, first, body = row
    section = passage.section
    fields = (
        key,
        str(passage.start),
        str(passage.end),
        str(passage.lead),
        section.address if section else "",
        section.cite if section else "",
        section.heading if section else "",
        "1" if headings.review else "",
        "1" if first else "",
        headings.title,
        headings.above,
        body,
        report.text[passage.lead : passage.end],
    )
    return written(fields)
