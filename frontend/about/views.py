"""The pages in the foot of every page, for anyone: help, privacy, accessibility, cookies."""

from datetime import date

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from bookings import policies
from frontend.about.cookies import COOKIES
from frontend.about.tariffs import priced
from people.models import Partnership

# When somebody last went through what the accessibility statement says. Change it with the words, and only then.
STATEMENT_PREPARED_ON = date(2026, 11, 25)


@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """How to do what people come for, role by role, and who to ask."""
    policy = policies.in_force(timezone.localdate())
    return render(request, "about/help.html", {"policy": policy, "tariffs": priced(policy)})


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept about people, why, for how long and who sees it."""
    context = {
        "contact": settings.DATA_PROTECTION_CONTACT,
        "legal_basis": settings.PRIVACY_LEGAL_BASIS,
        "retention": settings.PRIVACY_RETENTION,
        "front_door": settings.FRONT_DOOR_PHONE,
    }
    return render(request, "about/privacy.html", context)


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """The statement that the accessibility regulations for public sector bodies ask for."""
    nation = Partnership.objects.values_list("nation", flat=True).first()
    is_northern = nation == Partnership.Nation.NORTHERN_IRELAND
    context = {"prepared_on": STATEMENT_PREPARED_ON, "is_northern_ireland": is_northern}
    return render(request, "about/accessibility.html", context)


@require_safe
def cookies(request: HttpRequest) -> HttpResponse:
    """The cookies that a browser is given here."""
    return render(request, "about/cookies.html", {"cookies": COOKIES})
