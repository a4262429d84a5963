"""Where each table comes from and what stands on it, told from dbt's manifest: as a page, and to browsers."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

_LAYERS = ("landed", "bronze", "silver", "gold", "used by")
_TITLES = {
    "landed": "The log, as it landed",
    "bronze": "Bronze: as received",
    "silver": "Silver: the latest state of each thing, typed",
    "gold": "Gold: what answers",
    "used by": "What uses them",
}


@dataclass(frozen=True, slots=True)
class Place:
    """A table, view or use, with the names of what it reads and of what reads it."""

    name: str
    layer: str
    kind: str
    about: str
    reads: tuple[str, ...]
    feeds: tuple[str, ...]
    tests: tuple[str, ...]


def places_of(manifest: Mapping[str, Any]) -> list[Place]:
    """All places of a project, in the order of their layers and names."""
    entries = [*manifest["sources"].values(), *manifest["nodes"].values(), *manifest["exposures"].values()]
    names = {entry["unique_id"]: entry["name"] for entry in entries}
    tests: dict[str, list[str]] = defaultdict(list)
    for entry in [*manifest["nodes"].values(), *manifest["unit_tests"].values()]:
        if entry["resource_type"] in ("test", "unit_test"):
            for owner in entry["depends_on"]["nodes"]:
                tests[owner].append(entry["name"])
    feeds: dict[str, list[str]] = defaultdict(list)
    shown = [entry for entry in entries if entry["resource_type"] in ("source", "model", "exposure")]
    for entry in shown:
        for owner in entry.get("depends_on", {}).get("nodes", ()):
            feeds[owner].append(entry["name"])
    places = [
        Place(
            name=entry["name"],
            layer=_layer(entry),
            kind=entry["config"].get("materialized") or entry["resource_type"],
            about=" ".join(entry["description"].split()),
            reads=tuple(sorted(names[one] for one in entry.get("depends_on", {}).get("nodes", ()) if one in names)),
            feeds=tuple(sorted(feeds[entry["unique_id"]])),
            tests=tuple(sorted(set(tests[entry["unique_id"]]))),
        )
        for entry in shown
    ]
    return sorted(places, key=lambda place: (_LAYERS.index(place.layer), place.name))


def lineage_page(manifest: Path) -> str:
    """The page of all places, in Markdown, with a graph of gold."""
    places = places_of(json.loads(manifest.read_text()))
    lines = [
        "# Data lineage",
        "",
        "Where each table comes from and what stands on it. Made by `tradewind warehouse docs --markdown` from the dbt",
        "project in `src/tradewind/sql/medallion`; do not edit it by hand.",
        "",
        "```mermaid",
        "flowchart LR",
        *_graph(places),
        "```",
    ]
    for layer in _LAYERS:
        lines += [
            "",
            f"## {_TITLES[layer]}",
            "",
            "| name | kind | one row per | reads | feeds | tests |",
            "| --- | --- | --- | --- | --- | --- |",
        ]
        lines += [
            f"| `{place.name}` | {place.kind.replace('_', ' ')} | {_first_sentence(place.about)} | {_code(place.reads)}"
            f" | {_code(place.feeds)} | {len(place.tests)} |"
            for place in places
            if place.layer == layer
        ]
    return "\n".join(lines) + "\n"


def serve_page(page: Path, port: int) -> None:
    """Shows a folder's pages to this machine until it is interrupted."""
    handler = partial(SimpleHTTPRequestHandler, directory=str(page.parent))
    with ThreadingHTTPServer(("127.0.0.1", port), handler) as server, suppress(KeyboardInterrupt):
        server.serve_forever()


def _layer(entry: Mapping[str, Any]) -> str:
    if entry["resource_type"] == "source":
        return "landed"
    if entry["resource_type"] == "exposure":
        return "used by"
    return next(layer for layer in _LAYERS if layer in entry["tags"])


def _graph(places: Iterable[Place]) -> list[str]:
    """Silver and what stands on it; bronze is one view per landed table and would only fill the page."""
    drawn = {place.name for place in places if place.layer in ("silver", "gold", "used by")}
    return [
        f"    {source} --> {place.name}"
        for place in places
        if place.name in drawn
        for source in place.reads
        if source in drawn and source != "silver_changes"
    ]


def _first_sentence(text: str) -> str:
    first = text.split(". ", maxsplit=1)[0].rstrip(".").replace("|", "\\|")
    return first.removeprefix("One row per ")


def _code(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names) or "–"
