"""Customers: profiles with addresses, consents and order history; merge, erasure and export of one person.

Answers that say who somebody is are kept sealed under their Idempotency-Key: no table holds them in the open.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import Depends, Path, Query, Response
from sqlalchemy.orm import Session
from starlette.responses import StreamingResponse

from tradewind.api.problems import SIGNED_IN, problems
from tradewind.api.routers.orders import Age, Cursor, Limit
from tradewind.api.routing import Router
from tradewind.api.schemas.customers import (
    AddressBody,
    ConsentBody,
    ConsentLine,
    ConsentPage,
    CustomerAddress,
    CustomerChange,
    CustomerDetail,
    CustomerPage,
    CustomerProfile,
    CustomerPurchases,
    CustomerSummary,
    ErasureBody,
    ErasureReport,
    MergeBody,
)
from tradewind.api.schemas.orders import OrderPage, OrderSummary
from tradewind.api.security import ServicesDep, caller_with
from tradewind.api.wire import answer, to_json
from tradewind.api.writing import WRITES, Changed, Writer, etag, writer_with
from tradewind.channels.sync import privacy
from tradewind.commerce.access.rights import Scope
from tradewind.commerce.customers import store
from tradewind.commerce.customers.addresses import TooManyAddresses, add_address, delete_address, edit_address
from tradewind.commerce.customers.consents import consents_page, current_consents, note_consent
from tradewind.commerce.customers.groups import groups_of
from tradewind.commerce.customers.model import Customer
from tradewind.commerce.customers.profiles import (
    CustomerErased,
    CustomerMerged,
    EmailTaken,
    create_customer,
    customer_for_change,
    edit_customer,
)
from tradewind.commerce.customers.store import CustomerFilter
from tradewind.commerce.people.erasure import OpenOrders
from tradewind.commerce.people.export import export_person
from tradewind.commerce.people.history import bought_by_person, orders_of_person
from tradewind.commerce.people.merge import merge_customers
from tradewind.core.database import Database
from tradewind.core.errors import NotFound
from tradewind.core.paging import ByAge

router = Router("/customers", tags=["customers"])

READS_PEOPLE = Depends(caller_with(Scope.CUSTOMERS_READ))
PeopleWriter = Annotated[Writer, Depends(writer_with(Scope.CUSTOMERS_WRITE))]
CustomerId = Annotated[str, Path(max_length=64)]
_CHANGES = (*WRITES, NotFound, Changed, CustomerErased, CustomerMerged)


@router.get("", response_model=CustomerPage, responses=problems(*SIGNED_IN), dependencies=[READS_PEOPLE])
def customers(
    services: ServicesDep,
    cursor: Cursor = None,
    limit: Limit = 50,
    q: Annotated[
        str | None, Query(max_length=store.LONGEST_SEARCH, description="Part of the name or e-mail address.")
    ] = None,
    email: Annotated[str | None, Query(max_length=320, description="The whole e-mail address.")] = None,
    group: Annotated[str | None, Query(max_length=64, description="Only members of this group.")] = None,
    channel: Annotated[
        str | None, Query(max_length=64, description="Only of this channel; `own` for our own shop.")
    ] = None,
    country: Annotated[
        str | None,
        Query(pattern="^[A-Za-z]{2}$", description="Only who lives in this country: ISO 3166-1, two letters."),
    ] = None,
    sort: Age = ByAge.NEWEST,
) -> Response:
    """Customers by the age of their profile. Merged duplicates are not among them."""
    with services.platform.database.read() as tx:
        chosen = CustomerFilter(text=q, email=email, group=group, channel=channel, country=country)
        page = store.customers_page(tx, chosen, sort=sort, limit=limit, cursor=cursor)
    items = [CustomerSummary.model_validate(customer) for customer in page.items]
    return answer(CustomerPage(items=items, next_cursor=page.next_cursor))


@router.post("", status_code=201, response_model=CustomerDetail, responses=problems(*WRITES, EmailTaken))
def add_customer(writer: PeopleWriter, body: CustomerProfile) -> Response:
    """A new customer of our own shop."""

    def work(tx: Session) -> CustomerDetail:
        return _detail(tx, create_customer(tx, body.model_dump(), actor=writer.actor, now=writer.now).id)

    return writer.once(work, status=201, is_secret=True)


@router.get(
    "/{customer_id}",
    response_model=CustomerDetail,
    responses=problems(*SIGNED_IN, NotFound),
    dependencies=[READS_PEOPLE],
)
def customer(services: ServicesDep, customer_id: CustomerId) -> Response:
    """One customer with addresses, groups, consents, and what they bought."""
    with services.platform.database.read() as tx:
        found = _detail(tx, customer_id)
    return answer(found, headers={"ETag": etag(found.version)})


@router.patch("/{customer_id}", response_model=CustomerDetail, responses=problems(*_CHANGES, EmailTaken))
def change_customer(writer: PeopleWriter, customer_id: CustomerId, body: CustomerChange) -> Response:
    """Changes what is sent of a profile. For a channel's customer it holds until the channel tells otherwise."""

    def work(tx: Session) -> CustomerDetail:
        changes = body.model_dump(include=body.model_fields_set)
        edit_customer(tx, _held(tx, writer, customer_id), changes, actor=writer.actor, now=writer.now)
        return _detail(tx, customer_id)

    return writer.once(work, is_secret=True)


