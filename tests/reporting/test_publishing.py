"""A published report says for good what it said on its day, and what differs since."""

from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from bookings.models import Booking
from reporting import differences, freezing, publishing, spreadsheet, truths, utilisation
from reporting.definitions import CutKind
from reporting.models import PublishedReport
from reporting.refusals import DoesNotReconcile, FiguresMoved, NothingDelivered, NothingDiffers
from reporting.truths_sql import OF_THE_REPORT
from tests.factories import AgencyFactory, ChargeFactory, CourseFactory, PersonFactory, TariffFactory, WorkshopFactory
from tests.guards import at_once, check_now, sql, take_out
from tests.reporting.published import published
from tests.reporting.situations import (
    Outcome,
    answered,
    booked,
    conference,
    event,
    many,
    walk_in,
)
from training.financial_year import FinancialYear

pytestmark = pytest.mark.django_db

YEAR = FinancialYear.parse("2018-19")


@pytest.fixture
def held():
    """An event of 2018/19: 7 of 9 places used, one absent and charged, one walked in, five answered."""
    one = event(places=9, course=CourseFactory(title="Neglect"))
    many(6, one, agency=AgencyFactory(name="Police"))
    tariff = TariffFactory(net_amount=Decimal("75.50"))
    ChargeFactory(booking=booked(one, Outcome.DID_NOT_ATTEND, policy=tariff.policy), tariff=tariff)
    walk_in(one)
    answered(one, *[(3, 8)] * 5)
    return one


def attend_after_all():
    """By SQL: what a register that is opened again does."""
    sql("update bookings_booking set outcome = 'attended' where outcome = 'did-not-attend'")


def test_what_is_thawed_is_what_was_frozen_to_the_last_figure(held):
    talk = WorkshopFactory(event=event(course=conference()), title="Talk")
    booked(talk.event)
    booked(event(date(2017, 6, 1)))
    row = published()
    then, again = utilisation.report(YEAR, now=row.counted_at), freezing.thawed(row)
    for was, now in ((again.this, then.this), (again.before, then.before)):
        assert [cut.numbers() for cut in now.cuts] == [
            {one.figure.key: one.value for one in cut.values()} for cut in was.cuts
        ]
        assert [(cut.kind, cut.code, cut.name, cut.ledger) for cut in now.cuts] == [
            (cut.kind, cut.code, cut.name, cut.ledger) for cut in was.cuts
        ]
        assert was.each_conference == now.each_conference
        assert (was.adds_up, was.people_counted_again) == (True, now.people_counted_again)
        assert was.utilisation_with_conferences == now.utilisation_with_conferences
    assert again.this.whole["utilisation"] == Decimal("77.8")
    assert again.this.whole["proposed_amount"] == Decimal("75.50")


def test_what_is_kept_stays_when_records_and_definitions_change(held, monkeypatch):
    row = published()
    attend_after_all()
    monkeypatch.setattr("reporting.figures.percent", lambda *_: Decimal(1))
    then = freezing.thawed(PublishedReport.objects.get())
    assert (then.this.whole["delegates_attended"], then.this.whole["utilisation"]) == (7, Decimal("77.8"))
    assert row.definitions_version == freezing.version()
    assert next(one for one in row.definitions if one["figure"] == "utilisation")["rule"].startswith("Over all events")


def test_each_figure_that_moved_is_told_of_the_whole_its_course_and_its_agency(held):
    then = freezing.thawed(published())
    assert differences.between(then, utilisation.report(YEAR)) == []
    attend_after_all()
    moved = differences.between(then, utilisation.report(YEAR))
    attended = {
        (one.kind, one.about): (one.before.value, one.after.value) for one in moved if one.key == "delegates_attended"
    }
    agency = Booking.objects.exclude(agency__name="Police").exclude(source="walk-in").get().agency.name
    assert attended[CutKind.ALL, "All training"] == (7, 8)
    assert attended[CutKind.COURSE, "Neglect"] == (7, 8)
    assert attended[CutKind.AGENCY, agency] == (0, 1)
    assert {one.key for one in moved} >= {
        "utilisation",
        "did_not_attend",
        "show_up_rate",
        "people_trained",
        "empty_places",
    }
    assert not {one.key for one in moved} & {"booked", "places_offered", "proposed_amount"}


def test_a_course_that_came_after_and_the_year_before_are_told_too(held):
    then = freezing.thawed(published())
    booked(event(course=CourseFactory(title="New")))
    booked(event(date(2017, 6, 1)))
    moved = differences.between(then, utilisation.report(YEAR))
    told = {(one.year.code, one.about, one.key): (one.before.value, one.after.value) for one in moved}
    assert told["2018-19", "New", "delegates_attended"] == (None, 1)
    assert told["2017-18", "All training", "events_delivered"] == (0, 1)


