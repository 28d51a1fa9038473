"""What the background does: every hour tell of dates, which an import brings too, and remind trainers of questions;
every few minutes tell trainers what changed."""

from typing import Any

from outbox.models import Job
from outbox.progress import Progress
from training import interest, inviting, telling

TELL = "tell-of-dates"
REMIND = "remind-trainers"
TELL_TRAINERS = "tell-trainers"


def tell(job: Job, progress: Progress) -> dict[str, Any]:
    return {"told": interest.tell()}


def remind(job: Job, progress: Progress) -> dict[str, Any]:
    return {"reminded": inviting.remind_due()}


def tell_trainers(job: Job, progress: Progress) -> dict[str, Any]:
    return dict(telling.tell())
