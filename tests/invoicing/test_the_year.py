"""A partnership's two real years, imported once: what the registers say is charged, waived and invoiced."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Count, Max, Min, Sum

from bookings.models import Booking
from invoicing import charges, invoices
from invoicing.models import Charge, Invoice, InvoiceLine
from programme import importing
from training.financial_year import FinancialYear

# Without the mark pytest-django would make no test database, and the fixture would write to the real one.
pytestmark = pytest.mark.django_db

WORKBOOK = Path(settings.BASE_DIR) / "programme" / "demonstration" / "bscb-2018-19.xlsx"
YEARS = ["2017-18", "2018-19"]


@pytest.fixture(scope="module", autouse=True)
def _the_years(django_db_setup, django_db_blocker):
    """Import, propose and raise; taken back when the module's tests are over. So they take no database of their own."""
    with django_db_blocker.unblock(), transaction.atomic():
        importing.run(WORKBOOK)
        charges.propose()
        for year in YEARS:
            invoices.raise_for(year, via="a test")
        with connection.cursor() as cursor:
            cursor.execute("set constraints all immediate")
        yield
        transaction.set_rollback(True)


def of_year(code):
    return Charge.objects.filter(FinancialYear.parse(code).holds("booking__event__ends_at"))


@pytest.mark.parametrize(
    ("year", "charged", "waived", "pounds"), [("2018-19", 162, 16, 10350), ("2017-18", 196, 28, 12425)]
)
def test_the_years_charges_and_what_they_come_to(year, charged, waived, pounds):
    found = {
        (one["state"], one["waiver"]): (one["number"], one["net"])
        for one in of_year(year)
        .order_by()
        .values("state", "waiver")
        .annotate(number=Count("pk"), net=Sum("net_amount"))
    }
    assert found["invoiced", ""] == (charged, pounds)
    assert found["waived", "exempt"][0] == waived
    assert set(found) == {("invoiced", ""), ("waived", "exempt")}


def test_each_who_did_not_attend_or_cancelled_late_is_charged_once_conferences_apart():
    owing = Booking.objects.filter(outcome__in=["did-not-attend", "cancelled-late"], event__state="published")
    courses = owing.exclude(event__course__delivery="conference")
    assert Charge.objects.count() == courses.count()
    assert not Charge.objects.filter(booking__event__course__delivery="conference").exists()


def test_each_charge_says_why_in_the_same_few_sentences():
    cost = r"\(policy of 1 April 2016( asks for 5)?\): £(75|50)\."
    notice = r"Cancelled (less than 1 working day|1 working day|[2-4] working days) before the event"
    sentence = re.compile(rf"(Did not attend|{notice}) {cost}")
    said = set(Charge.objects.values_list("explanation", flat=True))
    assert [words for words in said if not sentence.fullmatch(words)] == []
    assert len(said) > 5


def test_numbers_run_from_one_without_a_gap():
    numbers = Invoice.objects.issued().aggregate(Min("number"), Max("number"), Count("number", distinct=True))
    assert numbers == {
        "number__min": 1,
        "number__max": Invoice.objects.count(),
        "number__count": Invoice.objects.count(),
    }


def test_a_payer_has_one_invoice_a_month_and_each_charge_one_line():
    bundles = Invoice.objects.order_by().values("payer", "month").annotate(number=Count("pk"))
    assert {bundle["number"] for bundle in bundles} == {1}
    assert InvoiceLine.objects.count() == Charge.objects.filter(state="invoiced").count() == 162 + 196
    assert InvoiceLine.objects.aggregate(Sum("net_amount"))["net_amount__sum"] == 10350 + 12425


def test_an_invoice_that_needs_an_order_number_carries_it():
    for invoice in Invoice.objects.select_related("payer"):
        assert bool(invoice.parties["purchase_order"]) == invoice.payer.needs_purchase_order


def test_running_it_all_again_changes_nothing():
    before = list(Charge.objects.order_by("pk").values()), list(Invoice.objects.order_by("pk").values())
    assert charges.propose() == 0
    for year in YEARS:
        raised = invoices.raise_for(year, via="a test")
        assert (raised.confirmed, raised.issued, raised.left_out) == (0, [], [])
    assert (list(Charge.objects.order_by("pk").values()), list(Invoice.objects.order_by("pk").values())) == before
