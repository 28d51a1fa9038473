"""History is written by the database, raw SQL included, and is only ever added to."""

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, models, transaction

from tests.factories import (
    BookingFactory,
    ChargeFactory,
    ChargingPolicyFactory,
    ClosingDayFactory,
    ExemptionReasonFactory,
    MarkFactory,
    PersonFactory,
    RegisterFactory,
    RoleGrantFactory,
    TariffFactory,
)
from tests.guards import refused_by, sql, value

pytestmark = pytest.mark.django_db

# What is tracked, a row of it, and a change with the former value.
TRACKED = {
    "people_person": (PersonFactory, "left_on = '2026-01-31'", "left_on", None),
    "people_rolegrant": (RoleGrantFactory, "role = 'administrator'", "role", "coordinator"),
    "bookings_chargingpolicy": (ChargingPolicyFactory, "answer_working_days = 5", "answer_working_days", 0),
    "bookings_exemptionreason": (ExemptionReasonFactory, "evidence = 'A note'", "evidence", ""),
    "bookings_closingday": (ClosingDayFactory, "name = 'Snow'", "name", "The office is shut"),
    "bookings_tariff": (TariffFactory, "net_amount = 1", "net_amount", 75),
    "bookings_booking": (BookingFactory, "source = 'walk-in'", "source", "booked"),
    "bookings_register": (RegisterFactory, "head_count = 5", "head_count", None),
    "invoicing_charge": (ChargeFactory, "net_amount = 1", "net_amount", 75),
    "bookings_mark": (MarkFactory, "attendance = 'absent'", "attendance", "present"),
}
every_table = pytest.mark.parametrize("table", TRACKED)


def change(table):
    """Change a row by SQL; returns the row."""
    factory, assignment, _, _ = TRACKED[table]
    row = factory()
    sql(f"update {table} set {assignment} where id = %s", row.pk)
    return row


@every_table
def test_a_change_by_sql_leaves_the_former_value(table):
    *_, column, former = TRACKED[table]
    row = change(table)
    with connection.cursor() as cursor:
        cursor.execute(f"select pgh_label, id, pgh_obj_id, {column} from {table}history")
        assert cursor.fetchall() == [("changed", row.pk, row.pk, former)]


@every_table
def test_a_deletion_by_sql_leaves_the_last_value(table):
    row = TRACKED[table][0]()
    sql(f"delete from {table} where id = %s", row.pk)
    assert value(f"select pgh_label from {table}history where id = %s", row.pk) == "deleted"


@every_table
def test_a_change_of_nothing_that_matters_leaves_nothing(table):
    row = TRACKED[table][0]()
    sql(f"update {table} set id = id where id = %s", row.pk)
    assert value(f"select count(*) from {table}history") == 0


@every_table
@pytest.mark.parametrize("attempt", ["update {} set pgh_label = 'never'", "delete from {}"])
def test_history_is_neither_changed_nor_deleted(table, attempt):
    change(table)
    with pytest.raises(DatabaseError, match=r"Cannot (update|delete)|append_only"), transaction.atomic():
        sql(attempt.format(f"{table}history"))


@every_table
def test_history_is_never_emptied(table):
    change(table)
    sql("set constraints all immediate")
    sql("set local turnout.may_truncate = 'no'")  # yes in tests alone
    with refused_by(f"{table}history_is_never_emptied"):
        sql(f"truncate {table}history")
    assert value(f"select count(*) from {table}history") == 1


def test_no_table_whose_deletions_are_kept_is_emptied_past_its_history():
    with connection.cursor() as cursor:
        cursor.execute(
            "select distinct tgrelid::regclass::text from pg_trigger"
            " where not tgisinternal and tgname like 'pgtrigger_deleted_delete_%%' order by 1"
        )
        tables = [table for (table,) in cursor.fetchall()]
    assert set(tables) == set(TRACKED)
    sql("set local turnout.may_truncate = 'no'")
    for table in tables:
        with refused_by(f"{table}_is_never_emptied"):
            sql(f"truncate {table} cascade")


def test_emptying_is_allowed_by_the_tests_connections_and_not_by_the_database_which_would_take_a_superuser():
    assert value("select current_setting('turnout.may_truncate')") == "yes"
    in_database = "select count(*) from pg_db_role_setting where array_to_string(setconfig, ' ') like %s"
    assert value(in_database, "%turnout.may_truncate%") == 0


def test_every_tracked_table_is_tried_here():
    histories = {model._meta.db_table for model in apps.get_models() if model._meta.db_table.endswith("history")}
    assert histories == {f"{table}history" for table in TRACKED}


def test_a_row_that_is_gone_leaves_its_history():
    person = PersonFactory()
    sql("update people_person set left_on = '2026-01-31' where id = %s", person.pk)
    sql("delete from people_person where id = %s", person.pk)
    assert value("select count(*) from people_personhistory where id = %s", person.pk) == 2


def test_history_holds_ids_dates_and_choices_but_no_words_of_a_persons():
    words = {
        f"{model.__name__}.{field.name}"
        for model in apps.get_models()
        if model._meta.db_table.endswith("history")
        for field in model._meta.fields
        if isinstance(field, models.CharField | models.TextField) and not field.choices and field.name != "pgh_label"
    }
    # What is agreed about charging and closing, of nobody.
    agreed = {"ClosingDayHistory.name", "ExemptionReasonHistory.name", "ExemptionReasonHistory.evidence"}
    # Written by a coordinator, who is asked not to name the delegate.
    assert words == {"RegisterHistory.reopened_reason"} | agreed
