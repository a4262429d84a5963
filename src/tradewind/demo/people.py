"""The demo store's customers: invented people, each told by a number, so that none has to be remembered."""

from __future__ import annotations

from functools import lru_cache
from random import Random

from tradewind.commerce.customers.service import NewCustomer
from tradewind.core.chance import mark, pick, stream
from tradewind.demo.outlets import OUTLET
from tradewind.demo.places import COUNTRIES

_FIRST_BEGIN = "Al Be Ca Da El Fa Ga Hel I Jo Ka Le Ma No O Pe Ra Sa Ti Vi".split()
_FIRST_END = "bina don lia mar mira na nelle rian rik rin ron sha tan vin wen zia".split()
_LAST_BEGIN = "Al Bran Col Der Eck Fen Grim Hal Ives Kel Lind Mor Nor Os Pel Ros Sten Thal Wes Zan".split()
_LAST_END = "bach berg dale den dorf feld ford gren holm ling mann mont now sen stad well".split()

RETURNING = 0.70
"""The share of orders that come from somebody who has bought before: 6,000 customers at 20,000 orders."""


@lru_cache(maxsize=8192)
def customer(seed: int, channel: str, number: int) -> NewCustomer:
    """The n-th customer of a channel, always the same person."""
    bits = mark(seed, "customer", channel, number)
    first_begin, bits = pick(bits, _FIRST_BEGIN)
    first_end, bits = pick(bits, _FIRST_END)
    last_begin, bits = pick(bits, _LAST_BEGIN)
    last_end, bits = pick(bits, _LAST_END)
    first, last = first_begin + first_end, last_begin + last_end
    weights = OUTLET[channel].countries
    country = stream(bits, "country").choices(list(weights), list(weights.values()))[0]
    (city, region), _ = pick(bits, COUNTRIES[country].cities)
    return NewCustomer(
        external_id=f"{channel}-c{number:06d}",
        email=f"{first}.{last}.{channel}{number}@example.com".lower(),
        name=f"{first} {last}",
        country=country,
        region=region,
        city=city,
    )


def buyer(rng: Random, known: int) -> int:
    """The number of whoever buys next: `known` is somebody new, a smaller number has bought before.

    One in eight customers is a regular who comes back again and again; of the others the recent ones are
    the likeliest.
    """
    if known < 8 or rng.random() >= RETURNING:
        return known
    if rng.random() < 0.4:
        return 8 * rng.randrange(known // 8)
    return known - 1 - int(known * rng.random() ** 2.2)
