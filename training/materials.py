"""Giving delegates materials, and taking them away; to whom they are shown and from when say the bookings."""

import logging

from django.db import transaction
from django.utils import timezone

from people.models import Person
from training.models import Event, Material

log = logging.getLogger(__name__)


@transaction.atomic
def give(*, event: Event, is_of_course: bool, title: str, link: str, when: str, by: Person) -> Material:
    """Give it on this event, or on all events of its course."""
    of = {"course": event.course} if is_of_course else {"event": event}
    made = Material.objects.create(**of, title=title, link=link, when=when)
    log.info("Material %s of %s was given by %s.", made.pk, event.reference, by.reference)
    return made


@transaction.atomic
def take_away(*, material: Material, by: Person) -> None:
    """Show it to nobody any more. A second call changes nothing."""
    Material.objects.given().filter(pk=material.pk).update(taken_away_at=timezone.now())
    log.info("Material %s was taken away by %s.", material.pk, by.reference)


@transaction.atomic
def give_again(*, material: Material, by: Person) -> None:
    """As it was before it was taken away."""
    Material.objects.filter(pk=material.pk).update(taken_away_at=None)
    log.info("Material %s was given again by %s.", material.pk, by.reference)
