"""The public check of a certificate: whoever has its code learns whether it holds good, and no name (decision 0022)."""

import re
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from api import counting
from bookings import certificates, document
from bookings.models import Certificate

P = ParamSpec("P")


class CodeForm(forms.Form):
    code = forms.CharField(
        label="Code on the certificate",
        help_text="Ten letters and digits. Spaces do not matter.",
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}),
        error_messages={"required": "Enter the code on the certificate"},
    )

    def clean_code(self) -> str:
        code = re.sub(r"[\W_]+", "", self.cleaned_data["code"]).upper()
        if not code:
            raise forms.ValidationError("Enter the code on the certificate")
        return code


class NameForm(forms.Form):
    name = forms.CharField(
        label="Name on the certificate",
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": "Enter the name on the certificate"},
    )


def counted(view: Callable[Concatenate[HttpRequest, P], HttpResponse]) -> Callable[..., HttpResponse]:
    """Let nobody try many codes or names in a minute."""

    @wraps(view)
    def entered(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        number = counting.count("certificates", counting.address_of(request))
        if number <= settings.CERTIFICATE_CHECKS_A_MINUTE:
            return view(request, *args, **kwargs)
        response = render(request, "certificates/too_often.html", status=429)
        response["Retry-After"] = str(counting.seconds_left())
        return response

    return entered


@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """Where the code is typed by who has no camera."""
    form = CodeForm(request.GET if "code" in request.GET else None)
    if form.is_valid():
        return redirect("certificates:check", form.cleaned_data["code"])
    return render(request, "certificates/find.html", {"form": form})


# A name that was tried gets neither into an address nor into an error report.
@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@counted
def check(request: HttpRequest, code: str) -> HttpResponse:
    """Course, day, and whether it holds good; a name only as yes or no to the one that was typed."""
    found = Certificate.objects.select_related("booking__event__course", "booking__delegate").filter(code=code).first()
    if found is None:
        return render(request, "certificates/unknown.html", {"form": CodeForm()}, status=404)
    form = NameForm(request.POST if request.method == "POST" else None)
    context = {
        "certificate": found,
        "code": document.in_two(found.code),
        "days": document.days_of(found.booking.event.sessions.all()),
        "form": form,
        "asked": form.is_valid(),
        "is_theirs": form.is_valid() and certificates.is_made_out_to(found, form.cleaned_data["name"]),
    }
    return render(request, "certificates/check.html", context)
