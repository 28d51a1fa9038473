"""A file is looked into before anything parses it, and what may not be opened is refused in words."""

import os
import sys
import zipfile

import pytest

from programme import archive, workbook
from programme.problems import WorkbookRefused
from tests.programme.workbooks import save, small


def read(path):
    with path.open("rb") as file:
        return workbook.read(file)


def refusal(path):
    with pytest.raises(WorkbookRefused) as refused:
        read(path)
    return str(refused.value)


@pytest.fixture
def year(tmp_path):
    return save(small(), tmp_path / "year.xlsx")


@pytest.fixture
def never_parsed(monkeypatch):
    """What is refused must not have been opened."""
    monkeypatch.setattr(workbook.subprocess, "Popen", lambda *_args, **_options: pytest.fail("it was parsed"))


@pytest.mark.usefixtures("never_parsed")
@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"%PDF-1.7\n%\xe2\xe3", "is a PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "protected by a password, or is an old .xls"),
        (b"Event,Course code\r\n17-001,CSE\r\n", "not an Excel workbook"),
        (b"PK\x03\x04 and then nothing of the kind", "damaged"),
    ],
)
def test_another_file_with_a_workbooks_name_is_refused(tmp_path, content, words):
    path = tmp_path / "year.xlsx"
    path.write_bytes(content)

    assert words in refusal(path)


def test_a_file_cut_short_is_refused(year):
    year.write_bytes(year.read_bytes()[:3000])

    assert "damaged" in refusal(year)


@pytest.mark.usefixtures("never_parsed")
def test_another_zip_file_is_refused(tmp_path):
    path = tmp_path / "year.xlsx"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("readme.txt", "hello")

    assert "not an Excel workbook" in refusal(path)


@pytest.mark.usefixtures("never_parsed")
def test_a_text_document_is_refused(tmp_path):
    path = tmp_path / "year.xlsx"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("[Content_Types].xml", "<Types>wordprocessingml.document.main+xml</Types>")

    assert "another kind of document" in refusal(path)


@pytest.mark.usefixtures("never_parsed")
def test_macros_are_refused(year):
    with zipfile.ZipFile(year, "a") as file:
        file.writestr("xl/vbaProject.bin", b"Sub AutoOpen()")

    assert "macros" in refusal(year)


@pytest.mark.usefixtures("never_parsed")
def test_a_workbook_saved_for_macros_is_refused_whatever_its_name(tmp_path):
    path = tmp_path / "year.xlsx"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("[Content_Types].xml", "<Types>application/vnd.ms-excel.sheet.macroEnabled.main+xml</Types>")

    assert "macros" in refusal(path)


@pytest.mark.usefixtures("never_parsed")
def test_a_small_file_that_unpacks_to_much_is_refused(year):
    with zipfile.ZipFile(year, "a", zipfile.ZIP_DEFLATED) as file, file.open("xl/media/big.bin", "w") as big:
        for _ in range(99):
            big.write(b"\0" * 2**20)

    assert year.stat().st_size < 400_000
    assert "would unpack to 99 MB" in refusal(year)


@pytest.mark.usefixtures("never_parsed")
def test_a_part_that_unpacks_to_very_much_more_than_itself_is_refused(year):
    with zipfile.ZipFile(year, "a", zipfile.ZIP_DEFLATED) as file:
        file.writestr("xl/worksheets/sheet99.xml", b"<c/>" * 2**19)

    assert "times its size" in refusal(year)


@pytest.mark.usefixtures("never_parsed")
def test_too_many_parts_are_refused(year):
    with zipfile.ZipFile(year, "a") as file:
        for number in range(archive.MOST_ENTRIES):
            file.writestr(f"xl/media/{number}.png", b"")

    assert "in 1,01" in refusal(year)


@pytest.mark.usefixtures("never_parsed")
def test_an_encrypted_zip_is_refused(year):
    packed = bytearray(year.read_bytes())
    at = packed.find(b"PK\x01\x02")
    packed[at + 8] |= 1
    year.write_bytes(packed)

    assert "password" in refusal(year)


def test_entities_that_stand_for_endless_text_are_refused(year):
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    _replace(year, "xl/worksheets/sheet6.xml", lambda xml: xml.replace("<worksheet", f"{bomb}<worksheet", 1))

    assert "damaged" in refusal(year)


def test_a_child_that_needs_too_much_memory_is_ended_by_its_limit(year, monkeypatch):
    text = os.urandom(10 * 2**20).hex()  # that packs badly, as a hostile file would
    cell = f'<row r="9"><c r="B9" t="inlineStr"><is><t>{text}</t></is></c></row>'
    _replace(year, "xl/worksheets/sheet6.xml", lambda xml: xml.replace("</sheetData>", f"{cell}</sheetData>"))
    assert read(year).sheets["Events"].rows[-1][1][1] == text

    monkeypatch.setattr(workbook, "MEMORY", 80 * 2**20)

    assert "needs more memory" in refusal(year)


def test_a_child_that_takes_too_long_is_ended(year, monkeypatch):
    monkeypatch.setattr(workbook, "SECONDS", 0)

    assert "needs more time" in refusal(year)


def test_endless_columns_are_refused(year):
    _replace(
        year,
        "xl/worksheets/sheet6.xml",
        lambda xml: xml.replace("</sheetData>", '<row r="9"><c r="XFD9" t="n"><v>1</v></c></row></sheetData>'),
    )

    assert "needs more memory" in refusal(year)


def test_a_cell_in_the_last_row_costs_nothing(year):
    _replace(
        year,
        "xl/worksheets/sheet6.xml",
        lambda xml: xml.replace("</sheetData>", '<row r="1048576"><c r="B1048576"><v>1</v></c></row></sheetData>'),
    )

    assert read(year).sheets["Events"].rows[-1] == (1_048_576, [None, 1])


def test_the_child_starts_without_django_and_without_our_environment(year, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "not for the child")
    seen = {}
    real = workbook.subprocess.Popen

    def watch(command, **options):
        seen.update(options["env"])
        return real(command, **options)

    monkeypatch.setattr(workbook.subprocess, "Popen", watch)
    read(year)
    assert "SECRET_KEY" not in seen
    assert set(seen) <= {"PATH", "LANG", "SYSTEMROOT", "PYTHONIOENCODING"}

    monkeypatch.undo()
    code = "import programme.child, sys; print([name for name in sys.modules if name.split('.')[0] == 'django'])"
    ended = workbook.subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=workbook.settings.BASE_DIR
    )
    assert ended.stdout.strip() == "[]"


def _replace(path, name, change):
    """Rewrite one part of a workbook."""
    with zipfile.ZipFile(path) as file:
        parts = {entry: file.read(entry) for entry in file.namelist()}
    assert name in parts, sorted(parts)
    parts[name] = change(parts[name].decode()).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for entry, content in parts.items():
            file.writestr(entry, content)
