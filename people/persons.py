"""Adding people: who is entered is found again if they are known, else new."""

from django.db import transaction

from people.models import Agency, Person
from people.names import match_key


@transaction.atomic
def find_or_add(*, name: str, agency: Agency, email: str = "") -> Person:
    """The person of this name, who is added if nobody fits.

    With an address it is who has both the address and the name: several persons may share a mailbox, and a namesake
    elsewhere is somebody else. Without one it is the only person of that name in the agency. Case, accents and
    punctuation of the name do not count.
    """
    # Two entries of one person at the same moment come one after the other, and the second finds the first.
    Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)
    email = email.strip().lower()
    employed = Person.objects.employed().order_by("id")
    known = employed.filter(email=email) if email else employed.filter(agency=agency)
    alike = [person for person in known if match_key(person.name) == match_key(name)]
    if alike and (email or len(alike) == 1):
        return alike[0]
    return Person.objects.create(name=" ".join(name.split()), email=email, agency=agency)
