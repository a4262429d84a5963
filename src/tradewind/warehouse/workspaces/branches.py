"""Branches: workspaces beside a workspace, with a database, tokens and secrets of their own."""

from __future__ import annotations

import re
from collections.abc import Callable

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from tradewind.core.clock import Clock
from tradewind.core.database import Database
from tradewind.core.errors import Conflict, InvalidInput, NotFound
from tradewind.warehouse.client import Warehouse
from tradewind.warehouse.quoting import identifier
from tradewind.warehouse.workspaces import store
from tradewind.warehouse.workspaces.apply import Build, reserve
from tradewind.warehouse.workspaces.deploys import Deploys, silent
from tradewind.warehouse.workspaces.files import pack
from tradewind.warehouse.workspaces.landing import Landing
from tradewind.warehouse.workspaces.model import (
    PausedSchedule,
    ProjectJob,
    ProjectSecret,
    ProjectTable,
    ProjectToken,
    ReleaseRow,
    ReleaseTable,
    RevokedToken,
    Workspace,
)
from tradewind.warehouse.workspaces.plan import How, Plan, Step
from tradewind.warehouse.workspaces.releases import Releases
from tradewind.warehouse.workspaces.secrets import Secrets
from tradewind.warehouse.workspaces.store import DEFAULT_NAME, Home

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
_UNUSED_SECONDS = 30.0


class Branches:
    """Makes and removes workspaces and their branches."""

    def __init__(
        self,
        database: Database,
        warehouse: Warehouse,
        clock: Clock,
        releases: Releases,
        deploys: Deploys,
        secrets: Secrets,
        landing: Callable[[], Landing],
        prepare: Callable[[Session, str], None],
    ) -> None:
        self._database = database
        self._warehouse = warehouse
        self._clock = clock
        self._releases = releases
        self._deploys = deploys
        self._secrets = secrets
        self._landing = landing
        self._prepare = prepare

    def all_of(self, workspace_id: str) -> list[Home]:
        """The branches of a workspace by name."""
        with self._database.read() as tx:
            return store.homes(tx, parent_id=workspace_id)

    def find(self, workspace_id: str, branch: str) -> Home:
        """A branch by the name it was given. Raises NotFound."""
        with self._database.read() as tx:
            parent = store.find_home(tx, workspace_id)
            home = store.home_named(tx, full_name(parent, branch))
        if home is None or home.parent_id != workspace_id:
            raise NotFound(f"There is no branch {branch}. Make it with: tradewind branch create {branch}")
        return home

    def create(self, workspace_id: str, branch: str, *, with_data: bool = False) -> Home:
        """A new branch: empty, or with the project and the rows that are live. Raises Conflict if there is one."""
        _checked(branch, "branch")
        parent = self._releases.home(workspace_id)
        if parent.parent_id is not None:
            raise Conflict(f"{parent.name} is a branch itself. Make branches of the workspace that it belongs to.")
        home = self._add(full_name(parent, branch), parent_id=workspace_id)
        with self._database.write() as tx:
            for name, value in self._secrets.of(workspace_id).items():
                self._secrets.add(tx, home.id, name, value, now=self._clock.now())
        if with_data and parent.live_release is not None:
            try:
                self._copy(parent, home)
            except BaseException:
                self.remove(home.id)
                raise
        return home

    def create_workspace(self, name: str) -> Home:
        """A workspace that belongs to no other. Raises Conflict when the name is taken."""
        _checked(name, "name")
        return self._add(name, parent_id=None)

    def remove(self, workspace_id: str) -> None:
        """Takes a branch or a workspace with all that is in it."""
        home = self._releases.home(workspace_id)
        if home.name == DEFAULT_NAME or home.is_built_in:
            raise Conflict("This workspace is there from the start and cannot be deleted.")
        if self.all_of(workspace_id):
            raise Conflict(f"{home.name} has branches. Delete them first.")
        with self._deploys.alone(workspace_id):
            with self._database.read() as tx:
                tables = [table for table in store.all_tables(tx, workspace_id) if table.is_followed]
            for table in tables:
                self._landing().detach(table.name)
            with self._database.write() as tx:
                _forget(tx, workspace_id)
            self._releases.forget(workspace_id)
            self._secrets.forget(workspace_id)
            for use in self._releases.uses(workspace_id).values():
                use.wait_unused(_UNUSED_SECONDS)
            for table in tables:
                self._landing().forget(table.name)
            with self._warehouse.connection() as engine:
                engine.command(f"DROP DATABASE IF EXISTS {identifier(home.database)} SYNC")

    def _add(self, name: str, *, parent_id: str | None) -> Home:
        with self._database.write() as tx:
            if store.home_named(tx, name) is not None:
                raise Conflict(f"There is a workspace named {name} already.")
            home = store.add_home(tx, name, parent_id=parent_id, now=self._clock.now())
            self._prepare(tx, home.id)
        return home

    def _copy(self, parent: Home, home: Home) -> None:
        """The parent's live release as the branch's first one. Its tables share their files, so it takes no time."""
        with self._deploys.alone(home.id):
            old = self._releases.side(parent, parent.live_release)
            row = self._releases.row(parent.id, parent.live_release or 0)
            plan = Plan(steps=tuple(Step(name, How.CLONED) for name in sorted(old.project.sources)))
            now = self._clock.now()
            with self._database.write() as tx:
                files = pack(self._releases.files(parent.id, row.number))
                number = store.add_release(tx, home.id, files, row.plan, now=now)
                new = reserve(tx, home, number, plan, old, old, now=now)
            self._deploys.make(Build(home, parent, number, plan, old, new, self._secrets.of(home.id)), silent)
            self._deploys.serve_first(home, number, new)


def full_name(parent: Home, branch: str) -> str:
    """What a branch is called among all workspaces."""
    return f"{parent.name}/{branch}"


def _checked(name: str, field: str) -> None:
    if not _NAME.fullmatch(name):
        raise InvalidInput(
            f"'{name[:64]}' is no name for it: use up to 64 letters, digits, `-`, `_` and `.`, a letter first.",
            field=field,
        )


def _forget(tx: Session, workspace_id: str) -> None:
    tx.execute(delete(ReleaseTable).where(ReleaseTable.workspace_id == workspace_id))
    for table in (ProjectTable, ReleaseRow, ProjectToken, RevokedToken, ProjectSecret, PausedSchedule, ProjectJob):
        tx.execute(delete(table).where(table.workspace_id == workspace_id))
    row = tx.scalars(select(Workspace).where(Workspace.id == workspace_id)).one()
    tx.delete(row)
