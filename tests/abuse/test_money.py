"""What goes wrong with money, and what must happen: the lines of the list under Money, as far as the desk goes today.

Nobody pays by card and nothing is refunded yet: the lines about webhooks and refunds come with them. What lies behind
these lines is tested beside it: each guard of charges, invoices, lines and numbers broken by SQL, and with the guard
taken out (tests/invoicing/test_guards.py, tests/invoicing/test_charge_guards.py); the locks, seen to fail without them
(tests/invoicing/test_decisions.py, test_invoices.py, test_numbering.py, test_charges.py there); killed half way
(tests/invoicing/test_killed.py).
"""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.apps import apps
from django.db import transaction
from django.test import Client
from django.urls import reverse

from invoicing import charges, invoices
from invoicing.models import Charge, Invoice, InvoiceLine, NumberSeries
from outbox import jobs, schedule
from outbox.models import Job
from tests.factories import AccountFactory, ChargeFactory, PartnershipFactory, PersonFactory, TariffFactory
from tests.guards import at_once, refused_by, sql
from tests.invoicing import situations
from tests.signing_in import enter

MONDAY = situations.MONDAY
RAISE = reverse("invoices:raise")


@pytest.fixture
def officers(transactional_db, monkeypatch):
    """Two finance officers, each signed in on a computer of their own; only the work that they ask for is done."""
    monkeypatch.setattr(schedule, "_periods", {})

    def at_their_desk(name):
        person, client = PersonFactory(name=name, account=AccountFactory(), roles=["finance-officer"]), Client()
        enter(client, person.account)
        return person, client

    return at_their_desk("Sam Carter"), at_their_desk("Alex Reed")


def pressed_at_once(officers, *presses):
    """What each officer reads who presses at the same instant as the other: (address, form) each."""

    def press(client, address, form):
        return lambda: client.post(address, form, follow=True)

    both = zip(officers, presses, strict=True)
    answers = at_once(*(press(client, *one) for (_, client), one in both))
    return [" ".join(unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split()) for answer in answers]


def owed(*days):
    """Charges of one agency for each day, proposed from its closed register."""
    agency, policy = situations.payer(), situations.policy()
    for day in days:
        situations.absent(situations.over(day), agency=agency, policy=policy)
    charges.propose()
    return list(Charge.objects.order_by("pk"))


# --- Two officers issue or confirm the same thing: one wins, the other is told ---------------------------------------


def confirming(charge):
    return reverse("charges:confirm"), {"charge": charge.reference}


def waiving(charge):
    return reverse("charges:waive", args=[charge.reference]), {"waiver": "discretion"}


DONE = {"confirmed": "1 charge is confirmed", "waived": "is waived"}


@pytest.mark.parametrize(
    "acts", [(confirming, confirming), (waiving, waiving), (confirming, waiving)], ids=["confirm", "waive", "both"]
)
def test_two_officers_confirm_the_same_thing_one_wins_the_other_is_told(officers, acts):
    # Red without select_for_update in charges._lock: both read that they decided.
    charge = ChargeFactory(tariff=TariffFactory())
    said = pressed_at_once(officers, *(act(charge) for act in acts))
    charge.refresh_from_db()
    winner = [person for person, _ in officers].index(charge.decided_by)
    told = said[1 - winner]
    assert DONE[charge.state] in said[winner]
    assert f"Charge {charge.reference} was {charge.state} by {charge.decided_by.name} at " in told
    assert "Nothing was changed." in told
    assert not any(words in told for words in DONE.values())
    assert charge.history.count() == 1


def test_two_officers_confirm_lists_that_overlap_each_list_is_confirmed_whole_or_not_at_all(officers):
    one, both, other = ChargeFactory.create_batch(3, tariff=TariffFactory())
    address = reverse("charges:confirm")
    lists = ([one, both], [both, other])
    said = pressed_at_once(officers, *((address, {"charge": [each.reference for each in ticked]}) for ticked in lists))
    both.refresh_from_db()
    winner = [person for person, _ in officers].index(both.decided_by)
    assert "2 charges are confirmed" in said[winner]
    assert f"Charge {both.reference} was confirmed by {both.decided_by.name} at " in said[1 - winner]
    kept = (one, other)[1 - winner]
    kept.refresh_from_db()
    assert kept.state == "proposed"


def test_two_officers_issue_the_same_invoices_one_wins_the_other_is_told(officers):
    # Red without its turn in tasks.ask_for_invoices: two runs, and nobody is told.
    PartnershipFactory()
    owed(MONDAY, MONDAY + timedelta(days=31))
    said = pressed_at_once(officers, *[(RAISE, {"year": "2018-19"})] * 2)
    job = Job.objects.get()
    winner = [person.reference for person, _ in officers].index(job.asked_by)
    told = f"{officers[winner][0].name} asked for these invoices before you."
    assert told in said[1 - winner]
    assert "before you" not in said[winner]
    assert all("Invoices for events in 2018/19" in page for page in said), "both see the run"

    jobs.run_waiting()
    assert [invoice.issued_by for invoice in Invoice.objects.all()] == [officers[winner][0]] * 2
    assert InvoiceLine.objects.count() == Charge.objects.filter(state="invoiced").count() == 2
    late = officers[1 - winner][1].post(RAISE, {"year": "2018-19"})
    assert "There is nothing to invoice" in late.content.decode(), "who comes after it is told as well"


