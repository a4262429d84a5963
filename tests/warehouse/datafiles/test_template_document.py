"""What the reference of the template language shows is what the language does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from urllib.parse import parse_qs

import pytest

from tests.docs.markdown import ROOT, blocks, prose
from tests.warehouse.datafiles.compiled import Tables
from tradewind.warehouse.datafiles.compiling import compile_node
from tradewind.warehouse.datafiles.model import DataSource, Place, Project
from tradewind.warehouse.datafiles.reading import read_project
from tradewind.warehouse.datafiles.templates import TemplateError, parse
from tradewind.warehouse.datafiles.templates.functions import FUNCTIONS

DOCUMENT = ROOT / "docs" / "reference" / "templates.md"
CELL = re.compile(r"(?<!\\)\|")


def rows() -> Iterator[tuple[str, str, str]]:
    """The rows of the tables whose head is `write | sent | becomes`."""
    inside = False
    for _, line in prose(DOCUMENT):
        cells = (
            [cell.strip().replace("\\|", "|") for cell in CELL.split(line.strip("|"))] if line.startswith("|") else []
        )
        if cells[:3] == ["write", "sent", "becomes"]:
            inside = True
        elif not cells:
            inside = False
        elif inside and not cells[0].startswith("---"):
            write, sent, becomes = (
                re.sub(r"^`+ ?| ?`+$", "", cell) if cell.count("`") > 2 else cell.strip("`") for cell in cells
            )
            yield write, sent, becomes


@pytest.mark.parametrize(("write", "sent", "becomes"), list(rows()))
def test_every_row_of_the_tables_holds(write: str, sent: str, becomes: str) -> None:
    values = {name: found[0] for name, found in parse_qs(sent, keep_blank_values=True).items()}
    assert parse(write).render(values).sql == becomes


def test_the_example_at_the_top_holds() -> None:
    template, shown = (block.text for block in list(blocks(DOCUMENT))[:2])
    rendered = parse(template.removeprefix("%")).render({"country": "DE", "sku": "mug,jug"}).sql
    assert rendered.split() == shown.split()


def test_the_example_of_nodes_holds() -> None:
    pipe, shown = (block.text for block in list(blocks(DOCUMENT))[2:4])
    project = read_project({PurePosixPath("p.pipe"): pipe.encode()})
    orders = DataSource("orders", Place(""), ())
    names = Tables(Project({"orders": orders}, project.pipes), "physical")
    assert compile_node(names, project.pipes["p"]).sql.replace("orders__1", "orders") == shown


def test_every_function_is_named() -> None:
    text = DOCUMENT.read_text()
    unnamed = {name for name in FUNCTIONS if not re.search(rf"\b{name}\b", text)}
    allowed = {"Symbol", "Column", "TABLE", "bool", "tb_var"}
    assert {name for name in unnamed if not re.match(r"U?Int\d", name)} - allowed == set()


def test_what_is_said_to_be_refused_is_refused() -> None:
    for text in ("{{Float32(1.5)}}", "{% import os %}", "{{String(format)}}"):
        with pytest.raises(TemplateError):
            parse(text).render(checking=True)
