"""The API in words: its OpenAPI document, made from the views once a process."""

import json
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.generators import SchemaGenerator

from api import problems

PROBLEM = {
    "type": "object",
    "description": "What went wrong, in the one form that all refusals have (RFC 9457).",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {
            "type": "string",
            "description": "about:blank, or for a refused change its name: urn:turnout:no-places-left.",
        },
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "A sentence for a person: what happened, and what to do."},
        "errors": {
            "type": "object",
            "description": "What is wrong with each field.",
            "additionalProperties": {"type": "array", "items": {"type": "string"}},
        },
    },
    "example": {
        "type": "urn:turnout:already-booked",
        "title": "Conflict",
        "status": 409,
        "detail": "Jade Lewis already has a booking on Early help on 3 March 2027: K7QX2MPRT4. Nothing was changed.",
    },
}
# Parameters that mean the same everywhere.
ABOUT = {
    "reference": "The reference, as lists and pages show it.",
    "number": "Which session, from 1 in the order of time.",
    "state": "Only those in this state.",
    "outcome": "Only those that ended so.",
    "delivery": "Only those of courses given so.",
    "reason": "Only those for this reason.",
}
WHEN = {
    "400": ("BadRequest", "The address or the body is not right; errors says where."),
    "401": ("NotSignedIn", "No token, or one that lets nobody in."),
    "403": ("Forbidden", "Not yours to do, or not what the token is for."),
    "404": ("NotFound", "There is nothing here, or nothing that you may see."),
    "409": ("Refused", "It cannot be done now; detail says why. Nothing was changed."),
    "415": ("NotJson", "The body is not application/json."),
    "429": ("TooManyRequests", "More than is allowed in a minute; Retry-After says how many seconds to wait."),
    "500": ("WentWrong", "Our mistake. Nothing of the request was kept."),
}


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # the library has no types
    target_class = "api.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "A token made on the page API access."}


class CookieScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # the library has no types
    target_class = "rest_framework.authentication.SessionAuthentication"
    name = "browser"
    priority = 1

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "cookie",
            "name": settings.SESSION_COOKIE_NAME,
            "description": "The sign-in of the pages, in the same browser. Changes need its CSRF token too.",
        }


@require_safe
def schema(request: HttpRequest) -> HttpResponse:
    """Open to everyone: it describes the program, and nothing in it."""
    response = HttpResponse(_json(), content_type="application/json")
    response["Cache-Control"] = "public, max-age=300"
    return response


@cache
def document() -> dict[str, Any]:
    """The OpenAPI document."""
    made: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]  # the library has no types
    return made


@cache
def _json() -> str:
    return json.dumps(document(), ensure_ascii=False)


def with_problems(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Hook of drf-spectacular: each operation with the problems that it can answer with, each body closed."""
    components = result.setdefault("components", {})
    components.setdefault("schemas", {})["Problem"] = PROBLEM
    components["responses"] = {
        name: {
            "description": description,
            "content": {problems.CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for name, description in WHEN.values()
    }
    for methods in result["paths"].values():
        for method, operation in methods.items():
            for parameter in operation.get("parameters", []):
                parameter.setdefault("description", ABOUT.get(parameter["name"], ""))
            for answer in operation["responses"].values():
                answer["description"] = answer["description"] or "Done." if method == "post" else "What you asked for."
            for status in _problems_of(method, operation):
                operation["responses"][status] = {"$ref": f"#/components/responses/{WHEN[status][0]}"}
            operation["responses"] = dict(sorted(operation["responses"].items()))
    for name, described in components["schemas"].items():
        if name in CLOSED:
            described["additionalProperties"] = False
    return result


# Bodies: a field that is not declared is refused.
CLOSED = {"NewBooking", "Cancellation", "NewMark", "Marks", "HandIn", "Reopening"}


def _problems_of(method: str, operation: dict[str, Any]) -> list[str]:
    found = ["400", "401", "403", "429", "500"]
    if any(parameter["in"] == "path" for parameter in operation.get("parameters", [])):
        found.append("404")
    if method == "post":
        found.append("409")
    if "requestBody" in operation:
        found.append("415")
    return found
