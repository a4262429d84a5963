"""What follows every change of the catalogue: the search index, and a new name for the state it is in now.

Done once per transaction, as the last thing before it commits. So a bulk change is indexed in one go, and the
one row that every writer of the catalogue touches is locked for no longer than a commit takes.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import event, insert, select, update
from sqlalchemy.orm import Session

from tradewind.commerce.catalog.model import CatalogState
from tradewind.commerce.catalog.search.indexing import rebuild, reindex
from tradewind.core.database import Database
from tradewind.core.ids import new_id

UNINDEXED = "unindexed"
_CHANGED = "changed products"


def changed(tx: Session, product_ids: Iterable[str] = ()) -> None:
    """Says that these products look different now, or, without any, that the catalogue does."""
    if not event.contains(tx, "before_commit", _bring_up):
        tx.connection()  # a session that has not begun has nothing to commit, and would not come by here
        event.listen(tx, "before_commit", _bring_up)
    pending: set[str] = tx.info.setdefault(_CHANGED, set())
    pending.update(product_ids)


def state_token(tx: Session) -> str:
    """A name for what the catalogue holds now: equal names, equal catalogue."""
    return tx.scalar(select(CatalogState.token)) or ""


def catch_up(database: Database) -> None:
    """Indexes a store that has products of a time before there was an index."""
    with database.read() as tx:
        if state_token(tx) != UNINDEXED:
            return
    with database.write(alone=True) as tx:
        if state_token(tx) == UNINDEXED:
            rebuild(tx)
            _rename(tx)


def _bring_up(tx: Session) -> None:
    # A savepoint that ends is a commit to the session too.
    if tx.in_nested_transaction():
        return
    pending: set[str] | None = tx.info.pop(_CHANGED, None)
    if pending is not None:
        tx.flush()
        reindex(tx, pending)
        _rename(tx)


def _rename(tx: Session) -> None:
    token = new_id()
    if not tx.execute(update(CatalogState).values(token=token)).rowcount:  # type: ignore[attr-defined]  # a cursor's
        tx.execute(insert(CatalogState).values(id=1, token=token))
