"""Places that goods go to, as zones and shipping methods name them: a country (`DE`) or a region of one (`US-CA`)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from tradewind.core.errors import InvalidInput

MAX_PLACES = 1_000
_PLACE = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?")


def check_places(places: Iterable[str], *, field: str = "places") -> list[str]:
    """The places in upper case, each once; InvalidInput for one that has another form."""
    found: dict[str, None] = {}
    for place in places:
        code = place.strip().upper()
        if not _PLACE.fullmatch(code):
            raise InvalidInput(
                f"'{place[:40]}' is not a place. Use a country (ISO 3166-1) such as DE,"
                " or a region (ISO 3166-2) such as US-CA.",
                field=field,
            )
        found[code] = None
    if len(found) > MAX_PLACES:
        raise InvalidInput(f"There are {len(found)} places; a list may have {MAX_PLACES}.", field=field)
    return list(found)


def check_country(country: str | None, *, field: str = "country") -> str | None:
    """A country's code in upper case; InvalidInput for anything else."""
    if country is None or not country.strip():
        return None
    code = country.strip().upper()
    if not re.fullmatch(r"[A-Z]{2}", code):
        raise InvalidInput(f"'{country[:40]}' is not a country. Use two letters (ISO 3166-1), such as DE.", field=field)
    return code


def names_of(country: str | None, region: str | None) -> tuple[str, ...]:
    """Under which names lists may hold a place, the closest first. A region is `CA`, or `US-CA` written out."""
    if country is None:
        return ()
    if region is None or not region.strip():
        return (country,)
    code = region.strip().upper()
    return (code if code.startswith(f"{country}-") else f"{country}-{code}", country)


def closeness(places: Sequence[str], names: Sequence[str]) -> int | None:
    """How closely a list names a place: 0 is the closest, an empty list (everywhere) the farthest; None: not at all."""
    if not places:
        return len(names)
    return next((distance for distance, name in enumerate(names) if name in places), None)
