"""Which workspaces there are and what each of them serves. What requests ask for costs them nothing."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from sqlalchemy.orm import Session

from tradewind.core.clock import Clock
from tradewind.core.database import Database
from tradewind.core.errors import NotFound
from tradewind.core.logging import get_logger
from tradewind.warehouse.datafiles.model import Engine, Project
from tradewind.warehouse.datafiles.reading import read_project
from tradewind.warehouse.workspaces import store
from tradewind.warehouse.workspaces.apply import NOTHING, Side
from tradewind.warehouse.workspaces.files import Files, unpack
from tradewind.warehouse.workspaces.lending import lent, may_lend, says_shared, with_loans
from tradewind.warehouse.workspaces.release import Loan, Release, Use
from tradewind.warehouse.workspaces.secrets import Secrets
from tradewind.warehouse.workspaces.store import DEFAULT_NAME, Deployment, Home, Status
from tradewind.warehouse.workspaces.trial import derived_source
from tradewind.warehouse.workspaces.views import View

_UNKNOWN: Final = object()
logger = get_logger(__name__)


class Releases:
    """The releases of all workspaces, read from the store once and kept."""

    def __init__(
        self, database: Database, clock: Clock, secrets: Secrets, prepare: Callable[[Session, str], None]
    ) -> None:
        self._database = database
        self._prepare = prepare
        self._clock = clock
        self._secrets = secrets
        self._default: str | None = None
        self._built_in: dict[str, str] = {}
        self._live: dict[str, Release | None] = {}
        self._staged: dict[str, Release | None] = {}
        self._sides: dict[tuple[str, int], Side] = {}
        self._uses: dict[tuple[str, int], Use] = {}
        """Who reads the tables of a release, under whichever names: its own workspace, and those it is shared with."""
        self._says_shared: dict[tuple[str, int], bool] = {}
        self._lenders: dict[str, int | None] | None = None
        """The live releases of all workspaces when all that is served was last held against what they share."""
        self._lock = threading.RLock()
        self.moving = threading.RLock()
        """Held by whoever writes down another release as live, until requests read it."""

    def default(self) -> str:
        """The id of the workspace that is there from the start."""
        if self._default is None:
            with self._lock, self._database.write() as tx:
                home = store.home_named(tx, DEFAULT_NAME)
                if home is None:
                    home = store.add_home(tx, DEFAULT_NAME, parent_id=None, now=self._clock.now())
                    self._prepare(tx, home.id)
            self._default = home.id
        return self._default

    def built_in(self, name: str, database: str) -> str:
        """The id of a workspace whose project comes with the product. No token there may change anything by itself:
        it has those that its files name, and no admin.
        """
        found = self.find_built_in(name)
        if found is None:
            full = store.BUILT_IN_PREFIX + name
            with self._lock, self._database.write() as tx:
                home = store.home_named(tx, full)
                if home is None:
                    home = store.add_home(tx, full, parent_id=None, database=database, now=self._clock.now())
            found = self._built_in[name] = home.id
        return found

    def find_built_in(self, name: str) -> str | None:
        """The same, None where nobody made it."""
        known = self._built_in.get(name)
        if known is None:
            with self._database.read() as tx:
                home = store.home_named(tx, store.BUILT_IN_PREFIX + name)
            if home is None:
                return None
            known = self._built_in[name] = home.id
        return known

    def home(self, workspace_id: str) -> Home:
        """A workspace's name, its database and what it is a branch of. Raises NotFound."""
        with self._database.read() as tx:
            return store.find_home(tx, workspace_id)

    def live(self, workspace_id: str) -> Release | None:
        """The release that requests read, or None before the first deploy."""
        try:
            return self._live[workspace_id]
        except KeyError:
            return self._first_look(workspace_id)

    def staged(self, workspace_id: str) -> Release | None:
        """The release that stands beside the live one and waits to take its place."""
        try:
            return self._staged[workspace_id]
        except KeyError:
            with self.moving, self._lock:
                with self._database.read() as tx:
                    rows = store.releases_in(tx, [Status.DATA_READY], workspace_id)
                found = self.loaded(self.home(workspace_id), rows[-1].number) if rows else None
                self._staged[workspace_id] = found
                return found

    def release(self, workspace_id: str, number: int) -> Release:
        """The live release or the staged one by its number. Raises NotFound for one that cannot be read."""
        for known in (self.live(workspace_id), self.staged(workspace_id)):
            if known is not None and known.number == number:
                return known
        with self._database.read() as tx:
            row = store.find_release(tx, workspace_id, number)
        raise NotFound(f"Deployment {number} is {row.status}: it cannot be read.")

    def rows(self, workspace_id: str) -> list[Deployment]:
        """The newest deployments first."""
        with self._database.read() as tx:
            return store.releases(tx, workspace_id)

    def row(self, workspace_id: str, number: int) -> Deployment:
        """A deployment as it is written down. Raises NotFound."""
        with self._database.read() as tx:
            return store.find_release(tx, workspace_id, number)

    def files(self, workspace_id: str, number: int) -> Files:
        """The files of a deployment."""
        with self._database.read() as tx:
            return unpack(store.files_of(tx, workspace_id, number))

    def take_over(self) -> bool:
        """Serves what other processes on the store have made live or staged meanwhile; whether there was anything."""
        with self._database.read() as tx:
            told = store.standing(tx)
        behind = [workspace_id for workspace_id in {*self._live, *self._staged} if self._differs(workspace_id, told)]
        live = {workspace_id: number for workspace_id, (number, _) in told.items()}
        is_lent_anew = self._lenders is not None and self._lenders != live
        for workspace_id in behind:
            # Once more, with nobody of this process in between: what was read first may be older than what it serves.
            with self.moving:
                with self._database.read() as tx:
                    told = store.standing(tx)
                if workspace_id not in told:
                    self.forget(workspace_id)
                    self._secrets.forget(workspace_id)
                elif self._differs(workspace_id, told):
                    self._take_over(workspace_id, *told[workspace_id])
        if is_lent_anew:
            self._lend_anew()
        return bool(behind) or is_lent_anew

    def _differs(self, workspace_id: str, told: Mapping[str, tuple[int | None, int | None]]) -> bool:
        known = (self._live.get(workspace_id, _UNKNOWN), self._staged.get(workspace_id, _UNKNOWN))
        return workspace_id not in told or any(
            release is not _UNKNOWN and number != (release.number if isinstance(release, Release) else None)
            for release, number in zip(known, told[workspace_id], strict=True)
        )

    def _take_over(self, workspace_id: str, live: int | None, staged: int | None) -> None:
        home = self.home(workspace_id)
        if live is None:
            self._live.pop(workspace_id, None)
        elif (serving := self._live.get(workspace_id)) is None or serving.number != live:
            self.serve(self.loaded(home, live))
        self._staged[workspace_id] = None if staged is None else self.loaded(home, staged)
        kept = {number for number in (live, staged) if number is not None}
        self.forget(workspace_id, kept | self.still_read(workspace_id, kept, 0.0))

    # --- for deploys ---

    def serve(self, release: Release) -> None:
        """Requests that begin from now on read this one, also those of workspaces that it shares something with."""
        with self.moving:
            home = self.home(release.workspace_id)
            leaving = self._live.get(release.workspace_id)
            # What others share may have changed since it was loaded.
            self._live[release.workspace_id] = self.loaded(home, release.number)
            if leaving is None or self._shares(home, leaving.number) or self._shares(home, release.number):
                self._lend_anew()

    def stage(self, workspace_id: str, release: Release | None) -> None:
        """This one waits beside the live one, or none does."""
        with self.moving:
            fresh = None if release is None else self.loaded(self.home(workspace_id), release.number)
            self._staged[workspace_id] = fresh

    def still_read(self, workspace_id: str, kept: set[int], seconds: float) -> set[int]:
        """Releases that have to go and that somebody still reads after a patient wait: they go next time."""
        gone = {number: use for number, use in self.uses(workspace_id).items() if number not in kept}
        waiting = {number for number, use in gone.items() if not use.wait_unused(seconds)}
        with self._lock:
            for number in gone.keys() - waiting:
                self._uses.pop((workspace_id, number), None)
        return waiting

    def forget(self, workspace_id: str, kept: set[int] | None = None) -> None:
        """Drops what is remembered of releases that are gone, or of the whole workspace."""
        with self._lock:
            for key in [key for key in self._sides if key[0] == workspace_id and key[1] not in (kept or ())]:
                del self._sides[key]
            for key in [key for key in self._says_shared if key[0] == workspace_id and key[1] not in (kept or ())]:
                del self._says_shared[key]
        if kept is None:
            with self.moving:
                self._live.pop(workspace_id, None)
                self._staged.pop(workspace_id, None)
                self._lend_anew()

    def uses(self, workspace_id: str) -> dict[int, Use]:
        """By its number, who reads a release of a workspace, here or where it is shared."""
        with self._lock:
            return {number: use for (owner, number), use in self._uses.items() if owner == workspace_id}

    def loaded(self, home: Home, number: int, side: Side | None = None) -> Release:
        """A release as requests hold it."""
        known = side or self.side(home, number)
        loans = self.loans(home)
        project, tables = with_loans(known, loans)
        secrets, use = self._secrets.of(home.id), self._use(home.id, number)
        made_at = self.row(home.id, number).created_at
        return Release(home.id, home.name, home.database, number, project, tables, secrets, loans, use, made_at)

    def loans(self, home: Home, homes: Mapping[str, Home] | None = None) -> dict[str, Loan]:
        """What other workspaces share with this one, or with the one that it is a branch of."""
        if home.is_built_in:
            return {}
        homes = self._homes() if homes is None else homes
        if self._lenders is None:
            self._lenders = _live_in(homes)
        borrower = homes.get(home.parent_id or home.id, home)
        found: dict[str, Loan] = {}
        for lender in homes.values():
            number = lender.live_release
            if number is None or lender.id == borrower.id or not may_lend(lender) or not self._shares(lender, number):
                continue
            found |= lent(lender, self.side(lender, number), self._use(lender.id, number), borrower.name)
        return found

    def side(self, home: Home, number: int | None) -> Side:
        """A release as deploys see it; nothing where there is none."""
        if number is None:
            return NOTHING
        known = self._sides.get((home.id, number))
        if known is None:
            with self._database.read() as tx:
                row = store.find_release(tx, home.id, number)
                files = unpack(store.files_of(tx, home.id, number))
                tables = store.tables_of(tx, home.id, number)
            project = with_derived(read_project(files, secrets=self._secrets.of(home.id)), row.plan.get("derived", {}))
            views = [View.of_json(view) for view in row.plan["views"]]
            known = Side(project, views, tables, not row.plan.get("is_build", False))
            self._sides[home.id, number] = known
        return known

    def remember(self, home: Home, number: int, side: Side) -> None:
        self._sides[home.id, number] = side

    def _shares(self, home: Home, number: int) -> bool:
        """Whether a release may share something with another workspace."""
        known = self._says_shared.get((home.id, number))
        if known is None:
            known = self._says_shared[home.id, number] = says_shared(self.files(home.id, number))
        return known

    def _use(self, workspace_id: str, number: int) -> Use:
        with self._lock:
            return self._uses.setdefault((workspace_id, number), Use())

    def _lend_anew(self) -> None:
        """What is served reads what others share now, and no more what they shared before."""
        with self.moving:
            homes = self._homes()
            self._lenders = _live_in(homes)
            for serving in (self._live, self._staged):
                for workspace_id, release in list(serving.items()):
                    home = homes.get(workspace_id)
                    if home is None or release is None:
                        continue  # one that is gone is forgotten by who finds that out
                    try:
                        if self.loans(home, homes) != release.loans:
                            serving[workspace_id] = self.loaded(home, release.number)
                    except Exception:
                        # What it may not read any more must go in any case: the next request loads it.
                        logger.exception("a release could not be loaded again", workspace=home.name)
                        serving.pop(workspace_id, None)

    def _homes(self) -> dict[str, Home]:
        with self._database.read() as tx:
            return {home.id: home for home in store.homes(tx)}

    def _first_look(self, workspace_id: str) -> Release | None:
        with self.moving, self._lock:
            if workspace_id not in self._live:
                home = self.home(workspace_id)
                found = None if home.live_release is None else self.loaded(home, home.live_release)
                self._live[workspace_id] = found
            return self._live[workspace_id]


def _live_in(homes: Mapping[str, Home]) -> dict[str, int | None]:
    return {home.id: home.live_release for home in homes.values()}


def derived_of(project: Project) -> dict[str, list[list[str]]]:
    """Data sources that no file describes, with the columns that the engine gave them."""
    return {
        source.name: [[column.name, column.full_type] for column in source.columns]
        for source in project.sources.values()
        if not source.text
    }


def with_derived(project: Project, derived: dict[str, list[list[str]]]) -> Project:
    """The project with the data sources that only pipes describe."""
    nodes = {node.datasource: node for pipe in project.pipes.values() for node in pipe.nodes if node.engine}
    added = {
        name: derived_source(name, nodes[name].place, [(c, kind) for c, kind in told], nodes[name].engine or Engine())
        for name, told in derived.items()
        if name in nodes
    }
    return replace(project, sources={**project.sources, **added})
