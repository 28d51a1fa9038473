"""Places that an agency's lead reserves, names and lets go, and where they are seen."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone

from bookings import reservations
from bookings.models import Reservation
from tests.bookings.factories import ReservationFactory
from tests.factories import AgencyFactory, BookingFactory, EventFactory, PersonFactory

pytestmark = pytest.mark.django_db
LONDON = ZoneInfo("Europe/London")
# A Monday; five working days before it is Monday 30 November.
BEGINS = datetime(2026, 12, 7, 9, 30, tzinfo=LONDON)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(datetime(2026, 11, 2, 12, tzinfo=LONDON), tick=True) as moving:
        yield moving


@pytest.fixture
def lead(sign_in):
    return sign_in("agency-lead", agency=AgencyFactory(name="Anytown Council"))


@pytest.fixture
def event():
    return EventFactory(places=4, begins=BEGINS, course__title="Modern Slavery")


def address(event, *more):
    return f"/events/{event.reference}/reserve/" + "".join(f"{part}/" for part in more)


def asked(places, *day):
    return {"places": places} | {
        f"named_until-{part}": one for part, one in zip(("day", "month", "year"), day, strict=True)
    }


def shown(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode()))


def test_places_are_reserved_until_a_day_that_is_proposed_and_named_one_by_one(client, lead, event):
    page = client.get(address(event)).content.decode()
    assert 'name="named_until-day" type="text" value="16"' in page  # ten working days from today
    assert "at the latest on Monday 30 November 2026" in page
    page = client.post(address(event), asked(2, 20, 11, 2026), follow=True)
    assert "Anytown Council has 2 places on Modern Slavery" in shown(page)
    reservation = event.reservations.get()
    assert (reservation.places, reservation.made_by) == (2, lead)
    assert timezone.localtime(reservation.named_until) == datetime(2026, 11, 20, 17, tzinfo=LONDON)
    jade = PersonFactory(name="Jade Lewis", agency=lead.agency)
    name = address(event, lead.agency.reference, "name")
    assert "Give them the place" in client.get(f"{name}?person={jade.reference}").content.decode()
    page = client.post(f"{name}?person={jade.reference}", {"person": jade.reference}, follow=True)
    assert "Jade Lewis has a place on Modern Slavery" in shown(page)
    assert "1 place to name" in shown(page)
    assert event.bookings.get().state == "confirmed"


@pytest.mark.parametrize(
    ("places", "day", "word"),
    [
        (9, (20, 11, 2026), "can have 4 places"),
        (1, (1, 12, 2026), "at the latest by 5pm on Monday 30 November 2026"),
        (1, (1, 11, 2026), "must be named from now on"),
        (0, (20, 11, 2026), "Reserve at least 1 place"),
        ("x", (31, 2, 2026), "must be a real date"),
    ],
)
def test_what_cannot_be_reserved_is_said_and_nothing_typed_is_lost(client, lead, event, places, day, word):
    page = client.post(address(event), asked(places, *day)).content.decode()
    assert word in page
    assert f'value="{places}"' in page
    assert not event.reservations.exists()


def test_of_an_event_that_is_near_people_are_booked_by_name(client, lead, clock):
    event = EventFactory(days=4)
    assert "Book people by name" in client.get(address(event)).content.decode()
    client.post(address(event), asked(1, 4, 11, 2026))
    assert not event.reservations.exists()


def test_what_is_let_go_is_checked_first_and_sent_twice_is_done_once(client, lead, event):
    reservation = ReservationFactory(event=event, agency=lead.agency)
    let_go = address(event, lead.agency.reference, "let-go")
    assert "Let 2 places go" in shown(client.get(let_go))
    reservation.refresh_from_db()
    assert reservation.released_at is None
    assert "no places without names" in shown(client.post(let_go, follow=True))
    reservation.refresh_from_db()
    assert reservation.released_at is not None
    assert client.post(let_go).status_code == 404


def test_whose_time_is_over_is_told_so_when_naming(client, lead, event):
    ReservationFactory(event=event, agency=lead.agency, named_until=timezone.now() - timedelta(minutes=1))
    jade = PersonFactory(agency=lead.agency)
    page = client.post(address(event, lead.agency.reference, "name"), {"person": jade.reference}, follow=True)
    assert "names were asked for until" in shown(page)
    assert not event.bookings.exists()


def test_they_are_seen_on_home_the_event_and_the_bookings_by_who_leads_the_agency(client, lead, event):
    until = datetime(2026, 11, 20, 17, tzinfo=LONDON)
    ReservationFactory(event=event, agency=lead.agency, named_until=until)
    ReservationFactory(event=event, agency__name="Canary Trust")
    words = "2 places to name by Friday 20 November 2026, 5pm"
    for page in ("/", f"/events/{event.reference}/", "/bookings/"):
        text = shown(client.get(page))
        assert words in text, page
        assert "Canary" not in text


def test_what_is_named_let_go_or_over_is_seen_no_more(client, lead, event):
    ReservationFactory(event=event, agency=lead.agency, places=0)
    ReservationFactory(event=event, agency=lead.agency, released_at=timezone.now())
    ReservationFactory(agency=lead.agency, named_until=timezone.now() - timedelta(minutes=1))
    assert "to name by" not in shown(client.get("/"))


def test_a_coordinator_reserves_for_any_agency_and_a_lead_for_their_own(client, sign_in, event):
    other = AgencyFactory(name="Canary Trust")
    sign_in("agency-lead")
    client.post(f"{address(event)}?of={other.reference}", asked(1, 20, 11, 2026))
    assert not Reservation.objects.filter(agency=other).exists()
    sign_in("coordinator")
    assert "Whose people?" in client.get(address(event)).content.decode()
    client.post(f"{address(event)}?of={other.reference}", asked(1, 20, 11, 2026))
    assert event.reservations.get().agency == other


@pytest.mark.parametrize("count", [1, 20])
def test_the_pages_take_as_many_statements_for_one_reservation_as_for_twenty(
    client, lead, django_assert_num_queries, count
):
    for _ in range(count):
        reservation = ReservationFactory(agency=lead.agency, event__places=30)
        BookingFactory.create_batch(2, event=reservation.event, delegate__agency=lead.agency)
    with django_assert_num_queries(7):
        client.get(address(reservation.event))
    with django_assert_num_queries(8):
        client.get("/")
    with django_assert_num_queries(7):
        client.get(f"/events/{reservation.event.reference}/")
    with django_assert_num_queries(7):
        client.get("/bookings/")


def test_the_last_day_is_five_working_days_before():
    event = EventFactory(begins=BEGINS)
    closing = frozenset({datetime(2026, 12, 1, tzinfo=LONDON).date()})
    assert reservations.last_day(event, frozenset()) == datetime(2026, 11, 30, tzinfo=LONDON).date()
    assert reservations.last_day(event, closing) == datetime(2026, 11, 27, tzinfo=LONDON).date()
    assert reservations.last_day(EventFactory(days=4), frozenset()) is None
