"""A desk to be killed: its web takes work, its worker does it, two beats wake it. python -m tests.faults.desk PORT."""

import os
import sys
from datetime import datetime, timedelta
from pathlib import Path

if __name__ == "__main__":
    from config import server
    from config.supervisor import Program, Stop, Supervisor

    FOLDER = Path(os.environ["FAULTS_FOLDER"])

    def make_folders() -> None:
        for name in ("broker/messages", "broker/control", "beat"):
            (FOLDER / name).mkdir(parents=True, exist_ok=True)

    stop = Stop()
    stop.listen()
    programs = server.programs("127.0.0.1", int(sys.argv[1]))
    (beat,) = (program for program in programs if program.name == "beat")
    second = Program("second beat", [*beat.command, "--schedule", str(FOLDER / "beat" / "second")])
    Supervisor([*programs, second], stop, before_start=make_folders).run()
    sys.exit()

from django.conf import settings
from django.db import transaction
from django.http import HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from outbox import claims, delivery, jobs, messages, progress, schedule, templates

# What a killed worker had in hand is up for the next one soon. A real lease is minutes, for nothing waits for it.
delivery.LEASE = jobs.LEASE = progress.LEASE = timedelta(seconds=5)
claims.FIRST_PAUSE = timedelta(seconds=1)


class EveryFiveSeconds:
    def latest(self, now: datetime) -> str:
        return str(int(now.timestamp()) // 5)


def leave_a_mark(job, progress):
    """The job's outside effect: a line, written whole or not at all."""
    handle = os.open(settings.FOLDER / "effects", os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    try:
        os.write(handle, f"{job.key}\n".encode())
    finally:
        os.close(handle)
    return {}


@csrf_exempt
@transaction.atomic
def take(request, number):
    """A change with one message and one job; again with the same number it is the same."""
    messages.post(key=f"trial:{number}", template="trial", to=f"p{number}@example.org", reference=str(number))
    jobs.start(key=f"trial:{number}", kind="trial", arguments={"number": number})
    return HttpResponse("taken")


templates.register("trial", lambda reference: {"about": reference})
templates.text = lambda name: "About $about\n\nAbout $about.\n"
schedule._periods.clear()  # the apps' own have no part in this
for kind in ("trial", "tick"):
    jobs.register(kind, leave_a_mark)
schedule.register("tick", EveryFiveSeconds())

urlpatterns = [path("take/<int:number>/", take)]
