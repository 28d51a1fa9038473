"""Private calendar addresses, a booking's file, and how an event is joined."""

import pytest
from django.core.cache import cache
from django.urls import reverse

from bookings import feeds
from bookings.models import CalendarFeed
from frontend.calendars import views
from people.models import Role
from tests.bookings.calendars import read
from tests.factories import BookingFactory, CourseFactory, EventFactory, PartnershipFactory, PersonFactory, RoomFactory

pytestmark = pytest.mark.django_db


def make(client):
    """Makes or renews the address; its path."""
    page = client.post("/calendar/renew/").content.decode()
    address = page.partition('aria-label="The address">')[2].partition("<")[0]
    assert f"webcal://{address.partition('://')[2]}" in page
    return address.removeprefix("http://localhost:8000")


def test_an_address_is_made_shown_once_and_read_without_a_sign_in(client, sign_in):
    person = sign_in()
    PartnershipFactory(name="Anytown Partnership")
    booking = BookingFactory(delegate=person, event=EventFactory(course=CourseFactory(title="Neglect")))
    assert "Make a calendar address" in client.get("/calendar/").content.decode()
    path = make(client)
    page = client.get("/calendar/").content.decode()
    assert "It was shown then and cannot be shown again" in page
    assert path not in page
    client.logout()
    answer = client.get(path)
    assert [entry.summary for entry in read(answer.content).entries] == ["Neglect"]
    assert b"Training\\, Anytown Partnership" in answer.content
    assert booking.reference.encode() in answer.content
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer["Cache-Control"] == "private, no-cache"
    assert answer["X-Robots-Tag"] == "noindex"
    assert not answer.cookies


def test_the_answer_that_shows_the_address_is_kept_nowhere(client, sign_in):
    sign_in()
    assert "no-store" in client.post("/calendar/renew/")["Cache-Control"]


def test_renewing_and_ending_end_the_address_before(client, sign_in):
    sign_in()
    first = make(client)
    second = make(client)
    assert (client.get(first).status_code, client.get(second).status_code) == (404, 200)
    assert "ends at once" in client.get("/calendar/renew/").content.decode()
    assert client.get(second).status_code == 200, "looking changes nothing"
    assert client.post("/calendar/end/").url == "/calendar/"
    assert client.get(second).status_code == 404
    assert "nothing to end" in client.get("/calendar/end/").content.decode()


def test_one_address_shows_one_person_where_several_share_a_mailbox(client, sign_in):
    person = sign_in()
    other = PersonFactory(email=person.email, account=person.account)
    BookingFactory(delegate=other)
    assert b"BEGIN:VEVENT" not in client.get(reverse("calendar:feed", args=[feeds.renew(by=person)])).content


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
def test_it_can_only_be_read(client, method):
    person = PersonFactory()
    path = reverse("calendar:feed", args=[feeds.renew(by=person)])
    assert getattr(client, method)(path).status_code == 405
    head = client.head(path)
    assert (head.status_code, head.content) == (200, b"")


def test_it_opens_no_page_and_changes_nothing(client):
    booking = BookingFactory()
    before = CalendarFeed.objects.values().get(
        pk=CalendarFeed.objects.create(person=booking.delegate, digest="0" * 64).pk
    )
    secret = feeds.renew(by=booking.delegate)
    client.get(reverse("calendar:feed", args=[secret]))
    assert client.get(f"/bookings/{booking.reference}/").status_code == 302
    assert CalendarFeed.objects.get().pk == before["id"]


@pytest.mark.parametrize("secret", ["made-up", "x" * 500, "\u00fc", "%00", "0" * 64])
def test_an_address_that_is_not_in_use_is_not_found(client, secret):
    assert client.get(f"/calendar/{secret}/training.ics").status_code == 404


def test_the_digest_in_the_database_opens_nothing(client):
    feeds.renew(by=PersonFactory())
    path = reverse("calendar:feed", args=[CalendarFeed.objects.get().digest])
    assert client.get(path).status_code == 404


def test_too_many_in_a_minute_are_told_to_wait(client, monkeypatch):
    cache.clear()
    monkeypatch.setattr(views, "REQUESTS_A_MINUTE", 3)
    path = reverse("calendar:feed", args=[feeds.renew(by=PersonFactory())])
    assert [client.get(path).status_code for _ in range(3)] == [200] * 3
    answer = client.get(path)
    assert answer.status_code == 429
    assert 0 < int(answer["Retry-After"]) <= 60
    assert client.get("/calendar/made-up/training.ics").status_code == 429, "who tries addresses is stopped too"
    cache.clear()


