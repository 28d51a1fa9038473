"""Tells each request which person acts."""

from collections.abc import Callable
from typing import cast

from django.http import HttpRequest, HttpResponse

from frontend.access import PersonRequest

# Session key: the reference of the person chosen where several share the account.
CHOSEN = "person"


class PersonMiddleware:
    """Sets request.person and request.persons for whoever is signed in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        identify(cast(PersonRequest, request))
        return self.get_response(request)


def identify(request: PersonRequest) -> None:
    """Who may act under the request's account, and who does."""
    request.person, request.persons = None, []
    if not request.user.is_authenticated:
        return
    # Roles and leaving count from the next request on: nothing of this is kept in the session.
    request.persons = request.user.acting
    chosen = request.session.get(CHOSEN)
    if len(request.persons) == 1:
        request.person = request.persons[0]
    else:
        request.person = next((person for person in request.persons if person.reference == chosen), None)
