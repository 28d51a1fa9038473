"""No guard without a test: each named constraint, index and trigger of our tables is named by a test."""

from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection

NAMED = """
select conname, conrelid::regclass::text from pg_constraint where contype in ('c', 'u', 'x')
union select indexrelid::regclass::text, indrelid::regclass::text from pg_index where indisunique
union select tgname, tgrelid::regclass::text from pg_trigger where not tgisinternal
"""
# Tried on each table by a name made from the table's: tests/people/test_history.py, tests/invoicing/test_guards.py.
BY_TABLE = ("_changed_update_", "_deleted_delete_", "_append_only_", "_is_never_emptied")
# Triggers that speak in another's name.
SPEAKS_AS = {"invoice_line_of_an_issued_invoice_never_changes": "invoice_issued_never_changes"}


@pytest.mark.django_db
def test_each_named_guard_is_named_by_a_test():
    ours = {
        model._meta.db_table
        for model in apps.get_models()
        if Path(apps.get_app_config(model._meta.app_label).path).parent == settings.BASE_DIR
    }
    with connection.cursor() as cursor:
        cursor.execute(NAMED)
        # What PostgreSQL or Django names after the table (keys, "unique", "not negative") comes from the field itself.
        guards = {name for name, table in cursor.fetchall() if table in ours and not name.startswith(table)}
    tests = "".join(path.read_text() for path in Path(settings.BASE_DIR, "tests").rglob("test_*.py"))
    untested = [
        name for name in guards if SPEAKS_AS.get(name, name) not in tests and not any(kind in name for kind in BY_TABLE)
    ]
    assert untested == []
