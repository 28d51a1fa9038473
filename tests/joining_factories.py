"""The least valid rows of joining: what addresses end in, who asks, and who is invited."""

from datetime import timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from people.models import AgencyDomain, Invitation, Joining
from tests.factories import AccountFactory, AgencyFactory, PersonFactory


class AgencyDomainFactory(DjangoModelFactory):
    class Meta:
        model = AgencyDomain

    agency = factory.SubFactory(AgencyFactory)
    domain = factory.Sequence(lambda n: f"agency{n}.example")


class JoiningFactory(DjangoModelFactory):
    """Somebody who waits for a decision."""

    class Meta:
        model = Joining

    account = factory.SubFactory(AccountFactory)
    name = factory.Sequence(lambda n: f"Newcomer {n}")
    agency = factory.SubFactory(AgencyFactory)


class InvitationFactory(DjangoModelFactory):
    """An invitation made today; InvitationFactory(ended=True) is over."""

    class Meta:
        model = Invitation

    class Params:
        ended = factory.Trait(
            invited_at=factory.LazyFunction(lambda: timezone.now() - timedelta(days=15)),
            ends_at=factory.LazyFunction(lambda: timezone.now() - timedelta(days=1)),
        )

    agency = factory.SubFactory(AgencyFactory)
    name = factory.Sequence(lambda n: f"Invited {n}")
    email = factory.Sequence(lambda n: f"invited{n}@example.org")
    invited_by = factory.SubFactory(PersonFactory)
    ends_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=14))
