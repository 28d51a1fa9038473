"""A back-up of a small world, restored into a second database and an empty folder: all is there, no mail goes out."""

import json
import os
import subprocess
import sys
import tarfile
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from django.conf import settings as django_settings
from django.db import connection
from psycopg import errors, sql

from config import archive, backup, restore
from config.archive import BackupError
from invoicing import charges, invoices
from tests.factories import BookingFactory, EventFactory, JobFactory, MessageFactory, PartnershipFactory
from tests.invoicing.situations import MONDAY, absent, cancelled_late, over, payer, policy
from tests.outbox.mail_server import MailServer

SECOND = "restored"


def address(name=None):
    """The test's database as a URL, or another on its server."""
    database = connection.settings_dict
    password = f":{quote(database['PASSWORD'])}" if database["PASSWORD"] else ""
    url = f"postgresql://{quote(database['USER'])}{password}@/{name or database['NAME']}"
    url += f"?host={quote(str(database['HOST']), safe='')}"
    return url + (f"&port={database['PORT']}" if database["PORT"] else "")


@pytest.fixture
def world(transactional_db):
    """Two charges on an invoice, a full event, work that waits."""
    PartnershipFactory()
    event = EventFactory(places=1)
    rules, agency, past = policy(), payer(), over(MONDAY)
    BookingFactory(event=event)
    absent(past, agency=agency, policy=rules)
    cancelled_late(past, MONDAY - timedelta(days=3), agency=agency, policy=rules)
    charges.propose()
    invoices.raise_for("2018-19", via="command line")
    MessageFactory(key="waiting-one")
    MessageFactory(key="waiting-two")
    MessageFactory(key="sent", state="done", finished_at=past.ends_at)
    JobFactory(key="a-run")
    return event


@pytest.fixture
def second(world):
    """An empty database beside the test's, as its URL."""
    name = f"{connection.settings_dict['NAME']}_{SECOND}"
    with psycopg.connect(address(), autocommit=True) as server:
        remove = sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name))
        server.execute(remove)
        server.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
        yield address(name)
        server.execute(remove)


@pytest.fixture
def var(tmp_path):
    folder = tmp_path / "var"
    (folder / "files" / "2018").mkdir(parents=True)
    (folder / "files" / "2018" / "list.csv").write_bytes(b"a,b\n")
    (folder / "secret_key").write_text("the key")
    return folder


@pytest.fixture
def kept(world, var, tmp_path):
    file = tmp_path / "kept" / "one.tar"
    backup.back_up(url=address(), var=var, target=file, with_secret_key=True)
    return file


def ask(url, question, *values):
    with psycopg.connect(url) as database:
        answer = database.execute(question, values)
        return answer.fetchall() if answer.description else None


