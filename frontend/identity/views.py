"""Who acts, where several share a mailbox; and ending all sign-ins of an account."""

from typing import cast

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from frontend.access import PersonRequest, next_address
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
@require_POST
def sign_out_everywhere(request: HttpRequest) -> HttpResponse:
    """End every session of the account, this one too."""
    accounts.sign_out_everywhere(account=cast(Account, request.user))
    logout(request)
    messages.success(request, "You are signed out here and everywhere else.")
    return redirect("account_login")
