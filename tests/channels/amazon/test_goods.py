"""Stock, listings and feedback become unified records; every sample and what may go wrong."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from tests.channels.amazon.samples import needs_samples, sample
from tradewind.channels.amazon.feedback import review_topics, seller_feedback
from tradewind.channels.amazon.mapping import map_feedback
from tradewind.channels.amazon.products import product
from tradewind.channels.amazon.stock import stock
from tradewind.channels.contract import Mapped
from tradewind.channels.unified import UnifiedFeedback, UnifiedProduct, UnifiedStock

NOW = datetime(2026, 7, 6, 12, tzinfo=UTC)
US, CA = "ATVPDKIKX0DER", "A2EUQ1WTGCTBG2"


def counted(mapped: Mapped) -> UnifiedStock:
    (found,) = mapped.records
    assert isinstance(found, UnifiedStock)
    return found


def listed(mapped: Mapped) -> UnifiedProduct:
    (found,) = mapped.records
    assert isinstance(found, UnifiedProduct)
    return found


@needs_samples
def test_what_amazon_holds_is_counted_by_state_and_a_sold_out_sku_is_nought() -> None:
    rows = [
        row
        for page in (1, 2)
        for row in sample(f"derived/getInventorySummaries.page{page}.json")["payload"]["inventorySummaries"]
    ]
    first, empty, never = (counted(stock({"marketplaceId": US, "summary": row}, NOW)) for row in rows)
    assert (first.sku, first.location, first.keeper) == ("ECHO-POP-US-BLK", US, "fba")
    assert (first.available, first.reserved, first.inbound, first.unsellable, first.on_hand) == (42, 5, 12, 1, 60)
    assert (empty.available, empty.on_hand) == (0, 0)
    assert (never.sku, never.available, never.as_of) == ("NEW-SKU-NO-STOCK", 0, NOW)


def test_counts_that_are_not_told_are_unknown_and_bad_ones_are_refused() -> None:
    told = counted(stock({"marketplaceId": US, "summary": {"sellerSku": "MUG", "totalQuantity": 3}}, NOW))
    assert (told.available, told.inbound, told.on_hand) == (None, None, 3)
    for summary, code in (
        ({"sellerSku": ""}, "no_external_id"),
        ({"sellerSku": "M", "totalQuantity": -1}, "bad_quantity"),
    ):
        assert [flaw.code for flaw in stock({"marketplaceId": US, "summary": summary}, NOW).rejected] == [code]


@needs_samples
def test_one_sku_in_two_marketplaces_has_a_price_and_a_state_in_each() -> None:
    (listing,) = sample("listings_2021-08-01/searchListingsItems.page1.json")["items"]
    american, canadian = (listed(product({"marketplaceId": place, "listing": listing})) for place in (US, CA))
    assert (american.price, american.currency, american.status) == (Decimal("100.00"), "USD", "active")
    assert (canadian.price, canadian.currency, canadian.status) == (Decimal("130.00"), "CAD", "inactive")
    assert american.external_id != canadian.external_id
    assert american.channel_updated_at == datetime(2021, 3, 1, tzinfo=UTC)
    assert product({"marketplaceId": "A1F83G8C2ARO7P", "listing": listing}).records == ()

    own = counted(stock({"marketplaceId": US, "listing": listing}, NOW))
    assert (own.available, own.keeper, own.location) == (100, "seller", f"{US}:seller")
    assert stock({"marketplaceId": US, "listing": {"sku": "FBA-ONLY"}}, NOW).records == ()


@needs_samples
def test_the_catalogue_adds_brand_and_category() -> None:
    (listing,) = sample("listings_2021-08-01/searchListingsItems.page1.json")["items"]
    catalog = sample("catalog_2022-04-01/getCatalogItem.json")
    found = listed(product({"marketplaceId": US, "listing": listing, "catalog": catalog}))
    assert (found.brand, found.category) == ("SAMSUNG", "QLED TVs")
    assert found.title == "Hardside Carry-On Spinner Suitcase Luggage"


def test_a_listing_without_price_or_with_a_bad_one() -> None:
    listing: dict[str, Any] = {"sku": "MUG", "summaries": [{"marketplaceId": US, "asin": "B1", "status": ["BUYABLE"]}]}
    assert listed(product({"marketplaceId": US, "listing": listing})).price is None
    listing["offers"] = [
        {"marketplaceId": US, "offerType": "B2B", "price": {"amount": "9.00", "currencyCode": "USD"}},
        {"marketplaceId": US, "offerType": "B2C", "price": {"amount": "ten", "currencyCode": "USD"}},
    ]
    assert [flaw.code for flaw in product({"marketplaceId": US, "listing": listing}).rejected] == ["bad_amount"]
    listing["offers"][1]["price"]["amount"] = "10.00"
    assert listed(product({"marketplaceId": US, "listing": listing})).price == Decimal("10.00")


@needs_samples
def test_topics_of_reviews_are_kept_without_what_anybody_wrote() -> None:
    raw = sample("reviews_2024-06-01/getItemReviewTopics.json")
    mapped = review_topics(raw)
    topics = [record for record in mapped.records if isinstance(record, UnifiedFeedback)]
    assert [(each.subject, each.topic, each.rating, each.count) for each in topics] == [
        ("B0BT5K9B2T", "Assembly/Installation", Decimal(4), 36),
        ("B0BT5K9B2T", "Strong", Decimal("4.7"), 36),
        ("B0BT5K9B2T", "Assembly/Installation", Decimal("-2.3"), 36),
    ]
    assert len({each.external_id for each in topics}) == 3
    assert {each.told_at for each in topics} == {datetime(2024, 9, 22, 8, 35, 43, 717000, tzinfo=UTC)}


def test_a_rating_of_the_seller_keeps_no_comment_and_no_order_number() -> None:
    mapped = seller_feedback(["03.07.26", "4", "Danke, Erika!", "", "302-1234567", "erika@x.de"], "A1PA6795UKMFR9", NOW)
    (rating,) = mapped.records
    assert isinstance(rating, UnifiedFeedback)
    assert (rating.subject, rating.rating, rating.count) == ("seller", Decimal(4), 1)
    assert rating.told_at == datetime(2026, 7, 3, tzinfo=UTC)
    assert "302-1234567" not in rating.external_id
    assert not any(word in str(mapped.raw) for word in ("Erika", "erika@x.de"))
    assert map_feedback(mapped.raw, NOW).records == mapped.records


@pytest.mark.parametrize(("day", "stars", "code"), [("someday", "4", "bad_date"), ("03.07.26", "6", "bad_rating")])
def test_a_rating_that_is_none_is_refused(day: str, stars: str, code: str) -> None:
    mapped = seller_feedback([day, stars, "", "", "1"], "A1PA6795UKMFR9", NOW)
    assert [flaw.code for flaw in mapped.rejected] == [code]
