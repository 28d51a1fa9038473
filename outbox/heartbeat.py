"""The sign of life of clock, broker and worker together: beat asks every minute, a worker writes when it was asked."""

from datetime import datetime

from django.utils import timezone

from outbox.models import Heartbeat

CLOCK = "clock"


def note() -> None:
    """The clock asked and a worker heard it: now."""
    Heartbeat.objects.bulk_create(
        [Heartbeat(name=CLOCK, seen_at=timezone.now())],
        update_conflicts=True,
        unique_fields=["name"],
        update_fields=["seen_at"],
    )


def seen_at() -> datetime | None:
    """When it last was so; None where it never was."""
    return Heartbeat.objects.filter(name=CLOCK).values_list("seen_at", flat=True).first()
