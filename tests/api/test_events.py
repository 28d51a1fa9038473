"""Events through the API: what each person sees, the filters, places left."""

from datetime import UTC, datetime

import pytest
from django.utils import timezone

from tests.factories import (
    BookingFactory,
    ChargingPolicyFactory,
    CourseFactory,
    EventFactory,
    RoomFactory,
    SessionTrainerFactory,
    TariffFactory,
    TrainerFactory,
    VenueFactory,
)

pytestmark = pytest.mark.django_db


def references(answer):
    return [row["reference"] for row in answer["results"]]


def test_an_event_whose_date_is_not_sure_says_so_and_its_bookings_too(program):
    sure, event = EventFactory(), EventFactory(certainty="held")
    off = EventFactory(certainty="tentative", state="cancelled", cancelled_at=timezone.now())
    asking = program("coordinator")
    told = {one["reference"]: one["tentative"] for one in asking.read("events")["results"]}
    assert told == {sure.reference: False, event.reference: True, off.reference: False}
    assert asking.read(f"events/{event.reference}")["tentative"] is True
    booking = BookingFactory(event=event)
    assert asking.read("bookings")["results"][0]["event"]["tentative"] is True
    assert asking.read(f"bookings/{booking.reference}")["event"]["tentative"] is True


@pytest.mark.parametrize("count", [1, 100])
def test_a_page_of_events_takes_four_statements(program, django_assert_num_queries, count):
    asking = program("coordinator")
    EventFactory.create_batch(count)
    asking.get("me")
    with django_assert_num_queries(4):
        assert len(asking.read("events", page_size=100)["results"]) == count


def test_places_left_are_told_to_everyone_and_counts_to_who_may_see_them(program):
    event = EventFactory(places=3)
    BookingFactory.create_batch(2, event=event)
    BookingFactory(event=event, waiting=True)
    public = program().read(f"events/{event.reference}")
    assert (public["places"], public["places_left"], public["has_places"]) == (3, 0, False)
    assert (public["booked"], public["waiting"]) == (None, None)
    everything = program("coordinator").read("events")["results"][0]
    assert (everything["booked"], everything["waiting"]) == (2, 1)


def test_drafts_and_in_house_events_are_for_who_reads_the_programme(program):
    draft, in_house, public = EventFactory(state="draft"), EventFactory(is_in_house=True), EventFactory()
    everything = {draft.reference, in_house.reference, public.reference}
    assert references(program().read("events")) == [public.reference]
    assert set(references(program("subgroup-member").read("events"))) == everything
    assert program().get(f"events/{draft.reference}").status_code == 404


def test_events_are_filtered_by_what_they_are(program):
    asking = program()
    safe, early = CourseFactory(code="SAFE"), CourseFactory(code="EARLY", delivery="virtual")
    winter = EventFactory(course=safe, begins=datetime(2027, 1, 11, 9, tzinfo=UTC))
    summer = EventFactory(course=early, begins=datetime(2027, 6, 30, 23, 30, tzinfo=UTC))  # 1 July here
    for query, expected in {
        "course": {"SAFE": [winter]},
        "delivery": {"virtual": [summer]},
        "year": {"2026-27": [winter], "2027-28": [summer]},
        "starts_from": {"2027-01-11": [winter, summer], "2027-01-12": [summer]},
        "starts_until": {
            "2027-01-10": [],
            "2027-01-11": [winter],
            "2027-06-30": [winter],
            "2027-07-01": [winter, summer],
        },
        "ordering": {"-starts_at": [summer, winter], "course": sorted([winter, summer], key=lambda e: e.course.title)},
    }.items():
        for value, found in expected.items():
            assert references(asking.read("events", **{query: value})) == [one.reference for one in found], value


def test_has_places_is_what_a_booking_made_now_would_get(program):
    asking = program()
    free, full, queued = EventFactory(), EventFactory(places=1), EventFactory(places=2)
    BookingFactory(event=full)
    BookingFactory(event=queued)
    BookingFactory(event=queued, waiting=True)
    begun, undated, cancelled = EventFactory(days=-1), EventFactory(sessions=0), EventFactory(state="draft")
    cancelled.state, cancelled.cancelled_at = "cancelled", free.starts_at
    cancelled.save()
    assert references(asking.read("events", has_places="true")) == [free.reference]
    others = asking.read("events", has_places="false")["results"]
    assert {row["reference"] for row in others} == {one.reference for one in (full, queued, begun, undated, cancelled)}
    assert not any(row["has_places"] for row in others)


def test_pages_follow_each_other_and_keep_the_filter(program):
    asking = program()
    EventFactory.create_batch(5)
    seen, address = [], "/api/v1/events?page_size=2&state=published&ordering=reference"
    while address:
        answer = asking.client.get(address).json()
        assert answer["count"] == 5
        seen += references(answer)
        address = answer["next"]
    assert seen == sorted(seen)
    assert len(seen) == 5
    assert asking.read("events", page=9)["results"] == []


def test_an_event_has_its_sessions_and_what_a_place_costs(program, django_assert_num_queries):
    policy = ChargingPolicyFactory()
    TariffFactory(policy=policy)
    event = EventFactory(sessions=2)
    first = event.sessions.first()
    first.room = RoomFactory(venue=VenueFactory(name="Town Hall"), name="Room 1")
    first.save()
    for name in ("Terry", "Ann"):
        SessionTrainerFactory(session=first, trainer=TrainerFactory(name=name))
    asking = program()
    asking.get("me")
    with django_assert_num_queries(7):
        answer = asking.read(f"events/{event.reference}")
    assert [(one["number"], one["room"], one["trainers"]) for one in answer["sessions"]] == [
        (1, "Town Hall, Room 1", ["Ann", "Terry"]),
        (2, "", []),
    ]
    assert answer["venue"] == "Town Hall"
    assert answer["cost"] == "If you do not come, your agency is charged £75."


def test_a_trainer_sees_how_many_are_booked_on_their_own_event(program):
    asking = program()
    event = EventFactory(is_in_house=True)
    SessionTrainerFactory(session=event.sessions.get(), trainer=TrainerFactory(person=asking.person))
    BookingFactory(event=event)
    assert asking.read(f"events/{event.reference}")["booked"] == 1
