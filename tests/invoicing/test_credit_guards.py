"""Each truth about credit notes that the database holds, broken once with SQL."""

import pytest
from django.db import IntegrityError, transaction

from invoicing import charges, invoices
from invoicing.models import Charge, CreditNote, InvoiceLine
from tests.factories import ChargeFactory, InvoiceFactory, PartnershipFactory, PersonFactory
from tests.guards import check_now, refused_by, sql, take_out
from tests.invoicing import situations
from tests.invoicing.test_guards import add_line

pytestmark = pytest.mark.django_db


@pytest.fixture
def lines():
    """Two lines of an issued invoice."""
    PartnershipFactory()
    event, policy, payer = situations.over(), situations.policy(), situations.payer()
    for _ in range(2):
        situations.absent(event, agency=payer, policy=policy)
    charges.propose()
    invoices.raise_for("2018-19", via="a test")
    return list(InvoiceLine.objects.order_by("pk"))


def insert(line, number, **changes):
    columns = {
        "line_id": line.pk,
        "ground": "discretion",
        "reason": "Let off.",
        "series": "CRN",
        "financial_year": "2018-19",
        "number": number,
        "reference": f"CRN-{number}",
        "issued_at": "2018-07-01",
        "issued_by_id": PersonFactory().pk,
    } | changes
    names, marks = ", ".join(columns), ", ".join(["%s"] * len(columns))
    sql(f"insert into invoicing_creditnote ({names}) values ({marks})", *columns.values())


def credit(line, number=1):
    """A credit note with all that belongs to it."""
    insert(line, number)
    sql("update invoicing_charge set state = 'credited' where id = %s", line.charge_id)
    check_now()


@pytest.mark.parametrize("way", ["update invoicing_creditnote set reason = 'x'", "delete from invoicing_creditnote"])
def test_a_credit_note_never_changes(lines, way):
    credit(lines[0])
    with refused_by("credit_note_never_changes"):
        sql(way)
    take_out("credit_note_never_changes")
    sql(way)


def test_credit_notes_are_not_emptied():
    with refused_by("invoicing_creditnote_is_never_emptied"):
        sql("set local turnout.may_truncate = 'no'")
        sql("truncate invoicing_creditnote cascade")


def test_a_number_is_the_next_one(lines):
    for number in (0, 2):
        with refused_by("credit_note_numbers_have_no_gaps"):
            insert(lines[0], number)
    credit(lines[0], 1)
    for number in (1, 3):
        with refused_by("credit_note_numbers_have_no_gaps"):
            insert(lines[1], number)
    take_out("credit_note_numbers_have_no_gaps")
    with refused_by("credit_note_number_is_used_once"):
        insert(lines[1], 1, reference="CRN-another")


def test_only_a_line_of_an_issued_invoice_is_credited():
    draft = InvoiceFactory(net_amount=75)
    add_line(draft, ChargeFactory())
    with refused_by("credit_note_is_for_an_issued_line"):
        insert(draft.lines.get(), 1)


def test_a_line_is_credited_once(lines):
    credit(lines[0])
    with pytest.raises(IntegrityError, match="invoicing_creditnote_line_id_key"), transaction.atomic():
        insert(lines[0], 2)


@pytest.mark.parametrize(
    ("change", "constraint"),
    [({"ground": "whim"}, "credit_note_ground_is_known"), ({"reason": ""}, "credit_note_says_why")],
)
def test_a_credit_note_says_why(lines, change, constraint):
    with refused_by(constraint):
        insert(lines[0], 1, **change)


def test_a_charge_is_credited_by_a_credit_note_and_not_otherwise(lines):
    credited = "update invoicing_charge set state = 'credited'"
    with refused_by("charge_is_credited_by_a_credit_note"):
        sql(credited)
    check_now()
    take_out("charge_is_credited_by_a_credit_note")
    sql(credited)


def test_a_credit_note_credits_its_charge(lines):
    with refused_by("credit_note_credits_its_charge"):
        insert(lines[0], 1)
        check_now()
    sql("set constraints all deferred")
    take_out("credit_note_credits_its_charge")
    insert(lines[0], 1)
    check_now()
    assert (CreditNote.objects.count(), Charge.objects.filter(state="invoiced").count()) == (1, 2)


def test_a_credited_charge_does_not_stand_in_the_way_of_another(lines):
    credit(lines[0])
    first = lines[0].charge
    again = ChargeFactory(booking=first.booking, tariff=first.tariff)
    with refused_by("charge_is_proposed_once_per_booking_and_reason"):
        ChargeFactory(booking=first.booking, tariff=first.tariff)
    assert again.state == "proposed"
