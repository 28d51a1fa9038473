"""Two records of one person made one: nothing is lost, and it can be undone."""

from collections import Counter
from datetime import timedelta

import pytest
from django.apps import apps
from django.utils import timezone

from bookings import agency_changes, merging, places
from bookings.models import Booking, CalendarFeed
from bookings.refusals import AlreadyBooked
from outbox.models import Message
from people import corrections, merges, refusals
from people.models import Merge, Person
from tests.bookings.factories import CertificateFactory, OfferFactory
from tests.factories import (
    AccountFactory,
    AgencyFactory,
    BookingFactory,
    ChargeFactory,
    ChargingPolicyFactory,
    EventFactory,
    PersonFactory,
    RoleGrantFactory,
    StaffGroupFactory,
    TariffFactory,
    TrainerFactory,
    attended,
)
from training.models import Interest

pytestmark = pytest.mark.django_db


@pytest.fixture
def by():
    return PersonFactory(roles=["administrator"])


@pytest.fixture
def jane():
    account = AccountFactory(email="jane.smith@example.org")
    return PersonFactory(name="Jane Smith", email=account.email, account=account)


@pytest.fixture
def other(jane):
    """The other record of hers, with something of every kind."""
    account = AccountFactory(email="j.smith@example.org")
    other = PersonFactory(name="J Smith", email="j.smith@example.org", account=account, agency=jane.agency)
    came = attended(delegate=other)
    CertificateFactory(booking=came)
    ChargeFactory(booking=BookingFactory(delegate=other, cancelled=True))
    BookingFactory(delegate=other)
    RoleGrantFactory(person=other, role="agency-lead")
    PersonFactory(line_manager=other)
    TrainerFactory(person=other)
    CalendarFeed.objects.create(person=other, digest="a" * 64)
    return other


def merge(kept, gone, by, take=(), giving_up=()):
    return merging.merge(kept=kept, gone=gone, take=take, giving_up=giving_up, by=by)


def rows_of_all():
    """How many rows each table has."""
    return {model._meta.label: model._default_manager.count() for model in apps.get_models()}


def theirs(person):
    """How many rows name the person, by what names them."""
    named = {label: rule.rows(person).count() for label, rule in merges.MOVES.items()}
    for label in merges.STAYS:
        model, _, name = label.rpartition(".")
        named[label] = apps.get_model(model)._default_manager.filter(**{name: person}).count()
    return Counter(named)


def facts(person):
    return Person.objects.values().get(pk=person.pk)


def test_nothing_is_lost_and_all_of_it_is_undone(by, jane, other):
    before, hers, others = rows_of_all(), theirs(jane), theirs(other)
    was = facts(jane), facts(other)
    done = merge(jane, other, by, take=["email"])
    after = rows_of_all()
    assert {label for label in after if after[label] != before[label]} - {"people.Merge"} <= histories()
    assert all(after[label] >= before[label] for label in after)
    # Who did something, did it under the record that goes.
    stayed = Counter({label: others[label] for label in merges.STAYS})
    assert theirs(jane) - Counter({"people.Merge.kept": 1, "people.Person.merged_into": 1}) == hers + others - stayed
    assert theirs(other) == stayed + Counter({"people.Merge.gone": 1})
    assert merging.undo(merge=done, by=by) == []
    assert (facts(jane), facts(other)) == was
    for person, had in ((jane, hers), (other, others)):
        now = theirs(person)
        now["people.Merge.kept"] = now["people.Merge.gone"] = 0
        assert +now == +had


def histories():
    return {model._meta.label for model in apps.get_models() if model._meta.db_table.endswith("history")}


def test_what_is_taken_is_exchanged_and_the_sign_in_goes_with_the_address(by, jane, other):
    group = StaffGroupFactory()
    corrections.correct(person=other, name=other.name, email=other.email, staff_group=group, by=by)
    account = other.account
    merge(jane, other, by, take=["email", "staff_group"])
    jane.refresh_from_db()
    other.refresh_from_db()
    assert (jane.name, jane.email, jane.staff_group, jane.account) == ("Jane Smith", account.email, group, account)
    assert (other.email, other.account, other.merged_into) == ("jane.smith@example.org", None, jane)
    assert other.left_on == timezone.localdate()


