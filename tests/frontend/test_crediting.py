"""Crediting an invoiced charge by page, and the credit note as a page and as a PDF."""

import pytest
from django.urls import reverse

from bookings.models import Booking
from invoicing import charges, credits, invoices
from invoicing.models import Charge, CreditNote
from tests.bookings.corrected import mark_again, marked_event
from tests.factories import ChargeFactory, PartnershipFactory, PersonFactory
from tests.invoicing import situations

pytestmark = pytest.mark.django_db


@pytest.fixture
def invoiced():
    """A charge on an issued invoice whose delegate turns out to have been there."""
    PartnershipFactory()
    payer = situations.payer(name="Police <b>Service</b>")
    jade = PersonFactory(name="Jade Lewis", agency=payer)
    situations.absent(situations.over(), delegate=jade, policy=situations.policy())
    charges.propose()
    invoices.raise_for("2018-19", via="a test")
    Booking.objects.update(outcome="attended")
    return Charge.objects.get()


def credit(charge):
    (ground,) = credits.grounds(charge)
    return credits.issue(charge=charge, ground=ground, reason="Was <i>there</i>.", by=PersonFactory(name="Sam Carter"))


def page(client, view, *args):
    return client.get(reverse(view, args=args)).content.decode()


def test_finance_finds_checks_and_credits_what_is_no_longer_owed(client, sign_in, invoiced):
    sign_in("finance-officer")
    home = page(client, "home")
    assert "invoiced charge to credit" in home
    listed = client.get(reverse("charges:list"), {"state": "to-credit"}).content.decode()
    assert "Jade Lewis" in listed
    assert "Finance is asked to credit it" in page(client, "charges:charge", invoiced.reference)
    address = reverse("charges:credit", args=[invoiced.reference])
    assert "The register says now" in client.get(address).content.decode()
    assert not CreditNote.objects.exists()
    client.post(address, {"ground": "mistake", "reason": "Was there."})
    note = CreditNote.objects.get()
    assert (note.reason, note.line.charge.state) == ("Was there.", "credited")
    assert note.reference in page(client, "charges:charge", invoiced.reference)
    assert "invoiced charge to credit" not in page(client, "home")


@pytest.mark.parametrize(
    ("answers", "says"),
    [({"ground": "mistake"}, "Enter the reason"), ({"reason": "x" * 301, "ground": "mistake"}, "at most 300")],
)
def test_a_credit_note_needs_its_reason(client, sign_in, invoiced, answers, says):
    sign_in("finance-officer")
    shown = client.post(reverse("charges:credit", args=[invoiced.reference]), answers).content.decode()
    assert says in shown
    assert not CreditNote.objects.exists()


def test_who_is_second_is_told_that_it_is_credited(client, sign_in, invoiced):
    note = credit(invoiced)
    sign_in("finance-officer")
    assert f"credit note {note}" in page(client, "charges:credit", invoiced.reference)
    answer = client.post(reverse("charges:credit", args=[invoiced.reference]), {"ground": "mistake", "reason": "Twice"})
    assert answer.status_code == 200
    assert CreditNote.objects.count() == 1


def test_a_charges_story_says_why_its_register_was_opened_again(client, sign_in):
    event = marked_event("absent")
    mark_again(event.bookings.get())
    charge = ChargeFactory(booking=event.bookings.get())
    sign_in("finance-officer")
    assert "Register opened again by" in page(client, "charges:charge", charge.reference)


def test_the_invoice_says_what_was_credited_and_what_is_left(client, sign_in, invoiced):
    note = credit(invoiced)
    sign_in("finance-officer")
    shown = page(client, "invoices:invoice", invoiced.line.invoice.reference)
    assert note.reference in shown
    assert "£75 was credited since. Nothing is left to pay." in " ".join(shown.split())


def test_a_credit_note_names_payer_invoice_and_reason_and_no_delegate(client, sign_in, invoiced):
    note = credit(invoiced)
    sign_in("finance-officer")
    shown = page(client, "invoices:credit_note", note.reference)
    for words in (
        "Police &lt;b&gt;Service&lt;/b&gt;",
        "Was &lt;i&gt;there&lt;/i&gt;.",
        invoiced.line.invoice.reference,
        "£75",
    ):
        assert words in shown
    assert "Jade Lewis" not in shown


def test_a_credit_note_is_the_same_pdf_each_time(client, sign_in, invoiced):
    note = credit(invoiced)
    sign_in("finance-officer")
    address = reverse("invoices:credit_note_pdf", args=[note.reference])
    first, again = client.get(address), client.get(address)
    assert first["Content-Type"] == "application/pdf"
    assert first.content == again.content
    assert first.content.startswith(b"%PDF")
