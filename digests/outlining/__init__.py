"""Text -> section tree, with title, issuer and dates.

The walk::

    trimming    which lines are furniture: page numbers, notes, footers, tables of contents
    gathering   lines -> paragraphs, hard-wrapped lines put together
    titling     where the documents in the file begin
    unearthing  headings that were run into the text are cut out of it
    spotting    paragraphs -> entries: every place that opens a section
                (``unnumbered`` by look, ``inlining`` inside a paragraph, ``marginal`` a title
                above its number, ``phrasing`` their words)
    sifting     entries whose numbers do not go on from one another fall out
    nesting     entries -> tree, by the order in which the schemes appear
    citing      how each section is named in print
    recording   what the document says about itself (``declaring``: in fields, lines and its title)
    tree        all of it together

Nothing here knows a fixed table of levels: what opens inside something lies inside it.
"""

from digests.outlining.tree import outline, parse

__all__ = ["outline", "parse"]