def test_who_keeps_their_address_keeps_their_sign_in(by, other):
    kept = PersonFactory(email="known@example.org", account=AccountFactory(email="known@example.org"))
    account = kept.account
    merge(kept, other, by)
    kept.refresh_from_db()
    assert kept.account == account


def test_of_two_bookings_to_come_the_one_not_chosen_is_given_up_without_cost(by):
    policy = ChargingPolicyFactory()
    TariffFactory(policy=policy, reason="cancelled-late")
    event = EventFactory(days=2, places=2)
    jane, other, waiting = PersonFactory(), PersonFactory(), PersonFactory()
    hers = BookingFactory(event=event, delegate=jane, policy=policy)
    second = BookingFactory(event=event, delegate=other, policy=policy)
    waits = BookingFactory(event=event, delegate=waiting, waiting=True)
    with pytest.raises(AlreadyBooked, match="Choose which"):
        merge(jane, other, by)
    done = merge(jane, other, by, giving_up=[hers.reference])
    hers.refresh_from_db()
    second.refresh_from_db()
    waits.refresh_from_db()
    assert (hers.state, hers.outcome, hers.delegate) == ("cancelled", "cancelled-in-time", jane)
    assert (second.state, second.delegate) == ("confirmed", jane)
    assert waits.state == "offered", "the place goes to the next"
    assert not Message.objects.filter(reference=hers.reference).exists()
    assert "whose place is taken or over" in merging.undo(merge=done, by=by)[0]
    second.refresh_from_db()
    assert second.delegate == other


def test_what_was_given_up_comes_back_while_there_is_a_place(by):
    event = EventFactory()
    jane, other = PersonFactory(), PersonFactory()
    hers = BookingFactory(event=event, delegate=jane)
    offered = OfferFactory(booking__event=event, booking__delegate=other).booking
    placed_at = hers.placed_at
    done = merge(jane, other, by, giving_up=[hers.reference])
    assert merging.undo(merge=done, by=by) == []
    hers.refresh_from_db()
    offered.refresh_from_db()
    assert (hers.state, hers.placed_at, hers.outcome, hers.cancelled_at) == ("confirmed", placed_at, None, None)
    assert (offered.state, offered.delegate) == ("offered", other)


def test_who_was_offered_a_place_and_gave_it_up_waits_again(by):
    event = EventFactory()
    jane, other = PersonFactory(), PersonFactory()
    BookingFactory(event=event, delegate=jane)
    offered = OfferFactory(booking__event=event, booking__delegate=other).booking
    done = merge(jane, other, by, giving_up=[offered.reference])
    assert merging.undo(merge=done, by=by) == []
    offered.refresh_from_db()
    assert (offered.state, offered.delegate) == ("waiting", other)


def test_of_an_event_that_took_place_both_bookings_stay_as_they_are(by, jane):
    came = attended(delegate=jane)
    other = PersonFactory()
    twice = BookingFactory(event=came.event, delegate=other, outcome="did-not-attend")
    (pair,) = merging.collisions(jane, other)
    assert not pair.is_to_choose
    merge(jane, other, by)
    twice.refresh_from_db()
    assert (twice.delegate, twice.outcome) == (other, "did-not-attend")


def test_nobody_is_charged_twice_for_one_event_by_a_merge(by, jane):
    event, other = EventFactory(), PersonFactory()
    for person in (jane, other):
        ChargeFactory(booking=BookingFactory(event=event, delegate=person, cancelled=True))
    merge(jane, other, by)
    assert set(Booking.objects.values_list("delegate", flat=True)) == {jane.pk, other.pk}


