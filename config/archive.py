"""A back-up's file: one tar with the database, the files, a manifest of what is in it, and maybe the secret key."""

import hashlib
import io
import json
import os
import shutil
import subprocess
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from config import postgres

MANIFEST, DUMP, SECRET_KEY, FILES = "manifest.json", "database.dump", "secret_key", "files/"
FORMAT = 1
CHUNK = 1 << 20

TABLES = "select tablename from pg_tables where schemaname = 'public' order by 1"
SEQUENCES = "select sequencename from pg_sequences where schemaname = 'public' order by 1"


class BackupError(Exception):
    """What went wrong and what to do about it, for the person at the terminal."""


@dataclass(frozen=True, slots=True)
class State:
    """What a database held at one moment: rows by table, and where each sequence stands."""

    rows: dict[str, int]
    sequences: dict[str, list[object]]

    @classmethod
    def of(cls, connection: psycopg.Connection) -> "State":
        tables = [name for (name,) in connection.execute(TABLES)]
        sequences = [name for (name,) in connection.execute(SEQUENCES)]
        return cls(
            {name: one(connection, f'select count(*) from "{name}"')[0] for name in tables},  # noqa: S608  # its own
            {name: list(one(connection, f'select last_value, is_called from "{name}"')) for name in sequences},  # noqa: S608
        )


def one(connection: psycopg.Connection, question: str) -> tuple[Any, ...]:
    answer = connection.execute(question).fetchone()
    if answer is None:
        raise BackupError(f"The database did not answer: {question}")
    return tuple(answer)


def connect(url: str) -> psycopg.Connection:
    try:
        return psycopg.connect(url, connect_timeout=10)
    except psycopg.OperationalError as error:
        raise BackupError(f"The database cannot be reached ({type(error).__name__}). Is its server running?") from error


def server_version(connection: psycopg.Connection) -> int:
    return connection.info.server_version // 10000


def program(name: str, *, at_least: int) -> str:
    """pg_dump and its kin: those of the wheel, or the machine's own where the server is newer."""
    found = [path for path in (_of_wheel(name), shutil.which(name)) if path]
    for path in found:
        if version_of(path) >= at_least:
            return path
    raise BackupError(
        f"The database's server is PostgreSQL {at_least}, and {name} must not be older. Found: "
        f"{', '.join(f'{path} ({version_of(path)})' for path in found) or 'none'}. Install the client programs of "
        f"PostgreSQL {at_least} (on Debian and Ubuntu the package postgresql-client-{at_least}), then run this again."
    )


def _of_wheel(name: str) -> str | None:
    try:
        return postgres.program(name)
    except postgres.PostgresError:
        return None


def version_of(path: str) -> int:
    """The major number, from "pg_dump (PostgreSQL) 18.1 (…)"."""
    try:
        said = subprocess.run([path, "--version"], check=False, capture_output=True, text=True).stdout
        return int(said.split(")", 1)[1].split(".")[0].strip())
    except (OSError, IndexError, ValueError):
        return 0


def run(command: list[str], *, stdout: IO[bytes] | int = subprocess.DEVNULL, url: str = "") -> None:
    """Raises BackupError with what it said. The database's address goes along without its password, which others on
    the machine could read in the list of processes."""
    environment = dict(os.environ)
    if url:
        address = conninfo_to_dict(url)
        if password := address.pop("password", None):
            environment["PGPASSWORD"] = str(password)
        command = [*command, f"--dbname={make_conninfo('', **{key: str(value) for key, value in address.items()})}"]
    done = subprocess.run(
        command, check=False, env=environment, stdin=subprocess.DEVNULL, stdout=stdout, stderr=subprocess.PIPE
    )
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip()
        raise BackupError(f"{Path(command[0]).name} failed. {said}")


def checksum(stream: IO[bytes]) -> str:
    total = hashlib.sha256()
    while chunk := stream.read(CHUNK):
        total.update(chunk)
    return total.hexdigest()


def files_under(folder: Path) -> Iterator[Path]:
    """Regular files; no links, which may lead anywhere."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            yield path


def write(target: IO[bytes], parts: dict[str, Path], facts: dict[str, Any]) -> None:
    """The tar, its manifest first: what each part must be is known before it is read."""
    sums = {}
    for name, path in parts.items():
        with path.open("rb") as stream:
            sums[name] = {"sha256": checksum(stream), "bytes": path.stat().st_size}
    manifest = json.dumps({"format": FORMAT, **facts, "parts": sums}, indent=1).encode()
    with tarfile.open(fileobj=target, mode="w", format=tarfile.PAX_FORMAT) as tar:
        _add(tar, MANIFEST, manifest)
        for name, path in parts.items():
            tar.add(path, arcname=name, recursive=False, filter=plain)


def _add(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    member = plain(tarfile.TarInfo(name))
    member.size = len(content)
    tar.addfile(member, io.BytesIO(content))


def plain(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """Nobody's, and for nobody else to read."""
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    member.mode = 0o600
    return member


def unpack(file: Path, folder: Path) -> dict[str, Any]:
    """Unpack into an empty folder and hold each part against the manifest, which is returned.

    Raises BackupError for anything that is missing, changed, too much or not a back-up.
    """
    try:
        with tarfile.open(file) as tar:
            manifest = _manifest(tar)
            left = dict(manifest["parts"])
            for member in tar:
                _unpack_one(tar, member, folder, left.pop(member.name, None))
    except (OSError, tarfile.TarError, KeyError, ValueError) as error:
        raise BackupError(f"{file} is no whole back-up of Turnout ({type(error).__name__}).") from error
    if left:
        raise BackupError(f"{file} is not whole: {', '.join(sorted(left))} is missing.")
    return manifest


def _manifest(tar: tarfile.TarFile) -> dict[str, Any]:
    first = tar.next()
    stream = tar.extractfile(first) if first is not None and first.name == MANIFEST else None
    if stream is None:
        raise ValueError("no manifest")
    manifest: dict[str, Any] = json.load(stream)
    if manifest["format"] != FORMAT:
        raise BackupError(f"The back-up is of format {manifest['format']}, and this Turnout reads {FORMAT}.")
    return manifest


def _unpack_one(tar: tarfile.TarFile, member: tarfile.TarInfo, folder: Path, promised: dict[str, Any] | None) -> None:
    if member.name == MANIFEST:
        return
    stream = tar.extractfile(member) if member.isfile() else None
    if promised is None or stream is None or not is_ours(member.name):
        raise BackupError(f"{member.name} is in the back-up and not in its manifest.")
    path = folder / member.name
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as target:
        shutil.copyfileobj(stream, target, CHUNK)
    with path.open("rb") as written:
        if checksum(written) != promised["sha256"]:
            raise BackupError(f"{member.name} in the back-up is damaged: its checksum is another. Use an older one.")


def is_ours(name: str) -> bool:
    """A name that a back-up gives; nothing that leads out of the folder."""
    parts = name.split("/")
    return name in {DUMP, SECRET_KEY} or (name.startswith(FILES) and not {"", ".", ".."} & set(parts))
