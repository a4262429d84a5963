"""`POST /v0/datasources`: files of rows in, for a data source that is there or that they make."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import IO, Any, Final

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response

from tradewind.api.v0.access import release_of, token_for
from tradewind.api.v0.source_asking import (
    Fields,
    answer,
    flag,
    live_now,
    need,
    platform_of,
    record,
    source_of,
    started,
)
from tradewind.api.v0.source_shapes import imported_json, source_json
from tradewind.core.errors import Conflict, InvalidInput
from tradewind.platform import Platform
from tradewind.warehouse.datafiles.altering import block_of
from tradewind.warehouse.ingest.fetching import Fetcher, location
from tradewind.warehouse.ingest.files import FILE_FORMATS, Dialect, format_of, guess_columns, schema_text
from tradewind.warehouse.ingest.uploads import Imported, append_file, replace_by_file
from tradewind.warehouse.workspaces.jobs import Task
from tradewind.warehouse.workspaces.plan import Terms
from tradewind.warehouse.workspaces.release import Release
from tradewind.warehouse.workspaces.scopes import Token

_IN_MEMORY = 4 * 1024**2
_MEGABYTE = 1024**2
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,127}")
_MODES: Final = ("create", "append", "replace")
_TYPES: Final = {"text/csv": "csv", "application/x-ndjson": "ndjson", "application/vnd.apache.parquet": "parquet"}


@dataclass(frozen=True, slots=True)
class Upload:
    """A file of a request, and what the request says beside it."""

    file: IO[bytes]
    format: str
    fields: Fields

    @property
    def url(self) -> str | None:
        """Where the file is, if it did not come with the request."""
        return self.fields.get("url")

    @property
    def dialect(self) -> Dialect:
        get = self.fields.get
        return Dialect(get("dialect_delimiter"), get("dialect_new_line"), get("dialect_escapechar"))


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
    platform = platform_of(request)
    if mode == "create":
        need(token.may_create_source(), "It needs DATASOURCES:CREATE.")
        await run_in_threadpool(_create, platform, token, name, upload)
    with release_of(request, token).in_use() as release:
        source = source_of(release, name)
        if mode == "create":
            record(request, release, "create", source.name)
        else:
            _check_write(token, source.name, mode)
        if upload.url is not None:
            return await _as_job(request, token, release, source.name, mode, upload, _key(request))
        done = await run_in_threadpool(_store, platform, release, source.name, mode, upload, _key(request))
        record(request, release, "replace" if mode == "replace" else "append", source.name, done)
        shown = await run_in_threadpool(source_json, platform, release, source)
        return answer(imported_json(done, shown, upload.format))


async def post_job(request: Request) -> Response:
    """The same as a job: `append` or `replace`, to be asked for under /v0/jobs."""
    token = await token_for(request)
    mode = request.url.path.rpartition("/")[2]
    release = release_of(request, token)
    source = source_of(release, request.path_params["name"])
    _check_write(token, source.name, mode)
    upload = await _upload(request)
    try:
        key = _key(request)
    except InvalidInput:
        upload.file.close()
        raise

    return await _as_job(request, token, release, source.name, mode, upload, key)


async def analyze(request: Request) -> Response:
    """The columns that a sample of rows could have."""
    token = await token_for(request)
    need(token.may_create_source() or token.may_deploy(), "It needs DATASOURCES:CREATE.")
    upload = await _upload(request)
    with upload.file:
        if upload.url is not None:
            raise InvalidInput("A sample is not fetched from an address. Send it itself.", field="url")
        columns = await run_in_threadpool(guess_columns, upload.file, upload.format)
    return answer({"analysis": {"columns": columns, "schema": schema_text(columns)}, "preview": {}})


async def _as_job(
    request: Request, token: Token, release: Release, name: str, mode: str, upload: Upload, key: str | None
) -> Response:
    platform = platform_of(request)

    def work(task: Task) -> dict[str, Any]:
        def progress(rows: int) -> None:
            task.check()
            task.progress(rows)

        here = _fetched(platform, upload, task)
        with live_now(platform, release).in_use() as now:
            done = _store(platform, now, name, mode, here, key, progress)
        task.keep(done.rows)
        record(request, now, "replace" if mode == "replace" else "append", name, done)
        return done.statistics()

    return await started(platform, token, "replace" if mode == "replace" else "import", name, work)


def _fetched(platform: Platform, upload: Upload, task: Task) -> Upload:
    """With the file at hand; one that is elsewhere is fetched now."""
    if upload.url is None:
        return upload
    upload.file.close()
    settings = platform.settings.ingest
    hosts = [host.strip() for host in settings.fetch_hosts.split(",") if host.strip()]
    fetcher = Fetcher(hosts, most_bytes=settings.max_file_mb * _MEGABYTE, seconds=settings.fetch_seconds)
    file = tempfile.TemporaryFile()  # noqa: SIM115 (its reader closes it)
    try:
        fetcher.fetch(upload.url, file, task.check)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return replace(upload, file=file)


def _check_write(token: Token, name: str, mode: str) -> None:
    need(token.may_append(name), f"It needs DATASOURCES:APPEND:{name}.")
    if mode == "replace":
        need(token.may_create_source(), "To replace rows it needs DATASOURCES:CREATE.")


async def _upload(request: Request) -> Upload:
    """The file of a request: a part of a form, or the body itself."""
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
        file = await _spooled(request)
    try:
        if "url" in fields:
            name = PurePosixPath(location(fields["url"]).path).name
            if file is not None and file.read(1):
                raise InvalidInput("Send the file or its url, not both.", field="url")
        format_ = fields.get("format") or (format_of(name) if name else None) or _TYPES.get(content_type) or "csv"
        if format_ not in FILE_FORMATS:
            raise InvalidInput(f"The format '{format_[:40]}' is not known. Use csv, ndjson or parquet.", field="format")
    except InvalidInput:
        if file is not None:
            file.close()
        raise
    return Upload(file or tempfile.TemporaryFile(), format_, fields)


async def _spooled(request: Request) -> IO[bytes]:
    """The body as a file. How long it may be is watched at the edge."""
    file: IO[bytes] = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 (its reader closes it)
    try:
        async for piece in request.stream():
            await run_in_threadpool(file.write, piece)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return file


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
            when_empty=flag(upload.fields, "replace_truncate_when_empty"),
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
    if not schema and upload.url is not None:
        raise InvalidInput("A data source that is filled from a url needs its schema.", field="schema")
    if not schema:
        columns = guess_columns(upload.file, upload.format)
        upload.file.seek(0)
        if not columns:
            raise InvalidInput("There is no schema and there are no rows to guess one from.", field="schema")
        schema = schema_text(columns)
    text = "\n".join(block_of("SCHEMA", schema))
    files = dict(platform.workspaces.releases.files(token.workspace_id, live.number)) if live is not None else {}
    files[PurePosixPath("datasources") / f"{name}.datasource"] = text.encode()
    made_from = live.number if live is not None else 0
    outcome = platform.workspaces.deploy(token.workspace_id, files, Terms(), made_from=made_from)
    if outcome.result == "failed":
        raise InvalidInput(f"The data source cannot be made: {'; '.join(map(str, outcome.errors))[:2000]}")
