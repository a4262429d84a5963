"""What there is to know of pipes, as the API tells it: lists, details, and an OpenAPI document of the endpoints."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from tradewind.warehouse.datafiles.model import Node, NodeType, Pipe
from tradewind.warehouse.serving.formats import ENDPOINT_EXTENSIONS, of_endpoint
from tradewind.warehouse.workspaces.release import Release
from tradewind.warehouse.workspaces.scopes import Token


class Declared(Protocol):
    """A parameter as a pipe declares it."""

    @property
    def name(self) -> str: ...
    @property
    def type(self) -> str: ...
    @property
    def default(self) -> Any: ...
    @property
    def required(self) -> bool: ...
    @property
    def description(self) -> str: ...
    @property
    def enum(self) -> Sequence[Any]: ...
    @property
    def example(self) -> Any: ...
    @property
    def format(self) -> str | None: ...


Parameters = Callable[[Pipe], Sequence[Declared]]

_ERRORS = {
    400: "The parameters or the query cannot be used; the text says which and why.",
    403: "The token is not valid, or may not read this.",
    404: "There is no such endpoint.",
    408: "The query took too long.",
    413: "The result is too large.",
    429: "Too many requests, or too many queries at once; see `Retry-After`.",
}


def readable(release: Release, token: Token) -> list[Pipe]:
    """The pipes that a token may read, by name."""
    pipes = release.project.pipes
    return [pipes[name] for name in sorted(pipes) if token.may_read_pipe(name)]


def pipe_document(
    pipe: Pipe, parameters: Parameters, *, address: str, made_at: datetime | None, whole: bool = True
) -> dict[str, Any]:
    """A pipe as `GET /v0/pipes/NAME` shows it; in a list without its SQL."""
    materialized, copy = pipe.materialized, pipe.copy
    endpoint = pipe.endpoint
    document: dict[str, Any] = {
        "id": pipe.name,
        "name": pipe.name,
        "description": pipe.description,
        "type": _type_of(pipe),
        "endpoint": _node_id(pipe, endpoint) if endpoint else None,
        "url": f"{address}/v0/pipes/{pipe.name}.json" if endpoint else None,
        "parent": None,
        "tags": list(pipe.tags),
        "materialized_datasource": materialized.datasource if materialized else None,
        "copy_target_datasource": copy.target_datasource if copy else None,
        "copy_mode": copy.copy_mode if copy else None,
        "schedule": copy.copy_schedule if copy else None,
        "created_at": made_at,
        "updated_at": made_at,
    }
    declared = [_parameter(each) for each in parameters(pipe)] if whole else []
    document["nodes"] = [_node(pipe, node, declared, whole=whole) for node in pipe.nodes]
    return document


def openapi_document(
    release: Release, pipes: Sequence[Pipe], parameters: Parameters, *, address: str
) -> dict[str, Any]:
    """OpenAPI 3 of endpoints, each with its typed parameters."""
    paths: dict[str, Any] = {}
    for pipe in pipes:
        if pipe.endpoint is None:
            continue
        declared = [_openapi_parameter(each) for each in parameters(pipe)]
        for extension in ENDPOINT_EXTENSIONS:
            paths[f"/v0/pipes/{pipe.name}.{extension}"] = {"get": _operation(pipe, extension, declared)}
    return {
        "openapi": "3.0.3",
        "info": {
            "title": f"{release.workspace}: endpoints",
            "version": str(release.number),
            "description": "SQL endpoints of this workspace. Send a token as `Authorization: Bearer …` or as `token`.",
        },
        "servers": [{"url": address}],
        "security": [{"bearer": []}, {"query": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer"},
                "query": {"type": "apiKey", "in": "query", "name": "token"},
            },
            "schemas": {"Error": _ERROR_SCHEMA, "Answer": _ANSWER_SCHEMA},
        },
    }


def _operation(pipe: Pipe, extension: str, parameters: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    form = of_endpoint(extension)
    assert form is not None
    schema: dict[str, Any] = {"$ref": "#/components/schemas/Answer"} if extension == "json" else {"type": "string"}
    media_type = form.content_type.partition(";")[0]
    responses: dict[str, Any] = {"200": {"description": "Rows.", "content": {media_type: {"schema": schema}}}}
    for status, meaning in _ERRORS.items():
        error = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
        responses[str(status)] = {"description": meaning, "content": error}
    endpoint = pipe.endpoint
    return {
        "operationId": f"{pipe.name}_{extension}",
        "summary": pipe.name,
        "description": pipe.description or (endpoint.description if endpoint else ""),
        "tags": list(pipe.tags) or ["endpoints"],
        "parameters": list(parameters),
        "responses": responses,
    }


def _openapi_parameter(declared: Declared) -> dict[str, Any]:
    schema = schema_of(declared.type)
    if declared.default is not None:
        schema["default"] = declared.default
    if declared.enum:
        target = schema["items"] if schema["type"] == "array" else schema
        target["enum"] = list(declared.enum)
    if declared.format:
        schema["format"] = declared.format
    found: dict[str, Any] = {
        "name": declared.name,
        "in": "query",
        "required": bool(declared.required) and declared.default is None,
        "schema": schema,
    }
    if schema["type"] == "array":
        found |= {"style": "form", "explode": False}
    if declared.description:
        found["description"] = declared.description
    if declared.example is not None:
        found["example"] = declared.example
    return found


def schema_of(type_: str) -> dict[str, Any]:
    """The JSON schema of a template's type."""
    if type_.startswith("Array"):
        inner = type_[5:].strip("()'\" ") or "String"
        return {"type": "array", "items": schema_of(inner)}
    if type_.startswith(("Int", "UInt")):
        # Whole numbers beyond 2^53 do not survive a JSON number.
        is_wide = any(type_.endswith(width) for width in ("64", "128", "256"))
        return {"type": "integer", "format": "int64"} if is_wide else {"type": "integer"}
    if type_.startswith("Float"):
        return {"type": "number"}
    if type_.lower() in ("boolean", "bool"):
        return {"type": "boolean"}
    if type_ == "Date":
        return {"type": "string", "format": "date"}
    if type_.startswith("DateTime"):
        return {"type": "string", "format": "date-time"}
    return {"type": "string"}


