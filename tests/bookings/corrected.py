"""A register that was closed, opened again, marked otherwise and closed once more."""

from bookings import corrections, register
from bookings.models import Correction
from tests.factories import BookingFactory, EventFactory, MarkFactory, PersonFactory, RegisterFactory


def marked_event(*attendances, **facts):
    """An event a week ago with a closed register, and a booking for each mark; facts are the bookings'."""
    event = EventFactory(days=-7)
    session = event.sessions.get()
    RegisterFactory(session=session, handed_in=True)
    for attendance in attendances:
        MarkFactory(booking=BookingFactory(event=event, **facts), session=session, attendance=attendance)
    register.close(event=event, by=PersonFactory())
    return event


def mark_again(booking, attendance="present", *, close=True):
    """Open the register, mark the delegate otherwise, and close it."""
    event, by = booking.event, PersonFactory()
    register.reopen(event=event, by=by, reason="Was there.")
    register.mark(session=event.sessions.get(), booking=booking, attendance=attendance, by=by)
    if close:
        register.close(event=event, by=by)


def put_right(*, tell=True):
    """A correction from absent to present; tell: which the delegate is told of."""
    event = marked_event("absent")
    booking = event.bookings.get()
    mark_again(booking)
    if tell:
        corrections.settle(event=event, references=[booking.reference], by=PersonFactory(), tell=True)
    return Correction.objects.select_related("booking__event", "booking__delegate").get(booking=booking)
