"""Sinks: the rows of a query leave for a Kafka topic, a bucket or a folder, as files of a format and a name."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tradewind.core.clock import Clock
from tradewind.core.errors import InvalidInput, NotFound, Unavailable
from tradewind.events.kafka_client import ANSWERS_WITHIN, plain_errors, producer
from tradewind.warehouse.datafiles.model import Node
from tradewind.warehouse.quoting import literal
from tradewind.warehouse.serving.operations import Operations
from tradewind.warehouse.streams.connections import ConnectorNotConfigured, connection, kafka_settings
from tradewind.warehouse.streams.files import COMPRESSIONS, FORMATS, FileName, packed, suffix_of
from tradewind.warehouse.streams.runs import Run, Runner, Values, job_timestamp
from tradewind.warehouse.streams.sent_runs import SentRuns
from tradewind.warehouse.workspaces.jobs import Job, Jobs, Task, Work
from tradewind.warehouse.workspaces.release import Release
from tradewind.warehouse.workspaces.service import Workspaces

SINK: Final = "sink"
_MESSAGES_AT_ONCE = 5_000
_TRANSACTION_SECONDS = 600

Put = Callable[[str, bytes], None]
"""Writes a file, whole or not at all: its name below the place, its content."""


class NotASink(NotFound):
    """The pipe is not there, or exports nothing."""

    code = "not_a_sink"


@dataclass(frozen=True, slots=True)
class _Files:
    """How a sink's node wants its files."""

    name: FileName
    format: str
    compression: str
    is_new: bool
    """Each run makes files of its own; else a file of the same name is written anew."""


