"""`/v0/datasources`: what there is, files of rows in, and changes of what is stored."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO, Any, Final

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from tradewind.api.services import Services
from tradewind.api.v0.access import release_of, token_for
from tradewind.api.wire import to_json
from tradewind.core.errors import Conflict, InvalidInput, NotPermitted
from tradewind.platform import Platform
from tradewind.warehouse.datafiles.model import Column, DataSource
from tradewind.warehouse.ingest.bodies import BodyTooLarge
from tradewind.warehouse.ingest.files import FILE_FORMATS, Dialect, format_of, guess_columns, schema_text
from tradewind.warehouse.ingest.rows import QUARANTINE
from tradewind.warehouse.ingest.service import source_not_found
from tradewind.warehouse.ingest.uploads import Imported, append_file, replace_by_file
from tradewind.warehouse.serving.operations import Operation
from tradewind.warehouse.workspaces.jobs import Job, Task
from tradewind.warehouse.workspaces.plan import Terms
from tradewind.warehouse.workspaces.release import Release
from tradewind.warehouse.workspaces.scopes import Token

_IN_MEMORY = 4 * 1024**2
_MEGABYTE = 1024**2
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,127}")
_MODES: Final = ("create", "append", "replace")
_TYPES: Final = {"text/csv": "csv", "application/x-ndjson": "ndjson", "application/vnd.apache.parquet": "parquet"}
_YES: Final = ("1", "true", "yes")

Fields = Mapping[str, str]


class NeedsAdmin(NotPermitted):
    code = "needs_admin"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file of a request, and what the request says beside it."""

    file: IO[bytes]
    format: str
    fields: Fields

    @property
    def dialect(self) -> Dialect:
        get = self.fields.get
        return Dialect(get("dialect_delimiter"), get("dialect_new_line"), get("dialect_escapechar"))


# --- What there is ---------------------------------------------------------------------------------------------------


async def all_of(request: Request) -> Response:
    """The data sources that the token may see."""
    token = await token_for(request)
    with release_of(request, token).in_use() as release:
        found = await run_in_threadpool(sources_json, _platform(request), release)
        shown = [source for source in found if _may_see(token, source["name"])]
    return _answer({"datasources": shown})


async def one(request: Request) -> Response:
    """`NAME`: what is known of it; `NAME.datasource`: its file."""
    token = await token_for(request)
    target = request.path_params["name"]
    name = target.removesuffix(".datasource")
    with release_of(request, token).in_use() as release:
        source = _source(release, name)
        if not _may_see(token, source.name):
            raise NotPermitted(f"This token may not read '{name}'.")
        if target != name:
            return PlainTextResponse(source.text)
        statistics = await run_in_threadpool(_statistics, _platform(request), release)
        return _answer(_source_json(release, source, statistics))


# --- Rows in ---------------------------------------------------------------------------------------------------------


async def post(request: Request) -> Response:
    """Creates, appends or replaces; with rows in the body it answers when they are stored."""
    token = await token_for(request)
    upload = await _upload(request)
    with upload.file:
        return await _post(request, token, upload)


async def _post(request: Request, token: Token, upload: Upload) -> Response:
    name, mode = upload.fields.get("name", ""), upload.fields.get("mode", "create")
    if mode not in _MODES:
        raise InvalidInput(f"mode is create, append or replace, not '{mode[:40]}'.", field="mode")
    if not name:
        raise InvalidInput("Name the data source: name=…", field="name")
    platform = _platform(request)
    if mode == "create":
        _need(token.may_create_source(), "It needs DATASOURCES:CREATE.")
        await run_in_threadpool(_create, platform, token, name, upload)
    with release_of(request, token).in_use() as release:
        source = _source(release, name)
        _check_write(token, source.name, mode)
        done = await run_in_threadpool(_store, platform, release, source.name, mode, upload, _key(request))
        _record(request, release, "replace" if mode == "replace" else "append", source.name, done)
        statistics = await run_in_threadpool(_statistics, platform, release)
        return _answer(_imported_json(done, _source_json(release, source, statistics), upload.format))


