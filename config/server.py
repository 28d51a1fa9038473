"""What script/server runs: PostgreSQL, the database made ready, then web, worker and clock until asked to stop."""

import os
import socket
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from config import postgres
from config.supervisor import Program, Stop, Supervisor, run_step, say

ROOT = Path(__file__).resolve().parent.parent
VAR = ROOT / "var"
FOLDERS = ["broker/messages", "broker/processed", "broker/control", "beat", "mail", "files"]
TOLD = 3  # config/prepare.py, not imported here: it imports Django
WATCH_EVERY = 2.0  # seconds
ASK_WITHIN = 60.0  # seconds in which the first page is to be answered


class ServerError(Exception):
    """Why it cannot serve, for the person at the terminal."""


class AlreadyTold(ServerError):
    """The step that failed has said why itself."""


class Turnout:
    """One Turnout on one port, with its own PostgreSQL unless DATABASE_URL names another."""

    def __init__(self, *, bind: str, port: int, database: postgres.Server | None) -> None:
        self.bind, self.port, self.database = bind, port, database
        self.address = f"http://localhost:{port}"
        self.stop = Stop()
        self._started_database = False
        self._next_look = self._give_up_at = 0.0
        self._missed = 0
        self._is_ready = False

    def run(self) -> None:
        """Serve until asked to stop; a database that was killed or deleted is made anew."""
        self.stop.listen()
        refuse_taken_port(self.bind, self.port)
        try:
            while not self.stop.asked:
                self.start_database()
                self.prepare()
                self.serve()
        finally:
            if self.database and self._started_database:
                self.database.stop()

    def start_database(self) -> None:
        if self.database and self.database.start():
            self._started_database = True

    def prepare(self) -> None:
        """Tables, static files, and the demonstration's year in an empty database. All of it is quick when done."""
        make_folders()
        for step in preparations():
            code = 0 if self.stop.asked else run_step(step, self.stop)
            if code == TOLD and not self.stop.asked:
                raise AlreadyTold
            if code and not self.stop.asked:
                raise ServerError(f"This failed, so nothing is served: {' '.join(step)}")

    def serve(self) -> None:
        self._is_ready, self._missed, self._next_look = False, 0, 0.0
        self._give_up_at = time.monotonic() + ASK_WITHIN
        Supervisor(programs(self.bind, self.port), self.stop, before_start=make_folders, watch=self.look).run()

    def look(self) -> bool:
        """Say once that pages are answered; tell when the database is no longer there."""
        if time.monotonic() < self._next_look:
            return True
        if not self._is_ready:
            self._next_look = time.monotonic() + 0.1
            self.say_when_ready()
            return True
        self._next_look = time.monotonic() + WATCH_EVERY
        self._missed = 0 if self.database is None or self.database.answers() else self._missed + 1
        if self._missed < 2:
            return True
        say("PostgreSQL is gone: starting it again.")
        return False

    def say_when_ready(self) -> None:
        if answers(self.port):
            self._is_ready = True
            print(f"Ready: {self.address}", flush=True)
        elif time.monotonic() > self._give_up_at:
            self._is_ready = True
            say(f"{self.address} gives no page; what is said above may tell why.")


def preparations() -> list[list[str]]:
    return [
        [sys.executable, "-P", str(ROOT / "script" / "set_up.py"), "pages", "static"],
        [sys.executable, "-m", "config.prepare"],
    ]


def programs(bind: str, port: int) -> list[Program]:
    # One thread a worker keeps one database connection; more threads were slower and erratic here.
    web = ["--interface", "wsgi", "--workers", "2", "--blocking-threads", "1", "--no-ws", "--log-level", "warning"]
    # Root is asked for by containers and trial machines; the worker takes nothing but its own messages (JSON).
    as_root = ["-W", "ignore:You're running the worker with superuser privileges"]
    celery = [sys.executable, *as_root, "-m", "celery", "--quiet", "--app", "config"]
    # Workers talk to no others: there is one, and the filesystem broker would keep their talk as files.
    alone = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    return [
        Program(
            "web",
            [sys.executable, "-m", "granian", *web, "--host", bind, "--port", str(port), "config.wsgi:application"],
        ),
        Program("worker", [*celery, "worker", "--loglevel", "warning", *alone]),
        Program("beat", [*celery, "beat", "--loglevel", "warning", "--pidfile", ""]),
    ]


def make_folders() -> None:
    """The broker ends with an error when one of these is gone; the next start finds them made."""
    for folder in FOLDERS:
        (VAR / folder).mkdir(parents=True, exist_ok=True)


def refuse_taken_port(bind: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in bind else socket.AF_INET) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # connections of a server just ended do not count
        try:
            trial.bind((bind, port))
        except OSError as error:
            raise ServerError(
                f"Port {port} on {bind} cannot be used: {error.strerror}. Stop what uses it, or choose another: "
                f"PORT={port + 1} script/server"
            ) from error


def answers(port: int) -> bool:
    """Whether the first page comes, be it a sign-in."""
    try:
        with urllib.request.urlopen(f"http://localhost:{port}/", timeout=5):
            return True
    except urllib.error.HTTPError as error:
        return error.code < 500
    except OSError:
        return False


def number(name: str, *, default: int) -> int:
    value = os.environ.get(name, "").strip() or str(default)
    if not value.isdigit() or not 0 < int(value) < 65536:
        raise ServerError(f"{name} is '{value}'. Write a number from 1 to 65535.")
    return int(value)


def main() -> None:
    port = number("PORT", default=8000)
    os.environ.setdefault("SITE_URL", f"http://localhost:{port}")
    own = None if os.environ.get("DATABASE_URL", "").strip() else postgres.Server(VAR / "postgres")
    Turnout(bind=os.environ.get("BIND", "").strip() or "127.0.0.1", port=port, database=own).run()


if __name__ == "__main__":
    try:
        main()
    except AlreadyTold:
        sys.exit(1)
    except (ServerError, postgres.PostgresError) as error:
        sys.exit(str(error))
