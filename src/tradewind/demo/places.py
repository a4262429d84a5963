"""Where the demo store's parcels go: countries with their tax and some of their cities."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Country:
    """`tax_permille` is what the demo charges there; a city comes with its region."""

    code: str
    tax_permille: int
    cities: Sequence[tuple[str, str]]


def _country(code: str, tax_permille: int, cities: str) -> Country:
    pairs = [place.split("/") for place in cities.split(", ")]
    return Country(code, tax_permille, [(city, region) for city, region in pairs])


COUNTRIES = {
    country.code: country
    for country in (
        _country(
            "DE", 190, "Berlin/Berlin, Hamburg/Hamburg, Munich/Bavaria, Cologne/North Rhine-Westphalia, Leipzig/Saxony"
        ),
        _country("AT", 200, "Vienna/Vienna, Graz/Styria, Linz/Upper Austria, Salzburg/Salzburg"),
        _country("CH", 81, "Zurich/Zurich, Basel/Basel-Stadt, Bern/Bern"),
        _country(
            "FR", 200, "Paris/Île-de-France, Lyon/Auvergne-Rhône-Alpes, Nantes/Pays de la Loire, Lille/Hauts-de-France"
        ),
        _country("IT", 220, "Milan/Lombardy, Rome/Lazio, Turin/Piedmont, Bologna/Emilia-Romagna"),
        _country("ES", 210, "Madrid/Madrid, Barcelona/Catalonia, Valencia/Valencia, Seville/Andalusia"),
        _country("NL", 210, "Amsterdam/North Holland, Rotterdam/South Holland, Utrecht/Utrecht"),
        _country("BE", 210, "Brussels/Brussels, Antwerp/Flanders, Liège/Wallonia"),
        _country("PL", 230, "Warsaw/Masovia, Kraków/Lesser Poland, Gdańsk/Pomerania"),
        _country("SE", 250, "Stockholm/Stockholm, Gothenburg/Västra Götaland, Malmö/Scania"),
        _country("DK", 250, "Copenhagen/Capital Region, Aarhus/Central Jutland"),
        _country("GB", 200, "London/England, Manchester/England, Glasgow/Scotland, Cardiff/Wales"),
        _country("US", 70, "New York/NY, Chicago/IL, Austin/TX, Portland/OR, Denver/CO, Atlanta/GA, San Diego/CA"),
        _country("CA", 130, "Toronto/ON, Montréal/QC, Vancouver/BC"),
        _country("MX", 160, "Mexico City/CMX, Guadalajara/JAL, Monterrey/NLE"),
    )
}
