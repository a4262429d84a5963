"""Which tax is on what: by place and class, and a place belongs to one zone."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from tests.pricing import BY, a_method, a_zone
from tradewind.commerce.access.model import AuditEntry
from tradewind.commerce.places import check_places, closeness, names_of
from tradewind.commerce.shipping.methods import MethodTerms, all_methods, create_method, find_method, replace_method
from tradewind.commerce.taxes.arithmetic import NOWHERE, Rate, Zone, taxes_on, zone_of
from tradewind.commerce.taxes.service import (
    PlaceTaken,
    RateTerms,
    ZoneTerms,
    all_zones,
    create_zone,
    delete_zone,
    find_zone,
    replace_zone,
    zones_for_pricing,
)
from tradewind.core.database import Database
from tradewind.core.errors import InvalidInput, NotFound

GERMANY = Zone(("DE",), prices_include_tax=True, rates={"standard": Rate("VAT", 190_000, is_on_shipping=True)})
CALIFORNIA = Zone(("US-CA",), prices_include_tax=False, rates={})
STATES = Zone(("US", "CA"), prices_include_tax=False, rates={})
ELSEWHERE = Zone((), prices_include_tax=True, rates={})


@pytest.mark.parametrize(
    ("country", "region", "expected"),
    [
        ("US", "CA", CALIFORNIA),
        ("US", "us-ca", CALIFORNIA),
        ("US", "NY", STATES),
        ("US", None, STATES),
        ("CA", "ON", STATES),
        ("DE", "Bavaria", GERMANY),
        ("FR", None, ELSEWHERE),
        (None, None, ELSEWHERE),
    ],
)
def test_the_zone_that_names_a_place_most_closely_counts(
    country: str | None, region: str | None, expected: Zone
) -> None:
    zones = [ELSEWHERE, STATES, GERMANY, CALIFORNIA]
    assert zone_of(zones, country, region) is expected
    assert zone_of(zones[::-1], country, region) is expected
    assert zone_of([], country, region) is NOWHERE


def test_a_class_without_a_rate_has_the_standard_one_and_without_that_none() -> None:
    assert taxes_on(GERMANY, [(1190, "books")], 0).lines == (190,)
    assert taxes_on(ELSEWHERE, [(1190, "books")], 500).total == 0


def test_classes_of_one_rate_are_one_sum() -> None:
    rates = {"a": Rate("A", 100_000), "b": Rate("B", 100_000)}
    taxes = taxes_on(Zone((), prices_include_tax=False, rates=rates), [(4, "a"), (4, "b")], 0)
    assert ([rate.tax for rate in taxes.rates], sorted(taxes.lines)) == ([1], [0, 1])


@pytest.mark.parametrize("zone", [GERMANY, STATES, NOWHERE])
def test_nothing_bought_is_nothing_taxed(zone: Zone) -> None:
    assert taxes_on(zone, [], 0).total == 0
    assert taxes_on(zone, [(0, "standard")], 0).rates == ()


def test_places_have_one_form() -> None:
    assert check_places([" de", "US-ca", "DE"]) == ["DE", "US-CA"]
    assert names_of("US", " ca ") == ("US-CA", "US")
    assert [closeness(places, ("US-CA", "US")) for places in (["US-CA"], ["US"], [], ["DE"])] == [0, 1, 2, None]
    for wrong in ("Germany", "D", "US-", "US-CALI", "de-"):
        with pytest.raises(InvalidInput) as refused:
            check_places([wrong])
        assert refused.value.field == "places"


def test_a_zone_is_laid_down_changed_and_removed_with_its_rates(store: Database) -> None:
    with store.write() as tx:
        zone_id = a_zone(tx, "DE", standard="19", reduced="7")
        terms = ZoneTerms("Germany", True, ("DE", "AT"), (RateTerms("standard", "VAT", Decimal("16.5")),))
        replace_zone(tx, zone_id, terms, **BY)
        assert find_zone(tx, zone_id).rates == terms.rates
        (zone,) = zones_for_pricing(tx)
        assert zone == Zone(("DE", "AT"), prices_include_tax=True, rates={"standard": Rate("VAT", 165_000)})
        delete_zone(tx, zone_id, **BY)
        assert all_zones(tx) == []
        with pytest.raises(NotFound):
            find_zone(tx, zone_id)
        entries = tx.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
        assert [entry.action for entry in entries] == ["tax_zone.create", "tax_zone.update", "tax_zone.delete"]
        assert entries[1].before["places"] == ["DE"]  # type: ignore[index]  # a change has both sides


def test_a_place_and_a_name_belong_to_one_zone(store: Database) -> None:
    with store.write() as tx:
        a_zone(tx, "DE", "AT", standard="19")
        rest = a_zone(tx, standard="0")
        for name, places in (("Other", ("AT", "CH")), ("More", ()), ("elsewhere", ("FR",))):
            with pytest.raises(PlaceTaken):
                create_zone(tx, ZoneTerms(name, True, places), **BY)
        with pytest.raises(PlaceTaken, match="DE belongs"):
            replace_zone(tx, rest, ZoneTerms("elsewhere", True, ("DE",)), **BY)
        replace_zone(tx, rest, ZoneTerms("elsewhere", True), **BY)


@pytest.mark.parametrize(
    ("rates", "name"),
    [
        ((RateTerms("standard", "A", Decimal(19)), RateTerms("standard", "B", Decimal(7))), "Z"),
        ((RateTerms("a", "A", Decimal(19), True), RateTerms("b", "B", Decimal(7), True)), "Z"),
        ((RateTerms("Standard rate", "A", Decimal(19)),), "Z"),
        ((RateTerms("standard", "A", Decimal(-1)),), "Z"),
        ((RateTerms("standard", "A", Decimal(101)),), "Z"),
        ((RateTerms("standard", "A", Decimal("0.00001")),), "Z"),
        (tuple(RateTerms(f"c{number}", "A", Decimal(1)) for number in range(51)), "Z"),
        ((), " "),
    ],
)
def test_rates_that_cannot_be_are_refused(store: Database, rates: tuple[RateTerms, ...], name: str) -> None:
    with store.write() as tx, pytest.raises(InvalidInput):
        create_zone(tx, ZoneTerms(name, True, ("DE",), rates), **BY)


def test_a_shipping_method_is_laid_down_and_changed(store: Database) -> None:
    with store.write() as tx:
        later, first = a_method(tx, "4.90", "de", position=2), a_method(tx, "9.90", position=1)
        assert [method.method_id for method in all_methods(tx)] == [first, later]
        replace_method(tx, later, MethodTerms("Post", "JPY", Decimal(500), max_grams=1000, is_active=False), **BY)
        found = find_method(tx, later)
        assert (found.name, found.price, found.places, found.is_active) == ("Post", Decimal(500), (), False)
        with pytest.raises(NotFound):
            replace_method(tx, "nothing", MethodTerms("Post", "EUR", Decimal(5)), **BY)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"name": " "}, "name"),
        ({"currency": "XXX"}, "currency"),
        ({"price": Decimal(-1)}, "price"),
        ({"free_from": Decimal(-1)}, "free_from"),
        ({"min_grams": -1}, "min_grams"),
        ({"min_grams": 5, "max_grams": 5}, "max_grams"),
        ({"places": ("Germany",)}, "places"),
    ],
)
def test_a_shipping_method_that_cannot_be_is_refused(store: Database, more: dict[str, Any], field: str) -> None:
    told: dict[str, Any] = {"name": "Post", "currency": "EUR", "price": Decimal(5)} | more
    with store.write() as tx, pytest.raises(InvalidInput) as refused:
        create_method(tx, MethodTerms(**told), **BY)
    assert refused.value.field == field
