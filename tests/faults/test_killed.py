"""A whole desk, killed again and again while it works: nothing is lost, and little is done twice."""

import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
import uuid
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import psutil
import psycopg
import pytest
from django.conf import settings as django_settings

from config import postgres
from tests.outbox.mail_server import MailServer

WORK = 1000
KILLS = 3
# Seconds in which something must come about; nothing here is about speed.
PATIENCE = 600


def wait_until(is_so: Callable[[], bool], what: str) -> None:
    until = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < until, f"It did not come about: {what}"
        time.sleep(0.1)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return listening.getsockname()[1]


class Desk:
    """The processes under one supervisor, with a PostgreSQL, broker, clock and mail server of their own."""

    def __init__(self, folder: Path, mail_server: MailServer) -> None:
        self.folder, self.mail_server, self.port = folder, mail_server, free_port()
        # Under var/ like the real one: a temporary folder may be closed to the user that PostgreSQL runs as.
        self.database = postgres.Server(postgres.ROOT / "var" / "tests" / uuid.uuid4().hex[:8])
        self.supervisor: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "Desk":
        self.database.start()
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
            "DATABASE_URL": self.database.url,
            "EMAIL_URL": f"smtp://127.0.0.1:{self.mail_server.port}",
            "FAULTS_FOLDER": str(self.folder),
            "LOG_LEVEL": "ERROR",
        }
        migrate = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
        subprocess.run(migrate, check=True, env=environment, cwd=django_settings.BASE_DIR)
        self.said = (self.folder / "said").open("wb")
        self.supervisor = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.desk", str(self.port)],
            env=environment,
            cwd=django_settings.BASE_DIR,
            stderr=self.said,
            stdout=self.said,
        )
        return self

    def __exit__(self, *error: object) -> None:
        if self.supervisor:
            self.supervisor.terminate()
            self.supervisor.wait(60)
            self.said.close()
        self.database.stop()
        shutil.rmtree(self.database.folder)

    def take(self, number: int) -> None:
        """Give the desk a piece of work, and insist."""

        def is_taken() -> bool:
            try:
                address = f"http://127.0.0.1:{self.port}/take/{number}/"
                with urllib.request.urlopen(address, data=b"", timeout=60) as answer:
                    return answer.read() == b"taken"
            except OSError:  # refused, cut off, or 500 as the database is away
                time.sleep(0.2)
                return False

        wait_until(is_taken, f"the web takes {number}")

    def kill(self, word: str) -> None:
        """End the program whose command has the word, with -9."""

        def process() -> psutil.Process | None:
            for child in psutil.Process(self.supervisor.pid).children():
                try:
                    if word in child.cmdline():
                        return child
                except psutil.Error:  # it ended meanwhile
                    continue
            return None

        wait_until(lambda: process() is not None, f"{word} runs again")
        if found := process():
            found.send_signal(signal.SIGKILL)

    def delete_broker(self) -> None:
        shutil.rmtree(self.folder / "broker", ignore_errors=True)

    def restart_database(self) -> None:
        """Without asking anyone to finish."""
        code, said = self.database._run("pg_ctl", "-D", self.database.data, "-m", "immediate", "-w", "stop")
        assert code == 0, said
        time.sleep(1)
        assert self.database.start()

    def effects(self) -> list[str]:
        """What the jobs did, a repeat included."""
        path = self.folder / "effects"
        return path.read_text().splitlines() if path.exists() else []

    def done(self) -> int:
        return len(self.mail_server.received) + sum(line.startswith("trial") for line in self.effects())

    def ask(self, question: str) -> list[tuple]:
        with psycopg.connect(self.database.url) as database:
            return database.execute(question).fetchall()

    def is_all_done(self) -> bool:
        question = "select count(*) from outbox_{} where state = 'done' and key like 'trial:%'"
        return all(self.ask(question.format(table)) == [(WORK,)] for table in ("message", "job"))


@pytest.fixture
def desk(tmp_path):
    with MailServer() as mail_server, Desk(tmp_path, mail_server) as desk:
        yield desk


def test_killed_again_and_again_while_it_works_nothing_is_lost_and_what_is_repeated_says_so(desk):
    seed = random.SystemRandom().randrange(10**6)
    chance = random.Random(seed)
    faults = [lambda word=word: desk.kill(word) for word in ("granian", "worker", "beat") for _ in range(KILLS)]
    faults += [desk.delete_broker, desk.restart_database]
    chance.shuffle(faults)
    # Each comes when so much is done, whatever time that takes; the last while there is still much to do.
    moments = sorted(chance.sample(range(WORK // 10, WORK * 3 // 2), len(faults)))

    clients = [
        threading.Thread(target=lambda first=first: [desk.take(number) for number in range(first, WORK, 2)])
        for first in range(2)
    ]
    for client in clients:
        client.start()
    for moment, fault in zip(moments, faults, strict=True):
        wait_until(lambda moment=moment: desk.done() >= moment, f"{moment} are done (seed {seed})")
        fault()
    for client in clients:
        client.join()
    wait_until(desk.is_all_done, f"all is done (seed {seed})")

    mail, jobs = Counter(message["Subject"] for message in desk.mail_server.received), Counter(desk.effects())
    assert set(mail) == {f"About {number}" for number in range(WORK)}, f"messages were lost (seed {seed})"
    assert {f"trial:{number}" for number in range(WORK)} <= set(jobs), f"jobs were lost (seed {seed})"

    # One sender and two jobs at once: so much was in hand whenever the worker or its database went.
    ends = KILLS + 2
    assert mail.total() - WORK <= ends, f"seed {seed}: {mail.most_common(9)}"
    assert jobs.total() - len(jobs) <= 2 * ends, f"seed {seed}: {jobs.most_common(9)}"
    ids = {(message["Subject"], message["Message-ID"]) for message in desk.mail_server.received}
    assert len(ids) == WORK, "a repeat with another Message-ID"

    # Two beats asked all the time: each period has one job, done.
    ticks = desk.ask("select key, state from outbox_job where kind = 'tick'")
    assert len(ticks) == len(dict(ticks)) > 1
    assert desk.ask("select count(*) from outbox_job where state in ('failed', 'dropped')") == [(0,)]
