"""Trainer time by agency: hours, given together, for the agency at the time."""

from datetime import timedelta

import pytest
from django.utils import timezone

from people import corrections
from reporting import trainer_time
from tests.factories import (
    AgencyFactory,
    EventFactory,
    PersonFactory,
    SessionTrainerFactory,
    TrainerFactory,
)
from training.financial_year import FinancialYear

pytestmark = pytest.mark.django_db


def gave(*trainers, days=-1, **of_event):
    """A day of 7 hours that they gave together."""
    event = EventFactory(days=days, **of_event)
    for trainer in trainers:
        SessionTrainerFactory(session=event.sessions.get(), trainer=trainer)
    return event


def trainer_of(agency):
    return TrainerFactory(person=PersonFactory(agency=agency))


@pytest.fixture
def police():
    return AgencyFactory(name="Anytown Police")


def this_year():
    now = timezone.now()
    return trainer_time.parts(FinancialYear.containing(now - timedelta(days=1)), now)


def test_an_hour_given_together_is_one_of_each_and_shown_apart(police):
    one, other, unknown = trainer_of(police), trainer_of(police), TrainerFactory()
    gave(one, days=-1)
    gave(one, other, days=-2)
    gave(other, unknown, days=-3)
    found = {row.agency_name: row for row in trainer_time.by_agency(this_year())}
    row = found["Anytown Police"]
    assert (row.trainers, row.sessions, row.alone, row.shared, row.hours) == (2, 3, 7, 21, 28)
    assert (found[""].alone, found[""].shared) == (0, 7)


def test_what_is_to_come_or_did_not_take_place_counts_nothing(police):
    one = trainer_of(police)
    gave(one, days=1)
    gave(one, days=-4, state="draft")
    gave(one, days=-5, state="cancelled", cancelled_at=timezone.now())
    assert this_year() == []


def test_time_counts_for_the_agency_at_the_time(police):
    one = trainer_of(police)
    gave(one)
    corrections.move(person=one.person, agency=AgencyFactory(name="Elsewhere"), by=PersonFactory())
    assert [row.agency_name for row in trainer_time.by_agency(this_year())] == ["Anytown Police"]


def test_years_are_those_in_which_any_was_given_and_the_present_one(police):
    now = timezone.now()
    present = FinancialYear.containing(now)
    assert trainer_time.years(now) == [present]
    gave(trainer_of(police), days=-800)
    assert trainer_time.years(now)[0] == present
    assert len(trainer_time.years(now)) in (3, 4)
