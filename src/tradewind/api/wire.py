"""How things are written on the wire: exact money, times with Z, days as they are, undefined as null."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any

import orjson
from pydantic import BaseModel, ConfigDict, WithJsonSchema
from starlette.responses import Response

Amount = Annotated[Decimal, WithJsonSchema({"type": "number"})]
"""Money or a price: a JSON number with the digits of the decimal, never of a float."""


class Wire(BaseModel):
    """Parent of all shapes."""

    model_config = ConfigDict(frozen=True, populate_by_name=True, serialize_by_alias=True, from_attributes=True)


class Unversioned(Wire):
    """Parent of the shapes of things that carry no version: their entity tag is made of all that is told of them."""


def to_json(content: Any) -> bytes:
    """JSON of plain content or of a shape; decimals become number literals with exactly their digits."""
    plain = content.model_dump() if isinstance(content, BaseModel) else content
    return orjson.dumps(plain, default=_exact, option=orjson.OPT_UTC_Z)


def answer(content: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """The answer of a route. Built here and not by the framework, whose encoder would turn money into text."""
    return Response(to_json(content), status, headers, "application/json")


def _exact(value: object) -> Any:
    if isinstance(value, Decimal):
        return orjson.Fragment(format(value, "f"))
    if isinstance(value, BaseModel):
        return value.model_dump()
    raise TypeError(f"{type(value).__name__} has no form on the wire")
