"""Errors on the wire: problem details (RFC 9457), the same shape for every way in.

`code` is for programs and stable, `detail` is for people: what happened and what to do. An error that
nobody foresaw is logged with its trace under the request's id; the caller gets only the id.
"""

from __future__ import annotations

from collections.abc import Iterable, MutableMapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import Field
from starlette.exceptions import HTTPException
from starlette.responses import Response

from tradewind.api.wire import Wire, to_json
from tradewind.commerce.inventory.reservations import InsufficientStock
from tradewind.core.errors import InvalidInput, Kind, NotAuthenticated, NotPermitted, TooManyRequests, TradewindError
from tradewind.core.logging import get_logger
from tradewind.warehouse.client import QueryFailed

MEDIA_TYPE = "application/problem+json"
logger = get_logger(__name__)

_STATUS = {
    Kind.INVALID: 422,
    Kind.NOT_FOUND: 404,
    Kind.CONFLICT: 409,
    Kind.NOT_AUTHENTICATED: 401,
    Kind.NOT_PERMITTED: 403,
    Kind.TOO_MANY: 429,
    Kind.MISCONFIGURED: 500,
    Kind.UNAVAILABLE: 503,
}
_TITLES = {
    400: "The request cannot be read",
    401: "Please sign in",
    403: "You may not do this",
    404: "There is nothing here",
    405: "This address does not do that",
    409: "Not possible as things stand",
    413: "The request is too large",
    422: "The request is not valid",
    429: "Too many requests",
    500: "Something failed on the server",
    503: "Not available just now",
}
_IS_LOGGED = "tradewind.is_logged"
CODES = {400: "bad_request", 404: "not_found", 405: "method_not_allowed", 413: "body_too_large", 500: "internal_error"}


class FieldProblem(Wire):
    """One field that is not right."""

    field: str
    message: str


class Problem(Wire):
    """An error."""

    type: str = Field(description="A name for this kind of problem: urn:tradewind:problem:<code>.")
    title: str
    status: int
    detail: str = Field(description="What happened, to what, and what to do next.")
    code: str = Field(description="Stable, for programs.")
    errors: list[FieldProblem] | None = Field(None, description="The fields that are not right, where there are any.")
    request_id: str = Field(description="Stands in the server's log too.")


def problem_response(
    request_id: str,
    status: int,
    detail: str,
    *,
    code: str | None = None,
    errors: Sequence[FieldProblem] = (),
    headers: dict[str, str] | None = None,
) -> Response:
    name = code or CODES.get(status, f"http_{status}")
    problem = Problem(
        type=f"urn:tradewind:problem:{name}",
        title=_TITLES.get(status, HTTPStatus(status).phrase),
        status=status,
        detail=detail,
        code=name,
        errors=list(errors) or None,
        request_id=request_id,
    )
    content = problem.model_dump(exclude_none=True)
    return Response(to_json(content), status, headers, MEDIA_TYPE)


def problem_of(error: TradewindError, request_id: str) -> Response:
    """An error of ours as an answer."""
    status = _STATUS[error.kind]
    headers: dict[str, str] = {}
    if isinstance(error, TooManyRequests):
        headers["Retry-After"] = str(error.retry_after_seconds)
    elif status == 503:
        headers["Retry-After"] = "1"
    elif status == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="tradewind"'
    errors = []
    if isinstance(error, InvalidInput) and error.field is not None:
        errors.append(FieldProblem(field=error.field, message=str(error)))
    if isinstance(error, InsufficientStock):
        errors += [
            FieldProblem(field=s.sku, message=f"asked {s.asked}, available {s.available}") for s in error.shortfalls
        ]
    return problem_response(request_id, status, str(error), code=error.code, errors=errors, headers=headers)


def problems(*errors: type[TradewindError]) -> dict[int | str, dict[str, Any]]:
    """What a route may answer besides success, for its `responses`. Every route may refuse its caller or its input."""
    declared: dict[int | str, dict[str, Any]] = {}
    refusals: list[type[TradewindError]] = [InvalidInput, *errors]
    for error in refusals:
        status = _STATUS[error.kind]
        codes = [*declared.get(status, {}).get("x-codes", []), error.code]
        declared[status] = {
            "description": f"{_TITLES[status]}: {', '.join(codes)}.",
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
            "x-codes": codes,
        }
    return declared


