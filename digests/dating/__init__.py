"""Time expressions -> a window of days, or honestly none.

::

    forms       the closed list of forms, and the one pass that finds them
    reckoning   what dates, months, quarters and years come to
    spanning    what plans, centuries and the months around the issue come to
    occasions   what feasts, seasons, terms and vague words come to
    english     the English forms
    moments     the nouns: Anchor (what days are counted from) and Moment
    seasons     the seasons of each region, from seasons.toml
    calendars   workdays, make-up days, feasts
"""
