"""One's place on a waiting list: by the link from a message or signed in, seen, answered, put off and left."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from bookings import cancelling, links, offers
from tests.bookings.factories import ApprovalFactory, OfferFactory
from tests.factories import BookingFactory, EventFactory, PersonFactory, RoomFactory

pytestmark = pytest.mark.django_db
LONDON = ZoneInfo("Europe/London")
# A Monday.
BEGINS = datetime(2026, 3, 9, 9, 30, tzinfo=LONDON)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(datetime(2026, 2, 2, 10, tzinfo=LONDON), tick=False) as clock:
        yield clock


@pytest.fixture
def offered(policy):
    event = EventFactory(places=1, begins=BEGINS)
    event.sessions.update(room=RoomFactory())
    ends_at = timezone.now() + timedelta(days=2)
    return OfferFactory(booking__event=event, booking__policy=policy, ends_at=ends_at).booking


@pytest.fixture
def waiting(offered):
    return BookingFactory(event=offered.event, waiting=True)


def page(client, booking, asked=""):
    return client.get(links.path(booking.reference) + asked).content.decode()


def answer(client, booking, value):
    """Press a button of the linked page; what the page says then."""
    return client.post(links.path(booking.reference), {"answer": value}, follow=True).content.decode()


def state(booking):
    booking.refresh_from_db()
    return booking.state


def test_the_page_says_until_when_and_what_it_costs_and_does_nothing(client, offered):
    shown = page(client, offered)
    assert "You can take this place until 10am on Wednesday 4 February 2026." in shown
    assert "Monday 9 March 2026, 9:30am to 4:30pm" in shown
    assert offered.event.sessions.get().room.venue.name in shown
    assert "Free to cancel until the end of Sunday 1 March 2026." in shown
    client.head(links.path(offered.reference))
    assert state(offered) == "offered"


def test_an_offer_is_accepted_by_its_button_and_a_second_press_changes_nothing(client, offered):
    for _ in range(2):
        assert "You have a place on this event." in answer(client, offered, "accept")
    assert state(offered) == "confirmed"


def test_an_offer_is_declined_by_its_button(client, offered):
    assert "You are off the list, and there is nothing to pay." in answer(client, offered, "leave")
    assert state(offered) == "cancelled"
    assert "You are not on this event’s list any more." in page(client, offered, "?ask=leave")


@pytest.mark.parametrize(
    ("asked", "button", "said", "stays"),
    [
        ("offered", "Decline and leave the list", "goes to the next person, and you are taken off", "keep the offer"),
        ("waiting", "Leave the waiting list", "You give up this position", "Stay on the list"),
    ],
)
def test_what_leaving_means_is_said_before_and_nothing_is_done(client, request, sign_in, asked, button, said, stays):
    booking = request.getfixturevalue(asked)
    before = state(booking)
    for here in (links.path(booking.reference), signed(booking)):
        if here == signed(booking):
            sign_in(person=booking.delegate)
        listed = f"{here}?list=year%3Dall"
        leave = f"{here}?ask=leave&amp;list=year%3Dall"
        assert f'href="{leave}">{button}</a>' in client.get(listed).content.decode()
        check = client.get(leave.replace("&amp;", "&")).content.decode()
        for words in (said, stays, f'action="{listed}"', "but only at its end"):
            assert words in check
    assert state(booking) == before
    client.post(listed, {"answer": "leave"})
    assert state(booking) == "cancelled"


def test_an_offers_end_is_put_off_once(client, offered):
    assert "The end can be put off once, to 10am on Friday 6 February 2026." in page(client, offered)
    shown = answer(client, offered, "put-off")
    assert "until 10am on Friday 6 February 2026" in shown
    assert "cannot be again" in shown
    assert "was put off before" in answer(client, offered, "put-off")


def test_what_was_booked_at_the_same_time_meanwhile_is_said_before_accepting(client, offered):
    assert "booked on something else" not in page(client, offered)
    other = EventFactory(begins=BEGINS + timedelta(hours=2), course__title="Modern Slavery")
    BookingFactory(event=other, delegate=offered.delegate)
    shown = page(client, offered)
    assert "You are booked on something else at the same time" in shown
    assert "A place on Modern Slavery" in shown


def test_an_end_put_off_past_the_free_cut_off_says_so(client, offered, clock):
    late = "By then, cancelling is no longer free of charge."
    assert late not in page(client, offered)
    clock.move_to(BEGINS - timedelta(days=11))  # a Thursday; free until the Sunday
    offered.offers.all().delete()
    OfferFactory(booking=offered, ends_at=timezone.now() + timedelta(days=1))
    assert late in page(client, offered)


def test_past_the_free_cut_off_the_page_says_so(client, offered, clock):
    clock.move_to(BEGINS - timedelta(days=5))
    offered.offers.all().delete()
    OfferFactory(booking=offered)
    assert "You can no longer cancel free of charge." in page(client, offered)


def test_an_offer_that_has_ended_says_what_became_of_it(client, offered, clock):
    clock.shift(timedelta(days=2))
    assert "It goes to the next person on the list." in page(client, offered)
    assert "ended at 10am on Wednesday 4 February 2026" in answer(client, offered, "accept")
    assert state(offered) == "offered"  # until the job comes


def test_who_waits_sees_where_they_stand_and_why_and_can_leave(client, waiting):
    shown = page(client, waiting)
    assert "You are number 1 of 1 on the waiting list." in shown
    assert "Every place is taken." in shown
    assert "You are off the list" in answer(client, waiting, "leave")
    assert state(waiting) == "cancelled"


def test_the_link_takes_no_confirmed_place_away(client, offered):
    answer(client, offered, "accept")
    answer(client, offered, "leave")
    answer(client, offered, "nonsense")
    assert state(offered) == "confirmed"
    assert "You have a place on this event." in page(client, offered, "?ask=leave")


def test_a_link_that_is_cut_off_leads_to_a_page_that_says_so(client, offered):
    cut = links.path(offered.reference)[:-4] + "/"
    response = client.get(cut)
    assert (response.status_code, "This link does not work" in response.content.decode()) == (404, True)


def test_what_is_over_says_so(client, waiting, clock):
    clock.move_to(BEGINS + timedelta(days=1))
    assert "This event is over." in page(client, waiting)


@pytest.mark.parametrize("asked", ["offered", "waiting"])
def test_an_event_cancelled_meanwhile_says_so_and_why_and_leads_to_other_dates(client, request, asked):
    booking = request.getfixturevalue(asked)
    cancelling.cancel_event(event=booking.event, by=PersonFactory(), reason="The trainer is ill")
    shown = page(client, booking)
    assert "This event is cancelled." in shown
    assert "The reason: The trainer is ill" in shown
    assert reverse("finding:course", args=[booking.event.course.code]) in shown


# --- signed in ------------------------------------------------------------------------------------------------------
def signed(booking):
    return reverse("offers:offer", args=[booking.reference])


def test_a_coordinator_answers_for_who_rang(client, sign_in, offered):
    coordinator = sign_in("coordinator")
    assert f"{offered.delegate.name} can take this place until" in client.get(signed(offered)).content.decode()
    client.post(signed(offered), {"answer": "accept"})
    assert state(offered) == "confirmed"
    assert offered.history.count() >= 1
    assert coordinator != offered.delegate


@pytest.mark.parametrize(
    ("value", "said"), [("accept", "The place is Rachel Singh’s."), ("leave", "Rachel Singh is off the list")]
)
def test_who_answers_for_others_is_told_by_name(client, sign_in, policy, value, said):
    event = EventFactory(places=1, begins=BEGINS)
    offer = OfferFactory(booking__event=event, booking__policy=policy, booking__delegate__name="Rachel Singh")
    sign_in("coordinator")
    assert said in client.post(signed(offer.booking), {"answer": value}, follow=True).content.decode()


def test_the_delegate_finds_the_way_from_home_booking_and_event(client, sign_in, offered):
    sign_in(person=offered.delegate)
    pages = [reverse("home"), reverse("bookings:booking", args=[offered.reference])]
    pages.append(reverse("events:event", args=[offered.event.reference]))
    for address in pages:
        assert signed(offered) in client.get(address).content.decode()


def test_nobody_else_sees_it(client, sign_in, offered):
    sign_in()
    assert client.get(signed(offered)).status_code == 404


@pytest.mark.parametrize("count", [1, 50])
def test_where_one_stands_takes_seven_statements(client, sign_in, waiting, django_assert_num_queries, count):
    sign_in(person=waiting.delegate)
    BookingFactory.create_batch(count, event=waiting.event, waiting=True)
    with django_assert_num_queries(7):
        client.get(signed(waiting))


def test_an_offer_takes_eight_statements(client, sign_in, offered, django_assert_num_queries):
    sign_in(person=offered.delegate)
    with django_assert_num_queries(8):
        client.get(signed(offered))


# --- told elsewhere -------------------------------------------------------------------------------------------------
def test_a_bookings_story_tells_what_became_of_its_offers(client, sign_in, offered, clock):
    clock.shift(timedelta(days=3))
    offers.lapse(offered.event)
    sign_in("coordinator")
    story = client.get(reverse("bookings:booking", args=[offered.reference])).content.decode()
    assert "Offered a place until 10am on Wednesday 4 February 2026" in story
    assert "The offer ended without an answer" in story
    assert "programme workbook" not in story


def test_the_list_of_bookings_is_filtered_to_what_is_offered(client, sign_in, offered, waiting):
    sign_in("coordinator")
    ApprovalFactory(booking__delegate=PersonFactory(name="Ola Requested"))
    for kind, reference in [("offered", offered.delegate.name), ("requested", "Ola Requested")]:
        shown = client.get(reverse("bookings:list"), {"state": kind, "year": "all"}).content.decode()
        assert reference in shown
        assert waiting.delegate.name not in shown
