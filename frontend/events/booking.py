"""Booking a place on an event: one's own, or somebody else's."""

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from bookings import places
from bookings.cost_in_words import cost_of_a_place
from bookings.models import Booking
from bookings.permissions import may_book
from bookings.refusals import BookingRefused
from frontend import returning
from frontend.access import SignedInRequest, require, signed_in
from frontend.bookings.choosing import Choosing
from frontend.programme import listing
from people.models import Agency, Person
from people.permissions import Right, may
from training.models import Event


@require_http_methods(["GET", "POST"])
@signed_in
def book(request: SignedInRequest, reference: str) -> HttpResponse:
    """Book oneself; as agency lead one's agency's people, as coordinator anybody, known or new."""
    event = get_object_or_404(Event.objects.visible_to(request.person).select_related("course"), reference=reference)
    choosing = _choosing(request)
    if choosing.next:
        return redirect(choosing.next)

    def book_for(delegate: Person) -> Booking:
        require(may_book(request.person, delegate), who="A coordinator")
        return places.book(event=event, delegate=delegate, by=request.person)

    if request.method == "POST":
        try:
            booking = choosing.done(book_for)
        except BookingRefused as refusal:
            messages.error(request, str(refusal))
            return returning.to(request, "events:event", event.reference)
        if booking:
            messages.success(request, _said(request, booking, event))
            return redirect(
                reverse("bookings:booking", args=[booking.reference]) + returning.opened_from_event(request)
            )
    shown = listing.counted(Event.objects.all()).get(pk=event.pk)
    context = {
        "event": shown,
        "choosing": choosing,
        "is_self": choosing.person is not None and choosing.person.pk == request.person.pk,
        # Who comes now waits where those before them need all that is free.
        "waits": shown.places_left == 0,
        "cost": cost_of_a_place(event),
    }
    return render(request, "events/book.html", context)


def _choosing(request: SignedInRequest) -> Choosing:
    """Whom the person may book: who may book nobody else books themselves at once."""
    person = request.person
    people, agencies = _bookable(person)
    books_others = may(person, Right.CHANGE_BOOKINGS) or bool(person.led_agencies)
    choosing = Choosing(among=people, agencies=agencies, shows_emails=books_others)
    if books_others:
        choosing.take(request)
    else:
        choosing.step, choosing.person = "check", person
    return choosing


def _bookable(person: Person) -> tuple[QuerySet[Person], QuerySet[Agency]]:
    people, agencies = Person.objects.employed(), Agency.objects.all()
    if may(person, Right.CHANGE_BOOKINGS):
        return people, agencies
    return people.filter(Q(agency__in=person.led_agencies) | Q(pk=person.pk)), agencies.filter(
        pk__in=person.led_agencies
    )


def _said(request: SignedInRequest, booking: Booking, event: Event) -> str:
    who = "You have" if booking.delegate_id == request.person.pk else f"{booking.delegate.name} has"
    said = f"{who} a place on {event}."
    if booking.state == Booking.State.WAITING:
        said = f"{who} no place yet, but one on the waiting list of {event}."
    return f"{said} The booking’s reference is {booking.reference}."
