"""Words -> ranked hits, over any number of reports.

The walk of a look-up::

    querying    what was typed -> words wanted, excluded, the kind of question
    asking      how people ask -> what about; english does the same for English
    numbering   a number -> the other ways to write it
    glossing    what people say -> what reports write, from synonyms.toml and the operator
    segmenting  a phrase as it is spoken -> the words it is made of, and the ways to write each
    widening    a query -> its readings, strict ones first: core, synonyms, all its words
    coining     a slogan -> where the things it counts are listed
    guessing    slips and pinyin -> words that do stand in the reports
    resembling  the reader's own words -> what is most like them, where all else finds nothing
    gathering   what holds most of its words anyhow, to fill up below what the readings found
    answering   readings, one after the other -> candidates -> hits
    collecting  hits as they come in -> their order; what repeats another comes last
    weighing    a candidate -> its score
    clipping    a passage -> the sentences that answer

The walk of the index::

    shadowing   a text -> what is compared, in pairs of characters
    stocking    a report -> documents, one per passage
    keeping     a passage as it is stored, and the way back
    storing     documents in tantivy: opened, refreshed, rebuilt, never corrupt
    vocabulary  the pairs that stand in the reports, for those who guess
    engine      what tantivy is asked, and what it brings
    fetching    what is wanted -> plain queries, one after the other
    shelving    one state of the index: what holds a word, and how often
    index       a library of reports, ready to be asked
"""

from digests.searching.answering import Answer
from digests.searching.index import Index

__all__ = ["Answer", "Index"]
