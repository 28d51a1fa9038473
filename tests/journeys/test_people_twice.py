"""Records made one and two again, and a leaver's bookings, in a real browser: at a desk, and on a phone."""

import pytest

from people.models import Person, Role
from tests.factories import AccountFactory, BookingFactory, EventFactory, PartnershipFactory, PersonFactory

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

PHONE, DESK = {"viewport": {"width": 375, "height": 812}}, {"viewport": {"width": 1280, "height": 900}}
both = pytest.mark.parametrize("options", [PHONE, DESK], ids=["phone", "desk"])


@pytest.fixture(autouse=True)
def partnership():
    PartnershipFactory()


@both
def test_two_records_are_made_one_and_two_again(open_page, look, press, enter, options):
    jane = PersonFactory(name="Jane Smith", email="jane.smith@anytown.example", account=AccountFactory())
    other = PersonFactory(name="J Smith", email="j.smith@anytown.example", agency=jane.agency)
    event = EventFactory(course__title="Working Together to Safeguard Children, for Designated Safeguarding Leads")
    for one in (jane, other):
        BookingFactory(delegate=one, event=event)
    BookingFactory(delegate=other)
    page = open_page(**options)
    enter(page, PersonFactory(roles=[Role.COORDINATOR]))
    page.goto("/people/duplicates/")
    look(page)
    press(page, "Look at both", "Which record stays", "link")
    press(page, "Continue", "What goes to the record that stays")
    press(page, "Make them one", "The two records are one")
    press(page, "Undo this", "Make them two again", "link")
    press(page, "Make them two again", "are two again")
    assert not Person.objects.filter(merged_into__isnull=False).exists()


@both
def test_of_a_leaver_one_booking_is_taken_over_and_one_is_kept_for_a_colleague(open_page, press, enter, options):
    jane = PersonFactory(name="Jane Smith", line_manager=PersonFactory())
    zoe = PersonFactory(name="Zoe Young", agency=jane.agency)
    first, second = BookingFactory(delegate=jane), BookingFactory(delegate=jane)
    page = open_page(**options)
    enter(page, PersonFactory(roles=[Role.COORDINATOR]))
    page.goto(f"/people/{jane.reference}/")
    press(page, "Record as left", "Their last day")
    press(page, "Continue", "There is a problem")
    page.locator(f"input[name=do-{first.reference}][value=send]").check()
    page.locator(f"input[name=who-{first.reference}]").fill("zoe young")
    page.locator(f"input[name=do-{second.reference}][value=ask]").check()
    press(page, "Continue", "Zoe Young goes instead")
    press(page, "Record as left", "1 booking taken over and 1 booking kept for colleagues")
    assert first.event.bookings.live().get().delegate == zoe
