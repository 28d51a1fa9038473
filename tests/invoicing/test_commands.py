"""propose_charges and raise_invoices, as typed."""

from datetime import date

import pytest
from django.core.management import CommandError, call_command

from invoicing import charges
from invoicing.models import Charge, Invoice
from tests.factories import AgencyFactory, PartnershipFactory
from tests.invoicing import situations
from tests.invoicing.situations import absent, over, payer

pytestmark = pytest.mark.django_db


@pytest.fixture
def policy():
    PartnershipFactory()
    return situations.policy()


def said(capsys, *command):
    call_command(*command)
    return capsys.readouterr().out.splitlines()


def test_proposing_says_how_many_and_what_there_is_now(policy, capsys):
    absent(over(), policy=policy)
    absent(over(duration="half-day"), policy=policy, reason="Sickness", exempt=True)
    states = ["  proposed: 1 (£75)", "  waived: 1 (£50)"]
    assert said(capsys, "propose_charges") == ["2 charges proposed or corrected.", *states]
    assert said(capsys, "propose_charges") == ["Nothing to propose.", *states]


def test_raising_says_what_was_issued_and_what_was_left_out_and_why(policy, capsys):
    absent(over(), agency=payer(name="Trust"), policy=policy)
    absent(over(), agency=AgencyFactory(name="Schools"), policy=policy)
    charges.propose()
    lines = said(capsys, "raise_invoices", "--year", "2018-19")
    reference = Invoice.objects.get().reference
    left_out = ["Left out, as somebody must decide:", "  1 charge (£75) stands under “Schools”: who pays?"]
    assert lines == [
        f"{reference}  £75  Trust, June 2018",
        "1 charge confirmed.",
        "1 invoice issued for 2018/19: £75.",
        *left_out,
    ]
    assert said(capsys, "raise_invoices", "--year", "2018-19") == ["No invoices to issue for 2018/19.", *left_out]
    assert Charge.objects.get(state="invoiced").decided_via == Invoice.objects.get().issued_via == "command line"


def test_vat_is_said_where_there_is_any(capsys):
    PartnershipFactory(vat_number="GB 123")
    absent(over(date(2018, 6, 11)), agency=payer(), policy=situations.policy(vat="standard"))
    charges.propose()
    lines = said(capsys, "raise_invoices", "--year", "2018-19")
    assert "£75 and £15 VAT" in lines[0]
    assert lines[2] == "1 invoice issued for 2018/19: £75 and £15 VAT."


@pytest.mark.parametrize("year", ["2018", "2018-20"])
def test_a_wrong_year_is_refused_in_words(policy, year):
    with pytest.raises(CommandError, match="2018-19"):
        call_command("raise_invoices", "--year", year)


def test_without_a_partnership_the_command_says_what_to_do():
    with pytest.raises(CommandError, match="Import a programme workbook first"):
        call_command("raise_invoices", "--year", "2018-19")
