"""What is told of carts lands in the warehouse once, and agrees with the store."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from tests.pricing import a_cart, a_product
from tests.spine import NOON, a_platform
from tradewind.commerce.carts.sweeps import tell_abandoned


def test_abandoned_carts_land_with_what_was_in_them(data_dir: Path, chdb_path: Path) -> None:
    with a_platform(data_dir, chdb_path) as platform:
        with platform.database.write() as tx:
            a_product(tx, "MUG", "9.99")
            a_product(tx, "YACHT", "9000000000000.00")
            carts = {a_cart(tx, ("MUG", units)): units for units in (1, 2, 3)}
            dear = a_cart(tx, ("YACHT", 1_000_000))
            assert tell_abandoned(tx, now=NOON + timedelta(hours=5)) == 4
        platform.settle()
        rows = platform.warehouse.query("SELECT * FROM log_carts ORDER BY cart_id")
    assert {row["cart_id"]: row["units"] for row in rows if row["cart_id"] != dear} == carts
    assert [(row["event"], row["channel"], row["currency"], row["contract"]) for row in rows] == [
        ("abandoned", "shop", "EUR", 1)
    ] * 4
    worth = {row["cart_id"]: row["worth"] for row in rows}
    assert worth.pop(dear) is None
    assert {cart_id: float(value) for cart_id, value in worth.items()} == {
        c: round(9.99 * n, 2) for c, n in carts.items()
    }
