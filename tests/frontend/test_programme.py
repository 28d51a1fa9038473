"""The programme as a list: what it shows to whom, how it is filtered, and the file of it."""

import csv
import io
import re

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from bookings.models import Correction
from frontend.programme import board, listing
from tests.bookings.factories import ReservationFactory
from tests.factories import (
    BookingFactory,
    CourseFactory,
    EventFactory,
    PersonFactory,
    RegisterFactory,
    RoomFactory,
    SessionTrainerFactory,
    TrainerFactory,
    VenueFactory,
)
from tests.training.factories import TrainerInvitationFactory, VolunteerFactory
from training.models import Event

pytestmark = pytest.mark.django_db
STANDINGS = ["coming", "draft", "cancelled", "room", "overfull", "full", "hand-in", "close", "closed"]
LIST, FILE = reverse("programme:list"), reverse("programme:download")


def shown(client, **asked):
    """The references of the events on the page, in its order."""
    return re.findall(r'href="/events/([^/"]+)/["?]', client.get(LIST, asked).content.decode())


def register(event, **facts):
    RegisterFactory(session=event.sessions.get(), **facts)


@pytest.mark.parametrize("count", [1, 50])
@pytest.mark.parametrize("role", ["coordinator", "agency-lead"])
def test_the_list_takes_seven_statements_at_one_row_and_at_fifty(
    client, sign_in, django_assert_num_queries, count, role
):
    sign_in(role)
    for _ in range(count):
        event = EventFactory()
        BookingFactory(event=event)
        BookingFactory(event=event, waiting=True)
    with django_assert_num_queries(7):
        page = client.get(LIST)
    assert page.content.decode().count('<th scope="row">') == count


@pytest.mark.parametrize("count", [1, 50])
def test_the_file_takes_six_statements_at_one_row_and_at_fifty(client, sign_in, django_assert_num_queries, count):
    sign_in("coordinator")
    for _ in range(count):
        EventFactory()
    with django_assert_num_queries(6):  # one counts, one notes the export
        client.get(FILE)


@time_machine.travel("2026-11-22 10:00")
def test_it_opens_on_the_present_financial_year_and_says_so_in_the_filter(client, sign_in):
    sign_in("coordinator")
    EventFactory(reference="NOW")
    EventFactory(reference="BEFORE", days=-400)
    assert shown(client) == ["NOW"]
    assert shown(client, year="2025-26") == ["BEFORE"]
    assert shown(client, year="all") == ["BEFORE", "NOW"]


@time_machine.travel("2026-11-22 10:00")
def test_without_events_this_year_it_opens_on_the_latest_year_with_some(client, sign_in):
    sign_in("coordinator")
    for days in (-2000, -1000):
        EventFactory(reference=f"{days}", days=days)
    assert shown(client) == ["-1000"]


def test_what_has_no_date_yet_stands_in_the_present_year(client, sign_in):
    sign_in("coordinator")
    EventFactory(reference="UNDATED", sessions=0, state="draft")
    EventFactory()
    assert "UNDATED" in shown(client)
    assert "No date yet" not in client.get(LIST).content.decode()  # it is a draft first of all


def test_each_state_is_filtered_by_and_told_by_a_tag(client, sign_in):
    coordinator = sign_in("coordinator")
    EventFactory(reference="coming")
    EventFactory(reference="draft", state="draft")
    EventFactory(
        reference="cancelled", state="cancelled", cancelled_at="2026-01-01T00:00Z", cancelled_by=PersonFactory()
    )
    BookingFactory(event=EventFactory(reference="room"), waiting=True)
    overfull = EventFactory(reference="overfull", places=1, overbooking=1, overbooking_reason="A new team")
    BookingFactory.create_batch(2, event=overfull)
    BookingFactory(event=EventFactory(reference="full", places=1))
    EventFactory(reference="hand-in", days=-3)
    register(EventFactory(reference="close", days=-2), handed_in=True)
    closed = EventFactory(reference="closed", days=-1)
    register(closed, closed=True)
    booking = BookingFactory(event=closed, outcome="attended")
    Correction.objects.create(booking=booking, was="did-not-attend", became="attended", closed_at=timezone.now())

    BookingFactory(event=Event.objects.get(reference="coming"), source="walk-in")
    ReservationFactory(event=Event.objects.get(reference="coming"), places=1)
    Event.objects.filter(reference="full").update(minimum=2, decide_on="2026-01-01", certainty="held")
    Event.objects.filter(reference="room").update(trainers_wanted=1)
    VolunteerFactory(event=Event.objects.get(reference="room"))
    whom = {"to_cancel_by": coordinator, "to_cancel_reason": "Snow"}
    Event.objects.filter(reference="draft").update(to_cancel_at="2026-01-01T00:00Z", **whom)
    TrainerInvitationFactory(event=Event.objects.get(reference="draft"), reminded_at="2026-01-01T00:00Z")

    events = list(listing.programme(coordinator).order_by("-pk"))
    rows = listing.rows(event.pk for event in events)
    for name in set(listing.Row._fields) - {"course"} | {"places_left"}:
        assert [getattr(row, name) for row in rows] == [getattr(event, name) for event in events], name
    assert {row.reference: listing.standing(row) for row in rows} == {
        word: word
        for word in ["coming", "draft", "cancelled", "room", "overfull", "full", "hand-in", "close", "closed"]
    }
    expected = {state: {state} for state in ("room", "overfull", "hand-in", "close", "cancelled", "draft")} | {
        "coming": {"coming", "room", "overfull", "full"},
        "minimum": {"full"},
        "tentative": {"full"},
        "reserved": {"coming"},
        "trainers": {"room"},
        "offers": {"room"},
        "unanswered": {"draft"},
        "delivered": {"hand-in", "close", "closed"},
        "corrected": {"closed"},
        "cancelling": {"draft"},
    }
    assert expected.keys() == listing.STATES.keys()
    assert "under minimum 2, decide by 1 Jan 2026" in client.get(LIST, {"year": "all"}).content.decode()
    for state, references in expected.items():
        assert set(shown(client, state=state, year="all")) == references


