"""What waits to be sent or run, and what was given up."""

from argparse import ArgumentParser
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.timesince import timesince

from outbox import claims
from outbox.models import Job, Message, Work

if TYPE_CHECKING:
    from django.db.models import QuerySet

LISTED = 20


class Command(BaseCommand):
    help = "List the messages and jobs that wait or were given up, or try one again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--retry", metavar="KEY", help="try a message or job again that was given up")

    def handle(self, *args: Any, retry: str | None, **options: Any) -> None:
        if retry:
            self.retry(retry)
        else:
            self.list("Messages", Message.objects.all())
            self.list("Jobs", Job.objects.all())

    def list(self, title: str, rows: "QuerySet[Message] | QuerySet[Job]") -> None:
        waiting = rows.filter(state=Work.State.WAITING).order_by("created_at")
        given_up = rows.filter(state=Work.State.FAILED).order_by("-finished_at")
        oldest = waiting.first()
        since = f", the oldest for {ago(oldest)}" if oldest else ""
        self.stdout.write(f"{title}: {waiting.count()} waiting{since}; {given_up.count()} given up.")
        for name, group in (("waiting", waiting), ("given up", given_up)):
            for row in group[:LISTED]:
                self.stdout.write("  ".join(filter(None, [f"  {name}", row.key, tries(row), row.last_error])))
            if group.count() > LISTED:
                self.stdout.write(f"  … and {group.count() - LISTED} more {name}")

    def retry(self, key: str) -> None:
        for model in (Message, Job):
            row = model._default_manager.filter(key=key).first()
            if row and claims.retry(row):
                self.stdout.write(f"{key} will be tried again within a minute.")
                return
            if row:
                raise CommandError(f"{key} was not given up: it is {row.get_state_display().lower()}.")
        raise CommandError(f"There is no message or job {key}.")


def ago(row: Work) -> str:
    return timesince(row.created_at, timezone.now(), depth=1)


def tries(row: Work) -> str:
    return f"tried {row.attempts} times" if row.attempts > 1 else "tried once" if row.attempts else ""
