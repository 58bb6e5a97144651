"""What bots fetch: themselves, updates, webhooks, files."""

import re
from urllib.parse import urlsplit

from bot.sandbox.accounts import Webhook
from bot.sandbox.filing import DOWNLOAD_LIMIT
from bot.sandbox.methods.call import Call
from bot.sandbox.refusals import ApiError, Json, bad, too_many
from bot.sandbox.updates import POLL_MAX_S, WEBHOOK_ACTIVE, WEBHOOK_SET

SECRET_MAX = 256
SECRET = re.compile(r"[A-Za-z0-9_-]*")
PORTS = frozenset({443, 80, 88, 8443})
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def get_me(call: Call) -> Json:
    account = call.account
    return account.user.card | {
        "can_join_groups": True,
        "can_read_all_group_messages": not account.privacy,
        "supports_inline_queries": account.inline,
        "can_connect_to_business": False,
        "has_main_web_app": False,
        "has_topics_enabled": False,
        "allows_users_to_create_topics": False,
    }


async def get_updates(call: Call) -> list[Json]:
    account, args = call.account, call.args
    if account.webhook is not None:
        raise ApiError(409, WEBHOOK_ACTIVE)
    _allow(call)
    return await account.queue.poll(
        args.integer("offset"),
        args.clamped("limit", 100, 1, 100),
        args.clamped("timeout", 0, 0, POLL_MAX_S),
    )


def _allow(call: Call) -> bool:
    try:
        return call.account.queue.allow(call.args.json("allowed_updates"))
    except ValueError:
        return False


def set_webhook(call: Call) -> bool:
    account, args = call.account, call.args
    url = args.text("url").strip()
    if not url:
        return delete_webhook(call)
    now = call.world.monotonic()
    if now < account.next_webhook:
        raise too_many(1, "set_webhook")
    _check_url(url)
    secret = args.text("secret_token")
    if len(secret) > SECRET_MAX:
        raise bad("secret token is too long")
    if not SECRET.fullmatch(secret):
        raise bad("secret token contains unallowed characters")
    account.next_webhook = now + 1
    _allow(call)
    if args.flag("drop_pending_updates"):
        account.queue.clear()
    account.queue.interrupt(WEBHOOK_SET)
    account.webhook = Webhook(
        url,
        secret,
        args.clamped("max_connections", 40, 1, 100),
        args.text("ip_address"),
    )
    account.webhook_changed.set()
    return True


def _check_url(url: str) -> None:
    """Only https on four ports, as on Telegram; to this machine also http, on any port."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise bad("bad webhook: invalid URL specified") from None
    if host in LOOPBACK and parts.scheme in {"http", "https"}:
        return
    if parts.scheme != "https":
        raise bad("bad webhook: An HTTPS URL must be provided for webhook")
    if port is not None and port not in PORTS:
        raise bad("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
    if "." not in host:
        raise bad("bad webhook: Failed to resolve host: Name or service not known")


def delete_webhook(call: Call) -> bool:
    account = call.account
    if call.args.flag("drop_pending_updates"):
        account.queue.clear()
    account.webhook = None
    account.webhook_changed.set()
    account.queue.woken.set()
    return True


def get_webhook_info(call: Call) -> Json:
    account = call.account
    webhook = account.webhook
    card: Json = {
        "url": webhook.url if webhook else "",
        "has_custom_certificate": False,
        "pending_update_count": len(account.queue),
    }
    if webhook is not None:
        card["max_connections"] = webhook.max_connections
        if webhook.ip_address:
            card["ip_address"] = webhook.ip_address
        if webhook.last_error:
            card["last_error_date"] = webhook.last_error_date
            card["last_error_message"] = webhook.last_error
    if account.queue.explicit is not None:
        card["allowed_updates"] = account.queue.explicit
    return card


def get_file(call: Call) -> Json:
    file_id = call.args.text("file_id")
    if not file_id:
        raise bad("file_id not specified")
    if not call.world.cabinet.has(file_id):
        raise bad("wrong file_id or the file is temporarily unavailable")
    file = call.world.cabinet.find(file_id)
    if len(file.data) > DOWNLOAD_LIMIT:
        raise bad("file is too big")
    return file.card() | {"file_path": file.path}


def log_out(call: Call) -> bool:
    call.account.queue.interrupt("Conflict: terminated by logOut request")
    return True
