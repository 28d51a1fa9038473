"""The embedded server starts whatever its last end was, and stops when asked."""

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from config import postgres
from config.postgres import PostgresError, Server


@pytest.fixture
def folder() -> Iterator[Path]:
    """Under var/ like the real one: a temporary folder may be closed to the user that PostgreSQL runs as."""
    folder = postgres.ROOT / "var" / "tests" / uuid.uuid4().hex[:8]
    yield folder
    Server(folder).stop()
    shutil.rmtree(folder)


def process_of(server: Server) -> int:
    return int((server.data / "postmaster.pid").read_text().split()[0])


def ask(server: Server, question: str) -> object:
    with psycopg.connect(server.url) as connection:
        answer = connection.execute(question)
        return answer.fetchone()[0] if answer.description else None


def test_it_starts_on_an_empty_folder_and_a_second_start_does_nothing(folder: Path) -> None:
    server = Server(folder)
    assert not server.answers()
    assert server.start()
    assert ask(server, "select current_database() || ' ' || current_user") == "turnout turnout"
    assert not server.start()


def test_it_is_the_same_everywhere_and_nobody_else_reaches_it(folder: Path) -> None:
    server = Server(folder)
    server.start()
    assert (
        ask(server, "select datlocprovider::text || datlocale from pg_database where datname = 'turnout'") == "bC.UTF-8"
    )
    assert ask(server, "show max_connections") == "300"
    assert ask(server, "show listen_addresses") == ""
    assert ask(server, "show fsync") == "on"
    assert server.socket_folder.stat().st_mode & 0o777 == 0o700


def test_it_stops_and_keeps_what_it_holds(folder: Path) -> None:
    server = Server(folder)
    server.start()
    ask(server, "create table kept as select 7 as number")
    assert server.stop()
    assert not server.answers()
    assert not server.stop()
    server.start()
    assert ask(server, "select number from kept") == 7


def test_it_starts_again_after_being_killed(folder: Path) -> None:
    server = Server(folder)
    server.start()
    session = psycopg.connect(server.url)
    of_session = session.info.backend_pid
    os.kill(of_session, signal.SIGSTOP)  # it does not notice at once, and holds the memory
    os.kill(process_of(server), signal.SIGKILL)
    threading.Timer(1, os.kill, (of_session, signal.SIGKILL)).start()
    assert server.start()
    session.close()
    assert ask(server, "select 1") == 1


def test_it_starts_although_another_process_has_the_number_of_the_killed_one(folder: Path) -> None:
    server = Server(folder)
    server.start()
    left = (server.data / "postmaster.pid").read_text()
    os.kill(process_of(server), signal.SIGKILL)
    with subprocess.Popen([sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=subprocess.PIPE) as another:
        for lock in (server.data / "postmaster.pid", server.socket_folder / f"{postgres.SOCKET}.lock"):
            lock.write_text(left.replace(left.split()[0], str(another.pid), 1))
        try:
            assert server.start()
            assert another.poll() is None
        finally:
            another.kill()


@pytest.mark.parametrize("left", ["", "12345\n"])
def test_it_starts_although_a_full_disk_left_its_lock_unfinished(folder: Path, left: str) -> None:
    server = Server(folder)
    server.start()
    server.stop()
    (server.data / "postmaster.pid").write_text(left)
    assert server.start()


def test_deleting_its_folder_while_it_runs_is_a_fresh_start(folder: Path) -> None:
    server = Server(folder)
    server.start()
    ask(server, "create table gone as select 1")
    deleted, its_socket = process_of(server), server.socket_folder
    shutil.rmtree(folder)
    assert not server.answers()
    assert server.start()
    os.kill(deleted, signal.SIGINT)  # it ends by itself within a minute, and then deletes its socket
    while postgres.command_line(deleted):
        time.sleep(0.02)
    assert server.socket_folder != its_socket
    assert ask(server, "select to_regclass('gone') is null")


def test_it_starts_again_when_its_socket_was_taken_away(folder: Path) -> None:
    server = Server(folder)
    server.start()
    shutil.rmtree(server.socket_folder)
    assert not server.answers()
    assert server.start()
    assert ask(server, "select 1") == 1


def test_a_server_whose_making_was_interrupted_is_made_again(folder: Path) -> None:
    server = Server(folder)
    server.data.mkdir(parents=True)
    (folder / "data.new").mkdir()
    (folder / "data.new" / "half").write_text("made")
    assert server.start()


def test_two_scripts_that_start_it_at_once_make_one_server(folder: Path) -> None:
    started = []
    threads = [threading.Thread(target=lambda: started.append(Server(folder).start())) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(started) == [False, False, False, True]


@pytest.mark.parametrize("name", ["deep" * 20, "Jo's, training"])
def test_its_socket_lies_elsewhere_when_the_path_is_long_or_odd(folder: Path, name: str) -> None:
    server = Server(folder / name)
    assert server.start()
    assert server.socket_folder.stat().st_mode & 0o777 == 0o700
    assert not server.socket_folder.is_relative_to(folder)
    assert ask(server, "select 1") == 1
    assert server.stop()
    assert not server.socket_folder.exists()


def test_what_stands_in_the_way_is_told_with_the_last_words_of_the_server(folder: Path) -> None:
    server = Server(folder)
    server.start()
    server.stop()
    (server.data / "postgresql.conf").write_text("no_such_setting = 1\n")
    with pytest.raises(PostgresError, match="no_such_setting"):
        server.start()


def run(command: str, url: str = "") -> subprocess.CompletedProcess[str]:
    program = [sys.executable, "-P", str(postgres.ROOT / "config" / "postgres.py"), command]
    return subprocess.run(program, check=False, capture_output=True, text=True, env={**os.environ, "DATABASE_URL": url})


def test_with_a_database_url_nothing_is_started_or_stopped_but_its_answer_counts(folder: Path) -> None:
    server = Server(folder)
    server.start()
    assert [run(command, server.url).returncode for command in ("start", "stop", "status")] == [0, 0, 0]
    assert run("url", server.url).stdout.strip() == server.url
    assert server.answers()
    server.stop()
    assert [run(command, server.url).returncode for command in ("start", "status")] == [1, 1]
    assert "DATABASE_URL is set, and its PostgreSQL server does not answer." in run("start", server.url).stderr


def test_an_unknown_command_is_answered_with_the_known_ones() -> None:
    assert "start, stop, status or url" in run("restart").stderr
