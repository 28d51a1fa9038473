"""Keeps programs running: starts each again when it ends, ends them all when asked, and lets none outlive it."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import FrameType

FIRST_DELAY, LONGEST_DELAY = 1.0, 30.0  # seconds before a program that ended is started again, doubled each time
STEADY = 60.0  # a program that ran this many seconds is sound: its next restart is as quick as the first
GRACE = 8.0  # seconds that programs have to end by themselves when asked
TICK = 0.1
PR_SET_PDEATHSIG = 1


def say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


class Stop:
    """Whether someone pressed Ctrl-C, closed the terminal or asked this process to end."""

    def __init__(self) -> None:
        self.asked = False

    def listen(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._hear)

    def _hear(self, number: int, frame: FrameType | None) -> None:
        self.asked = True


@dataclass
class Program:
    """One command that is to run for as long as its supervisor does."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    delay: float = FIRST_DELAY
    due: float = 0.0
    started: float = 0.0

    def tend(self, before_start: Callable[[], None]) -> None:
        """Start it when it is due; note when it has ended, and when it is due again."""
        now = time.monotonic()
        if self.process is None and now >= self.due:
            before_start()
            self.process, self.started = start(self.command), now
        elif self.process and self.process.poll() is not None:
            self.sweep()
            self.delay = FIRST_DELAY if now - self.started > STEADY else self.delay
            say(f"{self.name} ended with {self.process.returncode}; starting it again in {self.delay:.0f} s.")
            self.process, self.due = None, now + self.delay
            self.delay = min(self.delay * 2, LONGEST_DELAY)

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def ask_to_end(self) -> None:
        if self.process and self.is_running():
            self.process.terminate()

    def sweep(self) -> None:
        """End what it left behind: children of a program that was killed would keep its port and its work."""
        if self.process:
            with contextlib.suppress(
                ProcessLookupError, PermissionError
            ):  # none left; macOS says the second of zombies
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


@dataclass
class Supervisor:
    """Runs programs side by side until `stop` is asked or `watch` says that they cannot go on."""

    programs: Sequence[Program]
    stop: Stop
    before_start: Callable[[], None] = lambda: None
    watch: Callable[[], bool] = lambda: True

    def run(self) -> None:
        """Returns when none of the programs is left."""
        try:
            while not self.stop.asked and self.watch():
                for program in self.programs:
                    program.tend(self.before_start)
                time.sleep(TICK)
        finally:
            end(self.programs)


def run_step(command: Sequence[str], stop: Stop) -> int:
    """The code with which a command that is to end by itself ended; asked to stop, it is ended."""
    step = Program("step", command, process=start(command))
    while step.is_running() and not stop.asked:
        time.sleep(TICK)
    end([step])
    return step.process.returncode if step.process else 1


def end(programs: Sequence[Program]) -> None:
    """Ask all to end; make those end that have not after GRACE seconds."""
    for program in programs:
        program.ask_to_end()
    until = time.monotonic() + GRACE
    while any(program.is_running() for program in programs) and time.monotonic() < until:
        time.sleep(TICK)
    for program in programs:
        program.sweep()


def start(command: Sequence[str]) -> subprocess.Popen[bytes]:
    """Start it in a session of its own: Ctrl-C reaches the supervisor alone, which ends its programs in order."""
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True, preexec_fn=die_with(os.getpid()))


def die_with(parent: int) -> Callable[[], None] | None:
    """Linux ends the child when its parent dies, even by kill -9. Elsewhere that is left to the user."""
    if not sys.platform.startswith("linux"):
        return None
    prctl = ctypes.CDLL(None).prctl  # looked up before the fork: loading a library after it is not safe

    def ask_the_system() -> None:
        prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:  # it died in between
            os._exit(1)

    return ask_the_system
