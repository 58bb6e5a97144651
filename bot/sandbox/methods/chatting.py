"""What bots learn of chats and do in them as administrators."""

from bot.sandbox import hearing, joining
from bot.sandbox.methods.call import Access, Call
from bot.sandbox.people import ADMINS, INSIDE, PERMISSIONS, Chat, Member, Status, User
from bot.sandbox.refusals import Json, bad

TITLE_MAX = 128
DESCRIPTION_MAX = 255


def get_chat(call: Call) -> Json:
    """ChatFullInfo."""
    chat = call.chat(Access.READ)
    card: Json = dict(chat.card)
    card |= {
        "accent_color_id": abs(chat.id) % 7,
        "max_reaction_count": 11,
        "accepted_gift_types": {
            "unlimited_gifts": False,
            "limited_gifts": False,
            "unique_gifts": False,
            "premium_subscription": False,
            "gifts_from_channels": False,
        },
    }
    if "username" in card:
        card["active_usernames"] = [card["username"]]
    if chat.type != "private":
        card["permissions"] = dict.fromkeys(PERMISSIONS, True)
        if chat.details.get("description"):
            card["description"] = chat.details["description"]
    pinned = [chat.messages[one] for one in chat.pins if one in chat.messages]
    if pinned:
        card["pinned_message"] = pinned[-1].card()
    return card


def get_chat_member(call: Call) -> Json:
    chat = call.chat(Access.MEMBERS)
    if chat.type == "private":
        user = call.user()
        if user.id not in {chat.id, call.account.id}:
            raise bad("member not found")
        return Member(user, Status.MEMBER).card(chat.type)
    user = call.user()
    member = chat.members.get(user.id)
    return (member or Member(user, Status.LEFT)).card(chat.type)


def get_chat_administrators(call: Call) -> list[Json]:
    chat = call.chat(Access.MEMBERS)
    if chat.type == "private":
        raise bad("there are no administrators in the private chat")
    return [
        member.card(chat.type)
        for member in chat.members.values()
        if member.status in ADMINS
        and (not member.user.card["is_bot"] or member.user.id == call.account.id)
    ]


def get_chat_member_count(call: Call) -> int:
    chat = call.chat(Access.MEMBERS)
    if chat.type == "private":
        return 2
    return sum(member.status in INSIDE for member in chat.members.values())


def leave_chat(call: Call) -> bool:
    chat = call.chat(Access.EDIT)
    if chat.type == "private":
        raise bad("chat member status can't be changed in private chats")
    joining.set_status(call.world, chat, call.account.user, Status.LEFT)
    return True


def ban_chat_member(call: Call) -> bool:
    return _change(call, Status.KICKED, "can_restrict_members")


def unban_chat_member(call: Call) -> bool:
    chat = call.chat(Access.EDIT)
    member = chat.members.get(call.user().id)
    if call.args.flag("only_if_banned") and (member is None or member.status is not Status.KICKED):
        return True
    return _change(call, Status.LEFT, "can_restrict_members")


def restrict_chat_member(call: Call) -> bool:
    given = call.json("permissions", "Can't parse permissions JSON object")
    if not isinstance(given, dict):
        raise bad("Object expected as permissions")
    _change(call, Status.RESTRICTED, "can_restrict_members")
    member = call.chat(Access.EDIT).members[call.user().id]
    member.rights = {name: bool(given.get(name)) for name in PERMISSIONS}
    member.until = call.args.integer("until_date")
    return True


def promote_chat_member(call: Call) -> bool:
    given = {name: call.args.flag(name) for name in call.args.values if name.startswith("can_")}
    status = Status.ADMINISTRATOR if any(given.values()) else Status.MEMBER
    _change(call, status, "can_promote_members")
    call.chat(Access.EDIT).members[call.user().id].rights = given
    return True


def _change(call: Call, status: Status, right: str) -> bool:
    chat = call.chat(Access.EDIT)
    if chat.type == "private":
        raise bad("method is available for supergroup and channel chats only")
    user = call.user()
    _check_right(call, chat, right)
    current = chat.members.get(user.id)
    if current is not None and current.status is Status.CREATOR:
        raise bad("can't remove chat owner")
    joining.set_status(call.world, chat, user, status)
    return True


def _check_right(call: Call, chat: Chat, right: str) -> None:
    me = chat.members.get(call.account.id)
    allowed = me is not None and me.status in ADMINS
    if not allowed or (me is not None and not me.rights.get(right, True)):
        raise bad("not enough rights to restrict/unrestrict chat member")


def set_chat_title(call: Call) -> bool:
    chat = _administered(call)
    title = call.args.text("title").strip()
    if not title:
        raise bad("title must be non-empty")
    chat.card["title"] = title[:TITLE_MAX]
    me: User = call.account.user
    if chat.type != "channel":
        hearing.post_service(call.world, chat, me, {"new_chat_title": title[:TITLE_MAX]})
    return True


def set_chat_description(call: Call) -> bool:
    chat = _administered(call)
    text = call.args.text("description")[:DESCRIPTION_MAX]
    if chat.details.get("description", "") == text:
        raise bad("chat description is not modified")
    chat.details["description"] = text
    return True


def _administered(call: Call) -> Chat:
    chat = call.chat(Access.WRITE)
    if chat.type == "private":
        raise bad("can't change private chat title")
    if not chat.is_admin(call.account.id):
        raise bad("not enough rights to change chat title")
    return chat


def create_chat_invite_link(call: Call) -> Json:
    chat = _administered(call)
    return {
        "invite_link": f"https://t.me/+sandbox{abs(chat.id)}",
        "creator": call.account.user.card,
        "creates_join_request": call.args.flag("creates_join_request"),
        "is_primary": False,
        "is_revoked": False,
    }


def get_user_profile_photos(call: Call) -> Json:
    call.user()
    return {"total_count": 0, "photos": []}


def set_message_reaction(call: Call) -> bool:
    call.message(Access.WRITE, "message to react")
    return True
