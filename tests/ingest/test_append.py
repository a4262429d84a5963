"""Rows in, rows out: through the log into the table, its views and its quarantine, each once."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.ingest.conftest import WORKSPACE, Workspace
from tradewind.core.errors import NotFound
from tradewind.warehouse.ingest.journal import KeyUsedOtherwise
from tradewind.warehouse.ingest.rows import UnreadableBody


def lines(*rows: dict[str, Any]) -> bytes:
    return b"\n".join(json.dumps(row).encode() for row in rows)


def an_event(**more: Any) -> dict[str, Any]:
    return {"timestamp": "2026-03-10 12:00:00", "event": "view", "product": "MUG"} | more


def test_rows_reach_the_table_and_every_view(workspace: Workspace) -> None:
    ingest = workspace.ingest
    counts = ingest.append(workspace.release, "events", lines(an_event(), an_event(event="cart", quantity=3)))
    assert (counts.successful, counts.quarantined) == (2, 0)
    assert workspace.count("events") == 0, "nothing lands before somebody moves it"
    assert ingest.settle() == 2
    assert workspace.rows("events", "event, quantity, store") == [
        {"event": "cart", "quantity": 3, "store": None},
        {"event": "view", "quantity": 1, "store": None},
    ]
    assert workspace.views_agree()


def test_with_wait_rows_can_be_read_when_the_call_returns(workspace: Workspace) -> None:
    workspace.ingest.append(workspace.release, "events", lines(an_event()), wait=True)
    assert workspace.count("events") == 1


def test_wrong_rows_go_to_the_quarantine_with_all_their_errors(workspace: Workspace) -> None:
    body = lines(an_event(), an_event(quantity="3", product=None), {"event": 7})
    counts = workspace.ingest.append(workspace.release, "events", body, wait=True)
    assert (counts.successful, counts.quarantined) == (1, 2)
    bad = workspace.rows("events_quarantine", "c__error_column, c__error, quantity, event")
    assert bad == [
        {
            "c__error_column": ["product", "quantity"],
            "c__error": [
                "value 'null' on column 'product' is not String",
                "value '3' on column 'quantity' is not Int32",
            ],
            "quantity": "3",
            "event": "view",
        },
        {
            "c__error_column": ["timestamp", "event", "product"],
            "c__error": [
                "value 'null' on column 'timestamp' is not DateTime",
                "value '7' on column 'event' is not String",
                "value 'null' on column 'product' is not String",
            ],
            "quantity": None,
            "event": "7",
        },
    ]
    assert workspace.views_agree()


def test_a_body_that_cannot_be_read_stores_nothing(workspace: Workspace) -> None:
    ingest = workspace.ingest
    for body in (lines(an_event()) + b'\n{"a":', b'{"a": "\xff"}', b"[1]", b"5", b'"x"', lines(an_event()) + b"\n[]"):
        with pytest.raises(UnreadableBody):
            ingest.append(workspace.release, "events", body)
    assert ingest.settle() == 0


def test_a_source_that_is_not_there(workspace: Workspace) -> None:
    with pytest.raises(NotFound, match="no data source 'nothing'"):
        workspace.ingest.append(workspace.release, "nothing", b"{}")


def test_a_request_told_again_under_its_key_is_kept_once(workspace: Workspace) -> None:
    ingest = workspace.ingest
    body = lines(an_event(), an_event(quantity="3"))
    first = ingest.append(workspace.release, "events", body, key="k-1")
    again = ingest.append(workspace.release, "events", body, key="k-1", wait=True)
    assert first == again
    assert (workspace.count("events"), workspace.count("events_quarantine")) == (1, 1)
    with pytest.raises(KeyUsedOtherwise):
        ingest.append(workspace.release, "events", lines(an_event()), key="k-1")
    ingest.append(workspace.release, "events", body, key="k-2", wait=True)
    assert workspace.count("events") == 2


def test_a_held_source_takes_rows_but_moves_none(workspace: Workspace) -> None:
    ingest, table = workspace.ingest, workspace.release.tables["events"]
    ingest.append(workspace.release, "events", lines(an_event()), wait=True)
    with ingest.landing.held(WORKSPACE, "events"):
        ingest.append(workspace.release, "events", lines(an_event()))
        assert ingest.landing.position(table) == 1
        assert not ingest.landing.caught_up(table)
    ingest.settle()
    assert ingest.landing.caught_up(table)
    assert ingest.landing.position(table) == 2
