"""A passage as the index keeps it: written down when it is stored, read when its turn comes.

Stored with each passage are its words and where they stand, so that a look-up needs no report at
hand.
"""

from dataclasses import dataclass
from typing import NamedTuple

from digests.chinese import sentences
from digests.patterns import Pattern
from digests.report import Span
from digests.searching.shadowing import STOP, shadow, shadows

_SEPARATOR = "\x1f"
_SAID = 18  # characters; a longer heading is an article's first sentence and says something itself
_CLOSED = Pattern(r"[。！？!?；;：:….][”’』」）)》】]*$")


@dataclass(eq=False, slots=True)
class Kept:
    """A passage as the index keeps it.

    ``text`` begins at ``lead``, with the printed heading
    where the passage follows it directly; ``first`` marks the first passage of its section,
    ``review`` one that looks back. ``body`` is the shadow of the passage's own
    words, ``printed`` of all its text, ``heads`` of its heading and of those above.
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
    body: str
    printed: str
    heads: tuple[str, str]
    _sentences: "Sentences | None" = None

    @property
    def sentences(self) -> "Sentences":
        """Those that may be shown, worked out once however many readings find the passage."""
        if self._sentences is None:
            self._sentences = self._apart()
        return self._sentences

    def _apart(self) -> "Sentences":
        spans = _whole(self.text)
        skip = self.start - self.lead
        if skip:
            own = [s for s in spans if s.start >= skip or s.end - s.start >= _SAID]
            spans = own or spans
        if len(spans) == 1:
            return Sentences(spans, [shadow(self.text[spans[0].start :]) if skip else self.body])
        return Sentences(spans, shadows([self.text[s.start : s.end] for s in spans]))


class Sentences(NamedTuple):
    """Sentences of a passage, as places in its text, and the shadow of each."""

    spans: list[Span]
    shadows: list[str]


def _whole(text: str) -> list[Span]:
    """The sentences of a passage; a line end inside one is a hard wrap."""
    found: list[Span] = []
    for span in sentences(text):
        if found and not _CLOSED.search(text, found[-1].start, found[-1].end):
            found[-1] = Span(found[-1].start, span.end)
        else:
            found.append(span)
    return found


def written(fields: tuple[str, ...]) -> bytes:
    """The fields of a passage, its text last, as they are stored."""
    return _SEPARATOR.join(fields).encode("utf-8", "surrogatepass")


def read_kept(stored: bytes) -> Kept:
    """The passage that was stored."""
    fields = stored.decode("utf-8", "surrogatepass").split(_SEPARATOR, 12)
    report, start, end, lead, address, cite, heading, review, first, title, above, body, text = (
        fields
    )
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
        body,
        body if start == lead else f"{title}{STOP}{body}",
        (title, above),
    )
