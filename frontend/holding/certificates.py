"""One's own certificate of attendance: the page that makes it, and the PDF. Nobody else has either."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from bookings import certificates, document
from bookings.models import Booking
from bookings.refusals import BookingRefused
from frontend.access import SignedInRequest, signed_in
from frontend.context import partnership


@require_http_methods(["GET", "POST"])
@signed_in
def certificate(request: SignedInRequest, reference: str) -> HttpResponse:
    """What the certificate says; asked for by the button, it gets its code."""
    booking = _own(request, reference)
    if request.method == "POST":
        try:
            certificates.make(booking=booking)
        except BookingRefused as refusal:
            messages.error(request, str(refusal))
        return redirect("holding:certificate", reference)
    made = getattr(booking, "certificate", None)
    context = {
        "booking": booking,
        "certificate": made,
        "days": document.days_of(booking.event.sessions.all()),
        "is_attended": booking.outcome == Booking.Outcome.ATTENDED,
        "code": document.in_two(made.code) if made else "",
        "check_address": document.address(made.code) if made else "",
    }
    return render(request, "holding/certificate.html", context)


@require_safe
@signed_in
def pdf(request: SignedInRequest, reference: str) -> HttpResponse:
    """The certificate to keep and to show, the same bytes each time. There is none while it is withdrawn."""
    booking = _own(request, reference)
    made = getattr(booking, "certificate", None)
    if made is None or not made.is_valid:
        raise Http404
    name, email = partnership()
    contact = f"Questions: {email}" if email else ""
    content = document.made(made, booking.event.sessions.all(), partnership=name, contact=contact)
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="certificate-{reference}.pdf"'
    return response


def _own(request: SignedInRequest, reference: str) -> Booking:
    """One's own booking, or 404: also for who may see others' bookings."""
    own = Booking.objects.filter(delegate=request.person).select_related("event__course", "delegate", "certificate")
    return get_object_or_404(own, reference=reference)