async def post_job(request: Request) -> Response:
    """The same as a job: `append` or `replace`, to be asked for under /v0/jobs."""
    token = await token_for(request)
    mode = request.url.path.rpartition("/")[2]
    release = release_of(request, token)
    source = _source(release, request.path_params["name"])
    _check_write(token, source.name, mode)
    upload = await _upload(request)
    platform = _platform(request)
    try:
        key = _key(request)
    except InvalidInput:
        upload.file.close()
        raise

    def work(task: Task) -> dict[str, Any]:
        with _live(platform, release).in_use() as now:

            def progress(rows: int) -> None:
                task.check()
                task.progress(rows)

            done = _store(platform, now, source.name, mode, upload, key, progress)
        task.keep(done.rows)
        _record(request, now, mode, source.name, done)
        return done.statistics()

    return await _started(platform, token, "import" if mode == "append" else "replace", source.name, work)


async def analyze(request: Request) -> Response:
    """The columns that a sample of rows could have."""
    token = await token_for(request)
    _need(token.may_create_source() or token.may_deploy(), "It needs DATASOURCES:CREATE.")
    upload = await _upload(request)
    with upload.file:
        columns = await run_in_threadpool(guess_columns, upload.file, upload.format)
    return _answer({"analysis": {"columns": columns, "schema": schema_text(columns)}, "preview": {}})


# --- Changes ---------------------------------------------------------------------------------------------------------


async def truncate(request: Request) -> Response:
    """Removes all rows; with `cascade=true` those of the views behind too."""
    token = await token_for(request)
    fields = await _fields(request)
    platform = _platform(request)
    with release_of(request, token).in_use() as release:
        name = _stored_name(release, request.path_params["name"])
        _need(
            token.may_create_source() or token.may_drop(name.removesuffix(QUARANTINE)),
            f"It needs DATASOURCES:CREATE or DATASOURCES:DROP:{name}.",
        )
        cascade = _flag(fields, "cascade")
        await run_in_threadpool(platform.ingest.changes.truncate, release, name, cascade=cascade)
        _record(request, release, "truncate", name)
    return Response(status_code=205)


async def delete_rows(request: Request) -> Response:
    """Removes the rows that meet `delete_condition`, as a job; `dry_run=true` only counts them."""
    token = await token_for(request)
    _need_admin(token)
    fields = await _fields(request)
    condition = fields.get("delete_condition", "")
    if not condition.strip():
        raise InvalidInput("Say which rows: delete_condition=…", field="delete_condition")
    platform, release = _platform(request), release_of(request, token)
    name = _stored_name(release, request.path_params["name"])
    changes = platform.ingest.changes
    rows = await run_in_threadpool(changes.count, release, name, condition)
    if _flag(fields, "dry_run"):
        return _answer({"rows_to_be_deleted": rows, "datasource": name, "dry_run": True, "status": "done"})

    def work(task: Task) -> dict[str, Any]:
        with _live(platform, release).in_use() as now:
            deleted = changes.delete(now, name, condition, check=task.check)
        task.keep(deleted)
        _record(request, now, "delete", name)
        return {"rows_affected": deleted}

    return await _started(platform, token, "delete_data", name, work, {"delete_condition": condition})


async def replay(request: Request) -> Response:
    """Takes quarantined rows again, as a job: those that meet `condition`, with `set` (expressions by column)."""
    token = await token_for(request)
    _need_admin(token)
    told = await _json(request)
    condition, repairs = told.get("condition"), told.get("set") or {}
    if not isinstance(condition, str | None) or not isinstance(repairs, dict):
        raise InvalidInput("`condition` is an expression, `set` an object of expressions by column.")
    platform, release = _platform(request), release_of(request, token)
    name = _source(release, request.path_params["name"]).name

    def work(task: Task) -> dict[str, Any]:
        with _live(platform, release).in_use() as now:
            done = platform.ingest.replays.replay(
                now,
                name,
                condition=condition,
                repairs={str(column): str(text) for column, text in repairs.items()},
                progress=task.progress,
            )
        task.keep(done.rows)
        return {"replayed_rows": done.rows, "quarantined_rows": done.left}

    return await _started(platform, token, "replay", name, work)


