"""The pages of the utilisation report: who sees which part, and what each figure opens to."""

import json
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from bookings.models import Booking, Register
from tests.factories import (
    AgencyFactory,
    BookingFactory,
    ChargeFactory,
    CourseFactory,
    EventFactory,
    PersonFactory,
    TariffFactory,
)
from training.financial_year import FinancialYear

pytestmark = pytest.mark.django_db


@pytest.fixture
def year():
    """A year with one event of 60 places, 50 delegates who came, and one who did not and is charged."""
    event = EventFactory(days=-30, places=60)
    now, by = timezone.now(), PersonFactory()
    Register.objects.create(
        session=event.sessions.get(), handed_in_at=now, handed_in_by=by, closed_at=now, closed_by=by
    )
    agency = AgencyFactory(name="West Midlands Police")
    for _ in range(50):
        BookingFactory(event=event, delegate=PersonFactory(agency=agency), outcome="attended")
    absent = BookingFactory(event=event, delegate=PersonFactory(name="Jade Lewis"), outcome="did-not-attend")
    ChargeFactory(booking=absent, tariff=TariffFactory())
    return FinancialYear.containing(event.ends_at).code


def address(year, figure="", **cut):
    page = reverse("reports:rows", args=[year, figure]) if figure else reverse("reports:utilisation", args=[year])
    return f"{page}?{'&'.join(f'{name}={value}' for name, value in cut.items())}" if cut else page


def test_the_report_takes_eight_statements(client, sign_in, year, django_assert_num_queries):
    sign_in("coordinator")
    with django_assert_num_queries(8):
        page = client.get(address(year)).content.decode()
    assert "83.3%" in page
    assert "51 bookings" in page, "the ledger's identity is printed"


@pytest.mark.parametrize(("figure", "rows"), [("delegates_attended", 50), ("did_not_attend", 1)])
def test_rows_take_five_statements_at_one_and_at_fifty(client, sign_in, year, django_assert_num_queries, figure, rows):
    sign_in("coordinator")
    with django_assert_num_queries(5):
        page = client.get(address(year, figure)).content.decode()
    assert page.count('<th scope="row">') == rows


def test_a_figure_opens_to_the_booking_for_a_coordinator_and_to_the_event_for_the_sub_group(client, sign_in, year):
    booking = Booking.objects.get(outcome="did-not-attend")
    sign_in("coordinator")
    assert (
        reverse("bookings:booking", args=[booking.reference])
        in client.get(address(year, "did_not_attend")).content.decode()
    )
    sign_in("subgroup-member")
    for page in (address(year, "did_not_attend"), reverse("reports:rows_download", args=[year, "did_not_attend"])):
        shown = client.get(page).content.decode()
        assert booking.event.reference in shown
        assert "Jade Lewis" not in shown
        assert booking.reference not in shown


def test_the_sub_group_sees_money_as_totals(client, sign_in, year):
    sign_in("subgroup-member")
    assert "£75" in client.get(address(year)).content.decode()
    assert client.get(address(year, "proposed_amount")).status_code == 403


def test_finance_sees_the_money_and_nothing_else(client, sign_in, year):
    sign_in("finance-officer")
    page = client.get(address(year)).content.decode()
    assert "£75" in page
    assert "West Midlands Police" not in page
    assert client.get(address(year, "proposed_amount")).status_code == 200
    assert client.get(address(year, "delegates_attended")).status_code == 403
    assert client.get(reverse("reports:json", args=[year])).status_code == 403


def test_an_agency_lead_sees_the_row_of_their_agency_and_opens_it(client, sign_in, year):
    own, other = Booking.objects.get(outcome="did-not-attend").agency, AgencyFactory(name="Other agency")
    sign_in("agency-lead", agency=own)
    page = client.get(address(year)).content.decode()
    assert own.name in page
    assert "West Midlands Police" not in page
    assert "Jade Lewis" in client.get(address(year, "did_not_attend", agency=own.reference)).content.decode()
    assert client.get(address(year, "proposed_amount", agency=own.reference)).status_code == 200
    assert client.get(address(year, "did_not_attend", agency=other.reference)).status_code == 403
    assert client.get(address(year, "did_not_attend")).status_code == 403


def test_a_practitioner_is_told_who_reads_the_report(client, sign_in, year):
    sign_in()
    for page in (reverse("reports:latest"), address(year), address(year, "booked")):
        assert client.get(page).status_code == 403


@pytest.mark.parametrize(
    "page",
    [
        "/report/1918/",
        "/report/2018-20/",
        "/report/2018-19/nothing/",
        "/report/2018-19/booked/?course=NONE",
        "/report/2018-19/booked/?agency=NONE",
        "/report/2018-19/booked/?of=everything",
        "/report/2018-19/booked/?part=half",
        "/report/2018-19/booked/?part=denominator",
        "/report/2018-19/multi_agency_mix/?of=conferences",
    ],
)
def test_what_is_no_figure_of_the_report_is_not_found(client, sign_in, page):
    sign_in("coordinator")
    assert client.get(page).status_code == 404


def test_a_rate_opens_to_its_numerator_and_its_denominator(client, sign_in, year):
    sign_in("coordinator")
    assert "<strong>50</strong> delegates attended" in " ".join(
        client.get(address(year, "utilisation")).content.decode().split()
    )
    page = " ".join(client.get(address(year, "utilisation", part="denominator")).content.decode().split())
    assert "<strong>60</strong> places offered, from 1 event" in page


def test_the_downloads_say_what_the_page_says(client, sign_in, year):
    sign_in("coordinator")
    found = json.loads(client.get(reverse("reports:json", args=[year])).content)
    assert (found["delegates_attended"], found["places_offered"]) == (50, 60)
    assert "delegates_attended,50" in client.get(reverse("reports:csv", args=[year])).content.decode()


def test_courses_and_agencies_of_nothing_fold_away_on_the_page_and_stay_in_the_files(client, sign_in, year):
    sign_in("coordinator")
    CourseFactory(title="Never given")
    AgencyFactory(name="Never here")
    page = client.get(address(year)).content.decode()
    tables, folds = re.split("Show the 1 course without events", page, maxsplit=1)
    assert "Never given" not in tables
    assert "Never given" in folds
    assert page.count("Never here") == 2, "by agency, and the money by agency"
    shown = page[page.index(">By agency<") : page.index("without bookings")]
    assert "West Midlands Police" in shown
    assert "Never here" not in shown
    for download in ("csv", "json"):
        file = client.get(reverse(f"reports:{download}", args=[year])).content.decode()
        assert "Never given" in file
        assert "Never here" in file


def test_where_every_row_says_something_nothing_folds(client, sign_in, year):
    sign_in("coordinator")
    assert "without events" not in client.get(address(year)).content.decode()


def test_the_report_opens_on_the_latest_year_with_training(client, sign_in, year):
    sign_in("coordinator")
    assert client.get(reverse("reports:latest")).url == address(year)
    assert client.get(reverse("reports:latest"), {"year": "2010-11"}).url == address("2010-11")


def test_a_year_without_training_says_so(client, sign_in):
    sign_in("coordinator")
    page = client.get(address("2010-11")).content.decode()
    assert "No training was delivered in 2010/11 yet" in page
    assert "<svg" not in page, "a chart of nothing"
