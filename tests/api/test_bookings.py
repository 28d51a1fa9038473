"""Bookings through the API: whose one sees, booking, cancelling with the cost known."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from outbox.models import Message
from tests.factories import (
    BookingFactory,
    ChargingPolicyFactory,
    EventFactory,
    PersonFactory,
    SessionTrainerFactory,
    TariffFactory,
    TrainerFactory,
)

pytestmark = pytest.mark.django_db


def references(answer):
    return {row["reference"] for row in answer["results"]}


@pytest.fixture
def policy():
    """£75 for cancelling with fewer than 5 working days' notice, and for not coming."""
    policy = ChargingPolicyFactory(minutes_to_reconsider=0)
    TariffFactory(policy=policy)
    TariffFactory(policy=policy, reason="cancelled-late")
    return policy


# --- reading ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("count", [1, 100])
def test_a_page_of_bookings_takes_four_statements(program, django_assert_num_queries, count):
    asking = program("coordinator")
    BookingFactory.create_batch(count, event=EventFactory(places=100))
    asking.get("me")
    with django_assert_num_queries(4):
        assert len(asking.read("bookings", page_size=100)["results"]) == count


def test_each_sees_the_bookings_that_are_theirs_to_see(program):
    manager, lead = PersonFactory(), PersonFactory(roles=["agency-lead"])
    jade = PersonFactory(line_manager=manager, agency=lead.agency)
    own, other = BookingFactory(delegate=jade), BookingFactory()
    for person in (jade, manager, lead):
        answer = program(person=person).read("bookings")
        assert (references(answer), answer["count"]) == ({own.reference}, 1)
    assert references(program("coordinator").read("bookings")) == {own.reference, other.reference}
    for role in ("finance-officer", "subgroup-member", "concerns", "administrator"):
        assert program(role).read("bookings")["count"] == 0


def test_an_agency_leads_filters_order_and_totals_never_leave_the_agency(program):
    asking = program("agency-lead")
    own, other = BookingFactory(delegate__agency=asking.person.agency), BookingFactory()
    assert references(asking.read("bookings", agency=own.agency.reference)) == {own.reference}
    for query in (
        {"agency": other.agency.reference},
        {"event": other.event.reference},
        {"delegate": other.delegate.reference},
        {"course": other.event.course.code},
    ):
        assert asking.read("bookings", **query) == {"count": 0, "next": None, "previous": None, "results": []}
    for order in ("agency", "-agency", "delegate", "booked_at"):
        assert asking.read("bookings", ordering=order, page_size=1) | {"results": []} == {
            "count": 1, "next": None, "previous": None, "results": []
        }  # fmt: skip
    assert asking.get(f"bookings/{other.reference}").status_code == 404


def test_a_trainer_sees_names_on_the_register_and_no_booking_of_others(program):
    asking = program()
    event = EventFactory()
    SessionTrainerFactory(session=event.sessions.get(), trainer=TrainerFactory(person=asking.person))
    booking = BookingFactory(event=event)
    assert asking.read("bookings")["count"] == 0
    assert asking.get(f"bookings/{booking.reference}").status_code == 403
    answer = asking.get(f"events/{event.reference}/registers").content.decode()
    assert booking.delegate.name in answer
    assert booking.delegate.email not in answer


def test_bookings_are_filtered_by_what_they_are(program):
    asking = program("coordinator")
    waiting = BookingFactory(waiting=True)
    past = BookingFactory(event=EventFactory(begins=datetime(2020, 5, 4, 9, tzinfo=timezone.get_default_timezone())))
    for query, found in (
        ({"state": "waiting"}, waiting),
        ({"state": "confirmed"}, past),
        ({"year": "2020-21"}, past),
        ({"event": waiting.event.reference, "course": waiting.event.course.code}, waiting),
    ):
        assert references(asking.read("bookings", **query)) == {found.reference}
    assert asking.read("bookings", outcome="attended")["count"] == 0


def test_no_answer_about_bookings_holds_an_email_address(program):
    booking = BookingFactory()
    asking = program("coordinator")
    for address in ("bookings", f"bookings/{booking.reference}"):
        assert "@" not in asking.get(address).content.decode()


def test_who_waits_reads_their_position(program):
    event = EventFactory()
    hours = [timezone.now() - timedelta(hours=hour) for hour in (3, 2, 1)]
    second = [BookingFactory(event=event, waiting=True, booked_at=hour) for hour in hours][1]
    answer = program(person=second.delegate).read(f"bookings/{second.reference}")
    assert (answer["position"], answer["state"], answer["cancelling"]) == (2, "waiting", None)


@time_machine.travel("2026-11-02 12:00")
def test_a_booking_says_until_when_cancelling_is_free_and_what_it_costs_after(program, policy):
    booking = BookingFactory(policy=policy, event__days=21)  # Monday 23 November
    asking = program(person=booking.delegate)
    cancelling = asking.read(f"bookings/{booking.reference}")["cancelling"]
    assert (cancelling["free_until"], cancelling["costs_now"]) == ("2026-11-16T00:00:00Z", None)
    assert "Free to cancel until the end of Sunday 15 November 2026." in cancelling["in_words"]
    with time_machine.travel("2026-11-19 12:00"):
        assert asking.read(f"bookings/{booking.reference}")["cancelling"]["costs_now"] == "75.00"


