"""Builds and tests the gold tables: runs dbt on the project in `sql/medallion`, against the gateway or a server.

dbt runs in a process of its own and writes into a work folder alone, so the project may lie where nobody
can write. A model whose SQL fails keeps the table it had: dbt makes the new one beside it and swaps.
"""

# ruff: noqa: PT028 - `test` is a verb of dbt, not a test

from __future__ import annotations

import base64
import fcntl
import http.client
import json
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlencode

from tradewind.core.errors import Conflict, InvalidInput, Kind, NotPermitted, TradewindError, Unavailable
from tradewind.warehouse.client import DATABASE

PROJECT = Path(str(files("tradewind") / "sql" / "medallion"))
_DBT = "tradewind.warehouse.dbt_process"
_VIEWS = "config.materialized:view"
_NO_DESCRIPTION = "--no-write-json"
"""Leaves the description of the project (manifest.json) as a full build, or the pages, wrote it."""
_FINISHED = re.compile(r"Result$")
_ENGINE_MESSAGE = re.compile(r"Code: \d+\. DB::Exception: .*", re.DOTALL)
_LONGEST_RUN_SECONDS = 3600.0
_ANSWER_SECONDS = 30.0
_LAST_WORDS = 20
_LOCK_LOOK_SECONDS = 0.25
_STOP_LOOK_SECONDS = 0.25


class BuildRunning(Conflict):
    """Somebody else builds in the same work folder."""

    code = "build_running"


class BuildFailed(TradewindError):
    """dbt could not begin; what it said is the message. A single model that fails is told in the result instead."""

    code = "build_failed"
    kind = Kind.UNAVAILABLE


class BuildStopped(Conflict):
    """The caller's `stop` was set while dbt ran; what was made by then stands."""

    code = "build_stopped"


@dataclass(frozen=True, slots=True)
class NodeResult:
    """What became of a model or a test. Status: built, passed, warned, failed or skipped."""

    name: str
    kind: str
    status: str
    seconds: float
    rows: int | None = None
    message: str | None = None
    """The engine's own words, where it refused."""


@dataclass(frozen=True, slots=True)
class BuildResult:
    """All nodes of a run, in the order in which they ended."""

    nodes: tuple[NodeResult, ...]
    seconds: float

    @property
    def failures(self) -> tuple[NodeResult, ...]:
        return tuple(node for node in self.nodes if node.status == "failed")

    @property
    def is_good(self) -> bool:
        return not self.failures and not any(node.status == "skipped" for node in self.nodes)


@dataclass(frozen=True, slots=True)
class Step:
    """A node that begins (`seconds` is None) or has ended, and how far the run is."""

    name: str
    kind: str
    status: str
    index: int
    total: int
    seconds: float | None = None


Progress = Callable[[Step], None]
OnWait = Callable[[], None]
"""Told once when a run has to wait for another one."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a run waits for another one of the same work folder, and who is told that it does."""

    seconds: float = 0.0
    on_wait: OnWait | None = None


AT_ONCE = Patience()
"""Does not wait: BuildRunning."""


def build(
    gateway_host: str,
    port: int,
    user: str,
    password: str,
    *,
    work_dir: Path,
    variables: Mapping[str, Any] | None = None,
    select: str | None = None,
    full: bool = False,
    views: bool = True,
    leave: Collection[str] = (),
    progress: Progress | None = None,
    stop: threading.Event | None = None,
    patience: Patience = AT_ONCE,
    schema: str = DATABASE,
    secure: bool = False,
    project: Path = PROJECT,
) -> BuildResult:
    """Builds the models, all or those that `select` names in dbt's syntax (`tag:gold`, `+daily_sales_summary`).

    Large models make only the days anew that facts touched since their last build; with `full`, all of them.
    Without `views` these stay as they stand: enough after a good build of the same models; so do those that `leave`
    names. `variables` are those of dbt_project.yml: reporting_currency, timezone, sold_statuses, as_of. Ends early,
    whatever it is at, once `stop` is set: BuildStopped.
    Raises BuildRunning, Unavailable or NotPermitted; BuildFailed when dbt itself cannot begin.
    """
    run = _Run(gateway_host, port, user, password, work_dir, variables or {}, schema, secure, project, patience, stop)
    left = [*([] if views else [_VIEWS]), *sorted(leave)]
    more = [*(["--full-refresh"] if full else [_NO_DESCRIPTION]), *(["--exclude", *left] if left else [])]
    result = run("run", select, progress, more)
    rows = _row_counts(run)
    return BuildResult(tuple(_with_rows(node, rows) for node in result.nodes), result.seconds)


def test(
    gateway_host: str,
    port: int,
    user: str,
    password: str,
    *,
    work_dir: Path,
    variables: Mapping[str, Any] | None = None,
    select: str | None = None,
    progress: Progress | None = None,
    patience: Patience = AT_ONCE,
    schema: str = DATABASE,
    secure: bool = False,
    project: Path = PROJECT,
) -> BuildResult:
    """Runs the tests of the models that are built: keys, references, definitions by hand, gold against live."""
    return _Run(gateway_host, port, user, password, work_dir, variables or {}, schema, secure, project, patience)(
        "test", select, progress, [_NO_DESCRIPTION]
    )


