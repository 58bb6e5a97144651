"""Bytes -> characters: a proof where there is one, else a detector on the whole file, then guards.

Never the first decoding that happens to work: Big5 read as GB18030 "succeeds" into rubbish.
"""

import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, BOM_UTF32_BE, BOM_UTF32_LE

from digests.errors import UnreadableError
from digests.patterns import Pattern

_MARKS = (
    (BOM_UTF32_LE, "utf-32"),
    (BOM_UTF32_BE, "utf-32"),
    (BOM_UTF8, "utf-8-sig"),
    (BOM_UTF16_LE, "utf-16"),
    (BOM_UTF16_BE, "utf-16"),
)
_CANDIDATES = ["gb18030", "big5", "big5hkscs", "cp950", "cp936", "utf_16_le", "utf_16_be",
               "shift_jis", "euc_jp", "euc_kr", "cp1252", "latin_1", "cp1250", "cp1251"]  # fmt: skip
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_COMMON = Pattern("[的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经"
                     "這個國時來們發動對說產種後學經為會與]")  # fmt: skip
_HAN = Pattern(r"[一-鿿]")
_POINTS = frozenset("，。、：；！？（）《》“”\u3000")
_SAMPLE = 400_000
_WEIGHED = 60_000  # bytes in which characters are counted
UNKNOWN = "The file's characters cannot be made out; save it as UTF-8 text and send it again."
DAMAGED = "Some characters were damaged and could not be read."
BINARY = "The file holds no text; send a document (docx, pdf, html, md or txt)."


def decode(data: bytes) -> tuple[str, str, list[str]]:
    """The name of the encoding, the characters, and what was doubtful.

    >>> decode("防汛".encode("utf-16"))[:2]
    ('utf-16', '防汛')
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _by_mark(data, encoding)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return _detected(data)
    if "\x00" in text:
        return _wide(data)
    return "utf-8", _checked(text), []


def _by_mark(data: bytes, encoding: str) -> tuple[str, str, list[str]]:
    try:
        return encoding, _checked(data.decode(encoding)), []
    except UnicodeDecodeError:
        text = data.decode(encoding, "replace")
        if text.count("\ufffd") * 50 > len(text):
            raise UnreadableError(UNKNOWN) from None
        return encoding, _checked(text), [DAMAGED]


def _detected(data: bytes) -> tuple[str, str, list[str]]:
    sample = data[:_WEIGHED].decode("utf-8", "replace")
    if sample.count("\ufffd") * 20 < len(sample):  # else it is no UTF-8, damaged or not
        nearly = data.decode("utf-8", "replace")
        if nearly.count("\ufffd") * 200 < len(nearly) and _HAN.search(nearly):
            return "utf-8", _checked(nearly), [DAMAGED]
    if b"\x00" in data:
        return _wide(data)
    from charset_normalizer import from_bytes

    best = from_bytes(data[:_SAMPLE], cp_isolation=_CANDIDATES, enable_fallback=False).best()
    encoding = _guarded(data, best.encoding if best else "")
    if not encoding:
        raise UnreadableError(UNKNOWN)
    text = data.decode(encoding, "replace")
    doubts = []
    if "\ufffd" in text:
        if text.count("\ufffd") * 50 > len(text):
            raise UnreadableError(UNKNOWN)
        doubts.append(DAMAGED)
    return encoding.replace("_", "-"), _checked(text), doubts


def _guarded(data: bytes, detected: str) -> str:
    """The detector's word, unless another of the two great Chinese encodings reads far better."""
    scores = {}
    for encoding in ("gb18030", "big5hkscs"):
        text = data[:_WEIGHED].decode(encoding, "ignore")
        han = len(_HAN.findall(text))
        scores[encoding] = len(_COMMON.findall(text)) / han if han > 20 else 0.0  # noqa: PLR2004 -- too few to tell
    better = max(scores, key=lambda e: scores[e])
    if scores[better] < 0.1:  # noqa: PLR2004 -- in any Chinese text these are a quarter of all
        return detected
    return "big5" if better == "big5hkscs" and _decodes(data, "big5") else better


def _decodes(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _wide(data: bytes) -> tuple[str, str, list[str]]:
    """UTF-16 without a mark: what reads as one of its two orders, and as language."""
    for encoding in ("utf-16-le", "utf-16-be"):
        text = data.decode(encoding, "replace")
        lost = text.count("\ufffd")
        if "\x00" in text or lost * 50 > len(text):
            continue
        sample = text[:4000]
        han, common = len(_HAN.findall(sample)), len(_COMMON.findall(sample))
        known = common + sum(c.isascii() or c in _POINTS for c in sample)
        if known * 5 > len(sample) and common * 20 >= han:
            doubts = [DAMAGED] if lost else []
            return encoding, _checked(text), doubts
    raise UnreadableError(BINARY)


def _checked(text: str) -> str:
    """Refuse what decodes but is no text."""
    sample = text[:_SAMPLE]
    if _CONTROL.search(sample) and (
        "\x00" in sample or len(_CONTROL.findall(sample)) * 50 > len(sample)
    ):
        raise UnreadableError(BINARY)
    return text
