"""What is let go of: files, findings and names, when discarded, when written, and with time."""

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.core.files.storage.memory import InMemoryStorage
from django.utils import timezone

from outbox import jobs, schedule
from outbox.models import Job
from programme import imports, keeping, tasks
from programme.apps import ProgrammeConfig
from programme.imports import NotNow
from programme.models import Import
from tests.factories import ImportFactory, JobFactory
from tests.programme.uploads import accept, kept, worked
from tests.programme.workbooks import put, small

State = Import.State
pytestmark = pytest.mark.usefixtures("no_periodic_jobs")


@pytest.mark.django_db
def test_discarding_deletes_file_and_findings_and_keeps_who_and_when(
    checked, coordinator, django_capture_on_commit_callbacks
):
    import_ = checked(put(small(), "Bookings", 1, Email="zz-canary"))
    assert "zz-canary" in str(import_.details)
    file = import_.file.name

    with django_capture_on_commit_callbacks(execute=True):
        imports.discard(import_=import_, by=coordinator)

    import_.refresh_from_db()
    assert (import_.state, import_.details, import_.discarded_by) == (State.DISCARDED, {}, coordinator)
    assert not default_storage.exists(file)
    with pytest.raises(NotNow, match="over"):
        imports.discard(import_=import_, by=coordinator)


@pytest.mark.django_db
def test_no_delegates_name_stays_with_what_was_written_or_in_any_job(checked, coordinator):
    moved = put(small(), "Bookings", 5, Agency="AP", Delegate="Zz Canary", Email="zz@canary.example")
    moved["Bookings"].append(
        ["Zz Canary", "zz@canary.example", "E1", "05/05/2019", "Anyshire schools", None, "Booked", "Y", None, None]
    )
    import_ = checked(moved)
    assert "Zz Canary" in str(import_.details["changed_agency"])
    accept(import_, coordinator)

    done = worked(import_)

    assert done.state == State.WRITTEN
    kept_ = str([done.counts, done.details, done.stopped_because])
    assert "canary" not in kept_.lower()
    for job in Job.objects.all():
        assert "canary" not in str([job.arguments, job.result, job.problems, job.last_error]).lower()


@pytest.mark.django_db
def test_after_thirty_days_what_waits_is_discarded_and_lists_are_emptied(
    checked, coordinator, django_capture_on_commit_callbacks
):
    waits, written, young = checked(small()), checked(small()), checked(small())
    accept(written, coordinator)
    worked(written)
    Import.objects.exclude(pk=young.pk).update(uploaded_at=timezone.now() - timedelta(days=31))

    with django_capture_on_commit_callbacks(execute=True):
        assert keeping.sweep() == {"discarded": 1, "emptied": 1, "files": 0}

    waits, written, young = (Import.objects.get(pk=one.pk) for one in (waits, written, young))
    assert (waits.state, waits.discarded_by, waits.details) == (State.DISCARDED, None, {})
    assert (written.state, written.details) == (State.WRITTEN, {})
    assert written.counts["made"]["bookings"] == 5, "numbers stay"
    assert young.state == State.READY
    assert kept(young)
    assert keeping.sweep() == {"discarded": 0, "emptied": 0, "files": 0}


@pytest.mark.django_db
def test_an_import_in_the_backgrounds_hands_is_not_swept():
    import_ = ImportFactory(uploaded_at=timezone.now() - timedelta(days=31), job=JobFactory(kind=tasks.CHECK))
    assert keeping.sweep()["discarded"] == 0
    Job.objects.update(state="failed", finished_at=timezone.now())
    assert keeping.sweep()["discarded"] == 1
    import_.refresh_from_db()
    assert import_.state == State.DISCARDED


@pytest.mark.django_db
def test_a_file_without_an_import_is_deleted_after_a_day(checked, monkeypatch):
    import_ = checked(small())
    with default_storage.open("imports/stray.xlsx", "wb") as stray:
        stray.write(b"x")
    assert keeping.sweep()["files"] == 0, "its upload may not be committed yet"

    old = timezone.now() - timedelta(days=2)
    monkeypatch.setattr(InMemoryStorage, "get_modified_time", lambda self, name: old)

    assert keeping.sweep()["files"] == 1
    assert not default_storage.exists("imports/stray.xlsx")
    assert kept(import_)


@pytest.mark.django_db
def test_it_is_swept_every_night():
    ProgrammeConfig.ready(None)
    schedule.start_due()
    assert Job.objects.filter(kind=tasks.SWEEP).count() == 1
    jobs.run_waiting()
    assert Job.objects.get(kind=tasks.SWEEP).result == {"discarded": 0, "emptied": 0, "files": 0}
