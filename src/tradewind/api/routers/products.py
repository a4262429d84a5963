"""Products: lists, search, one product, and every change to it."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

from fastapi import Depends, Path, Query, Request, Response
from sqlalchemy.orm import Session

from tradewind.api.problems import SIGNED_IN, problems
from tradewind.api.routers.listing import UNCHANGED, kept
from tradewind.api.routers.media import media_out
from tradewind.api.routers.orders import Limit
from tradewind.api.routing import Router
from tradewind.api.schemas.products import (
    ID,
    PLAIN,
    CurrencyPrice,
    FacetsOut,
    FacetValue,
    FoundOut,
    FoundPage,
    NewProductIn,
    PriceHistoryPage,
    PriceIn,
    PriceRange,
    PriceStepOut,
    ProductIn,
    ProductOut,
    ProductPage,
    ProductPatch,
    ProductRow,
    VariantsIn,
    VariantsOut,
)
from tradewind.api.security import READS, ServicesDep
from tradewind.api.wire import answer
from tradewind.api.writing import WRITES, Changed, Writer, etag, writer_with
from tradewind.commerce.access.rights import Scope
from tradewind.commerce.catalog import products as use
from tradewind.commerce.catalog import store
from tradewind.commerce.catalog.categories import category_id_of, paths_of
from tradewind.commerce.catalog.media import media_of
from tradewind.commerce.catalog.model import ProductKind, ProductStatus
from tradewind.commerce.catalog.prices import price_history, set_price
from tradewind.commerce.catalog.products import OptionsTaken, ProductValues, SkuTaken
from tradewind.commerce.catalog.search import Facets, Filters, SearchPage, search_products
from tradewind.commerce.catalog.search.finding import LONGEST_TEXT
from tradewind.commerce.catalog.search.marking import excerpt, marked
from tradewind.commerce.catalog.store import MOST_SKUS, ProductFilter, Sort
from tradewind.core.errors import InvalidInput, NotFound
from tradewind.core.money import check_currency, to_decimal, to_minor

router = Router("/products", tags=["products"], dependencies=[READS])

CatalogWriter = Annotated[Writer, Depends(writer_with(Scope.CATALOG_WRITE))]
ProductId = Annotated[str, Path(pattern=ID)]
CurrencyCode = Annotated[str, Path(pattern=r"^[A-Za-z]{3}$")]
Text = Annotated[str, Query(max_length=500, pattern=PLAIN)]
Cursor = Annotated[str | None, Query(max_length=8000, description="`next_cursor` of the page before.")]
InCategory = Annotated[
    str | None, Query(max_length=1000, pattern=PLAIN, description="Id or path: this category and all below it.")
]
OfBrand = Annotated[list[Text], Query(max_length=50, description="Only these brands.")]
InStatus = Annotated[list[ProductStatus], Query(max_length=3, description="Only these; archived ones when named.")]
Bound = Annotated[Decimal | None, Query(ge=0, max_digits=15, decimal_places=4)]
_NEVER = "-"
"""The id of no category: a list of a category that is not there is empty."""


@router.get("", response_model=ProductPage, responses=UNCHANGED | problems(*SIGNED_IN))
def products(
    request: Request,
    services: ServicesDep,
    cursor: Cursor = None,
    limit: Limit = 50,
    sort: Annotated[Sort, Query(description="Those by price leave out products without one.")] = Sort.NEWEST,
    category: InCategory = None,
    brand: OfBrand = [],
    status: InStatus = [ProductStatus.ACTIVE, ProductStatus.DRAFT],
    kind: Annotated[list[ProductKind], Query(max_length=3, description="Only these kinds.")] = [],
    sku: Annotated[list[Text], Query(max_length=MOST_SKUS, description="Only these SKUs.")] = [],
    parent_id: Annotated[str | None, Query(pattern=ID, description="The variants of this group.")] = None,
    variants: Annotated[bool, Query(description="Whether variants stand beside their groups.")] = False,
) -> Response:
    """Products, the newest first unless asked otherwise. An ETag that is still good is answered with 304."""

    def read(tx: Session) -> ProductPage:
        chosen = ProductFilter(
            category_id=_category(tx, category),
            brands=tuple(brand),
            statuses=tuple(status),
            kinds=tuple(kind),
            skus=tuple(sku),
            parent_id=parent_id,
            with_variants=variants,
        )
        page = store.products_page(tx, chosen, sort=sort, limit=limit, cursor=cursor)
        return ProductPage(items=[ProductRow.of(one) for one in page.items], next_cursor=page.next_cursor)

    return kept(request, services, read)


@router.get("/search", response_model=FoundPage, responses=UNCHANGED | problems(*SIGNED_IN))
def search_catalog(
    request: Request,
    services: ServicesDep,
    q: Annotated[str, Query(max_length=LONGEST_TEXT, pattern=PLAIN, description="Words, or beginnings of words.")] = "",
    cursor: Cursor = None,
    limit: Limit = 20,
    category: InCategory = None,
    brand: OfBrand = [],
    status: InStatus = [ProductStatus.ACTIVE],
    currency: Annotated[str | None, Query(pattern=r"^[A-Za-z]{3}$", description="Needed with prices.")] = None,
    min_price: Bound = None,
    max_price: Bound = None,
    attribute: Annotated[
        list[Text], Query(max_length=20, description="name:value; of one name any value will do.")
    ] = [],
    facets: Annotated[bool, Query(description="Whether to count by category, brand, price and attribute.")] = False,
) -> Response:
    """Products that hold all words, the best first; mistyped words are corrected. Groups stand for their variants."""

    def read(tx: Session) -> FoundPage:
        filters = Filters(
            category_id=_category(tx, category),
            brands=tuple(brand),
            statuses=tuple(status),
            currency=check_currency(currency) if currency else None,
            lowest_minor=_minor(min_price, currency, "min_price"),
            highest_minor=_minor(max_price, currency, "max_price"),
            attributes=tuple(_pair(text) for text in attribute),
        )
        page = search_products(tx, q, filters, limit=limit, cursor=cursor, with_facets=facets)
        return _found(tx, page)

    return kept(request, services, read)


@router.get("/{product_id}", response_model=ProductOut, responses=UNCHANGED | problems(*SIGNED_IN, NotFound))
def product(request: Request, services: ServicesDep, product_id: ProductId) -> Response:
    """One product with its prices and pictures. Send its ETag as If-Match with a change, to overwrite nobody's."""
    with services.platform.database.read() as tx:
        shown = _out(tx, product_id)
    headers = {"ETag": etag(shown.version)}
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    return answer(shown, headers=headers)


