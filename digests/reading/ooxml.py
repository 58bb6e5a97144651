"""The package around a Word file: a zip of XML parts, unpacked and parsed within limits."""

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

from digests.errors import TooLargeError, UnreadableError, UnsupportedError

_PART = 60_000_000  # bytes of one part when unpacked: the largest real one had 3 MB
_DOCUMENT = re.compile(r"word/document\d*\.xml", re.IGNORECASE)
OFF = frozenset({"0", "false", "none"})


def parts_of(data: bytes) -> dict[str, bytes]:
    """The parts of a Word file that hold its text, its lists and its styles."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            names = set(package.namelist())
            document = next((n for n in sorted(names) if _DOCUMENT.fullmatch(n)), None)
            if document is None:
                raise UnsupportedError(_other_package(names))
            return {
                "document": _unpack(package, document),
                "numbering": _unpack(package, "word/numbering.xml"),
                "styles": _unpack(package, "word/styles.xml"),
                "comments": b"1" if _has(package, "word/comments.xml", b"comment ") else b"",
                "notes": b"1" if _has(package, "word/footnotes.xml", b"footnote ", 2) else b"",
            }
    except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, ValueError, RuntimeError):
        raise UnreadableError(
            "The Word file is damaged or protected; save it anew without a password and send it again."
        ) from None


def _has(package: zipfile.ZipFile, name: str, mark: bytes, least: int = 0) -> bool:
    """Whether a part holds more than ``least`` elements (Word writes two empty footnotes always)."""
    return _unpack(package, name).count(mark) > least


def _other_package(names: set[str]) -> str:
    if any(n.startswith("xl/") for n in names):
        return "This is a spreadsheet, not a text; send the text as docx, pdf or txt."
    if any(n.startswith("ppt/") for n in names):
        return "This is a presentation, not a text; send the text as docx, pdf or txt."
    if "OFD.xml" in names:
        return "OFD files cannot be read; open the file and save it as docx or pdf."
    if "content.xml" in names:
        return "OpenDocument files cannot be read; save the file as docx and send it again."
    return "Archives cannot be read; unpack the file and send the document itself."


def _unpack(package: zipfile.ZipFile, name: str) -> bytes:
    try:
        with package.open(name) as part:
            data = part.read(_PART + 1)
    except KeyError:
        return b""
    except (zipfile.BadZipFile, EOFError, OSError, RuntimeError, ValueError):
        if _DOCUMENT.fullmatch(name):
            raise
        return b""
    except Exception as error:  # zlib.error and its like have no common base
        raise zipfile.BadZipFile(name) from error
    if len(data) > _PART:
        raise TooLargeError("The Word file unpacks to far too much; send the text only.")
    return data


def parse_xml(data: bytes) -> Any:
    """A part as a tree; whatever reaches outside it or grows is refused."""
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise UnreadableError(
            "The Word file is damaged; save it anew in Word and send it again."
        ) from None
    if root.getroottree().docinfo.doctype:
        raise UnreadableError(
            "The Word file declares entities, which no real one does; it was refused."
        )
    return root


def children(element: Any, name: str) -> Iterator[Any]:
    """The children of that name."""
    return (child for child in element if name_of(child) == name)


def name_of(element: Any) -> str:
    """The name of an element without its namespace, "" for what is no element."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def value_of(element: Any, name: str) -> str:
    """An attribute by its name without namespace, "" where there is none."""
    for key, value in element.attrib.items():
        if key.rpartition("}")[2] == name:
            return str(value)
    return ""


def whole(text: str, default: int = 0) -> int:
    """The whole number a value stands for."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else default  # noqa: PLR2004
