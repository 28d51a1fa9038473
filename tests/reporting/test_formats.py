"""The report as text, JSON and CSV."""

import csv
import io
import json
from datetime import date
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command

from invoicing.models import Charge
from outbox.cells import FORMULA_STARTS
from reporting import formats, text, utilisation
from tests.factories import AgencyFactory, CourseFactory, WorkshopFactory
from tests.reporting.situations import (
    JUNE,
    Outcome,
    answered,
    booked,
    cancelled_event,
    charge,
    conference,
    event,
    many,
    walk_in,
)

pytestmark = pytest.mark.django_db


def printed(format="text", year="2018-19"):
    out = io.StringIO()
    call_command("utilisation_report", year=year, format=format, stdout=out)
    return out.getvalue()


@pytest.fixture
def a_full_year():
    agency = AgencyFactory(name="Police")
    one = event(course=CourseFactory(code="NEG", title="Neglect"), places=1000)
    many(4, one, agency=agency)
    charge(booked(one, Outcome.DID_NOT_ATTEND, agency=agency), Charge.State.INVOICED, 1075)
    cancelled_event(course=one.course)
    booked(event(date(2017, 5, 2), course=one.course, places=2), agency=agency)


def test_the_headline_says_events_places_delegates_use_and_money(a_full_year):
    assert formats.headline(utilisation.report("2018-19")) == (
        "2018/19: 1 event, 1,000 places, 4 delegates, 0 %, £1,075"
    )


def test_a_headline_over_100_per_cent_has_the_capped_figure_beside_it():
    one = event(places=1)
    booked(one)
    walk_in(one)
    assert "200 % (capped 100 %)" in formats.headline(utilisation.report("2018-19"))


def test_a_headline_says_that_it_is_provisional_and_how_many_are_unknown():
    one = event(closed=False)
    booked(one, None)
    assert formats.headline(utilisation.report("2018-19")).endswith(
        "(provisional: 1 booking without an outcome, as its register is not closed)"
    )
    booked(one, None)
    assert "provisional: 2 bookings without an outcome" in formats.headline(utilisation.report("2018-19"))
    assert "Provisional: 2 bookings" in printed()


def test_the_text_has_both_years_every_course_and_agency_the_identity_and_the_definitions(a_full_year):
    out = printed()
    assert out.startswith("2018/19: 1 event,")
    assert "The year before: 2017/18: 1 event, 2 places, 1 delegate, 50 %, £0" in out
    assert "Neglect" in out
    assert "Police" in out
    assert "Ledger 2018/19: 5 booked = 5 bookings = 4 attended + 1 did not attend" in out
    assert "Every course's and agency's adds up too." in out
    assert "Utilisation: Over all events together" in out
    assert "Counted on " in out
    assert "With conferences: there were none." in out


def test_the_headline_is_printed_with_conferences_too():
    booked(event(places=3))
    talk = event(course=conference(), places=5)
    WorkshopFactory(event=talk, title="Neglect at home")
    for _ in range(4):
        booked(talk)
    assert "With conferences: 2 events, 8 places, 5 delegates, 63 %" in printed()
    assert "Neglect at home" in printed()


def test_people_of_two_agencies_are_told_under_the_agencies():
    first, second = AgencyFactory(), AgencyFactory()
    delegate = booked(event(), agency=first).delegate
    assert "People trained by agency add up to all people trained." in printed()
    booked(event(), delegate=delegate, agency=second)
    assert "add up to 1 more than all: 1 person counted again after changing agency." in printed()


def test_json_has_the_totals_of_the_year_and_of_the_year_before(a_full_year):
    found = json.loads(printed("json"))
    assert found["events_delivered"] == 1
    assert found["events_cancelled"] == 1
    assert found["utilisation_percent"] == 0.4
    assert found["non_attendance_pence"] == 107500
    assert found["by_course"] == {"Neglect": {"events": 1, "places": 1000, "attended": 4}}
    assert found["by_agency"]["Police"] == 4
    assert found["year_before"]["utilisation_percent"] == 50.0
    assert found["provisional"] is False
    assert found["ledger"]["adds_up"] is True
    assert {definition["figure"] for definition in found["definitions"]} >= set(found["figures"])


