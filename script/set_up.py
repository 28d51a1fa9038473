"""Brings what the scripts need: packages, Node, the pages' styles, PostgreSQL. Python 3.11, bash and git are enough.

Standard library only, since it runs before anything is installed. Each part leaves a stamp, the hash of what it was
made from, so that the second time takes no time; a part that was interrupted has no stamp and is made again.
"""

import contextlib
import fcntl
import hashlib
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PROGRAMS = VENV / "bin"
PYTHON = PROGRAMS / "python"
REQUIREMENTS = ROOT / "requirements"
ASSETS = ROOT / "frontend" / "assets"
BUILT = ROOT / "frontend" / "static" / "build"
OLDEST_NODE = (20, 19)  # sass needs it
# Councils read their staff's traffic: the certificate that they add is known to the machine, not to uv and Node.
TRUST = {"UV_SYSTEM_CERTS": "true", "NODE_USE_SYSTEM_CA": "1"}


class SetUpError(Exception):
    """What could not be set up, for the person at the terminal."""


def main(parts: list[str]) -> None:
    with alone():
        install_packages(for_tests="tests" in parts)
        if "pages" in parts:
            build_pages()
        if "static" in parts:
            collect_static()
    if "database" in parts:
        start_database()


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Two scripts started at once must not install over each other; the lock goes with the process, however it ends."""
    VENV.mkdir(exist_ok=True)
    with (VENV / "set_up.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Waiting for another script to finish setting up…")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def install_packages(*, for_tests: bool) -> None:
    """The packages of requirements/run.txt, or those of test.txt, which has the same and more."""
    run_lock, test_lock = REQUIREMENTS / "run.txt", REQUIREMENTS / "test.txt"
    if is_made(VENV / "test.stamp", test_lock) or (not for_tests and is_made(VENV / "run.stamp", run_lock)):
        return
    say("Installing Python packages…")
    make_venv()
    if for_tests:
        install(test_lock)
        stamp(VENV / "test.stamp", test_lock)
    else:
        install(run_lock)
        stamp(VENV / "run.stamp", run_lock)


def make_venv() -> None:
    if not works(PYTHON, "-m", "pip", "--version"):
        try:
            run(getattr(sys, "_base_executable", sys.executable), "-m", "venv", VENV)
        except SetUpError as error:
            hint = "Python's module venv is needed; Debian and Ubuntu keep it in the package python3-venv."
            raise SetUpError(f"{error}\n{hint}") from error
    if not works(PROGRAMS / "uv", "--version"):
        run(
            PYTHON,
            "-m",
            "pip",
            "install",
            "--quiet",
            "--require-hashes",
            "-r",
            REQUIREMENTS / "uv.txt",
        )


def install(lock: Path) -> None:
    """Exactly the locked packages, each checked by its hash."""
    try:
        run(
            PROGRAMS / "uv",
            "pip",
            "install",
            "--quiet",
            "--python",
            PYTHON,
            "--compile-bytecode",
            "--require-hashes",
            "-r",
            lock,
        )
    except SetUpError:
        # A machine may reach its packages only as pip is configured to; uv does not read that.
        say("… with pip, as uv could not; this takes a minute.")
        run(PYTHON, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", lock)


def build_pages() -> None:
    """The pages' styles, fonts and scripts, in frontend/static/build."""
    lock, modules = ROOT / "package-lock.json", ROOT / "node_modules"
    sources = [lock, *sorted(file for file in ASSETS.rglob("*") if file.is_file())]
    installed, built = (
        is_made(modules / ".stamp", lock),
        is_made(BUILT / ".stamp", *sources),
    )
    if installed and built:
        return
    os.environ["PATH"] = f"{find_node()}{os.pathsep}{os.environ['PATH']}"
    if not installed:
        say("Installing the pages' packages…")
        run("npm", "ci", "--loglevel=error", "--include=dev")
        stamp(modules / ".stamp", lock)
    say("Building the pages' styles and scripts…")
    run("npm", "run", "--loglevel=error", "build")
    stamp(BUILT / ".stamp", *sources)


def collect_static() -> None:
    """The static files as the web server gives them: compressed, and named by their content."""
    static = ROOT / "frontend" / "static"
    sources = [REQUIREMENTS / "run.txt", *sorted(file for file in static.rglob("*") if file.is_file())]
    collected = ROOT / "var" / "static" / ".stamp"
    if not is_made(collected, *sources):
        run(PYTHON, ROOT / "manage.py", "collectstatic", "--no-input", "--verbosity", "0")
        stamp(collected, *sources)


def find_node() -> str:
    """The folder of a Node that is new enough: the machine's, else one from a Python package in .venv."""
    for folder in [*os.environ["PATH"].split(os.pathsep), str(PROGRAMS)]:
        if (Path(folder) / "npm").exists() and node_version(Path(folder) / "node") >= OLDEST_NODE:
            return folder
    say("Installing Node…")
    install(REQUIREMENTS / "node.txt")
    return str(PROGRAMS)


def node_version(node: Path) -> tuple[int, ...]:
    try:
        said = subprocess.run([node, "--version"], check=True, capture_output=True, text=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return ()
    return tuple(int(number) for number in re.findall(r"\d+", said)[:2])


def start_database() -> None:
    """PostgreSQL, left running; or a look whether the server of DATABASE_URL answers."""
    command: list[str | Path] = [PYTHON, "-P", ROOT / "config" / "postgres.py", "start"]
    done = subprocess.run(command, check=False, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode:
        raise SetUpError(done.stderr.strip())


def is_made(at: Path, *sources: Path) -> bool:
    return at.exists() and at.read_text() == hash_of(*sources)


def stamp(at: Path, *sources: Path) -> None:
    at.write_text(hash_of(*sources))


def hash_of(*sources: Path) -> str:
    total = hashlib.sha256()
    for source in sources:
        total.update(f"{source.relative_to(ROOT)} {hashlib.sha256(source.read_bytes()).hexdigest()}\n".encode())
    return total.hexdigest()


def works(*command: str | Path) -> bool:
    try:
        return subprocess.run(command, check=False, capture_output=True).returncode == 0
    except OSError:
        return False


def run(*command: str | Path) -> None:
    """Run it in silence; what it said is told when it fails."""
    done = subprocess.run(
        command,
        check=False,
        cwd=ROOT,
        env={**TRUST, **os.environ},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        said = f"{done.stdout}{done.stderr}".strip()
        raise SetUpError(f"This failed: {' '.join(map(str, command))}\n{said}")


def say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except SetUpError as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit("Stopped.")
