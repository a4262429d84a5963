"""A project put up in a folder of its own, in this process: built without TTL, filled from its fixtures, and asked.

Nothing of the seller's own data is opened. What it is asked goes through the same routes as a request over HTTP.
"""

from __future__ import annotations

import asyncio
import gc
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

import httpx

from tradewind.api.services import Services
from tradewind.api.v0.app import create_v0
from tradewind.core.errors import InvalidInput
from tradewind.core.settings import (
    CacheSettings,
    DatabaseSettings,
    IngestSettings,
    LogSettings,
    ServingSettings,
    Settings,
    WarehouseSettings,
    load_settings,
)
from tradewind.platform import Platform
from tradewind.warehouse.datafiles.fixtures import rows_of
from tradewind.warehouse.datafiles.model import DataSource, Finding
from tradewind.warehouse.datafiles.testing import Answer, Ask, Parameters
from tradewind.warehouse.workspaces.service import Terms

Say = Callable[[str], None]
_SECONDS = 120.0


class NotBuilt(InvalidInput):
    """The project has errors; each is named with its place."""

    code = "project_not_built"

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__("The project cannot be built:\n" + "\n".join(f"  {finding}" for finding in findings))
        self.findings = findings


@contextmanager
def project_put_up(
    files: Mapping[PurePosixPath, bytes], *, secrets: Mapping[str, str] | None = None, say: Say = lambda _: None
) -> Iterator[Ask]:
    """The project, built and filled; gives what can be asked. Raises NotBuilt."""
    with tempfile.TemporaryDirectory(prefix="tradewind-test-") as folder:
        platform = Platform(_settings(Path(folder)), purpose="tradewind test run")
        try:
            _build(platform, files, secrets or {})
            with _asked(platform) as ask:
                _fill(platform, files, ask, say)
                yield ask
        finally:
            platform.close()
            gc.collect()  # the engine holds its files until its last connection is gone


def _settings(folder: Path) -> Settings:
    """Everything embedded in one folder, whatever the environment says; one thread, so that ties come in one order."""
    return load_settings(
        data_dir=folder,
        database=DatabaseSettings(),
        log=LogSettings(),
        cache=CacheSettings(),
        warehouse=WarehouseSettings(query_threads=1, query_timeout_seconds=60),
        ingest=IngestSettings(),
        serving=ServingSettings(),
    )


def _build(platform: Platform, files: Mapping[PurePosixPath, bytes], secrets: Mapping[str, str]) -> None:
    workspace = platform.workspaces.default()
    for name, value in secrets.items():
        platform.workspaces.secrets.put(workspace, name, value, now=platform.clock.now())
    outcome = platform.workspaces.deploy(workspace, files, Terms(for_build=True, allow_destructive=True))
    if outcome.errors:
        raise NotBuilt(outcome.errors)


def _fill(platform: Platform, files: Mapping[PurePosixPath, bytes], ask: Ask, say: Say) -> None:
    release = platform.workspaces.live(platform.workspaces.default())
    if release is None:
        return

    def run_sql(sql: str) -> bytes:
        answer = ask("/v0/sql", [("q", f"{sql}\nFORMAT JSONEachRow")])
        if answer.is_error:
            raise InvalidInput(answer.error)
        return answer.text.encode()

    for name in sorted(release.project.fixtures):
        source: DataSource = release.project.sources[name]
        good = bad = 0
        try:
            for piece in rows_of(release.project, files, source, run_sql):
                counts = platform.ingest.append(release, name, piece, wait=True)
                good, bad = good + counts.successful, bad + counts.quarantined
        except InvalidInput as wrong:
            raise InvalidInput(f"{release.project.fixtures[name]}: {wrong}", field="fixtures") from wrong
        if bad:
            say(
                f"{release.project.fixtures[name]}: {bad:,} of {good + bad:,} rows do not fit {name} "
                f"and went to {name}_quarantine{_first_reason(ask, name)}"
            )


def _first_reason(ask: Ask, name: str) -> str:
    answer = ask("/v0/sql", [("q", f"SELECT c__error[1] AS e FROM {name}_quarantine LIMIT 1 FORMAT TSVRaw")])
    return "." if answer.is_error else f": {answer.text.strip()}"


@contextmanager
def _asked(platform: Platform) -> Iterator[Ask]:
    """Asks the routes of /v0 in this process, as the workspace's own admin."""
    token = platform.serving.tokens.admin_value(platform.workspaces.default())
    headers = {"Authorization": f"Bearer {token}"}
    transport = httpx.ASGITransport(create_v0(Services.of(platform)))
    with asyncio.Runner() as runner:
        client = httpx.AsyncClient(
            transport=transport, base_url="http://project.test", headers=headers, timeout=_SECONDS
        )

        def ask(path: str, parameters: Parameters) -> Answer:
            answer = runner.run(client.post(path, content=_form(parameters), headers=_FORM))
            return Answer(answer.status_code, answer.text)

        try:
            yield ask
        finally:
            runner.run(client.aclose())


@contextmanager
def running_server(url: str, token: str) -> Iterator[Ask]:
    """Asks a server that runs, where the project is deployed. Raises InvalidInput when it does not answer."""
    with httpx.Client(base_url=url, headers={"Authorization": f"Bearer {token}"}, timeout=_SECONDS) as client:

        def ask(path: str, parameters: Parameters) -> Answer:
            try:
                answer = client.post(path, content=_form(parameters), headers=_FORM)
            except httpx.HTTPError as wrong:
                raise InvalidInput(f"{url} does not answer: {wrong}. Start it with `tradewind up`.") from wrong
            return Answer(answer.status_code, answer.text)

        yield ask


_FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def _form(parameters: Parameters) -> bytes:
    return str(httpx.QueryParams(list(parameters))).encode()
