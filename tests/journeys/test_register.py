"""The register in a real browser: marked on a phone, handed in, closed, and read on the booking's page."""

import pytest
from playwright.sync_api import expect

from people.models import Role
from tests.factories import (
    AgencyFactory,
    BookingFactory,
    ChargingPolicyFactory,
    CourseFactory,
    EventFactory,
    MarkFactory,
    PartnershipFactory,
    PersonFactory,
    RegisterFactory,
    SessionTrainerFactory,
    TariffFactory,
    TrainerFactory,
)

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

PHONE = {"viewport": {"width": 375, "height": 667}, "has_touch": True}
NARROW = {"viewport": {"width": 320, "height": 640}}
NAMES = ["Ann Able", "Bea Brown", "Cas Clark", "Wilhelmina-Alexandrina Featherstonehaugh-Cholmondeley-Smy"]

# Whether what has the focus can be seen where it is: nothing lies over its middle.
IS_UNCOVERED = """() => {
  const focused = document.activeElement;
  const { left, top, width, height } = focused.getBoundingClientRect();
  const seen = document.elementFromPoint(left + width / 2, top + height / 2);
  return Boolean(seen) && (seen === focused || focused.contains(seen) || seen.contains(focused));
}"""


@pytest.fixture
def trainer():
    PartnershipFactory()
    return PersonFactory(name="Terry Trainer")


@pytest.fixture
def event(trainer):
    """Yesterday's, with a policy that charges who does not attend."""
    policy = ChargingPolicyFactory()
    TariffFactory(policy=policy)
    event = EventFactory(days=-1, course=CourseFactory(title="Modern Slavery"), reference="26-001")
    SessionTrainerFactory(session=event.sessions.get(), trainer=TrainerFactory(person=trainer))
    for name in NAMES:
        BookingFactory(event=event, delegate__name=name, policy=policy)
    AgencyFactory(name="West Midlands Police")
    return event


def delegate(page, name):
    return page.get_by_role("group", name=name)


def mark(page, name, choice):
    if choice not in ("Present", "Late", "Absent"):
        delegate(page, name).get_by_text("More").click()
    delegate(page, name).get_by_role("radio", name=choice, exact=True).click()


def press(page, button, then):
    """Press the button, and wait for these words on the page that follows."""
    page.get_by_role("button", name=button).click()
    page.get_by_text(then).first.wait_for()


def test_a_trainer_marks_on_a_phone_adds_a_walk_in_and_hands_in(open_page, look, enter, trainer, event):
    page = open_page(**PHONE)
    enter(page, trainer)
    page.goto("/")
    look(page)
    page.get_by_role("link", name="Modern Slavery").click()
    look(page)
    expect(page.get_by_role("radio", checked=True)).to_have_count(0)
    mark(page, "Ann Able", "Present")
    mark(page, "Bea Brown", "Absent")
    mark(page, "Cas Clark", "Left early")
    page.get_by_text("3 of 4 marked").wait_for()
    look(page)

    press(page, "Add a walk-in", "Somebody who is here without a place")
    look(page)
    page.get_by_label("Full name").fill("Walter Walkin")
    page.get_by_label("Agency").select_option("West Midlands Police")
    press(page, "Put on the register", "Walter Walkin is on the register")
    mark(page, "Walter Walkin", "Late")
    press(page, "Mark all remaining present", "1 delegate is not marked yet")
    look(page)
    press(page, "Mark them present", "1 delegate marked as present")

    press(page, "Hand in the register", "By the marks, 4 people were here")
    look(page)
    page.get_by_label("How many people did you count").fill("5")
    press(page, "Hand in", "You counted 5, and the marks say 4")
    look(page)
    page.get_by_label("This is right").check()
    press(page, "Hand in", "Handed in by Terry Trainer")
    look(page)


def test_each_tap_is_a_mark_that_can_be_undone_and_a_delegate_is_found_by_typing(
    open_page, look, enter, trainer, event
):
    page = open_page(**PHONE)
    enter(page, trainer)
    page.goto("/events/26-001/register/1/")
    page.get_by_text("0 of 4 marked").wait_for()
    expect(page.get_by_role("button", name="Save")).to_be_hidden()
    mark(page, "Ann Able", "Present")
    page.get_by_text("1 of 4 marked").wait_for()
    mark(page, "Ann Able", "Absent")
    page.get_by_text("1 chair free").or_(page.get_by_text("17 chairs free")).wait_for()
    page.get_by_role("button", name="Undo the mark of Ann Able").click()
    expect(delegate(page, "Ann Able").get_by_role("radio", name="Present")).to_be_checked()

    page.get_by_role("searchbox").fill("brown")
    expect(page.locator(".app-mark:visible")).to_have_count(1)
    mark(page, "Bea Brown", "Left early")
    delegate(page, "Bea Brown").get_by_label("Minutes").fill("20")
    delegate(page, "Bea Brown").get_by_label("Minutes").press("Tab")
    delegate(page, "Bea Brown").get_by_text("Counts as part attendance").wait_for()
    look(page)
    page.get_by_role("searchbox").fill("nobody")
    page.get_by_text("Nobody on this register has such a name").wait_for()
    page.get_by_role("searchbox").fill("")
    expect(page.get_by_text("Not sent yet")).to_have_count(0)
    page.reload()
    page.get_by_text("2 of 4 marked").wait_for()
    expect(delegate(page, "Ann Able").get_by_role("radio", name="Present")).to_be_checked()
    expect(delegate(page, "Bea Brown").get_by_label("Minutes")).to_have_value("20")


