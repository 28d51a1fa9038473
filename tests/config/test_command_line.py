"""Any command may be the first: tables are made where that is safe, and what is in the way is told in a sentence."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import OperationalError, connection

from config import command_line, tables
from config.server import TOLD

ROOT = Path(tables.__file__).resolve().parents[1]
MANAGE = [sys.executable, str(ROOT / "manage.py")]
PREPARE = [sys.executable, "-m", "config.prepare"]
MADE = "Making the database's tables…"


def address(name: str, **changed: str) -> str:
    """DATABASE_URL for a database on the tests' own server."""
    own = settings.DATABASES["default"]
    words = {"host": own.get("HOST"), "port": own.get("PORT"), "user": own.get("USER"), "password": own.get("PASSWORD")}
    words |= {"dbname": name, **changed}
    return f"postgresql:///{name}?" + "&".join(f"{key}={value}" for key, value in words.items() if value)


@pytest.fixture
def database(django_db_setup: None, django_db_blocker: object) -> Iterator[str]:
    """The name of an empty database beside the tests' own."""
    with django_db_blocker.unblock():
        name = f"{connection.settings_dict['NAME']}_other"
        with connection.cursor() as cursor:
            cursor.execute(f'drop database if exists "{name}" with (force)')
            cursor.execute(f'create database "{name}"')
        yield name
        with connection.cursor() as cursor:
            cursor.execute(f'drop database "{name}" with (force)')


def run(command: list[str], url: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*command, *arguments],
        check=False,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "config.settings"},
    )


def ask(database: str, statement: str) -> object:
    with psycopg.connect(address(database), autocommit=True) as other:
        cursor = other.execute(statement)
        return cursor.fetchone()[0] if cursor.description else None


def test_the_first_command_on_an_empty_database_makes_its_tables_and_the_second_says_nothing(database: str) -> None:
    first, second = (run(MANAGE, address(database), "propose_charges") for _ in range(2))

    assert (first.returncode, first.stdout, first.stderr) == (0, "Nothing to propose.\n", f"{MADE}\n")
    assert (second.returncode, second.stdout, second.stderr) == (0, "Nothing to propose.\n", "")


@pytest.mark.parametrize("arguments", [["check"], ["propose_charges", "--help"], ["help", "propose_charges"]])
def test_what_needs_no_tables_makes_none(database: str, arguments: list[str]) -> None:
    done = run(MANAGE, address(database), *arguments)

    assert (done.returncode, done.stderr) == (0, "")
    assert ask(database, "select count(*) from pg_tables where schemaname = 'public'") == 0


def test_a_database_that_somebody_uses_is_not_changed_unasked(database: str) -> None:
    ask(database, "create table somebody_elses (id int)")

    done = run(MANAGE, address(database), "propose_charges")

    assert done.returncode == 1
    assert done.stderr == (
        "The database of DATABASE_URL is not as this version needs it. Run script/manage migrate first.\n"
    )
    assert ask(database, "select count(*) from pg_tables where schemaname = 'public'") == 1


@pytest.mark.parametrize(("command", "code"), [([*MANAGE, "propose_charges"], 1), (PREPARE, TOLD)])
@pytest.mark.parametrize("state", ["empty", "made by another"])
def test_a_role_that_may_not_make_tables_is_told_what_it_lacks(
    database: str, command: list[str], code: int, state: str
) -> None:
    if state == "made by another":
        ask(database, "create table django_migrations (id bigint, app text, name text, applied timestamptz)")
        ask(database, "revoke all on django_migrations from current_user")
    ask(database, "revoke create on schema public from pg_database_owner")
    role = str(ask(database, "select current_user"))
    more = {}
    if ask(database, "select rolsuper from pg_roles where rolname = current_user"):
        # May do all that was revoked, but also be somebody else; whoever is no superuser makes no roles either.
        role, more = "pg_monitor", {"options": "-c%20role=pg_monitor"}

    done = run(command, address(database, **more))

    assert done.returncode == code
    assert done.stderr.startswith(f"The role {role} may not make Turnout's tables in the database {database}: ")
    assert done.stderr.endswith(f"grant create on schema public to {role};\n")


@pytest.mark.parametrize(("command", "code"), [([*MANAGE, "migrate"], 1), ([*MANAGE, "outbox"], 1), (PREPARE, TOLD)])
def test_a_server_that_does_not_answer_is_told_in_one_sentence(command: list[str], code: int) -> None:
    done = run(command, "postgresql://desk:secret@127.0.0.1:1/training")

    assert done.returncode == code
    assert done.stderr.startswith(
        'The database of DATABASE_URL does not let us in: connection to server at "127.0.0.1"'
    )
    assert "Start its server, or correct DATABASE_URL" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert "secret" not in done.stderr


def test_a_database_that_is_not_there_is_told_in_one_sentence(database: str) -> None:
    done = run(MANAGE, address("not_there"), "propose_charges")

    assert 'database "not_there" does not exist. Start its server, or correct' in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_another_fault_of_the_database_is_no_matter_of_getting_in() -> None:
    locked = OperationalError("canceling statement due to lock timeout")
    locked.__cause__ = psycopg.errors.LockNotAvailable()

    assert not tables.lets_nobody_in(locked)


@pytest.mark.parametrize("lines", [1, 100_000])
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_reader_who_has_gone_ends_a_command_quietly(lines: int, unbuffered: str) -> None:
    program = f"""
from config import command_line
command_line.CommandLine.execute = lambda self: print("a line\\n" * {lines})
command_line.run(["manage.py", "prints"])
"""
    with subprocess.Popen(
        [sys.executable, "-c", program],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONUNBUFFERED": unbuffered},
    ) as process:
        process.stdout.close()
        assert process.stderr.read() == ""
        assert process.wait(timeout=60) == 141


def test_a_pipe_that_broke_elsewhere_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(self: object) -> None:
        raise BrokenPipeError

    monkeypatch.setattr(command_line.CommandLine, "execute", breaks)
    # pytest's own streams may lead nowhere that can be asked.
    monkeypatch.setattr(command_line, "_is_broken", lambda number: False)
    with pytest.raises(BrokenPipeError):
        command_line.run(["manage.py", "version"])
