"""Proposing: which bookings are charged and how much, and that running it again heals and changes nothing."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import connection

from bookings.models import AbsenceReason, Booking, Mark, Register, Tariff
from invoicing import charges
from invoicing.models import Charge
from tests.factories import (
    ClosingDayFactory,
    ExemptionReasonFactory,
    InvoiceFactory,
    MarkFactory,
    PersonFactory,
    RegisterFactory,
    TariffFactory,
)
from tests.invoicing import situations
from tests.invoicing.situations import MONDAY, absent, at, cancelled_late, over
from training.models import Course, Event

pytestmark = pytest.mark.django_db

FRIDAY_BEFORE = MONDAY - timedelta(days=3)


@pytest.mark.parametrize(("duration", "price"), [("full-day", 75), ("half-day", 50)])
def test_who_did_not_attend_is_charged_by_the_length_of_the_course(duration, price):
    policy = situations.policy()
    booking = absent(over(duration=duration), policy=policy)
    assert charges.propose() == 1
    charge = Charge.objects.get()
    assert (charge.booking, charge.reason, charge.net_amount) == (booking, "did-not-attend", price)
    assert charge.explanation == f"Did not attend (policy of 1 April 2016): £{price}."
    assert (charge.state, charge.answer_by, charge.vat_amount) == ("proposed", None, 0)


@pytest.mark.parametrize(
    ("received", "said"),
    [
        (MONDAY, "less than 1 working day"),
        (FRIDAY_BEFORE, "less than 1 working day"),
        (MONDAY - timedelta(days=4), "1 working day"),
        (MONDAY - timedelta(days=7), "4 working days"),
    ],
)
def test_who_cancelled_late_is_told_how_late(received, said):
    cancelled_late(over(), received, policy=situations.policy())
    charges.propose()
    explanation = Charge.objects.get().explanation
    assert explanation == f"Cancelled {said} before the event (policy of 1 April 2016 asks for 5): £75."


def test_a_bank_holiday_is_no_working_day_of_notice():
    ClosingDayFactory(day=MONDAY - timedelta(days=7))
    cancelled_late(over(), MONDAY - timedelta(days=10), policy=situations.policy())
    charges.propose()
    assert Charge.objects.get().explanation.startswith("Cancelled 4 working days before the event")


def test_the_notice_that_was_kept_with_the_booking_is_the_one_that_is_told():
    cancelled_late(over(), FRIDAY_BEFORE, policy=situations.policy(), notice=3)
    charges.propose()
    assert Charge.objects.get().explanation.startswith("Cancelled 3 working days before the event")


@pytest.mark.parametrize(
    ("unit", "notice", "said"),
    [
        ("calendar-days", 14, "Cancelled 2 days before the event (policy of 1 April 2018 asks for 14): £40."),
        ("weekdays", 5, "Cancelled less than 1 weekday before the event (policy of 1 April 2018 asks for 5): £40."),
        ("hours", 96, "Cancelled 81 hours before the event (policy of 1 April 2018 asks for 96): £40."),
    ],
)
def test_notice_is_told_in_the_unit_of_the_policy(unit, notice, said):
    tariff = TariffFactory(
        reason="cancelled-late",
        notice=notice,
        notice_unit=unit,
        net_amount=40,
        policy__in_force_from=date(2018, 4, 1),
    )
    cancelled_late(over(), FRIDAY_BEFORE, policy=tariff.policy)
    charges.propose()
    assert Charge.objects.get().explanation == said


@pytest.mark.parametrize(("days_before", "price"), [(20, 50), (10, 100)])
def test_the_step_that_the_notice_falls_under_is_charged(days_before, price):
    half = TariffFactory(reason="cancelled-late", notice=28, notice_unit="calendar-days", net_amount=50)
    TariffFactory(policy=half.policy, reason="cancelled-late", notice=14, notice_unit="calendar-days", net_amount=100)
    cancelled_late(over(), MONDAY - timedelta(days=days_before), policy=half.policy)
    charges.propose()
    assert Charge.objects.get().net_amount == price


def test_the_policy_that_the_booking_was_made_under_counts_and_not_the_latest():
    old = situations.policy()
    TariffFactory(policy=situations.policy(on=date(2018, 5, 1)), reason="part-attended", net_amount=99)
    absent(over(), policy=old)
    charges.propose()
    assert Charge.objects.get().explanation == "Did not attend (policy of 1 April 2016): £75."


def test_part_attendance_is_charged_where_the_policy_says_so():
    tariff = TariffFactory(reason="part-attended", net_amount=Decimal("37.50"), policy__in_force_from=date(2016, 4, 1))
    absent(over(), policy=tariff.policy, outcome=Booking.Outcome.PART_ATTENDED)
    absent(over(), policy=situations.policy(on=date(2016, 4, 2)), outcome=Booking.Outcome.PART_ATTENDED)
    charges.propose()
    assert Charge.objects.get().explanation == "Part attended (policy of 1 April 2016): £37.50."


def test_vat_comes_on_top_where_the_tariff_is_standard_rated():
    absent(over(), policy=situations.policy(vat=Tariff.VatTreatment.STANDARD))
    charges.propose()
    charge = Charge.objects.get()
    assert (charge.net_amount, charge.vat_amount) == (75, 15)
    assert charge.explanation == "Did not attend (policy of 1 April 2016): £75 and £15 VAT."


def test_an_exempt_reason_is_charged_and_waived_so_that_it_can_be_counted():
    absent(over(), policy=situations.policy(), reason="Sickness", exempt=True)
    charges.propose()
    charge = Charge.objects.get()
    assert (charge.state, charge.waiver, charge.decided_via) == ("waived", "exempt", "policy")
    # Why a person was away may be about their health, and stays with the booking.
    assert charge.waiver_note == ""
    assert "Sickness" not in charge.explanation


def test_another_reason_is_charged():
    absent(over(), policy=situations.policy(), reason="Workload")
    charges.propose()
    assert Charge.objects.get().state == "proposed"


def test_a_delegate_has_the_policys_working_days_to_answer():
    policy = situations.policy(answer_working_days=3)
    absent(over(), policy=policy)
    ClosingDayFactory(day=date(2018, 7, 6))
    with time_machine.travel(at(date(2018, 7, 4), 12), tick=False):  # a Wednesday; that Friday is closed
        charges.propose()
    assert Charge.objects.get().answer_by == date(2018, 7, 10)


# --- not charged ----------------------------------------------------------------------------------------------------
def test_nothing_is_charged_before_every_register_of_the_event_is_closed():
    event = over(sessions=2, closed=False)
    first, second = event.sessions.all()
    RegisterFactory(session=first, closed=True)
    cancelled_late(event, FRIDAY_BEFORE, policy=situations.policy())
    assert charges.propose() == 0
    register = RegisterFactory(session=second, handed_in=True)
    assert charges.propose() == 0
    register.closed_at, register.closed_by = register.handed_in_at, register.handed_in_by
    register.save()
    assert charges.propose() == 1


def test_nothing_is_charged_before_the_event_is_over():
    event = over(date(2030, 6, 10))
    cancelled_late(event, date(2030, 6, 7), policy=situations.policy())
    assert charges.propose() == 0


@pytest.mark.parametrize("state", [Event.State.CANCELLED, Event.State.ABANDONED])
def test_nothing_is_charged_for_an_event_that_was_cancelled_or_broken_off(state):
    event = over()
    cancelled_late(event, FRIDAY_BEFORE, policy=situations.policy())
    absent(event, policy=event.bookings.get().policy)
    event.state, event.cancelled_at = state, event.ends_at
    event.save()
    assert charges.propose() == 0


@pytest.mark.parametrize(
    "outcome", ["attended", "cancelled-in-time", "substituted-out", "moved-out", "event-cancelled", None]
)
def test_other_outcomes_are_not_charged(outcome):
    event = over()
    policy = situations.policy()
    if outcome in ("attended", None):
        absent(event, policy=policy, outcome=outcome)
    else:
        booking = cancelled_late(event, FRIDAY_BEFORE, policy=policy)
        Booking.objects.filter(pk=booking.pk).update(outcome=outcome)
    assert charges.propose() == 0


@pytest.mark.parametrize("mark", [Mark.Attendance.LEFT_WELLBEING, Mark.Attendance.TURNED_AWAY])
@pytest.mark.parametrize("reason", ["did-not-attend", "part-attended"])
def test_who_left_for_their_wellbeing_or_was_turned_away_is_not_charged(mark, reason):
    tariff = TariffFactory(reason=reason)
    booking = absent(over(), policy=tariff.policy, outcome=reason)
    MarkFactory(booking=booking, attendance=mark)
    assert charges.propose() == 0


def test_a_conference_without_a_tariff_is_not_charged():
    absent(over(delivery=Course.Delivery.CONFERENCE), policy=situations.policy())
    assert charges.propose() == 0


def test_a_booking_made_before_there_was_a_policy_is_not_charged():
    situations.policy()
    absent(over(), policy=None)
    assert charges.propose() == 0


def test_a_tariff_of_nothing_charges_nothing():
    absent(over(), policy=TariffFactory(net_amount=0).policy)
    assert charges.propose() == 0


# --- again ----------------------------------------------------------------------------------------------------------
def test_a_second_run_changes_nothing():
    policy, event = situations.policy(), over()
    absent(event, policy=policy)
    absent(event, policy=policy, reason="Sickness", exempt=True)
    cancelled_late(event, FRIDAY_BEFORE, policy=policy)
    assert charges.propose() == 3
    before = list(Charge.objects.order_by("pk").values())
    assert charges.propose() == 0
    assert list(Charge.objects.order_by("pk").values()) == before


def test_a_run_asks_as_much_of_the_database_for_one_booking_as_for_twenty(django_assert_num_queries):
    policy, event = situations.policy(), over()
    absent(event, policy=policy)
    with django_assert_num_queries(8):  # savepoint, lock, charges, policies, closing days, bookings, insert, release
        charges.propose()
    Charge.objects.all().delete()
    for _ in range(19):
        absent(event, policy=policy)
    with django_assert_num_queries(8):
        assert charges.propose() == 20


def reopen(booking):
    Register.objects.filter(session__event=booking.event).update(closed_at=None, closed_by=None)
    Booking.objects.filter(pk=booking.pk).update(outcome=None)


def close(booking, outcome):
    by = PersonFactory()
    Register.objects.filter(session__event=booking.event).update(closed_at=at(MONDAY, 18), closed_by=by)
    Booking.objects.filter(pk=booking.pk).update(outcome=outcome)


@pytest.mark.parametrize("state", ["proposed", "disputed", "confirmed"])
def test_a_reopened_register_takes_its_charge_back_in_sight(state):
    booking = absent(over(), policy=situations.policy())
    charges.propose()
    charge = Charge.objects.get()
    if state == "disputed":
        charges.dispute(charge, ground=Charge.Dispute.WAS_THERE, by=booking.delegate)
    elif state == "confirmed":
        charges.confirm([charge], by=PersonFactory())
    reopen(booking)
    assert charges.propose() == 1
    charge.refresh_from_db()
    assert (charge.state, charge.waiver, charge.decided_via) == ("waived", "mistake", "register reopened")
    assert charge.decided_by is None
    assert charges.propose() == 0


def test_a_reopened_register_takes_back_the_charges_of_who_cancelled_too_as_they_may_have_come_after_all():
    cancelled_late(over(), FRIDAY_BEFORE, policy=situations.policy())
    charges.propose()
    Register.objects.update(closed_at=None, closed_by=None)
    charges.propose()
    assert Charge.objects.get().decided_via == "register reopened"


def test_who_turns_out_to_have_been_there_is_not_charged():
    booking = absent(over(), policy=situations.policy())
    charges.propose()
    close(booking, "attended")
    charges.propose()
    charge = Charge.objects.get()
    assert (charge.state, charge.waiver, charge.decided_via) == ("waived", "mistake", "record corrected")


def test_a_register_closed_again_as_it_was_has_its_charge_proposed_anew():
    booking = absent(over(), policy=situations.policy())
    charges.propose()
    charges.confirm(Charge.objects.all(), by=PersonFactory())
    reopen(booking)
    charges.propose()
    close(booking, "did-not-attend")
    assert charges.propose() == 1
    charge = Charge.objects.get()
    assert (charge.state, charge.waiver, charge.decided_at, charge.decided_via) == ("proposed", "", None, "")


def test_a_sum_that_changed_after_it_was_confirmed_is_to_be_confirmed_again():
    policy, booking = situations.policy(), absent(over(), policy=situations.policy(on=date(2016, 4, 2)))
    charges.propose()
    charges.confirm(Charge.objects.all(), by=PersonFactory())
    Course.objects.update(duration=Course.Duration.HALF_DAY)
    Booking.objects.update(policy=policy)
    assert charges.propose() == 1
    charge = Charge.objects.get()
    assert (charge.booking, charge.state, charge.net_amount) == (booking, "proposed", 50)
    assert charge.explanation == "Did not attend (policy of 1 April 2016): £50."


def test_a_reason_found_exempt_later_waives_the_charge():
    booking = absent(over(), policy=situations.policy(), reason="Workload")
    charges.propose()
    AbsenceReason.objects.filter(booking=booking).update(exemption=ExemptionReasonFactory())
    assert charges.propose() == 1
    assert Charge.objects.get().waiver == "exempt"


def test_a_reason_found_not_to_be_exempt_is_charged():
    booking = absent(over(), policy=situations.policy(), reason="Sickness", exempt=True)
    charges.propose()
    AbsenceReason.objects.filter(booking=booking).update(exemption=None)
    assert charges.propose() == 1
    assert (Charge.objects.get().state, Charge.objects.get().waiver) == ("proposed", "")


def test_an_exempt_reason_that_is_deleted_after_its_time_leaves_exempt():
    booking = absent(over(), policy=situations.policy(), reason="Sickness", exempt=True)
    charges.propose()
    AbsenceReason.objects.filter(booking=booking).delete()
    assert charges.propose() == 0
    assert Charge.objects.get().waiver == "exempt"


def test_what_a_person_waived_stays_waived_whatever_the_register_says():
    booking = absent(over(), policy=situations.policy())
    charges.propose()
    charges.waive(Charge.objects.get(), waiver=Charge.Waiver.DISCRETION, by=PersonFactory())
    reopen(booking)
    assert charges.propose() == 0
    close(booking, "did-not-attend")
    assert charges.propose() == 0
    assert Charge.objects.get().waiver == "discretion"


def test_what_is_invoiced_stays_invoiced_whatever_the_register_says():
    booking = absent(over(), policy=situations.policy())
    charges.propose()
    charges.confirm(Charge.objects.all(), by=PersonFactory())
    Charge.objects.update(state="invoiced")
    InvoiceFactory()
    close(booking, "attended")
    assert charges.propose() == 0
    assert Charge.objects.get().state == "invoiced"


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_propose_each_charge_once():
    # Red without its turn: the slower one breaks charge_is_proposed_once_per_booking_and_reason.
    policy, event = situations.policy(), over()
    event.places = 40
    event.save()
    for _ in range(40):
        absent(event, policy=policy)

    def run(_):
        try:
            return charges.propose()
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        made = list(threads.map(run, range(4)))
    assert sorted(made) == [0, 0, 0, 40]
    assert Charge.objects.count() == 40
