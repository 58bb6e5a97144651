"""Bytes -> what a reader sees, line by line, with what the format knows about each line.

The walk::

    formats     size and limits; what the bytes are, never what the name says they are
    decoding    bytes -> characters, for the formats that are text
    markdown    the marks taken off: headings, bold beginnings, lists, tables
    page        html: the main text without menus and footers
    word        docx: our own walk over the XML (``ooxml`` the package, ``styles``, and
                ``numbering``, which renders automatic numbers)
    pdf         printed lines -> paragraphs; headers, footers and footnotes taken out
    manuscript  what all of them hand on

Whatever cannot be read raises UnreadableError with one sentence that says what to do instead.
"""

from digests.reading.formats import DEFAULT, Limits, read
from digests.reading.manuscript import Line, Manuscript, Role

__all__ = ["DEFAULT", "Limits", "Line", "Manuscript", "Role", "read"]
