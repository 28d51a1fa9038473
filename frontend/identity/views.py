"""Between signing in and the first page: choosing a person, or learning that we know none."""

from typing import cast

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from frontend.access import PersonRequest, next_address
from frontend.accounts import link_if_verified
from frontend.identity.forms import WhoAreYouForm
from frontend.middleware import CHOSEN
from people import accounts
from people.models import Account


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def who_are_you(request: HttpRequest) -> HttpResponse:
    """Choose, or change, the person who acts; kept until sign-out."""
    persons = cast(PersonRequest, request).persons
    if len(persons) < 2:
        return redirect(next_address(request))
    form = WhoAreYouForm(request.POST or None, persons=persons)
    if form.is_valid():
        request.session[CHOSEN] = form.cleaned_data["person"]
        # A new key: what was open under another name in this browser is not carried over.
        request.session.cycle_key()
        return redirect(next_address(request))
    return render(request, "identity/who_are_you.html", {"form": form, "next": next_address(request)})


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def unknown_person(request: HttpRequest) -> HttpResponse:
    """Signed in with an address that nobody here is known by: what to do, and a way to look again."""
    if request.method == "POST":
        account = cast(Account, request.user)
        if link_if_verified(account) or account.persons.exists():
            return redirect(next_address(request))
        messages.warning(request, "We still do not know this address.")
        return redirect("unknown_person")
    if cast(PersonRequest, request).persons:
        return redirect(next_address(request))
    return render(request, "identity/unknown_person.html", {"next": next_address(request)})


@never_cache
@login_required
@require_POST
def sign_out_everywhere(request: HttpRequest) -> HttpResponse:
    """End every session of the account, this one too."""
    accounts.sign_out_everywhere(account=cast(Account, request.user))
    logout(request)
    messages.success(request, "You are signed out here and everywhere else.")
    return redirect("account_login")
