"""The live shop for dashboards and storefronts: its grid, its filters and its counters, as of this second."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Annotated, Any, Literal

from fastapi import Depends, Query, Response

from tradewind.api.problems import SIGNED_IN, problems
from tradewind.api.routing import Router
from tradewind.api.schemas.live_shop import (
    Choice,
    GridProduct,
    LiveFilters,
    LiveGrid,
    LiveSales,
    LiveToken,
    LiveTokens,
    MinuteSales,
    ProductAndStoreSales,
    ProductSales,
    SoldFigures,
    StoreSales,
)
from tradewind.api.security import READS, ServicesDep, caller_with
from tradewind.api.services import Services
from tradewind.api.wire import answer
from tradewind.commerce.access.rights import Scope
from tradewind.core.errors import Unavailable
from tradewind.core.money import exponent
from tradewind.warehouse.client import Row

router = Router("/live", tags=["live shop"], dependencies=[READS])

_ANSWERS = problems(*SIGNED_IN, Unavailable)
_ALL = "all"

Category = Annotated[str, Query(max_length=200, description="Only products of this category.")]


@router.get("/grid", response_model=LiveGrid, responses=_ANSWERS)
def live_grid(
    services: ServicesDep,
    category: Category = _ALL,
    show_out_of_stock: Annotated[bool, Query(description="Products that are out of stock too.")] = False,
    ranking: Annotated[
        Literal["status", "price"], Query(description="By stock status, then hits; or the dearest first.")
    ] = "status",
    limit: Annotated[int, Query(ge=1, le=1000, description="Most products.")] = 100,
    offset: Annotated[int, Query(ge=0, le=1_000_000, description="How many to leave out before those.")] = 0,
) -> Response:
    """What can be bought, what is left of it, what sells, and what is trending."""
    live = _Live(services)
    rows = live.ask(
        "product_grid",
        category=category,
        show_oos=str(int(show_out_of_stock)),
        ranking=str(int(ranking == "status")),
        page_size=str(limit),
        offset=str(offset),
    )
    return answer(LiveGrid(items=[_product(row) for row in rows], as_of=live.now))


@router.get("/filters", response_model=LiveFilters, responses=_ANSWERS)
def live_filters(services: ServicesDep, category: Category = _ALL) -> Response:
    """What the grid and the counters can be filtered by."""
    live = _Live(services)

    def choices(of: str) -> list[Choice]:
        return [Choice.model_validate(row) for row in live.ask("ui_filters", filter=of, category=category)]

    values = [str(row["value"]) for row in live.ask("ui_filters", filter="value")]
    return answer(
        LiveFilters(products=choices("product"), categories=choices("category"), stores=choices("store"), values=values)
    )


@router.get("/sales", response_model=LiveSales, responses=_ANSWERS)
def live_sales(
    services: ServicesDep,
    minutes: Annotated[int, Query(ge=1, le=1440, description="How far back the minutes go.")] = 60,
    store: Annotated[str, Query(max_length=64, description="Minutes of this store only.")] = _ALL,
    product: Annotated[str, Query(max_length=64, description="Minutes of this product only.")] = _ALL,
    limit: Annotated[int, Query(ge=1, le=1000, description="Most rows of each list.")] = 10,
) -> Response:
    """Sales so far: in all, by store, by product and by both, and those of the last minutes."""
    live = _Live(services)

    def sold(by: str) -> list[Mapping[str, Any]]:
        return [_sold(row) for row in live.ask("live_sales", by=by, page_size=str(limit))]

    lately = live.ask("live_sales_by_minute", minutes=str(minutes), store=store, product=product, page_size=str(limit))
    return answer(
        LiveSales(
            totals=[SoldFigures.model_validate(row) for row in sold("all")],
            stores=[StoreSales.model_validate(row) for row in sold("store")],
            products=[ProductSales.model_validate(row) for row in sold("product")],
            products_by_store=[ProductAndStoreSales.model_validate(row) for row in sold("product_and_store")],
            minutes=[MinuteSales.model_validate(_sold(row) | {"minute": _utc(row["minute"])}) for row in lately],
            as_of=live.now,
        )
    )


@router.get("/tokens", response_model=LiveTokens, responses=_ANSWERS, dependencies=[Depends(caller_with(Scope.ADMIN))])
def live_tokens(services: ServicesDep) -> Response:
    """The tokens with which a storefront asks the live shop under /v0 and tells it what visitors do."""
    platform = services.platform
    records = platform.serving.tokens.all_of(platform.live_shop.release.workspace_id)
    return answer(
        LiveTokens(
            items=[
                LiveToken(name=record.name, token=record.value, scopes=[str(scope) for scope in record.scopes])
                for record in records
            ]
        )
    )


class _Live:
    """The live shop as of the second that has begun, so that those who ask within it share one answer."""

    def __init__(self, services: Services) -> None:
        self._shop = services.platform.live_shop
        self.now = services.platform.clock.now()
        self._at = (self.now + timedelta(microseconds=999_999)).replace(microsecond=0)

    def ask(self, pipe: str, **values: str) -> list[Row]:
        return self._shop.ask(pipe, {"at": f"{self._at:%Y-%m-%d %H:%M:%S}.000", **values})


def _product(row: Row) -> GridProduct:
    price, currency = row["price"], row["currency"]
    return GridProduct(
        **{name: row[name] for name in ("product_id", "sku", "name", "available", "stock_status", "hits")},
        category=row["category"] or None,
        brand=row["brand"] or None,
        price=None if price is None else _digits(price, currency),
        currency=currency or None,
        rank_status=row["rank_status"],
    )


def _sold(row: Row) -> dict[str, Any]:
    return dict(row) | {"revenue": _digits(row["revenue"], row["currency"])}


def _digits(amount: Decimal | int, currency: str) -> Decimal:
    """The amount with the digits of its currency; it never has more that count."""
    return Decimal(amount).quantize(Decimal(1).scaleb(-exponent(currency)) if currency else Decimal("0.01"))


def _utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
