"""Typing slips and pinyin -> words that do stand in the reports.

Nothing is guessed that the reports do not contain: every form is checked against the index. Likely
forms come first: the same sound, then one character wrong, missing, too many or in the wrong place.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from itertools import chain, islice, pairwise, product

from digests.searching.english import is_one_slip
from digests.searching.shadowing import STOP, characters_of, readings_of, spell
from digests.searching.shelving import Shelf
from digests.searching.widening import frequency

_USUAL = 2  # readings of a character; nobody types it by a rarer one
_LOOKED_AT = 12  # passages in which the neighbours of a word are looked at
_WAYS = 16  # beginnings of a word that are followed further
_VERIFIED = 8  # of the words so grown that are looked up as a whole
_FORMS = 4  # forms kept of one guess
_SHORTEST_LATIN = 5  # letters; shorter words are one letter from too many others
_SPELLINGS = 4  # ways to read a word of letters as syllables
_SYLLABLES = 10  # of one run; nobody types a longer one without looking
_LONG = 12  # characters; a longer term is cut first
_BETWEEN = 12  # characters tried between two others
_SHORT, _RAREST = 4, 2  # characters of a term in which a slip may be anywhere; else, pairs
_CUTS = 2  # places where a term is cut in two
_LONGEST_EDGE = 5  # a longer rest stands well by itself
_TOGETHER = 12  # forms looked up in one go
_TRIED = 36  # forms of a term that are looked up as a whole
_SURE = 0.6  # share of one continuation, from which a word's edge counts as known
_GLUE = frozenset("的了是在也都或及着")
_ALIKE = ("zh z", "ch c", "sh s", "ang an", "eng en", "ing in", "l n", "f h", "r l")


def by_letters(letters: str, shelf: Shelf) -> tuple[tuple[str, ...], ...]:
    """The words that pinyin may stand for: one tuple of forms per word that must be there."""
    words = letters.split()
    ways = islice(product(*(spell(word)[:_SPELLINGS] for word in words)), _SPELLINGS)
    joined = _first_written((tuple(chain.from_iterable(way)) for way in ways), shelf)
    if joined:
        return (joined,)
    each = [_first_written(spell(word), shelf) for word in words]
    if len(words) > 1 and all(each):
        return tuple(each)
    syllables = [s for word in words for s in (spell(word) or [()])[0]]
    for cut in range(2, len(syllables) - 1) if len(syllables) <= _SYLLABLES else ():
        head = _written(syllables[:cut], shelf)
        tail = _written(syllables[cut:], shelf) if head else ()
        if tail:
            return (head, tail)
    return ()


def _first_written(ways: Iterable[tuple[str, ...]], shelf: Shelf) -> tuple[str, ...]:
    """The first of several runs of syllables that stands in the reports."""
    for syllables in ways:
        if len(syllables) > 1:
            found = _written(syllables, shelf)
            if found:
                return found
    return ()


def _written(syllables: Sequence[str], shelf: Shelf) -> tuple[str, ...]:
    """The ways in which a run of syllables stands in the reports, the commonest first."""
    if len(syllables) > _SYLLABLES:
        return ()
    return _forms([characters_of(s) for s in syllables], shelf)


def _forms(choices: Sequence[str], shelf: Shelf) -> tuple[str, ...]:
    """The words that stand in the reports with one of these characters in each place."""
    return _verified(_likely(choices, shelf), shelf)


def _likely(choices: Sequence[str], shelf: Shelf) -> list[str]:
    """Those whose pairs all stand somewhere, the commonest first.

    Grown pair by pair, since a pair that stands nowhere ends its way; the commonest are kept.
    """
    if len(choices) < 2 or not all(choices):  # noqa: PLR2004 -- one character is no word
        return []
    words = shelf.vocabulary
    ways = dict.fromkeys(choices[0], 10**9)
    for characters in choices[1:]:
        grown = {
            way + c: min(count, times)
            for way, count in ways.items()
            for c, times in words.after(way[-1], characters)
        }
        ways = dict(sorted(grown.items(), key=lambda item: -item[1])[:_WAYS])
    return [way for way in islice(ways, _VERIFIED) if shelf.may_stand(way)]


def _verified(likely: list[str], shelf: Shelf) -> tuple[str, ...]:
    """Those of the likely words that do stand: most often none, as one query for all tells."""
    if not shelf.may_stand_together(likely):
        return ()
    return tuple(islice((way for way in likely[:_TOGETHER] if shelf.stands(way)), _FORMS))


def corrected(term: str, shelf: Shelf) -> tuple[str, ...]:
    """Forms of a term that stands nowhere: one slip away, best first."""
    if term.isascii():
        return _respelt(term, shelf)
    if not 1 < len(term) <= _LONG:
        return ()
    for alike in (False, True):
        same = _same_sound(term, shelf, alike=alike)
        if same or len(term) < 3:  # noqa: PLR2004 -- of two, with one wrong, is left too little
            return same
        forms = _one_off(term, shelf) if alike else _standing(_missing(term, shelf), term, shelf)
        found = tuple(islice(forms, _FORMS))
        if found:
            return found  # all that was typed stands there: likelier than a sound much like it
    return ()


def _respelt(term: str, shelf: Shelf) -> tuple[str, ...]:
    """The Latin words one slip away: the first letter is hardly ever wrong."""
    if len(term) < _SHORTEST_LATIN or not term.isalpha():
        return ()
    words = [(n, word) for word, n in shelf.latin_words(term[0]) if is_one_slip(term, word)]
    return tuple(word for _, word in sorted(words, key=lambda found: -found[0])[:_FORMS])


_NO_NUMERAL = re.compile("[^0-9〇零一二三四五六七八九十百千万亿]+")


def _may_mean(term: str, form: str) -> bool:
    """May one have been typed for the other? No numeral is another one: 十三五 is not 十四五."""
    others = iter(_NO_NUMERAL.sub("", form))
    kept = all(numeral in others for numeral in _NO_NUMERAL.sub("", term))
    return form != term and (kept or sorted(form) == sorted(term))


def _kept(term: str, form: str) -> bool:
    """Half of the characters at least are as typed: the rest was a wrong choice of the keyboard."""
    sound = _may_mean(term, form) or not _NO_NUMERAL.sub("", form)  # 幼二园
    same = sum(a == b for a, b in zip(term, form, strict=True))
    return sound and form != term and same * 2 >= len(term)


def _same_sound(term: str, shelf: Shelf, *, alike: bool) -> tuple[str, ...]:
    """Forms with other characters of the same sound in two neighbouring places, or of one much
    like it in one.
    """
    likely: list[str] = []
    width = 1 if alike else 2
    for at in sorted(_suspects(term, shelf)):
        if not _stands_in_pairs(term[:at], shelf):
            break  # the characters before are wrong already
        if not _stands_in_pairs(term[at + width :], shelf):
            continue
        choices = [
            _sounding(c, shelf, alike=alike) if at <= i < at + width else c
            for i, c in enumerate(term)
        ]
        if len(term) == 2:  # noqa: PLR2004 -- 吉他 is not 其他, though 其 may be read so
            choices = [
                "".join(o for o in some if o == c or readings_of(o)[:1] == readings_of(c)[:1])
                for c, some in zip(term, choices, strict=True)
            ]
        likely += (f for f in _likely(choices, shelf) if _kept(term, f))
    return _verified(list(dict.fromkeys(likely)), shelf)


def _suspects(term: str, shelf: Shelf) -> frozenset[int]:
    """The places where a slip may be: at the rarest pairs, anywhere in a short term."""
    if len(term) <= _SHORT:
        return frozenset(range(len(term)))
    count = shelf.vocabulary.count
    rarest = sorted(range(len(term) - 1), key=lambda i: count(term[i : i + 2]))[:_RAREST]
    return frozenset(place for i in rarest for place in (i, i + 1))


def _stands_in_pairs(part: str, shelf: Shelf) -> bool:
    return all(shelf.vocabulary.count(a + b) for a, b in pairwise(part))


def _sounding(character: str, shelf: Shelf, *, alike: bool) -> str:
    """Characters that sound the same, or nearly so, and the character itself."""
    vocabulary = shelf.vocabulary
    return "".join([c for c in _of_one_sound(character, alike=alike) if c in vocabulary])


@lru_cache(maxsize=4096)
def _of_one_sound(character: str, *, alike: bool) -> str:
    names = readings_of(character)[:_USUAL]
    if alike:
        names = tuple(dict.fromkeys(a for n in names[:1] for a in _alike(n)))
    others = (c for n in names for c in characters_of(n) if n in readings_of(c)[:_USUAL])
    return "".join(dict.fromkeys((character, *others)))


@cache
def _alike(syllable: str) -> tuple[str, ...]:
    """Syllables that many speakers do not tell apart."""
    return tuple(_confused(syllable))


def _confused(syllable: str) -> Iterator[str]:
    for pair in _ALIKE:
        one, other = pair.split()
        for a, b in ((one, other), (other, one)):
            if len(a) > 1 and a in ("ang", "an", "eng", "en", "ing", "in"):
                if syllable.endswith(a) and not (len(a) < len(b) and syllable.endswith(b)):
                    yield syllable[: -len(a)] + b
            elif syllable.startswith(a) and not syllable.startswith(b if len(b) > len(a) else "\0"):
                yield b + syllable[len(a) :]


def _one_off(term: str, shelf: Shelf) -> Iterator[str]:
    """Forms with one character other, less or moved, that stand in the reports."""
    if len(term) < 4 and _NO_NUMERAL.sub("", term):  # noqa: PLR2004
        return iter(())  # 三农们: of two characters, with one wrong, is left too little
    ways = (_swapped, _wrong, _at_edges, _shorter) if len(term) > 3 else (_wrong, _at_edges)  # noqa: PLR2004 -- what remains would be too common
    return _standing(chain.from_iterable(way(term, shelf) for way in ways), term, shelf)


def _standing(forms: Iterator[str], term: str, shelf: Shelf) -> Iterator[str]:
    """Those forms that stand in the reports, in their order."""
    likely = dict.fromkeys(
        form
        for form in islice(forms, _TRIED)
        if _may_mean(term, form) and _is_likelier(form, term, shelf)
    )
    for some in _some(likely, _TOGETHER):
        yield from shelf.standing(some)


def _is_likelier(form: str, term: str, shelf: Shelf) -> bool:
    """Are the pairs that are new commoner than what they stand for? A slip makes rare ones."""
    typed, new = set(pairwise(term)), set(pairwise(form))
    count = shelf.vocabulary.count
    return min((count(a + b) for a, b in new - typed), default=0) > min(
        (count(a + b) for a, b in typed - new), default=-1
    )


def _some(forms: Iterable[str], size: int) -> Iterator[list[str]]:
    """Some forms at a time."""
    rest = iter(forms)
    while some := list(islice(rest, size)):
        yield some


def _missing(term: str, shelf: Shelf) -> Iterator[str]:
    """One character between two others missing; 的 and the like are no part of a word."""
    for i in sorted(_suspects(term, shelf) - {0}):
        before, after = term[:i], term[i:]
        if _stands_in_pairs(before, shelf) and _stands_in_pairs(after, shelf):
            for between in _between(before[-1], after[0], shelf):
                if between not in _GLUE:
                    yield before + between + after


def _wrong(term: str, shelf: Shelf) -> Iterator[str]:
    """One character between two others wrong."""
    for i in sorted(_suspects(term, shelf) - {0, len(term) - 1}):
        before, after = term[:i], term[i + 1 :]
        if _stands_in_pairs(before, shelf) and _stands_in_pairs(after, shelf):
            for between in _between(before[-1], after[0], shelf):
                yield before + between + after


def _between(before: str, after: str, shelf: Shelf) -> list[str]:
    """Characters that stand between two, the commonest first."""
    return shelf.vocabulary.between(before, after, _BETWEEN)


def _at_edges(term: str, shelf: Shelf) -> Iterator[str]:
    """The first or the last character wrong: only where the rest is nearly always continued so."""
    suspects = _suspects(term, shelf)
    for rest, first in ((term[1:], True), (term[:-1], False)):
        is_suspect = (0 if first else len(term) - 1) in suspects
        if not is_suspect or len(rest) > _LONGEST_EDGE or not frequency(rest, shelf):
            continue
        found: Counter[str] = Counter()
        for kept in shelf.with_word(rest, _LOOKED_AT):
            body = kept.body
            at = body.find(rest)
            while at >= 0:
                neighbour = (
                    body[at - 1 : at] if first else body[at + len(rest) : at + len(rest) + 1]
                )
                found[neighbour] += 1
                at = body.find(rest, at + 1)
        for neighbour, count in found.most_common(1):
            sure = count >= _SURE * found.total() and (count > 1 or len(rest) > 2)  # noqa: PLR2004
            if neighbour and neighbour != STOP and sure:
                yield neighbour + rest if first else rest + neighbour


def _swapped(term: str, shelf: Shelf) -> Iterator[str]:
    """Two characters in the wrong order."""
    for i in range(len(term) - 1):
        form = term[:i] + term[i + 1] + term[i] + term[i + 2 :]
        if frequency(form, shelf):
            yield form


def _shorter(term: str, shelf: Shelf) -> Iterator[str]:
    """One character too many."""
    for i in range(len(term)):
        form = term[:i] + term[i + 1 :]
        if frequency(form, shelf):
            yield form


def repaired(term: str, shelf: Shelf) -> tuple[tuple[str, ...], ...]:
    """A term with its slip mended: one tuple of forms per word that must be there.

    Where it is no slip in one word, only one part beside a sound one is mended: what stands
    after more guesses than that is hardly ever what was meant, and each takes as long as a look-up.
    """
    whole = corrected(term, shelf)
    if whole:
        return (whole,)
    for at in _cuts(term, shelf):
        head, tail = term[:at], term[at:]
        for sound, broken in ((head, tail), (tail, head)):
            if _stands_in_pairs(sound, shelf) and shelf.stands(sound):
                forms = corrected(broken, shelf)
                if not forms:
                    return ()
                return ((sound,), forms) if sound is head else (forms, (sound,))
    return ()


def _cuts(term: str, shelf: Shelf) -> list[int]:
    """Where a sound part may end and a broken one begin: around the rarest pairs."""
    if len(term) < 4 or len(term) > _LONG:  # noqa: PLR2004 -- two words of two
        return []
    places = range(2, len(term) - 1)
    return sorted(places, key=lambda i: shelf.vocabulary.count(term[i - 1 : i + 1]))[:_CUTS]
