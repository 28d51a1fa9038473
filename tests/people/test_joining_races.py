"""Two at once: one person, one decision.

Seen to fail: without the account's lock two tabs make two persons.
"""

from collections import Counter

import pytest

from people import invitations, joining
from people.models import Joining, Person
from tests.factories import AccountFactory, PersonFactory
from tests.guards import at_once
from tests.joining_factories import AgencyDomainFactory, InvitationFactory, JoiningFactory

pytestmark = pytest.mark.django_db(transaction=True)


def kinds(results):
    return Counter(type(one).__name__ for one in results)


def test_joining_from_many_tabs_makes_one_person():
    agency = AgencyDomainFactory(domain="anytown.gov.uk").agency
    account = AccountFactory(email="nadia@anytown.gov.uk")
    results = at_once(*[lambda: joining.join(account=account, name="Nadia New", agency=agency)] * 6)
    assert kinds(results) == {"Joining": 1, "KnownAlready": 5}
    assert Person.objects.get().account == account


def test_an_invitation_is_used_once():
    invitation = InvitationFactory(email="ward@example.org")
    account = AccountFactory(email="ward@example.org")
    names = ["Alice Ward", "Bola Ade", "Cleo Carr"]
    results = at_once(
        *[
            lambda name=name: joining.join(account=account, name=name, agency=None, invitation=invitation)
            for name in names
        ]
    )
    assert kinds(results) == {"Joining": 1, "DecidedAlready": 2}


def test_letting_in_and_declining_at_once_is_one_decision():
    by = PersonFactory()
    for _ in range(3):
        asked = JoiningFactory()
        facts = {"name": asked.name, "agency": asked.agency, "staff_group": None}
        results = at_once(
            lambda asked=asked, facts=facts: joining.accept(joining=asked, by=by, **facts),
            lambda asked=asked: joining.decline(joining=asked, reason="No", by=by),
        )
        assert kinds(results) == {"Joining": 1, "DecidedAlready": 1}
    assert not Joining.objects.waiting().exists()


def test_withdrawing_and_using_at_once_is_one_or_the_other():
    by = PersonFactory()
    for number in range(3):
        invitation = InvitationFactory(email=f"x{number}@example.org")
        account = AccountFactory(email=f"x{number}@example.org")
        at_once(
            lambda invitation=invitation: invitations.withdraw(invitation=invitation, by=by),
            lambda account=account, invitation=invitation: joining.join(
                account=account, name="X Y", agency=None, invitation=invitation
            ),
        )
        invitation.refresh_from_db()
        assert (invitation.person is None) == (invitation.withdrawn_at is not None)
