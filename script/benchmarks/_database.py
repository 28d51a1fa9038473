"""A database of a benchmark's own on the server that the settings name, dropped afterwards."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

import django
import psycopg
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ["CELERY_BROKER_URL"] = "memory://"  # nobody works off what is posted here


@contextmanager
def own_database(name: str, *, keep: bool = False) -> Iterator[None]:
    """Migrated and empty; with keep it is left there, and found as it was left the next time."""
    default = settings.DATABASES["default"]
    given = default["NAME"]
    own = f"{given}_{name}_benchmark"
    where = where_the_server_is()

    with psycopg.connect(**where, dbname=given, autocommit=True) as server:
        if not keep:
            server.execute(f'drop database if exists "{own}" with (force)')
        if not server.execute("select 1 from pg_database where datname = %s", [own]).fetchone():
            server.execute(f'create database "{own}"')
    default["NAME"] = own
    try:
        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        yield
    finally:
        django.db.connections.close_all()
        default["NAME"] = given
        if not keep:
            with psycopg.connect(**where, dbname=given, autocommit=True) as server:
                server.execute(f'drop database if exists "{own}" with (force)')


def where_the_server_is() -> dict[str, Any]:
    """In psycopg's words."""
    words = {"USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}
    database = settings.DATABASES["default"]
    return {ours: database[theirs] for theirs, ours in words.items() if database.get(theirs)}


def url() -> str:
    """The database in use, as DATABASE_URL says it to a process of its own."""
    database = {name: str(value or "") for name, value in settings.DATABASES["default"].items()}
    who = quote(database["USER"], safe="") + ":" + quote(database["PASSWORD"], safe="")
    if database["HOST"].startswith("/"):
        return f"postgresql://{who}@/{database['NAME']}?host={quote(database['HOST'], safe='')}"
    return f"postgresql://{who}@{database['HOST']}:{database['PORT'] or 5432}/{database['NAME']}"
