"""What the background does with uploaded workbooks."""

from typing import Any

from outbox.models import Job
from outbox.progress import Progress
from programme import keeping

CHECK = "check-workbook"
WRITE = "write-workbook"
SWEEP = "sweep-imports"


def check_workbook(job: Job, progress: Progress) -> dict[str, Any]:
    from programme import uploaded  # with all that reads workbooks, which the web process does without

    return {"state": uploaded.check(job.arguments["import"], progress)}


def write_workbook(job: Job, progress: Progress) -> dict[str, Any]:
    from programme import uploaded

    return {"state": uploaded.write(job.arguments["import"], progress)}


def sweep_imports(job: Job, progress: Progress) -> dict[str, Any]:
    return keeping.sweep()
