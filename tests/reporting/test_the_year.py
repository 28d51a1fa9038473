"""The demonstration's two years: the report agrees with the published totals, and every figure with its rows."""

import io
import json
from collections import defaultdict
from pathlib import Path
from statistics import median

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from invoicing import charges, invoices
from programme import importing
from reporting import formats, rows, utilisation
from reporting.definitions import CutKind
from tests.programme.workbooks import DEMONSTRATION
from training.financial_year import FinancialYear

EXPECTED = json.loads((Path(__file__).parent.parent / "data" / "bscb-2018-19.expected.json").read_text())
YEARS = ["2018-19", "2017-18"]

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def the_workbook(django_db_setup, django_db_blocker):
    """Imported, charged and invoiced once for all tests here, which only read."""
    with django_db_blocker.unblock(), transaction.atomic():
        importing.run(DEMONSTRATION)
        charges.propose()
        for year in YEARS:
            invoices.raise_for(year, via="test")
        connection.check_constraints()
        with connection.cursor() as cursor:
            cursor.execute("analyze")
        yield
        transaction.set_rollback(True)


@pytest.mark.parametrize("year", YEARS)
def test_the_report_agrees_with_the_published_totals_in_every_key(year):
    out = io.StringIO()
    call_command("utilisation_report", year=year, format="json", stdout=out)
    found = json.loads(out.getvalue())
    assert {key: found[key] for key in EXPECTED[year]} == EXPECTED[year]
    assert found["adds_up"]
    assert not found["provisional"]


def test_the_headline_is_the_published_one():
    report = utilisation.report("2018-19")
    assert formats.headline(report) == "2018/19: 178 events, 3,581 places, 3,412 delegates, 95 %, £10,350"
    assert formats.year_headline(report.before) == "2017/18: 172 events, 3,440 places, 3,199 delegates, 93 %, £12,425"


def test_the_year_takes_three_statements(django_assert_num_queries):
    with django_assert_num_queries(3):
        formats.as_json(utilisation.report("2018-19"))


def test_the_ledger_s_identity_holds_of_every_cut():
    for year in YEARS:
        figures = utilisation.report(year).this
        assert figures.adds_up
        for cut in figures.cuts:
            assert cut.ledger.bookings == sum(cut.ledger.sources.values()) == sum(cut.ledger.outcomes.values())
            assert "≠" not in cut.ledger.identity
        assert sum(cut.ledger.bookings for cut in figures.agencies) == figures.whole.ledger.bookings


@pytest.mark.parametrize("year", YEARS)
def test_every_figure_of_every_cut_adds_up_from_the_rows_behind_it(year):
    """The rows behind the whole's figures, by course and by agency, are those behind each course's and agency's."""
    report = utilisation.report(year)
    checked = 0
    for kind, cuts in by_kind(report.this).items():
        for measure, behind in every_measure(report.this, kind, report.counted_at):
            if behind.adds is rows.Adds.NOT:
                continue
            found = grouped(kind, measure, list(of(behind)))
            for cut in (cut for cut in cuts if shows(cut, measure)):
                made, number = total(behind.adds, found[cut.kind, key_of(cut)]), cut.measures[measure]
                assert made == number or abs(made - number) < 0.0001, (cut.name, measure)
                checked += 1
    assert checked > 1000


def test_each_course_and_agency_opens_to_its_own_rows():
    report = utilisation.report("2018-19")
    for cut in (*report.this.courses, *report.this.agencies):
        scope = rows.Scope(report.year, report.counted_at, cut.kind, cut.code)
        came = rows.behind("delegates_attended", scope)
        assert came.bookings.count() == cut["delegates_attended"]
        assert sum(row.value for row in came.events) == cut["delegates_attended"]
        assert sum(row.value for row in rows.behind("invoiced_amount", scope).charges) == cut["invoiced_amount"]


def test_what_was_invoiced_in_a_year_opens_to_the_charges_on_that_year_s_invoices():
    year = FinancialYear.containing(timezone.now())
    report = utilisation.report(year)
    behind = rows.behind("invoiced_in_year_amount", rows.Scope(year, report.counted_at))
    assert report.this.whole["invoiced_in_year_amount"] == sum(row.value for row in behind.charges) == 22_775
    assert all(row.invoice for row in behind.charges)


def test_no_event_shows_answers_of_fewer_than_five_and_the_others_add_up_by_course():
    report = utilisation.report("2018-19")
    found = list(rows.behind("improved", rows.Scope(report.year, report.counted_at)).evaluations)
    assert {row.is_released for row in found if row.responses < 5} <= {False}
    for course in report.this.courses:
        own = [row for row in found if row.course_code == course.code]
        hidden = sum(row.responses for row in own if not row.is_released)
        assert hidden == 0 or hidden >= 5
        if hidden == 0:
            assert sum(row.improved for row in own) == course["improved"]


def by_kind(figures):
    """The cuts whose rows are among those of the whole, and those apart from it."""
    return {
        CutKind.ALL: [figures.whole, *figures.courses, *figures.agencies],
        CutKind.CONFERENCES: [figures.conferences],
        CutKind.E_LEARNING: [figures.e_learning],
    }


def every_measure(figures, kind, counted_at):
    """Each measure that opens, with the rows behind it for the whole of that kind."""
    seen = set()
    scope = rows.Scope(figures.year, counted_at, kind)
    for cut in by_kind(figures)[kind]:
        for value in cut.values():
            for part in rows.Part:
                measure = getattr(value.figure, part)
                if measure not in seen and rows.opens(value.figure.key, part):
                    seen.add(measure)
                    yield measure, rows.behind(value.figure.key, scope, part)


def shows(cut, measure):
    return any(measure in (value.figure.numerator, value.figure.denominator) for value in cut.values())


def of(behind):
    return next(
        kind for kind in (behind.charges, behind.evaluations, behind.bookings, behind.events) if kind is not None
    )


def grouped(kind, measure, found):
    """All rows for the whole; and by course and by agency, as far as the rows say them."""
    groups = defaultdict(list, {(kind, ""): found})
    for row in found:
        groups[CutKind.COURSE, row.course].append(row)
        if measure == "all_attended":  # what every agency's share is a share of
            continue
        if hasattr(row, "agency_reference"):
            groups[CutKind.AGENCY, row.agency_reference].append(row)
    if measure == "all_attended":
        groups.default_factory = lambda: found
    return groups


def key_of(cut):
    return cut.name if cut.kind is CutKind.COURSE else cut.code


def total(adds, found):
    if adds is rows.Adds.PEOPLE:
        return len({row.delegate_reference for row in found})
    if adds is rows.Adds.MEDIAN:
        return median(row.value for row in found) if found else None
    return sum(row.value for row in found)
