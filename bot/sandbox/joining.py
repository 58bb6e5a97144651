"""Joining and leaving: members, blocks, new chats, groups that become supergroups."""

from bot.sandbox.hearing import post_service
from bot.sandbox.people import ADMINS, INSIDE, Chat, Member, Status, User
from bot.sandbox.refusals import Json
from bot.sandbox.world import World


def set_status(
    world: World, chat: Chat, user: User, status: Status, by: User | None = None
) -> None:
    """Somebody joins, leaves, is promoted, restricted or thrown out, by the owner if not told."""
    if chat.type == "private":
        set_private(world, chat, status)
        return
    before = chat.members.get(user.id) or Member(user, Status.LEFT)
    after = Member(user, status)
    if before.status is status:
        return
    chat.members[user.id] = after
    account = world.account_of(user.id)
    by = by or _owner(chat) or user
    tell_change(world, chat, by, before, after)
    if account is None or status in INSIDE:
        _service(world, chat, by, before, after)
    world.events.tell("chats")


def tell_change(world: World, chat: Chat, by: User, before: Member, after: Member) -> None:
    """my_chat_member for the bot itself, chat_member for bots that administer the chat."""
    change: Json = {
        "chat": chat.card,
        "from": by.card,
        "date": world.date(),
        "old_chat_member": before.card(chat.type),
        "new_chat_member": after.card(chat.type),
    }
    for account in world.bots():
        if account.id == after.user.id:
            account.queue.push("my_chat_member", change, chat.id)
        elif chat.is_admin(account.id):
            account.queue.push("chat_member", change, chat.id)


def _service(world: World, chat: Chat, by: User, before: Member, after: Member) -> None:
    """The grey line in the chat."""
    if chat.type == "channel":
        return
    user = after.user
    joined = before.status not in INSIDE and after.status in INSIDE
    left = before.status in INSIDE and after.status not in INSIDE
    if joined:
        content: Json = {
            "new_chat_participant": user.card,
            "new_chat_member": user.card,
            "new_chat_members": [user.card],
        }
    elif left:
        content = {"left_chat_participant": user.card, "left_chat_member": user.card}
        by = user if after.status is Status.LEFT else by
    else:
        return
    post_service(world, chat, by, content)


def _owner(chat: Chat) -> User | None:
    return next(
        (
            one.user
            for one in chat.members.values()
            if one.status in ADMINS and not one.user.card["is_bot"]
        ),
        None,
    )


def set_private(world: World, chat: Chat, status: Status) -> None:
    """A person blocks the bot (kicked) or lets it write again."""
    user = chat.user
    account = world.account_of(chat.bot_id)
    if user is None or account is None:
        return
    blocked = status in {Status.KICKED, Status.LEFT}
    if blocked == chat.blocked and (blocked or chat.started):
        return
    fresh = not chat.started
    chat.blocked = blocked
    chat.started = True
    if fresh and not blocked:
        return
    me = account.user
    before, after = Member(me, Status.MEMBER), Member(me, Status.KICKED)
    if not blocked:
        before, after = after, before
    change: Json = {
        "chat": chat.card,
        "from": user.card,
        "date": world.date(),
        "old_chat_member": before.card("private"),
        "new_chat_member": after.card("private"),
    }
    account.queue.push("my_chat_member", change, chat.id)
    world.events.tell("chats")


def found_chat(world: World, wanted: Json) -> Chat:
    """A group, supergroup or channel comes to be, the bots in it unless told otherwise."""
    members = [world.user(int(one)) for one in wanted.get("members") or []]
    chat = world.add_chat(
        str(wanted.get("type", "group")),
        str(wanted.get("title") or "Group"),
        int(wanted.get("id") or 0),
        str(wanted.get("username") or ""),
    )
    if wanted.get("forum"):
        if chat.type != "supergroup":
            raise ValueError("forum: only a supergroup can be one")
        chat.card["is_forum"] = True
    for index, user in enumerate(members):
        world.join(chat, user, Status.MEMBER if index else Status.CREATOR)
    default = "administrator" if chat.type == "channel" else "member"
    status = Status(str(wanted.get("bot", default)))
    if status in INSIDE:
        for account in world.bots():
            set_status(world, chat, account.user, status)
    world.events.tell("chats")
    return chat


def migrate(world: World, chat: Chat) -> Chat:
    """A basic group becomes a supergroup with another id."""
    if chat.type != "group" or chat.moved_to:
        raise ValueError("only a basic group that has not moved can migrate")
    new = world.add_chat("supergroup", chat.card["title"])
    new.members = dict(chat.members)
    new.details = dict(chat.details)
    by = _owner(chat) or User({"id": 0, "is_bot": False, "first_name": "Group"})
    post_service(world, chat, by, {"migrate_to_chat_id": new.id})
    chat.moved_to = new.id
    post_service(world, new, by, {"migrate_from_chat_id": chat.id})
    world.events.tell("chats")
    return new
