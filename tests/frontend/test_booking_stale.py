"""Booking from a page that went stale: a clear page with what to do next, never an error, never an answer lost."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from bookings import needs, places
from bookings.models import Booking
from bookings.needs import Needs
from tests.factories import BookingFactory, EventFactory, PersonFactory, StaffGroupFactory
from training.models import Event

pytestmark = pytest.mark.django_db


@pytest.fixture
def jade(sign_in):
    return sign_in()


def book(event):
    return reverse("events:book", args=[event.reference])


def words(response):
    return " ".join(response.content.decode().split())


def cancelled(event):
    Event.objects.filter(pk=event.pk).update(
        state="cancelled", cancelled_at=timezone.now(), cancelled_by=PersonFactory(), cancelled_reason="Snow"
    )


def begun(event):
    event.sessions.update(starts_at=timezone.now() - timedelta(hours=1))


def over(event):
    event.sessions.update(starts_at=timezone.now() - timedelta(hours=9), ends_at=timezone.now() - timedelta(hours=1))


def undated(event):
    event.sessions.all().delete()


def closed(event):
    Event.objects.filter(pk=event.pk).update(booking_closes_at=timezone.now() - timedelta(hours=1))


def too_near_to_ask(event):
    event.course.needs_approval = True
    event.course.save()
    event.sessions.update(starts_at=timezone.now() + timedelta(minutes=30))


STALE = [
    (cancelled, "The reason: Snow. Nothing"),
    (closed, "Booking closed at"),
    (too_near_to_ask, "no time left to ask"),
    (begun, "has begun"),
    (over, "is over"),
    (undated, "has no date yet"),
]


@pytest.mark.parametrize(("what", "said"), STALE)
def test_a_stale_page_says_what_has_happened_and_leads_to_the_next_date(client, jade, what, said):
    event = EventFactory()
    other = EventFactory(course=event.course, days=60)
    assert client.get(book(event)).status_code == 200
    what(event)
    for response in (client.post(book(event), {"access": "A ramp"}), client.get(book(event))):
        page = words(response)
        assert said in page
        assert "Nothing is booked" in page
        assert ("A ramp" in page) == (response.wsgi_request.method == "POST")
        assert reverse("events:event", args=[other.reference]) in page
    assert not Booking.objects.exists()


def test_coordinators_book_themselves_outside_the_time_for_booking(client, sign_in):
    sign_in("coordinator")
    closed(event := EventFactory())
    assert client.post(f"{book(event)}?for=me").url == reverse(
        "bookings:booked", args=[Booking.objects.get().reference]
    )


def test_without_another_date_one_can_ask_to_be_told(client, jade):
    event = EventFactory(days=-3)
    assert "Tell me when there is a date" in words(client.get(book(event)))


def test_what_is_refused_under_the_lock_only_is_told_all_the_same(client, jade, monkeypatch):
    """Somebody else is quicker than the page that has just looked."""
    event = EventFactory()
    real = places.book

    def too_late(**facts):
        cancelled(event)
        return real(**facts)

    monkeypatch.setattr(places, "book", too_late)
    assert "This event was cancelled" in words(client.post(book(event)))


def test_a_second_click_a_second_tab_and_the_back_button_lead_to_the_one_booking(client, jade):
    event = EventFactory()
    client.post(book(event))
    for response in (client.post(book(event), follow=True), client.get(book(event), follow=True)):
        assert "You are booked on this already" in words(response)
        assert Booking.objects.get().reference in words(response)


def test_what_one_needs_written_in_a_second_tab_can_be_saved_with_the_booking(client, jade):
    event = EventFactory()
    client.post(book(event), {"access": "A loop"})
    booking = Booking.objects.get()
    typed = {"access": "A ramp\r\nfor a wheelchair", "dietary": "<b>Vegan"}
    page = client.post(book(event), typed).content.decode()
    saves = reverse("bookings:needs", args=[booking.reference])
    for said in ("You wrote this; save it?", "says now: A loop", "A ramp", "&lt;b&gt;Vegan</textarea>", saves):
        assert said in page
    assert "A ramp" not in str(dict(client.session))
    assert booking.need.access == "A loop"
    client.post(saves, typed)
    booking.need.refresh_from_db()
    assert booking.need.dietary == "<b>Vegan"
    assert client.post(book(event), typed).url == reverse("bookings:booked", args=[booking.reference])


def test_what_is_too_long_and_written_in_a_second_tab_is_not_lost_either(client, jade):
    BookingFactory(delegate=jade, event=(event := EventFactory()))
    assert "Error: What you need" in words(client.post(book(event), {"access": "x" * 1001}))


def test_the_last_page_of_a_booking_that_ended_is_its_own(client, jade):
    booking = BookingFactory(delegate=jade, cancelled=True)
    response = client.get(reverse("bookings:booked", args=[booking.reference]))
    assert response.url == reverse("bookings:booking", args=[booking.reference])


def test_what_one_wrote_is_not_lost_where_the_course_is_not_for_them_after_all(client, jade):
    event = EventFactory(course__on_missing="block")
    event.course.staff_groups.add(StaffGroupFactory(name="Midwife"))
    concerns = reverse("events:book_step", args=[event.reference, "before-you-book"])
    client.post(concerns, {"staff_group": "none"})
    page = words(client.post(book(event), {"access": "A ramp", "keep": "on"}))
    assert "You cannot book this course yet" in page
    assert "Copy it, to paste it where you book" in page
    again = client.post(concerns, {"access": "A ramp", "keep": "on", "change": "1"})
    assert 'name="access" value="A ramp"' in words(again)
    assert 'name="keep" value="on"' in words(again)
    assert "It is not kept" not in words(client.get(book(event)))


def test_what_was_left_empty_in_a_second_tab_takes_nothing_away(client, jade):
    event = EventFactory()
    client.post(book(event), {"access": "A loop"})
    page = client.post(book(event), {"access": "", "dietary": "Vegan"}).content.decode()
    assert "A loop</textarea>" in page
    assert "Vegan</textarea>" in page
    assert client.post(book(event), {"access": "A loop"}).status_code == 302


def test_the_tick_to_keep_it_is_not_lost_in_a_second_tab(client, jade):
    event = EventFactory()
    client.post(book(event), {"access": "A loop"})
    saves = reverse("bookings:needs", args=[Booking.objects.get().reference])
    typed = {"access": "A loop", "keep": "on"}
    page = words(client.post(book(event), typed))
    assert "You wrote this; save it?" in page
    assert 'name="keep" type="checkbox" value="on" checked' in page
    client.post(saves, typed)
    assert needs.kept_by(jade) == Needs(access="A loop")
    assert client.post(book(event), typed).status_code == 302, "a second click with the tick is one booking"
