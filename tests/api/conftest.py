"""What the tests of the API share."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from api import tokens
from api.models import Scope
from tests.factories import AccountFactory, PersonFactory


class Program:
    """A program with a token: program.get("events", year="2018-19"), program.post("bookings", {...})."""

    def __init__(self, person, secret):
        self.person, self.headers = person, {"Authorization": f"Bearer {secret}"}
        self.client = Client(headers=self.headers)

    def get(self, address, **query):
        return self.client.get(f"/api/v1/{address}", query)

    def post(self, address, body=None):
        return self.client.post(f"/api/v1/{address}", body or {}, content_type="application/json")

    def read(self, address, **query):
        """What a request that must work answers."""
        response = self.get(address, **query)
        assert response.status_code == 200, response.content
        return response.json()


@pytest.fixture(autouse=True)
def _nothing_counted_yet():
    """Requests are counted in the cache."""
    cache.clear()


@pytest.fixture
def program():
    """A program of a new person with these roles, or of the one given, with all scopes or those given."""

    def of_one(*roles, person=None, scopes=tuple(Scope.values), **facts):
        person = person or PersonFactory(roles=list(roles), **facts)
        if person.account is None:
            person.account = AccountFactory()
            person.save(update_fields=["account"])
        last = timezone.localdate() + timedelta(days=30)
        name = f"Token {person.tokens.count()}"
        _, secret = tokens.make(account=person.account, by=person, name=name, scopes=scopes, expires_on=last)
        return Program(person, secret)

    return of_one
