"""Load the demonstration into an empty database, and say what it shows and whom to sign in as."""

import json
import sys
from io import StringIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from invoicing import charges, invoices
from people.models import Agency, Person
from programme import importing
from programme.demonstration import catalogue, coming, sign_ins
from training.financial_year import FinancialYear
from training.models import Event

WORKBOOK = Path(sign_ins.__file__).parent / "bscb-2018-19.xlsx"
YEARS = ("2017-18", "2018-19")


class Command(BaseCommand):
    help = (
        "Load the demonstration's year, accounts and events into an empty database; on any other, print the headline. "
        "Safe to run at each start, also after one that was broken off."
    )

    def handle(self, **options: Any) -> None:
        if is_empty() and not settings.PRODUCTION:
            self._say("Importing the demonstration's programme workbook …")
            # Together: a database with people and without these accounts is somebody's own.
            with transaction.atomic():
                importing.run(WORKBOOK)
                sign_ins.make()
        is_demonstration = sign_ins.are_made()
        if is_demonstration and not coming.are_made():
            self._finish()
        if year := FinancialYear.parse(YEARS[-1]) if is_demonstration else latest_year():
            self.stdout.write(headline(year))
        if is_demonstration:
            self.stdout.write(f"Sign in at {settings.SITE_URL} with the password {sign_ins.PASSWORD} as")
            for line in sign_ins.lines():
                self.stdout.write(line)

    def _finish(self) -> None:
        """What an interrupted start left undone is done now: the jobs are safe to run twice."""
        self._say("Proposing charges and issuing invoices …")
        charges.propose()
        for year in YEARS:
            invoices.raise_for(year, via="command line")
        catalogue.make()
        coming.make()

    def _say(self, words: str) -> None:
        print(words, file=sys.stderr, flush=True)


def is_empty() -> bool:
    return not (Event.objects.exists() or Person.objects.exists() or Agency.objects.exists())


def latest_year() -> FinancialYear | None:
    """The year of the last event that took place."""
    last = Event.objects.delivered().order_by("ends_at").values_list("ends_at", flat=True).last()
    return FinancialYear.containing(timezone.localdate(last)) if last else None


def headline(year: FinancialYear) -> str:
    """As the report says it. Reporting is no layer of ours to import, so its command is asked."""
    out = StringIO()
    call_command("utilisation_report", year=year.code, format="json", stdout=out)
    said: str = json.loads(out.getvalue())["headline"]
    return said
