"""The register without network: kept on the device, sent once when there is network again, and never mixed up."""

import pytest
from django.contrib.sessions.models import Session as SignIn
from playwright.sync_api import expect

from bookings.models import Mark
from people.models import Role
from tests.factories import (
    BookingFactory,
    CourseFactory,
    EventFactory,
    MarkFactory,
    PartnershipFactory,
    PersonFactory,
    SessionTrainerFactory,
    TrainerFactory,
)

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

PHONE = {"viewport": {"width": 375, "height": 667}, "has_touch": True}
REGISTER = "/events/26-001/register/1/"
NAMES = ["Ann Able", "Bea Brown", "Cas Clark", "Dee Drake", "Eva Evans", "Flo Frost"]
KEPT = "async () => (await caches.keys()).filter(name => name.startsWith('register ')).length"
SENT_BY_AND_BY = """() => {
  dispatchEvent(new Event("online"));
  return document.querySelector("[data-unsent]").textContent === "";
}"""
WAITING = """() => new Promise(done => {
  const asked = indexedDB.open("register", 1);
  asked.onupgradeneeded = () => { asked.transaction.abort(); };
  asked.onerror = () => done(0);
  asked.onsuccess = () => {
    const all = asked.result.transaction("waiting").objectStore("waiting").getAll();
    all.onsuccess = () => { asked.result.close(); done(all.result.length); };
  };
})"""


@pytest.fixture
def trainer():
    PartnershipFactory()
    return PersonFactory(name="Terry Trainer")


@pytest.fixture
def event(trainer):
    event = EventFactory(days=-1, course=CourseFactory(title="Modern Slavery"), reference="26-001")
    SessionTrainerFactory(session=event.sessions.get(), trainer=TrainerFactory(person=trainer))
    for name in NAMES:
        BookingFactory(event=event, delegate__name=name)
    return event


def open_register(page):
    """Opened, and kept on the device."""
    page.goto(REGISTER)
    page.locator("form.app-register[data-kept]").wait_for()


def delegate(page, name):
    return page.get_by_role("group", name=name)


def mark(page, name, choice):
    delegate(page, name).get_by_role("radio", name=choice, exact=True).click()
    expect(delegate(page, name).get_by_role("radio", name=choice, exact=True)).to_be_checked()


def sent(page):
    expect(page.locator("[data-unsent]")).to_have_text("")


def marks():
    return dict(Mark.objects.values_list("booking__delegate__name", "attendance"))


def test_half_a_register_is_marked_without_network_and_arrives_once(open_page, look, enter, trainer, event):
    page = open_page(**PHONE)
    enter(page, trainer)
    open_register(page)
    for name in NAMES[:3]:
        mark(page, name, "Present")
    sent(page)

    page.context.set_offline(True)
    mark(page, "Dee Drake", "Late")
    page.get_by_text("No network. Go on marking").wait_for()
    mark(page, "Eva Evans", "Absent")
    mark(page, "Flo Frost", "Present")
    page.get_by_text("Not sent yet: 3").wait_for()
    page.get_by_text("6 of 6 marked").wait_for()
    look(page)
    assert len(marks()) == 3

    # The phone slept, and the page was thrown out of its memory.
    page.reload()
    page.get_by_text("Not sent yet: 3").wait_for()
    page.get_by_text("6 of 6 marked").wait_for()
    expect(delegate(page, "Ann Able").get_by_role("radio", name="Present")).to_be_checked()
    expect(delegate(page, "Eva Evans").get_by_role("radio", name="Absent")).to_be_checked()
    page.get_by_role("button", name="Hand in the register").click()
    expect(page.get_by_text("No network. Go on marking")).to_be_in_viewport()

    page.context.set_offline(False)
    sent(page)
    expect(page.get_by_text("No network")).to_be_hidden()
    assert marks() == dict.fromkeys(NAMES, "present") | {"Dee Drake": "late", "Eva Evans": "absent"}
    assert Mark.history.rel.related_model.objects.count() == 0, "each was made once"
    page.wait_for_timeout(1000)  # a second press within a second is taken for a double click (govuk-frontend)
    page.get_by_role("button", name="Hand in the register").click()
    page.get_by_text("By the marks, 5 people were here").wait_for()


def test_a_mark_whose_answer_was_lost_is_sent_again_and_is_one(open_page, enter, trainer, event):
    page = open_page(**PHONE)
    enter(page, trainer)
    open_register(page)
    lost = []

    def lose(route):
        if route.request.method == "POST" and len(lost) < 3:
            lost.append(route.fetch().status)
            route.abort()
        else:
            route.continue_()

    page.context.route("**/marks/", lose)
    mark(page, "Ann Able", "Present")
    page.get_by_text("Not sent yet: 1").wait_for()
    mark(page, "Ann Able", "Absent")
    page.wait_for_function(SENT_BY_AND_BY)
    assert len(lost) == 3
    assert marks() == {"Ann Able": "absent"}
    assert Mark.history.rel.related_model.objects.count() == 1


