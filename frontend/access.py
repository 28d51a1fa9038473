"""Who may enter a page: signed in, known as a person, and allowed."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.http import url_has_allowed_host_and_scheme

from people.models import Account, Person

P = ParamSpec("P")


class PersonRequest(HttpRequest):
    """Any request behind PersonMiddleware."""

    # Who acts; None for a visitor, and for an account that has no person or has not chosen one.
    person: Person | None
    # All whom the account may act as.
    persons: list[Person]


class SignedInRequest(PersonRequest):
    """A request that passed signed_in."""

    user: Account
    person: Person


def signed_in(
    view: Callable[Concatenate[SignedInRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Let in whom we know; send others to sign in, to choose who they are, or to the page that says what to do."""

    @wraps(view)
    def entered(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        person_request = cast(PersonRequest, request)
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if person_request.person is None:
            door = "who_are_you" if person_request.persons else "unknown_person"
            return redirect_to_login(request.get_full_path(), reverse(door))
        response = view(cast(SignedInRequest, request), *args, **kwargs)
        # A shared computer must not show this page to the next one who presses Back.
        patch_cache_control(response, private=True, no_store=True)
        return response

    return entered


def require(allowed: bool, *, who: str = "") -> None:
    """Raise PermissionDenied, the 403 page, unless allowed. who says on that page who can: "A coordinator"."""
    if not allowed:
        raise PermissionDenied(who)


def next_address(request: HttpRequest) -> str:
    """Where the request asks to go on to, if that is a page of ours; else home."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    if url_has_allowed_host_and_scheme(asked, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        return asked
    return reverse("home")
