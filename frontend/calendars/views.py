"""One's bookings in one's own calendar: a private address that programs read, and a booking's file."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from api import counting
from bookings import calendar_files, feeds
from bookings.models import Booking
from bookings.permissions import may_open
from frontend.access import SignedInRequest, require, signed_in
from frontend.context import partnership

# The servers of large calendar services ask for many people from one address.
REQUESTS_A_MINUTE = 300


@require_safe
@signed_in
def own(request: SignedInRequest) -> HttpResponse:
    """What the private address is, and whether one has it."""
    return render(request, "calendars/own.html", {"feed": feeds.of(request.person)})


@require_http_methods(["GET", "POST"])
@signed_in
def renew(request: SignedInRequest) -> HttpResponse:
    """Make the address, or another in place of the one before. It is on the answer to this one request only."""
    if request.method == "POST":
        path = reverse("calendar:feed", args=[feeds.renew(by=request.person)])
        address = settings.SITE_URL + path
        # Phones and desktop programs subscribe by this scheme, where a browser would download a file.
        context = {"address": address, "webcal": f"webcal://{address.partition('://')[2]}"}
        return render(request, "calendars/made.html", context)
    return render(request, "calendars/renew.html", {"feed": feeds.of(request.person)})


@require_http_methods(["GET", "POST"])
@signed_in
def end(request: SignedInRequest) -> HttpResponse:
    """End the address, after a look at what that does."""
    if request.method == "POST":
        feeds.end(by=request.person)
        messages.success(request, "Your calendar address has ended: nobody reads your training by it any more.")
        return redirect("calendar:own")
    return render(request, "calendars/end.html", {"feed": feeds.of(request.person)})


@require_safe
def feed(request: HttpRequest, secret: str) -> HttpResponse:
    """What calendar programs read, without a sign-in. An address that is not in use is not found, whatever it is."""
    if counting.count("calendar", counting.address_of(request)) > REQUESTS_A_MINUTE:
        return HttpResponse(status=429, headers={"Retry-After": str(counting.seconds_left())})
    person = feeds.person_of(secret)
    if person is None:
        raise Http404
    name, _ = partnership()
    return _file(feeds.calendar_of(person, f"Training, {name}"), "training.ics")


@require_safe
@signed_in
def booking(request: SignedInRequest, reference: str) -> HttpResponse:
    """One booking's file, while it holds a place."""
    held = feeds.with_sessions().visible_to(request.person).filter(state=Booking.State.CONFIRMED)
    one = get_object_or_404(held, reference=reference, event__starts_at__isnull=False)
    require(may_open(request.person, one), who="A coordinator")
    return _file(calendar_files.file([one]), f"{one.reference}.ics")


def _file(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=calendar_files.KIND)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-cache"
    response["X-Robots-Tag"] = "noindex"
    return response
