"""Every night: look for what must never be, and tell every administrator of what was found."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone

from outbox import messages, templates
from outbox.models import Job
from outbox.progress import Progress
from outbox.templates import Facts, NoLongerNeeded
from people.models import Partnership, Person, Role
from reporting import truths
from reporting.truths import Finding

CHECK = "check-truths"
TEMPLATE = "truth_broken"


def check_truths(job: Job, progress: Progress) -> dict[str, Any]:
    findings = list(truths.check_all())
    broken = [finding for finding in findings if not finding.holds]
    tell(broken)
    return {"checked": len(findings), "broken": {one.name: list(one.broken_by) for one in broken}}


@transaction.atomic
def tell(broken: Iterable[Finding]) -> None:
    """One message a truth, day and administrator, however often this is called."""
    today = timezone.localdate().isoformat()
    told = administrators()
    for finding in broken:
        for person in told:
            key = f"truth-broken:{finding.name}:{today}:{person.reference}"
            messages.post(key=key, template=TEMPLATE, to=person.email, reference=finding.name)


def administrators() -> list[Person]:
    """Those who can be written to."""
    granted = Person.objects.employed().with_grants().filter(roles_held__role=Role.ADMINISTRATOR).exclude(email="")
    return [person for person in granted.distinct() if Role.ADMINISTRATOR in person.roles]


def broken(name: str) -> Facts:
    """What the message says: as things are when it is sent."""
    finding = truths.check(name)
    if finding.holds:
        raise NoLongerNeeded("It is mended.")
    partnership = Partnership.objects.first()
    return {
        "truth": finding.sentence,
        "references": list(finding.broken_by),
        "partnership": partnership.name if partnership else "",
    }


def register() -> None:
    templates.register(TEMPLATE, broken)