def test_what_one_reaches_with_a_thumb_is_44_pixels_or_more(open_page, enter, trainer, event):
    page = open_page(**PHONE)
    enter(page, trainer)
    page.goto("/events/26-001/register/1/")
    mark(page, "Ann Able", "Late")
    page.get_by_role("button", name="Undo").wait_for()
    targets = page.locator(".app-mark__choice:visible, .app-mark summary, .app-mark input:not([type=radio]):visible")
    boxes = [one.bounding_box() for one in [*targets.all(), page.get_by_role("searchbox")]]
    assert len(boxes) > 16
    assert min(box["height"] for box in boxes) >= 44
    assert min(box["width"] for box in boxes) >= 44


def test_a_coordinator_closes_it_and_the_booking_tells_the_outcome(open_page, look, enter, trainer, event):
    session = event.sessions.get()
    for booking in event.bookings.all():
        MarkFactory(
            booking=booking,
            attendance="absent" if booking.delegate.name == "Bea Brown" else "present",
            marked_by=trainer,
        )
    RegisterFactory(session=session, handed_in=True, handed_in_by=trainer, head_count=4)
    page = open_page()
    enter(page, PersonFactory(name="Casey Coordinator", roles=[Role.COORDINATOR]))
    page.goto("/")
    look(page)
    page.get_by_role("link", name="Close the register of Modern Slavery").click()
    page.get_by_text("4 people were counted in the room, and 3 are marked").wait_for()
    expect(page.get_by_text("Bea Brown: £75 to")).to_have_count(1)
    look(page)
    press(page, "Close the register", "is closed. Each booking has its outcome.")
    look(page)
    page.get_by_role("link", name="Bea Brown", exact=True).click()
    expect(page.get_by_text("Attendance: absent")).to_have_count(1)
    expect(page.get_by_text("Did not attend", exact=True)).to_have_count(1)
    look(page)


def test_without_scripts_and_at_320_pixels_it_works_as_well(open_page, enter, trainer, event):
    page = open_page(java_script_enabled=False, **NARROW)
    enter(page, trainer)
    page.goto("/events/26-001/register/1/")
    delegate(page, "Ann Able").get_by_role("radio", name="Present").check()
    page.get_by_role("button", name="Mark all remaining present").click()
    page.get_by_role("button", name="Mark them present").click()
    page.get_by_text("3 delegates marked as present").wait_for()
    page.get_by_role("button", name="Hand in the register").click()
    page.get_by_label("How many people did you count").fill("4")
    page.get_by_role("button", name="Hand in").click()
    page.get_by_text("Handed in by Terry Trainer").wait_for()
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Nothing was changed. 4 of 4 are marked.").wait_for()


def test_by_keyboard_nothing_that_has_the_focus_is_behind_the_bar_that_stays(open_page, enter, trainer, event):
    for _ in range(12):
        BookingFactory(event=event)
    page = open_page(**PHONE)
    enter(page, trainer)
    page.goto("/events/26-001/register/1/")
    seen = 0
    for key in ["Tab"] * 60 + ["Shift+Tab"] * 60:
        page.keyboard.press(key)
        if page.evaluate("document.activeElement.closest('main')") is None:
            continue
        seen += 1
        assert page.evaluate(IS_UNCOVERED), page.evaluate("document.activeElement.outerHTML")
    assert seen > 60
    page.keyboard.press("Home")
    first = delegate(page, "Ann Able").get_by_role("radio", name="Present")
    first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    expect(delegate(page, "Ann Able").get_by_role("radio", name="Late")).to_be_checked()


def test_two_who_mark_one_delegate_otherwise_settle_it(open_page, look, enter, trainer, event):
    phone, desk = open_page(**PHONE), open_page(java_script_enabled=False)
    enter(phone, trainer)
    enter(desk, PersonFactory(name="Casey Coordinator", roles=[Role.COORDINATOR]))
    for page in (phone, desk):
        page.goto("/events/26-001/register/1/")
    mark(phone, "Ann Able", "Present")
    phone.get_by_text("1 of 4 marked").wait_for()
    delegate(desk, "Ann Able").get_by_role("radio", name="Absent").check()
    delegate(desk, "Bea Brown").get_by_role("radio", name="Late").check()
    desk.get_by_role("button", name="Save").click()
    desk.get_by_text("Terry Trainer has marked Ann Able as present meanwhile").wait_for()
    expect(delegate(desk, "Bea Brown").get_by_role("radio", name="Late")).to_be_checked()
    desk.get_by_role("alert").get_by_role("link", name="Ann Able").click()
    expect(desk.locator(f"[id='{event.bookings.get(delegate__name='Ann Able').reference}']")).to_be_in_viewport()
    desk.get_by_role("button", name="Save").click()
    desk.get_by_text("1 mark saved").wait_for()
    phone.reload()
    expect(delegate(phone, "Ann Able").get_by_role("radio", name="Absent")).to_be_checked()
