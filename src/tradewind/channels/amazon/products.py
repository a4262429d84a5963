"""Listings with what the catalogue says of their ASIN, as products. Pure.

The payload is kept as `{"marketplaceId": …, "listing": …, "catalog": …}`; the catalogue's part may be missing.
"""

from __future__ import annotations

from tradewind.channels.amazon.values import Unbookable, moment, money, needed_text, part, parts, text
from tradewind.channels.contract import Mapped, Raw, Rejected
from tradewind.channels.surprises import rejects_surprises
from tradewind.channels.unified import UnifiedProduct

_BUYABLE = "BUYABLE"


@rejects_surprises
def product(raw: Raw) -> Mapped:
    """One SKU as it is listed in one marketplace; nothing where it is not listed there."""
    listing = raw.get("listing")
    sku = text(listing.get("sku")) if isinstance(listing, dict) else None
    place = text(raw.get("marketplaceId")) or ""
    try:
        found = _product(raw, place)
    except Unbookable as flaw:
        return Mapped(f"{sku}:{place}", raw, (), (Rejected(sku, flaw.flaw, str(flaw)),))
    return Mapped(f"{sku}:{place}", raw, (found,) if found else ())


def _product(raw: Raw, place: str) -> UnifiedProduct | None:
    listing = part(raw, "listing")
    sku = needed_text(listing.get("sku"), "sku")
    summary = _of(place, parts(listing, "summaries"))
    if summary is None:
        return None
    offer = next((row for row in _all_of(place, parts(listing, "offers")) if row.get("offerType") == "B2C"), None)
    price = money(offer.get("price"), "price") if offer else None
    catalog = part(raw, "catalog")
    known = _of(place, parts(catalog, "summaries")) or {}
    asin = text(summary.get("asin"))
    return UnifiedProduct(
        external_id=f"{sku}:{place}",
        sku=sku,
        title=text(summary.get("itemName")) or text(known.get("itemName")),
        brand=text(known.get("brand")),
        category=text(part(known, "browseClassification").get("displayName")),
        status="active" if _is_buyable(summary) else "inactive",
        price=price.amount if price else None,
        currency=price.currency if price else None,
        channel_updated_at=moment(summary.get("lastUpdatedDate"), "lastUpdatedDate"),
        url=f"https://www.amazon.com/dp/{asin}" if asin and place == "ATVPDKIKX0DER" else None,
    )


def _is_buyable(summary: Raw) -> bool:
    states = summary.get("status")
    return isinstance(states, list) and _BUYABLE in states


def asin_of(listing: Raw, place: str) -> str | None:
    """The ASIN under which a SKU is listed in a marketplace."""
    summary = _of(place, parts(listing, "summaries"))
    return text(summary.get("asin")) if summary else None


def _of(place: str, rows: list[Raw]) -> Raw | None:
    return next(iter(_all_of(place, rows)), None)


def _all_of(place: str, rows: list[Raw]) -> list[Raw]:
    return [row for row in rows if row.get("marketplaceId") == place]
