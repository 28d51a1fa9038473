"""Files that look like a programme workbook and are something else."""

import zipfile
from pathlib import Path


def bomb(path: Path) -> bytes:
    """A workbook of some 100 KB that unpacks to 99 MB."""
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as file, file.open("xl/media/big.bin", "w") as big:
        for _ in range(99):
            big.write(b"\0" * 2**20)
    return path.read_bytes()


def with_macros(path: Path) -> bytes:
    """As Excel saves it for macros."""
    with zipfile.ZipFile(path) as file:
        parts = {name: file.read(name) for name in file.namelist()}
    kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(
        kind, b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
    )
    parts["xl/vbaProject.bin"] = b"Sub AutoOpen()"
    return rewritten(path, parts)


def rewritten(path: Path, parts: dict[str, bytes]) -> bytes:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return path.read_bytes()


def encrypted_zip(path: Path) -> bytes:
    """Its first part is marked as encrypted."""
    packed = bytearray(path.read_bytes())
    packed[packed.find(b"PK\x01\x02") + 8] |= 1
    return bytes(packed)


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2_000  # what both an .xls and an encrypted .xlsx begin with
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
HTML = b"<html><body><table><tr><td>Event</td></tr></table></body></html>"
