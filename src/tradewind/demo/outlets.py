"""The demo store's sales channels: how much each sells, to whom, from which shelf, and by which rules."""

from __future__ import annotations

from dataclasses import dataclass

from tradewind.demo.demand import IN_STORE, ONLINE, DayShape

MAIN, FBA = "main", "fba"
LOCATIONS = {MAIN: "Main warehouse", FBA: "Amazon fulfilment"}


@dataclass(frozen=True, slots=True)
class Outlet:
    """A channel of the demo store. Shares are of all orders, at the beginning and at the end of the history."""

    code: str
    name: str
    kind: str
    location: str
    share_first: float
    share_last: float
    countries: dict[str, int]
    methods: dict[str, int]
    fee_permille: int
    fee_fixed_cents: int = 0
    opens_at: float = 0.0
    """When it begins to sell, as a part of the history."""
    is_own: bool = False
    """Ours: its orders follow the state machine. Others' orders are as their channel tells them."""
    is_counter: bool = False
    """Sold over the counter: no shipping, mostly unknown customers, closed on Sundays."""
    is_foreign: bool = False
    """Sells in another currency than the store's, with tax on top of the price."""
    shipping_cents: int = 0
    free_shipping_cents: int = 0
    refund_share: float = 0.05
    review_share: float = 0.12

    @property
    def shape(self) -> DayShape:
        return IN_STORE if self.is_counter else ONLINE

    def share(self, progress: float, weekday: int) -> float:
        if progress < self.opens_at or (self.is_counter and weekday == 6):
            return 0.0
        return self.share_first + (self.share_last - self.share_first) * progress

    def order_number(self, count: int) -> str:
        """The number of its n-th order, in the channel's own style."""
        match self.code:
            case "amazon":
                return f"302-{4_000_000 + count // 10_000_000:07d}-{count * 7_919 % 10_000_000:07d}"
            case "shopify":
                return f"#{1000 + count}"
            case "walmart":
                return str(200_011_000_000_000 + count)
            case "pos":
                return f"POS-{count:07d}"
            case _:
                return f"TW-{100_000 + count}"


_EUROPE = {"DE": 46, "AT": 11, "FR": 10, "NL": 8, "CH": 6, "IT": 5, "ES": 4, "BE": 4, "PL": 3, "DK": 2, "SE": 1}
_CARDS = {"card": 46, "paypal": 34, "invoice": 12, "bank_transfer": 8}

OUTLETS = (
    Outlet(
        "amazon", "Amazon", "marketplace", FBA, 0.42, 0.34,
        {"DE": 44, "FR": 17, "IT": 14, "ES": 11, "NL": 5, "PL": 4, "BE": 3, "SE": 2}, {"amazon_pay": 1},
        fee_permille=150, refund_share=0.055, review_share=0.14,
    ),
    Outlet(
        "shop", "Own shop", "shop", MAIN, 0.20, 0.28, _EUROPE, _CARDS,
        fee_permille=19, fee_fixed_cents=25, is_own=True, shipping_cents=490,
        free_shipping_cents=5900, refund_share=0.045,
    ),
    Outlet(
        "shopify", "Shopify", "shop", MAIN, 0.18, 0.21, _EUROPE | {"GB": 9}, _CARDS,
        fee_permille=29, fee_fixed_cents=30, shipping_cents=590, free_shipping_cents=7900,
    ),
    Outlet(
        "walmart", "Walmart", "marketplace", MAIN, 0.10, 0.13, {"US": 84, "CA": 11, "MX": 5}, {"walmart_pay": 1},
        fee_permille=120, opens_at=0.22, is_foreign=True, shipping_cents=699,
        free_shipping_cents=3500, refund_share=0.06,
    ),
    Outlet(
        "pos", "City store", "pos", MAIN, 0.12, 0.08, {"DE": 1}, {"card": 60, "cash": 40},
        fee_permille=12, is_counter=True, refund_share=0.02, review_share=0.02,
    ),
)  # fmt: skip
OUTLET = {outlet.code: outlet for outlet in OUTLETS}


def own_share(elsewhere: frozenset[str]) -> float:
    """The part of all orders, by now, that comes through the other channels."""
    return sum(one.share_last for one in OUTLETS if one.code not in elsewhere) / sum(one.share_last for one in OUTLETS)
