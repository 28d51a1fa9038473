"""Tells each request which person acts; lets nobody in unknown, or without the second factor that is demanded."""

from collections.abc import Callable
from typing import Any, cast

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from api import problems
from frontend.access import PUBLIC, PersonRequest
from people import second_factor

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


class AddressMiddleware:
    """An address with a NUL in it leads nowhere: PostgreSQL would refuse the look-up with an error."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\0" in request.path:
            raise Http404
        return self.get_response(request)


class SignInMiddleware:
    """Whatever is not in access.PUBLIC needs a sign-in. The API tells tokens from sessions, and refuses by itself."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        match = request.resolver_match
        name = match.view_name if match else ""
        if request.user.is_authenticated or name in PUBLIC or problems.is_for_programs(request):
            return None
        return redirect_to_login(request.get_full_path())


class SecondFactorMiddleware:
    """Before any other page a person whose role demands a second factor sets one up."""

    # The way to one: allauth's pages for it, showing who one is, and going away.
    WAY = frozenset(
        {"account_reauthenticate", "account_logout", "sign_out_everywhere", "who_are_you", "brand_stylesheet", "status"}
        | {"help", "privacy", "cookies", "accessibility"}
    )

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        person, match = cast(PersonRequest, request).person, request.resolver_match
        if person is None or match is None or not second_factor.is_missing(person):
            return None
        request.second_factor_is_missing = True  # type: ignore[attr-defined]  # for the page that says so
        if match.view_name in self.WAY or match.view_name.startswith("mfa_"):
            return None
        if problems.is_for_programs(request):
            return problems.problem(403, "Set up a second step for your sign-in first.")
        return redirect_to_login(request.get_full_path(), reverse("mfa_index"))