async def drop(request: Request) -> Response:
    """Removes a data source that nothing uses, by a deploy without its file."""
    token = await token_for(request)
    release = release_of(request, token)
    source = _source(release, request.path_params["name"])
    _need(token.may_drop(source.name), f"It needs DATASOURCES:DROP:{source.name}.")
    platform = _platform(request)

    def work() -> None:
        files = dict(platform.workspaces.releases.files(release.workspace_id, release.number))
        kept = {
            path: text
            for path, text in files.items()
            if not (path.suffix == ".datasource" and path.stem == source.name)
        }
        outcome = platform.workspaces.deploy(release.workspace_id, kept, Terms(allow_destructive=True))
        if outcome.result == "failed":
            raise Conflict(f"'{source.name}' is still used: {'; '.join(map(str, outcome.errors))[:2000]}")

    await run_in_threadpool(work)
    _record(request, release, "drop", source.name)
    return Response(status_code=204)


def sources_json(platform: Platform, release: Release) -> list[dict[str, Any]]:
    """All data sources of a release as the API lists them."""
    statistics = _statistics(platform, release)
    return [_source_json(release, source, statistics) for source in release.project.sources.values()]


# --- Inside ----------------------------------------------------------------------------------------------------------


def _platform(request: Request) -> Platform:
    services: Services = request.app.state.services
    return services.platform


def _live(platform: Platform, release: Release) -> Release:
    """The release that is read when a job begins, which may be a later one than when it was asked for."""
    return platform.serving.releases.live(release.workspace_id) or release


def _source(release: Release, name: str) -> DataSource:
    found = release.project.source(name)
    if found is None or found.name not in release.tables:
        raise source_not_found(name)
    return found


def _stored_name(release: Release, name: str) -> str:
    """A data source's own name, or that of a quarantine."""
    return name if name.endswith(QUARANTINE) and name in release.tables else _source(release, name).name


def _may_see(token: Token, name: str) -> bool:
    return token.may_read_source(name) or token.may_append(name) or token.may_deploy()


def _need(is_allowed: bool, what: str) -> None:
    if not is_allowed:
        raise NotPermitted(f"This token may not do that. {what}")


def _need_admin(token: Token) -> None:
    if not token.is_admin:
        raise NeedsAdmin("This takes an ADMIN token: it changes rows that are stored.")


def _check_write(token: Token, name: str, mode: str) -> None:
    _need(token.may_append(name), f"It needs DATASOURCES:APPEND:{name}.")
    if mode == "replace":
        _need(token.may_create_source(), "To replace rows it needs DATASOURCES:CREATE.")


async def _fields(request: Request) -> dict[str, str]:
    """What a request says in its query and in a form; the form counts."""
    fields = dict(request.query_params)
    if request.headers.get("content-type", "").startswith(("application/x-www-form-urlencoded", "multipart/")):
        form = await request.form(max_files=0)
        fields |= {name: value for name, value in form.items() if isinstance(value, str)}
    return fields


async def _json(request: Request) -> dict[str, Any]:
    import msgspec

    body = await request.body()
    if not body:
        return {}
    try:
        told = msgspec.json.decode(body)
    except msgspec.DecodeError as broken:
        raise InvalidInput(f"The body is not JSON: {broken}.") from broken
    if not isinstance(told, dict):
        raise InvalidInput("The body is a JSON object.")
    return told


async def _upload(request: Request) -> Upload:
    """The file of a request: a part of a form, or the body itself."""
    most = _platform(request).settings.ingest.max_file_mb * _MEGABYTE
    fields = dict(request.query_params)
    name: str | None = None
    file: IO[bytes] | None = None
    content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if content_type in ("multipart/form-data", "application/x-www-form-urlencoded"):
        form = await request.form(max_files=1, max_fields=100, max_part_size=_MEGABYTE)
        for key, value in form.multi_items():
            if isinstance(value, UploadFile):
                file, name = value.file, value.filename
                if key in FILE_FORMATS:
                    fields.setdefault("format", key)
            else:
                fields[key] = value
    else:
        file = await _spooled(request, most)
    format_ = fields.get("format") or (format_of(name) if name else None) or _TYPES.get(content_type) or "csv"
    if file is not None and ("url" in fields or format_ not in FILE_FORMATS):
        file.close()
    if "url" in fields:
        raise InvalidInput("Files are not fetched from addresses here. Send the file itself.", field="url")
    if format_ not in FILE_FORMATS:
        raise InvalidInput(f"The format '{format_[:40]}' is not known. Use csv, ndjson or parquet.", field="format")
    return Upload(file or tempfile.TemporaryFile(), format_, fields)


