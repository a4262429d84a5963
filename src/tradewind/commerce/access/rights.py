"""Who may do what: the closed list of scopes, what roles include, and the identity of a caller."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from tradewind.core.errors import InvalidInput, NotPermitted


class Scope(StrEnum):
    """What somebody may do. `admin` includes all others, `api:write` all that runs the shop, every write its read."""

    API_READ = "api:read"
    """Look at everything but people."""
    API_WRITE = "api:write"
    CATALOG_WRITE = "catalog:write"
    STOCK_WRITE = "stock:write"
    """Adjust, count, transfer and buy stock."""
    ORDERS_WRITE = "orders:write"
    """Carts, orders, notes, edits, cancellations."""
    ORDERS_FULFIL = "orders:fulfil"
    """Shipments and returns."""
    ORDERS_REFUND = "orders:refund"
    CUSTOMERS_READ = "customers:read"
    """Names, addresses and all else that tells who somebody is."""
    CUSTOMERS_WRITE = "customers:write"
    PROMOTIONS_WRITE = "promotions:write"
    SHOP_WRITE = "shop:write"
    """Taxes and shipping methods."""
    AUDIT_READ = "audit:read"
    SQL_READ = "sql:read"
    SQL_WRITE = "sql:write"
    EVENTS_APPEND = "events:append"
    ADMIN = "admin"


class Role(StrEnum):
    """What a person is there for: everything, running the shop, its figures, its parcels, or looking on."""

    ADMIN = "admin"
    MANAGER = "manager"
    ANALYST = "analyst"
    FULFILMENT = "fulfilment"
    VIEWER = "viewer"


_SHOP = frozenset(
    {
        Scope.API_READ,
        Scope.CATALOG_WRITE,
        Scope.STOCK_WRITE,
        Scope.ORDERS_WRITE,
        Scope.ORDERS_FULFIL,
        Scope.ORDERS_REFUND,
        Scope.CUSTOMERS_READ,
        Scope.CUSTOMERS_WRITE,
        Scope.PROMOTIONS_WRITE,
        Scope.SHOP_WRITE,
    }
)
_INCLUDES = {
    Scope.ADMIN: frozenset(Scope),
    Scope.API_WRITE: _SHOP,
    Scope.CATALOG_WRITE: frozenset({Scope.API_READ}),
    Scope.STOCK_WRITE: frozenset({Scope.API_READ}),
    Scope.ORDERS_WRITE: frozenset({Scope.API_READ, Scope.CUSTOMERS_READ}),
    Scope.ORDERS_FULFIL: frozenset({Scope.API_READ, Scope.CUSTOMERS_READ}),
    Scope.ORDERS_REFUND: frozenset({Scope.API_READ}),
    Scope.CUSTOMERS_READ: frozenset({Scope.API_READ}),
    Scope.CUSTOMERS_WRITE: frozenset({Scope.API_READ, Scope.CUSTOMERS_READ}),
    Scope.PROMOTIONS_WRITE: frozenset({Scope.API_READ}),
    Scope.SHOP_WRITE: frozenset({Scope.API_READ}),
    Scope.SQL_WRITE: frozenset({Scope.SQL_READ}),
}
_OF_ROLE = {
    Role.ADMIN: (Scope.ADMIN,),
    Role.MANAGER: (Scope.API_WRITE, Scope.SQL_READ, Scope.EVENTS_APPEND, Scope.AUDIT_READ),
    Role.ANALYST: (Scope.API_READ, Scope.SQL_READ),
    Role.FULFILMENT: (Scope.ORDERS_FULFIL, Scope.STOCK_WRITE),
    Role.VIEWER: (Scope.API_READ,),
}


class MissingScope(NotPermitted):
    """We know who asks, and they may not."""

    code = "missing_scope"

    def __init__(self, name: str, scope: Scope, held: Iterable[Scope]) -> None:
        has = ", ".join(sorted(held)) or "none"
        super().__init__(f"{name} has no right to do this: it needs the scope {scope} and has {has}.")


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody whose proof was checked: a person with a session, or a program with a token."""

    name: str
    scopes: frozenset[Scope]
    """Everything allowed, included scopes written out."""
    user_id: str | None = None
    email: str | None = None
    role: Role | None = None
    session_id: str | None = None
    token_id: str | None = None

    def need(self, scope: Scope) -> None:
        """Raises MissingScope unless the caller may."""
        if scope not in self.scopes:
            raise MissingScope(self.name, scope, self.scopes)


def expand(scopes: Iterable[Scope]) -> frozenset[Scope]:
    """The scopes with all that they include."""
    held = frozenset(scopes)
    return held.union(*(_INCLUDES.get(scope, frozenset()) for scope in held))


def scopes_of(role: Role) -> frozenset[Scope]:
    return expand(_OF_ROLE[role])


def parse_role(text: str) -> Role:
    try:
        return Role(text.strip().lower())
    except ValueError as unknown:
        raise InvalidInput(f"'{text}' is not a role. Use one of: {', '.join(Role)}.", field="role") from unknown


def parse_scopes(texts: Iterable[str]) -> list[Scope]:
    """Scopes by name, each once; InvalidInput for an unknown one or for none at all."""
    scopes: list[Scope] = []
    for text in texts:
        try:
            scope = Scope(text.strip().lower())
        except ValueError as unknown:
            choices = ", ".join(Scope)
            raise InvalidInput(f"'{text}' is not a scope. Use one or more of: {choices}.", field="scope") from unknown
        if scope not in scopes:
            scopes.append(scope)
    if not scopes:
        raise InvalidInput(f"A token needs at least one scope. Use one or more of: {', '.join(Scope)}.", field="scope")
    return scopes