@router.get(
    "/{customer_id}/orders",
    response_model=OrderPage,
    responses=problems(*SIGNED_IN, NotFound),
    dependencies=[READS_PEOPLE],
)
def customer_orders(
    services: ServicesDep, customer_id: CustomerId, cursor: Cursor = None, limit: Limit = 50
) -> Response:
    """The order history of a customer, the newest first."""
    with services.platform.database.read() as tx:
        store.find_customer(tx, customer_id)
        page = orders_of_person(tx, customer_id, limit=limit, cursor=cursor)
    items = [OrderSummary.model_validate(order) for order in page.items]
    return answer(OrderPage(items=items, next_cursor=page.next_cursor))


@router.post(
    "/{customer_id}/addresses",
    status_code=201,
    response_model=CustomerAddress,
    responses=problems(*_CHANGES, TooManyAddresses),
)
def add_customer_address(writer: PeopleWriter, customer_id: CustomerId, body: AddressBody) -> Response:
    """One more address. The first one is the default for parcels and bills."""

    def work(tx: Session) -> CustomerAddress:
        held = _held(tx, writer, customer_id)
        row = add_address(tx, held, body.model_dump(), actor=writer.actor, now=writer.now)
        return CustomerAddress.model_validate(store.address_view(row))

    return writer.once(work, status=201, is_secret=True)


@router.put("/{customer_id}/addresses/{address_id}", response_model=CustomerAddress, responses=problems(*_CHANGES))
def replace_customer_address(
    writer: PeopleWriter, customer_id: CustomerId, address_id: Annotated[str, Path(max_length=64)], body: AddressBody
) -> Response:
    """Replaces an address. A default stays one until another address becomes it."""

    def work(tx: Session) -> CustomerAddress:
        held = _held(tx, writer, customer_id)
        row = edit_address(tx, held, address_id, body.model_dump(), actor=writer.actor, now=writer.now)
        return CustomerAddress.model_validate(store.address_view(row))

    return writer.once(work, is_secret=True)


@router.delete("/{customer_id}/addresses/{address_id}", status_code=204, responses=problems(*_CHANGES))
def delete_customer_address(
    writer: PeopleWriter, customer_id: CustomerId, address_id: Annotated[str, Path(max_length=64)]
) -> Response:
    """Deletes an address; the oldest of the others becomes the default in its place."""

    def work(tx: Session) -> None:
        held = _held(tx, writer, customer_id)
        delete_address(tx, held, address_id, actor=writer.actor, now=writer.now)

    return writer.once(work, status=204)


@router.get(
    "/{customer_id}/consents",
    response_model=ConsentPage,
    responses=problems(*SIGNED_IN, NotFound),
    dependencies=[READS_PEOPLE],
)
def customer_consents(
    services: ServicesDep, customer_id: CustomerId, cursor: Cursor = None, limit: Limit = 50
) -> Response:
    """All that the customer ever agreed to or withdrew, the newest first."""
    with services.platform.database.read() as tx:
        store.find_customer(tx, customer_id)
        page = consents_page(tx, customer_id, limit=limit, cursor=cursor)
    items = [ConsentLine.model_validate(line) for line in page.items]
    return answer(ConsentPage(items=items, next_cursor=page.next_cursor))


