"""An event's places: the table that adds up, and each change with who is offered a place by it."""

import re
from datetime import datetime, time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from bookings.models import Cap, Hold
from tests.bookings.factories import ApprovalFactory, CapFactory, HoldFactory, OfferFactory, ReservationFactory
from tests.factories import AgencyFactory, BookingFactory, EventFactory
from tests.frontend.test_events import page_of as event_page

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def coordinator(sign_in):
    return sign_in("coordinator")


def address(event, view="places", *more):
    return reverse(f"events:{view}", args=[event.reference, *more])


def page_of(client, event):
    return client.get(address(event)).content.decode()


def post(client, event, view, *more, **data):
    """The page that comes of it."""
    return client.post(address(event, view, *more), data, follow=True).content.decode()


def numbers(page):
    """What the table says, by its first column."""
    table = page.split("Where the places are</caption>")[1].split("</table>")[0]
    return dict(re.findall(r"<th[^>]*>(.*?)</th>\s*<td[^>]*>(.*?)</td>", table))


def ends_on(days):
    """A day so many days from now as the three boxes take it, and the moment at which it ends."""
    day = timezone.localdate() + timedelta(days=days)
    boxes = {"until_on-day": day.day, "until_on-month": day.month, "until_on-year": day.year}
    return boxes, datetime.combine(day + timedelta(days=1), time.min, tzinfo=timezone.get_default_timezone())


# --- the page -------------------------------------------------------------------------------------------------------
def test_the_table_says_where_each_place_is_and_adds_up(client):
    event = EventFactory(places=20)
    police = AgencyFactory(type="police")
    BookingFactory.create_batch(4, event=event)
    BookingFactory(event=event, delegate__agency=police)
    BookingFactory(event=event, source="walk-in")
    BookingFactory(event=event, waiting=True)
    ApprovalFactory(booking__event=event)
    ApprovalFactory(booking__event=event, booking__keeps_place=True)
    OfferFactory(booking__event=event)
    ReservationFactory(event=event, places=3)
    HoldFactory(event=event, agency=None, agency_type="police", places=5)
    HoldFactory(event=event, places=2, until=timezone.now() - timedelta(days=1))
    CapFactory(event=event, places=6)
    page = page_of(client, event)
    assert list(numbers(page).values()) == ["5", "1", "1", "3", "4", "6", "20"]
    for words in ("1 person</a> waits", "at most 6 places", ">Over<", "The first offer ends"):
        assert words in page


def test_more_kept_than_is_free_and_more_held_than_there_is_add_up_too(client):
    kept = HoldFactory(event__places=3, places=9).event
    over = BookingFactory(event__places=1, event__overbooking=1, event__overbooking_reason="A chair more").event
    BookingFactory(event=over)
    assert list(numbers(page_of(client, kept)).values()) == ["0", "0", "0", "3", "0", "3"]
    page = page_of(client, over)
    assert list(numbers(page).values()) == ["2", "0", "0", "0", "−1", "1"]
    assert "More than there are" in page
    assert "A chair more" in page


@pytest.mark.parametrize("count", [1, 50])
def test_the_page_takes_eight_statements_whoever_holds_places(client, django_assert_num_queries, count):
    event = EventFactory(places=300)
    for _ in range(count):
        BookingFactory(event=event)
        HoldFactory(event=event)
        ReservationFactory(event=event)
    with django_assert_num_queries(8):
        page = page_of(client, event)
    assert page.count(">Let go<") == page.count(">Stop keeping<") == count


def test_nothing_is_kept_anew_on_a_cancelled_event_or_one_that_has_begun(client):
    begun = HoldFactory(event=EventFactory(days=-1)).event
    off = EventFactory(state="cancelled", cancelled_at=timezone.now())
    for event in (begun, off):
        page = page_of(client, event)
        assert "Keep places for" not in page
        assert "Stop keeping" not in page
    assert "This event is cancelled" in page_of(client, off)
    assert address(off) not in event_page(client, off)


