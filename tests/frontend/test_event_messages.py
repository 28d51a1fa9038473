"""Writing to the people of an event from its page."""

import pytest
from django.urls import reverse
from django.utils import timezone

from bookings.models import Announcement
from outbox import delivery
from outbox.models import Message
from tests.factories import BookingFactory, EventFactory, PartnershipFactory, PersonFactory, SessionTrainerFactory

pytestmark = pytest.mark.django_db
ASKED = {"reference": "KKKKKKKKKK", "groups": ["place"], "subject": "Snow", "words": "We meet online at ten."}


def door(event):
    return reverse("events:message", args=[event.reference])


def post(client, event, **asked):
    return client.post(door(event), ASKED | asked)


def words_of(response):
    return response.content.decode()


def full(count):
    event = EventFactory(places=count)
    SessionTrainerFactory(session=event.sessions.get(), trainer__person=PersonFactory())
    for _ in range(count):
        BookingFactory(event=event)
        BookingFactory(event=event, waiting=True)
    return event


@pytest.mark.parametrize("count", [1, 50])
def test_the_form_takes_seven_statements_and_the_check_eight(client, sign_in, django_assert_num_queries, count):
    sign_in("coordinator")
    PartnershipFactory()
    event = full(count)
    with django_assert_num_queries(7):
        page = words_of(client.get(door(event)))
    assert f"Everyone with a place ({count})" in page
    with django_assert_num_queries(8):
        page = words_of(post(client, event))
    assert "We meet online at ten." in page


def test_the_check_of_a_message_to_trainers_alone_takes_eight_too(client, sign_in, django_assert_num_queries):
    sign_in("coordinator")
    event = full(1)
    with django_assert_num_queries(8):
        page = words_of(post(client, event, groups=["trainers"]))
    assert "an event that you give" in page


@pytest.mark.parametrize("count", [1, 50])
def test_what_became_of_it_takes_eight_statements(client, sign_in, django_assert_num_queries, count):
    sign_in("coordinator")
    event = full(count)
    sent = post(client, event, send="1")
    with django_assert_num_queries(8):
        page = words_of(client.get(sent.url))
    assert page.count('<th scope="row">') == count


def test_it_is_checked_with_a_real_booking_sent_once_and_seen_on_its_way(client, sign_in):
    sign_in("coordinator", name="Kim Coordinator")
    booking = BookingFactory(delegate__name="Jade Lewis", event__course__title="Neglect")
    checked = words_of(post(client, booking.event))
    assert "Send it to 1 person" in checked
    assert "Dear Jade Lewis," in checked
    assert "Kim Coordinator" in checked
    assert not Message.objects.exists()
    sent = [post(client, booking.event, send="1") for _ in range(2)]
    assert sent[0].url == sent[1].url
    assert Message.objects.count() == 1
    page = client.get(sent[0].url)
    assert "0 of 1" in words_of(page)
    assert page["Refresh"]
    delivery.send_waiting()
    page = client.get(sent[0].url)
    assert "1 of 1" in words_of(page)
    assert "Refresh" not in page
    assert sent[0].url in words_of(client.get(door(booking.event)))


def test_who_cannot_be_reached_is_named_before_it_is_sent(client, sign_in):
    sign_in("coordinator")
    event = BookingFactory().event
    BookingFactory(event=event, delegate__email="", delegate__name="Nia Nomail")
    checked = words_of(post(client, event))
    assert "Send it to 1 person" in checked
    assert "1 person cannot be reached" in checked
    assert "Nia Nomail" in checked
    Message.objects.all().delete()
    alone = BookingFactory(delegate__email="").event
    checked = words_of(post(client, alone))
    assert "Nobody can be reached" in checked
    assert 'name="send"' not in checked
    assert "Nothing was sent" in words_of(post(client, alone, send="1"))


def test_a_test_goes_to_oneself_and_the_page_stays(client, sign_in):
    me = sign_in("coordinator")
    checked = words_of(post(client, BookingFactory().event, test="1"))
    assert f"A test is on its way to {me.email}" in checked
    assert "Send it to 1 person" in checked
    assert [one.to for one in Message.objects.all()] == [me.email]
    test = Announcement.objects.get()
    address = reverse("events:announced", args=[test.event.reference, test.reference])
    assert client.get(address).status_code == 404
    assert address not in words_of(client.get(door(test.event)))


def test_other_words_from_the_same_page_are_one_more_message_and_not_lost(client, sign_in):
    sign_in("coordinator")
    event = BookingFactory().event
    post(client, event, send="1")
    page = words_of(post(client, event, words="It thaws.", send="1"))
    assert "sent from this page already" in page
    assert "It thaws." in page
    assert 'value="KKKKKKKKKK"' not in page
    assert Message.objects.count() == 1


def test_one_can_be_written_to_from_their_booking(client, sign_in):
    sign_in("coordinator")
    event = EventFactory()
    booking, other = BookingFactory(event=event), BookingFactory(event=event)
    address = f"{door(event)}?booking={booking.reference}"
    assert address in words_of(client.get(reverse("bookings:booking", args=[booking.reference])))
    page = words_of(client.get(address))
    assert page.count("checked") == 1
    post(client, event, groups=[], people=[booking.reference], send="1")
    assert [one.to for one in Message.objects.all()] == [booking.delegate.email]
    assert other.delegate.name in page


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"groups": []}, "Select who gets it"),
        ({"groups": ["nobody"]}, "Select again who gets it"),
        ({"people": ["NOBODY"]}, "Select again who gets it"),
        ({"subject": ""}, "Enter subject"),
        ({"words": " "}, "Enter message"),
        ({"words": "x" * 4001}, "at most 4000"),
    ],
)
def test_what_is_missing_is_said_and_nothing_sent(client, sign_in, changes, said):
    sign_in("coordinator")
    page = words_of(post(client, BookingFactory().event, send="1", **changes))
    assert said in page
    assert not Message.objects.exists()


def test_change_shows_what_was_written(client, sign_in):
    sign_in("coordinator")
    page = words_of(post(client, BookingFactory().event, change="1"))
    assert "We meet online at ten.</textarea>" in page


def test_an_event_without_anybody_says_so(client, sign_in):
    sign_in("coordinator")
    assert "There is nobody to write to" in words_of(client.get(door(EventFactory())))


def test_a_message_that_failed_says_the_servers_answer_and_goes_to_the_address_of_now(client, sign_in):
    sign_in("coordinator")
    booking = BookingFactory(delegate__name="Jade Lewis")
    sent = post(client, booking.event, send="1")
    answer = "The mail server refuses the address or the message (550)."
    Message.objects.update(state="failed", finished_at=timezone.now(), last_error=answer)
    page = words_of(client.get(sent.url))
    assert answer in page
    assert "1 message did not arrive" in page
    booking.delegate.email = "jade.new@example.org"
    booking.delegate.save()
    message = Message.objects.get()
    page = words_of(client.get(reverse("messages:message", args=[message.pk])))
    assert reverse("bookings:booking", args=[booking.reference]) in page
    client.post(reverse("messages:send_again", args=[message.pk]))
    message.refresh_from_db()
    assert (message.to, message.state) == ("jade.new@example.org", "waiting")


def test_the_events_page_leads_there_for_who_may(client, sign_in):
    event = EventFactory()
    address = reverse("events:event", args=[event.reference])
    sign_in("coordinator")
    assert door(event) in words_of(client.get(address))
    sign_in("subgroup-member")
    assert door(event) not in words_of(client.get(address))
