"""Shapes of customers: profiles, addresses, consents, groups."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import ConfigDict, Field

from tradewind.api.wire import Amount, Unversioned, Wire


class CustomerSummary(Wire):
    """A profile. `channel` and `external_id` are null for customers of our own shop."""

    customer_id: str
    channel: str | None
    external_id: str | None
    email: str | None
    name: str | None
    phone: str | None
    country: str | None
    region: str | None
    city: str | None
    birth_date: date | None
    is_erased: bool = Field(description="The person asked to be forgotten; nothing is known of them any more.")
    merged_into_id: str | None = Field(description="Set on a duplicate: the profile that has everything now.")
    version: int
    created_at: datetime
    updated_at: datetime


class CustomerPage(Wire):
    items: list[CustomerSummary]
    next_cursor: str | None = Field(description="Continues after the last item; null when there are no more.")


class CustomerAddress(Wire):
    address_id: str
    name: str
    company: str | None
    line1: str
    line2: str | None
    city: str
    region: str | None
    postal_code: str | None
    country: str
    phone: str | None
    is_default_shipping: bool
    is_default_billing: bool


class ConsentLine(Wire):
    """From `at` on the person agrees to the purpose, or no longer does."""

    purpose: str
    is_granted: bool
    source: str
    at: datetime


class ConsentPage(Wire):
    items: list[ConsentLine]
    next_cursor: str | None = Field(description="Continues after the last item; null when there are no more.")


class CustomerPurchases(Wire):
    """The person's orders of one currency."""

    currency: str
    placed: int = Field(description="All orders, whatever became of them.")
    orders: int = Field(description="Sold orders: not pending, cancelled or wholly refunded.")
    total: Amount = Field(description="What the sold orders come to, before refunds.")
    first_order_at: datetime | None
    last_order_at: datetime | None


class CustomerDetail(CustomerSummary):
    """A profile with all that belongs to it."""

    addresses: list[CustomerAddress]
    groups: list[str] = Field(description="Codes of the groups that the customer is in.")
    consents: list[ConsentLine] = Field(description="What counts now, one line per purpose.")
    purchases: list[CustomerPurchases]


class _Body(Wire):
    model_config = ConfigDict(extra="forbid")


class CustomerProfile(_Body):
    """What a profile says about a person; what is left out or null is unknown. A name or an e-mail is needed."""

    email: str | None = Field(None, max_length=320, examples=["ada@example.com"])
    name: str | None = Field(None, max_length=300, examples=["Ada Example"])
    phone: str | None = Field(None, max_length=64, examples=["+49 30 1234567"])
    country: str | None = Field(None, max_length=2, description="ISO 3166-1, two letters.", examples=["DE"])
    region: str | None = Field(None, max_length=100, examples=["BE"])
    city: str | None = Field(None, max_length=200, examples=["Berlin"])
    birth_date: date | None = Field(None, examples=["1990-02-03"])


class CustomerChange(CustomerProfile):
    """What changes: only what is sent. Null makes it unknown."""


class AddressBody(_Body):
    """A postal address. As a default it takes over from the one before."""

    name: str = Field(max_length=300, examples=["Ada Example"])
    company: str | None = Field(None, max_length=300)
    line1: str = Field(max_length=300, description="Street and number.", examples=["Main Street 1"])
    line2: str | None = Field(None, max_length=300)
    city: str = Field(max_length=200, examples=["Berlin"])
    region: str | None = Field(None, max_length=100)
    postal_code: str | None = Field(None, max_length=32, examples=["10115"])
    country: str = Field(max_length=2, description="ISO 3166-1, two letters.", examples=["DE"])
    phone: str | None = Field(None, max_length=64)
    is_default_shipping: bool = Field(False, description="Parcels go here unless said otherwise.")
    is_default_billing: bool = Field(False, description="Bills go here unless said otherwise.")


class ConsentBody(_Body):
    purpose: str = Field(max_length=64, description="A short name of what it is for.", examples=["newsletter"])
    is_granted: bool = Field(description="True: agreed. False: withdrawn.")
    source: str = Field(max_length=200, description="How we know.", examples=["form at checkout"])


class MergeBody(_Body):
    duplicate_id: str = Field(max_length=64, description="The profile that goes; what it has comes here.")


class ErasureBody(_Body):
    despite_open_orders: bool = Field(False, description="Also blank the addresses of orders still to be sent.")


class ErasureReport(Wire):
    """How many rows of each kind told of the person and do so no more."""

    profiles: int
    addresses: int
    orders: int
    carts: int
    reviews: int
    mails: int
    audit_entries: int


class GroupSummary(Unversioned):
    code: str
    name: str
    members: int
    created_at: datetime


class GroupPage(Wire):
    items: list[GroupSummary]
    next_cursor: str | None = Field(description="Continues after the last item; null when there are no more.")


class GroupBody(_Body):
    code: str = Field(max_length=64, description="What promotions call it.", examples=["wholesale"])
    name: str = Field(max_length=200, examples=["Wholesale customers"])


class GroupChange(_Body):
    name: str = Field(max_length=200, examples=["Wholesale customers"])