def test_a_session_without_a_register_is_one_to_hand_in():
    event = EventFactory(days=-5, sessions=2)
    RegisterFactory(session=event.sessions.first(), closed=True)
    assert listing.standing(listing.counted(Event.objects.all()).get()) == "hand-in"


def test_walk_ins_hold_no_place():
    event = EventFactory(places=1)
    BookingFactory(event=event)
    BookingFactory(event=event, source="walk-in")
    assert listing.counted(Event.objects.all()).get().held == 1


def test_it_is_filtered_by_course_venue_and_words(client, sign_in):
    sign_in("coordinator")
    venue = VenueFactory(name="Lloyd House")
    here = EventFactory(reference="26-001", course=CourseFactory(code="MS", title="Modern Slavery"))
    here.sessions.update(room=RoomFactory(venue=venue))
    EventFactory(reference="26-002", course=CourseFactory(title="Right Help, Right Time"))
    assert (
        shown(client, course="MS") == shown(client, venue=venue.pk) == shown(client, q="slavery MODERN") == ["26-001"]
    )
    assert shown(client, q="26-002") == ["26-002"]


def test_it_is_sorted_by_its_heads_both_ways(client, sign_in):
    sign_in("coordinator")
    for title, places in (("B", 3), ("A", 1), ("C", 2)):
        EventFactory(reference=title, course=CourseFactory(title=title), places=places)
    assert shown(client, sort="course") == ["A", "B", "C"]
    assert shown(client, sort="-places") == ["B", "C", "A"]
    assert len(shown(client, sort="password")) == 3


@pytest.mark.parametrize(
    ("asked", "said"),
    [({"year": "1066-67"}, "1066-67 is not one of the available choices"), ({"q": "a\0b"}, "Null characters")],
)
def test_a_filter_that_makes_no_sense_is_told_and_filters_nothing(client, sign_in, asked, said):
    sign_in("coordinator")
    EventFactory()
    page = client.get(LIST, asked)
    assert said in page.content.decode()
    assert page.content.decode().count('<th scope="row">') == 1


def test_a_practitioner_sees_the_public_programme_with_places_left(client, sign_in):
    sign_in()
    EventFactory(reference="PUBLIC", places=5)
    EventFactory(state="draft")
    EventFactory(is_in_house=True)
    EventFactory(reference="PAST", days=-3)
    BookingFactory.create_batch(2, event=EventFactory(reference="SOME", places=3))
    page = client.get(LIST).content.decode()
    assert set(shown(client)) == {"PUBLIC", "SOME"}
    assert shown(client, state="delivered") == ["PAST"]
    assert "Places free" in page
    for word in ("Booked", "Waiting</", "Draft", "Overfull", "hand in"):
        assert word not in page


def test_to_a_practitioner_an_event_with_a_queue_is_a_waiting_list_whatever_is_free(client, sign_in):
    sign_in()
    BookingFactory(event=EventFactory(places=5), waiting=True)
    page = client.get(LIST).content.decode()
    assert "Waiting list" in page
    assert "people waiting" not in page


def test_a_trainer_sees_the_in_house_event_that_they_train(client, sign_in):
    trainer = sign_in()
    event = EventFactory(is_in_house=True, reference="OWN")
    SessionTrainerFactory(session=event.sessions.get(), trainer=TrainerFactory(person=trainer))
    assert shown(client) == ["OWN"]


def test_an_empty_programme_says_how_to_import_one(client, sign_in):
    sign_in("coordinator")
    assert reverse("imports:upload") in client.get(LIST).content.decode()


def test_an_empty_filter_offers_to_show_all(client, sign_in):
    sign_in("coordinator")
    EventFactory()
    assert "No event fits this filter" in client.get(LIST, {"q": "nothing"}).content.decode()


