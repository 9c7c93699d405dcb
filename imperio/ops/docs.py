"""`/docs`: the API for people, made from the same description as `/openapi.json`, without a foreign script."""

from typing import Any, Final

from quart import Blueprint, Response, current_app
from quart_schema.extension import QuartSchema

from ..accounts.access import Access, Auth
from ..core.jsonio import dumps_text
from ..core.rates import Rate
from ..core.web import html

READ: Final = Rate("docs", count=2, period=1.0, burst=20)
_ORDER: Final = ("get", "post", "put", "patch", "delete")


def docs_pages(access: Access) -> Blueprint:
    bp = Blueprint("docs", __name__)

    @access.page(bp, "/docs", auth=Auth.OPTIONAL, rate=READ)
    async def docs(caller: Any) -> Response:
        extension: QuartSchema = current_app.extensions["QUART_SCHEMA"]
        schema = extension.openapi_provider.schema()
        return await html(
            "ops/docs.html", groups=_groups(schema), problems=_problems(schema), version=schema["info"]["version"]
        )

    return bp


def _groups(schema: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Operations by their first path segment, in the description's order."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for path, operations in schema["paths"].items():
        parts = path.removeprefix("/api/v1/").strip("/").split("/")
        for method in _ORDER:
            if method in operations:
                groups.setdefault(parts[0] or "casino", []).append(_operation(schema, method, path, operations[method]))
    return groups


def _operation(schema: dict[str, Any], method: str, path: str, operation: dict[str, Any]) -> dict[str, Any]:
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    return {
        "method": method.upper(),
        "path": path,
        "summary": operation.get("summary") or "",
        "description": operation.get("description") or "",
        "parameters": operation.get("parameters", []),
        "secured": bool(operation.get("security")),
        "body": _fields(schema, body) if body else [],
        "responses": [
            {"status": status, "description": response.get("description", "")}
            for status, response in sorted(operation.get("responses", {}).items(), key=lambda item: str(item[0]))
        ],
    }


def _fields(schema: dict[str, Any], part: dict[str, Any]) -> list[dict[str, Any]]:
    """Name, type, need and meaning of a body's fields."""
    if "$ref" in part:
        part = schema["components"]["schemas"].get(part["$ref"].rpartition("/")[2], {})
    required = set(part.get("required", ()))
    return [
        {
            "name": name,
            "type": field.get("type") or "…",
            "required": name in required,
            "description": field.get("description") or "",
            "example": dumps_text(field["examples"][0]) if field.get("examples") else "",
        }
        for name, field in part.get("properties", {}).items()
    ]


def _problems(schema: dict[str, Any]) -> list[dict[str, Any]]:
    """Every error code that any operation declares, once."""
    found: dict[str, dict[str, Any]] = {}
    for operations in schema["paths"].values():
        for operation in operations.values():
            for status, response in operation.get("responses", {}).items():
                content = response.get("content", {}).get("application/problem+json", {})
                for example in content.get("examples", {}).values():
                    value = example.get("value", {})
                    if "code" in value:
                        found[value["code"]] = {
                            "code": value["code"],
                            "status": status,
                            "title": value.get("title", ""),
                        }
    return sorted(found.values(), key=lambda problem: (str(problem["status"]), problem["code"]))
