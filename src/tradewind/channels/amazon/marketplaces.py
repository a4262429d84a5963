"""Amazon's marketplaces: the region whose host serves them, their country and the currency of their prices."""

from __future__ import annotations

from dataclasses import dataclass

from tradewind.core.errors import InvalidInput

HOSTS = {
    "na": "https://sellingpartnerapi-na.amazon.com",
    "eu": "https://sellingpartnerapi-eu.amazon.com",
    "fe": "https://sellingpartnerapi-fe.amazon.com",
}


@dataclass(frozen=True, slots=True)
class Marketplace:
    id: str
    region: str
    country: str
    currency: str


_TABLE = """
ATVPDKIKX0DER na US USD
A2EUQ1WTGCTBG2 na CA CAD
A1AM78C64UM0Y8 na MX MXN
A2Q3Y263D00KWC na BR BRL
A1F83G8C2ARO7P eu GB GBP
A1PA6795UKMFR9 eu DE EUR
A13V1IB3VIYZZH eu FR EUR
APJ6JRA9NG5V4 eu IT EUR
A1RKKUPIHCS9HS eu ES EUR
A1805IZSGTT6HS eu NL EUR
A2NODRKZP88ZB9 eu SE SEK
A1C3SOZRARQ6R3 eu PL PLN
AMEN7PMS3EDWL eu BE EUR
A28R8C7NBKEWEA eu IE EUR
A33AVAJ2PDY3EV eu TR TRY
A2VIGQ35RCS4UG eu AE AED
ARBP9OOSHTCHU eu EG EGP
A21TJRUUN4KGV eu IN INR
A1VC38T7YXB528 fe JP JPY
A39IBJ37TRP1C6 fe AU AUD
A19VAU5U5O7RUS fe SG SGD
"""

MARKETPLACES = {row.split()[0]: Marketplace(*row.split()) for row in _TABLE.strip().splitlines()}
_BY_COUNTRY = {place.country: place for place in MARKETPLACES.values()} | {"UK": MARKETPLACES["A1F83G8C2ARO7P"]}


def default_currency(marketplace_id: str | None) -> str | None:
    """What a marketplace counts in; None for one that we do not know."""
    known = MARKETPLACES.get(marketplace_id or "")
    return known.currency if known else None


def parse_marketplaces(text: str) -> tuple[Marketplace, ...]:
    """Marketplaces from ids or countries, such as `US, CA`. Raises InvalidInput; all must be of one region."""
    places = {}
    for word in text.replace(",", " ").split():
        place = MARKETPLACES.get(word.upper()) or _BY_COUNTRY.get(word.upper())
        if place is None:
            raise InvalidInput(
                f"'{word}' is no Amazon marketplace that we know. Write countries or ids, such as US, CA.",
                field="marketplaces",
            )
        places[place.id] = place
    if not places:
        raise InvalidInput("Name at least one Amazon marketplace, such as US.", field="marketplaces")
    regions = {place.region for place in places.values()}
    if len(regions) > 1:
        raise InvalidInput(
            "These marketplaces are in several of Amazon's regions. Make one connection for each region:"
            " North and South America, Europe with the Middle East and India, or the Far East.",
            field="marketplaces",
        )
    return tuple(places.values())
