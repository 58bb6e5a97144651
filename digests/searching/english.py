"""Questions and word forms in English, for the reports that are written in it."""

from digests.searching.asking import Ask, Question

_OF_QUESTIONS = (  # words that a question is not about
    "a an the this that these those of in on at by for from to with into about as and or "
    "but if than then is are was were be been being do does did has have had can could "
    "may might must shall should will would it its there their they them he she we us "
    "our you your i me my not no any some each every all what which who whom whose when "
    "where why how many much long often far please tell find show say says said mean "
    "means meant happen happens report document until till before after within"
)
_WORDS = frozenset(_OF_QUESTIONS.split())
_ASKS = {
    "when": Ask.WHEN,
    "deadline": Ask.WHEN,
    "who": Ask.WHO,
    "whom": Ask.WHO,
    "whose": Ask.WHO,
    "where": Ask.WHERE,
    "why": Ask.WHY,
    "how": Ask.HOW,
    "what": Ask.WHAT,
}
_MEASURED = {
    "many": Ask.AMOUNT,
    "much": Ask.AMOUNT,
    "long": Ask.WHEN,
    "soon": Ask.WHEN,
    "often": Ask.WHEN,
}
_SHORTEST_STEM = 3
_ENDS = ("s", "ed", "ing")
_PLURALS = (
    ("ies", "y"),
    ("ied", "y"),
    ("sses", "ss"),
    ("xes", "x"),
    ("ches", "ch"),
    ("shes", "sh"),
)


def is_english(terms: tuple[str, ...]) -> bool:
    """Are all words Latin ones? One alone may be pinyin, or a name.

    >>> is_english(("code", "inventory")), is_english(("gdp", "增长"))
    (True, False)
    """
    return len(terms) > 1 and all(term.isascii() for term in terms)


def asked(terms: tuple[str, ...]) -> Question:
    """The kind of question, and the words it is about.

    >>> asked(("who", "develops", "the", "policy"))
    Question(about=('develops', 'policy'), ask=<Ask.WHO: 'who'>, unit='', verbs=(), doubts=False, past=None)
    >>> asked(("how", "many", "days")).ask
    <Ask.AMOUNT: 'amount'>
    """
    ask = next((_ASKS[term] for term in terms[:3] if term in _ASKS), None)
    if ask is Ask.HOW:
        ask = next((_MEASURED[term] for term in terms[:3] if term in _MEASURED), ask)
    about = tuple(term for term in terms if term not in _WORDS)
    return Question(about or terms, ask)


def inflected(word: str) -> tuple[str, ...]:
    """Other forms an English word may have; some that nobody writes are among them.

    >>> inflected("inventory")
    ('inventories', 'inventoried', 'inventorying')
    >>> {"license", "licenses"} <= set(inflected("licensing"))
    True
    """
    if not (word.isascii() and word.isalpha()) or len(word) <= _SHORTEST_STEM:
        return ()
    found = (w for stem in _stems(word) for w in (stem, *(_joined(stem, e) for e in _ENDS)))
    return tuple(w for w in dict.fromkeys(found) if w != word)


def _stems(word: str) -> tuple[str, ...]:
    """What a word may be a form of: planned of plan, updated of update, policies of policy."""
    for end, put in _PLURALS:
        if word.endswith(end):
            return (word[: -len(end)] + put,)
    for end in ("ing", "ed"):
        stem = word.removesuffix(end)
        if stem != word and len(stem) >= _SHORTEST_STEM and set(stem) & set("aeiouy"):
            once = stem[:-1] if stem[-1] == stem[-2] else stem
            return (stem, once, stem + "e")
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return (word[:-1],)
    return (word,)


def _joined(stem: str, end: str) -> str:
    if stem.endswith("y") and stem[-2:-1] not in set("aeiou"):
        return {"s": stem[:-1] + "ies", "ed": stem[:-1] + "ied"}.get(end, stem + end)
    if stem.endswith("e") and end != "s":
        return stem[:-1] + end
    if end == "s" and stem.endswith(("s", "x", "ch", "sh")):
        return stem + "es"
    return stem + end


def is_one_slip(typed: str, word: str) -> bool:
    """Is a letter wrong, missing or too many, or are two neighbours swapped?

    >>> is_one_slip("invetory", "inventory"), is_one_slip("lisence", "license")
    (True, False)
    """
    if abs(len(typed) - len(word)) > 1 or typed == word:
        return False
    shorter = min(len(typed), len(word))
    same = next((i for i in range(shorter) if typed[i] != word[i]), shorter)
    rest, other = typed[same:], word[same:]
    if len(rest) == len(other):
        return rest[1:] == other[1:] or (rest[1::-1] == other[:2] and rest[2:] == other[2:])
    return rest[1:] == other or rest == other[1:]
