"""What each error of a view is answered with: always a problem."""

import re
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from rest_framework import exceptions

from api import problems
from bookings.refusals import BookingRefused
from invoicing.refusals import InvoicingRefused

REFUSALS = (BookingRefused, InvoicingRefused)
CHECK = "The request is not right: errors says where and why. Nothing was changed."


def answer(error: Exception, context: dict[str, Any]) -> HttpResponse | None:
    """REST framework's exception handler. None for what nobody foresaw: Django logs that and answers 500."""
    if isinstance(error, REFUSALS):
        return problems.problem(409, str(error), kind=kind_of(error))
    if isinstance(error, Http404):
        return problems.problem(404, problems.NOT_FOUND)
    if isinstance(error, PermissionDenied):
        return problems.problem(403, f"{error or 'Somebody else'} can do this. You may not.")
    if isinstance(error, exceptions.ValidationError):
        return problems.problem(400, CHECK, errors=dict(_by_field(error.detail)))
    if isinstance(error, exceptions.APIException):
        return _of_framework(error)
    return None


def kind_of(refusal: Exception) -> str:
    """NoPlacesLeft: no-places-left."""
    return re.sub(r"(?<!^)(?=[A-Z])", "-", type(refusal).__name__).lower()


def _of_framework(error: exceptions.APIException) -> HttpResponse:
    response = problems.problem(error.status_code, str(error.detail))
    if challenge := getattr(error, "auth_header", None):
        response["WWW-Authenticate"] = challenge
    if wait := getattr(error, "wait", None):
        response["Retry-After"] = str(int(wait))
    return response


def _by_field(detail: Any, field: str = "") -> Iterator[tuple[str, list[str]]]:
    """Nested errors by the way to their field: marks.0.attendance."""
    if isinstance(detail, dict):
        for name, inner in detail.items():
            # What is wrong with an object as a whole is wrong with the field that holds it.
            yield from _by_field(inner, field if name == "non_field_errors" else f"{field}.{name}".lstrip("."))
    elif any(isinstance(inner, dict | list) for inner in detail):
        for number, inner in enumerate(detail):
            yield from _by_field(inner, f"{field}.{number}".lstrip("."))
    else:
        yield field or "body", [str(sentence) for sentence in detail]
