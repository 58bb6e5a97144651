"""Sections -> tasks and figures.

::

    tasks       every sentence -> what it tells somebody to do, and by when
    tensing     does its section look back or ahead
    anchoring   of which year its part speaks
    directing   does the sentence tell somebody to do something
    binding     which time expressions bind it
    owning      whom it charges
    entitling   a few words that name the matter
    reminding   on which days it is recalled
    figures     every sentence -> its numbers
    quantifying numbers in digits; counting Chinese numerals, ranks, shares; spelling English number words
    naming      what a number measures
    amounts, units   what numbers and their units look like
    passages    the sentences themselves, with their section
"""
