"""Each key to a person says what becomes of it when two records are merged."""

from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models

from people import merges
from people.models import Person
from tests.factories import BookingFactory, ChargeFactory, PersonFactory, RoleGrantFactory

pytestmark = pytest.mark.django_db


def keys_to_persons():
    """Of our models but the histories, which keep the ids that the rows had."""
    for model in apps.get_models():
        is_ours = Path(apps.get_app_config(model._meta.app_label).path).parent == settings.BASE_DIR
        if is_ours and not model._meta.db_table.endswith("history"):
            yield from (
                f"{model._meta.label}.{one.name}"
                for one in model._meta.get_fields()
                if one.related_model is Person and (one.concrete or isinstance(one, models.ManyToManyField))
            )


def test_every_key_to_a_person_has_a_rule_and_only_those():
    there, known = set(keys_to_persons()), merges.MOVES.keys() | merges.STAYS
    assert there - known == set(), "say in the app's personal.py what becomes of it: merges.moves() or merges.stays()"
    assert known - there == set(), "rules for what is gone"
    assert merges.MOVES.keys() & merges.STAYS == set()


def test_what_goes_is_counted_and_what_stays_behind():
    kept, gone = PersonFactory(), PersonFactory()
    for _ in range(2):
        BookingFactory(delegate=gone)
    shared = BookingFactory(delegate=kept).event
    ChargeFactory(booking=BookingFactory(delegate=gone, event=shared))
    for agency in (kept.agency, gone.agency):
        RoleGrantFactory(person=gone, role="agency-lead", agency=agency)
    RoleGrantFactory(person=kept, role="agency-lead")
    PersonFactory(line_manager=gone)
    found = {one.noun: (one.go, one.stay) for one in merges.numbers(gone, kept)}
    assert found == {"booking": (2, 1), "role": (1, 1), "person managed": (1, 0), "charge": (0, 1)}


def test_a_role_without_an_agency_that_both_hold_stays_behind():
    kept, gone = PersonFactory(roles=["coordinator"]), PersonFactory(roles=["coordinator", "finance-officer"])
    left = merges.MOVES["people.RoleGrant.person"].left_behind(gone, kept)
    assert [grant.role for grant in left] == ["coordinator"]


def test_counting_takes_one_statement(django_assert_num_queries):
    kept, gone = PersonFactory(), PersonFactory()
    with django_assert_num_queries(1):
        assert merges.numbers(gone, kept) == []
