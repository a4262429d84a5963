"""Projects written out in tests."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath

from tradewind.warehouse.datafiles.model import Connection, DataSource, Pipe, Project
from tradewind.warehouse.datafiles.reading import read_project


def read(
    files: Mapping[str, str | bytes],
    *,
    environment: Mapping[str, str] | None = None,
    secrets: Mapping[str, str] | None = None,
    compat: str = "auto",
) -> Project:
    content = {PurePosixPath(name): text if isinstance(text, bytes) else text.encode() for name, text in files.items()}
    return read_project(content, environment=environment, secrets=secrets, compat=compat)


def told(project: Project) -> list[str]:
    """Place and message of each finding, without the fix."""
    findings = [*project.findings, *project.test_findings]
    assert all(finding.fix for finding in findings), "each finding says what to do"
    return [f"{finding.place}: {finding.level}: {finding.message}" for finding in findings]


def source(text: str, **options: object) -> tuple[DataSource, list[str]]:
    """`events.datasource` with this text, and what was found in it."""
    project = read({"events.datasource": text}, **options)  # type: ignore[arg-type]  # as read() takes them
    return project.sources["events"], [line.removeprefix("events.datasource:") for line in told(project)]


def pipe(text: str, beside: Mapping[str, str] | None = None, **options: object) -> tuple[Pipe, list[str]]:
    """`answer.pipe` with this text beside other files, and what was found in it."""
    project = read({"answer.pipe": text, **(beside or {})}, **options)  # type: ignore[arg-type]  # as read() takes them
    return project.pipes["answer"], [line.removeprefix("answer.pipe:") for line in told(project)]


def connection(text: str, **options: object) -> tuple[Connection | None, list[str]]:
    project = read({"cloud.connection": text}, **options)  # type: ignore[arg-type]  # as read() takes them
    found = [line.removeprefix("cloud.connection:") for line in told(project)]
    return project.connections.get("cloud"), found


SCHEMA = "SCHEMA >\n    `id` String,\n    `at` DateTime,\n    `n` Int64\n"
"""A sound SCHEMA of four lines, to write other directives below."""
