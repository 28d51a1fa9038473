"""What Celery's wake-ups and clock call; the work is in the database."""

from celery import shared_task

from outbox import delivery, heartbeat, jobs, schedule


@shared_task  # type: ignore[untyped-decorator]  # Celery has no types
def send_messages() -> None:
    delivery.send_waiting()


@shared_task  # type: ignore[untyped-decorator]  # Celery has no types
def run_jobs() -> None:
    schedule.start_due()
    jobs.run_waiting()


@shared_task  # type: ignore[untyped-decorator]  # Celery has no types
def note_heartbeat() -> None:
    heartbeat.note()
