"""What the command line imported is noted among the imports."""

import pytest

from programme import importing
from programme.models import Import
from programme.problems import ImportRefused
from tests.programme.workbooks import put, save, small

pytestmark = pytest.mark.django_db


def test_what_the_command_line_wrote_is_on_the_list_of_imports_once(tmp_path):
    path = save(small(), tmp_path / "year 2019-20.xlsx")

    importing.check(path)
    assert not Import.objects.exists()
    for _ in range(2):
        importing.run(path)

    note = Import.objects.get()
    assert (note.state, note.brought_by, note.accepted_by) == (Import.State.WRITTEN, "the command line", None)
    assert (note.file_name, note.size, str(note.file)) == ("year 2019-20.xlsx", path.stat().st_size, "")
    assert note.counts["made"]["bookings"] == note.counts["understood"]["bookings"] == 5

    importing.run(save(put(small(), "Bookings", 5, Agency="The police"), path))
    assert Import.objects.latest("pk").details["changed_agency"] == [], "no names once it is written"


def test_of_a_workbook_that_is_refused_at_the_command_line_nothing_is_noted(tmp_path):
    with pytest.raises(ImportRefused):
        importing.run(save(put(small(), "Bookings", 1, Agency="Nobody"), tmp_path / "year.xlsx"))
    assert not Import.objects.exists()
