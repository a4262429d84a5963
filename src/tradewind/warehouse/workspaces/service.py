"""Workspaces: deployed projects of datafiles. The one object that the rest of the product asks about them."""

from __future__ import annotations

import threading
from collections.abc import Callable

from sqlalchemy.orm import Session

from tradewind.core.clock import Clock
from tradewind.core.database import Database
from tradewind.core.logging import get_logger
from tradewind.core.signals import Signal
from tradewind.warehouse.client import Warehouse
from tradewind.warehouse.workspaces import store
from tradewind.warehouse.workspaces.apply import Progress
from tradewind.warehouse.workspaces.branches import Branches
from tradewind.warehouse.workspaces.deploys import Deploys, GivesTokens, Outcome, silent
from tradewind.warehouse.workspaces.files import Files
from tradewind.warehouse.workspaces.landing import DirectWrites, Landing, NoLanding
from tradewind.warehouse.workspaces.plan import Terms
from tradewind.warehouse.workspaces.release import Release
from tradewind.warehouse.workspaces.releases import Releases
from tradewind.warehouse.workspaces.secrets import Secrets
from tradewind.warehouse.workspaces.store import Deployment, Home

_LOOK_EVERY_SECONDS = 0.3
logger = get_logger(__name__)

__all__ = ["Outcome", "Terms", "Workspaces"]


class Workspaces:
    """All workspaces of one Tradewind. Threads share it."""

    def __init__(
        self,
        database: Database,
        warehouse: Warehouse,
        clock: Clock,
        key: Callable[[], str],
        *,
        landing: Landing | None = None,
    ) -> None:
        """`key` gives the secret key when a secret is first needed; `landing` is what moves ingested rows."""
        self._database = database
        self._warehouse = warehouse
        self._on_new: list[Callable[[Session, str], None]] = []
        self.secrets = Secrets(database, key)
        self.releases = Releases(database, clock, self.secrets, self._prepare)
        self.deploys = Deploys(database, warehouse, clock, self.releases, self.secrets, landing or NoLanding())
        self.branches = Branches(
            database,
            warehouse,
            clock,
            self.releases,
            self.deploys,
            self.secrets,
            lambda: self.deploys.landing,
            self._prepare,
        )

    def connect(self, *, landing: Landing | None = None, tokens: GivesTokens | None = None) -> None:
        """Tells who moves ingested rows and who keeps tokens, once they are there."""
        if landing is not None:
            self.deploys.landing = landing
        if tokens is not None:
            self.deploys.tokens = tokens

    def on_new(self, prepare: Callable[[Session, str], None]) -> None:
        """This is called for every new workspace in the transaction that makes it: for the tokens that all have."""
        self._on_new.append(prepare)

    @property
    def changed(self) -> Signal:
        """Sent whenever another release is live somewhere."""
        return self.deploys.changed

    @property
    def direct_writes(self) -> DirectWrites:
        """For whoever writes into tables other than through the log."""
        return self.deploys.direct_writes

    # --- what is there ---

    def default(self) -> str:
        """The id of the workspace that is there from the start."""
        return self.releases.default()

    def built_in(self, name: str, database: str) -> str:
        """The id of a workspace that only the product itself deploys to; made when it is first asked for."""
        return self.releases.built_in(name, database)

    def find_built_in(self, name: str) -> str | None:
        """The id of one, None where nobody made it."""
        return self.releases.find_built_in(name)

    def home(self, workspace_id: str) -> Home:
        """A workspace's name, its database and what it is a branch of. Raises NotFound."""
        return self.releases.home(workspace_id)

    def database_of(self, workspace_id: str) -> tuple[str, str]:
        """A workspace's name and its engine database. Raises NotFound."""
        home = self.releases.home(workspace_id)
        return home.name, home.database

    def all(self) -> list[Home]:
        """Every workspace and branch."""
        self.default()
        with self._database.read() as tx:
            return store.homes(tx)

    def workspace_ids(self) -> list[str]:
        """The ids of every workspace and branch."""
        return [home.id for home in self.all()]

    def live(self, workspace_id: str) -> Release | None:
        """The release that requests read, or None before the first deploy. Costs nothing."""
        return self.releases.live(workspace_id)

    def staged(self, workspace_id: str) -> Release | None:
        """The release that waits beside the live one."""
        return self.releases.staged(workspace_id)

    def release(self, workspace_id: str, number: int) -> Release:
        """The live or the staged release by its number. Raises NotFound."""
        return self.releases.release(workspace_id, number)

    def deployments(self, workspace_id: str) -> list[Deployment]:
        """The newest deployments first."""
        return self.releases.rows(workspace_id)

    def deployment(self, workspace_id: str, number: int) -> Deployment:
        """A deployment as it is written down. Raises NotFound."""
        return self.releases.row(workspace_id, number)

    def under_way(self, workspace_id: str) -> Deployment | None:
        """The deployment that somebody is making now."""
        with self._database.read() as tx:
            rows = store.releases_in(tx, store.UNFINISHED, workspace_id)
        return rows[-1] if rows else None

    def progress(self, workspace_id: str, number: int) -> list[str]:
        """The steps that a deployment has gone."""
        return self.deploys.progress(workspace_id, number)

    # --- what changes it ---

    def check(self, workspace_id: str, files: Files, terms: Terms | None = None) -> Outcome:
        """What a deploy of these files would do, every query shown to the engine. Changes nothing."""
        return self.deploys.check(workspace_id, files, terms or Terms())

    def deploy(
        self,
        workspace_id: str,
        files: Files,
        terms: Terms | None = None,
        *,
        promote: bool = True,
        progress: Progress = silent,
        made_from: int | None = None,
    ) -> Outcome:
        """Deploys a project: all of it or nothing. Without `promote` it stands ready beside the live one.

        `made_from`: the release whose files these are but for a change; 0 for none. Raises Conflict when it is live no
        more, for then the files lack what came after it.
        """
        return self.deploys.deploy(
            workspace_id, files, terms or Terms(), promote=promote, progress=progress, made_from=made_from
        )

    def set_live(self, workspace_id: str, number: int) -> Outcome:
        """Makes a staged deployment live."""
        return self.deploys.set_live(workspace_id, number)

    def discard(self, workspace_id: str, number: int) -> None:
        """Deletes a deployment that is not live."""
        self.deploys.discard(workspace_id, number)

    def rollback(
        self, workspace_id: str, number: int | None = None, terms: Terms | None = None, *, progress: Progress = silent
    ) -> Outcome:
        """Makes an earlier release live again: the one before the live one unless said otherwise."""
        return self.deploys.rollback(workspace_id, number, terms or Terms(), progress=progress)

    def follow(self, stop: threading.Event) -> None:
        """Takes over what other servers on the store deploy and set, until it is told to stop."""
        while not stop.wait(_LOOK_EVERY_SECONDS):
            try:
                self.take_over()
            except Exception:
                logger.exception("what other servers deployed could not be looked at; it is tried again")

    def take_over(self) -> None:
        """Takes it over now."""
        if self.releases.take_over() | self.secrets.take_over():
            self._warehouse.touch()
            self.changed.send()

    def recover(self) -> None:
        """Cleans up after a process that died in a deploy. Called at the start, before anything is served."""
        self.deploys.recover()

    def _prepare(self, tx: Session, workspace_id: str) -> None:
        for prepare in self._on_new:
            prepare(tx, workspace_id)
