"""Pictures of products: uploaded with a right, served to everybody who knows their address.

An address is made from the digest of what it serves: nobody guesses one, and every cache may keep it for ever.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import Depends, Path, Query, Request, Response
from sqlalchemy.orm import Session
from starlette.datastructures import UploadFile

from tradewind.api.problems import problems
from tradewind.api.routing import Router
from tradewind.api.schemas.products import ID, MEDIA, PLAIN, MediaOut, MediaPatch
from tradewind.api.security import ServicesDep
from tradewind.api.writing import WRITES, Changed, Writer, writer_with
from tradewind.commerce.access.rights import Scope
from tradewind.commerce.catalog import media as use
from tradewind.commerce.catalog.loose_media import loosen
from tradewind.commerce.catalog.media import MediaView
from tradewind.commerce.catalog.media_store import open_media
from tradewind.commerce.catalog.model import Product
from tradewind.commerce.catalog.pictures import TYPES, read_picture
from tradewind.commerce.catalog.products import lock_product
from tradewind.core.errors import InvalidInput, NotFound

router = Router(tags=["products"])

CatalogWriter = Annotated[Writer, Depends(writer_with(Scope.CATALOG_WRITE))]
ProductId = Annotated[str, Path(pattern=ID)]
MediaId = Annotated[str, Path(pattern=ID)]
_CHANGES = problems(*WRITES, NotFound, Changed)
_FOREVER = {"Cache-Control": "public, max-age=31536000, immutable", "Cross-Origin-Resource-Policy": "cross-origin"}
_BINARY = {"schema": {"type": "string", "format": "binary"}}
_UPLOAD: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "image/*": _BINARY,
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {"file": {"type": "string", "format": "binary"}},
                }
            },
        },
    }
}


async def uploaded(request: Request, _: CatalogWriter) -> bytes:
    """The bytes of the body or, of a form, of its part `file`. Nothing is read before the caller's right is known."""
    body = await request.body()
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        return body
    async with request.form(max_files=1, max_fields=10) as form:
        part = form.get("file")
        if not isinstance(part, UploadFile):
            raise InvalidInput("The form has no part 'file' with a picture.", field="file")
        return await part.read()


@router.post(
    "/products/{product_id}/media",
    status_code=201,
    response_model=MediaOut,
    responses=_CHANGES,
    openapi_extra=_UPLOAD,
)
def add_product_media(
    services: ServicesDep,
    writer: CatalogWriter,
    product_id: ProductId,
    content: Annotated[bytes, Depends(uploaded)],
    alt: Annotated[str, Query(max_length=500, pattern=PLAIN, description="What the picture shows.")] = "",
) -> Response:
    """Adds a picture: JPEG, PNG, WebP or GIF, up to 10 MB and 50 million pixels. The camera's notes are taken off."""
    picture = read_picture(content)
    media = open_media(services.platform.settings)
    # Before the transaction: bytes that no picture points at are deleted in time, the reverse would be for ever.
    with services.platform.database.write() as tx:
        loosen(tx, picture.key, now=writer.now)
    for key, copy in picture.files.items():
        media.put(key, copy, picture.content_type)

    def work(tx: Session) -> MediaOut:
        row = _hold(tx, writer, product_id)
        return media_out(use.add_media(tx, row, picture, alt=alt, actor=writer.actor, now=writer.now))

    return writer.once(work, status=201)


@router.patch("/products/{product_id}/media/{media_id}", response_model=MediaOut, responses=_CHANGES)
def change_product_media(writer: CatalogWriter, product_id: ProductId, media_id: MediaId, body: MediaPatch) -> Response:
    """Describes a picture, or puts it in another place. If-Match names the version of the product."""

    def work(tx: Session) -> MediaOut:
        row = _hold(tx, writer, product_id)
        changed = use.change_media(
            tx, row, media_id, alt=body.alt, position=body.position, actor=writer.actor, now=writer.now
        )
        return media_out(changed)

    return writer.once(work)


@router.delete("/products/{product_id}/media/{media_id}", status_code=204, responses=_CHANGES)
def delete_product_media(writer: CatalogWriter, product_id: ProductId, media_id: MediaId) -> Response:
    """Takes a picture from a product."""

    def work(tx: Session) -> None:
        row = _hold(tx, writer, product_id)
        use.remove_media(tx, row, media_id, actor=writer.actor, now=writer.now)

    return writer.once(work, status=204)


@router.get(
    "/media/{key}",
    response_class=Response,
    responses={
        200: {"content": {"image/jpeg": _BINARY, "image/png": _BINARY}, "description": "The picture."},
        304: {"description": "The picture that If-None-Match names is still good."},
        **problems(NotFound),
    },
)
def media(request: Request, services: ServicesDep, key: Annotated[str, Path(max_length=100)]) -> Response:
    """A picture. Needs no token."""
    tag = f'"{key}"'
    content = open_media(services.platform.settings).get(key)
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=_FOREVER | {"ETag": tag})
    return Response(content, headers=_FOREVER | {"ETag": tag}, media_type=TYPES[key.rpartition(".")[2]])


def _hold(tx: Session, writer: Writer, product_id: str) -> Product:
    """A product is shown with its pictures, so If-Match names the version of the product."""
    row = lock_product(tx, product_id)
    writer.check_version(row.version)
    return row


def media_out(view: MediaView) -> MediaOut:
    """A picture with its addresses."""
    shown = asdict(view)
    key, copies = shown.pop("key"), shown.pop("copies")
    return MediaOut(**shown, url=MEDIA + key, copies={str(width): MEDIA + copy for width, copy in copies.items()})
