"""The catalogue as a file, out and in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

from fastapi import Depends, Query, Request, Response
from fastapi.responses import StreamingResponse
from sqlalchemy.orm import Session

from tradewind.api.problems import SIGNED_IN, problems
from tradewind.api.routing import Router
from tradewind.api.schemas.products import ImportOut
from tradewind.api.security import READS, ServicesDep
from tradewind.api.wire import answer
from tradewind.api.writing import WRITES, Writer, writer_with
from tradewind.commerce.access.rights import Scope
from tradewind.commerce.catalog.exchange import FileFormat, ImportReport, export_products, import_products
from tradewind.commerce.catalog.model import ProductStatus
from tradewind.commerce.catalog.store import ProductFilter
from tradewind.core.database import Database

router = Router("/products", tags=["products"])

CatalogWriter = Annotated[Writer, Depends(writer_with(Scope.CATALOG_WRITE))]
Format = Annotated[FileFormat, Query(description="csv with a header, or one JSON object per line.")]
_TYPES = {FileFormat.CSV: "text/csv; charset=utf-8", FileFormat.JSONL: "application/x-ndjson"}
_FILE: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "text/csv": {"schema": {"type": "string"}, "example": "sku,name,currency,price\nMUG,Mug,EUR,9.90\n"},
            "application/x-ndjson": {"schema": {"type": "string"}},
        },
    }
}


class _Undone(Exception):
    """Carries the report of a dry run out of the transaction that it was made in."""

    def __init__(self, report: ImportReport) -> None:
        super().__init__()
        self.report = report


async def _content(request: Request, _: CatalogWriter) -> bytes:
    return await request.body()


@router.get(
    "/export",
    dependencies=[READS],
    response_class=Response,
    responses={
        200: {
            "content": {
                "text/csv": {"schema": {"type": "string"}},
                "application/x-ndjson": {"schema": {"type": "string"}},
            },
            "description": "The file.",
        },
        **problems(*SIGNED_IN),
    },
)
def export_catalog(
    services: ServicesDep,
    format: Format = FileFormat.CSV,  # noqa: A002 (the parameter's name on the wire)
    status: Annotated[list[ProductStatus], Query(max_length=3, description="Only these; none named: all.")] = [],
) -> Response:
    """All products as a file, the oldest first, without a limit. Cells that a spreadsheet would run begin with '."""
    chosen = ProductFilter(statuses=tuple(status), with_variants=True)
    headers = {"Content-Disposition": f'attachment; filename="products.{format}"'}
    return StreamingResponse(_pieces(services.platform.database, format, chosen), 200, headers, _TYPES[format])


@router.post("/import", response_model=ImportOut, responses=problems(*WRITES), openapi_extra=_FILE)
def import_catalog(
    services: ServicesDep,
    writer: CatalogWriter,
    content: Annotated[bytes, Depends(_content)],
    format: Format = FileFormat.CSV,  # noqa: A002 (the parameter's name on the wire)
    dry_run: Annotated[bool, Query(description="Says what would happen, and changes nothing.")] = False,
) -> Response:
    """Creates and changes products by SKU. Rows that cannot be are refused one by one; the others are booked."""

    def work(tx: Session) -> ImportReport:
        return import_products(tx, content, format, actor=writer.actor, now=writer.now)

    if dry_run:
        return answer(_out(_rehearsed(services.platform.database, work), is_dry_run=True))
    return writer.once(lambda tx: _out(work(tx), is_dry_run=False))


def _rehearsed(database: Database, work: Any) -> ImportReport:
    try:
        with database.write(alone=True) as tx:
            raise _Undone(work(tx))
    except _Undone as undone:
        return undone.report


def _out(report: ImportReport, *, is_dry_run: bool) -> ImportOut:
    return ImportOut.model_validate(
        {
            "is_dry_run": is_dry_run,
            "rows": report.rows,
            "created": report.created,
            "changed": report.changed,
            "unchanged": report.unchanged,
            "refused": report.refused,
            "errors": report.errors,
        }
    )


def _pieces(database: Database, file_format: FileFormat, chosen: ProductFilter) -> Iterator[bytes]:
    with database.read() as tx:
        yield from export_products(tx, file_format, chosen)