async def _spooled(request: Request, most: int) -> IO[bytes]:
    file: IO[bytes] = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 (its reader closes it)
    size = 0
    async for piece in request.stream():
        size += len(piece)
        if size > most:
            file.close()
            raise BodyTooLarge(f"The file is larger than {most // _MEGABYTE} MB. Send it in parts.")
        await run_in_threadpool(file.write, piece)
    file.seek(0)
    return file


def _flag(fields: Fields, name: str) -> bool:
    return fields.get(name, "").lower() in _YES


def _key(request: Request) -> str | None:
    key = request.headers.get("idempotency-key")
    if key is not None and not 1 <= len(key) <= 200:
        raise InvalidInput("An Idempotency-Key has 1 to 200 characters.")
    return key


def _store(
    platform: Platform,
    release: Release,
    name: str,
    mode: str,
    upload: Upload,
    key: str | None,
    progress: Callable[[int], None] = lambda _: None,
) -> Imported:
    with upload.file:
        if mode != "replace":
            return append_file(
                platform.ingest,
                release,
                name,
                upload.file,
                upload.format,
                dialect=upload.dialect,
                key=key,
                progress=progress,
            )
        return replace_by_file(
            platform.ingest,
            release,
            name,
            upload.file,
            upload.format,
            condition=upload.fields.get("replace_condition") or None,
            when_empty=_flag(upload.fields, "replace_truncate_when_empty"),
            dialect=upload.dialect,
            progress=progress,
        )


def _create(platform: Platform, token: Token, name: str, upload: Upload) -> None:
    """Adds a file for a data source to the project and deploys it. Raises Conflict when there is one."""
    if not _NAME.fullmatch(name):
        raise InvalidInput(f"'{name[:100]}' is no name: use letters, digits and _, no digit first.", field="name")
    live = platform.serving.releases.live(token.workspace_id)
    if live is not None and live.project.source(name) is not None:
        raise Conflict(f"There is a data source '{name}' already. Use mode=append or mode=replace.")
    schema = upload.fields.get("schema")
    if not schema:
        columns = guess_columns(upload.file, upload.format)
        upload.file.seek(0)
        if not columns:
            raise InvalidInput("There is no schema and there are no rows to guess one from.", field="schema")
        schema = schema_text(columns)
    lines = "\n".join(f"    {line.strip()}" for line in schema.strip().splitlines())
    files = dict(platform.workspaces.releases.files(token.workspace_id, live.number)) if live is not None else {}
    files[PurePosixPath("datasources") / f"{name}.datasource"] = f"SCHEMA >\n{lines}\n".encode()
    outcome = platform.workspaces.deploy(token.workspace_id, files, Terms())
    if outcome.result == "failed":
        raise InvalidInput(f"The data source cannot be made: {'; '.join(map(str, outcome.errors))[:2000]}")


async def _started(
    platform: Platform,
    token: Token,
    kind: str,
    name: str,
    work: Callable[[Task], Mapping[str, Any]],
    details: Mapping[str, Any] | None = None,
) -> Response:
    def start() -> Job:
        job_id = platform.jobs.start(token.workspace_id, kind, work, source=name, details=details)
        return platform.jobs.get(token.workspace_id, job_id)

    job = await run_in_threadpool(start)
    shown = {
        "id": job.id,
        "job_id": job.id,
        "kind": job.kind,
        "status": job.status,
        "job_url": f"/v0/jobs/{job.id}",
        "datasource": {"id": name, "name": name},
        "created_at": job.created_at,
        "updated_at": job.updated_at,
        **job.details,
    }
    told = {"id": job.id, "job_id": job.id, "import_id": job.id, "job_url": shown["job_url"], "status": "waiting"}
    return _answer({**told, "job": shown, **({"delete_id": job.id} if kind == "delete_data" else {})})


