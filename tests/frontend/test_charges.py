"""The pages of charges: who sees which, and what finance does with them."""

import pytest
from django.urls import reverse

from bookings.models import AbsenceReason
from frontend.charges.forms import TO_DECIDE
from tests.factories import (
    BookingFactory,
    ChargeFactory,
    MarkFactory,
    PersonFactory,
    TariffFactory,
)

pytestmark = pytest.mark.django_db
LIST = reverse("charges:list")


def make_charges(count, **facts):
    tariff = TariffFactory()
    return [ChargeFactory(tariff=tariff, **facts) for _ in range(count)]


@pytest.mark.parametrize("count", [1, 50])
def test_the_list_takes_seven_statements_at_one_row_and_at_fifty(client, sign_in, django_assert_num_queries, count):
    sign_in("finance-officer")
    make_charges(count)
    with django_assert_num_queries(7):
        page = client.get(LIST, {"state": TO_DECIDE}).content.decode()
    assert page.count('name="charge"') == count


def test_finance_confirms_those_ticked_after_a_check_page(client, sign_in):
    officer = sign_in("finance-officer")
    ticked, left = make_charges(2)
    address = reverse("charges:confirm")

    check = client.get(address, {"charge": ticked.reference}).content.decode()
    assert "Confirm 1 charge" in check
    ticked.refresh_from_db()
    assert ticked.state == "proposed", "looking changes nothing"

    answer = client.post(address, {"charge": ticked.reference}, follow=True).content.decode()
    assert "1 charge is confirmed" in answer
    ticked.refresh_from_db()
    left.refresh_from_db()
    assert (ticked.state, ticked.decided_by, left.state) == ("confirmed", officer, "proposed")


def test_all_of_a_filtered_list_can_be_checked_at_once(client, sign_in):
    sign_in("finance-officer")
    mine, other = make_charges(2)
    agency = mine.booking.agency.reference
    page = client.get(reverse("charges:confirm"), {"state": TO_DECIDE, "agency": agency}).content.decode()
    assert mine.reference in page
    assert other.reference not in page


def test_with_nothing_ticked_nothing_is_offered(client, sign_in):
    sign_in("finance-officer")
    (charge,) = make_charges(1)
    page = client.get(reverse("charges:confirm")).content.decode()
    assert "nothing to confirm" in page
    assert charge.reference not in page


def test_there_is_a_column_to_tick_only_where_something_can_be_ticked(client, sign_in):
    sign_in("finance-officer")
    (charge,) = make_charges(1)
    assert "Tick to confirm" in client.get(LIST).content.decode()
    client.post(reverse("charges:confirm"), {"charge": charge.reference})
    assert "Tick to confirm" not in client.get(LIST).content.decode()


def test_of_charges_that_somebody_decided_meanwhile_the_others_are_not_confirmed_unseen(client, sign_in):
    sign_in("finance-officer", name="Sam Carter")
    decided, other = make_charges(2)
    address, both = reverse("charges:confirm"), {"charge": [decided.reference, other.reference]}
    client.post(address, {"charge": decided.reference})
    told = client.post(address, both, follow=True).content.decode()
    assert f"Charge {decided.reference} was confirmed by Sam Carter" in told
    assert "Nothing was changed" in told
    other.refresh_from_db()
    assert other.state == "proposed"
    again = client.get(address, {"charge": decided.reference}).content.decode()
    assert "nothing to confirm" in again


def test_a_waiver_needs_a_reason_and_is_recorded(client, sign_in):
    officer = sign_in("finance-officer")
    (charge,) = make_charges(1)
    address = reverse("charges:waive", args=[charge.reference])
    assert "Select why it is waived" in client.post(address, {}).content.decode()
    client.post(address, {"waiver": "discretion", "note": "<script>alert(1)</script>"})
    charge.refresh_from_db()
    assert (charge.state, charge.waiver, charge.decided_by) == ("waived", "discretion", officer)
    page = client.get(reverse("charges:charge", args=[charge.reference])).content.decode()
    assert "&lt;script&gt;alert(1)" in page


def test_the_second_officer_is_told_who_was_first(client, sign_in):
    (charge,) = make_charges(1)
    sign_in("finance-officer", name="Sam Carter")
    client.post(reverse("charges:waive", args=[charge.reference]), {"waiver": "mistake"})
    sign_in("finance-officer")
    page = client.post(
        reverse("charges:waive", args=[charge.reference]), {"waiver": "discretion"}, follow=True
    ).content.decode()
    assert "was waived by Sam Carter" in page
    charge.refresh_from_db()
    assert charge.waiver == "mistake"


def test_a_delegate_sees_and_answers_their_own_charge_and_no_other(client, sign_in):
    delegate = sign_in()
    (own,) = make_charges(1, booking=BookingFactory(delegate=delegate))
    (other,) = make_charges(1)
    page = client.get(LIST).content.decode()
    assert own.reference in page
    assert other.reference not in page
    assert client.get(reverse("charges:charge", args=[other.reference])).status_code == 404
    client.post(reverse("charges:dispute", args=[own.reference]), {"ground": "was-there"})
    own.refresh_from_db()
    assert (own.state, own.dispute, own.disputed_by) == ("disputed", "was-there", delegate)


def test_an_agency_lead_sees_their_own_agencys_charges_in_list_filter_and_file(client, sign_in):
    lead = sign_in("agency-lead")
    (own,) = make_charges(1, booking=BookingFactory(delegate=PersonFactory(agency=lead.agency)))
    (other,) = make_charges(1)
    for address in (LIST, reverse("charges:download")):
        for query in ({}, {"agency": other.booking.agency.reference}, {"q": other.booking.delegate.name}):
            page = client.get(address, query).content.decode()
            assert other.reference not in page
            assert other.booking.agency.name not in page
    assert own.reference in client.get(reverse("charges:download")).content.decode()


def test_the_file_holds_names_as_text_never_as_a_formula(client, sign_in):
    sign_in("finance-officer")
    make_charges(1, booking=BookingFactory(delegate=PersonFactory(name='=HYPERLINK("http://evil")')))
    assert ",\"'=HYPERLINK" in client.get(reverse("charges:download")).content.decode()


def test_finance_reads_the_marks_and_not_the_reason_for_absence(client, sign_in):
    sign_in("finance-officer")
    (charge,) = make_charges(1)
    MarkFactory(booking=charge.booking, session=charge.booking.event.sessions.first(), attendance="absent")
    AbsenceReason.objects.create(booking=charge.booking, reason="Broken leg")
    page = client.get(reverse("charges:charge", args=[charge.reference])).content.decode()
    assert "The register says: Absent" in page
    assert "Broken leg" not in page
