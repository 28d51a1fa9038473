"""The last step of script/restore."""

from typing import Any

from django.core.management.base import BaseCommand

from outbox import held, schedule
from outbox.models import Job, Message

REASON = "Passed over after a restore."


class Command(BaseCommand):
    help = "After a restore: periodic jobs begin with their next period; say what is held. script/restore calls it."

    def handle(self, **options: Any) -> None:
        schedule.pass_over(REASON)
        found = {model._meta.verbose_name_plural: held.rows(model).count() for model in (Message, Job)}
        said = " and ".join(f"{number} {name}" for name, number in found.items())
        self.stdout.write(f"Held: {said}, which waited in the back-up and may have been sent or run since.")
        if any(found.values()):
            self.stdout.write("List them with script/manage outbox, then --release or --throw-away KEY, or all;")
            self.stdout.write("coordinators and administrators settle the messages on the page Messages too.")