def test_the_events_page_leads_coordinators_here_and_nobody_else(client, sign_in):
    event = EventFactory()
    assert address(event) in event_page(client, event)
    sign_in("subgroup-member")
    assert address(event) not in event_page(client, event)


# --- how many -------------------------------------------------------------------------------------------------------
def test_the_number_is_changed_after_a_look_at_who_is_offered_a_place(client):
    event = BookingFactory(event__places=1).event
    first, second = (
        BookingFactory(event=event, waiting=True, delegate__name=name, booked_at=f"2026-01-0{day}T10:00Z")
        for day, name in enumerate(("Jade Lewis", "Tom Okafor"), 1)
    )
    check = post(client, event, "change_places", places=2)
    assert "One person who waits is" in check
    assert "Jade Lewis" in check
    assert "Tom Okafor" not in check
    event.refresh_from_db()
    assert event.places == 1
    done = post(client, event, "change_places", places=2, confirm=1)
    assert "There are 2 places now. Jade Lewis is offered a place, and told so." in done
    for booking, state in ((first, "offered"), (second, "waiting")):
        booking.refresh_from_db()
        assert booking.state == state


def test_another_number_keeps_what_was_typed(client):
    assert 'value="7"' in post(client, EventFactory(), "change_places", places=7, change=1)


def test_fewer_than_are_held_are_refused_before_the_check_and_at_it(client):
    event = BookingFactory(event__places=5).event
    BookingFactory(event=event)
    for more in ({}, {"confirm": 1}):
        page = post(client, event, "change_places", places=1, **more)
        assert "2 places on" in page
        assert "Cancel bookings first" in page
        assert f'href="{reverse("events:event", args=[event.reference])}#booked"' in page
    event.refresh_from_db()
    assert event.places == 5


@pytest.mark.parametrize("typed", ["", "0", "-1", "many", "100000000000"])
def test_what_is_no_number_of_places_is_said_at_the_box(client, typed):
    page = post(client, EventFactory(), "change_places", places=typed)
    assert "govuk-error-summary" in page
    assert "See who is booked" not in page


def test_why_nobody_is_offered_a_place_is_said(client):
    near = BookingFactory(event=EventFactory(days=0, begins=timezone.now() + timedelta(hours=3)), waiting=True).event
    draft = BookingFactory(event__state="draft", waiting=True).event
    full = BookingFactory(event=HoldFactory(event__places=1, places=9).event, waiting=True).event
    for event, words in ((near, "too near for offers"), (draft, "before the event is published"), (full, "none for")):
        assert words in post(client, event, "change_places", places=event.places + 1)
    assert "free to book" in post(client, EventFactory(), "change_places", places=30)


@pytest.mark.parametrize("view", ["change_places", "cap", "keep"])
def test_what_was_cancelled_meanwhile_is_not_shared_out(client, view):
    event = EventFactory(state="cancelled", cancelled_at=timezone.now())
    page = post(client, event, view, places=3, whom="police", confirm=1, **ends_on(10)[0])
    assert "its places are nobody’s any more" in page
    event.refresh_from_db()
    assert (event.places, event.holds.exists(), Cap.objects.exists()) == (20, False, False)


# --- for whom -------------------------------------------------------------------------------------------------------
def test_places_are_kept_for_an_agency_and_for_a_type_until_the_end_of_a_day(client):
    event, agency = EventFactory(), AgencyFactory(name="Anytown Council")
    boxes, moment = ends_on(10)
    page = post(client, event, "keep", whom=agency.reference, places=3, **boxes)
    assert "3 places kept for Anytown Council until the end of" in page
    post(client, event, "keep", whom="police", places=2, until_at="2:15pm", **boxes)
    of_agency, of_type = event.holds.order_by("pk")
    assert (of_agency.agency, of_agency.places, of_agency.until) == (agency, 3, moment)
    assert (of_type.agency_type, of_type.until) == ("police", moment - timedelta(hours=9, minutes=45))


