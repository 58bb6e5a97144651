"""The sandbox: Telegram's Bot API on your desk, by Telegram's rules, with a chat page.

A room of its own that knows nothing of the rest of the bot, so that any Bot API client can use it.
The walk of one call::

    server.Sandbox          one port: /bot<token>/<method>, /file/…, /sandbox/…, and the page at /
        -> api              token, arguments (wire), fault, method, answer, journal
            -> methods/     one function per Bot API method; the routing table in methods/__init__
                -> wording, keyboards, limits, filing     the rules, each in one file
                -> world    users, chats, messages, bots, clock; tally counts what arrives
    acts, joining           what people do; hearing says which bots it reaches, as updates
    webhooks                hands updates to bots that have set one
    control, dials          /sandbox/…: people, presses, crowds; faults, limits, clock, tally
    pages, events, page/    the chat page, told of everything live
"""
