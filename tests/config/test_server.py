"""What script/server says before it serves, and when it starts over."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from config import prepare, server
from config.server import ServerError, Turnout

ROOT = Path(server.__file__).resolve().parents[1]


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]


class Database:
    """A stand-in that answers as told: its real ways are tested in test_postgres."""

    def __init__(self, *answers: bool) -> None:
        self.left = list(answers)
        self.stopped = False

    def start(self) -> bool:
        return True

    def answers(self) -> bool:
        return self.left.pop(0)

    def stop(self) -> bool:
        self.stopped = True
        return True


def test_a_taken_port_is_refused_in_words_before_anything_starts(taken: int) -> None:
    database = Database()
    with pytest.raises(
        ServerError, match=rf"Port {taken} on 127.0.0.1 cannot be used: .*PORT={taken + 1} script/server"
    ):
        server.refuse_taken_port("127.0.0.1", taken)
    done = subprocess.run(
        [sys.executable, "-m", "config.server"],
        check=False,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PORT": str(taken)},
    )
    assert done.returncode == 1
    assert done.stderr.startswith(f"Port {taken} on 127.0.0.1 cannot be used")
    assert not database.stopped


@pytest.mark.parametrize("port", ["eighty", "0", "70000", "-1"])
def test_a_port_that_is_none_is_refused_in_words(monkeypatch: pytest.MonkeyPatch, port: str) -> None:
    monkeypatch.setenv("PORT", port)
    with pytest.raises(ServerError, match=f"PORT is '{port}'. Write a number from 1 to 65535."):
        server.number("PORT", default=8000)


def turnout(database: Database, monkeypatch: pytest.MonkeyPatch) -> Turnout:
    monkeypatch.setattr(server, "WATCH_EVERY", 0.0)
    monkeypatch.setattr(server, "answers", lambda port: True)
    return Turnout(bind="127.0.0.1", port=8000, database=database)


def test_a_database_that_is_gone_ends_the_round_but_one_missed_answer_does_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    site = turnout(Database(True, False, True, False, False), monkeypatch)
    site._is_ready = True
    looks = []
    for _ in range(5):
        site._next_look = 0.0
        looks.append(site.look())
    assert looks == [True, True, True, True, False]


def test_a_round_ends_and_the_next_begins_with_the_database(monkeypatch: pytest.MonkeyPatch) -> None:
    site, order = turnout(Database(), monkeypatch), []
    monkeypatch.setattr(server, "refuse_taken_port", lambda bind, port: None)
    monkeypatch.setattr(site, "start_database", lambda: order.append("database"))
    monkeypatch.setattr(site, "prepare", lambda: order.append("prepare"))

    def serve() -> None:
        order.append("serve")
        site.stop.asked = len(order) > 3

    monkeypatch.setattr(site, "serve", serve)
    monkeypatch.setattr(site.stop, "listen", lambda: None)
    site.run()
    assert order == ["database", "prepare", "serve"] * 2


def test_only_a_database_that_it_started_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    for starts, stopped in ((True, True), (False, False)):
        database = Database()
        monkeypatch.setattr(database, "start", lambda starts=starts: starts)
        site = turnout(database, monkeypatch)
        monkeypatch.setattr(server, "refuse_taken_port", lambda bind, port: None)
        monkeypatch.setattr(site.stop, "listen", lambda: None)
        monkeypatch.setattr(site, "prepare", lambda: None)
        monkeypatch.setattr(site, "serve", lambda site=site: setattr(site.stop, "asked", True))
        site.run()
        assert database.stopped is stopped


def test_a_step_that_fails_is_named_and_the_database_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    database = Database()
    site = turnout(database, monkeypatch)
    monkeypatch.setattr(server, "refuse_taken_port", lambda bind, port: None)
    monkeypatch.setattr(site.stop, "listen", lambda: None)
    monkeypatch.setattr(server, "make_folders", lambda: None)
    monkeypatch.setattr(server, "preparations", lambda: [[sys.executable, "-c", "raise SystemExit(1)"]])
    with pytest.raises(ServerError, match="This failed, so nothing is served"):
        site.run()
    assert database.stopped


def test_a_step_that_has_told_why_is_not_named(monkeypatch: pytest.MonkeyPatch) -> None:
    site = turnout(Database(), monkeypatch)
    monkeypatch.setattr(server, "make_folders", lambda: None)
    monkeypatch.setattr(server, "preparations", lambda: [[sys.executable, "-c", f"raise SystemExit({prepare.TOLD})"]])
    with pytest.raises(server.AlreadyTold):
        site.prepare()


def test_it_says_once_that_it_is_ready(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    site = turnout(Database(True, True), monkeypatch)
    answered = [False, True]
    monkeypatch.setattr(server, "answers", lambda port: answered.pop(0))
    site._give_up_at = float("inf")
    for _ in range(4):
        site._next_look = 0.0
        site.look()
    assert capsys.readouterr().out == "Ready: http://localhost:8000\n"
