"""What the database holds true of merged records: each broken by SQL, and seen to pass without its guard."""

import pytest
from django.utils import timezone

from people.models import Apart, Merge
from tests.factories import AccountFactory, BookingFactory, PersonFactory
from tests.guards import Breaks, refused_by, sql

pytestmark = pytest.mark.django_db
breaks = Breaks()


def made(**facts):
    return Merge.objects.create(kept=PersonFactory(), gone=PersonFactory(), by=PersonFactory(), **facts)


def merged():
    person = PersonFactory(left_on=timezone.localdate(), merged_into=PersonFactory())
    return person.pk


@breaks.by("person_is_not_merged_into_itself")
def merge_into_itself():
    sql("update people_person set merged_into_id = id, left_on = now() where id = %s", PersonFactory().pk)


@breaks.by("person_merged_acts_no_more")
def bring_a_merged_record_back():
    sql("update people_person set left_on = null where id = %s", merged())


@breaks.by("merge_is_of_two_records")
def merge_a_record_with_itself():
    person = PersonFactory()
    Merge.objects.create(kept=person, gone=person, by=PersonFactory())


@breaks.by("merge_undone_says_when_and_by_whom")
def undo_by_nobody():
    made(undone_at=timezone.now())


@breaks.by("record_is_merged_once")
def merge_twice():
    Merge.objects.create(kept=PersonFactory(), gone=made().gone, by=PersonFactory())


@breaks.by("merge_never_changes_but_to_be_undone")
def change_what_was_moved():
    sql(
        "update people_merge set moved = '{}', undone_by_id = by_id, undone_at = now() where id = %s",
        made(moved={"a": [1]}).pk,
    )


@breaks.by("pair_is_kept_apart_once")
def keep_apart_twice():
    one = PersonFactory()
    for _ in range(2):
        Apart.objects.create(
            first=one, second=Apart.objects.first().second if Apart.objects.exists() else PersonFactory(), by=one
        )


@breaks.by("pair_is_in_the_order_of_its_ids")
def keep_apart_the_other_way_round():
    one, two = PersonFactory(), PersonFactory()
    Apart.objects.create(first=two, second=one, by=one)


@breaks.by("booking_is_not_for_a_merged_record")
def book_for_a_merged_record():
    sql("update bookings_booking set delegate_id = %s where id = %s", merged(), BookingFactory().pk)


@pytest.mark.parametrize("name", breaks.ways)
def test_it_is_refused(name):
    breaks.is_refused(name)


@pytest.mark.parametrize("name", breaks.ways)
def test_without_the_guard_it_passes(name):
    breaks.passes_without(name)


def test_nobody_signs_in_as_a_merged_record():
    with refused_by("person_merged_acts_no_more"):
        sql("update people_person set account_id = %s where id = %s", AccountFactory().pk, merged())


def test_a_merge_is_never_deleted_nor_undone_twice():
    done = made()
    with refused_by("merge_never_changes_but_to_be_undone"):
        done.delete()
    sql("update people_merge set undone_at = now(), undone_by_id = by_id where id = %s", done.pk)
    with refused_by("merge_never_changes_but_to_be_undone"):
        sql("update people_merge set undone_at = null, undone_by_id = null where id = %s", done.pk)