@pytest.mark.parametrize(
    ("places", "days", "words"),
    [(21, 10, "so 21 of them cannot be kept"), (2, -1, "before the event begins"), (2, 30, "before the event begins")],
)
def test_what_cannot_be_kept_is_refused_in_words_and_nothing_typed_is_lost(client, places, days, words):
    event, boxes = EventFactory(places=20), ends_on(days)[0]
    page = post(client, event, "keep", whom="police", places=places, **boxes)
    assert words in page
    assert f'value="{places}"' in page
    assert 'value="police" selected' in page
    assert not event.holds.exists()


def test_a_hold_is_changed(client):
    hold = HoldFactory(until=ends_on(5)[1])
    day = timezone.localdate() + timedelta(days=5)
    assert f'value="{day.day}"' in client.get(address(hold.event, "change_hold", hold.pk)).content.decode()
    boxes, moment = ends_on(6)
    post(client, hold.event, "change_hold", hold.pk, places=4, until_at="00:00", **boxes)
    hold.refresh_from_db()
    assert (hold.places, hold.until) == (4, moment - timedelta(days=1))
    assert Hold.objects.count() == 1


def test_a_hold_that_is_ended_goes_to_the_list_and_can_be_put_back(client):
    hold = HoldFactory(event__places=1)
    waiting = BookingFactory(event=hold.event, waiting=True, delegate__name="Jade Lewis")
    page = post(client, hold.event, "stop_keeping", hold.pk)
    assert "Jade Lewis is offered a place, and told so." in page
    assert not Hold.objects.exists()
    ended = page.split('name="ended" value="')[1].split('"')[0]
    assert "1 place kept again until" in post(client, hold.event, "put_back", ended=ended)
    again = Hold.objects.get()
    assert (again.agency, again.places, again.until) == (hold.agency, hold.places, hold.until)
    waiting.refresh_from_db()
    assert waiting.state == "offered"


def test_what_was_never_kept_is_not_put_back(client):
    event = EventFactory()
    page = client.get(address(event) + "?ended=forged").content.decode()
    assert "Put it back" not in page
    assert "cannot be put back" in post(client, event, "put_back", ended="forged")


def test_an_end_that_has_passed_by_then_is_not_put_back(client, time_machine):
    hold = HoldFactory(until=timezone.now() + timedelta(minutes=1))
    ended = post(client, hold.event, "stop_keeping", hold.pk).split('name="ended" value="')[1].split('"')[0]
    time_machine.move_to(timezone.now() + timedelta(minutes=2))
    assert "from now on and before the event begins" in post(client, hold.event, "put_back", ended=ended)


def test_a_limit_for_each_agency_is_set_and_lifted(client):
    event = BookingFactory(event__places=5).event
    assert "at most 1 place" in post(client, event, "cap", places=1)
    colleague = BookingFactory(event=event, waiting=True, delegate__agency=event.bookings.get().agency)
    page = post(client, event, "cap", places="")
    assert "No agency has a limit any more." in page
    assert f"{colleague.delegate.name} is offered a place" in page
    assert not Cap.objects.exists()
    assert "govuk-error-summary" in post(client, event, "cap", places=0)


def test_what_an_agency_reserved_is_let_go_after_a_look(client):
    reservation = ReservationFactory(event__places=2, agency__name="Anytown Council")
    waiting = BookingFactory(event=reservation.event, waiting=True, delegate__name="Jade Lewis")
    look = client.get(address(reservation.event, "let_go", reservation.pk)).content.decode()
    assert "Anytown Council" in look
    page = post(client, reservation.event, "let_go", reservation.pk)
    assert "The 2 places that Anytown Council had reserved are free again. Jade Lewis is offered a place" in page
    waiting.refresh_from_db()
    assert waiting.state == "offered"
