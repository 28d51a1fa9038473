"""TRUNCATE passes the triggers that write history and take outcomes back: what they watch refuses it."""

from django.db import migrations

NEVER_EMPTIED = "".join(
    f"create trigger {table}_is_never_emptied before truncate on bookings_{table} "
    "for each statement execute function refuse_truncate();\n"
    for table in ["booking", "chargingpolicy", "mark", "register", "tariff"]
)


class Migration(migrations.Migration):
    dependencies = [("bookings", "0002_guards")]

    operations = [migrations.RunSQL(NEVER_EMPTIED, migrations.RunSQL.noop)]
