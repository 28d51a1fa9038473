"""Jobs of imports killed with -9 half way and run again: everything once."""

import subprocess
import sys
from datetime import timedelta

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.utils import timezone

from bookings.models import Booking
from outbox.models import Job
from programme.models import Import
from tests.programme.uploads import accept, worked
from tests.programme.workbooks import small
from training.models import Event

State = Import.State
pytestmark = pytest.mark.usefixtures("no_periodic_jobs")

# Does what waits, and holds still just after a function was called, for the test to kill it there.
CHILD = """
import importlib, sys, time
import django
from django.conf import settings

database, files, place, name = sys.argv[1:]
settings.DATABASES["default"]["NAME"] = database
settings.STORAGES["default"] = {
    "BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": files}
}
django.setup()
from outbox import jobs

module, _, owner = place.partition(":")
owner = getattr(importlib.import_module(module), owner) if owner else importlib.import_module(module)
original = getattr(owner, name)

def held(*args, **kwargs):
    result = original(*args, **kwargs)
    print("here", flush=True)
    time.sleep(600)
    return result

setattr(owner, name, held)
jobs.run_waiting()
"""


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("kind", "place", "name", "state"),
    [
        ("check", "programme.workbook", "read", State.CHECKING),
        ("check", "programme.uploaded", "_note", State.READY),  # all is noted, and the job does not know it yet
        ("write", "programme.workbook", "read", State.WRITING),
        ("write", "programme.changes.plan:Plan", "write", State.WRITING),  # all is written, nothing committed
        ("write", "programme.uploaded", "_write", State.WRITTEN),
    ],
)
def test_a_job_killed_in_the_middle_is_done_again_and_nothing_is_there_twice(
    upload, coordinator, tmp_path, settings, kind, place, name, state
):
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path / "files")},
        }
    }
    import_ = upload(small())
    if kind == "write":
        import_ = worked(import_)
        accept(import_, coordinator)

    kill_in(place, name, tmp_path / "files")

    import_.refresh_from_db()
    assert import_.state == state
    assert Event.objects.exists() == (state == State.WRITTEN)
    job = Job.objects.get(pk=import_.job_id)
    assert (job.state, job.attempts) == ("waiting", 1)

    Job.objects.filter(pk=job.pk).update(claimed_until=timezone.now() - timedelta(seconds=1))
    again = worked(import_)

    assert again.state == (State.WRITTEN if kind == "write" else State.READY)
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("done", 2)
    assert Event.objects.count() == (3 if kind == "write" else 0)
    assert Booking.objects.count() == (5 if kind == "write" else 0)


def kill_in(place, name, files):
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, connection.settings_dict["NAME"], str(files), place, name],
        cwd=django_settings.BASE_DIR,
        stdout=subprocess.PIPE,
    )
    assert child.stdout.readline() == b"here\n"
    child.kill()
    assert child.wait() == -9
    child.stdout.close()
