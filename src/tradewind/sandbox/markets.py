"""How the three platforms differ as to what they sell where: the conditions under which a world is generated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Market:
    """A part of a channel with its own stream of orders. `weight` is its share among the channel's markets."""

    code: str
    currency: str
    country: str
    weight: int
    fulfillment: str
    """fba, fbm, wfs, seller, 3pl or merchant."""
    location: str
    """The place whose stock its sales come from."""
    keeper: str = "seller"


@dataclass(frozen=True, slots=True)
class Profile:
    """A channel's ways. Shares are per thousand of the orders."""

    markets: Sequence[Market]
    pending: int = 0
    """First pending: no money, no address."""
    cancelled: int = 40
    part_cancelled: int = 0
    """One unit of a line with several is never sent."""
    sent_in_parts: int = 80
    refunded: int = 30
    """The whole amount, all lines."""
    part_refunded: int = 40
    """One unit of the first line, of orders with more than one unit."""
    guests: int = 30
    is_accepted: bool = False
    """The seller acknowledges an order before it is sent."""
    zero_when_cancelled: bool = False
    """Amounts of cancelled orders become 0."""
    line_shipping: bool = True
    """Shipping is told per line, on the first; otherwise per order alone."""
    is_authorised_first: bool = False
    """Paid when all is sent; `authorized` before."""
    test_orders: int = 0
    replacements: int = 0
    commission_permille: int = 150
    fee_fixed_cents: int = 0


AMAZON_US, AMAZON_CA = "ATVPDKIKX0DER", "A2EUQ1WTGCTBG2"
SHOP = "tradewind-sandbox.myshopify.com"

PROFILES: Mapping[str, Profile] = {
    "amazon": Profile(
        markets=(
            Market(AMAZON_US, "USD", "US", 55, "fba", "FBA", "fba"),
            Market(AMAZON_US, "USD", "US", 30, "fbm", "MERCHANT"),
            Market(AMAZON_CA, "CAD", "CA", 15, "fba", "FBA", "fba"),
        ),
        pending=250,
    ),
    "shopify": Profile(
        markets=(
            Market(SHOP, "USD", "US", 80, "merchant", "gid://shopify/Location/1"),
            Market(SHOP, "USD", "CA", 20, "merchant", "gid://shopify/Location/2"),
        ),
        line_shipping=False,
        is_authorised_first=True,
        test_orders=5,
        commission_permille=29,
        fee_fixed_cents=30,
    ),
    "walmart": Profile(
        markets=(
            Market("SellerFulfilled", "USD", "US", 65, "seller", "100009"),
            Market("WFSFulfilled", "USD", "US", 25, "wfs", "WFS", "wfs"),
            Market("3PLFulfilled", "USD", "US", 10, "3pl", "100010"),
        ),
        part_cancelled=30,
        is_accepted=True,
        zero_when_cancelled=True,
        replacements=10,
    ),
}

CITIES: Mapping[str, Sequence[tuple[str, str, str]]] = {
    "US": (
        ("Austin", "TX", "73301"),
        ("Chicago", "IL", "60601"),
        ("Denver", "CO", "80202"),
        ("New York", "NY", "10001"),
        ("Portland", "OR", "97201"),
        ("Atlanta", "GA", "30301"),
    ),
    "CA": (("Toronto", "ON", "M5H 2N2"), ("Vancouver", "BC", "V5K 0A1"), ("Montréal", "QC", "H2Y 1C6")),
}


@dataclass(frozen=True, slots=True)
class Ware:
    """One SKU that all channels sell."""

    sku: str
    title: str
    cents: int
    brand: str = "Tradewind"
    category: str = "General"


_GOODS = """
Dome Tent 8990; Steel Mug 1290; Gas Stove 3990; Camp Lamp 2490; Sleeping Bag 7990; Folding Chair 3490; Cool Box 5990;
Water Filter 2990; Rain Poncho 1490; Trail Map 990; Head Torch 1990; Fire Starter 790; Hammock 4490; Camp Table 6490;
Trekking Poles 5490; Day Pack 4990; First Aid Kit 2290; Compass 1590; Bear Bell 590; Camp Pillow 1890
"""

WARES: Sequence[Ware] = tuple(
    Ware(f"CAMP-{name.upper().replace(' ', '-')}", name, int(cents), category="Camping")
    for name, cents in (good.strip().rsplit(" ", 1) for good in _GOODS.split(";"))
)
