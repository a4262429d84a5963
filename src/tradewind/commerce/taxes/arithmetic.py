"""How much tax is on a sale: one sum per rate, rounded once and divided over its lines. Knows no database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tradewind.commerce.catalog.model import STANDARD_TAX
from tradewind.commerce.places import closeness, names_of
from tradewind.core.money import part_of, split

MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate in millionths: 190000 is 19 %."""

    name: str
    ppm: int
    is_on_shipping: bool = False


@dataclass(frozen=True, slots=True)
class Zone:
    """Where it is, whether prices there include tax, and the rate of each class of goods."""

    places: tuple[str, ...]
    prices_include_tax: bool
    rates: Mapping[str, Rate]

    def rate_of(self, tax_class: str) -> Rate | None:
        """The rate of a class, else that of `standard`; None where there is neither."""
        return self.rates.get(tax_class) or self.rates.get(STANDARD_TAX)

    @property
    def shipping_rate(self) -> Rate | None:
        return next((rate for rate in self.rates.values() if rate.is_on_shipping), None)


@dataclass(frozen=True, slots=True)
class RateAmount:
    """What one rate comes to: `taxed` is the sum without the tax."""

    name: str
    ppm: int
    taxed: int
    tax: int


@dataclass(frozen=True, slots=True)
class Taxes:
    """Minor units. `lines` is in the order of what was asked; Σ lines + shipping = Σ tax of `rates` = total."""

    lines: tuple[int, ...]
    line_ppm: tuple[int, ...]
    shipping: int
    rates: tuple[RateAmount, ...]

    @property
    def total(self) -> int:
        return sum(self.lines) + self.shipping


NOWHERE = Zone((), prices_include_tax=True, rates={})
"""Where no zone is laid down: no tax on anything."""


def zone_of(zones: Sequence[Zone], country: str | None, region: str | None) -> Zone:
    """The zone that names the place most closely, the first among equals."""
    names = names_of(country, region)
    found = [(distance, zone) for zone in zones if (distance := closeness(zone.places, names)) is not None]
    return min(found, key=lambda pair: pair[0], default=(0, NOWHERE))[1]


def taxes_on(zone: Zone, lines: Sequence[tuple[int, str]], shipping: int) -> Taxes:
    """Tax on lines, given as (worth after discounts, tax class), and on shipping. Nothing may be negative."""
    rates = [zone.rate_of(tax_class) for _, tax_class in lines]
    rates.append(zone.shipping_rate)
    worth = [amount for amount, _ in lines] + [shipping]
    tax = [0] * len(worth)
    shares: list[RateAmount] = []
    for rate in dict.fromkeys(rate for rate in rates if rate is not None and rate.ppm):
        # Two classes with one rate are one sum: the buyer sees one rate, and one amount for it.
        if any(share.ppm == rate.ppm for share in shares):
            continue
        members = [index for index, other in enumerate(rates) if other is not None and other.ppm == rate.ppm]
        whole = sum(worth[index] for index in members)
        if not whole:
            continue
        if zone.prices_include_tax:
            amount = part_of(whole, rate.ppm, MILLION + rate.ppm)
            net = whole - amount
        else:
            amount, net = part_of(whole, rate.ppm, MILLION), whole
        for index, share in zip(members, split(amount, [worth[index] for index in members]), strict=True):
            tax[index] = share
        shares.append(RateAmount(rate.name, rate.ppm, net, amount))
    return Taxes(
        lines=tuple(tax[:-1]),
        line_ppm=tuple(rate.ppm if rate is not None else 0 for rate in rates[:-1]),
        shipping=tax[-1],
        rates=tuple(sorted(shares, key=lambda share: -share.ppm)),
    )
