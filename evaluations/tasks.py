"""What the background does about evaluations: look every hour whom to ask and whom to remind."""

from typing import Any

from evaluations import invitations
from outbox.models import Job
from outbox.progress import Progress

ASK = "ask-how-it-was"


def ask(job: Job, progress: Progress) -> dict[str, Any]:
    return dict(invitations.ask())
