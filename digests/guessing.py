"""Typing slips and pinyin -> words that do stand in the reports.

Nothing is guessed that the reports do not contain: every form is checked against the index. Likely
forms come first: the same sound, then one character wrong, missing, too many or in the wrong place.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, product

from digests.shadowing import STOP, other_signs, readings_of, shadow, sound_of, sounds, spell
from digests.shelving import Shelf
from digests.widening import frequency

_LOOKED_AT = 40  # passages in which forms of a sound are looked for
_WAYS = 12  # ways to write one sound sequence in signs
_FORMS = 4  # forms kept of one guess
_LONG = 12  # characters; a longer term is cut first
_BETWEEN = 600  # characters that may follow a given one
_SURE = 0.6  # share of one continuation, from which a word's edge counts as known
_ALIKE = ("zh z", "ch c", "sh s", "ang an", "eng en", "ing in", "l n", "f h", "r l")


def by_letters(letters: str, shelf: Shelf) -> tuple[tuple[str, ...], ...]:
    """The words that pinyin may stand for: one tuple of forms per word that must be there."""
    words = letters.split()
    joined = _spelled("".join(words), shelf)
    if joined:
        return (joined,)
    each = [_spelled(word, shelf) for word in words]
    if len(words) > 1 and all(each):
        return tuple(each)
    syllables = [s for word in words for s in (spell(word) or [()])[0]]
    for cut in range(2, len(syllables) - 1):
        head, tail = _written(syllables[:cut], shelf), _written(syllables[cut:], shelf)
        if head and tail:
            return (head, tail)
    return ()


def _spelled(letters: str, shelf: Shelf) -> tuple[str, ...]:
    for syllables in spell(letters):
        if len(syllables) > 1:
            found = _written(syllables, shelf)
            if found:
                return found
    return ()


def _written(syllables: Sequence[str], shelf: Shelf) -> tuple[str, ...]:
    """The ways in which a run of syllables stands in the reports, the commonest first."""
    if any(sound_of(s) is None for s in syllables):
        return ()
    wanted = [frozenset((s,)) for s in syllables]
    choices = [tuple(dict.fromkeys((sound_of(s) or "", *other_signs(s)))) for s in syllables]
    return _forms(choices, wanted, shelf)


def _forms(
    choices: Sequence[Sequence[str]], wanted: Sequence[frozenset[str]], shelf: Shelf
) -> tuple[str, ...]:
    ways = ["".join(way) for way in islice(product(*choices), _WAYS)]
    ways = [
        w for w in ways if all(shelf.frequency("sound", w[i : i + 2]) for i in range(len(w) - 1))
    ]
    found: Counter[str] = Counter()
    for way in ways:
        for kept in shelf.with_sound(way, _LOOKED_AT):
            body = shadow(kept.text[kept.start - kept.lead :])
            found.update(_read_as(body, sounds(body), way, wanted))
    return tuple(form for form, _ in found.most_common(_FORMS))


def _read_as(body: str, sounded: str, way: str, wanted: Sequence[frozenset[str]]) -> Iterator[str]:
    at = sounded.find(way)
    while at >= 0:
        form = body[at : at + len(way)]
        if all(w.intersection(readings_of(c)) for c, w in zip(form, wanted, strict=True)):
            yield form
        at = sounded.find(way, at + 1)


def corrected(term: str, shelf: Shelf) -> tuple[str, ...]:
    """Forms of a term that stands nowhere: one slip away, best first."""
    if not 1 < len(term) <= _LONG or term.isascii():
        return ()
    same = [f for f in _same_sound(term, shelf) if _kept(term, f)]
    if same or len(term) < 3:  # noqa: PLR2004 -- two characters with one wrong are another word
        return tuple(same[:_FORMS])
    return tuple(islice(_one_off(term, shelf), _FORMS))


def _kept(term: str, form: str) -> bool:
    """Half of the characters at least are as typed: the rest was a wrong choice of the keyboard."""
    return form != term and sum(a == b for a, b in zip(term, form, strict=True)) * 2 >= len(term)


def _same_sound(term: str, shelf: Shelf) -> tuple[str, ...]:
    readings = [readings_of(c) for c in term]
    if not all(readings):
        return ()
    exact = [tuple(sound_of(n) or "" for n in names[:2]) for names in readings]
    found = _forms(exact, [frozenset(n) for n in readings], shelf)
    if found:
        return found
    for index, names in enumerate(readings):
        alike = frozenset(a for n in names[:1] for a in _alike(n))
        if not alike:
            continue
        signs = [*exact]
        signs[index] = tuple(s for a in alike if (s := sound_of(a)))
        wanted = [frozenset(n) for n in readings]
        wanted[index] = alike
        found = _forms(signs, wanted, shelf)
        if found:
            return found
    return ()


def _alike(syllable: str) -> Iterator[str]:
    """Syllables that many speakers do not tell apart."""
    for pair in _ALIKE:
        one, other = pair.split()
        for a, b in ((one, other), (other, one)):
            if len(a) > 1 and a in ("ang", "an", "eng", "en", "ing", "in"):
                if syllable.endswith(a) and not (len(a) < len(b) and syllable.endswith(b)):
                    yield syllable[: -len(a)] + b
            elif syllable.startswith(a) and not syllable.startswith(b if len(b) > len(a) else "\0"):
                yield b + syllable[len(a) :]


def _one_off(term: str, shelf: Shelf) -> Iterator[str]:
    """Forms with one character other, more, less or moved, that stand in the reports."""
    seen: set[str] = set()
    for form in (*_inside(term, shelf), *_at_edges(term, shelf), *_shorter(term, shelf)):
        if form not in seen and form != term and shelf.stands(form):
            seen.add(form)
            yield form


def _inside(term: str, shelf: Shelf) -> Iterator[str]:
    """One character between two others wrong or missing."""
    for i in range(1, len(term)):
        before = term[:i]
        for after in (term[i + 1 :], term[i:]):
            left = len(before) + len(after)
            if not after or left < min(3, len(term) - 1):
                continue
            for between in _between(before[-1], after[0], shelf):
                form = before + between + after
                if frequency(form, shelf):
                    yield form


def _between(before: str, after: str, shelf: Shelf) -> Iterator[str]:
    for pair in shelf.pairs_from(before, _BETWEEN):
        between = pair[1]
        if between != STOP and shelf.frequency("body", between + after):
            yield between


def _at_edges(term: str, shelf: Shelf) -> Iterator[str]:
    """The first or the last character wrong: only where the rest is nearly always continued so."""
    for rest, first in ((term[1:], True), (term[:-1], False)):
        if not frequency(rest, shelf):
            continue
        found: Counter[str] = Counter()
        for kept in shelf.with_word(rest, _LOOKED_AT):
            body = shadow(kept.text)
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


def _shorter(term: str, shelf: Shelf) -> Iterator[str]:
    """One character too many, or two in the wrong order."""
    if len(term) < 4:  # noqa: PLR2004 -- what remains would be too common
        return
    for i in range(len(term)):
        without = term[:i] + term[i + 1 :]
        swapped = term[:i] + term[i : i + 2][::-1] + term[i + 2 :]
        for form in (without, swapped):
            if frequency(form, shelf):
                yield form


def repaired(term: str, shelf: Shelf) -> tuple[tuple[str, ...], ...]:
    """A term with its slip mended: one tuple of forms per word that must be there."""
    whole = corrected(term, shelf)
    if whole:
        return (whole,)
    for at in _cuts(len(term)):
        head, tail = term[:at], term[at:]
        for sound, broken in ((head, tail), (tail, head)):
            if frequency(sound, shelf) and shelf.stands(sound):
                forms = corrected(broken, shelf)
                if forms:
                    return ((sound,), forms) if sound is head else (forms, (sound,))
    return ()


def _cuts(length: int) -> Iterable[int]:
    """Places to cut a term in two, the middle first."""
    return sorted(range(2, length - 1), key=lambda i: abs(i - length / 2))
