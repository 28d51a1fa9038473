"""What tests of joining share: the way in by a code, and what is said."""

import re

from allauth.account.models import EmailAddress
from django.core import mail

from tests.factories import AccountFactory, PersonFactory


def text_of(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def code():
    return re.search(r"^(\S+) is your code", mail.outbox[-1].subject)[1]


def show_address(client, email, further="/"):
    """Sign in by a code alone, known or new; what comes then."""
    client.post("/accounts/login/", {"login": email, "by_code": "yes", "next": further})
    return client.post("/accounts/login/code/confirm/", {"code": code(), "next": further}, follow=True)


def said(agency="", **more):
    return {"name": "Nadia New", "agency": getattr(agency, "reference", agency), **more}


def verified(email, person=None, **facts):
    account = AccountFactory(email=email)
    EmailAddress.objects.create(user=account, email=email, verified=True, primary=True)
    if person or facts:
        PersonFactory(account=account, email=email, **facts)
    return account