def manage(url, mail_server, *command):
    environment = os.environ | {
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "EMAIL_URL": f"smtp://127.0.0.1:{mail_server.port}",
    }
    done = subprocess.run(
        [sys.executable, *command],
        check=False, cwd=django_settings.BASE_DIR, env=environment, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


SUMS = {
    "charges": "select count(*), sum(net_amount) from invoicing_charge",
    "invoices": "select count(*), sum(net_amount), max(number) from invoicing_invoice",
    "places": "select count(*), sum(places) from training_event",
    "bookings": "select count(*), count(outcome), string_agg(reference, ',' order by id) from bookings_booking",
    "numbers": "select series, financial_year, last_number from invoicing_numberseries",
    "history": "select count(*) from invoicing_chargehistory",
}


def test_everything_comes_back_and_still_refuses_what_it_must(kept, second, world, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    restore.restore(url=second, var=elsewhere, file=kept)

    for name, question in SUMS.items():
        assert ask(second, question) == ask(address(), question), name
    with psycopg.connect(address()) as before, psycopg.connect(second) as after:
        then, now = archive.State.of(before), archive.State.of(after)
    assert now.rows.pop(restore.HEARTBEAT) == 1, "that of the restore itself"
    del then.rows[restore.HEARTBEAT]
    assert then == now
    assert (elsewhere / "files" / "2018" / "list.csv").read_bytes() == b"a,b\n"
    assert (elsewhere / "secret_key").read_text() == "the key"
    assert (elsewhere / "secret_key").stat().st_mode & 0o777 == 0o600

    with pytest.raises(errors.CheckViolation, match=r"places are|is issued"):
        ask(second, "update training_event set places = 1; update invoicing_invoice set net_amount = 1")
    with pytest.raises(errors.CheckViolation) as refusal:
        ask(
            second,
            "insert into bookings_booking (reference, event_id, delegate_id, agency_id, state, source, booked_at,"
            " placed_at, received_from) select 'ONETOOMANY', %s, id, agency_id, 'confirmed', 'booked', now(), now(), ''"
            " from people_person"
            " where id not in (select delegate_id from bookings_booking where event_id = %s) limit 1",
            world.pk, world.pk,
        )  # fmt: skip
    assert refusal.value.diag.constraint_name == "event_holds_no_more_than_its_places"
    with pytest.raises(errors.CheckViolation):
        ask(second, "truncate invoicing_invoice cascade")
    # The next id is free: a sequence that was left behind would give one that is taken.
    ask(second, "insert into people_staffgroup (name) values ('New')")
    ask(second, "insert into training_objective (name) values ('New')")


def test_mail_that_waited_in_it_is_not_sent_again_until_somebody_says_so(kept, second, tmp_path):
    restore.restore(url=second, var=tmp_path / "elsewhere", file=kept)
    states = "select key, state from outbox_{} order by key"
    held = [("waiting-one", "held"), ("waiting-two", "held")]
    with MailServer() as server:
        said = manage(second, server, "manage.py", "after_restore")
        assert "Held: 2 messages and 1 jobs" in said
        manage(second, server, "-m", "tests.outbox.child", "send")
        assert server.received == []
        assert ask(second, states.format("message")) == [("sent", "done"), *held]
        assert ask(second, "select name, now() - seen_at < interval '1 hour' from outbox_heartbeat") == [
            ("restored", True)
        ]
        jobs = dict(ask(second, states.format("job")))
        assert jobs.pop("a-run") == "held"
        # Of each periodic job the present period is passed over: it begins with the next.
        assert len(jobs) >= 2
        assert set(jobs.values()) == {"dropped"}

        assert "held  waiting-one" in manage(second, server, "manage.py", "outbox")
        assert manage(second, server, "manage.py", "outbox", "--release", "waiting-one").startswith("1 will be sent")
        assert manage(second, server, "manage.py", "outbox", "--throw-away", "all").startswith("2 thrown away")
        manage(second, server, "-m", "tests.outbox.child", "send")
        assert [message["Subject"] for message in server.received] == ["Trial"]
    assert ask(second, states.format("message")) == [
        ("sent", "done"), ("waiting-one", "done"), ("waiting-two", "dropped"),
    ]  # fmt: skip


def test_a_database_that_holds_something_is_left_as_it_is_unless_that_is_said(kept, second, var):
    with pytest.raises(BackupError, match=r"The database is not empty: it has .* tables.*--replace"):
        restore.restore(url=address(), var=var, file=kept)
    with pytest.raises(BackupError, match="holds files"):
        restore.restore(url=second, var=var, file=kept)
    ask(second, "create table left_over (id int)")
    (var / "files" / "left over").touch()
    restore.restore(url=second, var=var, file=kept, replace=True)
    assert ask(second, "select to_regclass('left_over')") == [(None,)]
    assert ask(second, SUMS["invoices"]) == ask(address(), SUMS["invoices"])
    assert [path.name for path in archive.files_under(var / "files")] == ["list.csv"]


def test_a_restore_that_fails_half_way_leaves_no_rows(kept, second, var, tmp_path, monkeypatch):
    monkeypatch.setattr(restore, "SET_ASIDE", "select 1 / 0;")
    with pytest.raises(BackupError, match="division by zero"):
        restore.restore(url=second, var=tmp_path / "elsewhere", file=kept)
    assert ask(second, archive.TABLES) == []


def test_a_back_up_is_for_its_owner_alone_whole_and_without_the_key_unless_that_is_said(world, var, tmp_path):
    file = tmp_path / "one.tar"
    manifest = backup.back_up(url=address(), var=var, target=file)
    assert file.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir() if path.name != "var"] == ["one.tar"], "left something behind"
    with tarfile.open(file) as tar:
        assert tar.getnames() == ["manifest.json", "database.dump", "files/2018/list.csv"]
        assert {member.mode for member in tar} == {0o600}
        assert json.load(tar.extractfile("manifest.json")) == manifest
    assert manifest["rows"]["outbox_message"] == 3


def damaged(kept, change):
    """The back-up with one part changed, its length kept."""
    content = kept.read_bytes()
    with tarfile.open(kept) as tar:
        member = tar.getmember("files/2018/list.csv")
    kept.write_bytes(change(content, member.offset_data))
    return kept


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda content, at: content[:at] + b"X" + content[at + 1 :], "list.csv in the back-up is damaged"),
        (lambda content, at: content[: at - 512], "is not whole|no whole back-up"),
        (lambda content, at: b"", "no whole back-up"),
        (lambda content, at: b"PK\3\4" * 1000, "no whole back-up"),
    ],
    ids=["changed", "cut off", "empty", "something else"],
)
def test_a_damaged_back_up_is_refused_before_anything_is_touched(kept, second, tmp_path, change, words):
    with pytest.raises(BackupError, match=words):
        restore.restore(url=second, var=tmp_path / "elsewhere", file=damaged(kept, change))
    assert ask(second, archive.TABLES) == []
    assert not (tmp_path / "elsewhere" / "files").exists()


