"""/admins: who may do what here, granted by one-time links."""

import secrets
from datetime import datetime, timedelta

from bot.domain.office import Right, Role
from bot.errors import RefusedError
from bot.handlers.desk import Desk
from bot.handlers.joining import role_name
from bot.handlers.visit import Visit, number
from bot.storage import admins, audits
from digests import Button

LINK_LASTS = timedelta(days=2)
OWNER_LINK_LASTS = timedelta(days=1)


async def show(visit: Visit) -> None:
    """/admins."""
    await visit.need(Right.ROLES)
    await visit.say(*await _list(visit))


async def _list(visit: Visit) -> tuple[str, list[list[Button]]]:
    _ = visit._
    async with visit.desk.database.read() as connection:
        rows = await admins.everybody(connection)
    lines = [f"<b>{_('Roles')}</b>"]
    buttons = []
    for row in rows:
        user = row["user_id"]
        lines.append(
            f'<a href="tg://user?id={user}">{user}</a> · {role_name(Role(row["role"]), _)}'
        )
        buttons.append(Button(str(user), data=f"a:{user}"))
    lines.append(_("A new one joins by a link that works once, for two days:"))
    grid = [buttons[i : i + 3] for i in range(0, len(buttons), 3)]
    invite = [
        Button(f"+ {role_name(role, _)}", data=f"a:new:{role}")
        for role in (Role.EDITOR, Role.VIEWER, Role.OWNER)
    ]
    return "\n".join(lines), [*grid[:20], invite]


async def press(visit: Visit) -> None:
    """a[:USER[:ROLE]] and a:new:ROLE."""
    await visit.need(Right.ROLES)
    who, what = visit.arguments(2)
    if who == "new":
        await _invite(visit, _role(what))
    elif not who:
        await visit.turn(*await _list(visit))
    elif not what:
        await _one(visit, number(who, 1, 2**53))
    else:
        await _set(visit, number(who, 1, 2**53), what)


def _role(word: str) -> Role:
    if word not in set(Role):
        raise RefusedError("This button is not valid any more.")
    return Role(word)


async def _one(visit: Visit, user: int) -> None:
    _ = visit._
    async with visit.desk.database.read() as connection:
        role = await admins.role_of(connection, user)
    if role is None:
        raise RefusedError("This person has no role any more.")
    rows = [
        [
            Button(role_name(other, _), data=f"a:{user}:{other}")
            for other in Role
            if other is not role
        ],
        [Button(_("Take the role away"), data=f"a:{user}:none"), Button(_("‹ Back"), data="a")],
    ]
    await visit.turn(f"{user} · {role_name(role, _)}", rows)


async def _set(visit: Visit, user: int, what: str) -> None:
    role = None if what == "none" else _role(what)
    async with visit.desk.database.write() as connection:
        # asked again inside: of two owners acting at once the second sees what the first did
        if await admins.role_of(connection, user) is None:
            raise RefusedError("This person has no role any more.")
        if role is None:
            await admins.revoke(connection, user)
        else:
            await admins.grant(connection, user, role, visit.user_id, visit.now)
        await audits.record(connection, visit.now, visit.user_id, "role.set", str(user), role=what)
    from bot.handlers import commands

    await commands.publish_for_admin(visit.bot, visit.desk, user, role)
    await visit.toast(visit._("Done."))
    await visit.turn(*await _list(visit))


async def _invite(visit: Visit, role: Role) -> None:
    _ = visit._
    token = secrets.token_urlsafe(24)
    async with visit.desk.database.write() as connection:
        await admins.invite(connection, token, role, visit.now + LINK_LASTS, visit.user_id)
        await audits.record(connection, visit.now, visit.user_id, "role.invite", "", role=role)
    link = visit.desk.link(f"own_{token}")
    text = _("Send this link to the person who becomes {role}; it works once, for two days:")
    await visit.say(f"{text.format(role=role_name(role, _))}\n{link}")


async def owner_link(desk: Desk, now: datetime) -> str | None:
    """Enter the owners of the config; with no owner at all, a one-time link that makes one."""
    token = secrets.token_urlsafe(24)
    async with desk.database.write() as connection:
        for user in sorted(desk.owners):
            if await admins.role_of(connection, user) is not Role.OWNER:
                await admins.grant(connection, user, Role.OWNER, None, now)
                await audits.record(connection, now, None, "role.config", str(user), role="owner")
        if await admins.has_owner(connection):
            return None
        await admins.invite(connection, token, Role.OWNER, now + OWNER_LINK_LASTS, None)
    return desk.link(f"own_{token}")