def _record(request: Request, release: Release, what: str, name: str, done: Imported | None = None) -> None:
    operation = Operation(
        what,
        name,
        rows=done.rows if done else None,
        rows_quarantine=done.bad_rows if done else None,
        written_rows=done.rows if done else 0,
        written_rows_quarantine=done.bad_rows if done else 0,
        import_id=done.import_id if done else None,
        request_id=str(request.scope.get("request_id", "")),
        release=release.number,
    )
    _platform(request).serving.operations.record(release.database, operation)


def _answer(content: Any, status: int = 200) -> Response:
    return Response(to_json(content), status, media_type="application/json")


def _statistics(platform: Platform, release: Release) -> dict[str, tuple[int, int]]:
    """Rows and bytes by physical table."""
    found = platform.warehouse.query(
        "SELECT table, sum(rows) AS rows, sum(bytes_on_disk) AS bytes FROM system.parts"
        " WHERE active AND database = {db:String} GROUP BY table",
        {"db": release.database},
    )
    return {row["table"]: (int(row["rows"]), int(row["bytes"])) for row in found}


def _source_json(release: Release, source: DataSource, statistics: Mapping[str, tuple[int, int]]) -> dict[str, Any]:
    engine = source.engine
    rows, size = statistics.get(release.tables.get(source.name, ""), (0, 0))
    bad_rows, bad_size = statistics.get(release.tables.get(source.name + QUARANTINE, ""), (0, 0))
    word = re.compile(rf"\b{re.escape(source.name)}\b")
    users = [p for p in release.project.pipes.values() if any(word.search(node.sql) for node in p.nodes)]
    return {
        "id": source.name,
        "name": source.name,
        "type": "kafka" if source.kafka is not None else "csv",
        "description": source.description,
        "engine": {
            "engine": engine.name,
            "engine_sorting_key": engine.sorting_key or "",
            "engine_partition_key": engine.partition_key or "",
            "engine_primary_key": engine.primary_key or "",
            "engine_sampling_key": engine.sampling_key or "",
            "engine_ttl": engine.ttl or "",
            "engine_ver": engine.ver or "",
        },
        "columns": [_column_json(column) for column in source.columns],
        "statistics": {"row_count": rows, "bytes": size},
        "quarantine": {"name": source.name + QUARANTINE, "row_count": bad_rows, "bytes": bad_size},
        "tags": list(source.tags),
        "used_by": [{"id": pipe.name, "name": pipe.name} for pipe in users],
        "new_columns_detected": {},
    }


def _column_json(column: Column) -> dict[str, Any]:
    return {
        "name": column.name,
        "normalized_name": column.name,
        "type": column.type,
        "nullable": column.is_nullable,
        "jsonpath": column.json_path,
        "default_value": f"DEFAULT {column.default}" if column.default is not None else None,
        "codec": column.codec,
    }


def _imported_json(done: Imported, source: dict[str, Any], format_: str) -> dict[str, Any]:
    blocks = [
        {
            "block_id": f"{done.import_id}-{number}",
            "process_return": [
                {
                    "lines": block.rows + block.bad_rows,
                    "parser": format_,
                    "quarantine": block.bad_rows,
                    "invalid_lines": 0,
                    "empty_lines": 0,
                }
            ],
            "processing_time": round(block.seconds, 6),
        }
        for number, block in enumerate(done.blocks)
    ]
    return {
        "import_id": done.import_id,
        "datasource": source,
        "blocks": blocks,
        "successful_rows": done.rows,
        "quarantine_rows": done.bad_rows,
        "invalid_lines": 0,
        "error": False,
    }


ROUTES: list[BaseRoute] = [
    Route("/v0/datasources", all_of, methods=["GET"]),
    Route("/v0/datasources", post, methods=["POST"]),
    Route("/v0/datasources/{name}", one, methods=["GET"]),
    Route("/v0/datasources/{name}", drop, methods=["DELETE"]),
    Route("/v0/datasources/{name}/truncate", truncate, methods=["POST"]),
    Route("/v0/datasources/{name}/delete", delete_rows, methods=["POST"]),
    Route("/v0/datasources/{name}/quarantine/replay", replay, methods=["POST"]),
    *(
        Route(f"{root}/datasources/{{name}}/{mode}", post_job, methods=["POST"], name=f"{root} {mode}")
        for root in ("/v0", "/v1")
        for mode in ("append", "replace")
    ),
    Route("/v0/analyze", analyze, methods=["POST"]),
]
