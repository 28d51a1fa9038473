"""Each truth about imports that the database holds, broken once with SQL."""

import pytest

from programme.models import Import
from tests.factories import ImportFactory, PersonFactory
from tests.guards import Breaks, sql

pytestmark = pytest.mark.django_db
breaks = Breaks()

ACCEPT = "accepted_at = now(), accepted_by_id = uploaded_by_id"


def change(import_, values):
    sql(f"update programme_import set {values} where id = %s", import_.pk)


@breaks.by("import_state_is_known")
def _():
    change(ImportFactory(ready=True), "state = 'lost'")


@breaks.by("import_is_accepted_by_somebody_exactly_when_it_is_written")
def _():
    change(ImportFactory(ready=True), "state = 'writing'")


@breaks.by("import_is_checked_before_anything_else")
def _():
    change(ImportFactory(), "state = 'ready'")


@breaks.by("import_has_ended_exactly_when_it_says_when")
def _():
    change(ImportFactory(ended=True), "ended_at = null, file = 'imports/a.xlsx'")


@breaks.by("import_keeps_its_file_exactly_until_it_has_ended")
def _():
    change(ImportFactory(ended=True), "file = 'imports/a.xlsx'")


@breaks.by("import_is_discarded_where_somebody_did_so")
def _():
    change(ImportFactory(ended=True), "discarded_by_id = uploaded_by_id")


@breaks.by("import_is_brought_by_a_person_or_written_at_once")
def _():
    change(ImportFactory(ready=True), "uploaded_by_id = null, via = 'the command line'")


@breaks.by("import_one_is_written_at_a_time")
def _():
    for import_ in (ImportFactory(ready=True), ImportFactory(ready=True)):
        change(import_, f"state = 'writing', {ACCEPT}")


@pytest.mark.parametrize("name", breaks.ways)
def test_it_is_refused_by_this_guard_and_passes_without(name):
    breaks.is_refused(name)
    breaks.passes_without(name)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("import_is_accepted_by_somebody_exactly_when_it_is_written", ACCEPT),
        ("import_is_accepted_by_somebody_exactly_when_it_is_written", "state = 'writing', accepted_at = now()"),
        ("import_is_brought_by_a_person_or_written_at_once", "uploaded_by_id = null"),
        ("import_is_brought_by_a_person_or_written_at_once", "via = 'the command line'"),
        ("import_has_ended_exactly_when_it_says_when", "ended_at = now(), file = ''"),
        ("import_keeps_its_file_exactly_until_it_has_ended", "file = ''"),
    ],
)
def test_the_other_way_round_is_refused_as_well(name, values):
    from tests.guards import refused_by

    with refused_by(name):
        change(ImportFactory(ready=True), values)


@pytest.mark.parametrize("accepted", ["accepted_at = null", "accepted_by_id = (select min(id) from people_person)"])
def test_what_no_person_brought_none_accepted(accepted):
    from tests.guards import refused_by

    PersonFactory()
    import_ = ImportFactory(by_command=True)
    with refused_by("import_is_accepted_by_somebody_exactly_when_it_is_written"):
        change(import_, accepted)


def test_each_guard_of_imports_is_broken_here():
    assert {constraint.name for constraint in Import._meta.constraints} == set(breaks.ways)
