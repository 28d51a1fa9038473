"""What needs a coordinator, on Home: one list, the most urgent first, each line a link to the act."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from bookings.models import Correction
from frontend import formats
from frontend.home.to_do import KINDS, MOST
from tests.bookings.factories import ApprovalFactory, NeedFactory, OfferFactory, ReservationFactory, staff
from tests.bookings.made_up import lost
from tests.factories import (
    BookingFactory,
    CourseFactory,
    EventFactory,
    JobFactory,
    MessageFactory,
    PersonFactory,
    RegisterFactory,
    SessionTrainerFactory,
    TrainerFactory,
)
from tests.joining_factories import JoiningFactory
from tests.training.factories import TrainerInvitationFactory, VolunteerFactory, about_to_be_cancelled
from training.models import Event, Trainer
from training.moments import until

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOTHING = "Nothing needs you now."


@pytest.fixture
def coordinator(sign_in):
    return sign_in("coordinator")


def to_do(client):
    """The lines in their order: what is to be done, and all that is said with it; and where it leads."""
    page = client.get(reverse("home")).content.decode()
    section = page.partition(">To do</h2>")[2].partition("</section>")[0]
    lines = []
    for line in re.findall(r"<li>(.*?)</li>", section, re.S):
        words = [" ".join(unescape(re.sub("<[^>]+>", " ", part)).split()) for part in line.partition("</a>")[::2]]
        lines.append((*words, unescape(re.search('href="([^"]+)"', line)[1])))
    return lines


def failed(**facts):
    return MessageFactory(state="failed", finished_at=timezone.now(), **facts)


def one_of_each(number=1):
    """So many things to do of each kind; none of them is for today but what is said to be."""
    now = timezone.now()
    for _ in range(number):
        address = PersonFactory().email
        BookingFactory(delegate=PersonFactory(email=address))
        failed(to=address)
        NeedFactory(booking__event=EventFactory(days=30))
        about_to_be_cancelled(now + 9 * DAY)
        EventFactory(minimum=4, decide_on=timezone.localdate() + 9 * DAY)
        OfferFactory(made_at=now - 2 * HOUR, ends_at=now - HOUR)  # for today
        ApprovalFactory(asked_at=now - 5 * DAY, ends_at=now + 9 * DAY)
        ReservationFactory(named_until=now + 2 * DAY)
        BookingFactory(waiting=True, event__places=3)
        overfull()
        over = EventFactory(days=-2)
        SessionTrainerFactory(session=over.sessions.get(), trainer=TrainerFactory(person=PersonFactory()))
        RegisterFactory(session=EventFactory(days=-3).sessions.get(), handed_in=True)
        EventFactory(certainty="tentative")
        EventFactory(trainers_wanted=2)
        TrainerInvitationFactory(reminded_at=now, event=EventFactory(days=30))
        VolunteerFactory(event=EventFactory(days=30))
        put_right()
        lost()
        JoiningFactory()
        failed(to=PersonFactory().email)
        JobFactory(state="failed", finished_at=now)


def put_right(**event):
    """A closed register that was put right, of whom one delegate is to be told."""
    booking = BookingFactory(event=EventFactory(days=-4, **event), outcome="attended")
    RegisterFactory(session=booking.event.sessions.get(), closed=True)
    return Correction.objects.create(booking=booking, was="did-not-attend", became="attended", closed_at=timezone.now())


def kinds(lines):
    """By where they lead, and by what is to be done there."""
    views = {
        "/people/": "unreached", "/needs/": "need", "/waiting-list/": "offer", "/approvals/": "approval",
        "/reserve/": "reserved", "#waiting": "room", "/places/": "overfull", "?to=trainers": "hand-in",
        "/register/close/": "close", "/corrections/": "corrected", "/date/": "tentative",
        "/make-up/": "made-up", "/join/": "joining", "/messages/": "message", "/background-work/": "job",
    }  # fmt: skip
    trainers = {"Find": "trainers", "Ring": "unanswered", "Answer": "volunteers"}
    return [
        trainers[text.partition(" ")[0]] if "/trainers/" in address else "cancelling" if "Last chance" in text
        else next((kind for part, kind in views.items() if part in address), "minimum")
        for text, _, address in lines
    ]  # fmt: skip


def test_what_is_for_today_comes_first_then_what_waits_since_and_then_what_has_time(client, coordinator):
    one_of_each()
    waits = [kind for kind, one in KINDS.items() if one.notice is None]
    has_time = [kind for kind, one in KINDS.items() if one.notice is not None and kind != "offer"]
    assert kinds(to_do(client)) == ["offer", *waits, *has_time]


def test_needs_of_events_weeks_away_stand_below_yesterday_s_register_and_those_of_next_week_above(client, coordinator):
    RegisterFactory(session=EventFactory(days=-1).sessions.get(), handed_in=True)
    over = EventFactory(days=-1)
    SessionTrainerFactory(session=over.sessions.get(), trainer=TrainerFactory(person=PersonFactory()))
    NeedFactory(booking__event__days=30, booking__event__course__title="Far")
    assert kinds(to_do(client)) == ["hand-in", "close", "need"]
    NeedFactory(booking__event__days=6, booking__event__course__title="Near")
    assert to_do(client)[0][0] == "Arrange what 1 delegate needs on Near"


@pytest.mark.parametrize("count", [1, 30])
def test_it_takes_one_statement_and_one_more_where_messages_failed(
    client, coordinator, django_assert_num_queries, count
):
    BookingFactory.create_batch(count, waiting=True, event__places=3)
    with django_assert_num_queries(6):
        assert len(to_do(client)) == min(count, MOST + 1)
    failed()
    with django_assert_num_queries(7):
        client.get(reverse("home"))


def test_each_line_leads_to_a_page_and_so_does_the_list_of_its_kind(client, coordinator):
    one_of_each()
    addresses = [address for *_, address in to_do(client)] + [kind.href for kind in KINDS.values()]
    assert {address: client.get(address).status_code for address in addresses} == dict.fromkeys(addresses, 200)


def test_of_many_the_first_are_named_and_the_rest_is_in_the_list(client, coordinator):
    for number in range(MOST + 2):
        RegisterFactory(session=EventFactory(days=-3 - number).sessions.get(), handed_in=True)
    *named, (more, _, address) = to_do(client)
    assert len(named) == MOST
    assert more == "and 2 more registers to close"
    assert client.get(address).content.decode().count('<th scope="row">') == MOST + 2


def overfull():
    BookingFactory.create_batch(2, event=EventFactory(places=1, overbooking=1, overbooking_reason="A new team"))


ONE = {
    "cancelling": about_to_be_cancelled,
    "minimum": lambda: EventFactory(minimum=2, decide_on=timezone.localdate()),
    "tentative": lambda: EventFactory(certainty="held"),
    "trainers": lambda: EventFactory(trainers_wanted=1, state="draft"),
    "unanswered": lambda: TrainerInvitationFactory(reminded_at=timezone.now(), event=EventFactory(days=30)),
    "volunteers": lambda: VolunteerFactory(event=EventFactory(days=30)),
    "room": lambda: BookingFactory(event=EventFactory(places=3), waiting=True),
    "overfull": overfull,
    "hand-in": lambda: EventFactory(days=-3),
    "close": lambda: RegisterFactory(session=EventFactory(days=-4).sessions.get(), handed_in=True),
    "corrected": put_right,
    "made-up": lost,
}


@pytest.mark.parametrize("kind", ONE)
def test_the_list_of_a_kind_shows_as_many_as_there_are(client, coordinator, kind):
    EventFactory(minimum=1, decide_on=timezone.localdate(), state="draft")
    EventFactory(days=-9, state="cancelled", cancelled_at=timezone.now(), cancelled_by=coordinator)
    BookingFactory(event=EventFactory(places=3), source="walk-in")
    RegisterFactory(session=EventFactory(days=-9, trainers_wanted=2).sessions.get(), closed=True)
    TrainerInvitationFactory(event=EventFactory(days=30))
    VolunteerFactory(
        event=EventFactory(days=30), state="withdrawn", answered_at=timezone.now(), answered_by=coordinator
    )
    for _ in range(2):
        ONE[kind]()
    assert len(to_do(client)) == 2
    assert client.get(KINDS[kind].href).content.decode().count('<th scope="row">') == 2


# --- in words -------------------------------------------------------------------------------------------------------
def test_with_nothing_to_do_one_is_told_so(client, coordinator):
    EventFactory()
    page = client.get(reverse("home")).content.decode()
    assert NOTHING in page
    assert not to_do(client)


def test_others_have_no_such_list(client, sign_in):
    sign_in("finance-officer")
    one_of_each()
    assert ">To do<" not in client.get(reverse("home")).content.decode()


def test_who_has_not_handed_in_is_asked_and_paper_is_marked(client, coordinator):
    event = EventFactory(days=-5, sessions=2, course__title="Neglect")
    trainer = TrainerFactory(name="Ann Lee", person=PersonFactory())
    SessionTrainerFactory(session=event.sessions.first(), trainer=trainer)
    RegisterFactory(session=event.sessions.first(), handed_in=True)
    ((text, note, address),) = to_do(client)
    assert text == "Ask Ann Lee for the register of Neglect"
    assert f"over since {formats.full_moment(event.ends_at)}" in note
    assert note.endswith("Mark it from paper")
    assert reverse("registers:register", args=[event.reference, 2]) in client.get("/").content.decode()
    form = client.get(address).content.decode()
    assert re.search(r'value="trainers"[^>]*checked', form)
    assert not re.search(r'value="place"[^>]*checked', form)


def test_where_no_trainer_can_be_written_to_the_register_is_marked(client, coordinator):
    event = EventFactory(days=-5)
    SessionTrainerFactory(session=event.sessions.get(), trainer=TrainerFactory(person=None))
    ((text, note, address),) = to_do(client)
    assert (text.partition(" of ")[0], address) == (
        "Mark the register", reverse("registers:register", args=[event.reference, 1]),
    )  # fmt: skip
    assert "no email address here" in note


def test_under_minimum_numbers_the_day_of_the_decision_says_how_urgent_it_is(client, coordinator):
    later = EventFactory(minimum=4, decide_on=timezone.localdate() + DAY, course__title="Later")
    BookingFactory(event=later)
    EventFactory(minimum=4, decide_on=timezone.localdate(), course__title="Today")
    (first, said, _), (second, note, address) = to_do(client)
    assert (first, second) == ("Decide whether Today takes place", "Decide whether Later takes place")
    assert said.startswith("Today ")
    assert note.startswith(f"Decide by {formats.full_date(later.decide_on)}: 1 of at least 4 booked.")
    assert address == reverse("events:event", args=[later.reference])


def test_needs_to_arrange_are_counted_and_neither_named_nor_said(client, coordinator):
    event = EventFactory(days=20, course__title="Neglect")
    NeedFactory.create_batch(2, booking__event=event)
    NeedFactory(booking__event=event, is_arranged=True)
    NeedFactory(booking__event=event, booking__waiting=True)
    NeedFactory(booking__event__days=-3, booking__event__course__title="Over")
    NeedFactory(booking__event__days=6, booking__event__course__title="Next week")
    lines = [line for line in to_do(client) if "/needs/" in line[2]]
    assert [text for text, *_ in lines] == [
        "Arrange what 1 delegate needs on Next week", "Arrange what 2 delegates need on Neglect",
    ]  # fmt: skip
    assert [note.startswith("Today") for _, note, _ in lines] == [True, False]
    assert lines[1][2] == reverse("events:needs", args=[event.reference])
    assert "A ramp" not in client.get("/").content.decode()
    listed = client.get(KINDS["need"].href).content.decode()
    assert listed.count('<th scope="row">') == 2


def test_an_offer_is_shown_on_the_day_on_which_it_ends(client, coordinator):
    now = timezone.now()
    midnight = timezone.localtime(now).replace(hour=23, minute=59)
    OfferFactory(ends_at=midnight + DAY)
    offer = OfferFactory(
        made_at=now - DAY,
        ends_at=midnight,
        booking__delegate__name="Jade Lewis",
        booking__event__course__title="Neglect",
    )
    ((text, note, _),) = to_do(client)
    assert text == "Ring Jade Lewis about a place on Neglect"
    assert f"Today Held until {until(offer.ends_at)}, and not answered." in note


def test_of_an_approval_it_says_who_was_asked_and_nobody_decides_about_their_own(client, coordinator):
    now = timezone.now()
    asked = ApprovalFactory(
        asked_at=now - 5 * DAY, ends_at=now + 9 * DAY, asked=PersonFactory(name="Helen Okafor"),
        booking__delegate=staff(name="Jade Lewis"),
    )  # fmt: skip
    ApprovalFactory(asked_at=now - 5 * DAY, ends_at=now + 9 * DAY, booking__delegate=coordinator)
    ApprovalFactory()
    ((text, note, _),) = to_do(client)
    assert text.startswith("Help along Jade Lewis’s request")
    assert note == f"Helen Okafor was asked and reminded. It ends at {until(asked.ends_at)}"


def test_who_wants_to_join_says_for_whom_they_work(client, coordinator):
    EventFactory()
    JoiningFactory(name="Jade Lewis", agency=None, agency_name="The Hive")
    ((text, note, _),) = to_do(client)
    assert text == "Let Jade Lewis in, or decline"
    assert "work for The Hive" in note


def test_reserved_places_are_shown_when_they_end_soon(client, coordinator):
    now = timezone.now()
    ReservationFactory(named_until=now + 9 * DAY)
    ReservationFactory(named_until=now + DAY, released_at=now)
    ReservationFactory(named_until=now + DAY, agency__name="The Hive", event__course__title="Neglect")
    ((text, note, address),) = to_do(client)
    assert text == "Ask The Hive for names on Neglect"
    assert note.startswith("2 places to name by")
    assert "The Hive" in client.get(address).content.decode()
    assert client.get(KINDS["reserved"].href).content.decode().count('<th scope="row">') == 2


def test_a_date_that_is_not_sure_says_who_waits_to_be_told(client, coordinator):
    event = EventFactory(days=30, certainty="held", course__title="Neglect")
    ((_, note, _),) = to_do(client)
    assert note.startswith("Nobody has a place. Messages about places wait for you. It begins on ")
    BookingFactory(event=event)
    ((text, note, address),) = to_do(client)
    assert text == "Confirm the date of Neglect, or change it"
    assert note.startswith("1 person has a place. Messages about places wait for you. ")
    assert address == reverse("events:date", args=[event.reference])


# --- trainers, and registers put right ------------------------------------------------------------------------------
def test_an_event_that_lacks_trainers_says_how_many_it_has_and_who_declined(client, coordinator):
    event = EventFactory(days=6, trainers_wanted=2, course__title="Neglect")
    SessionTrainerFactory(session=event.sessions.get())
    for name, is_on in (("Ann Lee", False), ("Ben Ash", True)):
        TrainerInvitationFactory(event=event, trainer__name=name, is_on=False, state="declined", reason="Away",
                                 answered_at=timezone.now(), answered_by=coordinator)  # fmt: skip
        if is_on:
            SessionTrainerFactory(session=event.sessions.get(), trainer=Trainer.objects.get(name=name))
    assert not to_do(client)
    Event.objects.update(trainers_wanted=4)
    ((text, note, address),) = to_do(client)
    assert text == "Find 2 trainers for Neglect"
    assert note.startswith("Today 2 of 4 trainers so far. Declined: Ann Lee. It begins on ")
    assert address == reverse("events:trainers", args=[event.reference])


def test_trainers_who_do_not_answer_and_those_who_offer_are_named_on_a_line_an_event(client, coordinator):
    event = EventFactory(days=30, course__title="Neglect")
    for name in ("Ben Ash", "Ann Lee"):
        TrainerInvitationFactory(event=event, trainer__name=name, reminded_at=timezone.now())
    TrainerInvitationFactory(event=event, trainer__name="Asked Today")
    VolunteerFactory(event=event, trainer__name="Cy Day")
    assert [text for text, *_ in to_do(client)] == [
        "Ring Ann Lee, Ben Ash about giving Neglect", "Answer Cy Day, who would give Neglect",
    ]  # fmt: skip
    Event.objects.filter(pk=event.pk).update(
        state="cancelled", cancelled_at=timezone.now(), cancelled_by=coordinator, cancelled_reason="Snow"
    )
    assert not to_do(client)


def test_a_register_put_right_is_there_until_its_delegates_are_told(client, coordinator):
    correction = put_right(course__title="Neglect")
    event = correction.booking.event
    ((text, note, address),) = to_do(client)
    assert text == "Tell 1 delegate that the register of Neglect was put right"
    assert note.startswith(f"Of {formats.full_date(event.starts_at)}, closed again on ")
    assert address == reverse("registers:corrections", args=[event.reference])
    Correction.objects.update(settled_at=timezone.now(), settled_by=coordinator)
    assert not to_do(client)


# --- messages -------------------------------------------------------------------------------------------------------
def test_who_is_booked_and_not_reached_is_named_with_the_booking(client, coordinator):
    gone = PersonFactory(name="Jade Lewis", email="gone@example.org")
    event = EventFactory(course=CourseFactory(title="Neglect"))
    BookingFactory(delegate=gone, event=event)
    BookingFactory(delegate__name="Sam Reached", event=event)
    BookingFactory(delegate=PersonFactory(name="Ben Past", email="gone@example.org"), event=EventFactory(days=-3))
    RegisterFactory(session=BookingFactory(event__days=-3).event.sessions.get(), closed=True)
    failed(to="gone@example.org")
    line = next(one for one in to_do(client) if "Jade Lewis" in one[0])
    assert line[1].startswith("gone@example.org: Neglect. ")
    assert line[2] == reverse("people:person", args=[gone.reference])
    lead = PersonFactory(email="gone@example.org", roles=["agency-lead"])
    BookingFactory(delegate__name="Tom by the Lead", delegate__email="", delegate__agency=lead.agency, event=event)
    said = str(to_do(client))
    assert "Tom by the Lead" in said
    assert "Ben Past" not in said
    assert "Sam Reached" not in said
    assert "did not reach" not in said, "it is named with the bookings"
    MessageFactory(to="gone@example.org", state="done", finished_at=timezone.now() + timedelta(minutes=1))
    said = str(to_do(client))
    assert "Ring" not in said, "a later one arrived"
    assert "Put right what did not reach gone@example.org" in said


def test_who_is_not_reached_for_the_day_after_tomorrow_is_for_today(client, coordinator):
    for days in (2, 5):
        address = f"in{days}@example.org"
        BookingFactory(event=EventFactory(days=days), delegate=PersonFactory(email=address))
        failed(to=address)
    assert [note.startswith("Today") for _, note, _ in to_do(client)] == [True, False]


def test_what_was_given_up_opens_what_can_be_done_about_it(client, coordinator):
    for _ in range(2):
        failed(to="jade@example.org")
    job = JobFactory(kind="check-truths", state="failed", finished_at=timezone.now())
    _, _ = MessageFactory(), JobFactory()  # nothing is wrong with these
    message, again = to_do(client)
    assert message[1].startswith("2 messages given up")
    assert client.get(message[2]).content.decode().count('<th scope="row">') == 2
    assert again[2] == reverse("jobs:job", args=[job.pk])
