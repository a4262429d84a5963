"""A workspace's secrets: values that files name by `tb_secret`, sealed in the store, never listed."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from datetime import datetime
from functools import cached_property

from sqlalchemy import select
from sqlalchemy.orm import Session

from tradewind.core.database import Database
from tradewind.core.encryption import Sealer
from tradewind.core.errors import Conflict, InvalidInput, NotFound
from tradewind.warehouse.workspaces.model import ProjectSecret

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,199}")
_MAX_VALUE_BYTES = 64 * 1024


class Secrets:
    """Secrets of all workspaces. What `of` gives follows every change."""

    def __init__(self, database: Database, key: Callable[[], str]) -> None:
        self._database = database
        self._key = key
        self._known: dict[str, dict[str, str]] = {}
        self._set_at: dict[str, dict[str, datetime]] = {}
        self._lock = threading.RLock()

    def of(self, workspace_id: str) -> dict[str, str]:
        """Names and values of a workspace, kept up to date for whoever holds them."""
        with self._lock:
            if workspace_id not in self._known:
                self._known[workspace_id] = {}
                self._read(workspace_id)
            return self._known[workspace_id]

    def take_over(self) -> bool:
        """Takes what other processes on the store have set or removed meanwhile; whether there was anything."""
        column = ProjectSecret
        with self._lock:
            told: dict[str, dict[str, datetime]] = {workspace_id: {} for workspace_id in self._known}
            query = select(column.workspace_id, column.name, column.updated_at)
            with self._database.read() as tx:
                for workspace_id, name, at in tx.execute(query.where(column.workspace_id.in_(self._known))):
                    told[workspace_id][name] = at
            behind = [workspace_id for workspace_id, set_at in told.items() if set_at != self._set_at[workspace_id]]
            for workspace_id in behind:
                self._read(workspace_id)
        return bool(behind)

    def _read(self, workspace_id: str) -> None:
        with self._database.read() as tx:
            rows = tx.scalars(select(ProjectSecret).where(ProjectSecret.workspace_id == workspace_id)).all()
            fresh = {row.name: self._open(row) for row in rows}
            self._set_at[workspace_id] = {row.name: row.updated_at for row in rows}
        # In place, for releases hold it; never empty in between.
        known = self._known[workspace_id]
        known.update(fresh)
        for name in [name for name in known if name not in fresh]:
            del known[name]

    def names(self, workspace_id: str) -> list[tuple[str, datetime]]:
        """What there is, and since when; values are never listed."""
        query = select(ProjectSecret.name, ProjectSecret.updated_at).where(ProjectSecret.workspace_id == workspace_id)
        with self._database.read() as tx:
            return [(name, at) for name, at in tx.execute(query.order_by(ProjectSecret.name))]

    def put(self, workspace_id: str, name: str, value: str, *, now: datetime, may_replace: bool = True) -> bool:
        """Sets a secret; returns whether it is new."""
        if not _NAME.fullmatch(name):
            raise InvalidInput("A secret's name has letters, digits and _, and begins with no digit.", field="name")
        if len(value.encode()) > _MAX_VALUE_BYTES:
            raise InvalidInput(f"A secret's value has at most {_MAX_VALUE_BYTES // 1024} KiB.", field="value")
        with self._lock:
            known = self.of(workspace_id)
            with self._database.write() as tx:
                row = tx.get(ProjectSecret, (workspace_id, name))
                if row is None:
                    self.add(tx, workspace_id, name, value, now=now)
                elif may_replace:
                    row.value, row.updated_at = self._sealed(workspace_id, name, value), now
                else:
                    raise Conflict(f"There is a secret {name} already. Change it with PUT.")
            known[name], self._set_at[workspace_id][name] = value, now
        return row is None

    def add(self, tx: Session, workspace_id: str, name: str, value: str, *, now: datetime) -> None:
        """A secret that the workspace does not have, in the caller's transaction."""
        sealed = self._sealed(workspace_id, name, value)
        tx.add(ProjectSecret(workspace_id=workspace_id, name=name, value=sealed, updated_at=now))

    def remove(self, workspace_id: str, name: str) -> None:
        with self._lock:
            known = self.of(workspace_id)
            with self._database.write() as tx:
                row = tx.get(ProjectSecret, (workspace_id, name))
                if row is None:
                    raise NotFound(f"There is no secret {name}.")
                tx.delete(row)
            known.pop(name, None)
            self._set_at[workspace_id].pop(name, None)

    def forget(self, workspace_id: str) -> None:
        """Drops what is remembered of a workspace that is gone."""
        with self._lock:
            self._known.pop(workspace_id, None)
            self._set_at.pop(workspace_id, None)

    def _sealed(self, workspace_id: str, name: str, value: str) -> bytes:
        return self._sealer.seal(value.encode(), belongs_to=place_of_secret(workspace_id, name))

    @cached_property
    def _sealer(self) -> Sealer:
        return Sealer(self._key())

    def _open(self, row: ProjectSecret) -> str:
        return self._sealer.unseal(row.value, belongs_to=place_of_secret(row.workspace_id, row.name)).decode()


def place_of_secret(workspace_id: str, name: str) -> str:
    """Where a secret belongs, for its seal."""
    return f"project secret {workspace_id} {name}"
