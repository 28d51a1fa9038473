"""Moving a booking to another date on its page: the dates with a place, what it costs, and what then stands there."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from bookings import places
from tests.catalogue import PrerequisiteFactory
from tests.factories import BookingFactory, EventFactory, PersonFactory, WorkshopFactory, attended

pytestmark = pytest.mark.django_db


def booked(policy, days=30):
    event = EventFactory(days=days)
    return BookingFactory(event=event, policy=policy, booked_at=timezone.now() - timedelta(days=60))


def page_of(booking):
    return reverse("bookings:move", args=[booking.reference])


def test_a_delegate_moves_to_a_date_with_a_free_place(client, sign_in, policy):
    booking = booked(policy)
    sign_in(person=booking.delegate)
    free, full = [EventFactory(course=booking.event.course, days=days, places=1) for days in (60, 90)]
    BookingFactory(event=full)
    shown = client.get(page_of(booking)).content.decode()
    assert "Moving now costs nothing." in shown
    assert f'value="{free.reference}"' in shown
    assert f'value="{full.reference}"' not in shown
    said = client.post(page_of(booking), {"to": free.reference}, follow=True).content.decode()
    assert "The place is on" in said
    booking.refresh_from_db()
    assert (booking.outcome, booking.replaced_by.event) == ("moved-out", free)


def test_what_it_costs_is_said_before_and_a_date_is_asked_for(client, sign_in, policy):
    booking = booked(policy, days=2)
    sign_in(person=booking.delegate)
    EventFactory(course=booking.event.course, days=60)
    shown = client.post(page_of(booking), {}).content.decode()
    assert "moving counts as cancelling late. Your agency may be charged £75." in shown
    assert "Select a date" in shown


def test_a_move_that_is_no_longer_free_when_pressed_is_shown_again_with_its_cost(client, sign_in, policy):
    booking = booked(policy, days=2)
    sign_in(person=booking.delegate)
    to = EventFactory(course=booking.event.course, days=60)
    assert 'name="cost" value="75.00"' in client.get(page_of(booking)).content.decode()
    shown = client.post(page_of(booking), {"to": to.reference, "cost": "free"}).content.decode()
    assert "It is no longer free since" in shown
    assert "may be charged £75." in shown
    booking.refresh_from_db()
    assert booking.state == "confirmed"
    client.post(page_of(booking), {"to": to.reference, "cost": "75.00"})
    booking.refresh_from_db()
    assert booking.outcome == "cancelled-late"


@pytest.mark.parametrize(
    ("cost", "said"), [("free", "It is no longer free since"), ("50.00", "It costs £75 by now"), ("NaN", "£75 by now")]
)
def test_a_cancellation_that_costs_more_when_pressed_is_shown_again_with_its_cost(client, sign_in, policy, cost, said):
    booking = booked(policy, days=2)
    sign_in(person=booking.delegate)
    cancel = reverse("bookings:cancel", args=[booking.reference])
    assert 'name="cost" value="75.00"' in client.get(cancel).content.decode()
    shown = client.post(cancel, {"cost": cost}).content.decode()
    assert said in shown
    assert "may be charged £75." in shown
    booking.refresh_from_db()
    assert booking.state == "confirmed"


@pytest.mark.parametrize("page", ["cancel", "substitute", "move"])
@pytest.mark.parametrize(("days", "cancelled", "said"), [(30, True, "is cancelled already."), (-1, False, "has begun")])
def test_what_can_only_be_refused_is_said_on_the_bookings_page(client, sign_in, page, days, cancelled, said):
    event = EventFactory(days=days)
    booked_at = timezone.now() - timedelta(days=60)
    ended = {"cancelled": True, "outcome": "cancelled-in-time"} if cancelled else {}
    booking = BookingFactory(event=event, booked_at=booked_at, **ended)
    sign_in(person=booking.delegate)
    response = client.get(reverse(f"bookings:{page}", args=[booking.reference]), follow=True)
    assert response.redirect_chain == [(reverse("bookings:booking", args=[booking.reference]), 302)]
    shown = response.content.decode()
    assert said in shown
    assert "Your booking on" in shown or "changed for you" in shown


def test_once_the_event_has_begun_only_coordinators_send_a_substitute(client, sign_in):
    booking = BookingFactory(event=EventFactory(days=-1), booked_at=timezone.now() - timedelta(days=60))
    sign_in(person=booking.delegate)
    colleague = PersonFactory(agency=booking.agency)
    sent = client.post(reverse("bookings:substitute", args=[booking.reference]), {"person": colleague.reference})
    assert sent.status_code == 403
    assert booking.event.bookings.get() == booking


def test_a_coordinator_is_told_by_name_and_may_still_do_what_is_allowed(client, sign_in):
    booked_at = timezone.now() - timedelta(days=60)
    begun = BookingFactory(event=EventFactory(days=-1), booked_at=booked_at)
    ended = BookingFactory(cancelled=True, outcome="cancelled-in-time")
    sign_in("coordinator")
    for page in ["cancel", "substitute"]:
        assert client.get(reverse(f"bookings:{page}", args=[begun.reference])).status_code == 200
        shown = client.get(reverse(f"bookings:{page}", args=[ended.reference]), follow=True).content.decode()
        assert f"{ended.delegate.name}’s booking on" in shown
    assert client.get(page_of(begun)).status_code == 302


def test_workshops_are_chosen_anew_on_the_other_date(client, sign_in, policy):
    booking = booked(policy)
    sign_in(person=booking.delegate)
    to = WorkshopFactory(event=EventFactory(course=booking.event.course, days=60)).event
    assert "Workshops are chosen anew on the other date" in client.get(page_of(booking)).content.decode()
    response = client.post(page_of(booking), {"to": to.reference})
    assert response.url == reverse("bookings:workshops", args=[to.bookings.get().reference])


def words(client, booking):
    return " ".join(client.get(page_of(booking)).content.decode().split())


def test_beside_each_date_stands_what_else_is_booked_then_and_what_is_missing_by_then(client, sign_in, policy):
    booking = booked(policy)
    sign_in(person=booking.delegate)
    course = booking.event.course
    needed = PrerequisiteFactory(course=course, required__title="Working Together", valid_months=12).required
    attended(event=EventFactory(days=-300, course=needed), delegate=booking.delegate)
    for days in (60, 90):
        EventFactory(course=course, days=days, places=3)
    # The place that is given up is in nobody's way, were the other date at the same time.
    EventFactory(course=course, days=30, places=1)
    BookingFactory(event=EventFactory(days=60, course__title="Neglect"), delegate=booking.delegate)
    shown = words(client, booking)
    assert "3 places left. At the same time: A place on Neglect" in shown
    assert shown.count("At the same time") == 1
    assert shown.count("By then this is missing: Attended Working Together in the last year") == 1
    PrerequisiteFactory(course=course, group=2)
    assert words(client, booking).count("By then this is missing: Attended Working Together") == 1, (
        "is missing now, too"
    )


def test_a_date_for_which_something_is_missing_that_the_course_insists_on_cannot_be_chosen(client, sign_in, policy):
    booking = booked(policy)
    course = booking.event.course
    course.on_missing = "block"
    course.save()
    needed = PrerequisiteFactory(course=course, required__title="Working Together", valid_months=12).required
    attended(event=EventFactory(days=-300, course=needed), delegate=booking.delegate)
    early, late = [EventFactory(course=course, days=days) for days in (40, 90)]
    sign_in(person=booking.delegate)
    shown = words(client, booking)
    assert f'value="{early.reference}"' in shown
    assert f'value="{late.reference}"' not in shown
    assert "Dates that you cannot move to" in shown
    assert "cannot be had any more" in client.post(page_of(booking), {"to": late.reference}).content.decode()
    early.sessions.all().delete()
    shown = words(client, booking)
    assert "You cannot move to the other dates" in shown
    assert "Move to this date" not in shown
    sign_in("coordinator")
    assert f'value="{late.reference}"' in words(client, booking)


def test_without_another_date_the_page_says_so(client, sign_in, policy):
    booking = booked(policy)
    sign_in(person=booking.delegate)
    assert "There is no other date with a free place" in client.get(page_of(booking)).content.decode()
    sign_in("coordinator")
    assert "Copy this event to other dates" in client.get(page_of(booking)).content.decode()


def test_a_coordinator_puts_somebody_on_the_waiting_list_of_a_full_date_and_they_keep_their_place(
    client, sign_in, policy
):
    booking = booked(policy)
    full = BookingFactory(event=EventFactory(course=booking.event.course, days=60, places=1)).event
    wait = f"{reverse('events:book', args=[full.reference])}?person={booking.delegate.reference}"
    sign_in(person=booking.delegate)
    assert "Dates that are full" not in words(client, booking)
    sign_in("coordinator")
    shown = words(client, booking)
    assert "There is no other date with a free place" in shown
    assert f'href="{wait}"' in shown
    assert "Put on the waiting list" in client.get(wait).content.decode()
    client.post(wait, {"person": booking.delegate.reference})
    booking.refresh_from_db()
    assert (booking.state, booking.delegate.bookings.get(event=full).state) == ("confirmed", "waiting")
    assert f'href="{wait}"' not in words(client, booking)


def test_a_place_taken_meanwhile_is_told_and_nothing_is_lost(client, sign_in, policy, monkeypatch):
    booking = booked(policy)
    to = EventFactory(course=booking.event.course, days=60, places=1)
    sign_in(person=booking.delegate)
    monkeypatch.setattr(places, "has_place", lambda *args: False)
    said = client.post(page_of(booking), {"to": to.reference}, follow=True).content.decode()
    assert "keeps the one on" in said
    booking.refresh_from_db()
    assert booking.state == "confirmed"


@pytest.mark.parametrize("count", [1, 20])
def test_the_page_takes_eight_statements(client, sign_in, policy, django_assert_num_queries, count):
    booking = booked(policy)
    sign_in(person=booking.delegate)
    PrerequisiteFactory(course=booking.event.course)
    for number in range(count):
        EventFactory(course=booking.event.course, days=60 + number)
    with django_assert_num_queries(8):
        client.get(page_of(booking))
