"""How carts are named outside: a guest's by its id with our signature, a customer's by its id alone.

Whoever has a guest's reference may use that cart, so nobody may be able to make one up: ids alone are opaque,
but made one after another.
"""

from __future__ import annotations

import base64
import hashlib
import hmac

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from tradewind.commerce.carts.model import Cart
from tradewind.core.errors import NotFound
from tradewind.core.prepared import Prepared

_SIGNATURE_BYTES = 16
_OWNER = Prepared(select(Cart.customer_id).where(Cart.id == bindparam("of_cart")))
REFERENCE_PATTERN = r"^[0-9a-z]{26}(\.[A-Za-z0-9_-]{22})?$"


class CartReferences:
    """Signs and checks with a key of its own, made from the store's secret."""

    def __init__(self, secret: str) -> None:
        self._key = hmac.digest(secret.encode(), b"tradewind guest cart", hashlib.sha256)

    def of(self, cart_id: str, customer_id: str | None) -> str:
        """The name under which callers know the cart."""
        return cart_id if customer_id is not None else f"{cart_id}.{self._signature(cart_id)}"

    def cart_id(self, tx: Session, reference: str) -> str:
        """The cart that a reference names. A wrong signature, or none where there has to be one, is not found."""
        cart_id, _, signature = reference.partition(".")
        is_signed = hmac.compare_digest(signature.encode(), self._signature(cart_id).encode())
        found = _OWNER.first(tx, of_cart=cart_id)
        if found is None or not (is_signed or (found.customer_id is not None and not signature)):
            raise NotFound("There is no such cart. Use the `cart_id` of the answer in which it was begun.")
        return cart_id

    def _signature(self, cart_id: str) -> str:
        signature = hmac.digest(self._key, cart_id.encode(), hashlib.sha256)[:_SIGNATURE_BYTES]
        return base64.urlsafe_b64encode(signature).decode().rstrip("=")
