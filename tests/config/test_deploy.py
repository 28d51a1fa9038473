"""What docs/deploy.md and its files say is what the program does."""

import re
import shlex
from pathlib import Path

import pytest
import yaml
from django.conf import settings

from config import server

ROOT = Path(settings.BASE_DIR)
DEPLOY = ROOT / "docs" / "deploy"
READ = re.compile(r"""(?:env\.\w+|self\.text|os\.environ\.get|number)\(\s*"([A-Z_]+)\"""")


def settings_read():
    modules = ("settings", "environment", "server", "backup")
    return {name for module in modules for name in READ.findall((ROOT / "config" / f"{module}.py").read_text())}


def table(document):
    """The names in the first column of a table of settings."""
    _, _, rest = (ROOT / document).read_text().partition("| setting | means | without it |")
    rows = rest.partition("\n\n")[0]
    return {
        name
        for row in rows.splitlines()
        for name in re.findall(r"`([A-Z_]+)`", row.split("|")[1] if "|" in row else "")
    }


def test_every_setting_is_in_the_table_and_nothing_else():
    assert len(settings_read()) >= 15
    assert table("docs/deploy.md") == settings_read()


def test_the_example_of_an_environment_names_settings_only_and_all_that_production_needs():
    names = {
        line.partition("=")[0] for line in (DEPLOY / "environment.example").read_text().splitlines() if line[0] != "#"
    }
    assert names <= settings_read()
    assert {"PRODUCTION", "SITE_URL", "ALLOWED_HOSTS", "SECRET_KEY", "DEFAULT_FROM_EMAIL"} <= names


def programs():
    """How script/server starts each, from the module on."""
    commands = {program.name: [str(word) for word in program.command] for program in server.programs("HOST", 8000)}
    return {name: command[command.index("-m") + 1 :] for name, command in commands.items()}


def from_module_on(command, host):
    words = [word.replace(host, "HOST") for word in command]
    return words[words.index("-m") + 1 :]


@pytest.mark.parametrize("name", ["web", "worker", "beat"])
def test_units_and_containers_start_what_script_server_starts(name):
    unit = (DEPLOY / f"turnout-{name}.service").read_text()
    (line,) = re.findall(r"^ExecStart=(.*)$", unit, re.M)
    assert from_module_on(shlex.split(line), "127.0.0.1") == programs()[name]
    compose = yaml.safe_load((ROOT / "compose.yaml").read_text())
    command = compose["services"][name].get("command") or default_command()
    assert from_module_on(command, "0.0.0.0") == programs()[name]


def default_command():
    (line,) = re.findall(r"^CMD (\[.*\])$", (ROOT / "Containerfile").read_text(), re.M)
    return yaml.safe_load(line)


def test_units_make_the_folders_that_the_programs_need():
    for name in ("web", "worker", "beat"):
        unit = (DEPLOY / f"turnout-{name}.service").read_text()
        needed = {f"var/{folder}" for folder in server.FOLDERS if folder != "mail"}
        assert needed <= set(unit.split())


def test_files_that_the_documents_name_are_there():
    for document in ("docs/deploy.md", "docs/how-to/operator.md"):
        text = (ROOT / document).read_text()
        named = set(re.findall(r"docs/deploy/[\w-]+[.]\w+|script/[a-z_]+(?:\.py)?", text)) | set(
            re.findall(r"(?<=\]\()[\w./-]+(?=\))", text)
        )
        for name in named:
            assert (ROOT / name).exists() or (ROOT / document).parent.joinpath(name).exists(), f"{document}: {name}"
        commands = set(re.findall(r"script/manage ([a-z_]+)", text))
        from django.core.management import get_commands

        assert commands <= set(get_commands())
