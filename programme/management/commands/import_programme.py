"""Import a programme workbook."""

import argparse
import sys
from typing import Any

from django.core.management.base import BaseCommand

from programme import importing
from programme.problems import ImportRefused


class Command(BaseCommand):
    help = "Import a programme workbook (.xlsx): all or nothing; the same file again changes nothing."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("path", help="the workbook")
        parser.add_argument("--check", action="store_true", help="say what would happen, and write nothing")

    def handle(self, *, path: str, check: bool, **options: Any) -> None:
        try:
            summary = importing.check(path) if check else importing.run(path)
        except ImportRefused as refusal:
            self.stdout.write("\n".join(refusal.lines()))
            sys.exit(1)
        self.stdout.write(str(summary))
