"""What the journeys share."""

import pytest
from django.conf import settings
from django.test import Client

from tests import signing_in
from tests.factories import AccountFactory


@pytest.fixture
def enter(live_server):
    """Signs a page's browser in as a person, without the way through the sign-in page: enter(page, person)."""

    def as_person(page, person):
        if person.account is None:
            person.account = AccountFactory()
            person.save(update_fields=["account"])
        client = Client()
        signing_in.enter(client, person.account)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])

    return as_person
