"""The scripts set up what is missing, once, and say in words what they cannot bring."""

import os
import shutil
import subprocess
import threading
from pathlib import Path

import pytest

from script import set_up
from script.set_up import SetUpError

ROOT = set_up.ROOT


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """What would be run, in a folder of its own in which nothing is made yet."""
    commands: list[str] = []
    for name, path in {
        "ROOT": tmp_path,
        "VENV": tmp_path / ".venv",
        "REQUIREMENTS": tmp_path / "requirements",
        "ASSETS": tmp_path / "frontend" / "assets",
        "BUILT": tmp_path / "frontend" / "static" / "build",
    }.items():
        monkeypatch.setattr(set_up, name, path)
        if name != "ROOT":
            path.mkdir(parents=True)
    for lock in ("run.txt", "test.txt"):
        (tmp_path / "requirements" / lock).write_text(lock)
    monkeypatch.setattr(set_up, "run", lambda *command: commands.append(" ".join(map(str, command))))
    monkeypatch.setattr(set_up, "works", lambda *command: True)
    return commands


def locks(commands: list[str]) -> list[str]:
    return [Path(command.split()[-1]).name for command in commands]


def test_packages_are_installed_once(made: list[str]) -> None:
    set_up.install_packages(for_tests=False)
    set_up.install_packages(for_tests=False)
    assert locks(made) == ["run.txt"]


def test_a_new_lock_is_installed(made: list[str]) -> None:
    set_up.install_packages(for_tests=False)
    (set_up.REQUIREMENTS / "run.txt").write_text("another")
    set_up.install_packages(for_tests=False)
    assert locks(made) == ["run.txt", "run.txt"]


def test_the_packages_for_tests_come_on_top_and_are_enough_to_run(made: list[str]) -> None:
    set_up.install_packages(for_tests=False)
    set_up.install_packages(for_tests=True)
    set_up.install_packages(for_tests=False)
    assert locks(made) == ["run.txt", "test.txt"]


def test_an_interrupted_installation_is_done_again(made: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as interrupted:
        interrupted.setattr(set_up, "install", lambda lock: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            set_up.install_packages(for_tests=False)
    set_up.install_packages(for_tests=False)
    assert locks(made) == ["run.txt"]


def test_pip_installs_where_uv_cannot(made: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def run(*command: object) -> None:
        made.append(" ".join(map(str, command)))
        if "uv pip" in made[-1]:
            raise SetUpError("no route")

    monkeypatch.setattr(set_up, "run", run)
    set_up.install_packages(for_tests=False)
    assert "-m pip install" in made[-1]
    assert "--require-hashes" in made[-1]


def test_the_pages_are_built_again_when_a_source_changes_or_goes(made: list[str]) -> None:
    (set_up.ROOT / "package-lock.json").write_text("{}")
    (set_up.ROOT / "node_modules").mkdir()
    sheet = set_up.ASSETS / "turnout.scss"
    built = []
    for change in ("a", "a", "b", None, None):
        made.clear()
        sheet.write_text(change) if change else sheet.unlink(missing_ok=True)
        set_up.build_pages()
        built.append([command.split()[1] for command in made])
    assert built == [["ci", "run"], [], ["run"], ["run"], []]


@pytest.mark.parametrize(
    ("said", "taken"), [("v20.19.0", True), ("v24.1.2", True), ("v20.18.3", False), ("v18.20.1", False), ("", False)]
)
def test_only_a_node_that_is_new_enough_is_taken(tmp_path: Path, said: str, taken: bool) -> None:
    node = tmp_path / "node"
    node.write_text(f"#!/bin/sh\necho {said}\n")
    node.chmod(0o755)
    assert (set_up.node_version(node) >= set_up.OLDEST_NODE) == taken


def test_a_missing_node_is_older_than_any(tmp_path: Path) -> None:
    assert set_up.node_version(tmp_path / "node") == ()


def test_what_failed_is_told_with_what_it_said() -> None:
    with pytest.raises(SetUpError, match="no such place"):
        set_up.run("sh", "-c", "echo no such place; exit 3")


def test_two_scripts_do_not_set_up_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(set_up, "VENV", tmp_path)
    order, first_is_in = [], threading.Event()

    def second() -> None:
        first_is_in.wait()
        with set_up.alone():
            order.append("second")

    other = threading.Thread(target=second)
    other.start()
    with set_up.alone():
        first_is_in.set()
        other.join(timeout=0.5)
        order.append("first")
    other.join()
    assert order == ["first", "second"]


def test_without_python_it_says_what_is_needed(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "script", tmp_path / "script")
    (tmp_path / "bin").mkdir()
    for needed in ("bash", "dirname", "env"):
        (tmp_path / "bin" / needed).symlink_to(shutil.which(needed))
    done = subprocess.run(
        [tmp_path / "script" / "manage"],
        check=False,
        capture_output=True,
        text=True,
        env={"PATH": str(tmp_path / "bin")},
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert (
        done.stderr == "Turnout needs Python 3.11 or newer, and none is on the PATH. Install it, then run this again.\n"
    )


def test_what_a_script_prints_can_be_piped_from_anywhere(tmp_path: Path) -> None:
    done = subprocess.run(
        [ROOT / "script" / "postgres", "url"], check=False, capture_output=True, text=True, cwd=tmp_path, env=os.environ
    )
    assert done.returncode == 0
    assert done.stdout.startswith("postgres")
    assert done.stdout.count("\n") == 1
