"""What waits to be sent or run, what was given up, and what is held after a restore."""

from argparse import ArgumentParser
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.timesince import timesince

from outbox import claims, held
from outbox.models import Job, Message, Work

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import QuerySet

LISTED = 20


class Command(BaseCommand):
    help = "List the messages and jobs that wait, were given up or are held after a restore; try or release them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--retry", metavar="KEY", help="try a message or job again that was given up")
        parser.add_argument("--release", metavar="KEY", help="send or run what is held after a restore; KEY or all")
        parser.add_argument("--throw-away", metavar="KEY", help="never send or run what is held; KEY or all")

    def handle(
        self, *args: Any, retry: str | None, release: str | None, throw_away: str | None, **options: Any
    ) -> None:
        if retry:
            self.retry(retry)
        elif release:
            self.settle(release, held.release, "will be sent or run within a minute")
        elif throw_away:
            self.settle(throw_away, held.throw_away, "thrown away")
        else:
            self.list("Messages", Message.objects.all())
            self.list("Jobs", Job.objects.all())

    def list(self, title: str, rows: "QuerySet[Message] | QuerySet[Job]") -> None:
        waiting = rows.filter(state=Work.State.WAITING).order_by("created_at")
        given_up = rows.filter(state=Work.State.FAILED).order_by("-finished_at")
        oldest = waiting.first()
        since = f", the oldest for {ago(oldest)}" if oldest else ""
        set_aside = rows.filter(state=Work.State.HELD).order_by("created_at")
        aside = f"; {set_aside.count()} held after a restore" if set_aside else ""
        self.stdout.write(f"{title}: {waiting.count()} waiting{since}; {given_up.count()} given up{aside}.")
        for name, group in (("waiting", waiting), ("given up", given_up), ("held", set_aside)):
            for row in group[:LISTED]:
                self.stdout.write("  ".join(filter(None, [f"  {name}", row.key, tries(row), row.last_error])))
            if group.count() > LISTED:
                self.stdout.write(f"  … and {group.count() - LISTED} more {name}")

    def settle(self, key: str, act: "Callable[[QuerySet[Any]], int]", what: str) -> None:
        each = [held.rows(Message), held.rows(Job)]
        done = sum(act(rows if key == "all" else rows.filter(key=key)) for rows in each)
        if not done and key != "all":
            raise CommandError(f"No message or job {key} is held.")
        self.stdout.write(f"{done} {what}.")

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
