"""policybot: an office's long report, delivered in time and answered at once.

The floor plan, top to bottom; imports go down only (import-linter holds it):

    __main__    starts cli
    cli         the commands; reads settings, prints, exits
    service     keeps the bot, the sandbox or both up until told to end
    app         composition root: builds every object once, starts and stops them
    settings    config.toml + environment -> frozen settings
    receiver    polling under the lease, or a webhook's store -> handlers
    stepper     steps of the sandbox's clock: all that is due is done before it goes on
    scheduler   APScheduler ticks; holds no facts, hands ``now`` down
    poller      getUpdates -> updates, in order per chat
    handlers/   what a reader does, one file each, the office in a package; the routes on one screen
    web/        health, metrics, webhook
    sandbox/    the Bot API on your desk and its chat page; knows nothing of the rest
    intake      a file or URL from outside -> text, in a child process with limits
    delivery/   planner, sender, gateway, limiter, transport
    library     the published reports and their index, one view per process
    storage/    tables and queries, one file per table group; migrations
    texts       gettext catalogues
    domain/     pure: subscription, broadcast, message states and their lawful moves
    errors      what can go wrong, and what to do about it
    clock       the only place that reads wall time

Walk 1, a scheduled digest::

    scheduler tick(now)
        -> planner: storage.chats.due(now)        who is due, in bounded batches
        -> digests.compose, digests.render        once per variant
        -> storage.outbox.add                     rows and each chat's next time, one transaction
    sender: storage.outbox.claim -> limiter -> gateway -> Telegram -> storage.outbox.settle

A broadcast joins at the planner; a reminder is a digest with a task.

Walk 2, a look-up::

    poller -> handlers (route) -> digests.search -> digests.render -> reply through the same
    limiter, ahead of all pushes
"""
