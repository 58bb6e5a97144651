"""A query -> its readings, strict ones first: as typed, the core, by other words, in parts.

Each reading is a set of groups that must stand in one passage (or its heading). Later readings are
only taken where the earlier ones found nothing, but for synonyms, which always follow.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from digests.searching.coining import Coinage
from digests.searching.english import inflected
from digests.searching.glossing import Glossary
from digests.searching.numbering import forms
from digests.searching.querying import Query, parts
from digests.searching.segmenting import Unit, units
from digests.searching.shadowing import GAP, STOP
from digests.searching.shelving import Group, Shelf
from digests.searching.weighing import rarity

EXACT, CORE, WORDS, SOUND, PARTS, SLIP, APART, LIKENESS, GATHERED = range(9)
"""The tiers. From PARTS on the words do not stand there as asked; APART they are mere pairs."""
_TOGETHER = 10  # words of a query that are asked for all together
_TELLING = 0.15  # of all passages; a commoner word is no suggestion


@dataclass(frozen=True, slots=True)
class Reading:
    """Groups that must stand together, but for those that are optional.

    ``cut`` says that a term was cut into several words, which may stand apart. ``coinage`` is told
    by the passage, where the query is a slogan that counts something.
    """

    tier: int
    groups: tuple[Group, ...]
    read_as: str = ""
    coinage: Coinage | None = None
    cut: bool = False


def frequency(word: str, shelf: Shelf) -> int:
    """In how many passages, at most, a word stands."""
    if len(word) == 1:
        return shelf.count // 8 + 1
    least = shelf.count
    for i in range(len(word) - 1):
        least = min(least, shelf.frequencies[word[i : i + 2]])
        if not least:
            break
    return least


def group(words: Iterable[str], shelf: Shelf) -> Group:
    """A group with the rarity of each of its words."""
    kept = tuple(dict.fromkeys(words))
    count = max(shelf.count, 1)
    return Group(kept, tuple(rarity(min(frequency(w, shelf), count), count) for w in kept))


def ways(term: str, shelf: Shelf) -> tuple[str, ...]:
    """A term, its numbers in other forms, and other forms of an English word that stand there."""
    return (*forms(term), *(w for w in inflected(term) if frequency(w, shelf)))


def readings(query: Query, shelf: Shelf, glossary: Glossary) -> Iterator[Reading]:
    """The readings by the words themselves, as typed, the core, said otherwise."""
    phrases = tuple(group(ways(p, shelf), shelf) for p in query.phrases)
    exact = tuple(group(ways(t, shelf), shelf) for t in query.terms)
    if phrases or exact:
        yield Reading(EXACT, (*phrases, *exact))
    core, given = query.core, _given(query, shelf)
    if core != query.terms and (core or phrases):
        yield Reading(CORE, (*given, *(group(ways(t, shelf), shelf) for t in core)))
    wider = [tuple(dict.fromkeys((*ways(t, shelf), *glossary.others(t)))) for t in core]
    if any(len(w) > len(forms(t)) for w, t in zip(wider, core, strict=True)):
        yield Reading(WORDS, (*given, *(group(w, shelf) for w in wider)))


def by_its_words(
    query: Query, found: Sequence[Unit], shelf: Shelf, glossary: Glossary
) -> Iterator[Reading]:
    """The reading by all words ``found`` in the core, whichever way they are written, where all are known."""
    if query.asks_what_is_counted:
        return
    groups = tuple(group(unit.ways, shelf) for unit in found if unit.ways)
    if groups and len(groups) == len(found) <= _TOGETHER:
        said = any(unit.said in glossary or glossary.is_written(unit.said) for unit in found)
        cut = len(found) > len(query.core)
        yield Reading(PARTS if said else APART, (*_given(query, shelf), *groups), cut=cut)


def _given(query: Query, shelf: Shelf) -> tuple[Group, ...]:
    """What every reading holds: the phrases, and the verbs that need not be there."""
    soft = (replace(group(ways(s, shelf), shelf), optional=True, soft=True) for s in query.soft)
    return (*(group(ways(p, shelf), shelf) for p in query.phrases), *soft)


def words_of(terms: Iterable[str], shelf: Shelf, glossary: Glossary) -> Iterator[Unit]:
    """The words of some terms, each with all the ways to write it."""
    terms = list(terms)
    joined = (GAP if all(term.isascii() for term in terms) else STOP).join(terms)
    for unit in (u for part in parts(joined) for u in units(part, shelf, glossary)):
        first, *others = unit.ways or ("",)
        yield Unit(unit.said, (*ways(first, shelf), *others)) if first else unit


def near_words(query: Query, shelf: Shelf, glossary: Glossary) -> Iterator[str]:
    """Words that do stand in the reports: related to what was asked, or parts of it."""
    seen: set[str] = set()
    asked = (*query.phrases, *query.core)
    related = (w for term in asked for w in glossary.related(term))
    said = (
        w for term in asked for a, b in glossary.inside(term) for w in glossary.exactly(term[a:b])
    )
    pieces = (unit.said for unit in words_of(asked, shelf, glossary) if unit.ways)
    telling = (w for w in pieces if frequency(w, shelf) <= shelf.count * _TELLING)
    for word in (w for w in (*related, *said, *telling) if len(w) > 1 and not w.isascii()):
        if word not in seen and frequency(word, shelf) and shelf.stands(word):
            seen.add(word)
            yield word
