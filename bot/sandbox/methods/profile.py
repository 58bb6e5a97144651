"""What a bot says about itself: commands by scope and language, descriptions, menu button."""

import re

from bot.sandbox.accounts import Account
from bot.sandbox.methods.call import Access, Call
from bot.sandbox.people import Chat
from bot.sandbox.refusals import Json, bad

COMMANDS_MAX = 100
COMMAND = re.compile(r"[a-z0-9_]{1,32}")
COMMAND_LENGTH = 32
DESCRIPTION_LENGTH = 256
SCOPES = frozenset({"default", "all_private_chats", "all_group_chats", "all_chat_administrators"})
CHAT_SCOPES = frozenset({"chat", "chat_administrators", "chat_member"})
TEXT_LIMITS = {"name": 64, "description": 512, "short_description": 120}
Scope = tuple[str, int, int]


def set_my_commands(call: Call) -> bool:
    commands = _commands(call)
    by_language = call.account.commands.setdefault(_scope(call), {})
    language = _language(call)
    if commands:
        by_language[language] = commands
    else:
        by_language.pop(language, None)
    call.world.events.tell("commands", bot=call.account.id)
    return True


def delete_my_commands(call: Call) -> bool:
    call.account.commands.get(_scope(call), {}).pop(_language(call), None)
    call.world.events.tell("commands", bot=call.account.id)
    return True


def get_my_commands(call: Call) -> list[Json]:
    return call.account.commands.get(_scope(call), {}).get(_language(call), [])


def _language(call: Call) -> str:
    language = call.args.text("language_code")
    if language and not re.fullmatch(r"[a-z]{2}", language):
        raise bad("invalid language code specified")
    return language


def _commands(call: Call) -> list[Json]:
    given = call.json("commands", "Can't parse commands JSON object")
    if given is None:
        return []
    if not isinstance(given, list):
        raise bad("Expected an Array of BotCommand")
    if len(given) > COMMANDS_MAX:
        raise bad("BOT_COMMANDS_TOO_MUCH")
    return [_command(one) for one in given]


def _command(one: object) -> Json:
    failed = "Can't parse BotCommand: "
    if not isinstance(one, dict):
        raise bad(failed + "expected an Object")
    for name in ("command", "description"):
        if not isinstance(one.get(name), str):
            raise bad(failed + f'Can\'t find field "{name}"')
    command = one["command"].removeprefix("/")
    description = one["description"].strip()
    _check_length("Command", command, COMMAND_LENGTH)
    _check_length("Command description", description, DESCRIPTION_LENGTH)
    if not COMMAND.fullmatch(command):
        raise bad("BOT_COMMAND_INVALID")
    return {"command": command, "description": description}


def _check_length(what: str, text: str, most: int) -> None:
    if not text:
        raise bad(f"{what} must be non-empty")
    if len(text) > most:
        raise bad(f"{what} length must not exceed {most}")


def _scope(call: Call) -> Scope:
    given = call.json("scope", "Can't parse BotCommandScope JSON object")
    if given is None:
        return ("default", 0, 0)
    failed = "Can't parse BotCommandScope: "
    if not isinstance(given, dict):
        raise bad(failed + "BotCommandScope must be an Object")
    kind = given.get("type")
    if not isinstance(kind, str):
        raise bad(failed + 'Can\'t find field "type"')
    if kind in SCOPES:
        return (kind, 0, 0)
    if kind not in CHAT_SCOPES:
        raise bad(failed + "Unsupported type specified")
    return _chat_scope(call, kind, given)


def _chat_scope(call: Call, kind: str, given: Json) -> Scope:
    failed = "Can't parse BotCommandScope: "
    if not given.get("chat_id"):
        raise bad(failed + "Empty chat_id specified")
    user_id = given.get("user_id") if kind == "chat_member" else 0
    if not isinstance(user_id, int) or (kind == "chat_member" and user_id <= 0):
        raise bad(failed + "Invalid user_id specified")
    return (kind, call.chat_named(str(given["chat_id"]), Access.READ).id, user_id)


def commands_for(account: Account, chat: Chat, user_id: int, language: str) -> list[Json]:
    """The menu that one person sees in one chat: the narrowest scope, their language first."""
    chain: list[Scope]
    if chat.type == "private":
        chain = [("chat", chat.id, 0), ("all_private_chats", 0, 0)]
    else:
        chain = [("chat_member", chat.id, user_id)]
        if chat.is_admin(user_id):
            chain.append(("chat_administrators", chat.id, 0))
        chain.append(("chat", chat.id, 0))
        if chat.is_admin(user_id):
            chain.append(("all_chat_administrators", 0, 0))
        chain.append(("all_group_chats", 0, 0))
    short = re.split(r"[-_]", language)[0].lower()
    for scope in [*chain, ("default", 0, 0)]:
        by_language = account.commands.get(scope, {})
        for wanted in (short, ""):
            if by_language.get(wanted):
                return by_language[wanted]
    return []


def set_text(call: Call, name: str) -> bool:
    text = call.args.text(name)
    if len(text) > TEXT_LIMITS[name]:
        raise bad(f"{name.replace('_', ' ')} is too long")
    language = _language(call)
    if text:
        call.account.texts[name, language] = text
    else:
        call.account.texts.pop((name, language), None)
    if name == "name" and text and not language:
        call.account.user.card["first_name"] = text
    return True


def get_text(call: Call, name: str) -> Json:
    texts = call.account.texts
    default = call.account.user.card["first_name"] if name == "name" else ""
    found = texts.get((name, _language(call)), texts.get((name, ""), default))
    return {name: found}


def set_my_name(call: Call) -> bool:
    return set_text(call, "name")


def get_my_name(call: Call) -> Json:
    return get_text(call, "name")


def set_my_description(call: Call) -> bool:
    return set_text(call, "description")


def get_my_description(call: Call) -> Json:
    return get_text(call, "description")


def set_my_short_description(call: Call) -> bool:
    return set_text(call, "short_description")


def get_my_short_description(call: Call) -> Json:
    return get_text(call, "short_description")


def set_chat_menu_button(call: Call) -> bool:
    button = call.json("menu_button", "Can't parse menu button JSON object")
    button = {"type": "default"} if button is None else button
    kind = button.get("type") if isinstance(button, dict) else None
    if kind not in {"default", "commands", "web_app"}:
        raise bad("Can't parse menu button: MenuButton has unsupported type")
    call.account.menu_buttons[call.args.integer("chat_id")] = button
    return True


def get_chat_menu_button(call: Call) -> Json:
    buttons = call.account.menu_buttons
    return buttons.get(call.args.integer("chat_id"), buttons.get(0, {"type": "commands"}))


def set_my_default_administrator_rights(call: Call) -> bool:
    rights = call.json("rights", "Can't parse ChatAdministratorRights JSON object")
    call.account.rights[call.args.flag("for_channels")] = rights or {}
    return True


def get_my_default_administrator_rights(call: Call) -> Json:
    from bot.sandbox.people import ADMIN_RIGHTS, CHANNEL_RIGHTS, GROUP_RIGHTS

    channels = call.args.flag("for_channels")
    names = (*ADMIN_RIGHTS, *(CHANNEL_RIGHTS if channels else GROUP_RIGHTS))
    given = call.account.rights.get(channels, {})
    return {"is_anonymous": False} | {name: bool(given.get(name)) for name in names}
