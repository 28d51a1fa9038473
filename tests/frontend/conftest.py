"""What the tests of pages share."""

import pytest

from tests import signing_in
from tests.factories import AccountFactory, ChargingPolicyFactory, PersonFactory, TariffFactory
from tests.joining_factories import AgencyDomainFactory


@pytest.fixture
def sign_in(client):
    """Signs the client in as a new person with these roles, or as the one given: sign_in("coordinator")."""

    def as_one(*roles, person=None, **facts):
        person = person or PersonFactory(roles=list(roles), **facts)
        if person.account is None:
            person.account = AccountFactory()
            person.save(update_fields=["account"])
        signing_in.enter(client, person.account)
        return person

    return as_one


@pytest.fixture
def council():
    """An agency with addresses of its own."""
    return AgencyDomainFactory(agency__name="Anytown Council", domain="anytown.gov.uk").agency


@pytest.fixture
def policy():
    """£75 for not coming, and for cancelling with fewer than 5 working days' notice."""
    policy = ChargingPolicyFactory()
    TariffFactory(policy=policy)
    TariffFactory(policy=policy, reason="cancelled-late")
    return policy
