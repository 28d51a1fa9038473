"""What coordinators are told that a message can say is what it can say: no more, no less."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from bookings import (
    announcements,
    approval,
    approval_notices,
    breaking_off,
    cancelling,
    corrections,
    described,
    leavers,
    make_up_reminders,
    making_up,
    naming,
    needs,
    notices,
    places,
    reminders,
    steps,
    workshop_choices,
)
from bookings.approval_links import Sent
from bookings.models import EventChange, WorkshopMove
from evaluations import described as asked
from evaluations import notices as asking
from outbox import templates
from people import described as people_described
from people import notices as people_notices
from tests.abuse.test_mail_scanners import asked as booking_to_ask_about
from tests.abuse.test_mail_scanners import colleagues_asked, listed, to_name
from tests.bookings.corrected import put_right
from tests.bookings.factories import AnnouncementFactory, ApprovalFactory, NeedFactory
from tests.bookings.made_up import arranged
from tests.catalogue import InterestFactory
from tests.factories import BookingFactory, EventFactory, PersonFactory, SessionTrainerFactory
from tests.joining_factories import InvitationFactory, JoiningFactory
from tests.training.factories import TrainerInvitationFactory, VolunteerFactory
from training import interest, inviting, telling, volunteering
from training.models import Event, TrainerChange

pytestmark = pytest.mark.django_db


def changed():
    booking = BookingFactory()
    was = {"sessions": [], "link": ""}
    EventChange.objects.create(event=booking.event, was=was, changed_at=timezone.now(), told_at=timezone.now())
    return booking.reference


def substituted():
    booking = BookingFactory()
    places.substitute(booking=booking, substitute=PersonFactory(), by=booking.delegate)
    return booking.reference


def cancelled_event():
    booking = BookingFactory()
    cancelling.cancel_event(event=booking.event, by=PersonFactory(), reason="The trainer is ill.")
    return booking.reference


def broken_off():
    booking = BookingFactory(event__begins=timezone.now() - timedelta(hours=2))
    at = timezone.now() - timedelta(hours=1)
    breaking_off.break_off(event=booking.event, at=at, counts="part", reason="A fire alarm.", by=PersonFactory())
    return booking.reference


def cancelled():
    return BookingFactory(cancelled=True).reference


def announced():
    booking = BookingFactory()
    return f"{AnnouncementFactory(event=booking.event).reference}:{booking.reference}"


def announced_to_trainer():
    return f"{AnnouncementFactory().reference}:{PersonFactory().reference}"


def placed():
    return BookingFactory().reference


def moved_to_another_workshop():
    booking = BookingFactory()
    WorkshopMove.objects.create(booking=booking, moved_by=PersonFactory(), reason="The speaker is ill", was="Neglect")
    return booking.reference


def made_up(*, ended=False):
    one = arranged()
    if ended:
        making_up.take_back(made_up=one, by=PersonFactory())
    return f"{one.pk}:{one.booking.reference}"


def trainer_changed(state="published", goes_on=False):
    """A trainer whose only session was taken from them, or their first of two."""
    event = EventFactory(sessions=2)
    parts = [SessionTrainerFactory(session=one, trainer__person=PersonFactory()) for one in event.sessions.all()[:1]]
    trainer = parts[0].trainer
    if goes_on:
        SessionTrainerFactory(session=event.sessions.last(), trainer=trainer)
    TrainerChange.objects.all().delete()
    parts[0].delete()
    if state == "cancelled":
        Event.objects.update(state=state, cancelled_at=timezone.now())
    return str(TrainerChange.objects.get().pk)


def request(decision=""):
    """A booking about whose approval was decided so, and whom was asked."""
    asked = ApprovalFactory()
    if decision:
        now, by = timezone.now(), None if decision == "lapsed" else PersonFactory()
        with transaction.atomic():
            approval.decide(asked, decision, by, now, "Too few staff." if decision == "declined" else "")
            steps.end(asked.booking, by, now, now)
    return Sent(asked.booking.reference, asked.asked.reference)


def on_the_list(name):
    return lambda: listed()[name].reference


ABOUT = {
    "booking_confirmed": placed,
    "booking_changed": changed,
    "booking_waiting": on_the_list("booking_waiting"),
    "booking_offered": on_the_list("booking_offered"),
    "booking_lapsed": on_the_list("booking_lapsed"),
    "booking_left": cancelled,
    "booking_cancelled": cancelled,
    "booking_substituted": substituted,
    "event_cancelled": cancelled_event,
    cancelling.BROKEN_OFF: broken_off,
    corrections.TEMPLATE: lambda: put_right().booking.reference,
    **dict.fromkeys(notices.REMINDERS, placed),
    announcements.TO_DELEGATE: announced,
    announcements.TO_TRAINER: announced_to_trainer,
    **dict.fromkeys(asked.DESCRIBED, lambda: booking_to_ask_about().reference),
    leavers.ASKED: colleagues_asked,
    making_up.MADE_UP: made_up,
    make_up_reminders.SOON: made_up,
    making_up.NOT_MADE_UP: lambda: made_up(ended=True),
    needs.ARRANGED: lambda: NeedFactory(is_arranged=True).booking.reference,
    "invitation": lambda: PersonFactory().reference,
    "second_factor_reset": lambda: PersonFactory().reference,
    "invited": lambda: InvitationFactory().reference,
    "joined": lambda: JoiningFactory(person=PersonFactory(), decided_at=timezone.now()).reference,
    "joining_declined": lambda: JoiningFactory().reference,
    "joining_received": lambda: JoiningFactory().reference,
    "booking_requested": lambda: request().booking,
    "booking_declined": lambda: request("declined").booking,
    "booking_request_lapsed": lambda: request("lapsed").booking,
    "booking_request_withdrawn": lambda: request("withdrawn").booking,
    **dict.fromkeys((approval.REQUEST, approval.REMINDER), lambda: str(request())),
    approval.LAPSED: lambda: str(request("lapsed")),
    **dict.fromkeys(described.RESERVED, to_name),
    workshop_choices.CHANGED: moved_to_another_workshop,
    **dict.fromkeys((inviting.ASKED, inviting.REMINDED), lambda: TrainerInvitationFactory().reference),
    **dict.fromkeys((volunteering.TAKEN, volunteering.THANKED), lambda: VolunteerFactory().reference),
    telling.CHANGED: lambda: trainer_changed(goes_on=True),
    telling.OFF: trainer_changed,
    telling.CANCELLED: lambda: trainer_changed(state="cancelled"),
    interest.TEMPLATE: lambda: InterestFactory(course=EventFactory().course).reference,
}


@pytest.mark.parametrize("name", sorted(templates.described()))
def test_each_listed_placeholder_is_a_fact_of_the_message_and_each_fact_is_listed(name, monkeypatch):
    monkeypatch.setattr(reminders, "is_due", lambda *_: True)
    facts = templates._facts[name](ABOUT[name]())
    listed_facts = templates.described()[name].facts
    assert set(facts) == set(listed_facts)
    lists = {key for key, fact in facts.items() if isinstance(fact, list)}
    assert lists == {key for key, fact in listed_facts.items() if isinstance(fact.example, list)}


def test_nothing_else_is_described():
    assert {*described.DESCRIBED} == {*notices.FACTS, leavers.ASKED}
    assert {*described.APPROVAL} == {*approval_notices.FACTS, *approval_notices.TO_DECIDERS}
    assert {*described.RESERVED} == {*naming.FACTS}
    assert {*people_described.DESCRIBED} == {*people_notices.FACTS}
    assert asking.facts is templates._facts[next(iter(asked.DESCRIBED))]


def test_that_declining_in_a_calendar_tells_nobody_and_how_to_cancel_cannot_be_edited_away():
    for name in ("booking_confirmed", "booking_changed"):
        assert {"calendar", "cancel"} <= set(described.DESCRIBED[name].keeps)
    booking = BookingFactory(event__days=30, booked_at=timezone.now() - timedelta(days=1))
    assert "Declining it there does not tell us" in templates.make("booking_confirmed", booking.reference).body
