"""What the end of an e-mail address says: it may propose agencies, and decides only where it is one agency's own."""

import logging
import re
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from people.models import Agency, AgencyDomain, Person

log = logging.getLogger(__name__)

# Anybody has an address there, or people of many organisations have: it decides nothing, whichever agency is named.
SHARED = frozenset(
    {"aol.com", "btinternet.com", "gmail.com", "gmx.com", "googlemail.com", "hotmail.co.uk", "hotmail.com"}
    | {"icloud.com", "live.co.uk", "live.com", "mail.com", "me.com", "msn.com", "nhs.net", "outlook.com", "proton.me"}
    | {"protonmail.com", "sky.com", "talktalk.net", "virginmedia.com", "yahoo.co.uk", "yahoo.com"}
)
DOMAIN = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])")


class DomainRefused(Exception):
    """Nothing about the agency was changed; the words are for whoever asked."""


def of(email: str) -> str:
    """What stands behind the @, in lower case."""
    return email.rpartition("@")[2].lower()


def proposed(email: str) -> QuerySet[Agency]:
    """The agencies whose people have such addresses."""
    return Agency.objects.filter(domains__domain=of(email))


def marked(email: str) -> "QuerySet[Any, Any]":
    """All agencies, each with whether the address proposes it."""
    rows = AgencyDomain.objects.filter(agency=OuterRef("pk"), domain=of(email))
    return Agency.objects.annotate(is_proposed=Exists(rows))


def decides(email: str, agency: Agency) -> bool:
    """Whether such an address alone shows that its owner is of the agency: it is the agency's, and nobody else's."""
    domain = of(email)
    return domain not in SHARED and [agency] == list(proposed(email)[:2])


def endings(agency: Agency) -> list[tuple[AgencyDomain, bool]]:
    """The agency's domains, each with whether it decides."""
    others = AgencyDomain.objects.filter(domain=OuterRef("domain")).exclude(agency=OuterRef("agency"))
    rows = agency.domains.annotate(is_shared=Exists(others))
    return [(row, row.domain not in SHARED and not row.is_shared) for row in rows]


@transaction.atomic
def add(*, agency: Agency, domain: str, by: Person) -> AgencyDomain:
    """Propose the agency to who joins with such an address from now on; again it is the same. Raises DomainRefused."""
    domain = of(domain.strip())
    if len(domain) > 253 or not DOMAIN.fullmatch(domain):
        raise DomainRefused("Enter what its addresses end in, like anytown.gov.uk")
    row, is_new = agency.domains.get_or_create(domain=domain)
    if is_new:
        log.info("A domain of agency %s was added by %s.", agency.reference, by.reference)
    return row


@transaction.atomic
def remove(*, domain: AgencyDomain, by: Person) -> None:
    """Such an address proposes the agency no more. Who has joined stays."""
    domain.delete()
    log.info("A domain of agency %s was removed by %s.", domain.agency.reference, by.reference)
