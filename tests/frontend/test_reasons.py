"""A reason for an absence told later: entered, checked with what follows, read by coordinators only, taken out."""

import pytest
from django.urls import reverse
from django.utils import timezone

from bookings.models import AbsenceReason
from invoicing import charges
from invoicing.models import Charge
from tests.factories import BookingFactory, ExemptionReasonFactory, PersonFactory
from tests.frontend.joining import text_of
from tests.invoicing import situations
from tests.invoicing.situations import absent, over

pytestmark = pytest.mark.django_db


def sent(exemption=None, **more):
    today = timezone.localdate()
    why = exemption.pk if exemption else "other"
    facts = {"why": why, "reason": "An operation", "how": "by email", "whom": "the delegate"}
    day = {"told_on-day": today.day, "told_on-month": today.month, "told_on-year": today.year}
    return facts | day | {"seen": ""} | more


@pytest.fixture
def charged():
    """A booking of somebody absent, with its charge proposed."""
    booking = absent(over(), policy=situations.policy())
    charges.propose()
    return booking


def address(booking):
    return reverse("bookings:reason", args=[booking.reference])


def test_a_reason_is_noted_after_a_page_that_says_what_follows(
    client, sign_in, charged, django_assert_num_queries, caplog
):
    sickness = ExemptionReasonFactory(name="Sickness", evidence="A note of the manager")
    coordinator = sign_in("coordinator")
    with django_assert_num_queries(5):
        form = text_of(client.get(address(charged)))
    assert "Sickness To be seen: A note of the manager." in form
    with django_assert_num_queries(6):
        check = text_of(client.post(address(charged), sent(sickness)))
    charge = Charge.objects.get()
    assert "For Sickness this has to be seen: A note of the manager. It was not." in check
    assert f"Charge {charge} of £75 stays proposed. Finance can still let them off" in check
    check = text_of(client.post(address(charged), sent(sickness, evidence_seen="on")))
    assert f"It exempts from the charge. Charge {charge} of £75, proposed until now, is waived as exempt" in check
    assert not AbsenceReason.objects.exists(), "looking notes nothing"
    with caplog.at_level("INFO"):
        done = text_of(client.post(address(charged), sent(sickness, evidence_seen="on", confirm="1"), follow=True))
    assert "The reason is noted. It exempts from the charge." in done
    assert "Sickness, An operation, exempt. Told on " in done
    assert f"by email from the delegate; noted by {coordinator.name}." in done
    assert "operation" not in caplog.text
    charges.propose()
    assert Charge.objects.get().waiver == "exempt"


def test_a_reason_is_corrected_and_taken_out_and_the_charge_follows(client, sign_in, charged):
    sickness = ExemptionReasonFactory(name="Sickness", working_days_to_tell=5)
    sign_in("coordinator")
    check = text_of(client.post(address(charged), sent(sickness)))
    assert "Sickness exempts when it is told by Monday 18 June 2018, 5 working days after the event" in check
    on_the_day = {"told_on-day": 11, "told_on-month": 6, "told_on-year": 2018, "confirm": "1"}
    client.post(address(charged), sent(sickness, **on_the_day))
    charges.propose()
    page = client.get(address(charged)).content.decode()
    assert "Correct the reason" in page
    booking_page = client.get(reverse("bookings:booking", args=[charged.reference])).content.decode()
    assert "Note why they did not come" not in booking_page
    assert reverse("policies:policy", args=[charged.policy.pk]) in booking_page
    assert "An operation" in page
    seen = AbsenceReason.objects.get().noted_at.isoformat()
    assert "is proposed again in the night" in text_of(client.post(address(charged), sent(seen=seen)))
    second = text_of(client.post(address(charged), sent(confirm="1"), follow=True))
    assert "Somebody noted another reason since you opened this page" in second
    out = reverse("bookings:take_out_reason", args=[charged.reference])
    for wrong in ("", "2026-13-45T00:00:00", "x"):
        assert "Somebody noted another reason" in text_of(client.post(out, {"seen": wrong}, follow=True))
    assert "No reason is noted any more" in text_of(client.post(out, {"seen": seen}, follow=True))
    charges.propose()
    assert Charge.objects.get().state == "proposed"


def test_what_is_missing_is_asked_for(client, sign_in, charged):
    sign_in("coordinator")
    page = text_of(client.post(address(charged), sent(reason="", whom="", **{"told_on-year": 2017})))
    for said in ("Enter the reason in words", "Enter by whom it was told", "must not be before the booking"):
        assert said in page
    late = sent(**{"told_on-year": timezone.localdate().year + 1})
    assert "must be today or earlier" in text_of(client.post(address(charged), late))
    attended = BookingFactory(event=over(), outcome="attended")
    assert "did not miss it" in text_of(client.get(address(attended), follow=True))


def test_what_a_person_waived_stays_and_nobody_else_reads_the_reason(client, sign_in, charged):
    charges.waive(Charge.objects.get(), waiver="discretion", by=PersonFactory())
    sickness = ExemptionReasonFactory(name="Sickness")
    sign_in("coordinator")
    assert "is waived already, by " in text_of(client.post(address(charged), sent(sickness)))
    client.post(address(charged), sent(sickness, confirm="1"))
    lead = PersonFactory(roles=["agency-lead"], agency=charged.agency)
    for reader in (PersonFactory(roles=["finance-officer"]), lead, charged.delegate):
        sign_in(person=reader)
        for view, what in (("bookings:booking", charged), ("charges:charge", Charge.objects.get())):
            page = client.get(reverse(view, args=[what.reference])).content.decode()
            assert "operation" not in page
            assert "Sickness" not in page


def test_who_was_absent_or_cancelled_late_leads_to_the_page_from_event_and_register(client, sign_in):
    event = over()
    gone = absent(event, policy=situations.policy())
    late = situations.cancelled_late(event, situations.MONDAY, policy=gone.policy)
    sign_in("coordinator")
    page = client.get(reverse("events:event", args=[event.reference])).content.decode()
    assert address(gone) in page
    assert address(late) in page
