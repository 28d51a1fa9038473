"""Each truth about charges and invoices that the database holds, broken once with SQL."""

import pytest
from django.db import IntegrityError, transaction

from invoicing import charges, invoices
from invoicing.models import Charge, Invoice
from tests.factories import AgencyFactory, ChargeFactory, InvoiceFactory, PartnershipFactory
from tests.guards import check_now, refused_by, sql, take_out
from tests.invoicing import situations

pytestmark = pytest.mark.django_db


@pytest.fixture
def issued():
    """Two invoices, of one line and of two."""
    PartnershipFactory()
    policy, payer = situations.policy(), situations.payer()
    june, july = situations.over(), situations.over(situations.MONDAY.replace(month=7, day=9))
    for event in (june, july, july):
        situations.absent(event, agency=payer, policy=policy)
    charges.propose()
    return invoices.raise_for("2018-19", via="a test").issued


@pytest.fixture
def draft():
    """A draft of £75 with its line, ready to be issued by issue()."""
    invoice = InvoiceFactory(net_amount=75)
    add_line(invoice, ChargeFactory())
    return invoice


def add_line(invoice, charge, **changes):
    columns = {
        "invoice_id": invoice.pk,
        "charge_id": charge.pk,
        "booking_reference": "B",
        "course": "C",
        "event_reference": "E",
        "event_on": invoice.month,
        "reason": "Did not attend.",
        "net_amount": 75,
        "vat_treatment": "outside-scope",
        "vat_rate": 0,
        "vat_amount": 0,
    } | changes
    names, marks = ", ".join(columns), ", ".join(["%s"] * len(columns))
    sql(f"insert into invoicing_invoiceline ({names}) values ({marks})", *columns.values())


ISSUE = """update invoicing_invoice set state = 'issued', number = %s, reference = %s, issued_at = now(),
    issued_via = 'sql', due_on = '2018-05-01', financial_year = '2018-19' where id = %s"""


def issue(invoice, number):
    sql(ISSUE, number, f"INV-{number}", invoice.pk)


# --- an issued invoice never changes --------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "change", ["net_amount = 1", "parties = '{}'", "state = 'draft'", "number = 9", "due_on = '2030-01-01'"]
)
def test_an_issued_invoice_is_not_changed(issued, change):
    with refused_by("invoice_issued_never_changes"):
        sql(f"update invoicing_invoice set {change} where id = %s", issued[0].pk)


def test_an_issued_invoice_is_not_deleted(issued):
    with refused_by("invoice_issued_never_changes"):
        sql("delete from invoicing_invoice where id = %s", issued[0].pk)


def test_an_issued_invoice_is_not_changed_or_deleted_by_the_orm(issued):
    issued[0].net_amount = 1
    with refused_by("invoice_issued_never_changes"):
        issued[0].save()
    with refused_by("invoice_issued_never_changes"):
        issued[0].delete()


@pytest.mark.parametrize("table", ["invoice", "invoiceline", "charge", "chargehistory", "numberseries"])
def test_invoices_charges_and_their_history_are_not_emptied(table):
    # The test database alone allows it; whoever takes that back is refused, as everywhere else.
    with refused_by(f"invoicing_{table}_is_never_emptied"):
        sql("set local turnout.may_truncate = 'no'")
        sql(f"truncate invoicing_{table} cascade")


@pytest.mark.parametrize(
    "statement",
    [
        "update invoicing_invoiceline set net_amount = 1 where invoice_id = %s",
        "update invoicing_invoiceline set reason = '' where invoice_id = %s",
        "delete from invoicing_invoiceline where invoice_id = %s",
    ],
)
def test_a_line_of_an_issued_invoice_is_not_changed_or_deleted(issued, statement):
    with refused_by("invoice_issued_never_changes"):
        sql(statement, issued[0].pk)


def test_a_line_is_not_added_to_an_issued_invoice_or_moved_into_or_out_of_one(issued, draft):
    with refused_by("invoice_issued_never_changes"):
        add_line(issued[0], ChargeFactory())
    with refused_by("invoice_issued_never_changes"):
        sql("update invoicing_invoiceline set invoice_id = %s where invoice_id = %s", issued[0].pk, draft.pk)
    with refused_by("invoice_issued_never_changes"):
        sql("update invoicing_invoiceline set invoice_id = %s where invoice_id = %s", draft.pk, issued[0].pk)


def test_a_draft_is_changed_and_deleted_freely(draft):
    sql("update invoicing_invoice set month = '2018-05-01' where id = %s", draft.pk)
    draft.delete()
    assert not Invoice.objects.exists()


# --- numbers --------------------------------------------------------------------------------------------------------
def test_an_invoice_begins_as_a_draft():
    with refused_by("invoice_begins_as_a_draft"):
        sql(
            """insert into invoicing_invoice (payer_id, month, state, series, financial_year, number, reference,
                issued_at, issued_via, due_on, net_amount, vat_amount, parties)
            values (%s, '2018-04-01', 'issued', 'INV', '2018-19', 1, 'INV-1', now(), 'sql', now(), 0, 0, '{}')""",
            AgencyFactory().pk,
        )


@pytest.mark.parametrize("number", [2, 3])
def test_the_first_number_is_one(draft, number):
    with refused_by("invoice_numbers_have_no_gaps"):
        issue(draft, number)


def test_a_number_is_not_skipped_or_used_twice(draft):
    issue(draft, 1)
    second = InvoiceFactory(net_amount=75)
    add_line(second, ChargeFactory())
    for number in (1, 3):
        with refused_by("invoice_numbers_have_no_gaps"):
            issue(second, number)
    issue(second, 2)


