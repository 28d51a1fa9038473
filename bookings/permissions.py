"""Who may do what with bookings and registers; who may see them is visible_to() on the models.

Whether it can be done now (places left, the event begun, the register closed) the change itself says.
"""

from bookings.models import Booking
from people.models import Person
from people.permissions import Right, may
from training.models import Event, Session
from training.permissions import trains


def may_see_bookings_of(person: Person, event: Event) -> bool:
    """The list of an event's delegates: coordinators', and the trainer's own events."""
    return may(person, Right.SEE_BOOKINGS) or trains(person, event)


def may_book(person: Person, delegate: Person) -> bool:
    """Oneself, one's agency's people as its lead, and anybody as coordinator."""
    return person.pk == delegate.pk or delegate.agency_id in person.led_agencies or may(person, Right.CHANGE_BOOKINGS)


def may_cancel(person: Person, booking: Booking) -> bool:
    """The delegate, their line manager, the lead of the agency that booked, coordinators. Reads the delegate."""
    return (
        person.pk in (booking.delegate_id, booking.delegate.line_manager_id)
        or booking.agency_id in person.led_agencies
        or may(person, Right.CHANGE_BOOKINGS)
    )


def may_open(person: Person, booking: Booking) -> bool:
    """Whether all of the booking is the person's to see. A trainer sees who comes to the event, and no more."""
    return may(person, Right.SEE_BOOKINGS) or may_cancel(person, booking)


def may_substitute(person: Person, booking: Booking) -> bool:
    """Who may cancel may send somebody else; once the event has begun only coordinators, who know who came."""
    if booking.event.has_begun():
        return may(person, Right.CHANGE_BOOKINGS)
    return may_cancel(person, booking)


def may_enter_cancellations(person: Person) -> bool:
    """Say when, and from whom, a cancellation was received: an entry on someone's behalf."""
    return may(person, Right.CHANGE_BOOKINGS)


def may_give_places(person: Person) -> bool:
    """Choose from the waiting list, and overbook."""
    return may(person, Right.CHANGE_BOOKINGS)


def may_write_to_delegates(person: Person) -> bool:
    """Write to the people of an event in one's own words."""
    return may(person, Right.CHANGE_BOOKINGS)


def may_mark(person: Person, session: Session) -> bool:
    """Trainers on their own events, coordinators on all; and so for walk-ins."""
    return may(person, Right.MARK_REGISTERS) or trains(person, session.event)


def may_hand_in(person: Person, session: Session) -> bool:
    """As may_mark."""
    return may_mark(person, session)


def may_close(person: Person) -> bool:
    """Close registers, and reopen them with a reason."""
    return may(person, Right.CLOSE_REGISTERS)
