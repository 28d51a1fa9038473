"""Backs up the database and the files into one file: script/backup [FILE] [--with-secret-key]."""

import argparse
import os
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from config import archive, postgres
from config.archive import BackupError, State

ROOT = Path(__file__).resolve().parent.parent
VAR = ROOT / "var"


def back_up(*, url: str, var: Path, target: Path, with_secret_key: bool = False) -> dict[str, Any]:
    """Write the back-up, read it again, and only then give it its name; returns its manifest."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".backup-", dir=target.parent) as folder:
        dump, whole = Path(folder) / archive.DUMP, Path(folder) / "whole"
        # The rows first: a file that came after them is one too many, and none that they name is missing.
        state, version = _dump(url, dump)
        parts = {archive.DUMP: dump} | _files(var / "files")
        if with_secret_key:
            parts[archive.SECRET_KEY] = _secret_key(var, Path(folder))
        facts = {
            "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "postgresql": version,
            "rows": state.rows,
            "sequences": state.sequences,
        }
        with open(os.open(whole, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
            archive.write(stream, parts, facts)
            stream.flush()
            os.fsync(stream.fileno())
        manifest = verify(whole)
        whole.replace(target)
    _keep_name(target.parent)
    return manifest


def verify(file: Path) -> dict[str, Any]:
    """Unpack it, compare each checksum, and have pg_restore read all of the dump."""
    with tempfile.TemporaryDirectory(prefix=".verify-", dir=file.parent) as folder:
        manifest = archive.unpack(file, Path(folder))
        restore = archive.program("pg_restore", at_least=manifest["postgresql"])
        # The whole of it, not its list only: each row is read, and thrown away.
        archive.run([restore, f"--file={os.devnull}", str(Path(folder) / archive.DUMP)])
    return manifest


def _dump(url: str, dump: Path) -> tuple[State, int]:
    """The dump, and what is counted of the very same moment."""
    with archive.connect(url) as connection:
        version = archive.server_version(connection)
        connection.execute("set transaction isolation level repeatable read, read only")
        (snapshot,) = archive.one(connection, "select pg_export_snapshot()")
        state = State.of(connection)
        command = [archive.program("pg_dump", at_least=version), "--format=custom", "--no-owner", "--no-privileges"]
        # Only ours: an extension that a hosting provider put beside it is not for another server.
        archive.run([*command, "--schema=public", f"--snapshot={snapshot}", f"--file={dump}"], url=url)
    return state, version


def _files(folder: Path) -> dict[str, Path]:
    return {f"{archive.FILES}{path.relative_to(folder).as_posix()}": path for path in archive.files_under(folder)}


def _secret_key(var: Path, folder: Path) -> Path:
    given = os.environ.get("SECRET_KEY", "").strip()
    kept = var / "secret_key"
    if not given and not kept.exists():
        raise BackupError("There is no secret key to back up: SECRET_KEY is not set, and var/secret_key is not there.")
    copy = folder / archive.SECRET_KEY
    copy.touch(mode=0o600)
    copy.write_text(given or kept.read_text())
    return copy


def _keep_name(folder: Path) -> None:
    """Have the name outlive a power cut as well."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def own_url() -> str:
    return os.environ.get("DATABASE_URL", "").strip() or postgres.Server(VAR / "postgres").url


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="script/backup", description=__doc__)
    default = VAR / "backups" / f"turnout-{datetime.now(UTC):%Y-%m-%dT%H%M%SZ}.tar"
    parser.add_argument("file", nargs="?", type=Path, default=default, help="without it one under var/backups")
    parser.add_argument("--with-secret-key", action="store_true", help="the secret key too: who reads it can sign in")
    given = parser.parse_args(arguments)
    if given.file.is_dir():
        raise BackupError(f"{given.file} is a folder. Say the file that the back-up is to be.")
    manifest = back_up(url=own_url(), var=VAR, target=given.file.absolute(), with_secret_key=given.with_secret_key)
    files = sum(name.startswith(archive.FILES) for name in manifest["parts"])
    rows = sum(manifest["rows"].values())
    print(f"{given.file}: {rows:,} rows of {len(manifest['rows'])} tables, {files:,} files; read again and whole.")


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except (BackupError, postgres.PostgresError) as error:
        sys.exit(str(error))
