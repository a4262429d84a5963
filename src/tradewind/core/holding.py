"""A row for oneself: read as it is now, and held so that nobody else changes it before the transaction ends."""

from __future__ import annotations

from typing import TypeVar

from sqlalchemy.orm import Session

from tradewind.core.database import Base
from tradewind.core.errors import NotFound

Row = TypeVar("Row", bound=Base)


def hold(tx: Session, model: type[Row], row_id: str, called: str) -> Row:
    """The row of this id, whatever this session has read of it before. Raises NotFound, naming what it is `called`."""
    row = tx.get(model, row_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFound(f"There is no {called} {row_id[:40]}.")
    return row
