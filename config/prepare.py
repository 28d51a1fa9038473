"""Makes the database ready to serve, in one process since each start costs a second: tables, then the demonstration."""

import os
import sys

import django
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command

# How it ends when it has said why: script/server then has nothing to add.
TOLD = 3


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from config import tables  # the database's part of Django reads the settings

    try:
        tables.make_current(change_given=True)
    except tables.TablesError as error:
        tell(error)
    call_command("demonstration")


def tell(error: Exception) -> None:
    print(error, file=sys.stderr)
    sys.exit(TOLD)


if __name__ == "__main__":
    try:
        main()
    except ImproperlyConfigured as error:
        tell(error)
