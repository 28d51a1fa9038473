"""The way back to a list as it was filtered and sorted.

A list's query travels in the address of what is opened from it, as ?list=…, and from there on to what is done about it.
Only the query travels and never the path, so that a forged one leads nowhere but to the list.
"""

from urllib.parse import urlencode

from django.http import HttpRequest, QueryDict
from django.urls import reverse

NAME = "list"
LONGEST = 1000  # characters; longer ones are nobody's filter


def opened_from(request: HttpRequest) -> str:
    """On a list: what goes behind the address of each row."""
    return f"?{urlencode({NAME: request.GET.urlencode()})}"


def kept_list(request: HttpRequest, **more: str) -> str:
    """On a page opened from a list: what goes behind the address of the next one, beside what else it is asked."""
    asked = more | ({NAME: request.GET[NAME]} if is_opened_from_a_list(request) else {})
    return f"?{urlencode(asked)}" if asked else ""


def is_opened_from_a_list(request: HttpRequest) -> bool:
    return NAME in request.GET and len(request.GET[NAME]) <= LONGEST


def list_address(request: HttpRequest, view: str) -> str:
    """The list, filtered as the page was opened from it."""
    asked = QueryDict(request.GET[NAME]).urlencode() if is_opened_from_a_list(request) else ""
    return f"{reverse(view)}?{asked}" if asked else reverse(view)
