"""Two web servers of the same kind side by side, Turnout's and a bare Django's, and clients that ask them."""

import http.client
import os
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from config import server
from script.benchmarks import _database

ROOT = Path(__file__).resolve().parent.parent.parent
WAIT = 30  # seconds for a server to answer


@dataclass(frozen=True, slots=True)
class Ask:
    """One request."""

    path: str
    method: str = "GET"
    body: str = ""
    headers: Mapping[str, str] | None = None


@dataclass(slots=True)
class Answers:
    """What came of many requests: statuses, and the seconds that each took and all took."""

    statuses: list[int]
    seconds: list[float]
    whole: float

    @property
    def rate(self) -> float:
        return len(self.statuses) / self.whole

    def quantile(self, part: float) -> float:
        """Milliseconds within which this part of them was answered."""
        return sorted(self.seconds)[min(len(self.seconds) - 1, int(len(self.seconds) * part))] * 1000


@contextmanager
def serving(application: str, **environment: str) -> Iterator[int]:
    """The port of a server of the application, on the benchmark's own database; ended by its process id."""
    port = free_port()
    web = server.programs("127.0.0.1", port)[0].command
    whole = {**os.environ, "DATABASE_URL": _database.url(), "SITE_URL": f"http://localhost:{port}", **environment}
    process = subprocess.Popen([*web[:-1], application], cwd=ROOT, env=whole, stdin=subprocess.DEVNULL)
    try:
        until = time.monotonic() + WAIT
        while not _answers(port):
            if process.poll() is not None or time.monotonic() > until:
                raise SystemExit(f"{application} is not served.")
            time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait()


def ask(port: int, asks: Sequence[Ask], *, clients: int) -> Answers:
    """Ask all, by so many clients at once, each on a connection that it keeps."""
    queue = iter(asks)
    turn, answers = threading.Lock(), Answers([], [], 0.0)
    ready = threading.Barrier(clients + 1)

    def work() -> None:
        connection = http.client.HTTPConnection("localhost", port, timeout=120)
        connection.connect()
        ready.wait()
        while True:
            with turn:
                one = next(queue, None)
            if one is None:
                connection.close()
                return
            began = time.perf_counter()
            connection.request(one.method, one.path, one.body or None, dict(one.headers or {}))
            response = connection.getresponse()
            response.read()
            took = time.perf_counter() - began
            with turn:
                answers.statuses.append(response.status)
                answers.seconds.append(took)

    threads = [threading.Thread(target=work) for _ in range(clients)]
    for thread in threads:
        thread.start()
    ready.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    answers.whole = time.perf_counter() - began
    return answers


def interleaved(rounds: int, first: Callable[[], None], second: Callable[[], None]) -> None:
    """Each goes first in turn: what the machine does meanwhile must not fall on one of them only."""
    for number in range(rounds):
        for call in (first, second) if number % 2 else (second, first):
            call()


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def _answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False
