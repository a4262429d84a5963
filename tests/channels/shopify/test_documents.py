"""The GraphQL documents against the schema: nothing is asked that is not there, and nothing is there that is not asked.

The schema is ours, written down from Shopify's documentation of the version that is asked.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterator
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from typing import Any

import httpx
import pytest
from graphql import (
    DocumentNode,
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    build_schema,
    parse,
    validate,
    visit,
)
from graphql.execution.values import VariableValues, get_variable_values
from graphql.language import FieldNode

from tests.channels.shopify.payloads import order
from tests.channels.shopify.shopfront import Shopfront, a_shop
from tradewind.channels.contract import PricePush, Resource, StockPush, Window
from tradewind.channels.shopify import documents
from tradewind.channels.shopify.connector import ShopifyConnector
from tradewind.channels.shopify.documents import bulk_document, document
from tradewind.channels.shopify.mapping import map_payload
from tradewind.channels.shopify.settings import API_VERSION
from tradewind.channels.shopify.webhooks import subscribe
from tradewind.channels.unified import UnifiedOrder

SCHEMA = Path(__file__).with_name("schema.graphql").read_text(encoding="utf-8")
NAMES = sorted(
    one.name.removesuffix(".graphql")
    for one in files(documents.__name__).iterdir()
    if one.name.endswith(".graphql") and not one.read_text(encoding="utf-8").startswith("fragment")
)
TOLD = ("OrderDisplayFinancialStatus", "OrderDisplayFulfillmentStatus")


@pytest.fixture(scope="module")
def schema() -> GraphQLSchema:
    return build_schema(SCHEMA)


def sent(name: str) -> str:
    """A document as it leaves: a bulk operation's fragments are spelled out."""
    return bulk_document(name) if name.startswith("BulkOrders") else document(name)


def operation(parsed: DocumentNode) -> OperationDefinitionNode:
    (found,) = (one for one in parsed.definitions if isinstance(one, OperationDefinitionNode))
    return found


@pytest.mark.parametrize("name", NAMES)
def test_a_document_asks_for_what_there_is(schema: GraphQLSchema, name: str) -> None:
    parsed = parse(sent(name))
    assert [str(error) for error in validate(schema, parsed)] == []
    told = operation(parsed).name
    assert told is not None
    assert told.value == name


def test_the_schema_is_of_the_version_that_is_asked() -> None:
    assert SCHEMA.startswith(f"# The part of Shopify's Admin API {API_VERSION} ")


@pytest.mark.parametrize("wrong", ["totalPrice", "refunds(after: 1) { id }", "customer", "test { id }"])
def test_what_is_not_there_is_seen(schema: GraphQLSchema, wrong: str) -> None:
    text = document("OrderRead").replace("updatedAt cancelledAt", f"updatedAt cancelledAt odd: {wrong}", 1)
    assert len(validate(schema, parse(text))) == 1


def test_nothing_in_the_schema_is_left_unasked(schema: GraphQLSchema) -> None:
    """So that it stays what this connector needs and no copy of somebody else's."""
    asked, given = set(), set()
    for name in NAMES:
        for field, argument in used(schema, parse(sent(name))):
            asked.add(field)
            if argument is not None:
                given.add(f"{field}({argument})")
    there = {
        f"{kind.name}.{name}": field
        for kind in schema.type_map.values()
        if isinstance(kind, GraphQLObjectType) and not kind.name.startswith("__")
        for name, field in kind.fields.items()
    }
    assert sorted(there.keys() - asked) == []
    assert sorted({f"{name}({argument})" for name in there for argument in there[name].args} - given) == []


def used(schema: GraphQLSchema, parsed: DocumentNode) -> list[tuple[str, str | None]]:
    """Each field that is asked for with its type, alone and with each of its arguments."""
    info = TypeInfo(schema)
    found: list[tuple[str, str | None]] = []

    class Fields(Visitor):
        def enter_field(self, node: FieldNode, *_: Any) -> None:
            kind = info.get_parent_type()
            if kind is not None:
                name = f"{kind.name}.{node.name.value}"
                found.append((name, None))
                found.extend((name, argument.name.value) for argument in node.arguments or ())

    visit(parsed, TypeInfoVisitor(info, Fields()))
    return found


@pytest.mark.parametrize("kind", TOLD)
def test_every_status_of_the_schema_is_known(schema: GraphQLSchema, kind: str) -> None:
    told = schema.type_map[kind]
    assert isinstance(told, GraphQLEnumType)
    field = kind.removeprefix("Order")
    field = field[0].lower() + field[1:]
    for value in told.values:
        record = map_payload(Resource.ORDERS, order(**{field: value}), "camp.myshopify.com").records[0]
        assert isinstance(record, UnifiedOrder)
        assert record.warnings == (), value


def test_what_is_sent_fits_the_schema(schema: GraphQLSchema) -> None:
    """All that a sync, a push and a subscription send, with their values: inputs have names and types, too."""
    with a_shop(orders=60, days=20) as shop:
        told = conversation(shop)
    for name, variables in told:
        values = get_variable_values(schema, operation(parse(sent(name))).variable_definitions or (), variables)
        assert isinstance(values, VariableValues), f"{name}: {values}"
    # Lists are seldom so long that they go on; tests of nested pages ask for those.
    assert {name for name, _ in told} == set(NAMES) - {"BulkOrders", "OrderLines", "RefundLines", "InventoryLevels"}
    given = {key for _, variables in told for key in keys(variables)}
    inputs = [kind for kind in schema.type_map.values() if isinstance(kind, GraphQLInputObjectType)]
    # The input of a webhook stands in its document.
    assert {name for kind in inputs if not kind.name.startswith("Webhook") for name in kind.fields} <= given


def test_a_bulk_operation_is_run_with_a_query_that_holds(schema: GraphQLSchema) -> None:
    with a_shop(orders=10, days=5) as shop:
        queries = [variables["query"] for name, variables in conversation(shop) if name == "BulkRun"]
    assert [str(error) for query in queries for error in validate(schema, parse(query))] == []
    assert "updated_at:<'" in queries[0]


def conversation(shop: Shopfront) -> list[tuple[str, dict[str, Any]]]:
    """The operations of a day's work with their variables, as they went over the wire."""
    told: list[tuple[str, dict[str, Any]]] = []

    def listen(request: httpx.Request) -> None:
        if request.url.path.endswith("graphql.json"):
            body = json.loads(request.content)
            told.append((body["operationName"], body["variables"]))

    shop.http.event_hooks = {"request": [listen]}
    connection, _ = shop.open()
    window = Window(None, shop.sandbox.clock.now())
    connection.check()
    for resource in ShopifyConnector.resources:
        deque(connection.pages(resource, "", window), maxlen=0)
    deque(connection.first_load(Resource.ORDERS, "", window), maxlen=0)
    connection.read(Resource.ORDERS, "5000000001")
    sku = "CAMP-STEEL-MUG"
    assert [one.error for one in connection.push_stock([StockPush(sku, "1", 3, "stock-1")])] == [None]
    assert [one.error for one in connection.push_prices([PricePush(sku, Decimal("12.30"), "USD", "price-1")])] == [None]
    subscribe(connection.client, f"{shop.address}/hook")
    return told


def keys(value: Any) -> Iterator[str]:
    """All names in a value, however deep."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from keys(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from keys(inner)
