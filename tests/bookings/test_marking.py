"""Marks with minutes, apologies, what is taken back, and what a device sends twice."""

from uuid import uuid4

import pytest
from django.utils import timezone

from bookings import refusals, register
from bookings.models import Booking, Mark, Register
from tests.bookings.test_register import taking_place
from tests.factories import BookingFactory, EventFactory, MarkFactory, PersonFactory

pytestmark = pytest.mark.django_db


def test_minutes_are_kept_for_who_came_late_and_dropped_with_any_other_mark():
    event, [booking] = taking_place()
    session, by = event.sessions.get(), PersonFactory()
    assert register.mark(session=session, booking=booking, attendance="late", minutes=10, by=by).minutes == 10
    assert register.mark(session=session, booking=booking, attendance="late", by=by, seen=None).minutes == 10
    assert register.mark(session=session, booking=booking, attendance="late", minutes=15, by=by).minutes == 15
    assert register.mark(session=session, booking=booking, attendance="late", by=by, seen="late").minutes is None
    assert register.mark(session=session, booking=booking, attendance="present", minutes=5, by=by).minutes is None


def test_other_minutes_of_somebody_else_are_a_conflict():
    event, [booking] = taking_place()
    session = event.sessions.get()
    MarkFactory(booking=booking, attendance="late", minutes=5, marked_by__name="Amal Hussain")
    with pytest.raises(refusals.MarkedOtherwise, match=r"Amal Hussain has marked .* as late, 5 minutes meanwhile"):
        register.mark(
            session=session, booking=booking, attendance="late", minutes=20, by=PersonFactory(), seen="present"
        )


def test_a_mark_can_be_taken_back_and_stays_in_the_history():
    event, [booking] = taking_place()
    session, by = event.sessions.get(), PersonFactory()
    mark = register.mark(session=session, booking=booking, attendance="present", by=by)
    with pytest.raises(refusals.MarkedOtherwise):
        register.mark(session=session, booking=booking, attendance="", by=PersonFactory(), seen="late")
    assert register.mark(session=session, booking=booking, attendance="", by=by, seen="present") is None
    assert register.mark(session=session, booking=booking, attendance="", by=by, seen="present") is None
    former = Mark.history.rel.related_model.objects.get(pgh_obj_id=mark.pk)
    assert (former.pgh_label, former.attendance) == ("deleted", "present")


def test_apologies_are_noted_before_the_day_and_count_as_not_attending():
    event = EventFactory(days=3)
    booking = BookingFactory(event=event)
    mark = register.mark(
        session=event.sessions.get(), booking=booking, attendance="apologies", by=PersonFactory(), seen=None
    )
    assert mark.attendance == "apologies"
    assert booking.state == Booking.State.CONFIRMED


def test_a_mark_that_was_sent_before_is_not_made_again_whatever_stands_there_now():
    event, [booking] = taking_place()
    session, trainer, nonce = event.sessions.get(), PersonFactory(), uuid4()
    mark = {"session": session, "booking": booking, "attendance": "present", "by": trainer, "seen": None}
    for _ in range(5):
        register.mark(**mark, nonce=nonce)
    assert Mark.history.rel.related_model.objects.count() == 0
    register.mark(session=session, booking=booking, attendance="absent", by=PersonFactory(), seen="present")
    assert register.mark(**mark, nonce=nonce).attendance == "absent"
    Register.objects.create(
        session=session, handed_in_at=timezone.now(), handed_in_by=trainer, closed_at=timezone.now(), closed_by=trainer
    )
    assert register.mark(**mark, nonce=nonce).attendance == "absent", "it was made while the register was open"
    with pytest.raises(refusals.RegisterClosed):
        register.mark(**mark, nonce=uuid4())
