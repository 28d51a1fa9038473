"""Writing to the people of an event: whom that reaches, what it says, and that sending twice sends once."""

import pytest
from django.utils import timezone

from bookings import announcements, cancelling, refusals
from bookings.announcements import Group
from bookings.models import Announcement
from outbox import letter, templates
from outbox.models import Message
from people import privacy
from tests.bookings.factories import ApprovalFactory, OfferFactory
from tests.factories import (
    AgencyFactory,
    BookingFactory,
    EventFactory,
    PartnershipFactory,
    PersonFactory,
    SessionTrainerFactory,
)
from tests.guards import Breaks, at_once, sql

pytestmark = pytest.mark.django_db
breaks = Breaks()
WORDS = "It snows.\n\nWe meet online at ten."


def send(event, by=None, *, reference="AAAAAAAAAA", subject="Snow", words=WORDS, to=None):
    return announcements.send(
        event=event,
        by=by or PersonFactory(),
        reference=reference,
        subject=subject,
        words=words,
        to=announcements.recipients(event) if to is None else to,
    )


def texts():
    return [templates.make(one.template, one.reference) for one in Message.objects.order_by("key")]


def test_everybody_of_the_event_is_in_their_group_and_who_has_no_address_is_known():
    event = EventFactory()
    expected = {
        BookingFactory(event=event).delegate.name: (Group.PLACE, True),
        BookingFactory(event=event, waiting=True).delegate.name: (Group.WAITING, True),
        OfferFactory(booking__event=event).booking.delegate.name: (Group.WAITING, True),
        ApprovalFactory(booking__event=event).booking.delegate.name: (Group.APPROVAL, True),
        BookingFactory(event=event, delegate__email="").delegate.name: (Group.PLACE, False),
        BookingFactory(event=event, delegate__left_on=timezone.localdate()).delegate.name: (Group.PLACE, False),
    }
    BookingFactory(event=event, cancelled=True)
    for trainer, reached in ((PersonFactory(), True), (None, False)):
        session = event.sessions.get()
        name = SessionTrainerFactory(session=session, trainer__person=trainer).trainer.name
        expected[name] = (Group.TRAINERS, reached)
    found = announcements.recipients(event)
    assert {one.name: (one.group, bool(one.address)) for one in found} == expected


def test_who_has_no_mailbox_is_reached_by_their_agencys_lead():
    lead = PersonFactory(roles=["agency-lead"])
    event = BookingFactory(delegate=PersonFactory(email="", agency=lead.agency)).event
    assert [one.address for one in announcements.recipients(event)] == [lead.email]


def test_who_was_on_a_cancelled_event_can_still_be_written_to_but_not_who_had_cancelled_before():
    event = EventFactory()
    there = [BookingFactory(event=event), BookingFactory(event=event, waiting=True)]
    BookingFactory(event=event, cancelled=True)
    cancelling.cancel_event(event=event, by=PersonFactory(), reason="Snow.")
    found = announcements.recipients(event)
    assert {one.reference for one in found} == {booking.reference for booking in there}
    assert {one.group for one in found} == {Group.OFF}


def test_groups_and_single_people_are_added_up():
    event = EventFactory()
    placed, waiting, other = (
        BookingFactory(event=event),
        BookingFactory(event=event, waiting=True),
        BookingFactory(event=event, waiting=True),
    )
    among = announcements.recipients(event)
    found = announcements.chosen(among, [Group.PLACE], [waiting.reference, placed.reference])
    assert {one.reference for one in found} == {placed.reference, waiting.reference}
    assert other.reference not in {one.reference for one in found}
    nameless = SessionTrainerFactory(session=event.sessions.get())
    assert nameless.trainer.name not in {one.name for one in announcements.chosen(among, [], [""])}


def test_each_gets_the_words_under_their_name_with_paragraphs_and_who_wrote():
    PartnershipFactory(training_email="training@anytown.example")
    booking = BookingFactory(delegate__name="Jade Lewis", event__course__title="Neglect")
    send(booking.event, PersonFactory(name="Kim Coordinator"))
    (text,) = texts()
    assert text.subject == "Snow"
    assert "Dear Jade Lewis,\n\nIt snows.\n\nWe meet online at ten.\n\nThis is about:" in text.body
    assert "Answer this message, or write to training@anytown.example." in text.body
    assert "Kim Coordinator\nAnytown" in text.body
    assert f"reference is {booking.reference}" in text.body


def test_where_the_training_team_has_no_address_answers_go_to_who_wrote():
    PartnershipFactory()
    send(BookingFactory().event, PersonFactory(email="kim@anytown.example"))
    assert "Write to kim@anytown.example." in texts()[0].body