@pytest.mark.parametrize("name", ["files/../../out", "/etc/out", "files//out", "other"])
def test_a_name_that_leads_out_of_the_folder_is_refused(tmp_path, name):
    part = tmp_path / "part"
    part.write_text("x")
    file = tmp_path / "bad.tar"
    with file.open("wb") as stream:
        archive.write(stream, {name: part}, {})
    (tmp_path / "folder").mkdir()
    with pytest.raises(BackupError, match="not in its manifest"):
        archive.unpack(file, tmp_path / "folder")
    assert list((tmp_path / "folder").iterdir()) == []


def test_a_server_newer_than_the_programs_is_told_with_what_to_install(monkeypatch):
    monkeypatch.setattr(archive.shutil, "which", lambda name: None)
    with pytest.raises(BackupError, match=r"PostgreSQL 99, and pg_dump must not be older.*postgresql-client-99"):
        archive.program("pg_dump", at_least=99)


def test_a_program_of_the_machine_is_taken_where_the_wheels_is_too_old(tmp_path, monkeypatch):
    newer = tmp_path / "pg_dump"
    newer.write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 99.1 (Some 1.2)'\n")
    newer.chmod(0o700)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    assert archive.program("pg_dump", at_least=99) == str(newer)
    assert archive.program("pg_dump", at_least=18) != str(newer)


def test_a_password_is_not_on_the_command_line(monkeypatch):
    asked = {}

    def run(command, **options):
        asked.update(options, command=command)
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(archive.subprocess, "run", run)
    archive.run(["pg_dump"], url="postgresql://ann:s3cret@db.example.org:5433/desk?sslmode=require")
    assert "s3cret" not in " ".join(asked["command"])
    assert asked["env"]["PGPASSWORD"] == "s3cret"
    assert "host=db.example.org" in asked["command"][-1]
    assert "sslmode=require" in asked["command"][-1]


def test_a_second_back_up_takes_the_place_of_the_first_whole(kept, world, var):
    first = kept.read_bytes()
    backup.back_up(url=address(), var=var, target=kept)
    assert kept.read_bytes() != first
    assert Path(kept).stat().st_mode & 0o777 == 0o600