# --- booking ---------------------------------------------------------------------------------------------------------
def test_a_program_books_its_person_a_place_who_is_told(program, policy):
    asking, event = program(), EventFactory()
    response = asking.post("bookings", {"event": event.reference})
    answer = response.json()
    assert (response.status_code, answer["state"]) == (201, "confirmed")
    assert response["Location"] == f"http://testserver/api/v1/bookings/{answer['reference']}"
    assert "your agency is charged £75" in answer["cancelling"]["in_words"]
    booking = event.bookings.get()
    assert (booking.delegate, booking.booked_by, booking.policy) == (asking.person, asking.person, policy)
    assert Message.objects.get().to == asking.person.email


def test_a_place_on_a_full_event_is_one_on_the_waiting_list(program):
    event = BookingFactory(event__places=1).event
    answer = program().post("bookings", {"event": event.reference}).json()
    assert (answer["state"], answer["position"]) == ("waiting", 1)


def test_whom_one_may_book_is_as_on_the_page(program):
    lead = program("agency-lead")
    colleague, stranger = PersonFactory(agency=lead.person.agency), PersonFactory()
    event = EventFactory()

    def booked(asking, delegate):
        return asking.post("bookings", {"event": event.reference, "delegate": delegate.reference})

    assert booked(lead, colleague).status_code == 201
    refused, unknown = booked(lead, stranger), lead.post("bookings", {"event": event.reference, "delegate": "NOBODY"})
    assert refused.status_code == unknown.status_code == 400
    assert refused.json() == unknown.json()
    assert booked(program(), stranger).status_code == 400
    assert booked(program("finance-officer"), stranger).status_code == 400
    assert booked(program("coordinator"), stranger).status_code == 201
    manager = program()
    staff = PersonFactory(line_manager=manager.person)
    assert booked(manager, staff).status_code == 201
    assert booked(manager, PersonFactory(agency=manager.person.agency)).status_code == 400
    assert {one.delegate for one in event.bookings.all()} == {colleague, stranger, staff}


def test_an_event_that_one_does_not_see_is_as_if_it_were_not_there(program):
    asking, hidden = program(), EventFactory(is_in_house=True)
    answers = [asking.post("bookings", {"event": event}) for event in (hidden.reference, "NOTHING")]
    assert [answer.status_code for answer in answers] == [400, 400]
    assert answers[0].json() == answers[1].json()


# --- cancelling ------------------------------------------------------------------------------------------------------
def test_a_place_is_given_back_in_time(program, policy):
    booking = BookingFactory(policy=policy)
    answer = program(person=booking.delegate).post(f"bookings/{booking.reference}/cancel").json()
    assert (answer["state"], answer["outcome"], answer["cancelling"]) == ("cancelled", "cancelled-in-time", None)
    booking.refresh_from_db()
    assert booking.cancelled_by == booking.delegate


def test_nobody_is_charged_for_cancelling_who_did_not_say_that_they_know(program, policy):
    booking = BookingFactory(policy=policy, event__days=2)
    asking = program(person=booking.delegate)
    for body in ({}, {"cost": "0.00"}, {"cost": "74.99"}):
        refused = asking.post(f"bookings/{booking.reference}/cancel", body)
        assert (refused.status_code, refused.json()["type"]) == (409, "urn:turnout:cost-not-agreed")
        assert "charged with £75" in refused.json()["detail"]
        booking.refresh_from_db()
        assert booking.state == "confirmed"
    answer = asking.post(f"bookings/{booking.reference}/cancel", {"cost": "75.00"}).json()
    assert answer["outcome"] == "cancelled-late"


def test_a_second_cancellation_is_refused(program):
    booking = BookingFactory()
    asking = program(person=booking.delegate)
    asking.post(f"bookings/{booking.reference}/cancel")
    assert asking.post(f"bookings/{booking.reference}/cancel").json()["type"] == "urn:turnout:already-cancelled"


def test_a_coordinator_enters_when_and_from_whom_it_was_received(program, policy):
    booking = BookingFactory(policy=policy, event__days=2, booked_at=timezone.now() - timedelta(days=60))
    received = {"received_at": str(timezone.now() - timedelta(days=30)), "received_from": "by telephone"}
    asking = program("coordinator")
    assert asking.post(f"bookings/{booking.reference}/cancel", received).json()["outcome"] == "cancelled-in-time"
    booking.refresh_from_db()
    assert (booking.received_from, booking.cancelled_by) == ("by telephone", asking.person)


def test_a_delegate_does_not_say_when_their_cancellation_was_received(program, policy):
    booking = BookingFactory(policy=policy, event__days=2, booked_at=timezone.now() - timedelta(days=60))
    received = {"received_at": str(timezone.now() - timedelta(days=30))}
    response = program(person=booking.delegate).post(f"bookings/{booking.reference}/cancel", received)
    assert (response.status_code, response.json()["detail"]) == (403, "A coordinator can do this. You may not.")
    booking.refresh_from_db()
    assert booking.state == "confirmed"


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "2999-01-01", "never"])
def test_moments_that_no_calendar_has_are_told(program, moment):
    booking = BookingFactory()
    response = program("coordinator").post(f"bookings/{booking.reference}/cancel", {"received_at": moment})
    assert response.status_code in (400, 409)