SIGNED_IN: tuple[type[TradewindError], ...] = (NotAuthenticated, NotPermitted)
"""The problems of every route that wants to know who asks."""


def request_id_of(request: Request) -> str:
    return str(request.scope.get("request_id", ""))


def unforeseen(scope: MutableMapping[str, Any], error: Exception) -> Response:
    """What is answered when something failed that nobody foresaw. The cause is written into the log, once."""
    log_unforeseen(scope, error)
    detail = "Something failed that should not have. The server's log has the cause under this request id."
    return problem_response(str(scope.get("request_id", "")), 500, detail)


def log_unforeseen(scope: MutableMapping[str, Any], error: Exception) -> None:
    """Before the answer goes out; whoever hears of the same failure further out has nothing to add."""
    if not scope.get(_IS_LOGGED):
        scope[_IS_LOGGED] = True
        logger.error("unexpected error", method=scope["method"], path=scope["path"], exc_info=error)


def handle_problems(app: FastAPI) -> None:
    """Renders everything that a route or the framework raises."""

    @app.exception_handler(Exception)
    async def failed(request: Request, error: Exception) -> Response:
        return unforeseen(request.scope, error)

    @app.exception_handler(TradewindError)
    async def ours(request: Request, error: TradewindError) -> Response:
        if isinstance(error, QueryFailed):  # nobody hands in SQL here: it is our own, and no concern of theirs
            return unforeseen(request.scope, error)
        if error.kind is Kind.MISCONFIGURED:
            logger.error("misconfigured", detail=str(error))
        return problem_of(error, request_id_of(request))

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> Response:
        fields = [FieldProblem(field=_field(e["loc"]), message=_sentence(e)) for e in error.errors()]
        detail = "; ".join(f"{f.field}: {f.message}" for f in fields)
        return problem_response(request_id_of(request), 422, detail, code=InvalidInput.code, errors=fields)

    @app.exception_handler(HTTPException)
    async def framework(request: Request, error: HTTPException) -> Response:
        if isinstance(error.__cause__, UnicodeDecodeError):
            # The framework's own word for it is 400; like every other body that is not JSON it is a 422.
            fields = [FieldProblem(field="body", message="is not text in UTF-8")]
            detail = "The body is not text in UTF-8, as JSON is. Encode it before you send it."
            return problem_response(request_id_of(request), 422, detail, code=InvalidInput.code, errors=fields)
        headers = dict(error.headers or {})
        return problem_response(request_id_of(request), error.status_code, _detail(request, error), headers=headers)


def _detail(request: Request, error: HTTPException) -> str:
    path = request.url.path
    if error.status_code == 404:
        return f"There is no {path}. What there is stands in /openapi.json and on /docs."
    if error.status_code == 405:
        allowed = (error.headers or {}).get("Allow", "")
        return f"{request.method} is not possible on {path}." + (f" Use {allowed}." if allowed else "")
    return str(error.detail)


def _field(location: Iterable[int | str]) -> str:
    """The place as the caller wrote it: `limit`, `lines.0.sku`, without where it came in."""
    parts = [str(part) for part in location]
    inner = parts[1:] if parts[:1] in (["body"], ["query"], ["path"], ["header"]) else parts
    return ".".join(inner) if inner and not inner[0].isdigit() else "body"


def _sentence(error: dict[str, Any]) -> str:
    # Never the input itself: it may be a password.
    if error["type"] == "json_invalid":
        return "is not JSON"
    if error["type"] in ("model_attributes_type", "dict_type", "model_type") and tuple(error["loc"]) == ("body",):
        return "has to be a JSON object, sent as Content-Type: application/json"
    message = str(error["msg"]).removeprefix("Value error, ")
    return message[:1].lower() + message[1:]
