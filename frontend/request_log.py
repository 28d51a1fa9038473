"""One line in the log for each answer: what was asked for, by its name, how it ended, how long it took, for whom.

The address itself is not logged: it holds references, search words and once-only keys. A view's name says as much as
operating needs, and the request's id joins the line to those of the messages and jobs that it caused.
"""

import logging
import re
import time
import uuid
from collections.abc import Callable

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse

log = logging.getLogger(__name__)

HEADER = "X-Request-ID"
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}  # others are words of the sender's
# What a proxy gives: long enough to be one, short enough for a column, and nothing that could be taken for a line.
SANE = re.compile(r"[A-Za-z0-9_-]{8,36}")


class RequestLogMiddleware:
    """Gives the request its id, binds it to every line that is logged meanwhile, and logs the answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get(HEADER, "")
        request_id = given if SANE.fullmatch(given) else uuid.uuid4().hex
        began = time.perf_counter()
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            response = self.get_response(request)
            if not request.path_info.startswith(settings.STATIC_URL):
                note(request, response, time.perf_counter() - began)
        response[HEADER] = request_id
        return response


def note(request: HttpRequest, response: HttpResponse, seconds: float) -> None:
    match = request.resolver_match
    # Only if somebody asked who it is: else the log would cost a statement.
    user = getattr(request, "_cached_user", None)
    status = response.status_code
    level = logging.ERROR if status >= 500 else logging.WARNING if status == 403 else logging.INFO
    facts = {
        "method": request.method if request.method in METHODS else "other",
        "route": match.view_name if match else "",
        "status": status,
        "ms": round(seconds * 1000),
        "account": user.pk if user is not None else None,
    }
    log.log(level, "denied" if status == 403 else "answered", extra=facts)