def test_a_number_stays_unique_even_with_the_trigger_taken_out(draft):
    issue(draft, 1)
    second = InvoiceFactory()
    check_now()  # else what is still to be checked keeps the table from being altered
    take_out("invoice_numbers_have_no_gaps")
    with refused_by("invoice_number_is_used_once"):
        sql(ISSUE, 1, "INV-another", second.pk)


@pytest.mark.parametrize("missing", ["number", "reference", "issued_at", "due_on", "issued_via"])
def test_an_invoice_is_issued_whole_or_not_at_all(draft, missing):
    columns = {
        "state": "issued",
        "financial_year": "2018-19",
        "number": 1,
        "reference": "INV-1",
        "issued_at": "2018-04-01",
        "due_on": "2018-05-01",
        "issued_via": "sql",
    } | {missing: "" if missing == "issued_via" else None}
    changes = ", ".join(f"{name} = %s" for name in columns)
    with refused_by("invoice_is_numbered_exactly_when_issued"):
        sql(f"update invoicing_invoice set {changes} where id = %s", *columns.values(), draft.pk)


def test_a_draft_has_no_number(draft):
    with refused_by("invoice_is_numbered_exactly_when_issued"):
        sql("update invoicing_invoice set number = 1 where id = %s", draft.pk)


# --- sums -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("wrong", ["net_amount = 74", "vat_amount = 1"])
def test_an_invoice_that_does_not_add_up_is_not_issued(draft, wrong):
    sql(f"update invoicing_invoice set {wrong} where id = %s", draft.pk)
    with refused_by("invoice_adds_up_to_its_lines"):
        issue(draft, 1)


def test_an_invoice_without_lines_is_not_issued():
    with refused_by("invoice_adds_up_to_its_lines"):
        issue(InvoiceFactory(), 1)


@pytest.mark.parametrize("column", ["net_amount", "vat_amount"])
def test_no_sum_is_negative(draft, column):
    with refused_by("invoice_is_not_negative"):
        sql(f"update invoicing_invoice set {column} = -1 where id = %s", draft.pk)
    with refused_by("charge_is_not_negative"):
        sql(f"update invoicing_charge set {column} = -1")
    treatment = "vat_treatment = 'standard', vat_rate = 20, " if column == "vat_amount" else ""
    with refused_by("invoice_line_is_not_negative"):
        sql(f"update invoicing_invoiceline set {treatment} {column} = -1")


@pytest.mark.parametrize(
    "line",
    [
        {"vat_treatment": "outside-scope", "vat_rate": 20, "vat_amount": 15},
        {"vat_treatment": "standard", "vat_rate": 0},
        {"vat_treatment": "unknown"},
    ],
)
def test_a_line_carries_vat_exactly_when_it_is_standard_rated(line):
    with refused_by("invoice_line_carries_vat_exactly_when_standard"):
        add_line(InvoiceFactory(), ChargeFactory(), **line)


def test_a_charge_is_on_one_line_only(draft):
    with pytest.raises(IntegrityError, match="invoicing_invoiceline_charge_id_key"), transaction.atomic():
        add_line(InvoiceFactory(), Charge.objects.get())


def test_an_invoice_is_of_a_month(draft):
    with refused_by("invoice_month_is_a_first_day"):
        sql("update invoicing_invoice set month = '2018-04-02' where id = %s", draft.pk)


def test_a_payer_has_one_draft_a_month(draft):
    with refused_by("invoice_draft_is_one_per_payer_and_month"):
        InvoiceFactory(payer=draft.payer)


def test_a_series_is_kept_once_a_year():
    add = "insert into invoicing_numberseries (series, financial_year, last_number) values ('INV', '2018-19', 0)"
    sql(add)
    with refused_by("number_series_is_kept_once"):
        sql(add)


# --- charges --------------------------------------------------------------------------------------------------------
def test_a_booking_is_charged_once_for_a_reason():
    charge = ChargeFactory()
    with refused_by("charge_is_proposed_once_per_booking_and_reason"):
        ChargeFactory(booking=charge.booking)


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ("state = 'unknown', decided_at = now(), decided_via = 'sql'", "charge_state_is_known"),
        ("reason = 'unknown'", "charge_reason_is_known"),
        ("state = 'waived', waiver = 'unknown', decided_at = now(), decided_via = 'sql'", "charge_waiver_is_known"),
        ("state = 'confirmed', decided_via = 'sql'", "charge_decided_says_when_and_by_whom"),
        ("state = 'confirmed', decided_at = now()", "charge_decided_says_when_and_by_whom"),
        ("decided_at = now()", "charge_decided_says_when_and_by_whom"),
        ("state = 'waived', decided_at = now(), decided_via = 'sql'", "charge_waived_says_why"),
        ("waiver = 'mistake'", "charge_waived_says_why"),
        ("state = 'disputed'", "charge_disputed_says_what_when_and_by_whom"),
        ("dispute = 'other', disputed_at = now()", "charge_disputed_says_what_when_and_by_whom"),
        (
            "dispute = 'unknown', disputed_at = now(), disputed_by_id = (select min(id) from people_person)",
            "charge_disputed_says_what_when_and_by_whom",
        ),
    ],
)
def test_a_charge_does_not_contradict_itself(change, constraint):
    ChargeFactory()
    with refused_by(constraint):
        sql(f"update invoicing_charge set {change}")
