"""Registers through the API: read, marked, handed in, closed and reopened by whom may on the page."""

import pytest

from bookings.models import Mark, Register
from tests.factories import BookingFactory, EventFactory, MarkFactory, SessionTrainerFactory, TrainerFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def event():
    """Was yesterday, with two delegates."""
    event = EventFactory(days=-1)
    BookingFactory(event=event, delegate__name="Ann Archer")
    BookingFactory(event=event, delegate__name="Ben Baker")
    return event


@pytest.fixture
def trainer(program, event):
    asking = program(name="Terry Trainer")
    SessionTrainerFactory(session=event.sessions.get(), trainer=TrainerFactory(person=asking.person))
    return asking


def marks(event, *attendances):
    bookings = event.bookings.order_by("delegate__sort_name")
    return {
        "marks": [
            {"booking": booking.reference, "attendance": attendance}
            for booking, attendance in zip(bookings, attendances, strict=True)
        ]
    }


@pytest.mark.parametrize("count", [1, 30])
def test_the_registers_of_an_event_take_seven_statements(program, django_assert_num_queries, count):
    event = EventFactory(days=-1, sessions=count, places=count)
    for booking in BookingFactory.create_batch(count, event=event):
        MarkFactory(booking=booking)
    asking = program("coordinator")
    asking.get("me")
    with django_assert_num_queries(7):
        answer = asking.read(f"events/{event.reference}/registers")
    assert [len(register["lines"]) for register in answer["registers"]] == [count] * count


def test_a_trainer_marks_hands_in_and_a_coordinator_closes(program, event, trainer):
    base = f"events/{event.reference}/registers"
    answer = trainer.post(f"{base}/1/marks", marks(event, "present", "absent")).json()
    lines = answer["registers"][0]["lines"]
    assert [(line["delegate"], line["attendance"], line["marked_by"]) for line in lines] == [
        ("Ann Archer", "present", "Terry Trainer"),
        ("Ben Baker", "absent", "Terry Trainer"),
    ]
    handed_in = trainer.post(f"{base}/1/hand-in", {"head_count": 1}).json()["registers"][0]
    assert (handed_in["head_count"], bool(handed_in["handed_in_at"]), handed_in["closed_at"]) == (1, True, None)
    assert trainer.post(f"{base}/close").status_code == 403
    coordinator = program("coordinator")
    assert coordinator.post(f"{base}/close").json()["registers"][0]["closed_at"]
    assert set(event.bookings.values_list("outcome", flat=True)) == {"attended", "did-not-attend"}
    assert trainer.post(f"{base}/1/marks", marks(event, "absent", "absent")).json()["type"] == (
        "urn:turnout:register-closed"
    )
    coordinator.post(f"{base}/reopen", {"reason": "The paper list says otherwise"})
    register = Register.objects.get()
    assert (register.closed_at, register.reopened_reason) == (None, "The paper list says otherwise")


def test_minutes_are_kept_and_read(event, trainer):
    body = marks(event, "late", "present")
    body["marks"][0]["minutes"] = 12
    for _ in range(2):
        answer = trainer.post(f"events/{event.reference}/registers/1/marks", body).json()
    assert [line["minutes"] for line in answer["registers"][0]["lines"]] == [12, None]
    body["marks"][0]["minutes"] = 601
    assert trainer.post(f"events/{event.reference}/registers/1/marks", body).status_code == 400


def test_marks_are_all_made_or_none(event, trainer):
    MarkFactory(booking=event.bookings.get(delegate__name="Ben Baker"), attendance="late", marked_by__name="Sam")
    body = marks(event, "present", "absent")
    body["marks"][1]["seen"] = None
    refused = trainer.post(f"events/{event.reference}/registers/1/marks", body)
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:turnout:marked-otherwise")
    assert "Sam has marked Ben Baker as late meanwhile" in refused.json()["detail"]
    assert list(Mark.objects.values_list("attendance", flat=True)) == ["late"]


def test_a_booking_of_another_event_is_told_by_its_place(event, trainer):
    other = BookingFactory(event__days=-1)
    body = {"marks": [*marks(event, "present", "present")["marks"], {"booking": other.reference, "attendance": "late"}]}
    refused = trainer.post(f"events/{event.reference}/registers/1/marks", body)
    assert (refused.status_code, list(refused.json()["errors"])) == (400, ["marks.2.booking"])
    assert Mark.objects.count() == 0


def test_a_count_that_differs_from_the_marks_is_asked_about(event, trainer):
    base = f"events/{event.reference}/registers/1"
    first = marks(event, "present", "present")["marks"][:1]
    trainer.post(f"{base}/marks", {"marks": first})
    refused = trainer.post(f"{base}/hand-in", {"head_count": 2})
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:turnout:count-differs")
    assert "1 were in the room and 1 not marked; you counted 2" in refused.json()["detail"]
    assert trainer.post(f"{base}/hand-in", {"head_count": 2, "as_it_is": True}).status_code == 200


def test_a_register_that_is_not_ready_is_not_closed(program, event):
    refused = program("coordinator").post(f"events/{event.reference}/registers/close")
    assert refused.json()["type"] == "urn:turnout:not-ready-to-close"


def test_a_register_is_not_marked_before_its_day(program):
    event = EventFactory()
    BookingFactory(event=event)
    refused = program("coordinator").post(f"events/{event.reference}/registers/1/marks", marks(event, "present"))
    assert refused.json()["type"] == "urn:turnout:register-not-open-yet"
