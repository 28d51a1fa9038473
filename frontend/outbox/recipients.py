"""Whom messages go to: the persons behind an address, and the address that counts now."""

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from bookings.models import Booking
from frontend.outbox import words
from outbox.models import Message
from people import persons as people
from people.models import Person


def persons_at(addresses: Iterable[str]) -> dict[str, list[Person]]:
    """Who is reached by each address, in one query."""
    found: dict[str, list[Person]] = defaultdict(list)
    for person in Person.objects.filter(email__in=set(addresses)).exclude(email="").order_by("sort_name"):
        found[person.email].append(person)
    return found


def addresses_now(messages: Iterable[Message]) -> dict[UUID, str]:
    """Where messages go that are sent again: to the address that whom they are about is reached by now. Two queries.

    Of a message about nobody known here, and of one whose person has no address, nothing is said.
    """
    messages = list(messages)
    bookings = {words.about_whom(one) for one in messages if words.is_about_a_booking(one)}
    persons = {words.about_whom(one) for one in messages if words.is_about_a_person(one)}
    now = dict(Booking.objects.filter(reference__in=bookings).values_list("reference", people.mailbox("delegate")))
    now |= dict(Person.objects.filter(reference__in=persons).values_list("reference", people.mailbox()))
    return {one.pk: now[words.about_whom(one)] for one in messages if now.get(words.about_whom(one))}
