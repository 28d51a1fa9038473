"""Let the first person into a new desk."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction

from people import accounts, agencies, persons, roles
from people.models import Account, Agency, Role


class Command(BaseCommand):
    help = "Make somebody an administrator, with an account to sign in to by a code; they give the other roles."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", required=True)
        parser.add_argument("--agency", required=True, help="its name; it is made if there is none of it")

    @transaction.atomic
    def handle(self, *, email: str, name: str, agency: str, **options: Any) -> None:
        try:
            validate_email(email)
        except ValidationError as error:
            raise CommandError(f"{email} is no e-mail address.") from error
        person = persons.find_or_add(name=name, agency=find_or_make(agency), email=email)
        try:
            roles.give(person=person, role=Role.ADMINISTRATOR, by=None)
        except roles.RoleRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        if not Account.objects.filter(email=person.email).exists():
            accounts.open_account(email=person.email)
        self.stdout.write(f"{person.name} is an administrator, and signs in with a code sent to {person.email}.")


def find_or_make(name: str) -> Agency:
    found = agencies.find(name)
    if found is None:
        found = Agency.objects.create(name=name, type=Agency.Type.OTHER)
        agencies.save_names(agency=found)
    return found
