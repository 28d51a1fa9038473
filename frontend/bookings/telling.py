"""Who is told by email of what was done with a booking, in words."""

from frontend.formats import listed
from people.models import Person
from people.persons import mailbox_of


def told(*people: Person) -> str:
    """Who of these are told, and who is not, as their mail goes to nobody: not to a training lead either."""
    is_reached = {person: bool(mailbox_of(person)) for person in people}
    reached = [person.name for person in people if is_reached[person]]
    others = [person.name for person in people if not is_reached[person]]
    said = [f"{listed(reached)} {'is' if len(reached) == 1 else 'are'} told by email."] if reached else []
    if others:
        said.append(f"No email reaches {listed(others, 'or')}: tell them yourself.")
    return " ".join(said)
