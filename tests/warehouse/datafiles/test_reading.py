"""A project is its files: which ones count, and what is only seen with all of them in view."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest

from tradewind.core.errors import InvalidInput
from tradewind.warehouse.datafiles.model import NodeType, Project
from tradewind.warehouse.datafiles.reading import files_of, read_project

SOURCE = "SCHEMA >\n    `id` String `json:$.id`\n\nENGINE_SORTING_KEY id\n"
PIPE = "NODE answer\nSQL >\n    SELECT id FROM events\n\nTYPE endpoint\n"


def read(files: dict[str, str | bytes], **options: object) -> Project:
    content = {PurePosixPath(name): text if isinstance(text, bytes) else text.encode() for name, text in files.items()}
    return read_project(content, **options)  # type: ignore[arg-type]  # options are given by name in each test


def told(project: Project) -> list[str]:
    return [str(finding) for finding in project.findings]


def test_a_project_is_read() -> None:
    project = read(
        {
            "datasources/events.datasource": SOURCE,
            "endpoints/answer_all.pipe": PIPE,
            "fixtures/events.ndjson": '{"id":"a"}\n',
            "tests/answer_all.yaml": '- name: all\n  parameters: \'\'\n  expected_result: |\n    {"id":"a"}\n',
        }
    )
    assert told(project) == []
    assert list(project.sources) == ["events"]
    pipe = project.pipes["answer_all"]
    assert pipe.endpoint is not None
    assert pipe.endpoint.type is NodeType.ENDPOINT
    assert project.fixtures == {"events": PurePosixPath("fixtures/events.ndjson")}
    assert [(case.pipe, case.name, case.expected_result) for case in project.cases] == [
        ("answer_all", "all", '{"id":"a"}\n')
    ]


def test_files_are_found_at_any_depth_and_hidden_ones_are_not(tmp_path: Path) -> None:
    wanted = [
        "a.datasource",
        "web/vitals/endpoints/b.pipe",
        "fixtures/a.csv",
        "tests/b.yaml",
        "x/c.connection",
        "d.incl",
    ]
    others = [
        ".git/e.pipe",
        "node_modules/f.pipe",
        "README.md",
        "g.yaml",
        "a.csv",
        "vendor/ws/h.pipe",
        "vendor/i.datasource",
    ]
    for name in [*wanted, *others, "vendor/ws/datasources/j.datasource"]:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    (tmp_path / "link.pipe").symlink_to(tmp_path / "d.incl")
    found = {str(path) for path in files_of(tmp_path)}
    assert found == {*wanted, "vendor/ws/datasources/j.datasource"}


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="nowhere"):
        files_of(tmp_path / "nowhere")
