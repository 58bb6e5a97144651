"""Tables and queries: one file per table group, named by its plural.

Queries are plain async functions that take a connection; the caller opens the transaction
(``async with database.write() as connection``), so that what belongs together is committed
together.
"""
