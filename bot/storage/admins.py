"""Who may do what, and the one-time links that make somebody an admin."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.office import Role
from bot.errors import RefusedError
from bot.storage.schema import admins, invites


async def role_of(connection: AsyncConnection, user_id: int) -> Role | None:
    """The user's role, None for a reader."""
    found = await connection.scalar(sa.select(admins.c.role).where(admins.c.user_id == user_id))
    return None if found is None else Role(found)


async def everybody(connection: AsyncConnection) -> list[Mapping[str, Any]]:
    """All admins, owners first."""
    result = await connection.execute(sa.select(admins).order_by(admins.c.granted_at))
    rows = [dict(row) for row in result.mappings()]
    order = [Role.OWNER, Role.EDITOR, Role.VIEWER]
    return sorted(rows, key=lambda row: order.index(Role(row["role"])))


async def has_owner(connection: AsyncConnection) -> bool:
    """Whether anybody owns this bot."""
    query = sa.select(admins.c.user_id).where(admins.c.role == Role.OWNER).limit(1)
    return await connection.scalar(query) is not None


async def grant(
    connection: AsyncConnection, user_id: int, role: Role, by: int | None, now: datetime
) -> None:
    """Give a user a role; the last owner keeps theirs."""
    if role is not Role.OWNER:
        await _keep_an_owner(connection, user_id)
    changed = await connection.execute(
        admins.update()
        .where(admins.c.user_id == user_id)
        .values(role=role, granted_by=by, granted_at=now)
    )
    if changed.rowcount == 0:
        await connection.execute(
            admins.insert().values(user_id=user_id, role=role, granted_by=by, granted_at=now)
        )


async def revoke(connection: AsyncConnection, user_id: int) -> bool:
    """Take a user's role; the last owner keeps theirs."""
    await _keep_an_owner(connection, user_id)
    result = await connection.execute(admins.delete().where(admins.c.user_id == user_id))
    return bool(result.rowcount)


async def _keep_an_owner(connection: AsyncConnection, user_id: int) -> None:
    query = sa.select(admins.c.user_id).where(admins.c.role == Role.OWNER).with_for_update()
    owners = set((await connection.scalars(query)).all())
    if owners == {user_id}:
        raise RefusedError("The last owner cannot be removed. Make somebody else an owner first.")


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


async def invite(
    connection: AsyncConnection, token: str, role: Role, expires_at: datetime, by: int | None
) -> None:
    """Remember a one-time link; only the token's hash is kept."""
    await connection.execute(
        invites.insert().values(
            sha256=_hashed(token), role=role, expires_at=expires_at, created_by=by
        )
    )


async def accept_invite(
    connection: AsyncConnection, token: str, user_id: int, now: datetime
) -> Role:
    """Use a one-time link: the user gets its role. Used or outdated links are refused.

    Whoever opens a link twice and has the role already is simply told so.
    """
    query = sa.select(invites).where(invites.c.sha256 == _hashed(token)).with_for_update()
    found = (await connection.execute(query)).mappings().one_or_none()
    if found is None or (found["used_by"] not in (None, user_id)) or found["expires_at"] < now:
        raise RefusedError("This link has been used or is out of date. Please ask for a new one.")
    role = Role(found["role"])
    if found["used_by"] is None:
        await connection.execute(
            invites.update().where(invites.c.sha256 == found["sha256"]).values(used_by=user_id)
        )
        current = await role_of(connection, user_id)
        if current is not Role.OWNER:
            await grant(connection, user_id, role, found["created_by"], now)
    return role


async def forget_invites(connection: AsyncConnection, now: datetime) -> int:
    """Drop links that can no longer be used."""
    result = await connection.execute(invites.delete().where(invites.c.expires_at < now))
    return result.rowcount