def test_a_wish_that_both_have_stays_behind(by, jane):
    event, other = EventFactory(), PersonFactory()
    for person in (jane, other):
        Interest.objects.create(course=event.course, person=person)
    merge(jane, other, by)
    assert (jane.interests.count(), other.interests.count()) == (1, 1)


def test_records_merged_before_lead_on_in_one_step(by, jane):
    other, third = PersonFactory(), PersonFactory()
    first = merge(jane, other, by)
    second = merge(third, jane, by)
    other.refresh_from_db()
    assert other.merged_into == third
    with pytest.raises(refusals.MergedAlready, match="Undo that first"):
        merging.undo(merge=first, by=by)
    merging.undo(merge=second, by=by)
    other.refresh_from_db()
    assert other.merged_into == jane
    assert merging.undo(merge=Merge.objects.get(pk=first.pk), by=by) == []


def test_what_changed_since_is_told_and_stays_with_the_one_kept(by, jane):
    other = PersonFactory()
    grant = RoleGrantFactory(person=other, role="agency-lead")
    done = merge(jane, other, by)
    grant.delete()
    booked = places.book(event=EventFactory(), delegate=Person.objects.get(pk=jane.pk), by=by)
    assert merging.undo(merge=done, by=by) == ["1 of the kind “role”, changed since"]
    assert booked.delegate == jane
    with pytest.raises(refusals.ThereAlready):
        merging.undo(merge=done, by=by)


# --- refused ----------------------------------------------------------------------------------------------------------
def test_who_holds_a_staff_role_is_merged_by_an_administrator_only(jane):
    coordinator = PersonFactory(roles=["coordinator"])
    with pytest.raises(refusals.AddressNeedsAnAdministrator):
        merge(jane, PersonFactory(roles=["finance-officer"]), coordinator)
    with pytest.raises(refusals.AddressNeedsAnAdministrator):
        merge(PersonFactory(roles=["finance-officer"]), jane, coordinator)
    assert merge(jane, PersonFactory(), coordinator)


def test_nobody_merges_their_own_record(by, jane):
    with pytest.raises(refusals.Oneself):
        merge(by, jane, by)


def test_a_role_that_somebody_gave_their_second_record_does_not_come_to_them(by):
    jane = PersonFactory(roles=["coordinator"])
    second = PersonFactory()
    RoleGrantFactory(person=second, role="administrator", given_by=jane)
    merge(jane, second, by)
    assert Person.objects.get(pk=jane.pk).roles == {"coordinator"}


def test_a_staff_role_does_not_come_to_a_mailbox_that_others_read(by):
    shared = PersonFactory(email="ward@example.org")
    PersonFactory(email="ward@example.org")
    officer = PersonFactory(roles=["finance-officer"])
    with pytest.raises(refusals.AddressIsShared):
        merge(shared, officer, by)
    assert merge(shared, officer, by, take=["email"])


def test_a_line_manager_and_their_staff_are_two_persons(by, jane):
    with pytest.raises(refusals.NobodyManagesThemselves):
        merge(jane, PersonFactory(line_manager=jane), by)


def test_who_has_left_does_not_stay_for_who_is_here(by, jane):
    gone = PersonFactory(left_on=timezone.localdate() - timedelta(days=9))
    with pytest.raises(refusals.HasLeft, match="Let the other record stay"):
        merge(gone, jane, by)
    done = merge(jane, gone, by)
    merging.undo(merge=done, by=by)
    assert facts(gone)["left_on"] == timezone.localdate() - timedelta(days=9)


def test_a_record_is_merged_once(by, jane):
    other = PersonFactory()
    merge(jane, other, by)
    with pytest.raises(refusals.MergedAlready):
        merge(PersonFactory(), other, by)


def test_a_change_of_agency_that_waits_is_stopped_first(by, jane):
    other = PersonFactory()
    tomorrow = timezone.localdate() + timedelta(days=1)
    agency_changes.change_agency(person=other, agency=AgencyFactory(), from_on=tomorrow, by=by)
    with pytest.raises(refusals.ThereAlready, match="Stop that first"):
        merge(jane, other, by)