def test_courses_that_share_a_title_are_told_apart_by_their_codes():
    for code in ("N1", "N2"):
        event(course=CourseFactory(code=code, title="Neglect"))
    assert set(formats.as_json(utilisation.report("2018-19"))["by_course"]) == {"Neglect (N1)", "Neglect (N2)"}


def test_csv_has_a_row_a_figure_of_each_cut_and_year(a_full_year):
    found = list(csv.DictReader(io.StringIO(printed("csv"))))
    assert list(found[0]) == list(formats.CSV_HEAD)
    (use,) = [
        row for row in found if row["figure"] == "utilisation" and row["code"] == "NEG" and row["year"] == "2018-19"
    ]
    assert (use["cut"], use["name"], use["value"], use["numerator"], use["denominator"]) == (
        "course", "Neglect", "0.4", "4", "1000",
    )  # fmt: skip
    outcomes = [int(row["value"]) for row in found if row["cut"] == "all" and row["figure"].startswith("outcome:")]
    sources = [int(row["value"]) for row in found if row["cut"] == "all" and row["figure"].startswith("source:")]
    assert sum(outcomes) == sum(sources) == 6  # five this year, one the year before
    assert {row["year"] for row in found} == {"2018-19", "2017-18"}


@pytest.mark.parametrize("name", ["=1+1", "+44 121", "-Neglect", "@SUM(A1)", "\tNeglect", "\rNeglect"])
def test_text_in_csv_is_never_a_formula(name):
    event(course=CourseFactory(code="=C", title=name))
    AgencyFactory(name=name)
    found = list(csv.reader(io.StringIO(printed("csv"), newline="")))
    cells = {cell for row in found for cell in row}
    assert f"'{name}" in cells
    assert "'=C" in cells
    assert not {cell for cell in cells if cell.startswith(FORMULA_STARTS)}


def test_figures_that_may_not_be_shown_are_withheld_in_every_format():
    for title, number in (("Few", 3), ("Some", 5), ("Most", 8)):
        one = event(course=CourseFactory(title=title))
        many(number, one)
        answered(one, *[(2, 7)] * number)
    found = {course["name"]: course["figures"] for course in formats.as_json(utilisation.report("2018-19"))["courses"]}
    assert [found[name]["mean_after"] for name in ("Few", "Some", "Most")] == [None, None, 7.0]
    rows = list(csv.DictReader(io.StringIO(printed("csv"))))
    this_year = [row for row in rows if row["year"] == "2018-19" and row["cut"] == "course"]
    improved = {row["name"]: (row["value"], row["numerator"]) for row in this_year if row["figure"] == "improved"}
    assert improved["Some"] == ("withheld", "")
    assert formats.written(utilisation.report("2018-19").this.courses[0].value("improved")) == "withheld"


def test_a_year_that_is_none_is_refused_with_a_sentence():
    with pytest.raises(CommandError, match=r"is not a financial year\. Write it as 2018-19"):
        printed(year="last year")
    with pytest.raises(CommandError, match="is not one financial year"):
        printed(year="2018-20")


def test_a_report_of_nothing_is_printed_without_figures():
    out = list(text.lines(utilisation.report("2018-19")))
    assert out[0] == "2018/19: 0 events, 0 places, 0 delegates, –, £0"
    assert "Ledger 2018/19: 0 = 0 bookings = 0" in out


def test_money_keeps_its_pence():
    charge(booked(event(JUNE), Outcome.DID_NOT_ATTEND), Charge.State.INVOICED, Decimal("37.50"))
    assert formats.headline(utilisation.report("2018-19")).endswith("£37.50")
    assert formats.as_json(utilisation.report("2018-19"))["non_attendance_pence"] == 3750
