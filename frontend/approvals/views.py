"""Requests for approval: the page behind the link of a message, the list, and a page for each.

Opening a page does nothing: mail scanners follow every link. Only a button acts.
"""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bookings import approval, approval_links, approvers, deciding, permissions
from bookings.cost_in_words import cost_of_place
from bookings.models import Approval, Booking
from bookings.policies import Terms
from bookings.refusals import BookingRefused
from frontend.access import SignedInRequest, require, signed_in
from frontend.approvals import listing
from frontend.approvals.forms import DeclineForm
from frontend.approvals.team import away
from frontend.downloads import list_file
from frontend.paging import page_of
from people.models import Person
from training.models import CourseFee

METHODS = ["GET", "HEAD", "POST"]


@never_cache
@require_http_methods(METHODS)
def linked(request: HttpRequest, token: str) -> HttpResponse:
    """Whom the message was sent to decides, while it is theirs to decide."""
    sent = approval_links.sent_by(token)
    found = _latest(sent.booking) if sent else None
    may, person = approvers.may_answer(sent.person, found) if sent and found else (False, None)
    if sent is None or found is None or not may:
        return render(request, "approvals/wrong_link.html", status=404)
    return _answer(request, found, person, approval_links.path(sent))


@require_safe
@signed_in
def approvals(request: SignedInRequest) -> HttpResponse:
    """What one decides about, who waits longest first, 50 a page."""
    form, found = listing.asked_for(request.GET, request.person)
    context = {
        "form": form,
        "page": page_of(request, found),
        "asked": request.GET.urlencode(),
        "tones": listing.TONES,
        "now": timezone.now(),
        "has_staff": Person.objects.employed().filter(line_manager=request.person).exists(),
    }
    return render(request, "approvals/approvals.html", context)


@require_safe
@signed_in
def download(request: SignedInRequest) -> HttpResponse:
    """What the list shows, all of it, as a file."""
    _, found = listing.asked_for(request.GET, request.person)
    return list_file(request, "approvals", listing.COLUMNS, found)


@never_cache
@require_http_methods(METHODS)
@signed_in
def decide(request: SignedInRequest, reference: str) -> HttpResponse:
    """The same for who is signed in."""
    found = _latest(reference, request.person)
    if found is None:
        # Who asked for it, and others who see the booking, read there how it stands.
        get_object_or_404(Booking.objects.opened_by(request.person), reference=reference)
        raise PermissionDenied("Their line manager, the agency’s training lead or a coordinator")
    return _answer(request, found, request.person, request.get_full_path())


@require_POST
@signed_in
def remind(request: SignedInRequest, reference: str) -> HttpResponse:
    """Remind who is asked, as the delegate or who may cancel for them."""
    seen = Booking.objects.visible_to(request.person).select_related("event__course", "delegate")
    booking = get_object_or_404(seen, reference=reference)
    require(permissions.may_ask_again(request.person, booking), who="The delegate or a coordinator")
    try:
        asked = approval.remind(booking=booking, by=request.person)
    except BookingRefused as refusal:
        messages.info(request, str(refusal))
    else:
        messages.success(request, f"We have reminded {asked.whom}.")
    return redirect("bookings:booking", booking.reference)


def _latest(reference: str, person: Person | None = None) -> Any:
    """The latest request of a booking, where it is the person's to decide, with fee, what a place costs its agency."""
    seen = Approval.objects.visible_to(person) if person else Approval.objects.all()
    found = seen.filter(booking__reference=reference).select_related(
        "asked", "decided_by", "booking__event__course", "booking__delegate", "booking__agency", "booking__policy"
    )
    fees = CourseFee.objects.filter(
        course=OuterRef("booking__event__course"), agency_type=OuterRef("booking__agency__type")
    )
    return found.annotate(fee=Subquery(fees.values("net_amount")[:1])).order_by("asked_at", "pk").last()


def _answer(request: HttpRequest, found: Approval, by: Person | None, back: str) -> HttpResponse:
    form = DeclineForm(request.POST if request.POST.get("answer") == "decline" else None)
    if request.method == "POST":
        try:
            if said := _decided(request, found, by, form):
                messages.success(request, said)
                return redirect(back)
        except BookingRefused as refusal:
            messages.error(request, str(refusal))
            return redirect(back)
    return _page(request, found, form)


def _decided(request: HttpRequest, found: Approval, by: Person | None, form: DeclineForm) -> str:
    """What became of it, in a sentence; empty where nothing was decided."""
    name = found.booking.delegate.name
    if request.POST.get("answer") == "approve":
        booking = deciding.approve(booking=found.booking, by=by)
        if booking.state == Booking.State.CONFIRMED:
            return f"Approved. {name} has a place, and is told so."
        return f"Approved. No place is free, so {name} is on the waiting list, and is told so."
    if form.is_valid():
        deciding.decline(booking=found.booking, by=by, reason=form.cleaned_data["reason"])
        return f"Declined. {name} is told so by email."
    return ""


def _page(request: HttpRequest, found: Approval, form: DeclineForm) -> HttpResponse:
    booking, now = found.booking, timezone.now()
    over = approval.over(found, now)
    sessions = list(booking.event.sessions.select_related("room__venue").order_by("starts_at", "pk"))
    context = {
        "approval": found,
        "booking": booking,
        "event": booking.event,
        "form": form,
        "over": over,
        "cost": "" if over else cost_of_place(booking, Terms.load()),
        "sessions": sessions,
        "away": None if over else away(found, sessions),
    }
    return render(request, "approvals/request.html", context)
