"""Country codes and the English names that files use for them, from the time-zone database's ISO 3166 list."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

# Other names in common use, and one code that shops use before ISO has one.
_ALSO = {
    "GB": ("uk", "united kingdom", "great britain", "england", "scotland", "wales", "northern ireland"),
    "US": ("usa", "u.s.", "u.s.a.", "united states of america"),
    "KR": ("korea", "south korea", "republic of korea"),
    "KP": ("north korea",),
    "CZ": ("czechia",),
    "IE": ("republic of ireland",),
    "NL": ("holland", "the netherlands"),
    "RU": ("russian federation",),
    "VN": ("viet nam",),
    "AE": ("uae",),
    "BA": ("bosnia and herzegovina",),
    "TR": ("türkiye", "turkiye"),
    "CI": ("ivory coast",),
    "TW": ("taiwan, province of china",),
    "HK": ("hong kong sar",),
    "MK": ("macedonia",),
    "CD": ("democratic republic of the congo",),
    "CG": ("congo",),
    "TT": ("trinidad and tobago",),
    "GR": ("el",),
    "BR": ("brasil",),
    "DE": ("deutschland",),
    "ES": ("españa",),
    "IT": ("italia",),
    "AT": ("österreich",),
    "XK": ("kosovo",),
}


@lru_cache(maxsize=1)
def _codes() -> dict[str, str]:
    """Codes by code and by name, both case-folded."""
    text = (files("tzdata") / "zoneinfo" / "iso3166.tab").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
    found = {name.casefold(): code for code, name in rows}
    found |= {"czech republic": "CZ"} | {name: code for code, names in _ALSO.items() for name in names}
    return found | {code.casefold(): code for code, _ in rows} | {"xk": "XK"}


def country_code(text: str) -> str | None:
    """The two-letter code of a country given by code or English name; None for one we do not know."""
    return _codes().get(text.strip().casefold())