class Sinks:
    """Starts and does the runs of sinks; each is a job, one per pipe at a time."""

    def __init__(
        self,
        runner: Runner,
        workspaces: Workspaces,
        jobs: Jobs,
        operations: Operations,
        clock: Clock,
        folder: Path,
        *,
        file_rows: int,
    ) -> None:
        """`folder` is the only place on this machine that `file://` can mean."""
        self._runner = runner
        self._workspaces = workspaces
        self._jobs = jobs
        self._operations = operations
        self._clock = clock
        self._folder = folder
        self._file_rows = file_rows
        jobs.resumes(SINK, self._work)

    def start(self, workspace_id: str, pipe: str, values: Values | None = None) -> str:
        """Begins a run and returns the job's id. Raises NotASink, ConnectorNotConfigured, JobRunning and others."""
        release = self._release(workspace_id, pipe)
        given = job_timestamp(values or {}, self._clock.now())
        with release.in_use():
            run = _run(release, pipe, given)
            self._runner.query(run)
            _check(run)
        plain = {name: value if isinstance(value, str) else list(value) for name, value in given.items()}
        return self._jobs.start(
            workspace_id,
            SINK,
            lambda task: self._sink(task, given),
            pipe=run.pipe.name,
            details={"values": plain},
            is_alone=True,
        )

    def _work(self, job: Job) -> Work:
        return lambda task: self._sink(task, job.details["values"])

    def _sink(self, task: Task, values: Values) -> Mapping[str, Any]:
        job, began = task.job, time.monotonic()
        release = self._release(job.workspace_id, job.pipe or "")
        told: dict[str, Any] = {"result": "ok", "error": None, "written_rows": 0, "output": []}
        service = "file"
        try:
            with release.in_use():
                run = _run(release, job.pipe or "", values)
                service = "kafka" if "kafka_topic" in run.node.exports else "file"
                aside, columns = self._runner.set_aside(run, job.id, None, is_final=False)
                task.check()
                if service == "kafka":
                    rows, output = self._to_topic(task, run, aside)
                else:
                    rows, output = self._to_files(task, run, aside, columns)
                told |= {"written_rows": rows, "output": output}
        except Exception as failure:
            told |= {"result": "error", "error": str(failure)}
            raise
        finally:
            self._runner.drop_aside(release, job.id)
            self._operations.tell(
                release.database,
                "sinks_ops_log",
                {
                    **told,
                    "timestamp": self._clock.now(),
                    "job_id": job.id,
                    "service": service,
                    "pipe_name": job.pipe or "",
                    "pipe_id": job.pipe or "",
                    "elapsed_time": time.monotonic() - began,
                    "parameters": {name: str(value) for name, value in values.items()},
                },
            )
        return {"rows": told["written_rows"], "output": told["output"][:100]}

    # --- Topics ------------------------------------------------------------------------------------------------------

    def _to_topic(self, task: Task, run: Run, aside: str) -> tuple[int, list[str]]:
        """One transaction for the whole run: who reads committed records sees all of it or nothing.

        The transaction also says which job it was, as the position of a group of the sink's own: a job that is taken
        up again after a crash finds out there whether its rows are in the topic already.
        """
        topic = run.node.exports["kafka_topic"]
        settings = kafka_settings(run.release.project, run.node.exports.get("connection_name", ""))
        sink = f"tradewind-sink-{run.release.workspace_id}-{run.pipe.name}"
        failures: list[str] = []
        with plain_errors(str(settings["bootstrap.servers"])):
            sender = producer(
                {
                    **settings,
                    "transactional.id": sink,
                    "transaction.timeout.ms": _TRANSACTION_SECONDS * 1000,
                    "compression.type": "lz4",
                }
            )
            sender.init_transactions(ANSWERS_WITHIN)
            done = SentRuns(settings, sink, topic)
            sent = done.rows_of(task.job.id)
            if sent is not None:
                done.close()
                return sent, [f"kafka://{topic}"]
            sender.begin_transaction()
            rows = 0
            for block in self._blocks(aside, "JSONEachRow", _MESSAGES_AT_ONCE):
                for line in block.splitlines():
                    while True:
                        try:
                            sender.produce(
                                topic, line, on_delivery=lambda error, _: failures.append(str(error)) if error else None
                            )
                        except BufferError:
                            sender.poll(0.5)
                        else:
                            break
                    rows += 1
                sender.poll(0)
                if failures or task.is_cancelled:
                    sender.purge()
                    sender.abort_transaction(ANSWERS_WITHIN)
                    task.check()
                    raise Unavailable(f"Kafka refused a message for {topic}: {failures[0]}")
                task.progress(rows)
            done.note(sender, task.job.id, rows)
            sender.commit_transaction(_TRANSACTION_SECONDS)
            done.close()
        return rows, [f"kafka://{topic}"]

    # --- Files -------------------------------------------------------------------------------------------------------

    def _to_files(self, task: Task, run: Run, aside: str, columns: list[str]) -> tuple[int, list[str]]:
        wanted = _files_of(run.node, columns)
        put, where = self._place(run)
        stamp = "".join(letter for letter in str(run.values["job_timestamp"]) if letter.isalnum())
        written: list[str] = []
        rows = 0
        for name, condition in self._parts(aside, wanted.name):
            total = self._count(aside, condition)
            for number, start in enumerate(range(0, max(total, 1), self._file_rows)):
                part = f"_{number + 1}" if total > self._file_rows else ""
                of_run = f"_{stamp}" if wanted.is_new else ""
                file = f"{name}{of_run}{part}{suffix_of(wanted.format, wanted.compression)}"
                block = self._block(aside, FORMATS[wanted.format], condition, start, self._file_rows)
                task.check()
                put(file, packed(block, wanted.format, wanted.compression))
                written.append(f"{where}/{file}")
            rows += total
            task.progress(rows, files=len(written))
        return rows, written

    def _parts(self, aside: str, name: FileName) -> Iterator[tuple[str, str]]:
        """The name of each file with the condition that its rows meet."""
        if not name.expressions:
            yield name.with_values(()), "1"
            return
        shown = ", ".join(f"{expression} AS part_{n}" for n, expression in enumerate(name.expressions))
        listed = ", ".join(f"part_{n}" for n in range(len(name.expressions)))
        with self._runner.connection() as connected:
            found = connected.query(f"SELECT {shown} FROM {aside} GROUP BY {listed} ORDER BY {listed} LIMIT 10001")
        if len(found) > 10_000:
            raise InvalidInput("EXPORT_FILE_TEMPLATE would make more than 10000 files. Use fewer columns in it.")
        for row in found:
            values = [str(value) for value in row.values()]
            conditions = [
                f"{expression} = {literal(value)}" for expression, value in zip(name.expressions, values, strict=True)
            ]
            yield name.with_values(values), " AND ".join(conditions)

    def _place(self, run: Run) -> tuple[Put, str]:
        uri = run.node.exports["bucket_uri"].rstrip("/")
        if uri.startswith("file://"):
            return _into_folder(self._folder, uri.removeprefix("file://").strip("/")), uri
        told = connection(run.release.project, run.node.exports.get("connection_name", ""), "s3").settings
        return _into_bucket(uri, told), uri

    def _count(self, aside: str, condition: str) -> int:
        with self._runner.connection() as connected:
            return int(connected.query(f"SELECT count() AS n FROM {aside} WHERE {condition}")[0]["n"])

    def _blocks(self, aside: str, form: str, size: int) -> Iterator[bytes]:
        total = self._count(aside, "1")
        for start in range(0, total, size):
            yield self._block(aside, form, "1", start, size)

    def _block(self, aside: str, form: str, condition: str, start: int, size: int) -> bytes:
        sql = f"SELECT * FROM {aside} WHERE {condition} LIMIT {size} OFFSET {start} SETTINGS max_threads = 1"
        with self._runner.connection() as connected:
            return connected.raw(sql, form)

    def _release(self, workspace_id: str, pipe: str) -> Release:
        release = self._workspaces.live(workspace_id)
        if release is None:
            raise NotASink(f"There is no pipe '{pipe[:200]}': nothing is deployed.")
        return release


