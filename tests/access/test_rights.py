"""Each role may do what it is there for, and nothing else: the whole table, written out."""

from __future__ import annotations

import pytest

from tradewind.commerce.access.rights import Caller, MissingScope, Role, Scope, expand, scopes_of

ROLES = (Role.ADMIN, Role.MANAGER, Role.ANALYST, Role.FULFILMENT, Role.VIEWER)
TABLE = {
    Scope.API_READ: "yes yes yes yes yes",
    Scope.API_WRITE: "yes yes no no no",
    Scope.CATALOG_WRITE: "yes yes no no no",
    Scope.STOCK_WRITE: "yes yes no yes no",
    Scope.ORDERS_WRITE: "yes yes no no no",
    Scope.ORDERS_FULFIL: "yes yes no yes no",
    Scope.ORDERS_REFUND: "yes yes no no no",
    Scope.CUSTOMERS_READ: "yes yes no yes no",
    Scope.CUSTOMERS_WRITE: "yes yes no no no",
    Scope.PROMOTIONS_WRITE: "yes yes no no no",
    Scope.SHOP_WRITE: "yes yes no no no",
    Scope.AUDIT_READ: "yes yes no no no",
    Scope.SQL_READ: "yes yes yes no no",
    Scope.SQL_WRITE: "yes no no no no",
    Scope.EVENTS_APPEND: "yes yes no no no",
    Scope.ADMIN: "yes no no no no",
}
CELLS = [
    (role, scope, word == "yes") for scope, row in TABLE.items() for role, word in zip(ROLES, row.split(), strict=True)
]


def test_the_table_has_every_role_and_every_scope() -> None:
    assert set(TABLE) == set(Scope)
    assert set(ROLES) == set(Role)


@pytest.mark.parametrize(("role", "scope", "may"), CELLS, ids=str)
def test_a_role_may_what_the_table_says(role: Role, scope: Scope, may: bool) -> None:
    caller = Caller("ada", scopes_of(role), role=role)
    if may:
        caller.need(scope)
        return
    with pytest.raises(MissingScope, match=f"ada has no right to do this: it needs the scope {scope}"):
        caller.need(scope)


@pytest.mark.parametrize("scope", Scope)
def test_a_scope_comes_with_all_that_it_includes(scope: Scope) -> None:
    """Included scopes bring their own: nobody may write orders and not read them."""
    held = expand([scope])

    assert scope in held
    assert expand(held) == held
