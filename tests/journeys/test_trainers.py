"""Who gives an event, in a real browser: a trainer asked by email says no on a phone, another offers and is taken."""

import re

import pytest
from django.conf import settings

from outbox import templates
from outbox.models import Message
from tests.factories import EventFactory, PartnershipFactory, PersonFactory, SessionTrainerFactory, TrainerFactory
from training import inviting, staffing

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

NARROW = {"viewport": {"width": 375, "height": 812}}


def test_one_says_no_and_another_takes_their_place(open_page, enter, press, look):
    PartnershipFactory()
    event = EventFactory(course__title="Neglect")
    asked = TrainerFactory(name="L. Hughes", person=PersonFactory(email="lorna@example.org"))
    other = TrainerFactory(name="M. Osei", person=PersonFactory(name="Mel Osei"))
    SessionTrainerFactory(session=event.sessions.get(), trainer=asked)
    coordinator, lorna, mel = open_page(), open_page(**NARROW), open_page(**NARROW)
    enter(coordinator, PersonFactory(roles=["coordinator"]))
    coordinator.goto(f"/events/{event.reference}/trainers/")
    press(coordinator, "Ask by email L. Hughes", "L. Hughes is asked by email")
    link = re.search(
        rf"{re.escape(settings.SITE_URL)}(/my-dates/\S+)",
        templates.make(inviting.ASKED, Message.objects.get().reference).body,
    )
    lorna.goto(link[1])
    lorna.get_by_role("heading", name="Can you give this?").wait_for()
    look(lorna)
    lorna.get_by_label("Why not").fill("On leave")
    press(lorna, "No, I cannot", "Thank you for saying so")
    enter(mel, other.person)
    mel.goto("/my-dates/")
    press(mel, "Offer to give it", "Thank you. The training team tells you")
    coordinator.goto(f"/events/{event.reference}/trainers/")
    coordinator.get_by_text("On leave").wait_for()
    press(coordinator, "Take M. Osei", "M. Osei gives it, and is told so by email")
    assert staffing.on_it(event).get() == other
