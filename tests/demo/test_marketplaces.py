"""The world that the demo's platforms sell in: the demo's goods, from its end on, and the same after every start."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest

from tradewind.core.clock import ManualClock
from tradewind.demo.assortment import assortment
from tradewind.demo.marketplaces import LEAD, MOST_WARES, ORDERS_PER_DAY, sandbox_plan
from tradewind.demo.outlets import own_share
from tradewind.demo.plan import StorePlan
from tradewind.demo.simulator import ORDERS_PER_SECOND
from tradewind.sandbox.server import Sandbox

MakePlan = Callable[..., StorePlan]
PLATFORMS = ("amazon", "shopify", "walmart")


def test_a_later_start_makes_the_same_world_only_longer(make_plan: MakePlan) -> None:
    plan = make_plan()
    first = sandbox_plan(plan, ("walmart",), plan.ends_at)
    later = sandbox_plan(plan, ("walmart",), plan.ends_at + timedelta(days=9))
    assert later.days == first.days + 9
    clock = ManualClock(plan.ends_at)
    worlds = [Sandbox(one, clock).world for one in (first, later)]
    told = list(worlds[0].orders("walmart", None, plan.ends_at + timedelta(seconds=1)))
    assert len(told) == pytest.approx(LEAD / timedelta(days=1) * ORDERS_PER_DAY, abs=5)
    for order in told:
        again = worlds[1].order("walmart", order.external_id)
        assert again is not None
        assert again.placed_at == order.placed_at
        assert [(line.sku, line.quantity) for line in again.lines] == [
            (line.sku, line.quantity) for line in order.lines
        ]


def test_the_platforms_sell_what_the_demo_sells(make_plan: MakePlan) -> None:
    plan = make_plan()
    sold = {one.sku: one for one in assortment(plan.seed, plan.first_day, plan.last_day)}
    wares = sandbox_plan(plan, PLATFORMS, plan.ends_at).wares
    assert len(wares) == MOST_WARES
    assert all(sold[ware.sku].is_on_sale(plan.last_day) and ware.title == sold[ware.sku].name for ware in wares)
    assert all(ware.cents > 0 for ware in wares)


def test_with_the_platforms_elsewhere_as_much_is_sold_as_without() -> None:
    assert own_share(frozenset()) == 1
    own = Decimal(ORDERS_PER_SECOND * own_share(frozenset(PLATFORMS)))
    theirs = Decimal(len(PLATFORMS) * ORDERS_PER_DAY) / 86_400
    assert float(own + theirs) == pytest.approx(ORDERS_PER_SECOND, rel=0.1)
