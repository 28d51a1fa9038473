"""The API for people: its description, and the tokens that let one's programs in."""

from typing import cast

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from api import tokens as changes
from api.models import Token
from frontend.access import PersonRequest, SignedInRequest, asks_again, signed_in
from frontend.api_access.forms import TokenForm


@require_safe
def description(request: HttpRequest) -> HttpResponse:
    """Every address of the API with what it takes and answers; open to everyone, as it shows nobody's data."""
    from frontend.api_access import reading  # REST framework comes with it

    context = {
        "groups": reading.groups(),
        "problems": reading.problems(),
        "site": settings.SITE_URL,
        "rates": settings.API_REQUESTS_A_MINUTE,
        "may_try": cast(PersonRequest, request).person is not None,
    }
    return render(request, "api/description.html", context)


@require_safe
@signed_in
def tokens(request: SignedInRequest) -> HttpResponse:
    """One's own tokens."""
    found = Token.objects.visible_to(request.person).kept()
    return render(request, "api/tokens.html", {"tokens": list(found)})


@require_http_methods(["GET", "POST"])
@signed_in
@asks_again
def make_token(request: SignedInRequest) -> HttpResponse:
    """Make a token. Its secret is on the answer to this one request, and nowhere else."""
    form = TokenForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            token, secret = changes.make(
                account=request.user,
                by=request.person,
                name=form.cleaned_data["name"],
                scopes=form.cleaned_data["scopes"],
                expires_on=form.expires_on,
            )
        except changes.TokenRefused as refusal:
            form.add_error("name", str(refusal))
        else:
            context = {"token": token, "secret": secret, "site": settings.SITE_URL}
            return render(request, "api/token_made.html", context)
    return render(request, "api/make_token.html", {"form": form})


@require_http_methods(["GET", "POST"])
@signed_in
def revoke_token(request: SignedInRequest, reference: str) -> HttpResponse:
    """Take a token back, after a look at what uses it."""
    token = get_object_or_404(Token.objects.visible_to(request.person).kept(), reference=reference)
    if request.method == "POST":
        changes.revoke(token=token, by=request.person)
        messages.success(request, f"The token “{token.name}” lets nobody in any more.")
        return redirect("api_access:tokens")
    return render(request, "api/revoke_token.html", {"token": token})
