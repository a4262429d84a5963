"""The world's totals, to be held against what was booked."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import timedelta
from decimal import Decimal
from typing import Any

from tradewind.sandbox.world import World


def truth_of(world: World, channel: str) -> dict[str, Any]:
    """Orders by status, money by currency, fees by kind and units in stock, by the world's clock. Test orders are out
    of all money."""
    until = world.now + timedelta(microseconds=1)
    statuses: Counter[str] = Counter()
    money: dict[str, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    units = refunds = 0
    for order in world.orders(channel, None, until):
        statuses[order.status] += 1
        refunds += len(order.refunds)
        units += sum(line.quantity for line in order.lines)
        if not order.is_test:
            money[order.currency]["total"] += order.total or 0
            money[order.currency]["tax"] += order.tax or 0
            money[order.currency]["refunded"] += order.refunded or 0
    fees: dict[str, Decimal] = defaultdict(Decimal)
    for fee in world.fees(channel, None, until):
        fees[f"{fee.kind} {fee.currency}"] += fee.amount
    return {
        "now": world.now.isoformat(),
        "orders": sum(statuses.values()),
        "statuses": dict(sorted(statuses.items())),
        "units": units,
        "refunds": refunds,
        "money": {code: {name: str(sum_) for name, sum_ in sums.items()} for code, sums in sorted(money.items())},
        "fees": {kind: str(amount) for kind, amount in sorted(fees.items())},
        "stock": sum(count.available or 0 for count in world.stock(channel)),
    }
