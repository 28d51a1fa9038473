"""One form for whatever goes wrong: application/problem+json (RFC 9457). The handlers use it too: no REST framework."""

from collections.abc import Mapping
from http import HTTPStatus

from django.http import HttpRequest, JsonResponse

CONTENT_TYPE = "application/problem+json"
ROOT = "/api/v1/"

NOT_FOUND = "There is nothing here, or nothing that you may see. Addresses have no slash at the end; /api/ lists them."
BAD = "The request is not one that can be read. Nothing was changed."
TOO_LARGE = "The request is larger than any that is read here. Nothing was changed."
WENT_WRONG = "Something went wrong on our side. Nothing of this request was kept. Try again in a minute."


def problem(status: int, detail: str, *, kind: str = "", errors: Mapping[str, list[str]] | None = None) -> JsonResponse:
    """The answer to a request that is refused. kind: a refusal's name in lower case; errors: sentences by field."""
    said: dict[str, object] = {
        "type": f"urn:turnout:{kind}" if kind else "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
    }
    if errors:
        said["errors"] = dict(errors)
    response = JsonResponse(said, status=status, content_type=CONTENT_TYPE, json_dumps_params={"ensure_ascii": False})
    response["Cache-Control"] = "private, no-store"
    return response


def is_for_programs(request: HttpRequest) -> bool:
    """Whether the request is one of a program, which reads problems and no pages."""
    return request.path.startswith(ROOT)
