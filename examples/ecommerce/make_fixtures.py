"""Writes the fixtures of this example: the same rows every time.

A year of a small shop: a catalogue, deliveries to two stores, and what customers looked at and bought.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

FOLDER = Path(__file__).parent / "fixtures"
BEGIN = datetime(2025, 1, 6, 8, tzinfo=UTC)
GOODS = {
    "Garden": ["Trowel", "Watering can", "Secateurs", "Plant labels", "Hose reel", "Seed tray", "Rake", "Kneeling pad"],
    "Kitchen": ["Bread knife", "Colander", "Kettle", "Whisk", "Rolling pin", "Egg timer", "Salt mill", "Tea strainer"],
    "Office": ["Desk lamp", "Notebook", "Fountain pen", "Letter tray", "Pin board", "Ruler", "Hole punch", "Stapler"],
    "Travel": ["Rucksack", "Rain cape", "Thermos", "Head torch", "Travel mug", "Map case", "Neck pillow", "Padlock"],
}
STORES = ["harbour", "station"]


def main() -> None:
    chance = Random(20250106)  # noqa: S311 - made-up rows, the same every time
    products = list(catalogue(chance))
    write("products", products)
    write("warehouse_stock", deliveries(chance, [str(product["id"]) for product in products]))
    write("ecomm_events", visits(chance, [str(product["id"]) for product in products]))


def catalogue(chance: Random) -> Iterable[dict[str, object]]:
    for category, names in GOODS.items():
        for name in names:
            slug = name.lower().replace(" ", "-")
            cents = chance.randrange(250, 9_000, 5)
            yield {
                "id": f"{category[:3].upper()}-{slug}",
                "name": name,
                "category": category,
                "price": cents / 100,
                "photo": f"/photos/{slug}.webp",
            }


def deliveries(chance: Random, products: list[str]) -> Iterable[dict[str, object]]:
    """The last product of each shelf of eight is never delivered; every fifth one only in small numbers."""
    at = BEGIN
    for number in range(160):
        at += timedelta(minutes=chance.randrange(60, 3_000))
        place = number % len(products)
        if place % 8 == 7:
            continue
        amount = chance.randrange(4, 12) if place % 5 == 0 else chance.randrange(40, 90)
        yield {"timestamp": stamp(at), "product": products[place], "store": chance.choice(STORES), "amount": amount}


def visits(chance: Random, products: list[str]) -> Iterable[dict[str, object]]:
    at = BEGIN + timedelta(days=1)
    for number in range(1_500):
        at += timedelta(minutes=chance.randrange(5, 300))
        event = chance.choices(["view", "cart", "sale"], weights=[12, 3, 2])[0]
        place = min(int(chance.expovariate(1 / 9)), len(products) - 1)
        row: dict[str, object] = {
            "timestamp": stamp(at),
            "event": event,
            "product": products[place - 1 if place % 8 == 7 else place],
            "event_id": f"e{number:05}",
        }
        if event == "sale":
            row |= {"store": chance.choice(STORES), "quantity": chance.choice([1, 1, 1, 2, 3])}
        yield row


def stamp(at: datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M:%S")


def write(name: str, rows: Iterable[Mapping[str, object]]) -> None:
    FOLDER.mkdir(exist_ok=True)
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    (FOLDER / f"{name}.ndjson").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
