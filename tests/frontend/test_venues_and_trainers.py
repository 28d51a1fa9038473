"""The pages of venues and trainers, and a trainer's own dates."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories import (
    CourseFactory,
    EventFactory,
    PersonFactory,
    RoomFactory,
    SessionFactory,
    SessionTrainerFactory,
    TrainerFactory,
)
from tests.frontend.joining import text_of
from tests.training.factories import AbsenceFactory, ClearanceFactory
from training.models import Absence, Room, Trainer, Venue

pytestmark = pytest.mark.django_db


def date_of(days, name):
    on = timezone.localdate() + timedelta(days=days)
    return {f"{name}-day": on.day, f"{name}-month": on.month, f"{name}-year": on.year}


def of(view, *args):
    return reverse(view, args=args)


# --- venues ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("count", [1, 50])
def test_venues_take_four_statements_at_one_and_at_fifty(client, sign_in, django_assert_num_queries, count):
    sign_in("coordinator")
    for _ in range(count):
        SessionFactory(room=RoomFactory())
    with django_assert_num_queries(4):
        page = client.get(of("venues:list")).content.decode()
    assert page.count('<th scope="row">') == count


@pytest.mark.parametrize("count", [1, 10])
def test_a_venue_takes_six_statements_at_one_room_and_event_and_at_ten(
    client, sign_in, django_assert_num_queries, count
):
    sign_in("coordinator")
    venue = RoomFactory(name="Room 0").venue
    for number in range(count):
        SessionFactory(room=RoomFactory(venue=venue, name=f"Room {number + 1}"), event__course=CourseFactory())
    with django_assert_num_queries(6):
        page = client.get(of("venues:venue", venue.pk)).content.decode()
    assert page.count("Correct<span") == count + 1
    assert page.count('href="/events/') == count


def test_a_coordinator_adds_and_corrects_a_venue_and_its_rooms(client, sign_in):
    sign_in("coordinator")
    assert "There are no venues yet" in text_of(client.get(of("venues:list")))
    added = client.post(of("venues:add"), {"name": "Town Hall", "address": "High Street"})
    venue = Venue.objects.get()
    assert added.url == of("venues:venue", venue.pk)
    assert "called Town Hall already" in text_of(client.post(of("venues:add"), {"name": "Town Hall"}))
    client.post(of("venues:add_room", venue.pk), {"name": "Blue room", "capacity": "12"})
    room = Room.objects.get(name="Blue room")
    assert room.capacity == 12
    client.post(of("venues:correct_room", venue.pk, room.pk), {"name": "Red room", "is_retired": "on"})
    client.post(of("venues:correct", venue.pk), {"name": "City Hall", "access_notes": "A ramp"})
    page = text_of(client.get(of("venues:venue", venue.pk)))
    assert all(words in page for words in ("City Hall", "A ramp", "Red room", "Not used any more", "Not known"))
    assert client.get(of("venues:correct_room", venue.pk + 1, room.pk)).status_code == 404


# --- trainers -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("count", [1, 50])
def test_trainers_take_four_statements_at_one_and_at_fifty(client, sign_in, django_assert_num_queries, count):
    sign_in("coordinator")
    for days in range(count):
        clearance = ClearanceFactory(trainer=TrainerFactory(person=PersonFactory()))
        SessionTrainerFactory(session__starts_at=timezone.now() + timedelta(days=days + 1), trainer=clearance.trainer)
    with django_assert_num_queries(4):
        page = client.get(of("trainers:list")).content.decode()
    assert page.count('<th scope="row">') == count


@pytest.mark.parametrize("count", [1, 20])
def test_a_trainer_takes_eight_statements_at_one_of_each_and_at_twenty(
    client, sign_in, django_assert_num_queries, count
):
    sign_in("coordinator")
    trainer = TrainerFactory(person=PersonFactory())
    for days in range(count):
        ClearanceFactory(trainer=trainer)
        AbsenceFactory(trainer=trainer)
        SessionTrainerFactory(session=EventFactory(days=days + 2).sessions.get(), trainer=trainer)
    with django_assert_num_queries(8):
        page = client.get(of("trainers:trainer", trainer.pk)).content.decode()
    assert page.count('href="/events/') == count


def test_a_coordinator_adds_a_trainer_says_what_they_may_deliver_and_when_they_cannot(client, sign_in):
    coordinator = sign_in("coordinator")
    lorna = PersonFactory(name="Lorna Hughes", email="lorna@example.org")
    course = CourseFactory(title="Neglect")
    added = client.post(of("trainers:add"), {"name": "L. Hughes", "person": "Lorna@example.org"})
    trainer = Trainer.objects.get()
    assert (added.url, trainer.person) == (of("trainers:trainer", trainer.pk), lorna)
    signed = {"course": course.pk, "evidence": "Observed twice"}
    assert "today or later" in text_of(client.post(of("trainers:clear", trainer.pk), signed | date_of(-1, "until")))
    client.post(of("trainers:clear", trainer.pk), signed | date_of(9, "until"))
    client.post(of("trainers:away", trainer.pk), date_of(3, "first_on"))
    page = text_of(client.get(of("trainers:trainer", trainer.pk)))
    assert all(words in page for words in ("Lorna Hughes", "Neglect", "Observed twice", coordinator.name))
    absence = trainer.absences.get()
    assert absence.first_on == absence.last_on
    client.post(of("trainers:back", trainer.pk, absence.pk))
    client.post(of("trainers:end_clearance", trainer.pk, trainer.clearances.get().pk))
    assert not trainer.absences.exists()
    assert not trainer.clearances.exists()
    client.post(of("trainers:correct", trainer.pk), {"name": "Lorna Hughes", "person": "", "is_retired": "on"})
    trainer.refresh_from_db()
    assert (trainer.name, trainer.person, trainer.is_retired) == ("Lorna Hughes", None, True)


@pytest.mark.parametrize(
    ("said", "why"), [("nobody@example.org", "Nobody here"), ("shared@example.org", "Several people"), ("?", "Nobody")]
)
def test_who_a_trainer_is_must_be_known(client, sign_in, said, why):
    sign_in("coordinator")
    PersonFactory.create_batch(2, email="shared@example.org")
    assert why in text_of(client.post(of("trainers:add"), {"name": "L. Hughes", "person": said}))
    assert not Trainer.objects.exists()


def test_of_several_at_an_address_the_reference_says_who_it_is(client, sign_in):
    sign_in("coordinator")
    one, _ = PersonFactory.create_batch(2, email="shared@example.org")
    client.post(of("trainers:add"), {"name": "L. Hughes", "person": one.reference})
    trainer = Trainer.objects.get()
    assert trainer.person == one
    client.post(of("trainers:correct", trainer.pk), {"name": "Lorna Hughes", "person": "shared@example.org"})
    trainer.refresh_from_db()
    assert (trainer.name, trainer.person) == ("Lorna Hughes", one)


# --- one's own dates ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("count", [1, 20])
def test_ones_own_dates_take_eight_statements_at_one_and_at_twenty(client, sign_in, django_assert_num_queries, count):
    trainer = TrainerFactory(person=sign_in())
    for days in range(count):
        for sign in (-1, 1):
            SessionTrainerFactory(session=EventFactory(days=sign * (days + 2)).sessions.get(), trainer=trainer)
        AbsenceFactory(trainer=trainer)
    with django_assert_num_queries(8):
        page = client.get(of("trainers:mine")).content.decode()
    assert page.count('href="/events/') == 2 * count


def test_a_trainer_says_when_they_cannot_and_sees_it_on_home(client, sign_in):
    person = sign_in()
    assert client.get(of("trainers:mine")).status_code == 404
    trainer = TrainerFactory(person=person)
    SessionTrainerFactory(session=EventFactory().sessions.get(), trainer=trainer)
    assert of("trainers:mine") in client.get(of("home")).content.decode()
    wrong = date_of(9, "first_on") | date_of(8, "last_on")
    assert "must not be before the first" in text_of(client.post(of("trainers:mine"), wrong))
    client.post(of("trainers:mine"), date_of(8, "first_on") | date_of(9, "last_on"))
    absence = Absence.objects.get()
    assert (absence.trainer, absence.last_on - absence.first_on) == (trainer, timedelta(days=1))
    assert client.post(of("trainers:i_am_back", AbsenceFactory().pk)).status_code == 404
    client.post(of("trainers:i_am_back", absence.pk))
    assert not trainer.absences.exists()
