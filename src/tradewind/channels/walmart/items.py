"""An item of the catalogue as a product that is listed."""

from __future__ import annotations

import json

from tradewind.channels.contract import Mapped, Raw, Rejected
from tradewind.channels.unified import UnifiedProduct
from tradewind.channels.walmart.values import Unusable, amount, currency, part, text

_UNSORTED = "UNNAV"
_GONE = frozenset({"ARCHIVED", "RETIRED"})


def map_item(raw: Raw) -> Mapped:
    sku = text(raw.get("sku"))
    try:
        if sku is None:
            raise Unusable("no_id", "The item has no SKU.")
        product = UnifiedProduct(
            external_id=text(raw.get("wpid")) or sku,
            sku=sku,
            title=text(raw.get("productName")),
            category=_category(raw),
            status=_status(raw),
            price=amount(part(raw, "price", "amount"), f"The price of {sku}"),
            currency=currency(part(raw, "price", "currency")),
        )
        return Mapped(sku, raw, (product,))
    except Unusable as unusable:
        return Mapped(sku or "", raw, (), (Rejected(sku, unusable.code, str(unusable)),))


def _status(raw: Raw) -> str:
    """`active` only where buyers see it."""
    if text(raw.get("lifecycleStatus")) in _GONE:
        return "archived"
    return "active" if text(raw.get("publishedStatus")) == "PUBLISHED" else "inactive"


def _category(raw: Raw) -> str | None:
    """The last step of the shelf, which is JSON inside JSON; else the type of product."""
    shelf = text(raw.get("shelf"))
    if shelf is not None:
        try:
            steps = json.loads(shelf)
        except ValueError:
            steps = None
        if isinstance(steps, list) and steps and steps[-1] != _UNSORTED:
            return text(steps[-1])
    return text(raw.get("productType"))
