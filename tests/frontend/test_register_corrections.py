"""The page of what a correction changes: money, certificates, the report, and whom to tell; and what stays to do."""

import re

import pytest
from django.urls import reverse

from bookings.models import Correction
from invoicing import charges, invoices
from invoicing.models import Charge
from outbox.models import Message
from reporting import corrected, utilisation
from tests.bookings.corrected import mark_again, marked_event
from tests.factories import PartnershipFactory, PersonFactory
from tests.invoicing import situations
from tests.reporting.published import published
from training.financial_year import FinancialYear

pytestmark = pytest.mark.django_db


def of(event):
    return reverse("registers:corrections", args=[event.reference])


def words(client, address):
    return " ".join(client.get(address).content.decode().split())


@pytest.fixture
def invoiced():
    """An event with one absent delegate, whose agency has the invoice."""
    PartnershipFactory()
    jade = PersonFactory(name="Jade Lewis", agency=situations.payer())
    event = marked_event("absent", delegate=jade, policy=situations.policy())
    charges.propose()
    invoices.raise_for(FinancialYear.containing(event.ends_at).code, via="a test")
    return event


def close(client, event):
    return client.post(reverse("registers:close", args=[event.reference]), follow=True)


def test_after_i_was_there_the_page_proposes_credit_certificate_and_word(client, sign_in, invoiced):
    sign_in("coordinator")
    booking = invoiced.bookings.get()
    mark_again(booking, close=False)
    page = " ".join(close(client, invoiced).content.decode().split())
    assert "What the correction changes" in page
    invoice = Charge.objects.get().line.invoice
    assert f"£75 on invoice {invoice} is to be credited." in page
    assert "It is on finance’s list" in page
    assert "A certificate of attendance can be made." in page
    assert booking.delegate.email in page
    for figure in ("Delegates attended", "Utilisation", "Did not attend"):
        assert figure in page
    client.post(of(invoiced), {"booking": [booking.reference], "tell": "yes"})
    assert Message.objects.get(template="attendance_corrected").reference == booking.reference
    assert "Nothing is left to settle" in words(client, of(invoiced))


def test_what_is_put_off_stays_on_the_coordinators_home_and_on_the_event(client, sign_in, invoiced):
    sign_in("coordinator")
    mark_again(invoiced.bookings.get())
    assert "Tell 1 delegate that the register of" in words(client, reverse("home"))
    listed = client.get(reverse("programme:list"), {"state": "corrected", "year": "all"}).content.decode()
    assert invoiced.reference in listed
    assert "1 delegate is to be told" in words(client, reverse("events:event", args=[invoiced.reference]))
    client.post(of(invoiced), {"booking": [invoiced.bookings.get().reference], "settle": "yes"})
    assert "that the register of" not in words(client, reverse("home"))
    assert not Message.objects.filter(template="attendance_corrected").exists()


def test_nobody_ticked_settles_nothing(client, sign_in, invoiced):
    sign_in("coordinator")
    mark_again(invoiced.bookings.get())
    page = client.post(of(invoiced), {"tell": "yes"}, follow=True).content.decode()
    assert "Nobody was ticked" in page
    assert Correction.objects.to_settle().count() == 1


def test_a_charge_on_no_invoice_is_withdrawn_and_a_new_absence_is_charged(client, sign_in):
    sign_in("coordinator")
    event = marked_event("absent", "present", policy=situations.policy())
    charges.propose()
    absent, present = event.bookings.order_by("pk")
    mark_again(absent)
    mark_again(present, "absent")
    page = words(client, of(event))
    assert "The charge of £75 is on no invoice yet, and is withdrawn tonight." in page
    assert f"A charge of £75 to {present.agency} is proposed tonight" in page
    assert "A certificate that was made is withdrawn." in page
    charges.propose()
    assert set(Charge.objects.values_list("booking", "state")) == {(absent.pk, "waived"), (present.pk, "proposed")}


def test_who_has_no_address_is_named_as_to_be_told_otherwise(client, sign_in):
    sign_in("coordinator")
    event = marked_event("absent", delegate=PersonFactory(email=""))
    mark_again(event.bookings.get())
    assert "No email address: tell them yourself" in words(client, of(event))


def test_the_difference_is_that_of_two_reports():
    # One who came is absent, two who were absent came, and of the others nothing changes.
    event = marked_event("present", "present", "absent", "absent", "absent")
    year = FinancialYear.containing(event.ends_at).code
    before = utilisation.report(year).this.whole
    for place, attendance in ((0, "absent"), (2, "present"), (3, "left-early")):
        mark_again(event.bookings.order_by("pk")[place], attendance)
    after = utilisation.report(year).this.whole
    found = corrected.moved(event, Correction.objects.to_settle().select_related("booking"))
    assert {one.before.figure.key for one in found} == {*corrected.KEYS}
    for one in found:
        assert (one.before.value, one.after.value) == (before[one.before.figure.key], after[one.before.figure.key])


def test_where_the_year_is_published_the_difference_is_that_from_the_published_report(client, sign_in):
    event = marked_event("present", "present", "absent")
    row = published(FinancialYear.containing(event.ends_at).code)
    sign_in("coordinator")
    mark_again(event.bookings.get(outcome="did-not-attend"))
    # Of another event, and so in no correction of this one.
    marked_event("present")
    page = words(client, of(event))
    assert "What differs from the published report of" in page
    assert reverse("reports:published_one", args=[row.financial_year, 1]) in page
    assert re.search(r"Delegates attended</th> <td[^>]*>2</td> <td[^>]*>4</td>", page)
    assert re.search(r"Events delivered</th> <td[^>]*>1</td> <td[^>]*>2</td>", page)


@pytest.mark.parametrize("count", [1, 20])
def test_the_page_takes_eight_statements_at_one_row_and_at_twenty(client, sign_in, django_assert_num_queries, count):
    event = marked_event(*["absent"] * count, policy=situations.policy())
    charges.propose()
    for booking in event.bookings.all():
        mark_again(booking)
    sign_in("coordinator")
    with django_assert_num_queries(8):
        page = client.get(of(event)).content.decode()
    assert page.count("A certificate of attendance can be made.") == count