def _node(pipe: Pipe, node: Node, declared: Sequence[Mapping[str, Any]], *, whole: bool) -> dict[str, Any]:
    document: dict[str, Any] = {
        "id": _node_id(pipe, node),
        "name": node.name,
        "description": node.description,
        "node_type": str(node.type),
        "materialized": node.datasource,
        "tags": dict(node.tags),
    }
    if whole:
        names = {each.name for each in pipe.nodes}
        words = {word.strip("`") for word in _words(node.sql)}
        document["sql"] = f"%{node.sql}" if node.is_template else node.sql
        document["params"] = [each for each in declared if each["name"] in words]
        document["dependencies"] = sorted((words & names) - {node.name})
    return document


def _words(sql: str) -> list[str]:
    return "".join(letter if letter.isalnum() or letter == "_" else " " for letter in sql).split()


def _parameter(declared: Declared) -> dict[str, Any]:
    return {
        "name": declared.name,
        "type": declared.type,
        "default": declared.default,
        "required": bool(declared.required),
        "description": declared.description,
        "enum": list(declared.enum) or None,
        "example": declared.example,
        "format": declared.format,
    }


def _type_of(pipe: Pipe) -> str:
    for node in (pipe.endpoint, pipe.materialized, pipe.copy, pipe.sink):
        if node is not None:
            return str(NodeType.ENDPOINT if node is pipe.endpoint else node.type)
    return "default"


def _node_id(pipe: Pipe, node: Node) -> str:
    return f"{pipe.name}.{node.name}"


_ERROR_SCHEMA = {
    "type": "object",
    "required": ["error"],
    "properties": {"error": {"type": "string"}, "code": {"type": "string"}, "documentation": {"type": "string"}},
}
_ANSWER_SCHEMA = {
    "type": "object",
    "required": ["meta", "data", "rows", "statistics"],
    "properties": {
        "meta": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"name": {"type": "string"}, "type": {"type": "string"}},
            },
        },
        "data": {"type": "array", "items": {"type": "object"}},
        "rows": {"type": "integer"},
        "rows_before_limit_at_least": {"type": "integer"},
        "statistics": {
            "type": "object",
            "properties": {
                "elapsed": {"type": "number"},
                "rows_read": {"type": "integer"},
                "bytes_read": {"type": "integer"},
            },
        },
    },
}
