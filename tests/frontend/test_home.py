"""Home: what needs doing, as the sum over a person's roles."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from frontend import formats
from people.models import Role
from tests.bookings.factories import ApprovalFactory
from tests.factories import (
    AccountFactory,
    BookingFactory,
    EventFactory,
    JobFactory,
    MessageFactory,
    PersonFactory,
    RegisterFactory,
    SessionTrainerFactory,
    TrainerFactory,
)

pytestmark = pytest.mark.django_db
HOME = reverse("home")


def home(client):
    return client.get(HOME).content.decode()


def figures(page):
    """The numbers on the page by their labels."""
    found = re.findall(r"<dt>(.*?)</dt>\s*<dd[^>]*>(.*?)</dd>", page, re.S)
    return {label: int(re.sub(r"<span.*?</span>|<[^>]+>|\s", "", value)) for label, value in found}


def trained_by(person, **facts):
    event = EventFactory(**facts)
    SessionTrainerFactory(session=event.sessions.first(), trainer=TrainerFactory(person=person), override="so be it")
    return event


def things(person, count):
    trainer = TrainerFactory(person=person)
    for _ in range(count):
        event = EventFactory(begins=timezone.now() - timedelta(hours=1))
        SessionTrainerFactory(session=event.sessions.get(), trainer=trainer, override="so be it")
        BookingFactory(event=event, waiting=True)
        BookingFactory(delegate=person, event=EventFactory())
        BookingFactory(delegate__agency=person.agency, delegate__line_manager=person)
        ApprovalFactory(booking__delegate=PersonFactory(agency=person.agency, line_manager=person))


@pytest.mark.parametrize("count", [1, 20])
@pytest.mark.parametrize(
    ("roles", "statements"),
    [
        ((), 7),
        ((Role.AGENCY_LEAD,), 8),
        ((Role.COORDINATOR,), 6),
        ((Role.FINANCE_OFFICER,), 8),
        ((Role.COORDINATOR, Role.FINANCE_OFFICER), 7),
    ],
)
def test_it_takes_as_many_statements_at_one_thing_to_do_as_at_twenty(
    client, sign_in, django_assert_num_queries, count, roles, statements
):
    things(sign_in(*roles), count)
    with django_assert_num_queries(statements):
        home(client)


def test_an_empty_database_says_how_to_begin(client, sign_in):
    sign_in("coordinator")
    assert reverse("imports:upload") in home(client)


def test_todays_events_stand_on_a_coordinators_home(client, sign_in):
    sign_in("coordinator")
    event = EventFactory(begins=timezone.now() - timedelta(hours=1))
    page = home(client)
    assert f"{formats.clock(event.starts_at)} to {formats.clock(event.ends_at)}" in page
    assert "Register due today" in page
    assert reverse("events:event", args=[event.reference]) in page


def sections(page):
    """The words of each section, by its heading."""
    found = re.findall(r"<section[^>]*>(.*?)</section>", page, re.S)
    return {re.search("<h2[^>]*>(.*?)</h2>", one)[1]: " ".join(re.sub("<[^>]+>", " ", one).split()) for one in found}


def test_what_comes_next_and_what_has_few_bookings_stand_on_a_coordinators_home(client, sign_in):
    sign_in("coordinator")
    soon = EventFactory(days=7, places=2, course__title="Soon and half full")
    BookingFactory(event=soon)
    EventFactory(days=8, places=3, course__title="Later and empty")
    EventFactory(days=28, places=1, course__title="Last and empty")
    EventFactory(days=29, places=3, course__title="Too far away")
    EventFactory(days=3, places=3, state="draft", course__title="A draft")
    shown = sections(home(client))
    assert "Soon and half full" in shown["The next 7 days"]
    assert "1 of 2 places held" in shown["The next 7 days"]
    few = shown["Fewer than half booked, in the next 4 weeks"]
    assert "Later and empty" in few
    assert "Last and empty" in few
    assert "Soon and half full" not in few
    for title in ("Too far away", "A draft"):
        assert title not in str(shown)


def test_a_quiet_week_says_when_the_next_event_is(client, sign_in):
    sign_in("coordinator")
    event = EventFactory(days=20)
    words = sections(home(client))["The next 7 days"]
    assert f"The next one is on {formats.full_date(event.starts_at)}." in words


def test_others_homes_stay_as_short_as_they_were(client, sign_in):
    sign_in("finance-officer")
    EventFactory(days=2)
    assert list(sections(home(client))) == ["Money", "Your bookings"]


def test_a_trainer_sees_registers_to_mark_before_dates_to_come(client, sign_in):
    trainer = sign_in()
    coming = trained_by(trainer, days=9)
    over = trained_by(PersonFactory(), days=-2)
    SessionTrainerFactory(session=over.sessions.get(), trainer=trainer.trainer)
    closed = EventFactory(days=-5)
    SessionTrainerFactory(session=closed.sessions.get(), trainer=trainer.trainer)
    RegisterFactory(session=closed.sessions.get(), closed=True)
    page = home(client)
    to_mark = reverse("registers:register", args=[over.reference, 1])
    assert page.index(to_mark) < page.index(reverse("events:event", args=[coming.reference]))
    assert closed.reference not in page


def test_of_several_sessions_the_link_opens_the_first_that_is_not_handed_in(client, sign_in):
    event = trained_by(sign_in(), days=-5, sessions=3)
    RegisterFactory(session=event.sessions.first(), handed_in=True)
    assert reverse("registers:register", args=[event.reference, 2]) in home(client)


def test_a_practitioner_sees_what_is_booked_what_waits_and_how_the_last_ended(client, sign_in):
    jade = sign_in()
    BookingFactory(delegate=jade, event__course__title="Booked Course")
    BookingFactory(delegate=jade, event__course__title="Awaited Course", waiting=True)
    past = BookingFactory(delegate=jade, event__course__title="Past Course", event__days=-5, outcome="attended")
    RegisterFactory(session=past.event.sessions.get(), closed=True)
    BookingFactory(delegate=jade, event__course__title="Recent Course", event__days=-2)
    BookingFactory(event__course__title="Somebody Else’s")
    page = home(client)
    order = [
        "Your bookings",
        "Booked Course",
        "You are waiting for",
        "Awaited Course",
        "Number 1",
        "Your past training",
    ]
    assert [page.index(words) for words in order] == sorted(page.index(words) for words in order)
    assert "The register is not closed yet" in page
    assert "Attended" in page
    assert "Somebody Else’s" not in page


def test_without_bookings_the_way_to_training_is_shown(client, sign_in):
    sign_in()
    page = home(client)
    assert "You are not booked on anything to come." in page
    assert f'href="{reverse("finding:list")}"' in page.partition("<main")[2]


def test_a_line_manager_sees_the_staffs_next_bookings(client, sign_in):
    manager = sign_in()
    BookingFactory(delegate__name="Jade Lewis", delegate__line_manager=manager)
    BookingFactory(delegate__name="Somebody Else")
    page = home(client)
    assert "Your staff’s next bookings" in page
    assert "Jade Lewis" in page
    assert "Somebody Else" not in page


def test_an_agency_lead_sees_the_agencys_next_bookings(client, sign_in):
    lead = sign_in("agency-lead")
    assert "Nobody of your agency is booked" in home(client)
    BookingFactory(delegate__name="Jade Lewis", delegate__agency=lead.agency)
    assert "Jade Lewis" in home(client)


def test_roles_add_up(client, sign_in):
    person = sign_in("coordinator", "finance-officer")
    trained_by(person, days=-1)
    BookingFactory(delegate=person)
    page = home(client)
    for title in ("To do", "Money", "Today", "Your registers to mark and hand in", "Your bookings"):
        assert f">{title}</h2>" in page


def test_administrators_see_what_the_nightly_look_found_and_others_do_not(client):
    found = {"broken": {"event_times": ["E1", "E2"], "of_an_older_version": ["X"]}}
    JobFactory(kind="check-truths", state="done", finished_at=timezone.now(), result=found)
    JobFactory(kind="check-truths", state="done", finished_at=timezone.now() - timedelta(days=1), result={"broken": {}})
    client.force_login(PersonFactory(account=AccountFactory(), roles=[Role.COORDINATOR]).account)
    assert "Records that break a rule" not in home(client)
    client.force_login(PersonFactory(account=AccountFactory(), roles=[Role.ADMINISTRATOR]).account)
    page = home(client)
    assert "Records that break a rule" in page
    assert figures(page)["An event starts with its first session and ends with its last"] == 2
    assert "Not so: E1 and E2" in page
    assert "Held after a restore" not in page
    MessageFactory.create_batch(2, state="held")
    JobFactory(state="held")
    page = home(client)
    assert figures(page)["messages wait"] == 2
    assert figures(page)["background job waits"] == 1
    assert f'href="{reverse("messages:held")}"' in page
