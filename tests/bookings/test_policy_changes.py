"""Versions of the charging policy: made, changed and withdrawn before their day; never under a booking."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from bookings import closing_days, exemptions, policy_changes
from bookings.models import ChargingPolicy, ClosingDay, ExemptionReason, Tariff
from bookings.refusals import PolicyRefused
from tests.factories import (
    BookingFactory,
    ChargingPolicyFactory,
    ClosingDayFactory,
    EventFactory,
    ExemptionReasonFactory,
    PersonFactory,
    TariffFactory,
)
from tests.guards import Breaks, refused_by, sql

pytestmark = pytest.mark.django_db
breaks = Breaks()


def in_days(number):
    return timezone.localdate() + timedelta(days=number)


def tariff(amount=80, **facts):
    return TariffFactory.build(policy=None, net_amount=Decimal(amount), **facts)


def terms(days=10, **facts):
    return ChargingPolicy(in_force_from=in_days(days), **facts)


# --- what the database holds ------------------------------------------------------------------------------------------
@breaks.by("charging_policy_stays_as_it_was_booked_under")
def other_terms_for_who_booked():
    sql("update bookings_chargingpolicy set late_grace_minutes = 5 where id = %s", booked().pk)


@breaks.by("tariff_stays_as_it_was_booked_under")
def another_price_for_who_booked():
    sql("update bookings_tariff set net_amount = 90 where policy_id = %s", booked().pk)


def booked(**facts):
    return BookingFactory(policy=TariffFactory().policy, **facts).policy


@pytest.mark.parametrize("name", breaks.ways)
def test_the_database_refuses(name):
    breaks.is_refused(name)


@pytest.mark.parametrize("name", breaks.ways)
def test_nothing_else_refuses_it(name):
    breaks.passes_without(name)


def test_no_price_is_added_or_taken_out_under_who_booked():
    policy = booked()
    for statement in (
        "delete from bookings_tariff where policy_id = %s",
        "insert into bookings_tariff (policy_id, reason, duration, delivery, notice_unit, net_amount, vat_treatment) "
        "values (%s, 'part-attended', 'full-day', 'virtual', '', 10, 'zero')",
    ):
        with refused_by("tariff_stays_as_it_was_booked_under"):
            sql(statement, policy.pk)


def test_what_a_workbook_brought_it_may_put_right():
    policy = booked(imported_at=timezone.now())
    policy.tariffs.update(net_amount=90)
    policy.late_grace_minutes = 5
    policy.save()


# --- new versions -----------------------------------------------------------------------------------------------------
def test_a_version_is_made_for_a_day_to_come_and_says_by_whom():
    finance = PersonFactory()
    made = policy_changes.make(terms=terms(late_grace_minutes=15), tariffs=[tariff()], by=finance)
    made.refresh_from_db()
    assert (made.late_grace_minutes, made.changed_by) == (15, finance)
    assert made.tariffs.get().net_amount == 80


@pytest.mark.parametrize("days", [0, -1])
def test_none_is_made_for_a_day_that_has_come(days):
    with pytest.raises(PolicyRefused, match="a day after today"):
        policy_changes.make(terms=terms(days), tariffs=[], by=PersonFactory())


def test_none_is_made_for_a_day_that_another_begins_on():
    ChargingPolicyFactory(in_force_from=in_days(10))
    with pytest.raises(PolicyRefused, match="already"):
        policy_changes.make(terms=terms(), tariffs=[], by=PersonFactory())


def test_a_version_to_come_is_changed_price_by_price_and_its_history_kept():
    policy = ChargingPolicyFactory(in_force_from=in_days(10))
    stays = TariffFactory(policy=policy)
    goes = TariffFactory(policy=policy, reason="part-attended")
    new = [tariff(75), tariff(60, delivery="virtual")]
    facts = {"policy": policy, "seen": None, "by": PersonFactory()}
    policy_changes.change(terms=terms(20, offer_hours=8), tariffs=new, **facts)
    policy.refresh_from_db()
    assert (policy.in_force_from, policy.offer_hours) == (in_days(20), 8)
    assert set(policy.tariffs.values_list("delivery", "net_amount")) == {("face-to-face", 75), ("virtual", 60)}
    assert policy.tariffs.filter(pk=stays.pk).exists(), "what says the same is not written anew"
    assert Tariff.history.rel.related_model.objects.filter(pgh_obj_id=goes.pk).exists()


def test_who_is_second_changes_nothing():
    policy = ChargingPolicyFactory(in_force_from=in_days(10), changed_at=timezone.now())
    with pytest.raises(PolicyRefused, match="Somebody else"):
        policy_changes.change(policy=policy, seen=None, terms=terms(), tariffs=[], by=PersonFactory())


@pytest.mark.parametrize("day", [0, 10])
def test_what_has_begun_or_was_booked_under_is_neither_changed_nor_withdrawn(day):
    policy = ChargingPolicyFactory(in_force_from=in_days(day))
    if day:
        BookingFactory(policy=policy, imported_at=timezone.now())
    with pytest.raises(PolicyRefused, match="Make a new version"):
        policy_changes.change(policy=policy, seen=None, terms=terms(), tariffs=[], by=PersonFactory())
    with pytest.raises(PolicyRefused, match="Make a new version"):
        policy_changes.withdraw(policy=policy, by=PersonFactory())


def test_a_version_to_come_is_withdrawn_with_its_prices_once():
    policy = TariffFactory(policy__in_force_from=in_days(10)).policy
    policy_changes.withdraw(policy=policy, by=PersonFactory())
    assert not ChargingPolicy.objects.exists()
    with pytest.raises(PolicyRefused, match="withdrawn meanwhile"):
        policy_changes.withdraw(policy=policy, by=PersonFactory())


# --- exemptions -------------------------------------------------------------------------------------------------------
def test_an_exemption_has_one_name_however_it_is_written():
    sickness = ExemptionReasonFactory(name="Sickness")
    facts = {"evidence": "", "working_days_to_tell": None, "by": PersonFactory()}
    with pytest.raises(PolicyRefused, match="already"):
        exemptions.add(name="SICKNESS", **facts)
    exemptions.correct(exemption=sickness, name="sickness", is_retired=True, **facts)
    assert ExemptionReason.objects.get().is_retired


# --- closing days -----------------------------------------------------------------------------------------------------
def monday_in(weeks):
    day = in_days(7 * weeks)
    return day - timedelta(days=day.weekday())


def test_days_to_come_are_closed_once_and_opened_again():
    days = closing_days.weekdays_of(monday_in(4), monday_in(4) + timedelta(days=8))
    assert len(days) == 7, "Saturday and Sunday are none"
    assert closing_days.add(days=days, name="Moving house", by=PersonFactory()) == 7
    assert closing_days.add(days=days, name="Moving house", by=PersonFactory()) == 0
    closing_days.take_out(closing_day=ClosingDay.objects.first(), by=PersonFactory())
    assert ClosingDay.objects.count() == 6


def test_no_day_that_has_come_is_closed_or_opened():
    with pytest.raises(PolicyRefused, match="after today"):
        closing_days.add(days=[in_days(0)], name="Snow", by=PersonFactory())
    with pytest.raises(PolicyRefused, match="after today"):
        closing_days.take_out(closing_day=ClosingDayFactory(day=in_days(-1)), by=PersonFactory())


def test_whose_time_to_cancel_a_closing_day_shortens_is_known_before():
    policy = TariffFactory(reason="cancelled-late").policy
    friday = monday_in(6) + timedelta(days=4)
    near = EventFactory(days=(friday - in_days(0)).days)
    far = EventFactory(days=(friday - in_days(0)).days + 28)
    BookingFactory.create_batch(2, event=near, policy=policy)
    BookingFactory(event=near, policy=policy, waiting=True)
    BookingFactory(event=near, policy=ChargingPolicyFactory())
    BookingFactory(event=far, policy=policy)
    found = closing_days.earlier_cut_offs([monday_in(6)])
    assert [(one.event, one.delegates) for one in found] == [(near, 2)]
    assert closing_days.earlier_cut_offs([friday + timedelta(days=3)]) == []
