"""Looks into an uploaded file before anything parses it: is it an Excel workbook that is safe to open?

A file of 351 KB can hold 99 MB and cost 1.4 GB to open, so the zip directory is asked first. What is declared there is
also the limit: zipfile stops reading an entry at its declared size.
"""

from typing import IO
from zipfile import BadZipFile, ZipFile, ZipInfo

from programme.problems import WorkbookRefused

LARGEST_FILE = 25 * 2**20  # bytes
MOST_ENTRIES = 1_000
LARGEST_CONTENT = 80 * 2**20  # bytes of all entries unpacked; a year of 7,654 bookings has 5.5 MB
HIGHEST_RATIO = 150  # unpacked to packed; sheets have about 10
RATIO_MATTERS_FROM = 2**20  # bytes unpacked
LARGEST_CONTENT_TYPES = 2**20

CONTENT_TYPES = "[Content_Types].xml"
WORKBOOK = b"spreadsheetml.sheet.main+xml"
MACROS = b"macroEnabled"
SAVE_AS = "Open it in Excel or LibreOffice, choose Save As and “Excel Workbook (.xlsx)”, and import that file."


def refuse_unsafe(file: IO[bytes]) -> None:
    """Raise WorkbookRefused unless this is an .xlsx workbook of a sensible size without macros or password."""
    file.seek(0, 2)
    refuse_large(file.tell())
    file.seek(0)
    _refuse_other_kinds(file.read(8))
    file.seek(0)
    try:
        with ZipFile(file) as archive:
            _refuse_oversized(archive.infolist())
            _refuse_other_documents(archive)
    except (BadZipFile, EOFError, NotImplementedError, OSError, ValueError) as error:
        raise WorkbookRefused(f"The file is damaged: it cannot be unpacked. {SAVE_AS}") from error
    file.seek(0)


def refuse_large(size: int) -> None:
    """Raise WorkbookRefused for more bytes than a file may have."""
    if size > LARGEST_FILE:
        raise WorkbookRefused(
            f"The file has {size / 2**20:.0f} MB, and {LARGEST_FILE // 2**20} MB is the most. "
            "Take out pictures and sheets that are not part of the programme."
        )


def _refuse_other_kinds(beginning: bytes) -> None:
    if not beginning:
        raise WorkbookRefused("The file is empty. Choose the programme workbook.")
    if beginning.startswith(b"%PDF"):
        raise WorkbookRefused("The file is a PDF, whatever its name says. Import the workbook that it was made from.")
    if beginning.startswith(b"\xd0\xcf\x11\xe0"):
        raise WorkbookRefused(f"The file is protected by a password, or is an old .xls workbook. {SAVE_AS}")
    if not beginning.startswith(b"PK"):
        raise WorkbookRefused(f"The file is not an Excel workbook, whatever its name says. {SAVE_AS}")


def _refuse_oversized(entries: list[ZipInfo]) -> None:
    if any(entry.flag_bits & 1 for entry in entries):
        raise WorkbookRefused(f"The file is protected by a password. Take the password off. {SAVE_AS}")
    content = sum(entry.file_size for entry in entries)
    if len(entries) > MOST_ENTRIES or content > LARGEST_CONTENT:
        raise WorkbookRefused(
            f"The file would unpack to {content / 2**20:,.0f} MB in {len(entries):,} parts, and "
            f"{LARGEST_CONTENT // 2**20} MB in {MOST_ENTRIES:,} parts is the most. Copy the sheets of the programme "
            "into a new workbook and import that."
        )
    for entry in entries:
        if entry.file_size > RATIO_MATTERS_FROM and entry.file_size > HIGHEST_RATIO * entry.compress_size:
            raise WorkbookRefused(
                f"A part of the file unpacks to {entry.file_size / max(entry.compress_size, 1):,.0f} times its size, "
                "which no programme does. Copy the sheets of the programme into a new workbook and import that."
            )


def _refuse_other_documents(archive: ZipFile) -> None:
    names = archive.namelist()
    if CONTENT_TYPES not in names or archive.getinfo(CONTENT_TYPES).file_size > LARGEST_CONTENT_TYPES:
        raise WorkbookRefused(f"The file is not an Excel workbook, whatever its name says. {SAVE_AS}")
    types = archive.read(CONTENT_TYPES)
    if MACROS in types or any(name.lower().endswith("vbaproject.bin") for name in names):
        raise WorkbookRefused(f"The workbook holds macros, and they are not opened here. {SAVE_AS}")
    if WORKBOOK not in types:
        raise WorkbookRefused(f"The file is another kind of document, not an Excel workbook. {SAVE_AS}")
