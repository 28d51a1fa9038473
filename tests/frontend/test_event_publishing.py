"""Publishing a draft and cancelling an event: what follows is said before, and what followed after."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from outbox.models import Message
from tests.bookings.factories import ReservationFactory
from tests.catalogue import InterestFactory
from tests.factories import (
    BookingFactory,
    CourseFactory,
    EventFactory,
    PersonFactory,
    RegisterFactory,
    RoomFactory,
    SessionTrainerFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def coordinator(sign_in):
    return sign_in("coordinator")


def address(event, view):
    return reverse(f"events:{view}", args=[event.reference])


def page_of(client, event, view):
    return client.get(address(event, view)).content.decode()


def post(client, event, view, **data):
    return client.post(address(event, view), data, follow=True).content.decode()


def cancelled(client, event, **data):
    """Said, and done at once; what the page says then."""
    post(client, event, "cancel", confirm=1, **data)
    return post(client, event, "cancel_now")


# --- published ------------------------------------------------------------------------------------------------------
def test_a_draft_is_published_after_a_look_at_what_is_missing(client):
    event = EventFactory(state="draft", course__title="Neglect")
    page = page_of(client, event, "publish")
    for what in ("A trainer", "A venue", "Joining instructions"):
        assert f"<li>{what}</li>" in page
    assert "Neglect on" in post(client, event, "publish")
    event.refresh_from_db()
    assert event.state == "published"


def test_with_all_there_is_nothing_to_warn_of(client):
    event = EventFactory(state="draft", joining_instructions="Ring the bell")
    session = event.sessions.get()
    session.room = RoomFactory()
    session.save()
    SessionTrainerFactory(session=session)
    assert "Still missing" not in page_of(client, event, "publish")


def test_what_is_online_needs_a_link_and_no_venue(client):
    page = page_of(client, EventFactory(state="draft", course__delivery="virtual"), "publish")
    assert "A link to join online" in page
    assert "A venue" not in page


def test_who_waited_for_a_date_is_counted_before_and_after(client):
    course = CourseFactory()
    InterestFactory.create_batch(2, course=course)
    InterestFactory(course=course, person__email="")
    event = EventFactory(state="draft", course=course)
    assert "2 people who waited for a date of this course are told by email" in page_of(client, event, "publish")
    assert "2 people who waited for a date are told by email." in post(client, event, "publish")


def test_who_waits_on_a_draft_is_offered_a_place(client):
    event = BookingFactory(event__state="draft", waiting=True).event
    assert "1 person on its waiting list is offered what is free" in page_of(client, event, "publish")
    assert "1 person on its waiting list is offered a place." in post(client, event, "publish")


def test_without_a_session_it_cannot_be_published(client):
    event = EventFactory(state="draft", sessions=0)
    page = page_of(client, event, "publish")
    assert "no session yet" in page
    assert "<button" not in page.split("<main")[1]
    assert "no session yet" in post(client, event, "publish")


def test_published_by_two_the_second_is_told(client):
    event = EventFactory()
    assert "is published already" in post(client, event, "publish")


@pytest.mark.parametrize("sessions", [1, 5])
def test_looking_takes_seven_statements(client, django_assert_num_queries, sessions):
    event = EventFactory(state="draft", sessions=sessions)
    with django_assert_num_queries(7):
        page_of(client, event, "publish")


def test_drafts_lead_there_from_their_page_and_the_programme(client, sign_in):
    event = EventFactory(state="draft")
    programme = reverse("programme:list")
    assert address(event, "publish") in page_of(client, event, "event")
    assert address(event, "publish") in client.get(programme).content.decode()
    sign_in("subgroup-member")
    assert address(event, "publish") not in page_of(client, event, "event")
    assert address(event, "publish") not in client.get(programme).content.decode()


# --- cancelled ------------------------------------------------------------------------------------------------------
def test_an_event_is_cancelled_after_a_look_at_who_is_told_and_what_they_read(client):
    event = BookingFactory(delegate__name="Jade Lewis").event
    BookingFactory(event=event, waiting=True, delegate__name="Tom Okafor", delegate__email="")
    ReservationFactory(event=event, places=2)
    check = post(client, event, "cancel", reason="The trainer\nis ill.", instead="")
    for words in ("1 person", "2 places without names", "Tom Okafor", "Dear Jade Lewis", "The trainer is ill."):
        assert words in check
    event.refresh_from_db()
    assert event.state == "published"
    assert "Nobody is told before." in post(
        client, event, "cancel", reason="The trainer is ill.", instead="", confirm=1
    )
    event.refresh_from_db()
    assert event.state == "published"
    assert not Message.objects.exists()
    done = post(client, event, "cancel_now")
    assert "1 person is told by email." in done
    assert "No email goes to Tom Okafor" in done
    event.refresh_from_db()
    assert (event.state, event.cancelled_reason) == ("cancelled", "The trainer is ill.")
    assert Message.objects.get().template == "event_cancelled"


def test_the_next_date_is_chosen_already_and_everyone_comes_first_there(client):
    event = BookingFactory(event__days=20).event
    BookingFactory(event=event)
    later = EventFactory(course=event.course, days=90)
    instead = EventFactory(course=event.course, days=60, places=1)
    page = page_of(client, event, "cancel")
    assert page.index(instead.reference) < page.index(later.reference)
    assert "checked" in page.split(f'value="{instead.reference}"')[1].split(">")[0]
    check = post(client, event, "cancel", reason="Snow", instead=instead.reference)
    assert "You come first on another date" in check
    done = cancelled(client, event, reason="Snow", instead=instead.reference)
    assert "1 person is offered a place on" in done
    assert ", and 1 waits there." in done
    assert not later.bookings.exists()


def test_without_another_date_the_page_leads_to_making_one(client):
    event = EventFactory(course__code="N 1")
    links = (f'{reverse("planning:new")}?course=N+1"', f'{reverse("planning:copy", args=[event.reference])}"')
    page = page_of(client, event, "cancel")
    assert [link in page for link in links] == [True, True]
    undated = page_of(client, EventFactory(course=event.course, sessions=0, state="draft"), "cancel")
    assert (links[0] in page_of(client, event, "cancel"), "copy this event" in undated) == (True, False)
    EventFactory(course=event.course, days=60)
    assert not any(link in page_of(client, event, "cancel") for link in links)


def test_something_can_be_changed_before(client):
    page = post(client, EventFactory(), "cancel", reason="Snow", instead="", change=1)
    assert ">Snow</textarea>" in page.replace("\n", "")


def test_a_reason_is_asked_for(client):
    assert "Enter why the event is cancelled" in post(client, EventFactory(), "cancel", reason=" ", confirm=1)


@pytest.mark.parametrize("situation", ["cancelled", "closed"])
def test_what_is_off_or_took_place_is_refused_in_words(client, situation):
    event = EventFactory(days=-2)
    if situation == "closed":
        RegisterFactory(session=event.sessions.get(), closed=True)
        words = "took place: its register is closed"
    else:
        post(client, event, "cancel", reason="Snow", confirm=1)
        assert "will be cancelled at" in page_of(client, event, "event")
        assert "will be cancelled at" in post(client, event, "cancel", reason="Snow", confirm=1)
        post(client, event, "cancel_now")
        words = "is cancelled already"
    assert words in post(client, event, "cancel", reason="Snow", confirm=1)
    assert address(event, "cancel") not in page_of(client, event, "event")


def test_nobody_is_told_of_a_draft_or_of_what_is_over_and_that_is_said(client):
    draft = BookingFactory(event__state="draft").event
    over = BookingFactory(event__days=-2, booked_at=timezone.now() - timedelta(days=20)).event
    assert "was never published" in post(client, draft, "cancel", reason="Snow")
    assert "the event is over" in post(client, over, "cancel", reason="Snow")
    assert "Nobody is told of it." in cancelled(client, draft, reason="Snow")


@pytest.mark.parametrize("count", [1, 50])
def test_looking_at_what_follows_takes_as_many_statements_for_one_as_for_fifty(
    client, django_assert_num_queries, count
):
    event = EventFactory(places=60)
    for _ in range(count):
        BookingFactory(event=event)
    instead = EventFactory(course=event.course, days=60)
    with django_assert_num_queries(6):
        page_of(client, event, "cancel")
    with django_assert_num_queries(14):
        post(client, event, "cancel", reason="Snow", instead=instead.reference)


def test_people_carried_keep_their_lead_when_they_have_no_address(client):
    lead = PersonFactory(roles=["agency-lead"])
    booking = BookingFactory(delegate__email="", delegate__agency=lead.agency)
    done = cancelled(client, booking.event, reason="Snow")
    assert "1 person is told by email." in done
    assert Message.objects.get().to == lead.email
