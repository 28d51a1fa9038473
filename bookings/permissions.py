"""Who may do what with bookings and registers; who may see them is visible_to() on the models.

Whether it can be done now (places left, the event begun, the register closed) the change itself says.
"""

from bookings import needs
from bookings.models import Approval, Booking, Deputy
from people.models import Person
from people.permissions import Right, may
from training.models import Event, Session
from training.permissions import trains


def may_see_bookings_of(person: Person, event: Event) -> bool:
    """The list of an event's delegates: coordinators', and the trainer's own events."""
    return may(person, Right.SEE_BOOKINGS) or trains(person, event)


def may_book(person: Person, delegate: Person) -> bool:
    """Oneself, one's staff as line manager, one's agency's people as its lead, and anybody as coordinator."""
    return (
        person.pk in (delegate.pk, delegate.line_manager_id)
        or delegate.agency_id in person.led_agencies
        or may(person, Right.CHANGE_BOOKINGS)
    )


def may_approve_for(person: Person, delegate: Person) -> bool:
    """Whose booking needs no approval: the line manager's, their deputy's, the agency lead's, and coordinators'.

    Of the delegate nobody is line manager or deputy, were they so for others: that would be approving one's own.
    """
    if may(person, Right.CHANGE_BOOKINGS) or delegate.agency_id in person.led_agencies:
        return True
    manager = delegate.line_manager_id
    if manager is None or person.pk == delegate.pk:
        return False
    return person.pk == manager or Deputy.objects.in_force().filter(deputy=person, manager=manager).exists()


def may_decide(person: Person, approval: Approval) -> bool:
    """Approve or decline: as Approval.objects.visible_to() says. One query."""
    return Approval.objects.visible_to(person).filter(pk=approval.pk).exists()


def may_ask_again(person: Person, booking: Booking) -> bool:
    """Remind who is to approve: who may cancel."""
    return may_cancel(person, booking)


def may_cancel(person: Person, booking: Booking) -> bool:
    """The delegate, their line manager, the lead of the agency that booked, coordinators. Reads the delegate."""
    return (
        person.pk in (booking.delegate_id, booking.delegate.line_manager_id)
        or booking.agency_id in person.led_agencies
        or may(person, Right.CHANGE_BOOKINGS)
    )


def may_bring_back(person: Person, booking: Booking) -> bool:
    """Undo that it was cancelled: who did it, and may still, and coordinators."""
    if may(person, Right.CHANGE_BOOKINGS):
        return True
    return booking.cancelled_by_id == person.pk and may_cancel(person, booking)


def may_open(person: Person, booking: Booking) -> bool:
    """Whether all of the booking is the person's to see. A trainer sees who comes to the event, and no more."""
    return may(person, Right.SEE_BOOKINGS) or may_cancel(person, booking)


def may_substitute(person: Person, booking: Booking) -> bool:
    """Who may cancel may send somebody else; once the event has begun only coordinators, who know who came."""
    if booking.event.has_begun():
        return may(person, Right.CHANGE_BOOKINGS)
    return may_cancel(person, booking)


def may_choose_workshops(person: Person, booking: Booking) -> bool:
    """Who may cancel."""
    return may_cancel(person, booking)


def may_see_needs(person: Person, event: Event, is_trainer: bool | None = None) -> bool:
    """Coordinators, who arrange what is needed; around the day who trains the event. They are about health.

    is_trainer: whether the person trains it, where that is known; else it is asked.
    """
    if may(person, Right.SEE_BOOKINGS):
        return True
    return needs.are_shown_to_trainers(event) and (trains(person, event) if is_trainer is None else is_trainer)


def may_note_needs(person: Person) -> bool:
    """Say what somebody else needs: who arranges it."""
    return may(person, Right.CHANGE_BOOKINGS)


def may_enter_cancellations(person: Person) -> bool:
    """Say when, and from whom, a cancellation was received: an entry on someone's behalf."""
    return may(person, Right.CHANGE_BOOKINGS)


def may_give_places(person: Person) -> bool:
    """Choose from the waiting list, and overbook."""
    return may(person, Right.CHANGE_BOOKINGS)


def may_arrange_make_ups(person: Person) -> bool:
    """Say where a missed session is made up."""
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


def may_note_reasons(person: Person) -> bool:
    """Note why somebody did not come, and read it: it may be about health."""
    return may(person, Right.CHANGE_BOOKINGS)


def may_change_policies(person: Person) -> bool:
    """The charging policy, its exemptions and the closing days."""
    return may(person, Right.CHANGE_POLICIES)
