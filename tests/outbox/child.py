"""What the outbox's tests do in a process of their own, so that it can be killed: python -m tests.outbox.child WHAT."""

import sys
import time
from collections.abc import Callable

import django

if __name__ == "__main__":
    django.setup()

from django.db import transaction

from outbox import jobs, messages, schedule, tasks, templates, wake
from outbox.models import Job, Message

TEXT = "Trial\n\nAbout $about.\n"


def stop_half_way(job: Job, progress: object) -> dict[str, object]:
    say("half way")
    sys.stdin.read()  # until killed
    return {}


def say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def wait_until(is_so: Callable[[], bool], seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > until:
            sys.exit("It did not come about.")
        time.sleep(0.05)


def ask_for_work() -> None:
    """Leave a job and a message for the worker, which only a wake-up brings to it within the test's time."""
    with transaction.atomic():
        jobs.start(key="trial:1", kind="trial", arguments={"number": 7})
        messages.post(key="trial:1", template="trial", to="ann@example.org", reference="R1")
    wait_until(lambda: all(model.objects.filter(state="done").exists() for model in (Job, Message)))


def post_unheard() -> None:
    """Post a message while the broker is away, and stay until that has been noticed."""
    with transaction.atomic():
        messages.post(key="trial:1", template="trial", to="ann@example.org", reference="R1")
    say("posted")
    wait_until(lambda: not wake.herald._was_heard)
    say("unheard")


templates.register("trial", lambda reference: {"about": reference})
templates.text = lambda name: TEXT
jobs.register("trial", lambda job, progress: {"twice": job.arguments["number"] * 2})
jobs.register("stops-half-way", stop_half_way)
schedule._periods.clear()  # the apps' own have no part in this

if __name__ == "__main__":
    {
        "send": tasks.send_messages,
        "run": tasks.run_jobs,
        "ask": ask_for_work,
        "post-unheard": post_unheard,
    }[sys.argv[1]]()
