"""Booking a place for somebody else: as agency lead for one's people, as coordinator for anybody."""

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from bookings import eligibility, places
from bookings.cost_in_words import cost_under
from bookings.models import Booking
from bookings.permissions import may_book
from bookings.policies import Terms
from bookings.refusals import BookingRefused
from bookings.room import would_have_place
from frontend import returning
from frontend.access import SignedInRequest, require
from frontend.booking.journey import is_too_late
from frontend.bookings.choosing import Choosing
from frontend.programme import listing
from people.models import Agency, Person
from people.permissions import Right, may
from training.models import Course, Event


def books_others(person: Person) -> bool:
    return may(person, Right.CHANGE_BOOKINGS) or bool(person.led_agencies)


def book(request: SignedInRequest, reference: str) -> HttpResponse:
    """Choose a person, known or new; check; and book them. What they lack is said before, as to themselves."""
    event = get_object_or_404(listing.counted(Event.objects.visible_to(request.person)), reference=reference)
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
            if not choosing.new:
                messages.error(request, str(refusal))
                return returning.to(request, "events:event", event.reference)
            choosing.new.add_error(None, str(refusal))
            booking = None
        if booking:
            messages.success(request, _said(request, booking, event))
            view = "bookings:workshops" if event.course.delivery == Course.Delivery.CONFERENCE else "bookings:booking"
            return redirect(reverse(view, args=[booking.reference]) + returning.opened_from_event(request))
    chosen = choosing.person
    standing = eligibility.standing(event, [chosen])[chosen.pk] if chosen else None
    terms = Terms.load()
    context = {
        "event": event,
        "choosing": choosing,
        "standing": standing,
        # A coordinator may book them all the same.
        "is_blocked": standing is not None and standing.is_blocked and not may(request.person, Right.CHANGE_BOOKINGS),
        # Who comes now waits where those before them need all that is free, or the rest is kept for others.
        "waits": not would_have_place(event, chosen.agency) if chosen and event.kept else event.places_left == 0,
        "is_too_late": is_too_late(event, terms),
        "cost": cost_under(terms, event.course, event.starts_at) if event.starts_at else "",
    }
    return render(request, "booking/others.html", context)


def _choosing(request: SignedInRequest) -> Choosing:
    people, agencies = _bookable(request.person)
    choosing = Choosing(among=people, agencies=agencies, shows_emails=True)
    choosing.take(request)
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
