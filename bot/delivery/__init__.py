"""From a due chat to an answer of Telegram's.

    planner     who is due: writes outbox rows, and each chat's next time
    editor      what a reader with certain choices gets on a day
    sender      takes what is due, sends it, hands back what became of it
    clerk       the sender's paperwork: settle, skip and claim in one short transaction
    mailbag     what is sent, encoded once
    lease       one sender and planner per token, by a row with an epoch
    gateway     the only place that sends a push: limiter, lease, transport, in this order
    limiter     how fast, and who goes first
    transport   one Bot API call over HTTP; its errors say what they mean for the message
    replies     python-telegram-bot on the same transport and limiter

A push's life: ``planner`` -> rows ``queued`` -> ``sender`` marks ``sending`` (committed before the
first byte leaves) -> ``gateway`` -> ``sent``, ``failed``, ``unknown``, ``skipped`` or back to
``queued``, settled in group commits.
"""
