"""`/openapi.json`: what quart-schema gathers, completed with the problems that each route's policy implies."""

from http import HTTPStatus
from typing import Any, Final

from quart_schema import APIKeySecurityScheme, HttpSecurityScheme, OpenAPIProvider
from quart_schema.extension import SecuritySchemeInput
from werkzeug.routing.rules import Rule

from ..core.errors import (
    AppError,
    BodyTooLarge,
    BodyTooSlow,
    Forbidden,
    InvalidRequest,
    MalformedBody,
    NotAuthenticated,
    RateLimited,
    Unavailable,
    UnsupportedMediaType,
)
from .access import Auth, CsrfFailed, Policy
from .cookies import Cookies
from .examples import example_of

_PROBLEM: Final = {
    "type": "object",
    "title": "Problem",
    "description": "RFC 9457 problem details. `code` is stable; `errors` names the fields that made no sense.",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "message"],
                "properties": {"field": {"type": "string"}, "message": {"type": "string"}},
            },
        },
    },
}


def _socket(name: str, summary: str, description: str) -> dict[str, Any]:
    return {
        "get": {
            "operationId": name,
            "summary": summary,
            "description": f"{description} Frames are JSON objects `{{event, data, ref?}}`; see docs/live.md.",
            "tags": ["live"],
            "responses": {
                "101": {"description": "Switching to the WebSocket protocol."},
                "403": _problem_response(403, [Forbidden]),
            },
        }
    }


# What quart-schema does not gather: the stream and the sockets.
_TOPIC_PARAMETER: Final = {
    "name": "topic",
    "in": "query",
    "required": True,
    "description": "May be given several times: `leaderboard:<metric>:<timeframe>[:<rows>]`, `big_wins`,"
    " `announcements`, `lobby`; `notifications` and `wallet` of whoever is logged in.",
    "schema": {"type": "array", "items": {"type": "string"}, "minItems": 1},
    "explode": True,
    "example": ["leaderboard:net_profit:daily:10", "big_wins"],
}


# Calls that may answer this error take the key; the wallet above us gives both their meaning.
_REPEATABLE: Final = "idempotency_conflict"
_KEY_PARAMETER: Final = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "The same key with the same body gets the first answer again, and nothing moves twice.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 128},
    "example": "4f1c3b9e-spin-17",
}
_REPLAYED_HEADER: Final = {
    "Idempotency-Replayed": {
        "schema": {"type": "string", "enum": ["true"]},
        "description": "Sent with the first answer given again.",
    }
}


def security_schemes(cookies: Cookies) -> dict[str, SecuritySchemeInput]:
    """The two ways to be logged in, for `QuartSchema(security_schemes=…)`."""
    return {
        "bearer": HttpSecurityScheme(scheme="bearer", bearer_format="JWT"),
        "cookie": APIKeySecurityScheme(name=cookies.access, in_="cookie"),
    }


