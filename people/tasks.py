"""What the background does about accounts: each night those go whose code nobody typed."""

from typing import Any

from outbox.models import Job
from outbox.progress import Progress
from people import accounts

FORGET = "forget-unproven-accounts"


def forget(job: Job, progress: Progress) -> dict[str, Any]:
    return {"forgotten": accounts.forget_unproven()}
