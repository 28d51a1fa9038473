"""Who could give an event, and which events somebody could give."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories import (
    CourseFactory,
    EventFactory,
    PersonFactory,
    SessionTrainerFactory,
    TrainerFactory,
    at_half_past_nine,
)
from tests.training.factories import AbsenceFactory, ClearanceFactory
from training import refusals, staffing

pytestmark = pytest.mark.django_db


def wanting(**of_event):
    return EventFactory(trainers_wanted=1, **of_event)


def both_ways(event, trainer):
    """Whether the event finds the trainer, and the trainer the event: the same."""
    found = {staffing.free_for(event).filter(pk=trainer.pk).exists(), event in staffing.open_to(trainer)}
    assert len(found) == 1
    return found.pop()


def test_who_is_not_said_to_deliver_anything_may_deliver_it():
    assert both_ways(wanting(), TrainerFactory())


@pytest.mark.parametrize(("days", "is_found"), [(None, True), (30, True), (29, False)])
def test_who_is_cleared_for_the_course_until_its_end_is_found(days, is_found):
    event = wanting()
    until = days and timezone.localdate() + timedelta(days=days)
    cleared = ClearanceFactory(course=event.course, until=until)
    assert both_ways(event, cleared.trainer) is is_found
    assert not both_ways(event, ClearanceFactory().trainer)
    assert not is_found or staffing.free_for(event).get(pk=cleared.trainer.pk).is_cleared


def test_who_is_away_elsewhere_on_it_or_retired_is_not_found():
    event = wanting(sessions=2)
    last = at_half_past_nine(31)
    away = AbsenceFactory(first_on=last.date(), last_on=last.date() + timedelta(days=2)).trainer
    elsewhere = SessionTrainerFactory(session__starts_at=last + timedelta(hours=1)).trainer
    on_it = SessionTrainerFactory(session=event.sessions.first()).trainer
    for trainer in (away, elsewhere, on_it, TrainerFactory(is_retired=True)):
        assert not both_ways(event, trainer)
    before = SessionTrainerFactory(session__starts_at=last - timedelta(days=7)).trainer
    assert not staffing.open_to(before).exists()  # one is on it
    assert staffing.free_for(event).get() == before


def test_what_is_off_begun_or_has_its_trainers_needs_none():
    wanting(days=-1)
    wanting(state="cancelled", cancelled_at=timezone.now())
    EventFactory()
    event = EventFactory(trainers_wanted=2, sessions=2)
    for session in event.sessions.all():
        SessionTrainerFactory(session=session, trainer=TrainerFactory(name=f"Trainer of {session.pk}"))
    assert not staffing.short().exists()
    event.sessions.last().trainers.all().delete()
    assert staffing.short().get() == event


def test_a_trainer_is_put_on_and_taken_off_what_has_not_begun():
    event, trainer, by = EventFactory(days=-1, sessions=3), TrainerFactory(), PersonFactory()
    staffing.put_on(event=event, trainer=trainer, by=by)
    begun = timezone.now()
    assert [one.starts_at > begun for one in trainer.sessions.order_by("starts_at")] in ([True], [True, True])
    staffing.put_on(event=event, trainer=trainer, by=by)
    staffing.take_off(event=event, trainer=trainer, by=by)
    assert not trainer.sessions.exists()
    with pytest.raises(refusals.CannotChange, match="is over"):
        staffing.put_on(event=EventFactory(days=-3), trainer=trainer, by=by)


def test_who_is_elsewhere_is_not_put_on():
    event, trainer = EventFactory(course=CourseFactory()), TrainerFactory()
    SessionTrainerFactory(session=EventFactory().sessions.get(), trainer=trainer)
    with pytest.raises(refusals.Clashes, match="is taken by"):
        staffing.put_on(event=event, trainer=trainer, by=PersonFactory())
