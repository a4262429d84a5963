"""Every connector of ours rejects what its mapping did not foresee, whatever the resource."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from tradewind.channels.amazon import mapping as amazon
from tradewind.channels.contract import Mapped, Resource
from tradewind.channels.shopify import mapping as shopify
from tradewind.channels.surprises import CANNOT_MAP
from tradewind.channels.walmart import mapping as walmart

NOW = datetime(2026, 4, 1, tzinfo=UTC)


class Bomb(dict[str, Any]):
    """A payload that no mapping foresees: any look into it raises, in words that are somebody's."""

    def get(self, *_: Any) -> Any:
        raise RuntimeError("ada@example.com")

    __getitem__ = items = values = keys = get


CASES: list[tuple[str, Callable[[Any], Mapped]]] = [
    *((f"amazon {one}", lambda raw, make=make: make(raw, NOW)) for one, make in amazon.MAPPINGS.items()),
    *(
        (f"shopify {one}", lambda raw, one=one: shopify.map_payload(one, raw, "shop.example"))
        for one in (Resource.ORDERS, Resource.PRODUCTS, Resource.INVENTORY, Resource.CUSTOMERS, Resource.FEES)
    ),
    *((f"walmart {one}", lambda raw, one=one: walmart.map_raw(one, raw)) for one in walmart.MAPPINGS),
]


@pytest.mark.parametrize(("name", "make"), CASES, ids=[name for name, _ in CASES])
def test_a_surprise_costs_its_payload_alone(
    name: str, make: Callable[[Any], Mapped], capsys: pytest.CaptureFixture[str]
) -> None:
    mapped = make(Bomb(first=1))
    assert [one.code for one in mapped.rejected] == [CANNOT_MAP], name
    assert not mapped.records
    told = capsys.readouterr()
    assert ".py:" in told.out + told.err
    assert "ada@" not in told.out + told.err + mapped.rejected[0].reason