test.__test__ = False  # type: ignore[attr-defined] # pytest would take it for one of its own


@dataclass(frozen=True, slots=True)
class Documented:
    """Where dbt's own pages are, in one file, and what it knows of the project."""

    page: Path
    manifest: Path


def document(
    gateway_host: str,
    port: int,
    user: str,
    password: str,
    *,
    work_dir: Path,
    variables: Mapping[str, Any] | None = None,
    progress: Progress | None = None,
    patience: Patience = AT_ONCE,
    schema: str = DATABASE,
    secure: bool = False,
    project: Path = PROJECT,
) -> Documented:
    """Writes the pages that describe sources, models, columns, tests and their graph. Raises as `build` does."""
    run = _Run(gateway_host, port, user, password, work_dir, variables or {}, schema, secure, project, patience)
    page = work_dir / "target" / "static_index.html"
    page.unlink(missing_ok=True)
    run("docs generate", None, progress, ["--static"])
    if not page.exists():
        raise BuildFailed("dbt wrote no pages; its log in the work folder says why.")
    kept = work_dir / "docs" / "index.html"
    kept.parent.mkdir(exist_ok=True)
    page.replace(kept)
    return Documented(kept, work_dir / "target" / "manifest.json")


@dataclass(frozen=True, slots=True)
class _Run:
    host: str
    port: int
    user: str
    password: str
    work_dir: Path
    variables: Mapping[str, Any]
    schema: str
    secure: bool
    project: Path
    patience: Patience
    stop: threading.Event | None = None

    def __call__(
        self, command: str, select: str | None, progress: Progress | None, more: Sequence[str] = ()
    ) -> BuildResult:
        began = time.monotonic()
        self._look()
        target = self.work_dir / "target"
        target.mkdir(parents=True, exist_ok=True)
        with _alone(self.work_dir / "build.lock", self.patience):
            results = target / "run_results.json"
            results.unlink(missing_ok=True)
            last_words = self._dbt(command, select, progress, more)
            if not results.exists():
                raise BuildFailed(_plain("\n".join(last_words)) or "dbt ended without a result.")
            nodes = tuple(_node(told) for told in json.loads(results.read_text())["results"])
        if select and not nodes:
            raise InvalidInput(f"Nothing in the project matches '{select}'.", field="select")
        return BuildResult(nodes, time.monotonic() - began)

    def ask(self, sql: str, **parameters: str) -> str:
        """The warehouse's plain answer to a query; asked without a proxy, as dbt will ask."""
        kind = http.client.HTTPSConnection if self.secure else http.client.HTTPConnection
        login = base64.b64encode(f"{self.user}:{self.password}".encode()).decode()
        bound = {f"param_{name}": value for name, value in parameters.items()}
        connection = kind(self.host, self.port, timeout=_ANSWER_SECONDS)
        try:
            connection.request("POST", f"/?{urlencode(bound)}", sql.encode(), {"Authorization": f"Basic {login}"})
            answer = connection.getresponse()
            text = answer.read().decode("utf-8", "replace")
        except (OSError, http.client.HTTPException) as away:
            raise Unavailable(f"No warehouse answers on {self.host}:{self.port}. Is the server running?") from away
        finally:
            connection.close()
        if answer.status != 200:
            raise BuildFailed(_plain(text))
        return text

    def _look(self) -> None:
        """Whether the warehouse is there and lets us write: said in a sentence before dbt says it in twenty."""
        if self.ask("SELECT getSetting('readonly')").strip() != "0":
            raise NotPermitted("The token may only read. Building and testing take one of the scope sql:write.")

    def _dbt(self, command: str, select: str | None, progress: Progress | None, more: Sequence[str] = ()) -> list[str]:
        """Runs dbt to its end, told step by step; returns its complaints."""
        arguments = [sys.executable, "-m", _DBT, *self._flags(), *command.split(), *self._options(select), *more]
        complaints: list[str] = []
        with subprocess.Popen(
            arguments,
            env=self._environment(),
            cwd=self.work_dir,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as process:
            assert process.stdout is not None
            if self.stop is not None:
                threading.Thread(target=_end_early, args=(process, self.stop), name="dbt's end", daemon=True).start()
            try:
                for line in process.stdout:
                    said = _event(line)
                    step = _step(said) if said is not None else None
                    if step is not None and progress is not None:
                        progress(step)
                    elif said is None or said["info"]["level"] == "error":
                        text = line.strip() if said is None else str(said["info"]["msg"]).strip()
                        complaints = [*complaints[1 - _LAST_WORDS :], text]
                process.wait(_LONGEST_RUN_SECONDS)
            except BaseException:
                process.kill()
                raise
        if self.stop is not None and self.stop.is_set():
            raise BuildStopped("The build was stopped; what it had made by then stands.")
        return complaints

    def _flags(self) -> list[str]:
        return [
            *("--log-format", "json", "--log-level", "info", "--log-level-file", "info"),
            *("--log-path", str(self.work_dir / "logs"), "--no-use-colors", "--no-version-check"),
            "--no-send-anonymous-usage-stats",
        ]

    def _options(self, select: str | None) -> list[str]:
        chosen = ["--select", *select.split()] if select else []
        return [
            *("--project-dir", str(self.project), "--profiles-dir", str(self.project)),
            *("--target-path", str(self.work_dir / "target"), "--vars", json.dumps(dict(self.variables))),
            *chosen,
        ]

    def _environment(self) -> dict[str, str]:
        """Ours without what could lead dbt elsewhere or slow it down: other settings, other profiles, a proxy."""
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("DBT_", "TRADEWIND_")) and not name.lower().endswith("_proxy")
            # Without bytecode dbt takes two seconds more, every time.
            if name != "PYTHONDONTWRITEBYTECODE"
        }
        return kept | {
            "TRADEWIND_CLICKHOUSE_HOST": self.host,
            "TRADEWIND_CLICKHOUSE_PORT": str(self.port),
            "TRADEWIND_CLICKHOUSE_USER": self.user,
            "TRADEWIND_CLICKHOUSE_SCHEMA": self.schema,
            "TRADEWIND_CLICKHOUSE_SECURE": "true" if self.secure else "false",
            "DBT_ENV_SECRET_TRADEWIND_PASSWORD": self.password,
            "DO_NOT_TRACK": "1",
            "PYTHONUNBUFFERED": "1",
        }


