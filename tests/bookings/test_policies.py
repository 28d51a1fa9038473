"""Which policy is in force and what it says, one by one and in bulk."""

from datetime import date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from bookings import policies
from bookings.models import ChargingPolicy, Tariff
from bookings.policies import Terms
from tests.factories import ChargingPolicyFactory, ClosingDayFactory, CourseFactory, TariffFactory

pytestmark = pytest.mark.django_db
LONDON = ZoneInfo("Europe/London")


def test_the_policy_in_force_is_the_latest_that_had_begun():
    old = ChargingPolicyFactory(in_force_from=date(2017, 4, 1))
    new = ChargingPolicyFactory(in_force_from=date(2018, 4, 1))
    terms = Terms.load()
    for day, policy in [(date(2017, 3, 31), None), (date(2018, 3, 31), old), (date(2018, 4, 1), new)]:
        assert policies.in_force(day) == policy
        assert terms.policy_on(day) == policy


def test_a_policy_without_tariffs_ends_charging():
    TariffFactory(policy=ChargingPolicyFactory(in_force_from=date(2017, 4, 1)))
    free = ChargingPolicyFactory(in_force_from=date(2018, 4, 1))
    terms = Terms.load()
    assert terms.policy_on(date(2018, 5, 1)) == free
    assert terms.tariffs_for(free, reason="did-not-attend", duration="full-day", delivery="face-to-face") == []


def test_tariffs_are_those_of_the_courses_duration_and_delivery():
    policy = ChargingPolicyFactory()
    full = TariffFactory(policy=policy)
    TariffFactory(policy=policy, duration="half-day", net_amount=50)
    TariffFactory(policy=policy, delivery="virtual")
    TariffFactory(policy=policy, reason="cancelled-late")
    course = CourseFactory(duration="full-day", delivery="face-to-face")
    assert list(policies.tariffs_for(policy, course, Tariff.Reason.DID_NOT_ATTEND)) == [full]
    assert list(policies.tariffs_for(None, course, Tariff.Reason.DID_NOT_ATTEND)) == []
    loaded = Terms.load().tariffs_for(policy, reason="did-not-attend", duration="full-day", delivery="face-to-face")
    assert loaded == [full]
    assert loaded[0].net_amount == Decimal(75)
    assert loaded[0].policy == policy


@pytest.mark.parametrize("rows", [1, 20])
def test_all_terms_are_two_queries(rows, django_assert_num_queries):
    for _ in range(rows):
        TariffFactory(reason="cancelled-late")
        ClosingDayFactory()
    with django_assert_num_queries(2):
        terms = Terms.load()
        policy = terms.policy_on(date(2026, 1, 1))
        starts_at = datetime(2026, 3, 9, 9, 30, tzinfo=LONDON)
        received_at = datetime(2026, 3, 2, tzinfo=LONDON)
        tariff = terms.late_tariff(policy, "full-day", "face-to-face", starts_at, received_at)
        assert tariff.policy == policy
        assert terms.notice(date(2026, 3, 2), date(2026, 3, 9)) == 4
        assert terms.late_tariff(policy, "full-day", "conference", starts_at, received_at) is None
        assert terms.late_tariff(None, "full-day", "face-to-face", starts_at, received_at) is None


def test_terms_keep_the_hour_at_which_the_office_closes():
    policy = ChargingPolicyFactory(office_closes_at=time(17), answer_working_days=5)
    loaded = Terms.load().policy_on(date(2026, 1, 1))
    assert (loaded.office_closes_at, loaded.answer_working_days) == (time(17), 5)
    after_five = datetime(2026, 3, 6, 17, tzinfo=LONDON)
    assert Terms.load().day_received(policy, after_five) == date(2026, 3, 9)
    assert Terms.load().day_received(None, after_five) == date(2026, 3, 6)


def test_terms_can_be_made_of_rows_that_are_not_saved_yet():
    policy = ChargingPolicy(in_force_from=date(2018, 4, 1))
    tariff = Tariff(
        policy=policy,
        reason="cancelled-late",
        duration="full-day",
        delivery="face-to-face",
        notice=5,
        notice_unit="working-days",
        net_amount=75,
    )
    terms = Terms(policies=[policy], tariffs=[tariff], closing=[])
    starts_at = datetime(2026, 3, 9, 9, 30, tzinfo=LONDON)
    received_at = datetime(2026, 3, 2, tzinfo=LONDON)
    assert terms.late_tariff(policy, "full-day", "face-to-face", starts_at, received_at) is tariff
