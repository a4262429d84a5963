"""The catalogue as a file, out and in: CSV or JSON lines, with one row per SKU.

An import takes what a row says and leaves what it does not say alone; a row that cannot be is refused with its
number, its field and why, and the others are booked. The same file again changes nothing.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, cast

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from tradewind.commerce.access.audit import Actor, Change, record
from tradewind.commerce.booking import chunks
from tradewind.commerce.catalog.categories import SEPARATOR, ensure_categories
from tradewind.commerce.catalog.model import Product, ProductKind, ProductStatus
from tradewind.commerce.catalog.products import (
    ProductValues,
    add_variants,
    create_product,
    lock_product,
    update_product,
)
from tradewind.commerce.catalog.service import NewProduct, check_product, put_products
from tradewind.commerce.catalog.store import ProductFilter, all_products
from tradewind.core.errors import Conflict, InvalidInput
from tradewind.core.ids import new_id
from tradewind.core.money import micros_to_decimal, parse_decimal, to_decimal

COLUMNS = (
    "sku",
    "parent_sku",
    "kind",
    "name",
    "category",
    "brand",
    "status",
    "currency",
    "price",
    "unit_cost",
    "tax_class",
    "weight_grams",
    "barcode",
    "options",
    "attributes",
    "description",
)
MOST_ROWS = 100_000
MOST_ERRORS = 1_000
"""That a report tells; it counts them all."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class FileFormat(StrEnum):
    CSV = "csv"
    JSONL = "jsonl"


@dataclass(frozen=True, slots=True)
class RowError:
    """Why a row was refused. `row` counts from 1, a CSV's header apart."""

    row: int
    sku: str | None
    field: str | None
    message: str


@dataclass(slots=True)
class ImportReport:
    rows: int = 0
    created: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0
    errors: list[RowError] = field(default_factory=list)
    """The first 1,000."""

    def refuse(self, row: int, sku: str | None, error: InvalidInput | Conflict) -> None:
        self.refused += 1
        if len(self.errors) < MOST_ERRORS:
            place = error.field if isinstance(error, InvalidInput) else "sku"
            self.errors.append(RowError(row, sku, place, str(error)))


def import_products(
    tx: Session, content: bytes, file_format: FileFormat, *, actor: Actor, now: datetime
) -> ImportReport:
    """Creates and changes products from a file. Raises InvalidInput only for what is no such file at all."""
    report = ImportReport()
    plain: list[NewProduct] = []
    families: list[tuple[int, dict[str, Any]]] = []
    seen: dict[str, int] = {}
    for number, row in _rows(content, file_format):
        report.rows += 1
        sku = str(row.get("sku") or "").strip()
        try:
            if sku in seen:
                raise InvalidInput(f"The SKU stands in row {seen[sku]} already.", field="sku")
            if row.get("parent_sku") or row.get("kind") == ProductKind.GROUP:
                _named(sku)
                families.append((number, row))
            else:
                product = _product(sku, row)
                check_product(product)
                plain.append(product)
            seen[sku] = number
        except InvalidInput as refused:
            report.refuse(number, sku or None, refused)
    for part in chunks(plain):
        done = put_products(tx, part, now=now)
        report.created += done.created
        report.changed += done.changed
        report.unchanged += len(part) - done.created - done.changed
    _import_families(tx, families, report, actor=actor, now=now)
    told = {"rows": report.rows, "created": report.created, "changed": report.changed, "refused": report.refused}
    record(tx, actor, Change("catalog.import", new_id(), None, told), now=now)
    return report


def export_products(tx: Session, file_format: FileFormat, chosen: ProductFilter) -> Iterator[bytes]:
    """The file in pieces, the oldest product first; groups come before their variants."""
    if file_format is FileFormat.CSV:
        yield _csv([COLUMNS])
    for rows in all_products(tx, chosen):
        parents = {row.Product.parent_id for row in rows if row.Product.parent_id}
        skus = {
            found.id: found.sku
            for part in chunks(sorted(parents))
            for found in tx.execute(select(Product.id, Product.sku).where(Product.id.in_(part)))
        }
        told = [_told(row.Product, row.path, skus.get(row.Product.parent_id or "")) for row in rows]
        if file_format is FileFormat.CSV:
            yield _csv([_cell(row[name]) for name in COLUMNS] for row in told)
        else:
            yield b"".join(orjson.dumps(row, default=_exact) + b"\n" for row in told)


