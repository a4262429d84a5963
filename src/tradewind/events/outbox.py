"""The outbox: facts written in the same transaction as the change that they tell of.

`position` and `transaction` give every row a place in an order in which nothing ever appears before a
place already read. SQLite has one writer, so the row number alone is enough. PostgreSQL hands out row
numbers before it commits, so the id of the transaction comes first there, and a reader stops short of
the oldest transaction of this database that is still under way.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index, Integer, LargeBinary, String, delete, select, text, tuple_
from sqlalchemy.orm import Mapped, Session, mapped_column

from tradewind.core.bulk import insert_rows
from tradewind.core.database import Base
from tradewind.events.contracts import Fact

Place = tuple[int, int]
BEGINNING: Place = (0, 0)


class OutboxRow(Base):
    __tablename__ = "outbox"
    __table_args__ = (Index("ix_outbox_place", "transaction", "position"), {"sqlite_autoincrement": True})

    position: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True
    )
    transaction: Mapped[int] = mapped_column(BigInteger, default=0)
    topic: Mapped[str] = mapped_column(String(64))
    key: Mapped[str] = mapped_column(String(64))
    event_at: Mapped[datetime]
    payload: Mapped[bytes] = mapped_column(LargeBinary)


# The first transaction that may still write here. One that is known to run in another database of the same
# server cannot; without that exception a stranger's long transaction would hold up our facts. One that ends
# between the snapshot and the look at the locks is known no more, and holds them up until the next look.
_HORIZON = """(
    SELECT coalesce(min(running), pg_snapshot_xmax(pg_current_snapshot())::text::bigint)
    FROM (SELECT x::text::bigint AS running, x::xid AS short FROM pg_snapshot_xip(pg_current_snapshot()) AS x) AS open
    WHERE NOT EXISTS (
        SELECT 1 FROM pg_locks AS l JOIN pg_stat_activity AS a ON a.pid = l.pid
        WHERE l.locktype = 'transactionid' AND l.mode = 'ExclusiveLock' AND l.granted AND l.transactionid = open.short
            AND a.datname <> current_database()
    )
)"""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Facts that have committed and not yet been moved, with the place of the last one."""

    facts: Sequence[Fact]
    end: Place


def append(tx: Session, facts: Iterable[Fact]) -> None:
    """Adds facts to the caller's transaction: they happen if, and only if, it commits."""
    transaction = 0
    if tx.get_bind().dialect.name == "postgresql":
        transaction = tx.execute(text("SELECT pg_current_xact_id()::text::bigint")).scalar_one()
    rows = [
        {
            "transaction": transaction,
            "topic": f.topic,
            "key": f.key,
            "event_at": f.event_at,
            "payload": f.payload,
        }
        for f in facts
    ]
    if rows:
        insert_rows(tx, OutboxRow.__table__, rows)


def waiting(tx: Session, after: Place, limit: int) -> Waiting:
    """Up to `limit` committed facts behind a place, in commit order; none can appear between them later."""
    row = OutboxRow.__table__.c
    query = select(row.transaction, row.position, row.topic, row.key, row.event_at, row.payload)
    query = query.order_by(row.transaction, row.position).limit(limit)
    if tx.get_bind().dialect.name == "postgresql":
        query = query.where(tuple_(row.transaction, row.position) > tuple_(after[0], after[1])).where(
            row.transaction < text(_HORIZON)
        )
    else:
        query = query.where(row.position > after[1])
    found: Sequence[Any] = tx.connection().execute(query).all()
    facts = [Fact(topic, key, event_at, payload) for _, _, topic, key, event_at, payload in found]
    return Waiting(facts, (found[-1].transaction, found[-1].position) if found else after)


def forget(tx: Session, through: Place) -> None:
    """Removes facts that the log holds."""
    row = OutboxRow
    if tx.get_bind().dialect.name == "postgresql":
        tx.execute(delete(row).where(tuple_(row.transaction, row.position) <= tuple_(through[0], through[1])))
    else:
        tx.execute(delete(row).where(row.position <= through[1]))


def end(tx: Session) -> Place:
    """The place of the newest committed fact that still waits; the beginning when none does."""
    newest = select(OutboxRow.transaction, OutboxRow.position)
    row = tx.execute(newest.order_by(OutboxRow.transaction.desc(), OutboxRow.position.desc()).limit(1)).first()
    return (row.transaction, row.position) if row else BEGINNING


def count(tx: Session, after: Place) -> int:
    """Facts behind a place: the relay's backlog."""
    sqlite = tx.get_bind().dialect.name == "sqlite"
    where = "position > :position" if sqlite else '("transaction", position) > (:transaction, :position)'
    return int(
        tx.execute(
            text(f"SELECT count(*) FROM outbox WHERE {where}"),
            {"transaction": after[0], "position": after[1]},
        ).scalar_one()
    )