def test_two_mark_one_register_on_and_off_line_all_marks_are_kept_and_the_conflict_is_shown(
    open_page, look, enter, trainer, event
):
    phone, desk = open_page(**PHONE), open_page()
    enter(phone, trainer)
    enter(desk, PersonFactory(name="Sam Shaw", roles=[Role.COORDINATOR]))
    open_register(phone)
    open_register(desk)

    phone.context.set_offline(True)
    mark(phone, "Ann Able", "Present")
    mark(phone, "Bea Brown", "Present")
    mark(phone, "Cas Clark", "Late")
    mark(phone, "Flo Frost", "Present")
    phone.get_by_text("Not sent yet: 4").wait_for()
    mark(desk, "Ann Able", "Absent")
    mark(desk, "Bea Brown", "Absent")
    mark(desk, "Dee Drake", "Present")
    mark(desk, "Flo Frost", "Present")
    sent(desk)

    phone.context.set_offline(False)
    phone.get_by_text("Sam Shaw has marked Ann Able as absent meanwhile").wait_for()
    phone.get_by_text("Sam Shaw has marked Bea Brown as absent meanwhile").wait_for()
    phone.get_by_text("Not sent yet: 2").wait_for()
    look(phone)
    assert marks() == {
        "Ann Able": "absent",
        "Bea Brown": "absent",
        "Cas Clark": "late",
        "Dee Drake": "present",
        "Flo Frost": "present",
    }
    # It is still asked after the page was closed.
    phone.reload()
    phone.get_by_role("button", name="Keep theirs about Ann Able").click()
    expect(phone.get_by_text("Sam Shaw has marked Ann Able")).to_have_count(0)
    expect(delegate(phone, "Ann Able").get_by_role("radio", name="Absent")).to_be_checked()
    phone.get_by_role("button", name="Use mine about Bea Brown").click()
    sent(phone)
    expect(delegate(phone, "Dee Drake").get_by_role("radio", name="Present")).to_be_checked()
    assert (marks()["Ann Able"], marks()["Bea Brown"]) == ("absent", "present")


def test_what_was_marked_while_the_session_ended_is_sent_after_signing_in_again(open_page, enter, trainer, event):
    page = open_page(**PHONE)
    enter(page, trainer)
    open_register(page)
    page.context.set_offline(True)
    mark(page, "Ann Able", "Present")
    page.get_by_text("Not sent yet: 1").wait_for()
    SignIn.objects.all().delete()
    page.context.clear_cookies()
    page.context.set_offline(False)
    page.get_by_role("link", name="Sign in, and they are sent").wait_for()
    assert marks() == {}
    page.get_by_role("link", name="Sign in, and they are sent").click()
    page.get_by_role("heading", name="Sign in").wait_for()
    enter(page, trainer)
    page.goto(REGISTER)
    page.get_by_text("1 of 6 marked").wait_for()
    sent(page)
    assert marks() == {"Ann Able": "present"}


def test_somebody_elses_marks_are_not_sent_under_ones_own_name(open_page, enter, trainer, event):
    page = open_page(**PHONE)
    enter(page, trainer)
    open_register(page)
    page.context.set_offline(True)
    mark(page, "Ann Able", "Present")
    page.get_by_text("Not sent yet: 1").wait_for()
    page.context.clear_cookies()
    enter(page, PersonFactory(name="Sam Shaw", roles=[Role.COORDINATOR]))
    page.context.set_offline(False)
    page.goto(REGISTER)
    page.get_by_text("0 of 6 marked").wait_for()
    sent(page)
    assert marks() == {}


def test_nothing_is_left_on_the_device_after_handing_in(open_page, enter, trainer, event):
    for booking in event.bookings.all():
        MarkFactory(booking=booking)
    page = open_page(**PHONE)
    enter(page, trainer)
    open_register(page)
    assert page.evaluate(KEPT) == 1
    page.get_by_role("button", name="Hand in the register").click()
    page.get_by_label("How many people did you count").fill("6")
    page.get_by_role("button", name="Hand in").click()
    page.get_by_text("Handed in by Terry Trainer").wait_for()
    page.locator("form.app-register--live").wait_for()
    page.wait_for_function(KEPT.replace(".length", ".length === 0"))


def test_nothing_is_left_on_the_device_after_signing_out(open_page, enter, trainer, event):
    page = open_page(**PHONE)
    enter(page, trainer)
    open_register(page)
    page.context.set_offline(True)
    mark(page, "Ann Able", "Present")
    page.get_by_text("Not sent yet: 1").wait_for()
    page.context.route("**/marks/", lambda route: route.abort())
    page.context.set_offline(False)
    assert (page.evaluate(KEPT), page.evaluate(WAITING)) == (1, 1)
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.accept()))
    page.get_by_text("Terry Trainer").first.click()
    page.get_by_role("button", name="Sign out", exact=True).click()
    page.get_by_role("heading", name="Sign in").wait_for()
    assert asked == ["1 mark is not sent yet, and signing out removes it from this device. Sign out all the same?"]
    assert (page.evaluate(KEPT), page.evaluate(WAITING)) == (0, 0)


def test_nothing_is_left_on_the_device_48_hours_after(open_page, enter, trainer, event):
    page = open_page(**PHONE)
    enter(page, trainer)
    open_register(page)
    assert page.evaluate(KEPT) == 1
    page.clock.install()
    page.clock.fast_forward("48:01:00")
    page.goto("/")
    page.wait_for_function(KEPT.replace(".length", ".length === 0"))
