"""A report -> what the index keeps of it: one document per passage, and the way back.

Stored with each passage are its words and where they stand, so that a look-up needs no report at
hand; searched are the pairs of its characters, those of its headings, and those of its sounds.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from digests.cutting import Passage, passages
from digests.report import Report
from digests.reviewing import is_review
from digests.shadowing import shadow, sounds, tokens

_SEPARATOR = "\x1f"


@dataclass(frozen=True, slots=True)
class Kept:
    """A passage as the index keeps it.

    ``text`` begins at ``lead``, with the printed heading where the passage follows it directly;
    ``first`` marks the first passage of its section, ``review`` one that looks back.
    """

    report: str
    start: int
    end: int
    lead: int
    address: str | None
    cite: str | None
    heading: str | None
    review: bool
    first: bool
    text: str


def schema() -> Any:
    """The fields: ``key`` finds a report's passages again, ``kept`` is only stored."""
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_text_field("key", stored=False, tokenizer_name="raw", index_option="basic")
    builder.add_bytes_field("kept", stored=True, indexed=False)
    builder.add_text_field("body", stored=False, tokenizer_name="whitespace")
    builder.add_text_field("head", stored=False, tokenizer_name="whitespace")
    builder.add_text_field("sound", stored=False, tokenizer_name="whitespace")
    return builder.build()


def documents(key: str, report: Report) -> Iterator[Any]:
    """One document per passage."""
    import tantivy

    last = None
    for passage in passages(report):
        section = passage.section
        first = section is not last
        last = section
        body = shadow(report.text[passage.start : passage.end])
        document = tantivy.Document()
        document.add_text("key", key)
        document.add_bytes("kept", _write(key, report, passage, first=first))
        document.add_text("body", tokens(body))
        document.add_text("head", tokens(shadow("\n".join(passage.headings))))
        document.add_text("sound", tokens(sounds(body)))
        yield document


def _write(key: str, report: Report, passage: Passage, *, first: bool) -> bytes:
    section = passage.section
    fields = (
        key,
        str(passage.start),
        str(passage.end),
        str(passage.lead),
        section.address if section else "",
        section.cite if section else "",
        section.heading if section else "",
        "1" if section and is_review(report, section) else "",
        "1" if first else "",
        report.text[passage.lead : passage.end],
    )
    return _SEPARATOR.join(fields).encode("utf-8", "surrogatepass")


def read_kept(stored: bytes) -> Kept:
    """The passage that was stored."""
    fields = stored.decode("utf-8", "surrogatepass").split(_SEPARATOR, 9)
    report, start, end, lead, address, cite, heading, review, first, text = fields
    return Kept(
        report,
        int(start),
        int(end),
        int(lead),
        address or None,
        cite or None,
        heading or None,
        bool(review),
        bool(first),
        text,
    )
