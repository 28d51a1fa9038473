"""Trainers: who they are, what they may deliver, when they cannot."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories import CourseFactory, PersonFactory, TrainerFactory
from training import refusals, trainers

pytestmark = pytest.mark.django_db


def in_days(days):
    return timezone.localdate() + timedelta(days=days)


def test_two_trainers_have_different_names_and_are_different_persons():
    known = TrainerFactory(name="L. Hughes", person=PersonFactory())
    by = PersonFactory()
    with pytest.raises(refusals.NameTaken, match=r"called l\. hughes"):
        trainers.add(name="l. hughes", person=None, by=by)
    with pytest.raises(refusals.NameTaken, match=r"is the trainer L\. Hughes already"):
        trainers.add(name="Lorna Hughes", person=known.person, by=by)
    trainers.correct(trainer=known, name="Lorna Hughes", person=known.person, is_retired=True, by=by)
    known.refresh_from_db()
    assert (known.name, known.is_retired) == ("Lorna Hughes", True)


def test_a_clearance_that_is_signed_again_replaces_the_first():
    trainer, course, by = TrainerFactory(), CourseFactory(), PersonFactory()
    trainers.clear(trainer=trainer, course=course, until=in_days(9), evidence="", by=PersonFactory())
    trainers.clear(trainer=trainer, course=course, until=None, evidence="Observed", by=by)
    signed = trainer.clearances.get()
    assert (signed.until, signed.evidence, signed.signed_by, signed.signed_on) == (None, "Observed", by, in_days(0))
    with pytest.raises(refusals.Impossible, match="today or later"):
        trainers.clear(trainer=trainer, course=course, until=in_days(-1), evidence="", by=by)
    trainers.end_clearance(clearance=signed, by=by)
    assert not trainer.clearances.exists()


@pytest.mark.parametrize(("first", "last", "why"), [(5, 4, "before the first"), (-5, -1, "past")])
def test_days_that_make_no_sense_are_refused(first, last, why):
    with pytest.raises(refusals.Impossible, match=why):
        trainers.be_away(trainer=TrainerFactory(), first_on=in_days(first), last_on=in_days(last), by=PersonFactory())


def test_one_is_away_and_back():
    trainer = TrainerFactory()
    absence = trainers.be_away(trainer=trainer, first_on=in_days(-1), last_on=in_days(0), by=PersonFactory())
    trainers.be_back(absence=absence, by=PersonFactory())
    assert not trainer.absences.exists()
