"""Report + day + topics + what was read -> Digest: what goes into a message, never how it looks.

::

    reviewing   which sections look back
    planning    sections -> readings, and windows of whole sentences
    ordering    in which order they come on a day
    listing     tasks -> lines and the task list
    daily       the digest of a day
"""

from digests.composing.daily import compose, plan, preview, read_after, report_key
from digests.composing.listing import Agenda, agenda, merge
from digests.composing.ordering import Edition

__all__ = [
    "Agenda",
    "Edition",
    "agenda",
    "compose",
    "merge",
    "plan",
    "preview",
    "read_after",
    "report_key",
]