def _rows(content: bytes, file_format: FileFormat) -> Iterator[tuple[int, dict[str, Any]]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        raise InvalidInput(f"The file is not UTF-8: byte {wrong.start} cannot be read.", field="body") from wrong
    rows = _csv_rows(text) if file_format is FileFormat.CSV else _json_rows(text)
    for number, row in enumerate(rows, 1):
        if number > MOST_ROWS:
            raise InvalidInput(f"A file has up to {MOST_ROWS} rows. Send it in parts.", field="body")
        yield number, row


def _csv_rows(text: str) -> Iterator[dict[str, Any]]:
    head = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";" if head.count(";") > head.count(",") else ",")
    try:
        names = [name.strip().lower() for name in next(reader, [])]
        if unknown := set(names) - set(COLUMNS):
            raise InvalidInput(
                f"The columns {', '.join(sorted(unknown))[:200]} are not known. Known are: {', '.join(COLUMNS)}.",
                field="body",
            )
        if "sku" not in names or len(set(names)) < len(names):
            raise InvalidInput("The first line names the columns, each once, and one of them is sku.", field="body")
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield {name: _text(cell) for name, cell in zip(names, cells, strict=False) if cell.strip()}
    except csv.Error as wrong:
        raise InvalidInput(f"Line {reader.line_num} is not CSV: {wrong}.", field="body") from wrong


def _json_rows(text: str) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = orjson.loads(line)
        except orjson.JSONDecodeError as wrong:
            raise InvalidInput(f"Line {number} is not JSON: {wrong}.", field="body") from wrong
        if not isinstance(row, dict):
            raise InvalidInput(f"Line {number} is not a JSON object.", field="body")
        if unknown := row.keys() - set(COLUMNS):
            raise InvalidInput(
                f"Line {number} has keys that are not known: {', '.join(sorted(unknown))[:200]}.", field="body"
            )
        yield {name: value for name, value in row.items() if value is not None and value != ""}


def _text(cell: str) -> str:
    """The cell as it was before an export kept a spreadsheet from taking it for a formula."""
    return cell[1:] if cell.startswith("'") and cell.lstrip("'").startswith(_FORMULA) else cell


def _named(sku: str) -> None:
    if not sku:
        raise InvalidInput("A row needs a SKU: the id under which the product is stocked and counted.", field="sku")


def _product(sku: str, row: Mapping[str, Any]) -> NewProduct:
    _named(sku)
    if row.get("options"):
        raise InvalidInput("Options belong to groups (kind) and to variants (parent_sku).", field="options")
    return NewProduct(
        sku=sku,
        name=_str(row, "name"),
        kind=_choice(row, "kind", ProductKind) or ProductKind.GOOD,
        category=_path(row),
        brand=_str(row, "brand"),
        currency=_str(row, "currency"),
        price=_decimal(row, "price"),
        unit_cost=_decimal(row, "unit_cost"),
        weight_grams=_int(row, "weight_grams"),
        description=_str(row, "description"),
        status=_choice(row, "status", ProductStatus),
        barcode=_str(row, "barcode"),
        tax_class=_str(row, "tax_class"),
        attributes=_object(row, "attributes"),
    )


def _import_families(
    tx: Session, rows: Iterable[tuple[int, dict[str, Any]]], report: ImportReport, *, actor: Actor, now: datetime
) -> None:
    """Groups first, then variants, one by one: few files have many of them."""
    for number, row in sorted(rows, key=lambda one: (bool(one[1].get("parent_sku")), one[0])):
        sku = str(row["sku"]).strip()
        try:
            # A savepoint: what a refused row had begun is undone, and the rows before it stay.
            with tx.begin_nested():
                effect = _import_member(tx, sku, row, actor=actor, now=now)
            setattr(report, effect, getattr(report, effect) + 1)
        except (InvalidInput, Conflict) as refused:
            report.refuse(number, sku, refused)


def _import_member(tx: Session, sku: str, row: Mapping[str, Any], *, actor: Actor, now: datetime) -> str:
    values = _values(tx, sku, row, now)
    known = tx.scalar(select(Product.id).where(Product.sku == sku))
    if known is not None:
        product = lock_product(tx, known)
        if (product.kind == ProductKind.GROUP) != (row.get("kind") == ProductKind.GROUP):
            raise InvalidInput(f"Product {sku} is known as a {product.kind}; that cannot change.", field="kind")
        return "changed" if update_product(tx, product, values, actor=actor, now=now) else "unchanged"
    if not row.get("parent_sku"):
        create_product(tx, values, kind=ProductKind.GROUP, actor=actor, now=now)
        return "created"
    group = tx.scalar(select(Product.id).where(Product.sku == str(row["parent_sku"]).strip()))
    if group is None:
        raise InvalidInput(f"There is no product {str(row['parent_sku'])[:40]} to be the group.", field="parent_sku")
    add_variants(tx, lock_product(tx, group), [values], actor=actor, now=now)
    return "created"


