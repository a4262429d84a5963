"""The web application: where routers, live figures, the web app's files and the edge are put together."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from starlette.responses import Response
from starlette.types import ASGIApp

from tradewind import __version__
from tradewind.api.docs import serve_docs
from tradewind.api.edge import BodyTooLarge, Edge, Limit
from tradewind.api.problems import CODES, FieldProblem, Problem, handle_problems, problem_response
from tradewind.api.routers import (
    account,
    advertising,
    analytics,
    analytics_by_day,
    audit,
    auth,
    carts,
    catalog_files,
    categories,
    checkout,
    connections,
    customer_groups,
    customers,
    dashboard,
    explain,
    forecast,
    health,
    insights,
    inventory,
    letters,
    listings,
    live,
    live_shop,
    media,
    order_lists,
    order_work,
    orders,
    payments,
    planning,
    products,
    promotions,
    purchasing,
    refunds,
    returns,
    reviews,
    shipments,
    shipping_methods,
    stock_documents,
    syncs,
    taxes,
    tokens,
    users,
    webhooks,
)
from tradewind.api.routing import take_in
from tradewind.api.services import Services
from tradewind.api.site import Site
from tradewind.api.v0.app import PREFIXES, Doors, answer_error, create_v0
from tradewind.api.warehouse_docs import serve_warehouse_docs
from tradewind.platform import Platform

DESCRIPTION = """\
Sign in with `POST /api/v1/auth/login` and send the access token as `Authorization: Bearer …`; programs send
a token made with `tradewind token create`.

Amounts are numbers with exactly the digits of the currency. Times are UTC, days are business days of the
store, periods include `from` and exclude `to`. Errors are problem details (RFC 9457).

Live figures: connect to `/ws/dashboard`, send `{"type": "auth", "token": …}`, then
`{"type": "subscribe", "params": {…}}` with the parameters of `GET /api/v1/dashboard/metrics`.
"""
TAGS = [
    {"name": "auth", "description": "Sign-in, and one's own account."},
    {"name": "users", "description": "Who may do what, and who did what."},
    {"name": "dashboard", "description": "Figures of a period."},
    {"name": "insights", "description": "What sells, who buys, and what every figure is made of."},
    {"name": "forecast", "description": "What will be asked for, how sure that is, and how good it was so far."},
    {"name": "live shop", "description": "What is sold this minute, what is left, what is trending."},
    {"name": "products", "description": "The catalogue: products, prices, pictures, categories, search."},
    {"name": "inventory", "description": "What lies where, how it got there, transfers and counts."},
    {"name": "purchasing", "description": "Suppliers, and what is ordered from them."},
    {"name": "planning", "description": "What to order and to move, why, and what it earns."},
    {"name": "carts", "description": "What somebody is about to buy, priced each time it is read."},
    {"name": "promotions", "description": "What makes a cart cheaper."},
    {"name": "shop", "description": "Taxes and ways of shipping."},
    {"name": "orders", "description": "Orders and refunds, as they are booked."},
    {"name": "checkout", "description": "From cart to order."},
    {"name": "fulfilment", "description": "Shipments and returns."},
    {"name": "payments", "description": "Money through payment providers, and their messages."},
    {"name": "customers", "description": "People: profiles, addresses, consent, groups; merge, erasure, export."},
    {"name": "reviews", "description": "What buyers say of products."},
    {"name": "channels", "description": "What other systems send, and what of it could not be booked."},
    {
        "name": "channels",
        "description": "Accounts of platforms: what is read from them, how fresh it is, and the jobs.",
    },
    {"name": "state", "description": "The program's own state."},
]


def create_app(platform: Platform, services: Services | None = None, site: Site | None = None) -> ASGIApp:
    """The application on a platform that is open. Starting and closing the platform is the caller's.

    `site` are the web app's files, where they are not those of the package.
    """
    made = services or Services.of(platform)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with made.live.running():
            yield

    app = _described(lifespan)
    app.state.services = made
    # Not a mount: that would answer a wrong method on a route of ours as a missing file.
    app.router.default = site or Site()
    settings = platform.settings.server
    ingest = platform.settings.ingest
    largest_file = Limit.of_mb(ingest.max_file_mb, "TRADEWIND_INGEST_MAX_FILE_MB")
    # Heard out, to be told so in the format of its answers.
    largest_heard = Limit.of_mb(ingest.max_body_mb * 8, "TRADEWIND_INGEST_MAX_BODY_MB")
    return Edge(
        Doors(app, create_v0(made)),
        limit=Limit.of_mb(settings.max_body_mb, "TRADEWIND_SERVER_MAX_BODY_MB"),
        observe=made.measures.observe,
        refuse=_too_large,
        larger={
            "/v0/events": largest_heard,
            "/v0/datasources": largest_file,
            "/v1/datasources": largest_file,
        },
    )


def _too_large(path: str, request_id: str, error: BodyTooLarge) -> Response:
    headers = dict(error.headers or {})
    if path.startswith(PREFIXES):
        return answer_error(error.status_code, CODES[413], error.detail, headers)
    return problem_response(request_id, error.status_code, error.detail, headers=headers)


def openapi_document() -> dict[str, Any]:
    """The API's description, as /openapi.json shows it; needs no platform."""
    return _described(None).openapi()


def _described(lifespan: Any) -> FastAPI:
    app = FastAPI(
        title="Tradewind",
        version=__version__,
        description=DESCRIPTION,
        openapi_tags=TAGS,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        lifespan=lifespan,
        redirect_slashes=False,
        generate_unique_id_function=lambda route: route.name,
    )
    app.openapi = lambda: _openapi(app)  # type: ignore[method-assign]
    handle_problems(app)
    modules = (
        auth,
        account,
        users,
        tokens,
        audit,
        dashboard,
        advertising,
        analytics,
        analytics_by_day,
        explain,
        forecast,
        insights,
        syncs,
        order_lists,
        orders,
        order_work,
        carts,
        promotions,
        taxes,
        shipping_methods,
        checkout,
        shipments,
        returns,
        refunds,
        inventory,
        stock_documents,
        purchasing,
        planning,
        payments,
        webhooks,
        connections,
        catalog_files,
        products,
        categories,
        listings,
        media,
        customers,
        customer_groups,
        reviews,
        letters,
        live_shop,
        health,
        live,
    )
    take_in(app, *(module.router for module in modules))
    serve_docs(app)
    serve_warehouse_docs(app)
    return app


def _openapi(app: FastAPI) -> dict[str, Any]:
    if app.openapi_schema is None:
        document = get_openapi(
            title=app.title,
            version=app.version,
            description=app.description,
            routes=app.routes,
            tags=app.openapi_tags,
        )
        schemas = document["components"]["schemas"]
        for unused in ("HTTPValidationError", "ValidationError"):
            schemas.pop(unused, None)
        for shape in (FieldProblem, Problem):
            described = shape.model_json_schema(ref_template="#/components/schemas/{model}")
            described.pop("$defs", None)
            schemas[shape.__name__] = described
        document["components"]["schemas"] = dict(sorted(schemas.items()))
        for operation in (o for path in document["paths"].values() for o in path.values()):
            for response in operation["responses"].values():
                response.pop("x-codes", None)
        app.openapi_schema = document
    return app.openapi_schema
