"""Where the mail of delegates goes who share a mailbox or have none."""

import pytest

from bookings import cancelling, places
from bookings.models import Booking
from evaluations import invitations
from frontend.outbox import recipients
from outbox import templates
from outbox.models import Message
from people.models import Role
from tests.factories import BookingFactory, EventFactory, PartnershipFactory, PersonFactory, RegisterFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead():
    PartnershipFactory()
    return PersonFactory(name="Tariq Mahmood", email="lead@example.org", roles=[Role.AGENCY_LEAD])


def test_who_has_no_mailbox_is_booked_by_the_lead_who_gets_the_messages(lead):
    delegate = PersonFactory(name="Nia Nomail", email="", agency=lead.agency)
    booking = places.book(event=EventFactory(), delegate=delegate, by=lead)
    cancelling.cancel_event(event=booking.event, by=lead, reason="The room is flooded.")
    sent = {message.template: message for message in Message.objects.all()}
    assert {template: message.to for template, message in sent.items()} == {
        "booking_confirmed": "lead@example.org",
        "event_cancelled": "lead@example.org",
    }
    assert "Dear Nia Nomail," in templates.make("event_cancelled", booking.reference).body
    now = recipients.addresses_now(sent.values())
    assert set(now.values()) == {"lead@example.org"}


def test_without_a_lead_nobody_is_written_to(lead):
    delegate = PersonFactory(email="")
    places.book(event=EventFactory(), delegate=delegate, by=lead)
    assert not Message.objects.exists()


def test_nobody_is_asked_how_it_was_through_their_lead(lead):
    delegate = PersonFactory(email="", agency=lead.agency)
    booking = BookingFactory(event=EventFactory(days=-2), delegate=delegate)
    RegisterFactory(session=booking.event.sessions.get(), closed=True)
    Booking.objects.update(outcome=Booking.Outcome.ATTENDED)
    assert invitations.ask()["invited"] == 0
    assert not Message.objects.exists()


def test_of_two_at_one_mailbox_each_message_says_whom_it_is_for(lead):
    event = EventFactory()
    for name in ("Alice Ward", "Bola Ade"):
        places.book(event=event, delegate=PersonFactory(name=name, email="ward@example.org"), by=lead)
    texts = [templates.make(message.template, message.reference).body for message in Message.objects.order_by("key")]
    assert sorted(text.partition("Dear ")[2].partition(",")[0] for text in texts) == ["Alice Ward", "Bola Ade"]
    assert set(Message.objects.values_list("to", flat=True)) == {"ward@example.org"}


def test_every_message_to_a_person_names_them():
    nameless = {name for name in templates._facts if "Dear $name," not in templates.original(name)}
    assert nameless <= {"truth_broken"} | {name for name in templates.names() if name.startswith("trial")}
