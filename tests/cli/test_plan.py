"""`tradewind plan accept`: lines become purchase orders, first as a dry run."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from tests.cli.conftest import Tradewind
from tests.planning.test_plan_store import inputs, saved
from tests.spine import NOON
from tradewind.commerce.access.audit import Actor
from tradewind.commerce.catalog.service import NewProduct, find_products, put_products
from tradewind.commerce.inventory.service import ensure_location
from tradewind.commerce.purchasing.suppliers import NewSupplier, Offer, create_supplier, put_offers
from tradewind.core.database import Database
from tradewind.core.settings import load_settings

pytestmark = pytest.mark.usefixtures("migrated_folder")
ADA = Actor("ada")


def plan_of_a_mug(data_dir: Path) -> None:
    """A plan that orders mugs from the potter, in packs of 6 and 12 at the least."""
    store = Database(load_settings(data_dir=data_dir).database_url)
    try:
        with store.write() as tx:
            put_products(tx, [NewProduct("mug", "Mug", currency="EUR", price=Decimal(10))], now=NOON)
            mug = find_products(tx, ["mug"])["mug"].id
            place = ensure_location(tx, "main", name="Main", now=NOON).id
            potter = create_supplier(tx, NewSupplier("potter", "The Potter", "EUR"), actor=ADA, now=NOON).id
            put_offers(tx, potter, [Offer(mug, Decimal("3.50"), min_quantity=12, pack_size=6)], actor=ADA, now=NOON)
        saved(store, inputs("mug", 20, product_id=mug, location_id=place, supplier_id=potter))
    finally:
        store.close()


@pytest.mark.timeout(240)
def test_a_line_is_accepted_once_and_a_dry_run_makes_nothing(tradewind: Tradewind, data_dir: Path) -> None:
    plan_of_a_mug(data_dir)
    line = tradewind("plan", "list", "--json").json["lines"][0]

    shown = tradewind("plan", "accept", line["line"], "--dry-run", "--json").json["documents"]
    assert [(one["document"], one["new"], one["units"]) for one in shown] == [(None, True, line["order"])]
    made = tradewind("plan", "accept", line["line"], "--json").json["documents"][0]
    assert (made["supplier"], made["lines"], made["units"], made["new"]) == ("The Potter", [1], line["order"], True)
    assert Decimal(str(made["cost"])) == Decimal("3.50") * line["order"]
    again = tradewind("plan", "accept", line["line"], "--json").json["documents"][0]
    assert (again["document"], again["new"]) == (made["document"], False)

    unknown = tradewind("plan", "accept", 99)
    assert (unknown.code, "99" in unknown.err) == (1, True)