def _run(release: Release, name: str, values: Values) -> Run:
    pipe = release.project.pipe(name)
    node = pipe.sink if pipe is not None else None
    if pipe is None or node is None:
        known = sorted(one.name for one in release.project.pipes.values() if one.sink is not None)
        told = f"Those that do are {', '.join(known[:20])}." if known else "No pipe here does."
        raise NotASink(f"The pipe '{name[:200]}' exports nothing. {told}")
    return Run(release, pipe, node, values)


def _check(run: Run) -> None:
    """Raises what can be known before the query runs."""
    exports = run.node.exports
    if "kafka_topic" in exports:
        kafka_settings(run.release.project, exports.get("connection_name", ""))
        return
    if "bucket_uri" not in exports:
        raise ConnectorNotConfigured(f"The sink {run.pipe.name} says neither EXPORT_KAFKA_TOPIC nor EXPORT_BUCKET_URI.")
    _files_of(run.node, None)
    uri = exports["bucket_uri"]
    if not uri.startswith(("file://", "s3://")):
        raise ConnectorNotConfigured(f"EXPORT_BUCKET_URI is {uri[:100]}. Use s3://bucket/prefix or file://folder.")
    if uri.startswith("s3://"):
        connection(run.release.project, exports.get("connection_name", ""), "s3")


def _files_of(node: Node, columns: list[str] | None) -> _Files:
    exports = node.exports
    form = exports.get("format", "csv").lower()
    compression = exports.get("compression", "none").lower()
    if form not in FORMATS:
        raise InvalidInput(f"EXPORT_FORMAT is '{form[:40]}'. Use {', '.join(FORMATS)}.")
    if compression not in COMPRESSIONS:
        raise InvalidInput(f"EXPORT_COMPRESSION is '{compression[:40]}'. Use {', '.join(sorted(COMPRESSIONS))}.")
    is_new = exports.get("write_strategy", "new").lower() == "new"
    return _Files(FileName.of(exports.get("file_template", "export"), columns), form, compression, is_new)


def _into_folder(root: Path, below: str) -> Put:
    base = (root / below).resolve()
    if not base.is_relative_to(root.resolve()):
        raise InvalidInput("EXPORT_BUCKET_URI leads out of the folder for exports.")

    def put(name: str, content: bytes) -> None:
        file = (base / name).resolve()
        if not file.is_relative_to(base):
            raise InvalidInput("EXPORT_FILE_TEMPLATE leads out of the folder for exports.")
        file.parent.mkdir(parents=True, exist_ok=True)
        arriving = file.with_name(f".{file.name}.arriving")
        arriving.write_bytes(content)
        arriving.replace(file)

    return put


def _into_bucket(uri: str, told: Mapping[str, str]) -> Put:
    try:
        import boto3
    except ImportError as missing:
        raise ConnectorNotConfigured("Buckets need one more package: pip install 'tradewind[s3]'.") from missing
    bucket, _, prefix = uri.removeprefix("s3://").partition("/")
    client = boto3.client(
        "s3",
        region_name=told.get("s3_region") or None,
        endpoint_url=told.get("s3_endpoint") or None,
        aws_access_key_id=told.get("s3_access_key") or None,
        aws_secret_access_key=told.get("s3_secret") or None,
    )

    def put(name: str, content: bytes) -> None:
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            client.put_object(Bucket=bucket, Key=f"{prefix}/{name}".strip("/"), Body=content)
        except (BotoCoreError, ClientError) as refused:
            raise Unavailable(f"The bucket {bucket} did not take {name}: {refused}") from refused

    return put
