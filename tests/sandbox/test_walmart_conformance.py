"""Walmart's connector holds what every connector must, with payloads of its stand-in."""

from __future__ import annotations

import itertools

from tests.channels.conformance import describes_itself, maps_well
from tests.sandbox.conftest import Booth
from tradewind.channels.contract import Window


def test_it_describes_itself(booth: Booth) -> None:
    describes_itself(booth.connector, booth.account)


def test_it_maps_well_what_is_whole_and_what_is_damaged(booth: Booth) -> None:
    window = Window(None, booth.sandbox.clock.now())
    payloads = {
        resource: [
            item.raw
            for page in itertools.islice(booth.connection.pages(resource, scope, window), 1)
            for item in page.items[:5]
        ]
        for resource in booth.connector.resources
        for scope in booth.connector.scopes(booth.account, resource)[:1]
    }
    assert all(payloads.values())
    maps_well(booth.connection, payloads)