def _values(tx: Session, sku: str, row: Mapping[str, Any], now: datetime) -> ProductValues:
    path = _path(row)
    told = {
        "sku": sku,
        "name": _str(row, "name"),
        "description": _str(row, "description"),
        "category_id": ensure_categories(tx, {path}, now=now)[path] if path else None,
        "brand": _str(row, "brand"),
        "attributes": _object(row, "attributes"),
        "options": _object(row, "options"),
        "barcode": _str(row, "barcode"),
        "weight_grams": _int(row, "weight_grams"),
        "tax_class": _str(row, "tax_class"),
        "status": _choice(row, "status", ProductStatus),
        "currency": _str(row, "currency"),
        "price": _decimal(row, "price"),
        "unit_cost": _decimal(row, "unit_cost"),
    }
    return cast(ProductValues, {name: value for name, value in told.items() if value is not None})


def _str(row: Mapping[str, Any], name: str) -> str | None:
    value = row.get(name)
    if value is None or isinstance(value, str):
        return value.strip() or None if isinstance(value, str) else None
    raise InvalidInput(f"The {name} has to be a text.", field=name)


def _path(row: Mapping[str, Any]) -> str | None:
    path = _str(row, "category")
    if path is None:
        return None
    parts = [" ".join(part.split()) for part in path.split(SEPARATOR.strip())]
    if not all(parts):
        raise InvalidInput("A category is written as the names from the root down: Home / Kitchen.", field="category")
    return SEPARATOR.join(parts)


def _decimal(row: Mapping[str, Any], name: str) -> Decimal | None:
    value = row.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise InvalidInput(f"The {name} has to be a number.", field=name)
    return parse_decimal(str(value), field=name)


def _int(row: Mapping[str, Any], name: str) -> int | None:
    value = _decimal(row, name)
    if value is None:
        return None
    if value != value.to_integral_value() or abs(value) > 10**12:
        raise InvalidInput(f"The {name} has to be a whole number.", field=name)
    return int(value)


def _choice(row: Mapping[str, Any], name: str, choices: Any) -> Any:
    value = _str(row, name)
    if value is None:
        return None
    try:
        return choices(value.lower())
    except ValueError as unknown:
        raise InvalidInput(
            f"'{value[:40]}' is not a {name}. Use one of: {', '.join(choices)}.", field=name
        ) from unknown


def _object(row: Mapping[str, Any], name: str) -> dict[str, Any] | None:
    value = row.get(name)
    if isinstance(value, str):
        try:
            value = orjson.loads(value)
        except orjson.JSONDecodeError:
            value = ""
    if value is None or isinstance(value, dict):
        return value
    raise InvalidInput(f'The {name} have to be a JSON object, for example {{"Colour": "red"}}.', field=name)


def _told(product: Product, path: str | None, parent_sku: str | None) -> dict[str, Any]:
    price, cost, currency = product.price_minor, product.cost_micros, product.currency
    return {
        "sku": product.sku,
        "parent_sku": parent_sku,
        "kind": product.kind,
        "name": product.name,
        "category": path,
        "brand": product.brand,
        "status": product.status,
        "currency": currency,
        "price": to_decimal(price, currency) if price is not None and currency else None,
        "unit_cost": None if cost is None else micros_to_decimal(cost),
        "tax_class": product.tax_class,
        "weight_grams": product.weight_grams,
        "barcode": product.barcode,
        "options": product.options or None,
        "attributes": product.attributes or None,
        "description": product.description or None,
    }


def _cell(value: Any) -> Any:
    if isinstance(value, dict):
        return orjson.dumps(value).decode()
    # A spreadsheet would run what begins so.
    return f"'{value}" if isinstance(value, str) and value.lstrip("'").startswith(_FORMULA) else value


def _csv(rows: Iterable[Iterable[Any]]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()


def _exact(value: object) -> Any:
    if isinstance(value, Decimal):
        return orjson.Fragment(format(value, "f"))
    raise TypeError(f"{type(value).__name__} has no form in a file")
