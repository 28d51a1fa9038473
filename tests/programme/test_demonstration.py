"""The demonstration's two years: row by row what the published totals ask for, and loaded whole or not at all."""

import json
from collections import Counter
from io import StringIO
from pathlib import Path

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bookings import needs, workshop_choices
from bookings.models import Booking, MakeUp, Mark, Register, WorkshopChoice
from bookings.models.booking import ATTENDED
from evaluations.models import ImportedSet, Question, Response
from invoicing.models import Charge, Invoice
from outbox.models import Message
from people.models import Account, Agency, Person, Role
from programme import importing
from programme.demonstration import coming, sign_ins
from tests.factories import ClosingDayFactory, EventFactory
from tests.programme.workbooks import DEMONSTRATION
from training.financial_year import FinancialYear
from training.models import Course, Event

pytestmark = pytest.mark.django_db
EXPECTED = json.loads((Path(__file__).parent.parent / "data" / "bscb-2018-19.expected.json").read_text())
HEADLINE = "2018/19: 178 events, 3,581 places, 3,412 delegates, 95 %, £10,350"


def demonstration():
    out = StringIO()
    call_command("demonstration", stdout=out)
    return out.getvalue().splitlines()


def of_year(year, **more):
    events = Event.objects.filter(FinancialYear.parse(year).holds("ends_at"))
    return events.exclude(course__delivery=Course.Delivery.CONFERENCE).filter(**more)


def test_the_workbook_gives_the_published_years_and_again_changes_nothing():
    summary = importing.run(DEMONSTRATION)

    rows = EXPECTED["rows"]
    assert Agency.objects.count() == rows["agencies"]
    assert Course.objects.count() == rows["courses"]
    assert Event.objects.count() == rows["events"]
    assert Booking.objects.count() == rows["bookings"]
    assert Person.objects.count() == summary.people_new == rows["people"]
    assert Response.objects.count() == Booking.objects.exclude(evaluated_on=None).count() == rows["evaluations"]
    for year in ("2018-19", "2017-18"):
        check_year(year, EXPECTED[year])
    check_conference(EXPECTED["2018-19"]["conferences"][0])
    check_answers()
    assert not Message.objects.exists()
    assert not summary.overrides
    assert summary.aliases["Schools", "Birmingham schools"] == 217

    with CaptureQueriesContext(connection) as captured:
        again = importing.run(DEMONSTRATION)

    assert again.lines()[-1] == "Nothing to change."
    assert not {"insert", "update", "delete"} & {query["sql"].split()[0].lower() for query in captured}


def check_year(year, expected):
    delivered, cancelled = of_year(year, state="published"), of_year(year, state="cancelled")
    assert delivered.count() == expected["events_delivered"]
    assert cancelled.count() == expected["events_cancelled"]
    assert sum(delivered.values_list("places", flat=True)) == expected["places_offered"]
    outcomes = Counter(Booking.objects.filter(event__in=delivered).values_list("outcome", flat=True))
    assert outcomes == {
        "attended": expected["delegates_attended"],
        "did-not-attend": expected["did_not_attend"],
        "cancelled-late": expected["late_cancellations"],
        "cancelled-in-time": expected["early_cancellations"],
    }
    assert set(Booking.objects.filter(event__in=cancelled).values_list("outcome", flat=True)) == {"event-cancelled"}
    attended = Booking.objects.filter(event__in=delivered, outcome__in=ATTENDED)
    assert Register.objects.filter(session__event__in=delivered).exclude(closed_at=None).count() == delivered.count()
    assert Mark.objects.filter(booking__in=attended, attendance="present").count() == attended.count()
    if by_agency := expected.get("by_agency"):
        assert Counter(attended.values_list("agency__name", flat=True)) == by_agency
        assert len(set(attended.values_list("delegate"))) == expected["people_trained"]


def check_conference(expected):
    conference = Event.objects.get(course__title=expected["title"])
    assert conference.bookings.filter(outcome="attended").count() == expected["delegates"]
    assert conference.workshops.count() == expected["workshops"]
    assert WorkshopChoice.objects.filter(booking__event=conference).count() == expected["delegates"]


def check_answers():
    expected = EXPECTED["2018-19"]["evaluation"]
    answers = list(Response.objects.filter(event__in=of_year("2018-19")).values_list("answers", flat=True))
    assert len(answers) == expected["responses"]
    assert sum(given["now"] > given["before"] for given in answers) == expected["improved"]
    assert sum(given["now"] == given["before"] for given in answers) == expected["same"]
    assert ImportedSet.objects.count() == 350
    assert list(Question.objects.values_list("code", "lowest", "highest")) == [
        ("before", 0, 10),
        ("now", 0, 10),
        ("rating", 1, 5),
        ("comment", None, None),
    ]


def test_an_empty_database_is_given_the_year_also_when_the_first_start_was_broken_off(monkeypatch):
    def killed():
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr("invoicing.charges.propose", killed)
        with pytest.raises(KeyboardInterrupt):
            demonstration()
    assert not Charge.objects.exists()

    lines = demonstration()

    assert lines[0] == HEADLINE
    assert "with the password" in lines[1]
    assert len(lines) == 2 + 8
    assert Account.objects.count() == 8
    assert set(Person.objects.get(email="coordinator@demo.example").roles) == {Role.COORDINATOR}
    assert sign_ins.person_of("lead").led_agencies
    assert Event.objects.all().given_by(sign_ins.person_of("trainer")).count() > 20
    check_events_to_come()
    made = counts()

    assert demonstration() == lines
    assert counts() == made


def check_events_to_come():
    yesterday, today, full = (Event.objects.get(reference=f"{coming.REFERENCE}{number}") for number in (1, 2, 3))
    register = Register.objects.get(session__event=yesterday)
    assert register.handed_in_by == sign_ins.person_of("trainer")
    assert register.closed_at is None
    assert today.bookings.on_the_register().count() == 15
    assert not Mark.objects.filter(session__event=today).exists()
    assert full.bookings.holding_a_place().count() == full.places
    assert full.bookings.waiting().count() == 5
    own = Booking.objects.filter(delegate__account__isnull=False, event__starts_at__gt=today.ends_at)
    assert sorted(own.values_list("state", flat=True)) == ["confirmed", "requested", "waiting"]
    assert MakeUp.objects.live().get().booking.outcome == "part-attended"
    assert needs.of_event(full).count() == len(coming.NEEDS)
    conference = Event.objects.get(course__code="CONF", starts_at__gt=today.ends_at)
    assert sorted(one.left for one in workshop_choices.of_event(conference)) == [1, 26, 27, 27]


def counts():
    return [model.objects.count() for model in (Event, Booking, Person, Account, Charge, Invoice, Message, Register)]


def test_a_database_with_something_else_in_it_is_only_reported_on():
    EventFactory(days=-400)

    lines = demonstration()

    assert len(lines) == 1
    assert "1 event, 20 places, 0 delegates" in lines[0]
    assert not Account.objects.exists()


def test_there_is_no_demonstration_in_production(settings):
    settings.PRODUCTION = True

    assert demonstration() == []
    assert not Person.objects.exists()


@pytest.mark.parametrize(
    ("days", "day"), [(0, "2026-12-26"), (-1, "2026-12-25"), (-2, "2026-12-24"), (2, "2026-12-29")]
)
def test_what_comes_is_on_working_days(days, day):
    for closed in ("2026-12-25", "2026-12-28"):
        ClosingDayFactory(day=closed)
    with time_machine.travel("2026-12-26T10:00Z", tick=False):
        assert coming._day(days).isoformat() == day