def _end_early(process: subprocess.Popen[str], stop: threading.Event) -> None:
    """dbt tells nothing while it reads the project or a long model runs: it is ended from beside."""
    while process.poll() is None:
        if stop.wait(_STOP_LOOK_SECONDS):
            process.kill()
            return


@contextmanager
def _alone(path: Path, patience: Patience) -> Iterator[None]:
    """Holds the work folder for one run; the lock goes with the process, however it ends."""
    with path.open("a") as lock:
        until = time.monotonic() + patience.seconds
        told = False
        while not _locked(lock):
            if time.monotonic() >= until:
                raise BuildRunning("The gold tables are being built or tested already. Wait for that to end.")
            if patience.on_wait is not None and not told:
                patience.on_wait()
            told = True
            time.sleep(_LOCK_LOOK_SECONDS)
        yield


def _locked(lock: IO[str]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _event(line: str) -> dict[str, Any] | None:
    try:
        said = json.loads(line)
    except ValueError:
        return None
    return said if isinstance(said, dict) and "info" in said else None


def _step(said: dict[str, Any]) -> Step | None:
    """The step that an event tells of; None for the many that tell of something else."""
    data = said.get("data", {})
    node = data.get("node_info")
    if not node or "index" not in data or "total" not in data:
        return None
    ended = _FINISHED.search(said["info"]["name"]) is not None
    status = _STATUS.get(str(data.get("status", "")).lower().split(" ")[0], "failed") if ended else "running"
    return Step(
        node["node_name"],
        node["resource_type"],
        status,
        data["index"],
        data["total"],
        float(data["execution_time"]) if ended else None,
    )


_STATUS = {
    "success": "built", "ok": "built", "pass": "passed", "warn": "warned", "skipped": "skipped", "skip": "skipped",
    "no-op": "skipped", "error": "failed", "fail": "failed", "runtime": "failed",
}  # fmt: skip


def _node(told: dict[str, Any]) -> NodeResult:
    kind, _, rest = told["unique_id"].partition(".")
    parts = rest.split(".")
    name = parts[-1] if kind == "unit_test" else parts[1]
    status = _STATUS.get(told["status"], "failed")
    message = _plain(told["message"] or "") if status in ("failed", "warned", "skipped") else None
    return NodeResult(name, kind, status, told["execution_time"], message=message or None)


def _plain(message: str) -> str:
    """The engine's sentence out of dbt's wrapping, or dbt's own words."""
    found = _ENGINE_MESSAGE.search(message)
    text = found[0] if found else message
    return text.split("\n  compiled code at", 1)[0].split("\n  in macro", 1)[0].strip()


def _row_counts(run: _Run) -> dict[str, int]:
    """Rows of every table of the warehouse; views have none of their own."""
    told = run.ask(
        "SELECT name, total_rows FROM system.tables WHERE database = {schema:String} AND total_rows IS NOT NULL",
        schema=run.schema,
    )
    return {name: int(rows) for name, rows in (line.split("\t") for line in told.splitlines())}


def _with_rows(node: NodeResult, rows: Mapping[str, int]) -> NodeResult:
    return NodeResult(node.name, node.kind, node.status, node.seconds, rows.get(node.name), node.message)
