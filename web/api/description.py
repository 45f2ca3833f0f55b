"""The API's description: OpenAPI 3.1 made from the route table, and a page to read it.

Bodies and answers are pydantic models, whose JSON Schema (2020-12) is the very one OpenAPI 3.1 uses. The page
is plain HTML made here: no script, nothing loaded from outside.
"""

import re
from collections.abc import Sequence
from typing import Any, get_args, get_origin

from pydantic import BaseModel, TypeAdapter
from pydantic.json_schema import models_json_schema

from web.api import shapes
from web.api.route import Route, Who

REF = "#/components/schemas/{model}"
_ID = re.compile(r"<id:(\w+)>")
_AS = {
    Who.DEPLOYMENT: "The deployment key.",
    Who.USER: "Any user; sees and changes what that user may.",
    Who.ADMIN: "Admins.",
}


def describe(routes: Sequence[Route], prefix: str, *, public_url: str, version: str) -> dict[str, Any]:
    """The OpenAPI 3.1 document of `routes`."""
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        paths.setdefault(prefix + _ID.sub(r"{\1}", route.path), {})[route.method.lower()] = _operation(route)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "leadgate",
            "version": version or "1",
            "description": "Lists are JSON arrays, paged by `Link: rel=next`. Times are ISO 8601 with offset, "
            "ids opaque strings. A hidden, foreign or missing id is 404.",
        },
        "servers": [{"url": public_url.rstrip("/") or "/"}],
        "security": [{"bearer": []}, {"key": []}],
        "paths": paths,
        "components": {
            "schemas": _schemas(routes),
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer"},
                "key": {"type": "apiKey", "in": "header", "name": "X-API-KEY"},
            },
        },
    }


def _operation(route: Route) -> dict[str, Any]:
    found: dict[str, Any] = {
        "operationId": route.name,
        "summary": route.summary,
        "description": _AS[route.who],
        "parameters": _parameters(route),
        "responses": {
            str(route.status): _success(route),
            "default": {
                "description": "An error.",
                "content": {"application/problem+json": {"schema": _ref(shapes.Problem)}},
            },
        },
    }
    if route.body is bytes:
        found["requestBody"] = {"required": True, "content": {"message/rfc822": {}}}
    elif route.body is not None and issubclass(route.body, BaseModel):
        found["requestBody"] = {
            "required": any(field.is_required() for field in route.body.model_fields.values()),
            "content": {"application/json": {"schema": _ref(route.body)}},
        }
    return found


def _parameters(route: Route) -> list[dict[str, Any]]:
    identity = {"type": "string"}
    found: list[dict[str, Any]] = [
        {"name": name, "in": "path", "required": True, "schema": identity} for name in _ID.findall(route.path)
    ]
    if route.query is not None:
        schema = route.query.model_json_schema(by_alias=True)
        found += [
            {
                "name": name,
                "in": "query",
                "required": name in schema.get("required", ()),
                "schema": {key: value for key, value in each.items() if key != "title"},
            }
            for name, each in schema["properties"].items()
        ]
    if route.method == "POST" and route.who is not Who.DEPLOYMENT:
        found.append({"name": "Idempotency-Key", "in": "header", "schema": identity})
    return found


def _success(route: Route) -> dict[str, Any]:
    found: dict[str, Any] = {"description": route.summary + "."}
    if route.gives is bytes:
        found["content"] = {"message/rfc822": {}}
    elif route.gives is not None:
        schema = TypeAdapter(route.gives).json_schema(ref_template=REF)
        schema.pop("$defs", None)
        found["content"] = {
            "application/json": {"schema": _ref(route.gives) if _is_model(route.gives) else schema}
        }
    if route.paged:
        text = {"schema": {"type": "string"}}
        found["headers"] = dict.fromkeys(("Link", "X-Total-Count", "X-Total-Count-Exact"), text)
    return found


def _schemas(routes: Sequence[Route]) -> dict[str, Any]:
    models: dict[str, type[BaseModel]] = {shapes.Problem.__name__: shapes.Problem}
    for route in routes:
        for each in (route.body, *_models_in(route.gives)):
            if _is_model(each):
                models[each.__name__] = each
    _, definitions = models_json_schema(
        [(model, "validation") for model in models.values()], ref_template=REF
    )
    schemas: dict[str, Any] = definitions["$defs"]
    return schemas


def _models_in(gives: Any) -> tuple[Any, ...]:
    return get_args(gives) if get_origin(gives) is not None or get_args(gives) else (gives,)


def _is_model(each: Any) -> bool:
    return isinstance(each, type) and issubclass(each, BaseModel)


def _ref(model: type[BaseModel]) -> dict[str, str]:
    return {"$ref": REF.format(model=model.__name__)}
