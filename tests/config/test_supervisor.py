"""Programs start again when they end, all end when asked, and none outlives its supervisor."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from config import supervisor
from config.postgres import command_line
from config.supervisor import Program, Stop, Supervisor, run_step

PATIENCE = 30  # seconds, far more than any of these takes: a limit, not a measure


def wait_until(holds: Callable[[], object]) -> None:
    until = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < until, "it never came to hold"
        time.sleep(0.02)


def python(code: str) -> list[str]:
    return [sys.executable, "-c", f"import os, pathlib, signal, subprocess, sys, time\n{code}"]


def writes_its_number(file: Path) -> list[str]:
    return python(f"pathlib.Path({str(file)!r}).write_text(str(os.getpid())); time.sleep(600)")


def number_in(file: Path) -> int:
    wait_until(lambda: file.exists() and file.read_text())
    return int(file.read_text())


def runs_until(holds: Callable[[], object], programs: list[Program], **options: object) -> None:
    until = time.monotonic() + PATIENCE
    Supervisor(programs, Stop(), watch=lambda: not holds() and time.monotonic() < until, **options).run()
    assert holds()


def test_a_program_that_ends_is_started_again(tmp_path: Path) -> None:
    starts = tmp_path / "starts"
    ends_at_once = Program("short", python(f"open({str(starts)!r}, 'a').write('x')"), delay=0.01)
    runs_until(lambda: starts.exists() and len(starts.read_text()) >= 3, [ends_at_once])


def test_each_start_is_prepared_so_that_a_deleted_folder_is_there_again(tmp_path: Path) -> None:
    folder, found = tmp_path / "broker", tmp_path / "found"
    needs_folder = Program(
        "worker",
        python(
            f"folder = pathlib.Path({str(folder)!r}); there = folder.is_dir(); folder.rmdir()\n"
            f"open({str(found)!r}, 'a').write('y' if there else 'n')"
        ),
        delay=0.01,
    )
    runs_until(
        lambda: found.exists() and len(found.read_text()) >= 2,
        [needs_folder],
        before_start=lambda: folder.mkdir(exist_ok=True),
    )
    assert "n" not in found.read_text()


def test_the_pause_before_a_restart_doubles_up_to_a_limit_and_a_sound_run_resets_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: clock[0])
    program = Program("short", python("pass"))
    pauses = []
    for lasted in [1, 1, 1, 1, 1, 1, 1, supervisor.STEADY + 1]:
        program.tend(lambda: None)
        program.process.wait()
        clock[0] += lasted
        program.tend(lambda: None)
        pauses.append(program.due - clock[0])
        clock[0] = program.due
    assert pauses == [1, 2, 4, 8, 16, 30, 30, 1]


def test_asked_to_stop_it_ends_all_its_programs(tmp_path: Path) -> None:
    files = [tmp_path / "web", tmp_path / "worker"]
    stop = Stop()

    def watch() -> bool:
        stop.asked = all(file.exists() and file.read_text() for file in files)
        return True

    Supervisor([Program(file.name, writes_its_number(file)) for file in files], stop, watch=watch).run()
    assert not any(command_line(number_in(file)) for file in files)


def test_a_program_that_does_not_listen_is_made_to_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "GRACE", 0.2)
    file = tmp_path / "deaf"
    deaf = python(
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        f"pathlib.Path({str(file)!r}).write_text(str(os.getpid())); time.sleep(600)"
    )
    runs_until(lambda: file.exists() and file.read_text(), [Program("deaf", deaf)])
    assert not command_line(number_in(file))


def test_what_a_killed_program_leaves_behind_is_ended_before_it_starts_again(tmp_path: Path) -> None:
    child = tmp_path / "child"
    parent = Program(
        "web",
        python(
            f"child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
            f"pathlib.Path({str(child)!r}).write_text(str(child.pid)); os.kill(os.getpid(), signal.SIGKILL)"
        ),
        delay=600,
    )
    runs_until(lambda: child.exists() and child.read_text() and parent.process is None and parent.due, [parent])
    wait_until(lambda: not command_line(number_in(child)))


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux ends a child with its parent")
def test_no_program_outlives_a_supervisor_that_was_killed(tmp_path: Path) -> None:
    file = tmp_path / "web"
    runs = f"from config.supervisor import *; Supervisor([Program('web', {writes_its_number(file)!r})], Stop()).run()"
    with subprocess.Popen([sys.executable, "-c", runs], cwd=Path(supervisor.__file__).parent.parent) as process:
        web = number_in(file)
        process.send_signal(signal.SIGKILL)
    wait_until(lambda: not command_line(web))


def test_ctrl_c_reaches_the_supervisor_alone_which_then_ends_its_programs(tmp_path: Path) -> None:
    file, heard = tmp_path / "web", tmp_path / "heard"
    web = python(
        f"signal.signal(signal.SIGINT, lambda *_: pathlib.Path({str(heard)!r}).touch())\n"
        f"pathlib.Path({str(file)!r}).write_text(str(os.getpid())); time.sleep(600)"
    )
    runs = (
        "from config.supervisor import *; stop = Stop(); stop.listen()\n"
        f"Supervisor([Program('web', {web!r})], stop).run(); print('clean')"
    )
    with subprocess.Popen(
        [sys.executable, "-c", runs],
        cwd=Path(supervisor.__file__).parent.parent,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        number = number_in(file)
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does, to all in the foreground
        said, _ = process.communicate(timeout=PATIENCE)
    assert (process.returncode, said, heard.exists(), command_line(number)) == (0, "clean\n", False, "")


def test_a_step_tells_whether_it_went_well() -> None:
    assert run_step(python("pass"), Stop()) == 0
    assert run_step(python("sys.exit(3)"), Stop()) == 3


def test_a_step_is_ended_when_asked_to_stop(tmp_path: Path) -> None:
    file, stop = tmp_path / "step", Stop()
    stop.asked = True
    assert run_step(writes_its_number(file), stop) != 0
    assert not file.exists() or not command_line(number_in(file))
