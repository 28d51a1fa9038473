"""What the tests of imports share: a coordinator, and workbooks that they upload."""

from io import BytesIO

import pytest

from outbox import schedule
from programme import imports
from tests.factories import PersonFactory
from tests.programme.uploads import worked
from tests.programme.workbooks import save


@pytest.fixture
def no_periodic_jobs(monkeypatch):
    monkeypatch.setattr(schedule, "_periods", {})


@pytest.fixture
def coordinator(db):
    return PersonFactory(name="Casey Coordinator", roles=["coordinator"])


@pytest.fixture
def upload(coordinator, tmp_path, own_files):
    """Uploads the sheets as a workbook: upload(small())."""

    def one(sheets, name="year.xlsx", by=None):
        content = save(sheets, tmp_path / "workbook.xlsx").read_bytes()
        return imports.upload(file=BytesIO(content), name=name, by=by or coordinator)

    return one


@pytest.fixture
def checked(upload):
    """Uploads the sheets and has them checked."""

    def one(sheets, **more):
        return worked(upload(sheets, **more))

    return one
