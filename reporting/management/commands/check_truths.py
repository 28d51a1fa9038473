"""Look for what must never be."""

from typing import Any

from django.core.management.base import BaseCommand

from reporting import truths
from reporting.truths_sql import TRUTHS


class Command(BaseCommand):
    help = "Look for what must never be: each truth with ok, or with what breaks it. Exits 1 if one is broken."

    def handle(self, **options: Any) -> None:
        broken = 0
        for finding in truths.check_all():
            broken += not finding.holds
            if finding.holds:
                self.stdout.write(f"ok      {finding.sentence}")
            else:
                self.stdout.write(f"BROKEN  {finding.sentence}: {', '.join(finding.broken_by)}")
        if broken:
            self.stderr.write(f"{broken} of {len(TRUTHS)} truths are broken.")
            raise SystemExit(1)
