"""Charges, invoices and the report through the API."""

import json
from io import StringIO

import pytest
from django.core.management import call_command

from bookings.models import AbsenceReason
from invoicing import charges, invoices
from invoicing.models import Invoice
from tests.factories import (
    BookingFactory,
    ChargeFactory,
    EventFactory,
    PartnershipFactory,
    PersonFactory,
    RegisterFactory,
    TariffFactory,
)
from training.financial_year import FinancialYear

pytestmark = pytest.mark.django_db


def charge_for(person, **facts):
    """A charge for not attending an event whose register is closed."""
    event = EventFactory(days=-40)
    RegisterFactory(session=event.sessions.get(), closed=True)
    booking = BookingFactory(event=event, delegate=person, outcome="did-not-attend")
    return ChargeFactory(booking=booking, **facts)


def invoice_for(person):
    PartnershipFactory()
    person.agency.payer = person.agency
    person.agency.save()
    charge = charge_for(person)
    charges.confirm([charge], via="command line")
    invoices.raise_for(year_of(charge), via="command line")
    return Invoice.objects.get(), charge


def year_of(charge):
    return FinancialYear.containing(charge.booking.event.ends_at).code


@pytest.mark.parametrize("count", [1, 100])
def test_a_page_of_charges_takes_four_statements(program, django_assert_num_queries, count):
    tariff, event = TariffFactory(), EventFactory(days=-40, places=100)
    for booking in BookingFactory.create_batch(count, event=event):
        ChargeFactory(booking=booking, tariff=tariff)
    asking = program("finance-officer")
    asking.get("me")
    with django_assert_num_queries(4):
        assert len(asking.read("charges", page_size=100)["results"]) == count


def test_each_sees_the_charges_that_are_theirs_to_see(program):
    manager, lead = PersonFactory(), PersonFactory(roles=["agency-lead"])
    jade = PersonFactory(line_manager=manager, agency=lead.agency)
    own, other = charge_for(jade), charge_for(PersonFactory())
    for person in (jade, manager, lead):
        answer = program(person=person).read("charges")
        assert ([row["reference"] for row in answer["results"]], answer["count"]) == ([own.reference], 1)
        assert program(person=person).get(f"charges/{other.reference}").status_code == 404
    assert program("finance-officer").read("charges")["count"] == 2
    assert program("subgroup-member").read("charges")["count"] == 0


def test_finance_reads_a_charge_without_address_or_reason_of_absence(program):
    charge = charge_for(PersonFactory(name="Jade Lewis"))
    AbsenceReason.objects.create(booking=charge.booking, reason="An operation")
    asking = program("finance-officer")
    charges.waive(charge, waiver="discretion", by=asking.person)
    answer = asking.read(f"charges/{charge.reference}")
    assert (answer["delegate"], answer["net_amount"], answer["vat_amount"]) == ("Jade Lewis", "75.00", "0.00")
    assert (answer["state"], answer["waiver"], answer["decided_by"]) == ("waived", "discretion", asking.person.name)
    assert "operation" not in str(answer)
    assert "@" not in str(answer)


def test_charges_are_filtered_by_what_they_are(program):
    asking = program("finance-officer")
    charge = charge_for(PersonFactory())
    fits = {"state": "proposed", "reason": "did-not-attend", "agency": charge.booking.agency.reference,
            "event": charge.booking.event.reference, "year": year_of(charge)}  # fmt: skip
    assert asking.read("charges", **fits)["count"] == 1
    others = {"state": "waived", "reason": "cancelled-late", "agency": "X", "event": "X", "year": "1999-00"}
    for name, value in others.items():
        assert asking.read("charges", **(fits | {name: value}))["count"] == 0


def test_an_invoice_is_for_finance_and_for_the_lead_of_its_payer(program):
    lead = PersonFactory(roles=["agency-lead"])
    issued, charge = invoice_for(PersonFactory(agency=lead.agency))
    for asking in (program("finance-officer"), program("coordinator"), program(person=lead)):
        (row,) = asking.read("invoices", year=year_of(charge), payer=lead.agency.reference)["results"]
        assert (row["reference"], row["gross_amount"]) == (issued.reference, "75.00")
        detail = asking.read(f"invoices/{issued.reference}")
        assert [(line["charge"], line["net_amount"]) for line in detail["lines"]] == [(charge.reference, "75.00")]
        assert charge.booking.delegate.name not in str(detail)
    stranger = program("agency-lead")
    assert stranger.read("invoices", payer=lead.agency.reference)["count"] == 0
    assert stranger.get(f"invoices/{issued.reference}").status_code == 404
    assert program("finance-officer").read(f"charges/{charge.reference}")["invoice"] == issued.reference


def test_the_report_is_the_one_of_the_command_line(program):
    year, asking = year_of(charge_for(PersonFactory())), program("subgroup-member")
    printed = StringIO()
    call_command("utilisation_report", year=year, format="json", stdout=printed)
    answer = asking.read(f"report/{year}")
    assert answer["did_not_attend"] == 1
    assert answer | {"counted_at": ""} == json.loads(printed.getvalue()) | {"counted_at": ""}


@pytest.mark.parametrize("role", ["agency-lead", "finance-officer", "concerns", "administrator"])
def test_the_report_is_for_coordinators_and_the_sub_group(program, role):
    assert program(role).get("report/2025-26").status_code == 403
