"""Print the utilisation report of a financial year."""

import argparse
import csv
import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from reporting import formats, text, utilisation


class Command(BaseCommand):
    help = "The utilisation report of a financial year, with the year before beside it."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--year", required=True, help="the financial year, for instance 2018-19")
        parser.add_argument("--format", choices=["json", "csv", "text"], default="text", help="text unless said")

    def handle(self, *, year: str, format: str, **options: Any) -> None:
        try:
            report = utilisation.report(year)
        except ValueError as error:
            raise CommandError(str(error)) from error
        if format == "json":
            self.stdout.write(json.dumps(formats.as_json(report), indent=1, ensure_ascii=False))
        elif format == "csv":
            writer = csv.writer(self.stdout)
            writer.writerow(formats.CSV_HEAD)
            writer.writerows(formats.csv_rows(report))
        else:
            for line in text.lines(report):
                self.stdout.write(line)
