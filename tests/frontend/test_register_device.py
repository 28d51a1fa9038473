"""Marks as a device sends them, one by one and maybe twice."""

from uuid import uuid4

import pytest

from bookings.models import Mark
from tests.factories import (
    BookingFactory,
    EventFactory,
    MarkFactory,
    RegisterFactory,
    SessionTrainerFactory,
    TrainerFactory,
)
from tests.frontend.test_registers import address, event, marks_of, trainer

pytestmark = pytest.mark.django_db

NOTE = "Counts as attended"
__all__ = ["event", "trainer"]  # fixtures


def send(client, event, name, attendance, seen="", minutes="", nonce=None):
    booking = event.bookings.get(delegate__name=name)
    posted = {"booking": booking.reference, "attendance": attendance, "seen": seen, "minutes": minutes}
    return client.post(address("marks", event), posted | {"nonce": nonce or uuid4()})


def test_a_mark_sent_five_times_is_one_mark(client, trainer, event):
    nonce = uuid4()
    for _ in range(5):
        answer = send(client, event, "Ann Able", "late", minutes="10", nonce=nonce)
        assert answer.json()["mark"] == {"attendance": "late", "minutes": 10, "by": "Terry Trainer", "note": NOTE}
    assert Mark.objects.get().marked_by == trainer
    assert Mark.history.rel.related_model.objects.count() == 0


def test_a_conflict_comes_back_with_their_mark_and_changes_nothing(client, event):
    MarkFactory(booking=event.bookings.get(delegate__name="Ann Able"), attendance="absent", marked_by__name="Sam Shaw")
    answer = send(client, event, "Ann Able", "present")
    assert answer.status_code == 409
    assert "Sam Shaw has marked Ann Able as absent meanwhile" in answer.json()["conflict"]
    assert answer.json()["mark"]["attendance"] == "absent"
    assert send(client, event, "Ann Able", "present", seen="absent").json()["mark"]["attendance"] == "present"


def test_a_mark_is_taken_back_by_a_device(client, event):
    send(client, event, "Ann Able", "present")
    assert send(client, event, "Ann Able", "", seen="present").json()["mark"]["attendance"] == ""
    assert marks_of(event) == {}


def test_what_cannot_be_marked_is_refused_in_words(client, event):
    RegisterFactory(session=event.sessions.get(), closed=True)
    answer = send(client, event, "Ann Able", "present")
    assert (answer.status_code, answer.json()) == (
        409,
        {"refused": "The register is closed. A coordinator can reopen it."},
    )


def test_a_delegate_who_is_not_on_it_any_more_is_said(client, event):
    answer = client.post(address("marks", event), {"booking": "NOBOOKING", "attendance": "late", "nonce": uuid4()})
    assert (answer.status_code, "not on the register" in answer.json()["refused"]) == (409, True)


@pytest.mark.parametrize(
    "wrong",
    [
        {"attendance": "asleep"},
        {"seen": "asleep"},
        {"nonce": "once"},
        {"minutes": "601"},
        {"minutes": "-1"},
        {"booking": "\0"},
        {"booking": "A" * 5000},
    ],
)
def test_what_is_no_mark_is_refused(client, event, wrong):
    booking = event.bookings.first().reference
    answer = client.post(address("marks", event), {"booking": booking, "attendance": "late", "nonce": uuid4()} | wrong)
    assert answer.status_code == 400
    assert marks_of(event) == {}


@pytest.mark.parametrize("count", [1, 50])
def test_reading_and_making_a_mark_takes_as_many_statements_at_one_row_and_at_fifty(
    client, trainer, django_assert_num_queries, count
):
    event = EventFactory(days=-1, places=50)
    SessionTrainerFactory(session=event.sessions.get(), trainer=TrainerFactory(person=trainer))
    BookingFactory.create_batch(count, event=event)
    name = event.bookings.first().delegate.name
    with django_assert_num_queries(6):
        assert len(client.get(address("marks", event)).json()["marks"]) == count
    with django_assert_num_queries(16):  # two of them a savepoint
        send(client, event, name, "present")


def test_the_worker_is_served_at_the_root_with_the_sites_own_policy(client):
    answer = client.get("/register-worker.js")
    assert answer["Content-Type"] == "text/javascript"
    assert "no-cache" in answer["Cache-Control"]
    assert "script-src 'self'" in answer["Content-Security-Policy"]
