"""What the background does about courses: look every hour whom to tell of a date, as an import brings dates too."""

from typing import Any

from outbox.models import Job
from outbox.progress import Progress
from training import interest

TELL = "tell-of-dates"


def tell(job: Job, progress: Progress) -> dict[str, Any]:
    return {"told": interest.tell()}