@router.post("", status_code=201, response_model=ProductOut, responses=problems(*WRITES, SkuTaken))
def create_product(writer: CatalogWriter, body: NewProductIn) -> Response:
    """Makes a product, or a group that variants are added to."""

    def work(tx: Session) -> ProductOut:
        values = ProductValues(**body.model_dump(exclude={"kind"}))  # type: ignore[typeddict-item]  # the same names
        made = use.create_product(tx, values, kind=body.kind, actor=writer.actor, now=writer.now)
        return _out(tx, made.id)

    return writer.once(work, status=201)


@router.put("/{product_id}", response_model=ProductOut, responses=problems(*WRITES, NotFound, SkuTaken, Changed))
def replace_product(writer: CatalogWriter, product_id: ProductId, body: ProductIn) -> Response:
    """Makes the product what the body says; what is left out gets its default."""
    return _change(writer, product_id, body.model_dump())


@router.patch("/{product_id}", response_model=ProductOut, responses=problems(*WRITES, NotFound, SkuTaken, Changed))
def change_product(writer: CatalogWriter, product_id: ProductId, body: ProductPatch) -> Response:
    """Changes what the body says, and nothing else."""
    values = body.model_dump(exclude_unset=True)
    for name in ("name", "description", "attributes", "options", "tax_class", "status"):
        if name in values and values[name] is None:
            raise InvalidInput(f"The {name.replace('_', ' ')} cannot be nothing. Leave it out to keep it.", field=name)
    return _change(writer, product_id, values)


@router.delete("/{product_id}", status_code=204, responses=problems(*WRITES, NotFound, Changed))
def archive_product(writer: CatalogWriter, product_id: ProductId) -> Response:
    """Archives the product, a group with its variants. Orders go on showing it; PATCH its status to bring it back."""

    def work(tx: Session) -> None:
        row = use.lock_product(tx, product_id)
        writer.check_version(row.version)
        use.archive_product(tx, row, actor=writer.actor, now=writer.now)

    return writer.once(work, status=204)


@router.post(
    "/{product_id}/variants",
    status_code=201,
    response_model=VariantsOut,
    responses=problems(*WRITES, NotFound, SkuTaken, OptionsTaken),
)
def add_variants(writer: CatalogWriter, product_id: ProductId, body: VariantsIn) -> Response:
    """Adds variants to a group: all of them, or none."""

    def work(tx: Session) -> VariantsOut:
        group = use.lock_product(tx, product_id)
        told = [ProductValues(**one.model_dump(exclude_none=True)) for one in body.variants]  # type: ignore[typeddict-item]  # the same names
        made = use.add_variants(tx, group, told, actor=writer.actor, now=writer.now)
        return VariantsOut(product_ids=[one.id for one in made])

    return writer.once(work, status=201)


