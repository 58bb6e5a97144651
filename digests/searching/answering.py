"""One look-up: readings of the query, strict ones first, until one of them finds something."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice

from digests.report import Hit
from digests.searching.asking import Ask
from digests.searching.clipping import SHORTEST, Cut, cut, words_found
from digests.searching.coining import coinages
from digests.searching.collecting import Chosen, Found
from digests.searching.gathering import ALONE, ALONE_ASKED, BELOW, bag
from digests.searching.glossing import Glossary
from digests.searching.guessing import by_letters, repaired
from digests.searching.keeping import Kept
from digests.searching.querying import Query, understand
from digests.searching.resembling import Likeness, in_full, likeness
from digests.searching.segmenting import Unit
from digests.searching.shelving import Group, Shelf, Wanted
from digests.searching.weighing import MENTIONED, UNDER_HEADINGS, Scale, Weighed
from digests.searching.widening import (
    APART,
    EXACT,
    GATHERED,
    LIKENESS,
    PARTS,
    SLIP,
    SOUND,
    Reading,
    by_its_words,
    group,
    near_words,
    readings,
    words_of,
)

CANDIDATES = 16  # passages that are weighed for a reading
_MORE = 5  # hits of a reading after one that has found something
_WEIGHED_MORE = 12  # passages that are weighed for those
_COMPARED = 8  # passages of a word that is near, of which the one most like the query is shown
_HEADINGS, _BELOW = 2, 12  # headings under which a figure or a day is looked for, and passages
_FILLED = 5  # hits that are shown together
_FEW = 3  # hits, below which passages are added that hold the words apart or only some of them
_NEAR = 3  # suggestions where nothing was found
_TELLING = (Ask.WHEN, Ask.AMOUNT, Ask.WHO)  # questions whose answers are told by their looks


@dataclass(frozen=True, slots=True)
class Answer:
    """What a look-up brings.

    ``strict``: the words stand there as asked. ``read_as`` is how a slip or pinyin was read.
    Without hits, ``suggestions`` are words that do stand in the reports and ``near`` the passages
    in which they stand, in the same order. ``searched`` counts the reports.
    """

    hits: tuple[Hit, ...] = ()
    suggestions: tuple[str, ...] = ()
    near: tuple[Hit, ...] = ()
    searched: int = 0
    strict: bool = True
    read_as: str = ""
    is_question: bool = False


class Inquiry:
    """A look-up on one shelf; only reports that are ``live`` may answer."""

    def __init__(self, shelf: Shelf, glossary: Glossary, live: frozenset[str]) -> None:
        self._shelf = shelf
        self._glossary = glossary
        self._live = live
        self._units: dict[tuple[str, ...], tuple[Unit, ...]] = {}
        self._strictly = False  # only where the words stand as asked
        self._whole = True  # an excluded word excludes the whole passage, not only its sentence
        self._listed = shelf.listed  # one view, even while another thread refreshes the shelf

    def answer(
        self, typed: str, limit: int, addressed: tuple[Hit, ...] = (), *, is_address: bool = False
    ) -> Answer:
        """The passages, after those that an address has named.

        What has the form of an address is no slip, and no sentence in the reader's own words: it
        brings what it names, and where it stands as typed.
        """
        query = understand(typed)
        self._strictly = is_address
        named = tuple(c for c in map(Chosen.of, addressed) if not c.says_any(query.without))
        found = self._found(query, limit, named)
        if not found and query.without:  # the sentence itself may do without the word
            self._whole = False
            found = self._found(query, limit, named)
        alike = None
        if not found and not self._strictly:
            alike = likeness(query, self._shelf, self._glossary)
        if alike is not None:
            found = self._resembling(alike, query, limit)
        if not self._strictly:
            self._fill(found, query, limit)
        suggestions, near = ((), ()) if found or is_address else self._near(query, alike)
        return Answer(
            hits=found.hits(limit),
            suggestions=suggestions,
            near=near,
            searched=len(self._live),
            strict=found.tier < SOUND,
            read_as=found.read_as,
            is_question=query.is_question,
        )

    def _found(self, query: Query, limit: int, named: tuple[Chosen, ...]) -> Found:
        found = Found(named)
        sure = query.ask not in _TELLING
        tried: set[tuple[frozenset[Group], object]] = set()
        for reading in self._readings(query, found):
            enough = found.fills(limit) or reading.tier >= SOUND
            if query.is_question and len(found) < _FEW and reading.tier == PARTS:
                enough = False  # a question's words rarely stand side by side where it is answered
            if found and enough and (sure or reading.tier > PARTS):
                break
            asked = (frozenset(reading.groups), reading.coinage)
            if asked in tried:
                continue
            tried.add(asked)
            # what comes later only adds to what is there
            most, looked_at = (_MORE, _WEIGHED_MORE) if found else (limit, CANDIDATES)
            for chosen, weighed in islice(self._read(reading, query, max(most, looked_at)), most):
                first = not sure and weighed.answers >= MENTIONED
                sure = found.take(chosen, reading, first=first) or sure
        return found

    def _readings(self, query: Query, found: Found) -> Iterator[Reading]:
        """Strict readings, pinyin, slogans, all words however they are written, slips.

        Slips are looked for only where nothing has been found: that takes longer than all else.
        """
        yield from readings(query, self._shelf, self._glossary)
        if self._strictly:
            return
        yield from self._sounded(query)
        yield from self._counted(query)
        words = self._words_of(query.core)
        in_parts = list(by_its_words(query, words, self._shelf, self._glossary))
        yield from (r for r in in_parts if r.tier == PARTS and (r.cut or not found))
        if not found:
            yield from self._mended(query)
            yield from (r for r in in_parts if r.tier == APART)

    def _words_of(self, terms: tuple[str, ...]) -> tuple[Unit, ...]:
        """The words of some terms; the reading by all of them and the bag of them want the same."""
        if terms not in self._units:
            self._units[terms] = tuple(words_of(terms, self._shelf, self._glossary))
        return self._units[terms]

    def _sounded(self, query: Query) -> Iterator[Reading]:
        if query.letters and not query.phrases:
            found = by_letters(query.letters, self._shelf)
            if found:
                yield self._guessed(SOUND, found)

    def _counted(self, query: Query) -> Iterator[Reading]:
        """A slogan that is not printed: where the things it counts are listed."""
        for coinage in coinages(query, self._shelf):
            word = group((coinage.word,), self._shelf)
            yield Reading(PARTS, (word,), coinage=coinage)

    def _mended(self, query: Query) -> Iterator[Reading]:
        """Every term as it stands, or with its slip mended; as typed, then without the padding."""
        if query.ask is None and query.terms != query.core:
            yield from self._mended_terms(query, query.terms)
        yield from self._mended_terms(query, query.core)

    def _mended_terms(self, query: Query, terms: tuple[str, ...]) -> Iterator[Reading]:
        groups: list[tuple[str, ...]] = [(p,) for p in query.phrases]
        slips = False
        for term in terms:
            if self._shelf.stands(term):
                groups.append((term,))
                continue
            found = repaired(term, self._shelf)
            if not found:
                return
            slips = True
            groups += found
        if slips:
            yield self._guessed(SLIP, tuple(groups))

    def _guessed(self, tier: int, found: tuple[tuple[str, ...], ...]) -> Reading:
        groups = tuple(group(forms, self._shelf) for forms in found)
        return Reading(tier, groups, read_as=" ".join(forms[0] for forms in found))

    def _resembling(self, wanted: Likeness, query: Query, limit: int) -> Found:
        """The passages most like a sentence in the reader's own words, where nothing else is."""
        found = Found()
        words = dict.fromkeys(word for word, _ in wanted.words)
        groups = tuple(replace(group((w,), self._shelf), optional=True) for w in words)
        reading = Reading(LIKENESS, groups)
        shares = [
            (wanted.share(kept.printed), kept)
            for kept in self._candidates(reading, query.without, max(CANDIDATES, limit))
        ]
        for share, kept in sorted(shares, key=lambda s: -s[0])[:limit]:
            if share >= wanted.enough:
                weighed = Weighed(kept, share, 0.0, by_sign=False)
                found.take(self._chosen(weighed, reading, query), reading, first=False)
        return found

    def _fill(self, found: Found, query: Query, limit: int) -> None:
        """Passages that hold much of the query somehow, below what has been found."""
        just_so = found and found.tier == EXACT and not query.is_question
        most = 0 if just_so or len(found) >= _FEW else min(limit, _FILLED) - len(found)
        if most <= 0:
            return
        core, soft = self._words_of(query.core), self._words_of(query.soft)
        wanted = bag(query, core, soft, self._shelf)
        if wanted is None:
            return
        reading = Reading(GATHERED, wanted.groups)
        alone = ALONE_ASKED if query.is_question else ALONE
        enough = BELOW if found else alone
        some = [
            w
            for w in self._weighed(reading, query, _WEIGHED_MORE)
            if wanted.share(w.kept) >= enough
        ]
        fresh = (c for c, _ in self._choices(some, reading, query) if not found.touches(c))
        for chosen in islice(fresh, most):
            found.take(chosen, reading, first=False)

    def _near(
        self, query: Query, alike: Likeness | None
    ) -> tuple[tuple[str, ...], tuple[Hit, ...]]:
        """Words that do stand in the reports, related or parts of what was asked, and where."""
        words: list[str] = []
        hits: list[Hit] = []
        for word in near_words(query, self._shelf, self._glossary):
            reading = Reading(EXACT, (group((word,), self._shelf),))
            some = self._weighed(reading, query, _COMPARED)
            if alike is not None:
                some.sort(key=lambda weighed: -alike.share(weighed.kept.printed))
            found = next((chosen for chosen, _ in self._choices(some, reading, query)), None)
            if found and (found.report, found.start) not in {(h.report, h.start) for h in hits}:
                hits.append(found.hit())
                words.append(in_full(word, hits[-1].quote))
            if len(hits) == _NEAR:
                break
        return tuple(words), tuple(hits)

    def _read(self, reading: Reading, query: Query, most: int) -> Iterator[tuple[Chosen, Weighed]]:
        looked_at = reading.coinage.looked_at if reading.coinage else 0
        return self._choices(self._weighed(reading, query, max(most, looked_at)), reading, query)

    def _weighed(self, reading: Reading, query: Query, most: int) -> list[Weighed]:
        """Passages that hold what a reading wants, best first."""
        candidates = list(self._candidates(reading, query.without if self._whole else (), most))
        first = most > _WEIGHED_MORE  # what only adds to what is found looks no further
        if query.ask in UNDER_HEADINGS and reading.tier < SOUND and first:
            candidates += self._below(reading, candidates)
        if reading.coinage is not None:
            told = reading.coinage.is_told_in
            candidates = [kept for kept in candidates if told(kept.text, kept.printed)]
        scale = Scale(reading.groups, query, self._shelf.frequencies)
        found = [weighed for weighed in map(scale.weigh, candidates) if weighed is not None]
        return sorted(found, key=self._rank)

    def _choices(
        self, found: Iterable[Weighed], reading: Reading, query: Query
    ) -> Iterator[tuple[Chosen, Weighed]]:
        for weighed in found:
            chosen = self._chosen(weighed, reading, query)
            if not chosen.says_any(query.without):
                yield chosen, weighed

    def _below(self, reading: Reading, found: list[Kept]) -> list[Kept]:
        """What stands under the headings that say the only word asked for."""
        words = [g.words[0] for g in reading.groups if not g.soft]
        if len(words) != 1:
            return []
        seen = {(k.report, k.start) for k in found}
        headings = [k for k in found if k.first and k.address and words[0] in k.heads[0]]
        below = (k for h in headings[:_HEADINGS] for k in self._shelf.below(h, _BELOW))
        return [k for k in below if (k.report, k.start) not in seen]

    def _rank(self, weighed: Weighed) -> tuple[bool, int, int, float, str, int]:
        """What names the very time first, then the coarse score; among equals the newest report."""
        kept = weighed.kept
        issued_on = self._listed[kept.report].issued_on
        day = issued_on.toordinal() if issued_on else 0
        answers = weighed.by_sign and weighed.answers >= 1.0
        return (
            not answers,
            -round(weighed.score * 4),
            -day,
            -weighed.score,
            kept.report,
            kept.start,
        )

    def _candidates(self, reading: Reading, without: tuple[str, ...], most: int) -> Iterator[Kept]:
        wanted = Wanted(reading.groups, without, self._live)
        for kept in self._shelf.find(wanted, most):
            if kept.report in self._live and kept.report in self._listed:
                yield kept

    def _chosen(self, weighed: Weighed, reading: Reading, query: Query) -> Chosen:
        kept = weighed.kept
        part = cut(kept, reading.groups, query, SHORTEST if self._whole else 0)
        start, end = kept.lead + part.start, kept.lead + part.end
        hit = partial(self._hit, weighed, part, reading)
        return Chosen(kept.report, start, end, part.said, hit)

    def _hit(self, weighed: Weighed, part: Cut, reading: Reading) -> Hit:
        kept = weighed.kept
        row = self._listed[kept.report]
        quote = kept.text[part.start : part.end]
        start = kept.lead + part.start
        return Hit(
            report=kept.report,
            address=kept.address,
            cite=kept.cite,
            heading=kept.heading,
            quote=quote,
            start=start,
            end=start + len(quote),
            score=round(weighed.score, 4),
            found=words_found(quote, reading.groups, start),
            title=row.title,
            issued_on=row.issued_on,
        )
