"""What can go wrong while a document is read and asked.

    DigestsError
    ├── UnreadableError      the document cannot be used; the sentence says what to do instead
    │   ├── TooLargeError    over a limit of size, characters, nesting or unpacked bytes
    │   └── UnsupportedError a format this library does not read (old .doc, images, scans)
    ├── QueryError           the question cannot be asked (empty)
    ├── NoRoomError          the index cannot grow: the disk is full
    ├── TopicError           a topic id that does not exist
    └── KnowledgeError       an office's own topics or seasons cannot be used

Every message is one sentence a clerk can act on; ``str(error)`` is that sentence.
"""


class DigestsError(Exception):
    """Base of all errors of this package."""


class UnreadableError(DigestsError):
    """The document cannot be used as it is."""


class TooLargeError(UnreadableError):
    """The document exceeds a limit."""


class UnsupportedError(UnreadableError):
    """The document is in a format that is not read."""


class QueryError(DigestsError):
    """The question cannot be asked."""


class NoRoomError(DigestsError):
    """The index cannot grow; what it holds can still be asked."""


class TopicError(DigestsError):
    """The topic does not exist."""


class KnowledgeError(DigestsError):
    """An office's own file of topics or seasons cannot be used; the sentence says where."""
