"""Makes the database ready to serve, in one process since each start costs a second: tables, then the demonstration."""

import os
import sys

import django
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        print("Making the database's tables…", file=sys.stderr, flush=True)
        call_command("migrate", verbosity=0)
    call_command("demonstration")


if __name__ == "__main__":
    try:
        main()
    except ImproperlyConfigured as error:
        raise SystemExit(str(error)) from error
