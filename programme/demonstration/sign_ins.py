"""One sign-in for each role, behind a person whom the demonstration's year says something about."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count

from people import domains
from people.accounts import open_account
from people.models import Account, Agency, AgencyDomain, Person, Role, RoleGrant
from training.models import Trainer

PASSWORD = "show-me-turnout"  # noqa: S105  # printed for whoever tries it; there is no demonstration in production
DOMAIN = "demo.example"
COORDINATOR = f"coordinator@{DOMAIN}"
HOST, LEADS = "Birmingham City Council", "Birmingham Children's Trust"
TRAINER = "L. Hughes"
STAFF = 8  # persons whom the line manager manages


@dataclass(frozen=True, slots=True)
class SignIn:
    """An address, and what it may do in words."""

    email: str
    words: str
    name: str = ""
    role: Role | None = None
    agency: str = HOST


WORKERS = (
    SignIn(f"administrator@{DOMAIN}", "administrator", "Noor Aziz", Role.ADMINISTRATOR),
    SignIn(COORDINATOR, "L&D coordinator", "Sam Carter", Role.COORDINATOR),
    SignIn(f"finance@{DOMAIN}", "finance officer", "Femi Adeyemi", Role.FINANCE_OFFICER),
    SignIn(f"subgroup@{DOMAIN}", "L&D sub-group member", "Gwen Pritchard", Role.SUBGROUP_MEMBER),
    SignIn(f"lead@{DOMAIN}", f"agency training lead of {LEADS}", "Tariq Mahmood", Role.AGENCY_LEAD, LEADS),
    SignIn(f"trainer@{DOMAIN}", "trainer", "Lorna Hughes"),
    SignIn(f"manager@{DOMAIN}", f"line manager of {STAFF} people", "Helen Okafor"),
)


@transaction.atomic
def make() -> None:
    """The accounts; the practitioner's and the trainer's are those of people in the workbook."""
    _say_what_addresses_end_in()
    by = None
    for sign_in in WORKERS:
        agency = Agency.objects.get(name=sign_in.agency)
        person = Person.objects.create(name=sign_in.name, email=sign_in.email, agency=agency)
        if sign_in.role:
            bound_to = agency if sign_in.role == Role.AGENCY_LEAD else None
            RoleGrant.objects.create(person=person, role=sign_in.role, agency=bound_to, given_by=by)
        by = by or person
        open_account(email=sign_in.email, password=PASSWORD)
    Trainer.objects.filter(name=TRAINER).update(person=person_of("trainer"))
    practitioner = busiest_delegate()
    open_account(email=practitioner.email, password=PASSWORD)
    staff = Person.objects.filter(agency=practitioner.agency, account=None).order_by("id")[: STAFF - 1]
    for one in (practitioner, *staff):
        one.line_manager = person_of("manager")
        one.save(update_fields=["line_manager"])


def _say_what_addresses_end_in() -> None:
    """As the workbook's people have them: so that whoever tries joining has an agency proposed, or several."""
    found = Person.objects.exclude(email="").values_list("agency", "email")
    rows = {(agency, domains.of(email)) for agency, email in found}
    AgencyDomain.objects.bulk_create(AgencyDomain(agency_id=agency, domain=domain) for agency, domain in sorted(rows))


def are_made() -> bool:
    """Whether this database is the demonstration's."""
    return Account.objects.filter(email=COORDINATOR).exists()


def lines() -> list[str]:
    """Whom to sign in as, one line each."""
    found = [(sign_in.email, f"{sign_in.name}, {sign_in.words}") for sign_in in WORKERS]
    found += [
        (person.email, f"{person.name}, practitioner")
        for person in Person.objects.filter(line_manager__email=f"manager@{DOMAIN}", account__isnull=False)
    ]
    return [f"  {email:36} {words}" for email, words in found]


def person_of(name: str) -> Person:
    """Whom the sign-in of that name is: "trainer"."""
    return Person.objects.get(email=f"{name}@{DOMAIN}")


def busiest_delegate() -> Person:
    """Of the host's staff who booked most, so that there is something to see."""
    delegates = Person.objects.filter(agency__name=HOST).annotate(number=Count("bookings"))
    return delegates.order_by("-number", "email")[0]
