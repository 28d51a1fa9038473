"""Who may enter a page: signed in, known as a person, and allowed."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from allauth.account.adapter import get_adapter
from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.http import url_has_allowed_host_and_scheme

from people.models import Account, Person

P = ParamSpec("P")

# The addresses that answer without a sign-in, by their views' names; all others ask for one (SignInMiddleware), so that
# a page whose decorator was forgotten shows nothing. tests/frontend/test_doors.py holds this against doors.py.
PUBLIC = frozenset(
    {
        "accessibility",
        "account_complete_password_reset",
        "account_confirm_login_code",
        "account_confirm_password_reset_code",
        "account_email_verification_sent",
        "account_inactive",
        "account_login",
        "account_logout",
        "account_password_reset_completed",
        "account_request_login_code",
        "account_reset_password",
        "account_signup",
        "api:schema",
        "api_access:description",
        "approvals:linked",
        "brand_logo",
        "brand_stylesheet",
        "calendar:feed",
        "certificates:check",
        "certificates:find",
        "cookies",
        "evaluations:answer",
        "evaluations:thanks",
        "finding:course",
        "finding:list",
        "help",
        "joining:invited",
        "mfa_authenticate",
        "mfa_login_webauthn",
        "offers:linked",
        "privacy",
        "registers:check_in",
        "registers:checked_in",
        "registers:worker",
        "status",
        "trainers:asked",
    }
)


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
    """Let in whom we know; send others to sign in, to choose who they are, or to say who they are."""

    @wraps(view)
    def entered(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        person_request = cast(PersonRequest, request)
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if person_request.person is None:
            door = "who_are_you" if person_request.persons else "joining:join"
            return redirect_to_login(request.get_full_path(), reverse(door))
        response = view(cast(SignedInRequest, request), *args, **kwargs)
        # A shared computer must not show this page to the next one who presses Back.
        patch_cache_control(response, private=True, no_store=True)
        return response

    return entered


def asks_again(
    view: Callable[Concatenate[SignedInRequest, P], HttpResponse],
) -> Callable[Concatenate[SignedInRequest, P], HttpResponse]:
    """Under signed_in: ask for the password or a code again when it was last given too long ago for what view does."""

    @wraps(view)
    def entered(request: SignedInRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        return view(request, *args, **kwargs) if has_shown_who_lately(request) else ask_who(request)

    return entered


def has_shown_who_lately(request: HttpRequest) -> bool:
    """Whether a password, code or key was given in this session, within ACCOUNT_REAUTHENTICATION_TIMEOUT seconds."""
    given = [record["at"] for record in get_authentication_records(request, cast(Account, request.user))]
    return bool(given) and time.time() - max(given) < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT


def ask_who(request: HttpRequest) -> HttpResponse:
    """To where the password or second factor is asked for, and back. What was posted is not kept, and that is said."""
    back = request.get_full_path()
    if request.method == "POST":
        messages.warning(request, "Nothing is saved yet. Show that it is you, and then do it again.")
        back = _page_before(request)
    methods = get_adapter(request).get_reauthentication_methods(request.user)
    if methods:
        return redirect_to_login(back, methods[0]["url"])
    # Nothing to ask for: who signs in by codes shows who they are by signing in.
    messages.info(request, "For what comes next we need to know that it is you. Sign out, and in again by code.")
    return redirect_to_login(redirect_to_login(back).url, reverse("account_logout"))


def _page_before(request: HttpRequest) -> str:
    """The page whose form was sent."""
    page = request.headers.get("Referer", "")
    return page if _is_ours(request, page) else request.get_full_path()


def require(allowed: bool, *, who: str = "") -> None:
    """Raise PermissionDenied, the 403 page, unless allowed. who says on that page who can: "A coordinator"."""
    if not allowed:
        raise PermissionDenied(who)


def next_address(request: HttpRequest) -> str:
    """Where the request asks to go on to, if that is a page of ours; else home."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    return asked if _is_ours(request, asked) else reverse("home")


def _is_ours(request: HttpRequest, address: str) -> bool:
    hosts = {request.get_host()}
    return url_has_allowed_host_and_scheme(address, allowed_hosts=hosts, require_https=request.is_secure())