def test_a_trainer_is_told_as_a_trainer():
    event = EventFactory(course__title="Neglect")
    SessionTrainerFactory(session=event.sessions.get(), trainer__person=PersonFactory(name="Toni Trainer"))
    send(event)
    (text,) = texts()
    assert "Dear Toni Trainer,\n\nIt snows." in text.body
    assert "an event that you give:\n\n  Neglect" in text.body


HOSTILE = ["$name", "${link}", "{{ 7*7 }}", "<script>alert(1)</script>", "[Pay here] $page", "\u202etxet", "x" * 4000]


@pytest.mark.parametrize("words", HOSTILE)
def test_words_are_text_and_never_a_command(words):
    send(BookingFactory(delegate__name=words[:150]).event, subject=words[:150], words=f"Hello\n{words}\n\nEnd")
    (text,) = texts()
    assert text.subject == words[:150]
    assert f"Hello\n{words}\n\nEnd" in text.body
    page = letter.page(text, "Anytown")
    assert "<script>" not in page
    assert page.count("href=") == 1  # the booking's own button


def test_a_line_break_in_a_subject_begins_no_header():
    send(BookingFactory().event, subject="Snow\r\nBcc: eve@example.org")
    assert texts()[0].subject == "Snow Bcc: eve@example.org"


def test_the_same_page_sent_twice_sends_once_and_to_more_people_only_to_those():
    event = EventFactory()
    BookingFactory(event=event)
    first, again = send(event), send(event)
    assert first == again
    assert Message.objects.count() == 1
    BookingFactory(event=event)
    send(event)
    assert Message.objects.count() == 2
    assert Announcement.objects.count() == 1


def test_the_same_page_with_other_words_is_refused_and_says_what_to_do():
    event = BookingFactory().event
    send(event)
    for changes in ({"words": "It thaws."}, {"subject": "Thaw"}):
        with pytest.raises(refusals.SentAlready, match="Check this one"):
            send(event, **changes)
    with pytest.raises(refusals.SentAlready):
        send(BookingFactory().event)
    assert Message.objects.count() == 1


def test_nothing_is_sent_where_nobody_can_be_reached():
    event = BookingFactory(delegate__email="").event
    with pytest.raises(refusals.NobodyReached):
        send(event)
    assert not Announcement.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_ten_clicks_at_once_send_once():
    event, by = EventFactory(), PersonFactory()
    for _ in range(3):
        BookingFactory(event=event)
    found = at_once(*[lambda: send(event, by)] * 10)
    assert len({one.pk for one in found}) == 1
    assert Message.objects.count() == 3


def test_a_test_goes_to_who_wrote_it_alone_and_says_so():
    event = BookingFactory(delegate__name="Jade Lewis").event
    by = PersonFactory(email="kim@anytown.example")
    (to,) = announcements.recipients(event)
    announcements.send_test(event=event, by=by, subject="Snow", words=WORDS, to=to)
    message = Message.objects.get()
    assert message.to == "kim@anytown.example"
    (text,) = texts()
    assert text.subject == "Test: Snow"
    assert "Dear Jade Lewis," in text.body
    by.email = ""
    with pytest.raises(refusals.NobodyReached):
        announcements.send_test(event=event, by=by, subject="Snow", words=WORDS, to=to)


def test_a_delegate_is_told_of_it_among_the_messages_they_were_sent_and_nobody_else():
    booking, other = BookingFactory(), BookingFactory()
    send(booking.event)
    (part,) = [part for part in privacy.PARTS if part.title == "Messages"]
    assert part.of(booking.delegate).count() == 1
    assert part.of(other.delegate).count() == 0


@breaks.by("announcement_never_changes")
def changed_after_sending():
    sql("update bookings_announcement set words = 'It thaws.' where id = %s", send(BookingFactory().event).pk)


@breaks.by("announcement_has_words")
def an_announcement_of_nothing():
    announcement = Announcement(event=EventFactory(), subject="", words="x", sent_by=PersonFactory())
    announcement.save()


@pytest.mark.parametrize("name", breaks.ways)
def test_the_database_refuses(name):
    breaks.is_refused(name)


@pytest.mark.parametrize("name", breaks.ways)
def test_nothing_else_would_refuse(name):
    breaks.passes_without(name)


def test_who_sent_it_may_become_the_same_persons_other_record():
    announcement = send(BookingFactory().event)
    sql(
        "update bookings_announcement set sent_by_id = %s where id = %s",
        PersonFactory(agency=AgencyFactory()).pk,
        announcement.pk,
    )