def test_one_officer_waives_what_the_other_issues_and_it_is_waived_or_invoiced_and_never_both(officers):
    PartnershipFactory()
    [charge] = owed(MONDAY)
    (_, client), (other, _) = officers
    address, form = waiving(charge)
    answer, _ = at_once(
        lambda: client.post(address, form, follow=True).content.decode(),
        lambda: invoices.raise_for("2018-19", by=other),
    )
    charge.refresh_from_db()
    if charge.state == "waived":
        assert "is waived" in answer
        assert not Invoice.objects.exists()
    else:
        assert f"was invoiced by {other.name} at " in answer
        assert InvoiceLine.objects.get().charge == charge


# --- Numbers stay gapless --------------------------------------------------------------------------------------------


def test_numbers_stay_gapless_when_two_officers_issue_at_once(officers):
    PartnershipFactory()
    months = [MONDAY + timedelta(days=30 * month) for month in range(6)]
    owed(*months, *(month.replace(year=2019) for month in months))
    pressed_at_once(officers, *((RAISE, {"year": year}) for year in ("2018-19", "2019-20")))
    assert at_once(*[jobs.run_waiting] * 2) == [None, None]
    assert [job.state for job in Job.objects.all()] == ["done", "done"]
    numbers = sorted(Invoice.objects.values_list("number", flat=True))
    assert numbers == list(range(1, 13))
    assert NumberSeries.objects.get().last_number == 12


# --- An issued invoice, line or snapshot changed or deleted ----------------------------------------------------------


@pytest.fixture
def issued(db):
    PartnershipFactory()
    owed(MONDAY)
    [invoice] = invoices.raise_for("2018-19", via="command line").issued
    return invoice


def saved(row, field, value):
    setattr(row, field, value)
    row.save()


def by_orm(invoice):
    """Each way that the ORM has to change or delete an issued invoice, its snapshot of the parties, or a line."""
    line = invoice.lines.get()
    forged = invoice.parties | {"payer": {"name": "Somebody else"}}
    rows, lines = Invoice.objects.filter(pk=invoice.pk), invoice.lines.all()
    return {
        "invoice saved": lambda: saved(invoice, "net_amount", 1),
        "invoice updated": lambda: rows.update(due_on="2030-01-01"),
        "invoice deleted": lambda: invoice.delete(),
        "invoices deleted": lambda: rows._raw_delete("default"),
        "snapshot saved": lambda: saved(invoice, "parties", forged),
        "snapshot updated": lambda: rows.update(parties=forged),
        "line saved": lambda: saved(line, "net_amount", 1),
        "lines updated": lambda: lines.update(reason="Nothing"),
        "line deleted": lambda: line.delete(),
        "lines deleted": lambda: lines._raw_delete("default"),
        "line added": lambda: InvoiceLine.objects.bulk_create([copied(line)]),
    }


def copied(line):
    return InvoiceLine(
        invoice=line.invoice, charge=ChargeFactory(), event_on=line.event_on, net_amount=1, vat_rate=0, vat_amount=0,
        vat_treatment="outside-scope",
    )  # fmt: skip


def as_it_stands():
    return [list(model.objects.order_by("pk").values()) for model in (Invoice, InvoiceLine)]


def test_an_issued_invoice_line_or_snapshot_changed_or_deleted_by_the_orm_is_refused_by_the_database(issued):
    before = as_it_stands()
    for way in by_orm(issued):
        with refused_by("invoice_issued_never_changes"):
            by_orm(Invoice.objects.get())[way]()
        assert as_it_stands() == before, way


@pytest.mark.parametrize(
    "statement",
    [
        "update invoicing_invoice set net_amount = 1",
        "update invoicing_invoice set state = 'draft', number = null",
        """update invoicing_invoice set parties = jsonb_set(parties, '{payer,name}', '"Somebody else"')""",
        "delete from invoicing_invoice",
        "update invoicing_invoiceline set net_amount = 1",
        "update invoicing_invoiceline set booking_reference = 'ANOTHER'",
        "delete from invoicing_invoiceline",
    ],
)
def test_an_issued_invoice_line_or_snapshot_changed_or_deleted_by_sql_is_refused_by_the_database(issued, statement):
    before = as_it_stands()
    with refused_by("invoice_issued_never_changes"):
        sql(statement)
    assert as_it_stands() == before


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_an_issued_invoice_is_changed_or_deleted_by_no_address(client, issued, method):
    """There is no admin site; what there is takes nothing, from whoever may do most."""
    assert not apps.is_installed("django.contrib.admin")
    person = PersonFactory(account=AccountFactory(), roles=["finance-officer", "coordinator", "administrator"])
    enter(client, person.account)
    before = as_it_stands()
    for name in ("invoices:invoice", "invoices:pdf", "api:invoice"):
        with transaction.atomic():
            answer = getattr(client, method)(reverse(name, args=[issued.reference]), {"net_amount": "1"})
        assert answer.status_code == 405, name
    assert as_it_stands() == before
