"""Who may send: one row per token with holder, epoch and expiry, in the database's own time.

Every change of holder counts the epoch up; a claim made under an older epoch is refused, a result
that comes late is told apart by it.
"""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.database import insert_once
from bot.storage.schema import leases

FAR = 10  # terms: nobody takes a lease for so long


def database_now(connection: AsyncConnection) -> sa.ColumnElement[int]:
    """The database's time in milliseconds since 1970 (on SQLite: this host's)."""
    if connection.dialect.name == "sqlite":
        days = sa.func.julianday("now") - 2440587.5
        return sa.cast(sa.func.round(days * 86_400_000), sa.BigInteger)
    epoch = sa.func.extract("epoch", sa.func.clock_timestamp())
    return sa.cast(epoch * 1000, sa.BigInteger)


async def take(connection: AsyncConnection, name: str, holder: str, ttl_s: float) -> int | None:
    """The epoch if the lease is ours now (it was free, expired, or ours), else None.

    Whoever already holds it only renews it; the epoch stays.
    """
    now = await moment(connection)
    row = (
        await connection.execute(
            sa.select(leases.c.holder, leases.c.epoch, _raw(leases.c.expires_at))
            .where(leases.c.name == name)
            .with_for_update()
        )
    ).one_or_none()
    until = now + round(ttl_s * 1000)
    if row is None:
        return await _create(connection, name, holder, until)
    ours = row.holder == holder
    if not ours and row.expires_at > now:
        if row.expires_at - now > FAR * ttl_s * 1000:  # the clock went back; alive, it renews this
            await _let_expire(connection, name, until)
        return None
    epoch: int = row.epoch if ours and row.expires_at > 0 else row.epoch + 1
    await connection.execute(
        leases.update()
        .where(leases.c.name == name)
        .values(holder=holder, epoch=epoch, expires_at=_as_instant(until))
    )
    return epoch


async def _let_expire(connection: AsyncConnection, name: str, until: int) -> None:
    await connection.execute(
        leases.update().where(leases.c.name == name).values(expires_at=_as_instant(until))
    )


async def give_back(connection: AsyncConnection, name: str, holder: str) -> None:
    """Let another take it at once."""
    await connection.execute(
        leases.update()
        .where(leases.c.name == name, leases.c.holder == holder)
        .values(expires_at=_as_instant(0))
    )


async def held(connection: AsyncConnection, name: str, holder: str, epoch: int) -> bool:
    """Whether the lease is still ours, in the transaction that is going to rely on it."""
    found = await connection.scalar(
        sa.select(leases.c.epoch)
        .where(leases.c.name == name, leases.c.holder == holder, leases.c.epoch == epoch)
        .with_for_update(read=True)
    )
    return found is not None


async def holder_of(connection: AsyncConnection, name: str) -> str | None:
    """Who holds it now; None when nobody does."""
    row = (
        await connection.execute(
            sa.select(leases.c.holder, _raw(leases.c.expires_at)).where(leases.c.name == name)
        )
    ).one_or_none()
    if row is None or row.expires_at <= await moment(connection):
        return None
    return str(row.holder)


async def moment(connection: AsyncConnection) -> int:
    """The database's time now, in milliseconds since 1970."""
    return int(await connection.scalar(sa.select(database_now(connection))) or 0)


async def _create(connection: AsyncConnection, name: str, holder: str, until: int) -> int | None:
    values = {"name": name, "holder": holder, "epoch": 1, "expires_at": _as_instant(until)}
    result = await connection.execute(insert_once(connection, leases).values(values))
    return 1 if result.rowcount else None


def _raw(column: sa.Column[Any]) -> sa.Label[int]:
    return sa.type_coerce(column, sa.BigInteger).label(column.name)


def _as_instant(milliseconds: int) -> sa.ColumnElement[Any]:
    return sa.cast(sa.literal(milliseconds, sa.BigInteger), sa.BigInteger)
