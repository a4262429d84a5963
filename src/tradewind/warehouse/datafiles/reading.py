"""Reads a project: finds its files in a folder, and makes of them what the rest of the product works with.

Never raises for what stands in a file; that is found, with its place and what to do. Only a folder that is too
large to be a project raises.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import TypeVar

from tradewind.core.errors import InvalidInput
from tradewind.warehouse.datafiles import connections, pipes, sources
from tradewind.warehouse.datafiles.cases import cases_of, classic_case_of
from tradewind.warehouse.datafiles.directives import Reading, check_name, with_secrets
from tradewind.warehouse.datafiles.findings import Findings, did_you_mean
from tradewind.warehouse.datafiles.fixtures import fixtures_of, is_fixture
from tradewind.warehouse.datafiles.lexing import Dialect, Entry, entries_of, lines_of
from tradewind.warehouse.datafiles.model import (
    Case,
    Check,
    Connection,
    DataSource,
    Finding,
    NodeType,
    Pipe,
    Place,
    Project,
)
from tradewind.warehouse.datafiles.sql_text import qualified_by

MAX_FILES = 10_000
MAX_DATAFILE_BYTES = 1_048_576
MAX_FIXTURE_BYTES = 256 * 1_048_576
MAX_PROJECT_BYTES = 512 * 1_048_576
_MAX_INCLUDES = 5

_DATAFILES = (".datasource", ".pipe", ".connection", ".incl")
_SKIPPED_FOLDERS = frozenset({"node_modules", "__pycache__"})
_Resource = TypeVar("_Resource", DataSource, Pipe, Connection)


def files_of(folder: Path) -> dict[PurePosixPath, bytes]:
    """The files of a project: datafiles at any depth, fixtures and tests. Hidden folders and links are passed over.

    Of `vendor/<workspace>/` only the data sources count: those that the workspace shares with this one.
    Raises InvalidInput if the folder is not there, or holds more than a project can.
    """
    if not folder.is_dir():
        raise InvalidInput(f"There is no folder {folder}. Name the folder of the project.", field="folder")
    files: dict[PurePosixPath, bytes] = {}
    total = 0
    for parent, names, in_it in os.walk(folder):
        names[:] = sorted(
            name
            for name in names
            if not name.startswith(".") and name not in _SKIPPED_FOLDERS and not Path(parent, name).is_symlink()
        )
        for name in sorted(in_it):
            path = Path(parent, name)
            relative = PurePosixPath(path.relative_to(folder).as_posix())
            if not _is_wanted(relative) or path.is_symlink() or not path.is_file():
                continue
            size = path.stat().st_size
            allowed = MAX_FIXTURE_BYTES if is_fixture(relative) else MAX_DATAFILE_BYTES
            if size > allowed:
                raise InvalidInput(
                    f"{relative} has {size:,} bytes, and at most {allowed:,} are read. Make it smaller, "
                    "or append large files with `tradewind datasource append`.",
                    field="folder",
                )
            total += size
            if len(files) == MAX_FILES or total > MAX_PROJECT_BYTES:
                raise InvalidInput(
                    f"{folder} holds more than {MAX_FILES:,} files or {MAX_PROJECT_BYTES:,} bytes of a project. "
                    "Name the folder of one project.",
                    field="folder",
                )
            files[relative] = path.read_bytes()
    return files


def _is_wanted(path: PurePosixPath) -> bool:
    if "vendor" in path.parts[:-1]:
        return path.suffix == ".datasource" and _vendor(path) is not None
    return path.suffix in _DATAFILES or is_fixture(path) or _is_test(path)


def _is_test(path: PurePosixPath) -> bool:
    is_one = path.suffix in (".yaml", ".yml", ".test") or path.name.endswith(".test.result")
    return is_one and "tests" in path.parts[:-1]


def _vendor(path: PurePosixPath) -> str | None:
    """The workspace whose folder below `vendor` the file stands in."""
    parts = path.parts[:-1]
    at = parts.index("vendor") if "vendor" in parts else len(parts)
    return parts[at + 1] if at + 1 < len(parts) else None


def read_project(
    files: Mapping[PurePosixPath, bytes],
    *,
    environment: Mapping[str, str] | None = None,
    secrets: Mapping[str, str] | None = None,
    compat: str = "auto",
) -> Project:
    """What the files say. Everything wrong or doubtful stands in `findings`, in the order of files and lines.

    `environment` fills `${NAME}`, `secrets` fills `tb_secret`; without secrets it stays as it is written.
    `compat` is `forward`, `classic` or `auto`; classic serves the last node of a pipe that has no TYPE.
    """
    reading = Reading(Findings(), environment or {}, secrets, compat)
    project = _Project(files, reading).read()
    inside = _Inside(files)
    return replace(
        project, findings=inside.all(reading.findings), test_findings=inside.all(Findings(list(project.test_findings)))
    )


class _Inside:
    """Puts findings into their files: secrets and variables may have made a line longer than it is."""

    def __init__(self, files: Mapping[PurePosixPath, bytes]) -> None:
        self._files = files
        self._lines: dict[str, list[str]] = {}

    def all(self, findings: Findings) -> tuple[Finding, ...]:
        return tuple(sorted(map(self._one, findings.found), key=lambda finding: finding.place))

    def _one(self, finding: Finding) -> Finding:
        place = finding.place
        if place.file not in self._lines:
            content = self._files.get(PurePosixPath(place.file), b"")
            self._lines[place.file] = lines_of(content.decode("utf-8-sig", "replace"))
        lines = self._lines[place.file]
        line = min(max(place.line, 1), len(lines))
        column = min(max(place.column, 1), len(lines[line - 1]) + 1)
        return replace(finding, place=Place(place.file, line, column))


class _Project:
    def __init__(self, files: Mapping[PurePosixPath, bytes], reading: Reading) -> None:
        self._files = files
        self._reading = reading
        self._findings = reading.findings

    def read(self) -> Project:
        paths = sorted(self._files, key=lambda path: (len(path.parts), str(path)))
        found_sources = self._read_all(paths, ".datasource", sources.DIALECT, "data source", self._source)
        found_pipes = self._read_all(paths, ".pipe", pipes.DIALECT, "pipe", self._pipe)
        found_pipes = {name: pipe for name, pipe in found_pipes.items() if not self._is_migration(pipe)}
        found_connections = self._read_all(
            paths,
            ".connection",
            connections.DIALECT,
            "connection",
            lambda path, name, entries, text: connections.connection_of(name, entries, text, str(path), self._reading),
        )
        of_tests = replace(self._reading, findings=Findings())
        cases, checks = self._tests(paths, found_pipes, of_tests)
        project = Project(
            sources=found_sources,
            pipes=found_pipes,
            connections=found_connections,
            fixtures=fixtures_of((path for path in paths if "vendor" not in path.parts), found_sources, self._findings),
            cases=tuple(cases),
            checks=tuple(checks),
            test_findings=tuple(of_tests.findings.found),
        )
        check_project(project, self._findings)
        return project

    def _read_all(
        self,
        paths: Sequence[PurePosixPath],
        ending: str,
        dialect: Dialect,
        kind: str,
        make: Callable[[PurePosixPath, str, list[Entry], str], _Resource | None],
    ) -> dict[str, _Resource]:
        found: dict[str, _Resource] = {}
        for path in paths:
            if path.suffix != ending:
                continue
            workspace = _vendor(path)
            if workspace is not None and ending != ".datasource":
                continue
            place = Place(str(path))
            if not check_name(path.stem, place, kind, self._findings):
                continue
            if workspace is not None and not check_name(workspace, place, "workspace", self._findings):
                continue
            text = self._text(path)
            if text is None:
                continue
            entries = self._entries(path, text, dialect, depth=0)
            name = path.stem if workspace is None else f"{workspace}.{path.stem}"
            resource = make(path, name, entries, text)
            if resource is None:
                continue
            if name in found:
                self._twice(found[name], resource, kind)
            found[name] = resource
        return found

    def _twice(self, first: DataSource | Pipe | Connection, second: DataSource | Pipe | Connection, kind: str) -> None:
        if first.text.split() != second.text.split():
            self._findings.warn(
                second.place,
                f"There is another {kind} {second.name}, in {first.place.file}; this one holds.",
                "Rename or remove one of them.",
            )

    def _text(self, path: PurePosixPath, findings: Findings | None = None) -> str | None:
        findings = self._findings if findings is None else findings
        content = self._files[path]
        if len(content) > MAX_DATAFILE_BYTES:
            findings.error(
                Place(str(path)),
                f"The file has {len(content):,} bytes; at most {MAX_DATAFILE_BYTES:,} are read.",
                "Split it.",
            )
            return None
        try:
            return content.decode("utf-8-sig")
        except UnicodeDecodeError as wrong:
            before = content[: wrong.start].decode("utf-8-sig", "replace")
            line, column = before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
            findings.error(Place(str(path), line, column), "The file is not UTF-8.", "Save it as UTF-8.")
            return None

    def _entries(
        self, path: PurePosixPath, text: str, dialect: Dialect, depth: int, values: Mapping[str, str] | None = None
    ) -> list[Entry]:
        file = str(path)
        if dialect is not pipes.DIALECT:
            text = with_secrets(text, file, self._reading)
        if values:
            text = _INCLUDED.sub(lambda found: values.get(found[1] or found[2], found[0]), text)
        entries: list[Entry] = []
        for entry in entries_of(text, file, dialect, self._findings, self._reading.environment):
            if entry.word == "INCLUDE":
                entries += self._included(path, entry, dialect, depth)
            else:
                entries.append(entry)
        return entries

    def _included(self, path: PurePosixPath, entry: Entry, dialect: Dialect, depth: int) -> list[Entry]:
        """The entries of the file that an INCLUDE names, with its `$k` replaced."""
        if self._reading.compat == "forward":
            self._findings.error(entry.place, "INCLUDE is of the classic dialect.", "Write the text here instead.")
            return []
        if not entry.arguments or not entry.arguments[0]:
            self._findings.error(entry.place, "INCLUDE names no file.", 'Write `INCLUDE "name.incl" "key=value"`.')
            return []
        if depth == _MAX_INCLUDES:
            self._findings.error(
                entry.place,
                f"Files include one another more than {_MAX_INCLUDES} deep.",
                "Write the text here instead.",
            )
            return []
        named = _resolved(path.parent / entry.arguments[0]), _resolved(PurePosixPath(entry.arguments[0]))
        there = next((name for name in named if name is not None and name in self._files), None)
        if there is None:
            known = [str(name) for name in self._files if name.suffix == ".incl"]
            self._findings.error(
                entry.value_place,
                f"There is no file {entry.arguments[0][:200]} to include.",
                did_you_mean(entry.arguments[0], known, "Name a file of this project, from here on."),
            )
            return []
        text = self._text(there)
        if text is None:
            return []
        values = dict(argument.partition("=")[::2] for argument in entry.arguments[1:])
        return self._entries(there, text, dialect, depth + 1, values)

    def _source(self, path: PurePosixPath, name: str, entries: list[Entry], text: str) -> DataSource:
        source = sources.source_of(name, entries, text, str(path), self._reading)
        workspace = _vendor(path)
        if workspace is None:
            return source
        # What feeds it and who else may read it is the other workspace's affair.
        return replace(source, shared_from=workspace, tokens=(), shared_with=(), kafka=None, imports={})

    def _pipe(self, path: PurePosixPath, name: str, entries: list[Entry], text: str) -> Pipe:
        pipe = pipes.pipe_of(name, entries, text, str(path), self._reading)
        return _private(pipe) if "playgrounds" in path.parts[:-1] else pipe

    def _is_migration(self, pipe: Pipe) -> bool:
        """Whether it reads from an earlier release by its number, as classic projects once moved their data."""
        for node in pipe.nodes:
            if found := qualified_by(_OLD_RELEASE, node.sql):
                self._findings.warn(
                    node.sql_place,
                    f"{found} is a table of an earlier release, in the classic dialect: this pipe is left out.",
                    "Remove it, and say with FORWARD_QUERY how rows move into a changed data source.",
                )
                return True
        return False

    def _tests(
        self, paths: Sequence[PurePosixPath], known: Mapping[str, Pipe], reading: Reading
    ) -> tuple[list[Case], list[Check]]:
        cases: list[Case] = []
        checks: list[Check] = []
        for path in paths:
            if not _is_test(path) or "vendor" in path.parts or path.suffix == ".result":
                continue
            text = self._text(path, reading.findings)
            if text is None:
                continue
            if path.suffix == ".test":
                expected = path.with_name(f"{path.name}.result")
                result = self._text(expected, reading.findings) if expected in self._files else None
                case = classic_case_of(path, text, result or "", reading)
                cases += [case] if case is not None else []
                continue
            found, of_data = cases_of(path, text, reading)
            checks += of_data
            if found and path.stem not in known:
                reading.findings.warn(
                    Place(str(path)),
                    f"There is no pipe {path.stem}, so these tests are not run.",
                    did_you_mean(path.stem, known, "Name the file as the pipe that it tests."),
                )
            else:
                cases += found
        return cases, checks


_OLD_RELEASE = re.compile(r"v\d{1,4}_\d{1,4}_\d{1,4}")
_INCLUDED = re.compile(r"\$(?:\{(\w{1,100})\}|(\w{1,100}))")


def _resolved(path: PurePosixPath) -> PurePosixPath | None:
    """The path without `..`; None if it leaves the project."""
    parts: list[str] = []
    for part in path.parts:
        if part == "..":
            if not parts:
                return None
            parts.pop()
        elif part != "/":
            parts.append(part)
    return PurePosixPath(*parts)


def _private(pipe: Pipe) -> Pipe:
    """A pipe of a playground: there to be looked at, never served or run."""
    nodes = tuple(replace(node, type=NodeType.STANDARD) for node in pipe.nodes)
    return replace(pipe, nodes=nodes, tokens=())


def check_project(project: Project, findings: Findings) -> None:
    """What can only be seen with all files in view."""
    _check_names(project, findings)
    _check_targets(project, findings)
    _check_connections(project, findings)


def _check_names(project: Project, findings: Findings) -> None:
    for name, pipe in project.pipes.items():
        if name in project.sources:
            findings.error(
                pipe.place,
                f"There is a data source {name} as well: SQL could not tell them apart.",
                "Rename one of the two files.",
            )
        for node in pipe.nodes:
            if node.name in project.sources or (node.name in project.pipes and node.name != name):
                findings.warn(
                    node.place,
                    f"Node {node.name} is named as a {'data source' if node.name in project.sources else 'pipe'}; "
                    "inside this pipe the name means the node.",
                    "Rename the node.",
                )
    aliases: dict[str, str] = {}
    resources: list[DataSource | Pipe] = [*project.sources.values(), *project.pipes.values()]
    for resource in resources:
        alias = resource.alias
        if alias is None:
            continue
        if alias in project.sources or alias in project.pipes or alias in aliases:
            findings.warn(resource.place, f"{alias} is the name of something else as well.", "Remove VERSION.")
        aliases[alias] = resource.name


def _check_targets(project: Project, findings: Findings) -> None:
    for pipe in project.pipes.values():
        for node in pipe.nodes:
            for word, target in (("DATASOURCE", node.datasource), ("TARGET_DATASOURCE", node.target_datasource)):
                if target is None:
                    continue
                source = project.source(target)
                if source is None and (node.engine is None or node.type is not NodeType.MATERIALIZED):
                    findings.error(
                        node.place,
                        f"Node {node.name} writes into {target[:80]} ({word}), and there is no such data source.",
                        did_you_mean(target, project.sources, f"Add {target[:80]}.datasource."),
                    )
                elif source is not None and source.shared_from:
                    findings.error(
                        node.place,
                        f"Node {node.name} writes into {target}, which another workspace shares: it is only read.",
                        "Write into a data source of this project.",
                    )


def _check_connections(project: Project, findings: Findings) -> None:
    def check(place: Place, name: str | None, kinds: Iterable[str]) -> None:
        if not name:
            return
        connection = project.connections.get(name)
        if connection is None:
            findings.warn(
                place,
                f"There is no connection {name[:80]} in this project: this is kept, but nothing flows through it.",
                did_you_mean(name, project.connections, f"Add {name[:80]}.connection."),
            )
        elif connection.type not in kinds:
            findings.error(
                place,
                f"Connection {name} is of type {connection.type}, where {' or '.join(kinds)} is needed.",
                "Name another connection.",
            )

    for source in project.sources.values():
        if source.kafka:
            check(source.place, source.kafka.connection, ("kafka",))
    for pipe in project.pipes.values():
        for node in pipe.nodes:
            if node.type in (NodeType.SINK, NodeType.STREAM):
                kinds = ("kafka",) if "kafka_topic" in node.exports else ("s3", "gcs")
                check(node.place, node.exports.get("connection_name"), kinds)
