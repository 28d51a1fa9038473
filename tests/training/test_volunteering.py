"""Trainers offer to give events that need one, and are taken or thanked."""

import pytest

from outbox import templates
from outbox.models import Message
from tests.factories import EventFactory, PersonFactory, SessionTrainerFactory, TrainerFactory
from tests.training.factories import VolunteerFactory
from training import refusals, staffing, volunteering

pytestmark = pytest.mark.django_db


def test_a_trainer_offers_once_and_takes_it_back():
    event, trainer = EventFactory(trainers_wanted=1), TrainerFactory(person=PersonFactory())
    offered = volunteering.offer(event=event, trainer=trainer, by=trainer.person)
    assert volunteering.offer(event=event, trainer=trainer, by=trainer.person) == offered
    volunteering.take_back(volunteer=offered, by=trainer.person)
    with pytest.raises(refusals.Answered, match="taken back"):
        volunteering.take(volunteer=offered, by=PersonFactory())
    volunteering.offer(event=event, trainer=trainer, by=trainer.person)
    assert not Message.objects.exists()


def test_what_needs_nobody_is_not_offered_for():
    with pytest.raises(refusals.Impossible, match="needs no trainer"):
        volunteering.offer(event=EventFactory(), trainer=TrainerFactory(), by=PersonFactory())


def test_who_is_taken_is_on_it_and_told_which_sessions():
    one = VolunteerFactory(trainer__person__email="lorna@example.org", event__sessions=2)
    volunteering.take(volunteer=one, by=PersonFactory())
    assert staffing.on_it(one.event).get() == one.trainer
    said = templates.make(volunteering.TAKEN, Message.objects.get(to="lorna@example.org").reference)
    assert said.body.count("9:30am") == 2


def test_who_is_not_needed_is_thanked():
    one = VolunteerFactory(trainer__person__email="lorna@example.org")
    volunteering.thank(volunteer=one, by=PersonFactory())
    said = templates.make(volunteering.THANKED, Message.objects.get().reference)
    assert "Thank you for offering" in said.subject
    assert not staffing.on_it(one.event).exists()


def test_who_is_elsewhere_by_now_is_not_taken():
    one = VolunteerFactory()
    SessionTrainerFactory(session=EventFactory().sessions.get(), trainer=one.trainer)
    with pytest.raises(refusals.Clashes):
        volunteering.take(volunteer=one, by=PersonFactory())
    one.refresh_from_db()
    assert one.state == "open"
    assert not Message.objects.exists()