@router.put(
    "/{product_id}/prices/{currency}", response_model=ProductOut, responses=problems(*WRITES, NotFound, Changed)
)
def put_price(writer: CatalogWriter, product_id: ProductId, currency: CurrencyCode, body: PriceIn) -> Response:
    """Sets the price in a currency."""
    return _set_price(writer, product_id, currency, body.price)


@router.delete(
    "/{product_id}/prices/{currency}", response_model=ProductOut, responses=problems(*WRITES, NotFound, Changed)
)
def delete_price(writer: CatalogWriter, product_id: ProductId, currency: CurrencyCode) -> Response:
    """Takes the price in a currency away."""
    return _set_price(writer, product_id, currency, None)


@router.get("/{product_id}/price-history", response_model=PriceHistoryPage, responses=problems(*SIGNED_IN, NotFound))
def product_price_history(
    services: ServicesDep, product_id: ProductId, cursor: Cursor = None, limit: Limit = 50
) -> Response:
    """Every change of the product's prices, the newest first."""
    with services.platform.database.read() as tx:
        store.find_product(tx, product_id)
        page = price_history(tx, product_id, limit=limit, cursor=cursor)
    items = [PriceStepOut.model_validate(step) for step in page.items]
    return answer(PriceHistoryPage(items=items, next_cursor=page.next_cursor))


def _change(writer: Writer, product_id: str, values: dict[str, Any]) -> Response:
    def work(tx: Session) -> ProductOut:
        row = use.lock_product(tx, product_id)
        writer.check_version(row.version)
        told = ProductValues(**values)  # type: ignore[typeddict-item]  # the same names
        use.update_product(tx, row, told, actor=writer.actor, now=writer.now)
        return _out(tx, product_id)

    return writer.once(work)


def _set_price(writer: Writer, product_id: str, currency: str, price: Decimal | None) -> Response:
    def work(tx: Session) -> ProductOut:
        row = use.lock_product(tx, product_id)
        writer.check_version(row.version)
        set_price(tx, row, currency, price, actor=writer.actor, now=writer.now)
        return _out(tx, product_id)

    return writer.once(work)


def _out(tx: Session, product_id: str) -> ProductOut:
    found = store.find_product(tx, product_id)
    return ProductOut(
        **ProductRow.of(found.product).model_dump(),
        description=found.description,
        attributes=dict(found.attributes),
        barcode=found.barcode,
        weight_grams=found.weight_grams,
        tax_class=found.tax_class,
        unit_cost=found.unit_cost,
        prices=[CurrencyPrice.model_validate(price) for price in found.prices],
        media=[media_out(one) for one in media_of(tx, product_id)],
        variants=found.variants,
    )


def _found(tx: Session, page: SearchPage) -> FoundPage:
    ids = [hit.product_id for hit in page.items]
    known = store.products_by_id(tx, ids)
    told = store.descriptions(tx, ids)
    items = [
        FoundOut(
            **ProductRow.of(known[one]).model_dump(),
            marked_name=marked(known[one].name, page.beginnings) if page.beginnings else None,
            excerpt=excerpt(told[one], page.beginnings) if page.beginnings else None,
        )
        for one in ids
    ]
    return FoundPage(
        items=items,
        next_cursor=page.next_cursor,
        corrected={word: list(others) for word, others in page.corrected.items()},
        facets=_facets(tx, page.facets) if page.facets else None,
    )


def _facets(tx: Session, facets: Facets) -> FacetsOut:
    def values(counts: Any) -> list[FacetValue]:
        return [FacetValue(value=value, label=value, hits=hits) for value, hits in counts]

    paths = paths_of(tx, [category_id for category_id, _ in facets.categories])
    return FacetsOut(
        hits=facets.hits,
        is_complete=facets.is_complete,
        categories=[FacetValue(value=one, label=paths[one], hits=hits) for one, hits in facets.categories],
        brands=values(facets.brands),
        prices=[
            PriceRange(currency=code, lowest=to_decimal(low, code), highest=to_decimal(high, code))
            for code, (low, high) in sorted(facets.prices.items())
        ],
        attributes={name: values(counts) for name, counts in facets.attributes.items()},
    )


def _category(tx: Session, told: str | None) -> str | None:
    return None if told is None else category_id_of(tx, told) or _NEVER


def _minor(bound: Decimal | None, currency: str | None, field: Literal["min_price", "max_price"]) -> int | None:
    if bound is None:
        return None
    if currency is None:
        raise InvalidInput("A bound of prices needs a currency.", field="currency")
    return to_minor(bound, check_currency(currency), field=field)


def _pair(text: str) -> tuple[str, str]:
    name, colon, value = text.partition(":")
    if not colon or not name or not value:
        raise InvalidInput(f"'{text[:40]}' is not name:value.", field="attribute")
    return name, value
