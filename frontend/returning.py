"""The way back to a list as it was filtered and sorted.

A list's query travels in the address of what is opened from it, as ?list=…, and from there on to what is done about it.
A booking that is opened from its event has a list of its own, so the programme's goes with it as ?programme=….
Only the query travels and never the path, so that a forged one leads nowhere but to the list.
"""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect
from django.urls import reverse

NAME, PROGRAMME = "list", "programme"
LONGEST = 1000  # characters; longer ones are nobody's filter


def opened_from(request: HttpRequest) -> str:
    """On a list: what goes behind the address of each row."""
    return f"?{urlencode({NAME: request.GET.urlencode()})}"


def opened_from_event(request: HttpRequest) -> str:
    """On the page of an event: what goes behind the address of a booking of it."""
    return f"?{urlencode({PROGRAMME: request.GET[NAME]})}" if _is_kept(request, NAME) else ""


def back_to_event(request: HttpRequest) -> str:
    """On the page of a booking: what goes behind the address of its event."""
    return f"?{urlencode({NAME: request.GET[PROGRAMME]})}" if _is_kept(request, PROGRAMME) else ""


def kept_list(request: HttpRequest, **more: str) -> str:
    """On a page opened from a list: what goes behind the address of the next one, beside what else it is asked."""
    asked = more | {name: request.GET[name] for name in (NAME, PROGRAMME) if _is_kept(request, name)}
    return f"?{urlencode(asked)}" if asked else ""


def to(request: HttpRequest, view: str, *args: object, at: str = "") -> HttpResponseRedirect:
    """On to another page, after something was done, from which the way back is the same. at: "#place" on it."""
    return redirect(reverse(view, args=args) + kept_list(request) + at)


def is_opened_from_a_list(request: HttpRequest) -> bool:
    return _is_kept(request, NAME)


def list_address(request: HttpRequest, view: str) -> str:
    """The list, filtered as the page was opened from it."""
    asked = QueryDict(request.GET[NAME]).urlencode() if _is_kept(request, NAME) else ""
    return f"{reverse(view)}?{asked}" if asked else reverse(view)


def _is_kept(request: HttpRequest, name: str) -> bool:
    return name in request.GET and len(request.GET[name]) <= LONGEST