@pytest.mark.parametrize("count", [1, 20])
def test_reading_it_takes_as_many_statements_at_one_place_as_at_twenty(client, django_assert_num_queries, count):
    person = PersonFactory()
    for number in range(count):
        event = EventFactory(days=number + 1)
        event.sessions.update(room=RoomFactory())
        BookingFactory(event=event, delegate=person)
    path = reverse("calendar:feed", args=[feeds.renew(by=person)])
    with django_assert_num_queries(8):
        client.get(path)


def test_a_bookings_file_is_on_its_page(client, sign_in, django_assert_num_queries):
    booking = BookingFactory(delegate=sign_in())
    path = f"/bookings/{booking.reference}/calendar/"
    assert path in client.get(f"/bookings/{booking.reference}/").content.decode()
    with django_assert_num_queries(6):
        answer = client.get(path)
    assert [entry.uid for entry in read(answer.content).entries] == [f"{booking.reference}-1@localhost"]
    assert answer["Content-Disposition"] == f'attachment; filename="{booking.reference}.ics"'


def test_a_booking_that_is_over_or_waits_has_no_file(client, sign_in):
    person = sign_in()
    for booking in (BookingFactory(delegate=person, waiting=True), BookingFactory(delegate=person, cancelled=True)):
        path = f"/bookings/{booking.reference}/calendar/"
        assert path not in client.get(f"/bookings/{booking.reference}/").content.decode()
        assert client.get(path).status_code == 404


class TestJoining:
    @pytest.fixture
    def booking(self):
        return BookingFactory(event=EventFactory(course=CourseFactory(title="Neglect")))

    def save(self, client, booking, **given):
        return client.post(f"/events/{booking.event.reference}/joining/", given)

    def test_a_coordinator_enters_it_and_who_has_a_place_reads_it(self, client, sign_in, booking):
        sign_in(Role.COORDINATOR)
        page = client.get(f"/events/{booking.event.reference}/").content.decode()
        assert "Nothing is entered about how to join." in page
        given = {"online_link": "https://meet.example.org/x?a=1&b=2", "instructions": "Bring <a> pen.\r\nAnd paper."}
        assert self.save(client, booking, **given).url == f"/events/{booking.event.reference}/"
        sign_in(person=booking.delegate)
        page = client.get(f"/bookings/{booking.reference}/").content.decode()
        assert 'href="https://meet.example.org/x?a=1&amp;b=2"' in page
        assert "Bring &lt;a&gt; pen.<br>And paper." in page

    def test_others_do_not_read_the_link(self, client, sign_in, booking):
        booking.event.online_link = "https://meet.example.org/x"
        booking.event.save()
        sign_in()
        assert "meet.example.org" not in client.get(f"/events/{booking.event.reference}/").content.decode()
        waiting = BookingFactory(event=booking.event, delegate=sign_in(), waiting=True)
        assert "meet.example.org" not in client.get(f"/bookings/{waiting.reference}/").content.decode()

    @pytest.mark.parametrize(
        "link", ["javascript:alert(1)", "meet.example.org", "ftp://meet.example.org/x", "https://"]
    )
    def test_a_link_that_leads_nowhere_is_not_taken(self, client, sign_in, booking, link):
        sign_in(Role.COORDINATOR)
        page = self.save(client, booking, online_link=link, instructions="Bring a pen.").content.decode()
        assert "Enter the whole address of the meeting" in page
        assert "Bring a pen." in page, "what was typed is still there"
        booking.event.refresh_from_db()
        assert booking.event.online_link == ""

    def test_an_event_that_is_over_or_off_takes_none(self, client, sign_in):
        sign_in(Role.COORDINATOR)
        for event in (EventFactory(days=-2), EventFactory(state="draft")):
            event.state = "published" if event.has_begun() else "cancelled"
            event.cancelled_at = None if event.has_begun() else event.starts_at
            event.save()
            page = client.post(f"/events/{event.reference}/joining/", {"instructions": "Late"}).content.decode()
            assert "nobody joins it" in page
