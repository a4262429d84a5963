"""The counts of our own example, as the page on compatibility gives them."""

from __future__ import annotations

import re

from tests.docs.markdown import ROOT
from tradewind.warehouse.datafiles import connections, pipes, sources
from tradewind.warehouse.datafiles.reading import files_of, read_project

PAGE = ROOT / "docs" / "compatibility.md"


def test_the_example_has_what_the_page_says() -> None:
    project = read_project(files_of(ROOT / "examples" / "ecommerce"))
    assert project.findings == ()
    assert project.test_findings == ()
    said = re.search(r"\((\d+) data sources, (\d+) pipes, (\d+) tests\)", PAGE.read_text())
    assert said is not None
    assert [int(count) for count in said.groups()] == [len(project.sources), len(project.pipes), len(project.cases)]


def test_the_page_names_every_directive() -> None:
    page = PAGE.read_text()
    families = ("ENGINE_", "KAFKA_", "IMPORT_", "PG_", "EXPORT_")
    known = {*sources.DIALECT.words, *pipes.DIALECT.words, *connections.DIALECT.words}
    named = {word for word in known if not word.startswith((*families, "S3_", "GCS_", "DYNAMODB_"))}
    assert {word for word in named if not re.search(rf"\b{word}\b", page)} == set()
    assert {family for family in families if family not in page} == set()
