"""TRUNCATE passes the triggers that write history and end sessions: people and their roles refuse it."""

from django.db import migrations

NEVER_EMPTIED = "".join(
    f"create trigger {table}_is_never_emptied before truncate on people_{table} "
    "for each statement execute function refuse_truncate();\n"
    for table in ["person", "rolegrant"]
)


class Migration(migrations.Migration):
    dependencies = [("people", "0004_shared_cache")]

    operations = [migrations.RunSQL(NEVER_EMPTIED, migrations.RunSQL.noop)]
