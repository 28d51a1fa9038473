"""The pages of messages: who was told what, what waits, what did not arrive, and what is done about it."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.urls import reverse
from django.utils import timezone

from bookings.models import Booking
from evaluations import invitations, links
from frontend.outbox import sending
from outbox import claims, templates
from outbox.models import Message, SentText
from tests.bookings.factories import AnnouncementFactory
from tests.catalogue import InterestFactory
from tests.factories import (
    BookingFactory,
    ChargingPolicyFactory,
    EventFactory,
    MessageFactory,
    PartnershipFactory,
    PersonFactory,
    RegisterFactory,
    TariffFactory,
)
from training.models import Course

pytestmark = pytest.mark.django_db
LIST = reverse("messages:list")


def door(view, message):
    return reverse(f"messages:{view}", args=[message.pk])


def text(client, address, **query):
    return client.get(address, query).content.decode()


def post(client, address, **data):
    return client.post(address, data, follow=True).content.decode()


def ended(state="failed", *, days=0, **facts):
    return MessageFactory(state=state, finished_at=timezone.now() - timedelta(days=days), **facts)


def about(booking, template="booking_confirmed", **facts):
    facts = {"to": booking.delegate.email} | facts
    return MessageFactory(template=template, reference=booking.reference, **facts)


@pytest.mark.parametrize("count", [1, 50])
def test_the_list_takes_seven_statements_at_one_row_and_at_fifty(client, sign_in, django_assert_num_queries, count):
    sign_in("coordinator")
    for _ in range(count):
        SentText.objects.create(message=about(BookingFactory()), subject="Your place is confirmed", body="Then")
    about(BookingFactory())
    with django_assert_num_queries(7):
        page = text(client, f"{LIST}?sort=asked")
    assert page.count("Your place is confirmed") == count


@pytest.mark.parametrize("count", [1, 50])
def test_addresses_that_do_not_work_take_six_statements(client, sign_in, django_assert_num_queries, count):
    sign_in("coordinator")
    for _ in range(count):
        ended(to=PersonFactory().email)
    with django_assert_num_queries(6):
        page = text(client, reverse("messages:undeliverable"))
    assert page.count('<th scope="row">') == count


def test_a_messages_page_takes_eight_statements_at_one_session_and_at_nine(client, sign_in, django_assert_num_queries):
    sign_in("coordinator")
    PartnershipFactory()
    policy = ChargingPolicyFactory()
    TariffFactory(policy=policy, reason="cancelled-late")
    TariffFactory(policy=policy)
    for sessions in (1, 9):  # the one whose text takes the most
        message = about(BookingFactory(policy=policy, event=EventFactory(sessions=sessions)))
        with django_assert_num_queries(8):
            page = text(client, door("message", message))
        assert "You have a place:" in page


def test_the_list_is_filtered_by_state_message_address_and_day(client, sign_in):
    sign_in("coordinator")
    week_ago = timezone.now() - timedelta(days=7)
    rows = {
        "state": ended(),
        "template": MessageFactory(template="booking_waiting"),
        "q": MessageFactory(to="jade.lewis@example.org"),
        "day": MessageFactory(created_at=week_ago),
    }
    asked = {
        "state": "failed",
        "template": "booking_waiting",
        "q": "Lewis@example",
        "day": timezone.localdate(week_ago).isoformat(),
    }
    for name, value in asked.items():
        page = text(client, LIST, **{name: value})
        assert [word for word, message in rows.items() if door("message", message) in page] == [name]
    assert rows["q"].reference in text(client, LIST, q=rows["q"].reference)
    assert "The day must be a date" in text(client, LIST, day="soon")
    assert "No message fits this filter" in text(client, LIST, q="zzz")


def test_the_list_is_filtered_by_the_event_and_by_the_person_that_messages_are_about(client, sign_in):
    sign_in("coordinator")
    booking, other = BookingFactory(delegate__name="Jade Lewis"), BookingFactory(delegate__name="Sam Osei")
    written = AnnouncementFactory(event=booking.event)
    confirmed, theirs = about(booking), about(other)
    snow = MessageFactory(template="announcement", reference=f"{written.reference}:{booking.reference}")
    invited = MessageFactory(template="invitation", reference=booking.delegate.reference)
    asked = {
        booking.event.reference: {confirmed, snow},
        booking.reference.lower(): {confirmed, snow},
        "jade lewis": {confirmed, snow, invited},
        booking.delegate.reference: {confirmed, snow, invited},
        "Sam Osei": {theirs},
        written.reference: {snow},
        "Jade Osei": set(),
    }
    for q, expected in asked.items():
        page = text(client, LIST, q=q)
        shown = {one for one in (confirmed, theirs, snow, invited) if door("message", one) in page}
        assert shown == expected, q


@pytest.mark.parametrize("key", ["asked", "to", "about", "ended", "nonsense"])
def test_the_list_sorts_both_ways_by_each_column(client, sign_in, key):
    sign_in("coordinator")
    first = ended(to="a@example.org", template="a", days=2, created_at=timezone.now() - timedelta(days=3))
    last = ended(to="b@example.org", template="b")
    for sort, order in ((key, (first, last)), (f"-{key}", (last, first))):
        page = text(client, LIST, sort=sort)
        assert page.index(door("message", order[0])) < page.index(door("message", order[1])), sort


def test_a_message_says_what_it_said_or_would_say_and_how_far_it_came(client, sign_in, django_assert_num_queries):
    sign_in("coordinator")
    booking = BookingFactory(event__course__title="Modern Slavery")
    error = "The mail server does not take it now (451)."
    message = about(booking, attempts=2, failures=1, last_error=error)
    page = text(client, door("message", message))
    assert "Your place on Modern Slavery is confirmed" in page
    assert "As things are now it is this" in page
    assert "1 of 12 failures until it is given up" in page
    assert error in page
    assert reverse("bookings:booking", args=[booking.reference]) in page
    Message.objects.update(state="done", finished_at=timezone.now())
    page = text(client, door("message", message))
    assert "is not kept" in page
    assert "What it would say now" in page
    SentText.objects.create(message=message, subject="Your place", body="As it was then.\n\n  Set in")
    Course.objects.update(title="Another title")
    with django_assert_num_queries(4):
        page = text(client, door("message", message))
    assert "What was sent" in page
    assert "As it was then.\n\n  Set in" in page
    assert "Another title" not in page


def test_a_message_about_a_date_names_the_course_and_who_asked(client, sign_in):
    sign_in("coordinator")
    asked = InterestFactory(course__title="Neglect", person__name="Jade Lewis")
    page = text(client, door("message", MessageFactory(template="course_has_date", reference=asked.reference)))
    assert "Neglect, asked for by Jade Lewis" in page
    assert reverse("finding:course", args=[asked.course.code]) in page
    gone = MessageFactory(template="course_has_date", reference="NOBODYSREF")
    assert "NOBODYSREF" in text(client, door("message", gone))


def test_who_holds_the_message_is_told_and_what_would_not_be_sent_too(client, sign_in):
    sign_in("coordinator")
    page = text(client, door("message", about(BookingFactory(cancelled=True))))
    assert "It would not be sent now: The booking holds no place any more" in page
    gone = text(client, door("message", MessageFactory(template="booking_confirmed", reference="GONE")))
    assert "Its text cannot be made now" in gone
    unknown = text(client, door("message", MessageFactory(template="of-another-year")))
    assert "Its text cannot be made now" in unknown


def test_a_link_to_answer_by_is_not_shown_to_who_reads_the_message(client, sign_in):
    sign_in("coordinator")
    booking = BookingFactory(event__days=-2)
    RegisterFactory(session=booking.event.sessions.get(), closed=True)
    booking.outcome = "attended"
    booking.save()
    invitations.ask()
    message = Message.objects.get(template=invitations.INVITATION, reference=booking.reference)
    assert links.token(booking.reference) in templates.make(message.template, message.reference).body
    page = text(client, door("message", message))
    assert templates.LINK_LEFT_OUT in page
    assert links.token(booking.reference) not in page


def test_an_administrator_sees_where_a_message_went_and_not_what_it_says(client, sign_in):
    sign_in("administrator")
    booking = BookingFactory(event__course__title="Modern Slavery")
    message = about(booking, state="done", finished_at=timezone.now())
    SentText.objects.create(message=message, subject="Modern Slavery", body="Modern Slavery")
    page = text(client, door("message", message))
    assert booking.delegate.email in page
    assert "Modern Slavery" not in page
    assert reverse("bookings:booking", args=[booking.reference]) not in page
    page = text(client, LIST)
    assert booking.delegate.email in page
    assert "Modern Slavery" not in page


def test_a_message_that_was_given_up_is_sent_again_to_the_address_of_now(client, sign_in):
    sign_in("coordinator")
    booking = BookingFactory(delegate__email="new@example.org")
    message = ended(template="booking_confirmed", reference=booking.reference, to="old@example.org")
    check = text(client, door("send_again", message))
    assert "new@example.org" in check
    assert "old@example.org" in check
    message.refresh_from_db()
    assert message.state == "failed", "looking changes nothing"
    assert "The message to new@example.org is sent within a minute" in post(client, door("send_again", message))
    message.refresh_from_db()
    assert (message.state, message.to, Message.objects.count()) == ("waiting", "new@example.org", 1)
    assert "it waits to be sent" in post(client, door("send_again", message))


def test_one_that_was_sent_is_sent_once_more_as_another(client, sign_in):
    sign_in("coordinator")
    message = ended("done", template="booking_confirmed", reference=BookingFactory().reference)
    assert "is sent once more as a message of its own" in text(client, door("send_again", message))
    post(client, door("send_again", message))
    assert dict(Message.objects.values_list("key", "state")) == {
        message.key: "done",
        f"{message.key}:again-1": "waiting",
    }


def test_all_given_up_since_a_day_are_counted_and_sent(client, sign_in):
    sign_in("coordinator")
    booking = BookingFactory(delegate__email="new@example.org")
    old, recent = ended(days=9), ended(days=1, template="booking_waiting", reference=booking.reference)
    address = reverse("messages:send_failed")
    on = timezone.localdate() - timedelta(days=2)
    since = {"since-day": on.day, "since-month": on.month, "since-year": on.year}
    assert "Given up since must include a day" in post(client, address, **(since | {"since-day": ""}))
    assert "Send 1 message again" in post(client, address, **since)
    recent.refresh_from_db()
    assert recent.state == "failed", "looking changes nothing"
    assert "1 message will be sent" in post(client, address, confirm="1", **since)
    for message, state, to in ((old, "failed", old.to), (recent, "waiting", "new@example.org")):
        message.refresh_from_db()
        assert (message.state, message.to) == (state, to)
    assert "No message was given up since then" in post(client, address, **since)


def test_one_that_waits_is_stopped_and_one_in_a_workers_hands_is_not(client, sign_in):
    by = sign_in("coordinator")
    waiting = about(BookingFactory())
    assert "It is then not sent" in text(client, door("stop", waiting))
    assert "is stopped" in post(client, door("stop", waiting))
    waiting.refresh_from_db()
    assert (waiting.state, waiting.last_error) == ("dropped", f"Stopped by {by.reference}.")
    assert "Send it after all" in text(client, door("message", waiting))
    in_hand = about(BookingFactory())
    claims.claim(Message, most=1, lease=timedelta(minutes=1))
    assert "Being sent" in text(client, door("message", in_hand))
    assert "It was too late" in post(client, door("stop", in_hand))
    in_hand.refresh_from_db()
    assert in_hand.state == "waiting"


def test_addresses_that_do_not_work_are_shown_with_their_persons(client, sign_in):
    sign_in("coordinator")
    jade = PersonFactory(name="Jade Lewis", email="jade@example.org")
    mended = PersonFactory(name="Sean Foster", email="sean@example.org")
    for person in (jade, jade, mended):
        ended(to=person.email, days=2)
    ended("done", to=mended.email, days=1)
    ended(to="nobody@example.org")
    page = text(client, reverse("messages:undeliverable"))
    assert reverse("people:person", args=[jade.reference]) in page
    assert "2 messages" in page
    assert "Sean Foster" not in page, "a later message arrived"
    assert "nobody’s here any more" in page
    Message.objects.all().delete()
    assert "Every address works" in text(client, reverse("messages:undeliverable"))


def test_hostile_names_are_shown_as_text_and_go_to_the_file_as_text(client, sign_in):
    sign_in("coordinator")
    hostile = "<script>alert(1)</script> {{7*7}}"
    booking = BookingFactory(delegate__name=hostile, event__course__title=hostile)
    message = about(booking)
    for address in (LIST, door("message", message)):
        page = text(client, address)
        assert "&lt;script&gt;alert(1)" in page
        assert "<script>alert" not in page
    ended(to="=1+1@example.org", last_error="=cmd")
    file = text(client, reverse("messages:download"), state="failed")
    assert "'=1+1@example.org" in file
    assert "'=cmd" in file


def test_an_empty_list_says_what_sends_messages(client, sign_in):
    sign_in("coordinator")
    assert "Each booking, cancellation and substitution sends one" in text(client, LIST)


# --- several at once ------------------------------------------------------------------------------------------------
SEVERAL = reverse("messages:send_several")


def test_what_a_filtered_list_shows_is_sent_again_once_to_the_addresses_of_now(client, sign_in):
    sign_in("coordinator")
    event = EventFactory()
    sent = about(BookingFactory(event=event), state="done", finished_at=timezone.now())
    failed = about(BookingFactory(event=event), state="failed", finished_at=timezone.now())
    waiting, other = about(BookingFactory(event=event)), ended()
    booking = Booking.objects.get(reference=failed.reference)
    booking.delegate.email = "new@example.org"
    booking.delegate.save()
    address = f"{SEVERAL}?q={event.reference}"
    assert address in text(client, LIST, q=event.reference)
    page = text(client, address)
    assert "Send 2 messages again" in page
    for _ in range(2):
        client.post(address, {"page": "KKK"})
    failed.refresh_from_db()
    assert (failed.state, failed.to) == ("waiting", "new@example.org")
    again = Message.objects.exclude(pk__in=[sent.pk, failed.pk, waiting.pk, other.pk])
    assert [(one.key, one.to) for one in again] == [(f"{sent.key}:again-KKK", sent.to)]
    other.refresh_from_db()
    assert other.state == "failed"


@pytest.mark.parametrize(
    ("query", "said"), [({}, "Filter the list first"), ({"state": "waiting"}, "wait to be sent in any case")]
)
def test_not_all_messages_there_are_nor_those_that_wait_are_sent_again(client, sign_in, query, said):
    sign_in("coordinator")
    MessageFactory(), ended()
    page = client.post(f"{SEVERAL}?{urlencode(query)}", follow=True).content.decode()
    assert said in page
    assert Message.objects.filter(state="waiting").count() == 1


def test_too_many_are_not_sent_again_at_once(client, sign_in, monkeypatch):
    monkeypatch.setattr(sending, "MOST_AT_ONCE", 1)
    sign_in("coordinator")
    ended(), ended()
    assert "at most 1 are" in client.get(f"{SEVERAL}?state=failed", follow=True).content.decode()


@pytest.mark.parametrize("count", [1, 50])
def test_the_check_takes_four_statements(client, sign_in, django_assert_num_queries, count):
    sign_in("coordinator")
    for _ in range(count):
        ended()
    with django_assert_num_queries(4):
        client.get(f"{SEVERAL}?state=failed")
