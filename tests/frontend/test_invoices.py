"""The pages of invoices: the list, the document, and the run."""

import pytest
from django.urls import reverse
from django.utils import timezone

from bookings.models import Register
from invoicing import invoices as changes
from invoicing.models import Charge, Invoice
from outbox import jobs
from outbox.models import Job
from tests.factories import (
    AgencyFactory,
    BookingFactory,
    ChargeFactory,
    EventFactory,
    PartnershipFactory,
    PersonFactory,
    TariffFactory,
)
from training.financial_year import FinancialYear

pytestmark = pytest.mark.django_db
LIST = reverse("invoices:list")


@pytest.fixture
def owe():
    """Makes charges that an invoice run takes: one payer each, of an event that is over."""
    PartnershipFactory()
    event = EventFactory(days=-20, places=100)
    tariff = TariffFactory(reason="did-not-attend")

    def make(count, **agency_facts):
        now, made = timezone.now(), []
        by = PersonFactory()
        Register.objects.get_or_create(
            session=event.sessions.get(),
            defaults={"handed_in_at": now, "handed_in_by": by, "closed_at": now, "closed_by": by},
        )
        for _ in range(count):
            agency = AgencyFactory(**agency_facts)
            agency.payer = agency
            agency.save()
            booking = BookingFactory(
                event=event, delegate=PersonFactory(agency=agency, name="Jade Lewis"), outcome="did-not-attend"
            )
            made.append(ChargeFactory(booking=booking, tariff=tariff))
        return made

    make.year = FinancialYear.containing(event.ends_at)
    return make


@pytest.mark.parametrize("count", [1, 50])
def test_the_list_takes_seven_statements_at_one_row_and_at_fifty(
    client, sign_in, owe, django_assert_num_queries, count
):
    owe(count)
    changes.raise_for(owe.year.code, via="command line")
    sign_in("finance-officer")
    with django_assert_num_queries(7):
        page = client.get(LIST).content.decode()
    assert page.count("INV-") == 2 * count, "each in its address and as a word"


def test_an_invoice_names_payer_and_sums_and_no_delegate(client, sign_in, owe):
    (charge,) = owe(1, name="Police <b>Service</b>", purchase_order="PO-1")
    (invoice,) = changes.raise_for(owe.year.code, via="command line").issued
    sign_in("finance-officer")
    page = client.get(reverse("invoices:invoice", args=[invoice.reference])).content.decode()
    assert "Police &lt;b&gt;Service&lt;/b&gt;" in page
    assert charge.booking.reference in page
    assert "£75" in page
    assert "Jade Lewis" not in page


def test_an_agency_lead_opens_their_own_invoices_only(client, sign_in, owe):
    own, other = owe(2)
    issued = {i.payer: i for i in changes.raise_for(owe.year.code, via="command line").issued}
    sign_in("agency-lead", agency=own.booking.agency)
    theirs = issued[other.booking.agency].reference
    for listed in (LIST, reverse("invoices:download")):
        assert issued[own.booking.agency].reference in client.get(listed).content.decode()
        for asked in ({}, {"q": theirs}, {"payer": other.booking.agency.reference}, {"sort": "payer"}):
            assert theirs not in client.get(listed, asked).content.decode().replace(f'value="{theirs}"', "")
    address = reverse("invoices:invoice", args=[theirs])
    assert client.get(address).status_code == 404


def test_a_run_is_previewed_then_goes_on_in_the_background_with_its_page(client, sign_in, owe):
    officer = sign_in("finance-officer")
    owe(2)
    needs_order = owe(1, needs_purchase_order=True)
    address = reverse("invoices:raise")

    preview = client.get(address).content.decode()
    assert "Issue 2 invoices" in preview
    assert "purchase order" in preview
    assert not Invoice.objects.exists(), "looking issues nothing"

    answer = client.post(address, {"year": owe.year.code})
    job = Job.objects.get(asked_by=officer.reference)
    assert answer.url == reverse("invoices:run", args=[job.pk])
    assert client.get(answer.url)["Refresh"] == "3"

    jobs.run_waiting()
    last = client.get(answer.url)
    done = last.content.decode()
    assert "2 invoices issued, £150" in done
    assert "purchase order" in done
    assert "Refresh" not in last
    assert Charge.objects.get(pk=needs_order[0].pk).state == "proposed"


def test_before_a_run_it_is_told_how_many_undecided_charges_it_would_confirm(client, sign_in, owe):
    sign_in("finance-officer")
    charges = owe(3)
    page = client.get(reverse("invoices:raise")).content.decode()
    assert "Nobody has confirmed 3 of these charges yet" in page
    assert "£225, confirmed by this" in page
    assert page.index("confirmed by this") < page.index("Issue 3 invoices")

    Charge.objects.filter(pk__in=[charge.pk for charge in charges]).update(
        state="confirmed", decided_at=timezone.now(), decided_via="test"
    )
    page = client.get(reverse("invoices:raise")).content.decode()
    assert "all are confirmed already" in page
    assert "Nobody has confirmed" not in page


def test_without_anything_to_invoice_the_run_says_so(client, sign_in):
    sign_in("finance-officer")
    assert "nothing to invoice" in client.get(reverse("invoices:raise")).content.decode()


def test_a_coordinator_sees_invoices_and_issues_none(client, sign_in, owe):
    sign_in("coordinator")
    owe(1)
    assert client.get(LIST).status_code == 200
    assert client.post(reverse("invoices:raise"), {"year": owe.year.code}).status_code == 403
    assert not Job.objects.exists()


def test_nonsense_in_the_address_filters_nothing_and_breaks_nothing(client, sign_in, owe):
    sign_in("finance-officer")
    owe(1)
    changes.raise_for(owe.year.code, via="command line")
    page = client.get(LIST, {"year": "99999-00", "payer": "'; --", "page": "x", "sort": "password"})
    assert page.status_code == 200
    assert "INV-" in page.content.decode()