class ApiDescription(OpenAPIProvider):
    """Describes exactly the routes that have a policy; pages are hidden by theirs."""

    def schema(self) -> dict[str, Any]:
        whole = super().schema()
        whole["components"]["schemas"]["Problem"] = _PROBLEM
        whole["paths"].update(_LIVE)
        for operations in whole["paths"].values():
            for operation in operations.values():
                _give_examples(operation, whole["components"]["schemas"])
        return whole

    def build_request_body(self, model: Any, source: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        described, components = super().build_request_body(model, source)
        described["required"] = any("required" in content["schema"] for content in described["content"].values())
        return described, components

    def build_paths(self, rule: Rule) -> tuple[dict[str, Any], dict[str, Any]]:
        paths, components = super().build_paths(rule)
        policy: Policy | None = getattr(self._app.view_functions[rule.endpoint], "policy", None)
        if policy is None:
            return paths, components
        for operations in paths.values():
            for method, operation in operations.items():
                responses = operation["responses"]
                for success in responses.values():
                    success["description"] = success["description"] or "Done."
                if policy.media:
                    responses[200] = _text_response(policy.media)
                elif not responses:
                    responses[204] = {"description": "Done; there is nothing to say."}
                if any(error.code == _REPEATABLE for error in policy.errors):
                    operation["parameters"] = [*operation["parameters"], _KEY_PARAMETER]
                    for success in responses.values():
                        success["headers"] = _REPLAYED_HEADER
                for status, errors in sorted(_problems(policy, method, operation).items()):
                    problem = _problem_response(status, errors)
                    problem["content"] |= responses.get(status, {}).get("content", {})
                    responses[status] = problem
        return paths, components


def _problems(policy: Policy, method: str, operation: dict[str, Any]) -> dict[int, list[type[AppError]]]:
    """The errors that a call may answer, by status."""
    found: list[type[AppError]] = [*policy.errors, RateLimited, Unavailable]
    if policy.auth is not Auth.PUBLIC:
        found.append(NotAuthenticated)
    if policy.auth not in (Auth.PUBLIC, Auth.OPTIONAL) and method != "get":
        found.append(CsrfFailed)
    if policy.auth in (Auth.MODERATOR, Auth.ADMIN):
        found.append(Forbidden)
    if method in ("post", "put", "patch"):
        found += [MalformedBody, BodyTooSlow, BodyTooLarge, UnsupportedMediaType, InvalidRequest]
    elif any(parameter["in"] == "query" for parameter in operation["parameters"]):
        found.append(InvalidRequest)
    by_status: dict[int, list[type[AppError]]] = {}
    for error in found:
        known = by_status.setdefault(error.status, [])
        if error not in known:
            known.append(error)
    return by_status


def _text_response(media: str) -> dict[str, Any]:
    return {"description": "Done.", "content": {media: {"schema": {"type": "string"}}}}


def _give_examples(operation: dict[str, Any], components: dict[str, Any]) -> None:
    """One to each JSON body that is sent or answered."""
    for part in (operation.get("requestBody", {}), *operation["responses"].values()):
        content = part.get("content", {}).get("application/json")
        if content is not None:
            content["example"] = example_of(content["schema"], components)


def _problem_response(status: int, errors: list[type[AppError]]) -> dict[str, Any]:
    response: dict[str, Any] = {
        "description": "; ".join(f"`{error.code}`: {error.title}" for error in errors) or HTTPStatus(status).phrase,
        "content": {
            "application/problem+json": {
                "schema": {"$ref": "#/components/schemas/Problem"},
                "examples": {error.code: {"value": _example(error)} for error in errors},
            }
        },
    }
    if status in (429, 503):
        response["headers"] = {"Retry-After": {"schema": {"type": "integer"}, "description": "Seconds to wait."}}
    return response


def _example(error: type[AppError]) -> dict[str, Any]:
    return {
        "type": f"/docs#error-{error.code}",
        "title": error.title,
        "status": error.status,
        "detail": error.title,
        "code": error.code,
    }


_LIVE: Final[dict[str, Any]] = {
    "/events": {
        "get": {
            "operationId": "live_events",
            "summary": "Hear live events",
            "description": "Server-sent events: snapshots first, then what happens. `Last-Event-ID` resumes.",
            "tags": ["live"],
            "parameters": [
                _TOPIC_PARAMETER,
                {"name": "Last-Event-ID", "in": "header", "required": False, "schema": {"type": "string"}},
            ],
            "responses": {
                "200": {
                    "description": "The stream.",
                    "content": {
                        "text/event-stream": {
                            "schema": {"type": "string"},
                            "example": "retry: 1500\n\nid: 1732332000000-0001\nevent: balance\n"
                            'data: {"balance":990,"transaction_id":"0193a5f0c2a87d0e8f6a1c5b7e9d2f34"}\n\n',
                        }
                    },
                },
                "400": {
                    "description": "`unknown_topic`: There is no such topic",
                    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
                },
                "401": _problem_response(401, [NotAuthenticated]),
            },
        }
    },
    "/ws/chat": _socket("live_chat", "Talk", "The chat's WebSocket."),
    "/ws/tables": _socket("live_tables", "Play together", "The live tables' WebSocket."),
}
