"""Shapes of suppliers and purchase orders. Costs are in the supplier's currency."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

from pydantic import Field

from tradewind.api.schemas.inventory import Body, Id, Units
from tradewind.api.wire import Amount, Wire
from tradewind.commerce.inventory.levels import MOST_UNITS
from tradewind.commerce.purchasing import orders, suppliers
from tradewind.commerce.purchasing.orders import PurchaseStatus

Cost = Annotated[
    Decimal, Field(ge=0, lt=Decimal(10**12), decimal_places=6, max_digits=18, examples=[4.25], description="Per unit.")
]
Email = Annotated[str, Field(max_length=320, examples=["orders@example.com"])]
LeadTime = Annotated[int, Field(ge=0, le=suppliers.LONGEST_LEAD_TIME, examples=[14])]
Weekdays = Annotated[
    list[Annotated[int, Field(ge=0, le=6)]],
    Field(min_length=1, max_length=7, description="On which it takes orders: 0 for Monday to 6."),
]
Day = Annotated[date, Field(ge=date(1970, 1, 1), le=date(2199, 12, 31))]
Closed = Annotated[
    list[Annotated[list[Day], Field(min_length=2, max_length=2)]],
    Field(max_length=suppliers.MOST_CLOSED, description="When it takes none: first day, and the day after the last."),
]
_NEXT = "Continues after the last item; null when there are no more."


class SupplierOut(Wire):
    """Who we buy from."""

    supplier_id: str
    code: str = Field(examples=["potter"])
    name: str = Field(examples=["The Potter Ltd"])
    email: str | None
    phone: str | None
    currency: str = Field(examples=["EUR"], description="That of its prices.")
    lead_time_days: int | None = Field(description="The usual days from order to arrival.")
    order_weekdays: list[int] = Field(description="On which it takes orders: 0 for Monday to 6.", examples=[[0, 3]])
    closed: list[Annotated[list[date], Field(min_length=2, max_length=2)]] = Field(
        description="When it takes none: first day, and the day after the last."
    )
    is_active: bool
    version: int
    created_at: datetime
    updated_at: datetime


class SupplierPage(Wire):
    items: list[SupplierOut]
    next_cursor: str | None = Field(description=_NEXT)


class CreateSupplier(Body):
    """A new supplier."""

    code: str = Field(max_length=64, examples=["potter"], description="Letters, digits, dots, dashes, underscores.")
    name: str = Field(max_length=200, examples=["The Potter Ltd"])
    currency: str = Field(max_length=3, min_length=3, examples=["EUR"])
    email: Email | None = None
    phone: str | None = Field(None, max_length=64)
    lead_time_days: LeadTime | None = None
    order_weekdays: Weekdays = Field(default_factory=lambda: list(range(7)))
    closed: Closed = Field(default_factory=list)


class ChangeSupplier(Body):
    """What is left out stays as it is; null takes a thing away where it may be missing."""

    name: str = Field("", max_length=200)
    currency: str = Field("", max_length=3)
    email: Email | None = None
    phone: str | None = Field(None, max_length=64)
    lead_time_days: LeadTime | None = None
    order_weekdays: Weekdays = Field(default_factory=lambda: list(range(7)))
    closed: Closed = Field(default_factory=list)
    is_active: bool = True


class OfferIn(Body):
    """What a supplier asks for a product."""

    product_id: Id
    unit_cost: Cost | None = None
    supplier_sku: str | None = Field(None, max_length=128, description="What the supplier calls it.")
    min_quantity: int = Field(1, ge=1, le=MOST_UNITS, description="The fewest it sends; fewer cannot be ordered.")
    pack_size: int = Field(1, ge=1, le=MOST_UNITS, description="It sends whole packs of so many, and no others.")


class PutOffers(Body):
    """Products that the supplier sells; those that are not named stay as they are."""

    products: list[OfferIn] = Field(min_length=1, max_length=suppliers.MOST_AT_ONCE)


class OfferOut(Wire):
    """What a supplier asks for a product."""

    product_id: str
    sku: str
    name: str
    supplier_sku: str | None
    unit_cost: Amount | None
    min_quantity: int
    pack_size: int
    updated_at: datetime


class OfferPage(Wire):
    items: list[OfferOut]
    next_cursor: str | None = Field(description=_NEXT)


class PurchaseLineIn(Body):
    product_id: Id
    quantity: Units
    unit_cost: Cost | None = Field(None, description="Left out: what the supplier asks, else what the product costs.")


class CreatePurchaseOrder(Body):
    """A draft of a purchase order."""

    supplier_id: Id
    location_id: Id = Field(description="Where the goods will arrive.")
    lines: list[PurchaseLineIn] = Field(min_length=1, max_length=orders.MOST_LINES)
    expected_on: date | None = None
    note: str | None = Field(None, max_length=2000)


class ChangePurchaseOrder(Body):
    """What is left out stays as it is. Lines take the place of all lines, and only of a draft."""

    lines: list[PurchaseLineIn] | None = Field(None, min_length=1, max_length=orders.MOST_LINES)
    expected_on: date | None = None
    note: str | None = Field(None, max_length=2000)


class ArrivedIn(Body):
    line_no: int = Field(ge=1, le=orders.MOST_LINES)
    quantity: Units


class ReceivePurchaseOrder(Body):
    """What arrived: a part, all, or more than was ordered."""

    lines: list[ArrivedIn] = Field(min_length=1, max_length=orders.MOST_LINES)


class PurchaseOrderOut(Wire):
    """What was ordered from a supplier."""

    purchase_order_id: str
    number: str = Field(examples=["PO-00012"])
    supplier_id: str
    location_id: str
    status: PurchaseStatus
    currency: str
    expected_on: date | None
    note: str | None
    version: int
    ordered_at: datetime | None
    closed_at: datetime | None
    created_at: datetime
    updated_at: datetime


class PurchaseLineOut(Wire):
    line_no: int
    product_id: str
    sku: str
    name: str
    quantity: int
    received: int = Field(description="May be more than was ordered.")
    unit_cost: Amount
    total: Amount = Field(description="What the ordered units cost.")


class PurchaseOrderDetail(PurchaseOrderOut):
    """A purchase order with its lines."""

    lines: list[PurchaseLineOut]


class PurchaseOrderPage(Wire):
    items: list[PurchaseOrderOut]
    next_cursor: str | None = Field(description=_NEXT)
