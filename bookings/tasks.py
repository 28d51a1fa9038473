"""What the background does for who is booked: tell what changed, every few minutes, and remind, every hour."""

from typing import Any

from bookings import changes, reminders
from outbox import jobs, schedule
from outbox.models import Job
from outbox.progress import Progress

TELL, REMIND = "tell-changes", "remind"


def tell(job: Job, progress: Progress) -> dict[str, Any]:
    return dict(changes.tell())


def remind(job: Job, progress: Progress) -> dict[str, Any]:
    return dict(reminders.remind())


def register() -> None:
    jobs.register(TELL, tell)
    jobs.register(REMIND, remind)
    schedule.register(TELL, schedule.EveryMinutes(5))
    schedule.register(REMIND, schedule.EveryMinutes(60))