def test_scores_are_kept_only_once_nobody_can_answer_any_more(held, monkeypatch):
    row = published()
    assert freezing.thawed(row).this.whole["mean_after"] == 8
    assert not row.figures["this"]["whole"]["withholds_evaluation"]
    monkeypatch.setattr("reporting.freezing.has_all_scores", lambda *_: False)
    figures = publishing.prepare(YEAR).figures["this"]
    assert figures["whole"]["figures"]["mean_after"] is None
    assert figures["whole"]["figures"]["responses"] == 5
    assert all(one["figures"]["mean_after"] is None for one in figures["courses"])


@pytest.mark.parametrize(("days", "closed", "all_scores"), [(0, True, False), (60, True, True), (60, False, False)])
def test_a_year_has_all_scores_when_its_evaluations_and_registers_are_closed(days, closed, all_scores):
    one = event(date(2019, 3, 29), closed=closed)
    booked(one, Outcome.ATTENDED if closed else None)
    now = YEAR.ends_at + timedelta(days=days)
    assert freezing.has_all_scores(utilisation.report(YEAR, now=now).this, now) is all_scores


def test_what_is_withheld_has_not_moved(held):
    held.responses.first().delete()
    then = freezing.thawed(published())
    assert then.this.whole.value("mean_after").is_withheld
    answered(held, (3, 9))
    assert [one.key for one in differences.between(then, utilisation.report(YEAR)) if one.kind is CutKind.ALL] == [
        "responses",
        "response_rate",
    ]


def test_again_is_the_next_revision_and_says_why(held):
    published()
    with pytest.raises(NothingDiffers):
        published()
    attend_after_all()
    second = published(reason="One was there.")
    assert (second.revision, second.reason, str(second)) == (2, "One was there.", "2018/19, revision 2")
    assert PublishedReport.objects.last_of(YEAR) == {YEAR: second}
    first = PublishedReport.objects.get(revision=1)
    assert (first.reason, freezing.thawed(first).this.whole["delegates_attended"]) == ("", 7)


def test_what_moved_while_somebody_looked_is_not_published(held):
    seen = publishing.prepare(YEAR).seen
    attend_after_all()
    with pytest.raises(FiguresMoved):
        publishing.publish(year=YEAR, seen=seen, by=PersonFactory())
    assert not PublishedReport.objects.exists()


def test_a_year_without_training_is_not_published():
    with pytest.raises(NothingDelivered):
        published("2010-11")


def test_figures_that_do_not_reconcile_are_not_published(held):
    check_now()
    take_out("booking_outcome_fits_its_state")
    sql("update bookings_booking set outcome = 'vanished' where outcome = 'did-not-attend'")
    prepared = publishing.prepare(YEAR)
    assert not prepared.report.this.adds_up
    assert [one.name for one in prepared.broken] == ["ledger_identity", "outcome_fits"]
    with pytest.raises(DoesNotReconcile):
        published()


def test_records_that_contradict_the_figures_stop_it_too(held):
    check_now()
    take_out("register_reopened_takes_outcomes_back")
    sql("update bookings_register set closed_at = null, closed_by_id = null")
    assert [one.name for one in publishing.prepare(YEAR).broken] == ["outcome_after_closed_register"]
    with pytest.raises(DoesNotReconcile):
        published()


def test_the_truths_of_the_report_are_looked_at_in_one_statement(held, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert truths.broken(OF_THE_REPORT) == []
    assert {"ledger_identity", "invoice_adds_up"} <= OF_THE_REPORT


@pytest.mark.django_db(transaction=True)
def test_of_two_who_publish_at_once_one_is_told():
    booked(event())
    seen, by = publishing.prepare(YEAR).seen, PersonFactory()
    results = at_once(*[lambda: publishing.publish(year=YEAR, seen=seen, by=by)] * 2)
    assert sorted(type(one).__name__ for one in results) in (
        ["FiguresMoved", "PublishedReport"],
        ["NothingDiffers", "PublishedReport"],
    )
    assert PublishedReport.objects.count() == 1


def test_the_workbook_of_a_published_report_has_its_figures_and_its_definitions(held):
    row = published()
    row.definitions[0]["rule"] = "As it was."
    attend_after_all()
    file = BytesIO()
    spreadsheet.write(
        freezing.thawed(row),
        file,
        partnership="Wendover",
        money=False,
        remark="As published.",
        definitions=row.definitions,
    )
    sheets = load_workbook(file)
    words = [[str(cell) for cell in line if cell is not None] for line in sheets["Summary"].iter_rows(values_only=True)]
    assert ["As published."] in words
    assert ["Delegates attended", "7", "0"] in [line[:3] for line in words]
    rules = [line[4] for line in sheets["Definitions"].iter_rows(values_only=True) if line[0] == "Events delivered"]
    assert rules == ["As it was."]
    assert "Money" not in sheets.sheetnames


def test_it_is_counted_before_it_is_published(held):
    row = published()
    assert YEAR.ends_at < row.counted_at <= row.published_at <= timezone.now()