def test_the_file_holds_what_the_page_shows_all_pages_of_it(client, sign_in):
    sign_in("coordinator")
    for _ in range(60):
        EventFactory(course=CourseFactory(title="Modern Slavery"), places=12)
    EventFactory(course=CourseFactory(title="Another"))
    answer = client.get(FILE, {"q": "modern"})
    assert answer["Content-Disposition"] == 'attachment; filename="programme.csv"'
    head, *rows = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert head == [
        "Event", "Course code", "Course", "Starts", "Ends", "Venue", "Places", "Booked", "Waiting", "State",
    ]  # fmt: skip
    assert len(rows) == 60
    assert rows[0][2] == "Modern Slavery"
    assert rows[0][6:] == ["12", "0", "0", "Coming"]


@pytest.mark.parametrize("title", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx"])
def test_text_that_a_spreadsheet_would_reckon_stays_text_in_the_file(client, sign_in, title):
    sign_in("coordinator")
    EventFactory(course=CourseFactory(title=title))
    row = list(csv.reader(io.StringIO(client.get(FILE).content.decode("utf-8-sig"), newline="")))[1]
    assert row[2] == f"'{title}"


def test_a_practitioners_file_has_no_counts_of_others(client, sign_in):
    sign_in()
    EventFactory()
    head = client.get(FILE).content.decode("utf-8-sig").splitlines()[0]
    assert head.endswith("Places,Places left,State")


def test_scripts_in_a_title_are_shown_as_text(client, sign_in):
    sign_in("coordinator")
    EventFactory(course=CourseFactory(title="<script>alert(1)</script>{{7*7}}"))
    page = client.get(LIST).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;{{7*7}}" in page


# --- as a month, and by state ---------------------------------------------------------------------------------------
@pytest.mark.parametrize("view", ["month", "board"])
@pytest.mark.parametrize("count", [1, 50])
def test_month_and_board_take_six_statements_at_one_event_and_at_fifty(
    client, sign_in, django_assert_num_queries, view, count
):
    sign_in("coordinator")
    for _ in range(count):
        BookingFactory(event=EventFactory(days=1))
    with django_assert_num_queries(6):
        page = client.get(LIST, {"view": view, "year": "all"})
    assert page.status_code == 200


@time_machine.travel("2026-11-22 10:00")
def test_a_month_shows_what_begins_in_it_and_leads_to_the_months_beside_it(client, sign_in):
    sign_in("coordinator")
    EventFactory(reference="NOW", course__title="Neglect", minimum=3, decide_on="2026-11-23", days=3)
    EventFactory(reference="NEXT", days=20)
    page = client.get(LIST, {"view": "month", "state": "coming"}).content.decode()
    assert re.findall(r'href="/events/([^/"]+)/["?]', page) == ["NOW"]
    assert "1 event in November 2026" in page
    assert "0 of 20, under minimum" in page
    assert 'href="?view=month&amp;state=coming&amp;month=2026-12"' in page
    assert 'href="?state=coming"' in page  # the list, with its filter
    assert shown(client, view="month", month="2026-12") == ["NEXT"]
    assert shown(client, view="month", month="2026-12", q="none") == []


@pytest.mark.parametrize("month", ["2026-13", "0001-01", "9999-12", "x"])
def test_a_month_that_makes_no_sense_breaks_nothing(client, sign_in, month):
    sign_in("coordinator")
    assert client.get(LIST, {"view": "month", "month": month}).status_code == 200


def test_the_board_has_a_column_for_each_state_and_says_how_many_more_there_are(client, sign_in):
    sign_in("coordinator")
    EventFactory.create_batch(board.IN_A_COLUMN + 2, state="draft")
    BookingFactory(event=EventFactory(places=1))
    page = client.get(LIST, {"view": "board", "year": "all"}).content.decode()
    assert re.findall(r'class="app-board__column" aria-label="([^"]+)"', page) == ["Draft", "Full"]
    assert page.count('href="/events/') == board.IN_A_COLUMN + 1
    assert (
        '<a class="govuk-link govuk-link--no-visited-state" href="?year=all&amp;state=draft">2 more events</a>' in page
    )
    assert "No event fits this filter" in client.get(LIST, {"view": "board", "q": "none"}).content.decode()


def test_a_board_of_very_many_says_that_it_shows_the_first(client, sign_in, monkeypatch):
    monkeypatch.setattr(board, "MOST", 2)
    sign_in("coordinator")
    EventFactory.create_batch(3)
    page = client.get(LIST, {"view": "board", "year": "all"}).content.decode()
    assert "These are the first" in page
    assert page.count('href="/events/') == 2


@time_machine.travel("2026-11-22 10:00")
def test_who_reads_the_public_programme_has_a_month_and_no_board(client, sign_in):
    sign_in()
    EventFactory(days=1)
    page = client.get(LIST, {"view": "board"}).content.decode()
    assert "app-board" not in page
    assert "By state" not in page
    assert "Places free" in client.get(LIST, {"view": "month"}).content.decode()