@router.post("/{customer_id}/consents", status_code=201, response_model=ConsentLine, responses=problems(*_CHANGES))
def add_customer_consent(writer: PeopleWriter, customer_id: CustomerId, body: ConsentBody) -> Response:
    """Notes that the customer agreed to something, or withdrew it. Lines are never changed."""

    def work(tx: Session) -> ConsentLine:
        line = note_consent(
            tx,
            _held(tx, writer, customer_id),
            body.purpose,
            is_granted=body.is_granted,
            source=body.source,
            actor=writer.actor,
            now=writer.now,
        )
        return ConsentLine.model_validate(line)

    return writer.once(work, status=201)


@router.post("/{customer_id}/merge", response_model=CustomerDetail, responses=problems(*_CHANGES))
def merge_customer(writer: PeopleWriter, customer_id: CustomerId, body: MergeBody) -> Response:
    """Brings all that a duplicate has under this customer. It cannot be undone."""

    def work(tx: Session) -> CustomerDetail:
        if writer.if_match is not None:
            _held(tx, writer, customer_id)
        merge_customers(tx, customer_id, body.duplicate_id, actor=writer.actor, now=writer.now)
        return _detail(tx, customer_id)

    return writer.once(work, is_secret=True)


@router.post(
    "/{customer_id}/erase",
    response_model=ErasureReport,
    responses=problems(*WRITES, NotFound, CustomerMerged, OpenOrders),
)
def erase_person(writer: PeopleWriter, customer_id: CustomerId, body: ErasureBody | None = None) -> Response:
    """Forgets who the customer is; what they bought stays counted. It cannot be undone. Erasing again reaches
    what came since."""
    despite = body is not None and body.despite_open_orders

    def work(tx: Session) -> ErasureReport:
        erasure = privacy.erase_person(tx, customer_id, actor=writer.actor, now=writer.now, despite_open_orders=despite)
        return ErasureReport(**asdict(erasure))

    return writer.once(work)


@router.get(
    "/{customer_id}/export",
    response_model=dict[str, list[dict[str, Any]]],
    responses=problems(*SIGNED_IN, NotFound),
    dependencies=[READS_PEOPLE],
)
def export_customer(services: ServicesDep, customer_id: CustomerId) -> Response:
    """All that the shop holds about one person, table by table. Amounts are in minor units of their currency."""
    database = services.platform.database
    with database.read() as tx:
        found = store.find_customer(tx, customer_id)
    headers = {"Content-Disposition": f'attachment; filename="customer-{found.customer_id}.json"'}
    return StreamingResponse(_export_text(database, found.customer_id), 200, headers, "application/json")


def _export_text(database: Database, customer_id: str) -> Iterator[bytes]:
    """The export as one JSON object, piece by piece: however much a person bought, little of it is in memory."""
    with database.read() as tx:
        for number, (table, rows) in enumerate(export_person(tx, customer_id)):
            yield b"%s\n%s: [" % (b"," if number else b"{", to_json(table))
            for row_number, row in enumerate(rows):
                yield (b",\n" if row_number else b"\n") + to_json(row)
            yield b"]"
    yield b"\n}\n"


def _held(tx: Session, writer: Writer, customer_id: str) -> Customer:
    """The profile for a change, in the version that the caller read."""
    found = customer_for_change(tx, customer_id)
    writer.check_version(found.version)
    return found


def _detail(tx: Session, customer_id: str) -> CustomerDetail:
    return CustomerDetail(
        **CustomerSummary.model_validate(store.find_customer(tx, customer_id)).model_dump(),
        addresses=[CustomerAddress.model_validate(address) for address in store.addresses_of(tx, customer_id)],
        groups=groups_of(tx, customer_id),
        consents=[ConsentLine.model_validate(line) for line in current_consents(tx, customer_id)],
        purchases=[CustomerPurchases.model_validate(bought) for bought in bought_by_person(tx, customer_id)],
    )
