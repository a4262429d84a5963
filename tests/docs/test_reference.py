"""The documents hold together: links lead somewhere, and the reference leaves nothing out."""

from __future__ import annotations

import importlib
import pkgutil
import re
from pathlib import Path

import pytest

import tradewind
from tests.docs.markdown import ROOT, anchors, documents, links
from tradewind.core.errors import TradewindError

OUTSIDE = ("http://", "https://", "mailto:")
PROGRAMS = ("tradewind.migrations.env", "tradewind.migrations.versions", "tradewind.__main__")
"""Modules that do something when they are imported."""
ERRORS = ROOT / "docs" / "reference" / "errors.md"


@pytest.mark.parametrize(
    "document", [*documents(), ROOT / "CONTRIBUTING.md"], ids=lambda path: str(path.relative_to(ROOT))
)
def test_every_link_leads_somewhere(document: Path) -> None:
    broken = []
    for line, link in links(document):
        if link.startswith(OUTSIDE):
            continue
        name, _, anchor = link.partition("#")
        target = (document.parent / name).resolve() if name else document
        is_there = target.exists() and target.is_relative_to(ROOT)
        if not is_there or (anchor and anchor not in anchors(target)):
            broken.append(f"line {line}: {link}")
    assert broken == []


def test_every_page_can_be_reached_from_the_readme() -> None:
    seen: set[Path] = set()
    waiting = [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in seen:
            continue
        seen.add(page)
        for _, link in links(page):
            target = (page.parent / link.partition("#")[0]).resolve()
            if target.is_dir():
                waiting += target.glob("*.md")
            elif target.suffix == ".md" and target.is_file():
                waiting.append(target)
    assert [str(page.relative_to(ROOT)) for page in documents() if page not in seen] == []


def test_every_error_stands_in_the_reference() -> None:
    explained = set(re.findall(r"^\| `([a-z_]+)` \|", ERRORS.read_text(), re.MULTILINE))
    assert codes() - explained == set(), "explain it in docs/reference/errors.md"
    assert explained - codes() == set(), "no error has this code any more"


@pytest.mark.parametrize("document", documents(), ids=lambda path: str(path.relative_to(ROOT)))
def test_the_wording_of_the_commands_is_the_programs_own(document: Path) -> None:
    """A command that a text names in passing exists."""
    from tradewind.cli.main import app

    known = commands_of(app)
    named = set(re.findall(r"`(?:\.venv/bin/)?tradewind ([a-z]+(?: [a-z]+)?)", document.read_text()))
    assert {name for name in named if name not in known and name.split()[0] not in known} == set()


def commands_of(app: object) -> set[str]:
    import typer.main

    names: set[str] = set()
    for name, command in typer.main.get_command(app).commands.items():  # type: ignore[arg-type, attr-defined]
        inner = getattr(command, "commands", None)
        names |= {f"{name} {one}" for one in inner} | {name} if inner else {name}
    return names


def codes() -> set[str]:
    """The code of every error in the program."""
    for module in pkgutil.walk_packages(tradewind.__path__, "tradewind."):
        if not module.name.startswith(PROGRAMS):
            importlib.import_module(module.name)
    return {kind.code for kind in all_of(TradewindError)} - {TradewindError.code}


def all_of(kind: type[TradewindError]) -> set[type[TradewindError]]:
    return {kind}.union(*(all_of(inner) for inner in kind.__subclasses__()))
