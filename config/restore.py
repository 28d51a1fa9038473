"""Restores a back-up into an empty database: script/restore FILE [--replace].

What waited to be sent or run when the back-up was made is set aside in the transaction that brings the rows: it may
have been done in the time that was lost since. script/manage outbox lists it, and releases it or throws it away.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import psycopg

from config import archive, postgres
from config.archive import BackupError, State
from config.backup import VAR, own_url

# Appended to the dump's own statements, so that no worker ever sees the rows as waiting.
SET_ASIDE = """
update public.outbox_message set state = 'held', claimed_until = null where state = 'waiting';
update public.outbox_job set state = 'held', claimed_until = null where state = 'waiting';
delete from public.outbox_heartbeat;
insert into public.outbox_heartbeat (name, seen_at) values ('restored', now());
"""
# The dump makes the schema itself. Without cascade one that holds anything is not dropped.
MAKE_ROOM = "set client_min_messages = warning; drop schema if exists public{how};\n"
# What the restore itself changes.
HEARTBEAT = "outbox_heartbeat"


def restore(*, url: str, var: Path, file: Path, replace: bool = False) -> dict[str, Any]:
    """Bring the rows and files back and hold them against the manifest, which is returned. All of the rows or none."""
    with tempfile.TemporaryDirectory(prefix=".restore-", dir=_made(var)) as folder:
        manifest = archive.unpack(file, Path(folder))
        with archive.connect(url) as connection:
            version = archive.server_version(connection)
            if not replace:
                refuse_what_is_there(connection, var)
        _bring_rows(url, Path(folder) / archive.DUMP, version, manifest, replace=replace)
        compare(url, manifest)
        _bring_files(Path(folder), var, replace=replace)
    return manifest


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def refuse_what_is_there(connection: psycopg.Connection, var: Path) -> None:
    tables = [name for (name,) in connection.execute(archive.TABLES)]
    if tables:
        raise BackupError(
            f"The database is not empty: it has {len(tables)} tables, such as {tables[0]}. Restore into an empty one, "
            "or say --replace to throw away all that it holds."
        )
    if any(archive.files_under(var / "files")):
        raise BackupError(f"{var / 'files'} holds files. Move them away, or say --replace to throw them away.")


def _bring_rows(url: str, dump: Path, version: int, manifest: dict[str, Any], *, replace: bool) -> None:
    """One transaction: the old rows go, the new ones come, and what waits in them is set aside."""
    to_sql = archive.program("pg_restore", at_least=manifest["postgresql"])
    psql = archive.program("psql", at_least=min(version, manifest["postgresql"]))
    script = dump.with_suffix(".sql")
    with script.open("w") as before:
        before.write(MAKE_ROOM.format(how=" cascade" if replace else ""))
    with script.open("ab") as stream:
        archive.run([to_sql, "--no-owner", "--no-privileges", "--file=-", str(dump)], stdout=stream)
    with script.open("a") as after:
        after.write(SET_ASIDE)
    quiet = ["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--single-transaction"]
    archive.run([psql, *quiet, f"--file={script}"], url=url)


def compare(url: str, manifest: dict[str, Any]) -> None:
    """Raises BackupError where a count or a sequence is another than when the back-up was made."""
    with archive.connect(url) as connection:
        state = State.of(connection)
    found: dict[str, dict[str, Any]] = {"rows": dict(state.rows), "sequences": dict(state.sequences)}
    for kind, now in found.items():
        then: dict[str, Any] = manifest[kind]
        wrong = [name for name in sorted({*then, *now} - {HEARTBEAT}) if then.get(name) != now.get(name)]
        if wrong:
            raise BackupError(f"After the restore these differ from the back-up ({kind}): {', '.join(wrong)}.")


def _bring_files(folder: Path, var: Path, *, replace: bool) -> None:
    if replace:
        shutil.rmtree(var / "files", ignore_errors=True)
    brought = folder / "files"
    _made(var / "files")
    for path in archive.files_under(brought):
        target = var / "files" / path.relative_to(brought)
        _made(target.parent)
        path.replace(target)
    key = folder / archive.SECRET_KEY
    if key.exists():
        key.replace(var / "secret_key")


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="script/restore", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--replace", action="store_true", help="throw away what the database and var/files hold now")
    given = parser.parse_args(arguments)
    if not given.file.is_file():
        raise BackupError(f"There is no file {given.file}.")
    manifest = restore(url=own_url(), var=VAR, file=given.file.absolute(), replace=given.replace)
    rows = sum(manifest["rows"].values())
    print(f"The back-up of {manifest['made_at']} is restored: {rows:,} rows, as many as were backed up.")
    # Tables that a newer Turnout has besides, then what waited: in processes of their own, with the new secret key.
    manage = [sys.executable, str(VAR.parent / "manage.py")]
    for command in (["migrate", "--verbosity", "0"], ["after_restore"]):
        if subprocess.run([*manage, *command], check=False).returncode:
            raise BackupError(f"The rows are there, but this failed: manage.py {' '.join(command)}")


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except (BackupError, postgres.PostgresError) as error:
        sys.exit(str(error))
