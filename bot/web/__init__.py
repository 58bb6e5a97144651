"""What other programs ask of us over HTTP: are you well, how much, and here is an update.

``GET /healthz``  the process lives · ``GET /readyz``  it can do its work, or the reasons why not
``GET /metrics``  Prometheus text · ``POST /telegram/<path>``  the webhook, when one is configured
``GET /calendar.ics?topics=flood,safety&language=en``  the public tasks' days, to subscribe to
"""

from bot.web.calendar import as_icalendar
from bot.web.server import Web, Webhook
from bot.web.vitals import Sample, Vitals, examine

__all__ = ["Sample", "Vitals", "Web", "Webhook", "as_icalendar", "examine"]
