"""One's place on a waiting list: where it stands, and what can be answered; by signed link or signed in.

Opening the page does nothing: mail scanners follow every link. Only a button acts.
"""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from bookings import eligibility, links, offers, permissions, places, queue, restoring
from bookings.cost_in_words import cost_of_place
from bookings.models import Booking
from bookings.policies import Terms
from bookings.refusals import BookingRefused
from bookings.windows import Windows
from frontend.access import SignedInRequest, require, signed_in
from frontend.bookings import rows
from people.models import Person

METHODS = ["GET", "HEAD", "POST"]
# Who can leave the list, or decline.
LEAVES = (Booking.State.WAITING, Booking.State.OFFERED)
# What each answer does, and what is said then to the delegate, and to who answers for them.
ANSWERS: dict[str, tuple[Callable[..., Any], str, str]] = {
    "accept": (offers.accept, "The place is yours.", "The place is {name}’s."),
    "put-off": (offers.put_off, "The offer’s end is put off.", "The offer’s end is put off."),
    "leave": (
        places.cancel,
        "You are off the list, and there is nothing to pay.",
        "{name} is off the list, and there is nothing to pay.",
    ),
    "back": (restoring.undo, "You are back where you were.", "{name} is back where they were."),
}


@never_cache
@require_http_methods(METHODS)
def linked(request: HttpRequest, token: str) -> HttpResponse:
    """Whoever has the link from the message answers for its delegate."""
    booking = _found(links.booking_of(token))
    if booking is None:
        return render(request, "offers/wrong_link.html", status=404)
    if request.method == "POST":
        return _answered(request, booking, booking.delegate, links.path(booking.reference))
    return _page(request, booking, booking.delegate)


@never_cache
@require_http_methods(METHODS)
@signed_in
def offer(request: SignedInRequest, reference: str) -> HttpResponse:
    """The same for who may cancel the booking: the delegate, and those who answer for them."""
    booking = get_object_or_404(_read(Booking.objects.visible_to(request.person)), reference=reference)
    require(permissions.may_cancel(request.person, booking), who="The delegate, their line manager or a coordinator")
    if request.method == "POST":
        return _answered(request, booking, request.person, request.get_full_path())
    return _page(request, booking, request.person)


def _found(reference: str | None) -> Booking | None:
    return _read(Booking.objects.all()).filter(reference=reference).first() if reference else None


def _read(bookings: QuerySet[Booking]) -> QuerySet[Booking]:
    return restoring.with_undo_until(rows.with_venue(bookings)).select_related("event__course", "delegate", "policy")


def _answered(request: HttpRequest, booking: Booking, by: Person, back: str) -> HttpResponse:
    act, to_own, to_other = ANSWERS.get(request.POST.get("answer", ""), (None, "", ""))
    if act and _is_theirs(act, booking, by):
        try:
            act(booking=booking, by=by)
        except BookingRefused as refusal:
            messages.error(request, str(refusal))
        else:
            is_own = by.pk == booking.delegate_id
            messages.success(request, to_own if is_own else to_other.format(name=booking.delegate.name))
    return redirect(back)


def _is_theirs(act: Callable[..., Any], booking: Booking, by: Person) -> bool:
    if act is restoring.undo:
        return permissions.may_bring_back(by, booking)
    # A place that is confirmed is cancelled on the booking's page, where the cost is shown first.
    return act is not places.cancel or booking.state in LEAVES


def _page(request: HttpRequest, booking: Any, by: Person) -> HttpResponse:
    """Where they stand and what can be answered; with ?ask=leave what leaving means, before anything is done."""
    context: dict[str, object] = {"booking": booking, "event": booking.event, "is_own": booking.delegate_id == by.pk}
    context["undo_until"] = booking.undo_until and permissions.may_bring_back(by, booking) and booking.undo_until
    now = timezone.now()
    if request.GET.get("ask") == "leave" and booking.state in LEAVES and not booking.event.is_over(now):
        return render(request, "offers/leave.html", context)
    if booking.state == Booking.State.WAITING and not booking.event.is_over(now):
        context["standing"] = queue.standing(booking, now)
    else:
        last = booking.offers.order_by("made_at").last()
        is_live = last is not None and last.ended_at is None and last.ends_at > now
        context["offer"] = last
        context["is_live"] = is_live
        if last and is_live:
            terms = Terms.load()
            windows = Windows.under(terms.policy_on(timezone.localdate(now)), terms.closing)
            later = offers.put_off_until(last, booking.event, windows)
            free_until = places.cost_under(booking, terms).free_until
            context["put_off_until"] = later
            context["is_late_by_then"] = bool(later and free_until and free_until < later)
            context["cost"] = cost_of_place(booking, terms)
            # What they booked since they joined the list.
            context["clashes"] = eligibility.standing(booking.event, [booking.delegate])[booking.delegate_id].clashes
    return render(request, "offers/offer.html", context)
