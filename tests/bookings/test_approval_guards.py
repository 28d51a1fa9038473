"""What the database holds about requests for approval and about deputies, broken with SQL."""

from datetime import timedelta

import pytest

from bookings.models import Approval
from tests.bookings.factories import ApprovalFactory, DeputyFactory
from tests.factories import BookingFactory, PersonFactory
from tests.guards import Breaks, check_now, passes_without, refused_by, sql

pytestmark = pytest.mark.django_db
breaks = Breaks()
AGREE = "booking_awaits_approval_exactly_while_it_is_undecided"
APPROVE = "update bookings_approval set decision = 'approved', decided_at = now(), decided_by_id = %s where id = %s"


def now_waits(approval):
    """What was decided had its effect, as both sides say at commit."""
    sql("update bookings_booking set state = 'waiting' where id = %s", approval.booking_id)


@breaks.by("approval_is_one_undecided_a_booking")
def asked_twice():
    ApprovalFactory(booking=ApprovalFactory().booking)


@breaks.by("approval_decided_says_how")
def decided_at_no_time():
    sql("update bookings_approval set decision = 'lapsed' where id = %s", ApprovalFactory().pk)


@breaks.by("approval_says_who_decided")
def approved_by_nobody():
    approval = ApprovalFactory()
    sql(APPROVE, None, approval.pk)
    now_waits(approval)


@breaks.by("approval_has_a_reason_only_when_declined")
def approved_with_a_reason():
    approval = ApprovalFactory()
    sql(APPROVE.replace("set", "set reason = 'because',"), approval.asked_id, approval.pk)
    now_waits(approval)


@breaks.by("approval_is_asked_of_a_person_or_an_address")
def asked_of_both():
    sql("update bookings_approval set email = 'ann@anytown.example' where id = %s", ApprovalFactory().pk)


@breaks.by("approval_ends_after_it_is_asked")
def over_before_it_is_asked():
    sql("update bookings_approval set ends_at = asked_at where id = %s", ApprovalFactory().pk)


@breaks.by("approval_decided_never_changes")
def decided_otherwise_afterwards():
    approval = ApprovalFactory()
    sql(APPROVE, approval.asked_id, approval.pk)
    now_waits(approval)
    sql("update bookings_approval set decision = 'declined' where id = %s", approval.pk)


@breaks.by(AGREE)
def requested_of_nobody():
    BookingFactory(requested=True)
    check_now()


@breaks.by("approval_is_undecided_exactly_while_its_booking_awaits_it")
def asked_about_who_waits():
    ApprovalFactory(booking=BookingFactory(waiting=True))
    check_now()


@breaks.by("deputy_is_somebody_else")
def ones_own_deputy():
    person = PersonFactory()
    DeputyFactory(manager=person, deputy=person)


@breaks.by("deputy_ends_after_the_start", "deputy_is_one_at_a_time")
def a_deputy_who_ends_before_the_start():
    sql("update bookings_deputy set ends_on = starts_on - 1 where id = %s", DeputyFactory().pk)


@breaks.by("deputy_is_one_at_a_time")
def two_deputies_on_one_day():
    first = DeputyFactory()
    DeputyFactory(manager=first.manager, starts_on=first.ends_on)


# The trigger on approvals refuses in the name of the truth that both sides keep.
SPEAKS_FOR = {"approval_is_undecided_exactly_while_its_booking_awaits_it": AGREE}


@pytest.mark.parametrize("name", breaks.ways)
def test_the_database_refuses(name):
    if name in SPEAKS_FOR:
        with refused_by(SPEAKS_FOR[name]):
            breaks.ways[name]()
    else:
        breaks.is_refused(name)


@pytest.mark.parametrize("name", breaks.ways)
def test_nothing_else_would_refuse(name):
    breaks.passes_without(name)


@pytest.mark.parametrize("state", ["waiting", "confirmed", "cancelled"])
def test_a_booking_that_awaits_no_approval_any_more_has_no_open_request(state):
    approval = ApprovalFactory()
    columns = {
        "waiting": "",
        "confirmed": ", placed_at = now()",
        "cancelled": ", cancelled_at = clock_timestamp(), received_at = clock_timestamp()",
    }
    sql(f"update bookings_booking set state = %s{columns[state]} where id = %s", state, approval.booking_id)
    approval.refresh_from_db()
    assert (approval.decision, approval.decided_by) == ("withdrawn", None)
    check_now()


def taken_back_without_a_word():
    approval = ApprovalFactory()
    sql("update bookings_booking set state = 'waiting' where id = %s", approval.booking_id)
    assert Approval.objects.undecided().exists()


def test_it_is_this_trigger_that_withdraws():
    sql("alter table bookings_approval disable trigger approval_is_undecided_exactly_while_its_booking_awaits_it")
    passes_without("approval_ends_with_its_booking", taken_back_without_a_word)
    Approval.objects.all().delete()


def test_deputies_follow_each_other_and_who_is_taken_back_stands_in_nobodys_way():
    first = DeputyFactory()
    DeputyFactory(manager=first.manager, starts_on=first.ends_on + timedelta(days=1))
    sql("update bookings_deputy set revoked_at = now() where id = %s", first.pk)
    DeputyFactory(manager=first.manager)
