"""Each role's main journey by Tab, Enter and Space alone: what has the focus is always to be seen, and not covered."""

import pytest
from playwright.sync_api import expect

from frontend.formats import full_moment
from people import accounts
from people.models import Role
from tests.factories import (
    PASSWORD,
    BookingFactory,
    ChargeFactory,
    CourseFactory,
    EventFactory,
    PartnershipFactory,
    PersonFactory,
)

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

# What has the focus: its words, and what is wrong with how it shows.
FOCUSED = """() => {
  const one = document.activeElement;
  const { left, top, right, bottom } = one.getBoundingClientRect();
  const words = (one.labels?.[0]?.innerText ?? one.getAttribute("aria-label") ?? one.innerText ?? "").trim();
  if (one === document.body) return { words: "", wrong: "" };
  const style = getComputedStyle(one), label = one.labels?.[0];
  const beside = label && getComputedStyle(label, "::before");
  const shows = (look) => look && (look.outlineStyle !== "none" || look.boxShadow !== "none");
  const x = Math.max(0, Math.min((left + right) / 2, innerWidth - 1)), y = (top + bottom) / 2;
  const over = document.elementFromPoint(x, y);
  const seen = over && (over === one || one.contains(over) || over.contains(one) || label?.contains(over));
  let wrong = "";
  if (!shows(style) && !shows(beside) && !(label && shows(getComputedStyle(label)))) wrong = "shows no focus";
  else if (bottom <= 0 || top >= innerHeight) wrong = "is outside of the screen";
  else if (!seen) wrong = `is covered by ${over?.outerHTML.slice(0, 80)}`;
  return { words, wrong };
}"""


class Keyboard:
    """Hands without a mouse."""

    MOST = 120

    def __init__(self, page):
        self.page = page

    def tab_to(self, words):
        """Press Tab until what has the focus begins so, asserting at each step that it can be seen."""
        passed = []
        for _ in range(self.MOST):
            self.page.keyboard.press("Tab")
            focused = self.page.evaluate(FOCUSED)
            assert not focused["wrong"], f"“{focused['words']}” on {self.page.url} {focused['wrong']}"
            if focused["words"].startswith(words):
                return
            passed.append(focused["words"])
        raise AssertionError(f"“{words}” is not reached on {self.page.url}, but {passed}")

    def press(self, words, then, key="Enter"):
        """Go to the link or button, press it, and wait for words of the next page."""
        self.tab_to(words)
        self.page.keyboard.press(key)
        self.page.get_by_text(then).locator("visible=true").first.wait_for()

    def fill(self, label, words):
        self.tab_to(label)
        self.page.keyboard.type(words)


@pytest.fixture(autouse=True)
def partnership():
    PartnershipFactory()


@pytest.fixture
def event():
    """In a month; there are some before it in the list."""
    for days in range(5):
        EventFactory(days=20 + days)
    return EventFactory(course=CourseFactory(title="Modern Slavery"), reference="26-001")


def test_a_practitioner_signs_in_finds_an_event_books_and_cancels_by_keyboard(open_page, event):
    PersonFactory(email="jade@example.org", name="Jade Lewis")
    accounts.open_account(email="jade@example.org", password=PASSWORD)
    page = open_page(viewport={"width": 1280, "height": 600})
    hands = Keyboard(page)
    page.goto("/")
    hands.fill("Email address", "jade@example.org")
    hands.fill("Password", PASSWORD)
    hands.press("Sign in", "Your bookings")
    hands.press("Find training", "What are you looking for?")
    hands.fill("What are you looking for?", "slavrey")
    hands.press("Search", "1 course")
    hands.press(full_moment(event.starts_at), "Event 26-001")
    hands.press("Book a place", "What you need on the day", key="Enter")
    hands.press("Book this place", "You have a place on Modern Slavery", key="Space")
    hands.press("Change or cancel this booking", "Send a substitute")
    hands.press("Cancel", "Keep this booking")
    hands.press("Cancel this booking", "is cancelled", key="Space")


def test_a_coordinator_marks_a_register_and_hands_it_in_by_keyboard(open_page, enter):
    event = EventFactory(days=-1, course=CourseFactory(title="Modern Slavery"), reference="26-001")
    for name in ("Ann Able", "Bea Brown", *(f"Delegate {number}" for number in range(8))):
        BookingFactory(event=event, delegate__name=name)
    page = open_page(viewport={"width": 1280, "height": 600})
    enter(page, PersonFactory(roles=[Role.COORDINATOR]))
    hands = Keyboard(page)
    page.goto("/")
    hands.press("Mark the register of Modern Slavery", "Ann Able")
    hands.tab_to("Present")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowLeft")
    page.get_by_text("1 of 10 marked").wait_for()
    hands.press("Mark all remaining present", "Go back and mark nobody")
    hands.press("Mark them present", "9 delegates marked as present")
    hands.press("Hand in the register", "How many people did you count")
    hands.fill("How many people did you count", "10")
    hands.press("Hand in", "Handed in by")


@pytest.mark.parametrize("width", [1280, 320])  # the second is the first at 400 %
def test_finance_confirms_a_charge_by_keyboard(open_page, enter, width):
    for number in range(12):
        ChargeFactory(booking__delegate__name=f"Delegate {number}", booking__event__days=-40 - number)
    page = open_page(viewport={"width": width, "height": 600})
    enter(page, PersonFactory(roles=[Role.FINANCE_OFFICER]))
    hands = Keyboard(page)
    page.goto("/")
    hands.press("12", "Confirm those ticked")
    hands.tab_to("Confirm Delegate 3’s charge")
    page.keyboard.press("Space")
    expect(page.locator("input[type=checkbox]:checked")).to_have_count(1)
    hands.press("Confirm those ticked", "Confirm 1 charge, £75")
    hands.press("Confirm 1 charge", "1 charge is confirmed", key="Space")
