"""The register's pages: marked by one or by two at once, handed in, closed, and opened again."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from bookings.models import Booking, Mark, Register
from frontend.registers.closing import what_follows
from tests.factories import (
    AgencyFactory,
    BookingFactory,
    ChargingPolicyFactory,
    EventFactory,
    MarkFactory,
    PersonFactory,
    RegisterFactory,
    SessionTrainerFactory,
    TariffFactory,
    TrainerFactory,
)

pytestmark = pytest.mark.django_db


def address(view, event, number=1):
    args = [event.reference] if view in ("close", "reopen") else [event.reference, number]
    return reverse(f"registers:{view}", args=args)


def page_of(client, event, number=1):
    return client.get(address("register", event, number)).content.decode()


def marks_of(event):
    return dict(Mark.objects.filter(session__event=event).values_list("booking__delegate__name", "attendance"))


@pytest.fixture
def trainer(sign_in):
    return sign_in(name="Terry Trainer")


@pytest.fixture
def event(trainer):
    """Yesterday's, with Ann, Bea and Cas on its register."""
    event = EventFactory(days=-1)
    SessionTrainerFactory(session=event.sessions.get(), trainer=TrainerFactory(person=trainer))
    for name in ("Ann Able", "Bea Brown", "Cas Clark"):
        BookingFactory(event=event, delegate__name=name)
    return event


def filled(event, *marks, **others):
    """The form with these marks in the order of names; as when it was opened with nobody marked."""
    bookings = Booking.objects.filter(event=event).order_by("delegate__sort_name")
    posted = {f"seen-{booking.reference}": "" for booking in bookings}
    posted |= {f"mark-{one.reference}": mark for one, mark in zip(bookings, marks, strict=False) if mark}
    return posted | others


# --- marking --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("count", [1, 50])
def test_a_trainers_page_takes_seven_statements_at_one_row_and_at_fifty(
    client, sign_in, django_assert_num_queries, count
):
    event = EventFactory(days=-1, places=50)
    SessionTrainerFactory(session=event.sessions.get(), trainer=TrainerFactory(person=sign_in()))
    for _ in range(count):
        MarkFactory(booking=BookingFactory(event=event))
    with django_assert_num_queries(7):
        page = page_of(client, event)
    assert page.count("<fieldset") == count


@pytest.mark.parametrize("view", ["mark_rest", "hand_in", "walk_in", "close"])
@pytest.mark.parametrize("count", [1, 50])
def test_the_pages_around_it_take_at_most_eight(client, sign_in, django_assert_max_num_queries, view, count):
    sign_in("coordinator")
    event = EventFactory(days=-1, places=50)
    BookingFactory.create_batch(count, event=event)
    with django_assert_max_num_queries(8):
        client.get(address(view, event))


def test_nobody_is_marked_until_somebody_marks_them(client, event):
    page = page_of(client, event)
    assert " checked" not in page
    assert "0 of 3 marked" in page


def test_what_is_marked_is_saved_and_the_rest_left(client, trainer, event):
    answer = client.post(address("register", event), filled(event, "present", "", "absent"), follow=True)
    assert "2 marks saved. 2 of 3 are marked." in answer.content.decode()
    assert marks_of(event) == {"Ann Able": "present", "Cas Clark": "absent"}
    assert set(Mark.objects.values_list("marked_by", flat=True)) == {trainer.pk}


def test_marks_that_are_none_are_not_taken(client, event):
    client.post(address("register", event), filled(event, "brilliant", "<script>"))
    assert marks_of(event) == {}


def test_what_was_not_touched_is_not_written_again(client, sign_in, event):
    mark = MarkFactory(booking=event.bookings.first(), marked_by=PersonFactory())
    reference = mark.booking.reference
    client.post(
        address("register", event), {f"seen-{reference}": "present", f"mark-{reference}": "present"}, follow=True
    )
    assert Mark.objects.get().marked_by == mark.marked_by


def test_the_same_mark_by_two_at_once_is_one(client, event):
    MarkFactory(booking=event.bookings.order_by("delegate__sort_name").first(), marked_by__name="Casey")
    answer = client.post(address("register", event), filled(event, "present"), follow=True).content.decode()
    assert "otherwise" not in answer
    assert marks_of(event) == {"Ann Able": "present"}


def test_two_who_mark_one_delegate_otherwise_see_both_marks_and_the_others_are_saved(client, event):
    ann = event.bookings.order_by("delegate__sort_name").first()
    posted = filled(event, "absent", "present")
    MarkFactory(booking=ann, attendance="late", marked_by__name="Casey Coordinator")

    page = client.post(address("register", event), posted).content.decode()
    assert "Casey Coordinator has marked Ann Able as late meanwhile" in page
    assert "All other marks are saved" in page
    assert marks_of(event) == {"Ann Able": "late", "Bea Brown": "present"}
    assert f'name="seen-{ann.reference}" value="late"' in page
    assert f'name="mark-{ann.reference}" value="absent" checked' in page

    again = {f"seen-{ann.reference}": "late", f"mark-{ann.reference}": "absent"}
    client.post(address("register", event), again)
    assert marks_of(event)["Ann Able"] == "absent"


def test_minutes_are_saved_shown_and_told_what_they_do(client, event):
    event.bookings.update(policy=ChargingPolicyFactory(late_grace_minutes=15))
    ann, bea, cas = event.bookings.order_by("delegate__sort_name")
    posted = filled(event, "late", "late", "left-early")
    posted |= {f"minutes-{ann.reference}": "16", f"minutes-{bea.reference}": "15", f"minutes-{cas.reference}": ""}
    client.post(address("register", event), posted)
    assert list(Mark.objects.order_by("booking__delegate__sort_name").values_list("minutes", flat=True)) == [
        16,
        15,
        None,
    ]
    page = page_of(client, event)
    assert page.count("Counts as part attendance") == 1
    assert page.count("Counts as attended") == 1
    assert f'name="seen-{ann.reference}" value="late 16"' in page


@pytest.mark.parametrize("minutes", ["0", "601", "-5", "ten", "1.5", "²", "9" * 5000])
def test_minutes_that_are_none_are_told_and_kept_in_the_field(client, event, minutes):
    ann = event.bookings.order_by("delegate__sort_name").first()
    posted = filled(event, "late", "present") | {f"minutes-{ann.reference}": minutes}
    page = client.post(address("register", event), posted).content.decode()
    assert "Enter the minutes as a whole number from 1 to 600" in page
    assert f'value="{minutes}"' in page
    assert marks_of(event) == {"Bea Brown": "present"}


def test_a_mark_is_taken_back_by_the_page(client, event):
    one = event.bookings.first().reference
    MarkFactory(booking=event.bookings.first())
    client.post(address("register", event), {f"seen-{one}": "present", f"mark-{one}": "unmarked"})
    assert marks_of(event) == {}


def test_a_delegate_is_found_by_name_or_agency_without_scripts(client, event):
    event.bookings.filter(delegate__name="Cas Clark").update(agency=AgencyFactory(name="Zebra Crossing Trust"))
    for words in ("bea", "BEA  brown", "béa"):
        page = client.get(address("register", event), {"q": words}).content.decode()
        assert page.count('tabindex="-1" hidden') == 2, words
        assert "0 of 3 marked" in page
    assert client.get(address("register", event), {"q": "zebra"}).content.decode().count('tabindex="-1" hidden') == 2
    assert (
        "Nobody on this register has such a name"
        in client.get(address("register", event), {"q": "\0nobody"}).content.decode().split("data-nobody>")[1]
    )


def test_chairs_of_who_is_not_there_are_free(client, event):
    event.places = 3
    event.save()
    assert "0 chairs free" in page_of(client, event)
    client.post(address("register", event), filled(event, "absent", "turned-away", "late"))
    assert "2 chairs free" in page_of(client, event)


def test_a_seldom_mark_is_shown_open(client, event):
    MarkFactory(booking=event.bookings.first(), attendance="turned-away")
    page = page_of(client, event)
    assert page.count('<details class="app-mark__more" open>') == 1


@pytest.mark.parametrize(
    ("then", "view"), [("rest", "mark_rest"), ("walk-in", "walk_in"), ("hand-in", "hand_in"), ("//evil", "register")]
)
def test_the_other_buttons_save_first_and_then_go_on(client, event, then, view):
    answer = client.post(address("register", event), filled(event, "present", then=then))
    assert answer.url == address(view, event)
    assert marks_of(event) == {"Ann Able": "present"}


def test_before_its_day_it_is_a_list_of_who_is_expected(client, sign_in):
    event = EventFactory(days=3)
    SessionTrainerFactory(session=event.sessions.get(), trainer=TrainerFactory(person=sign_in()))
    BookingFactory(event=event, delegate__name="Ann Able")
    page = page_of(client, event)
    assert "Ann Able" in page
    assert "The register opens on the day" in page
    assert 'type="radio"' not in page
    answer = client.post(address("register", event), filled(event, "present"), follow=True).content.decode()
    assert "The register opens on the day:" in answer
    assert marks_of(event) == {}


def test_each_session_has_a_register_of_its_own(client, sign_in):
    sign_in("coordinator")
    event = EventFactory(days=-3, sessions=2)
    booking = BookingFactory(event=event)
    client.post(address("register", event, 2), {f"mark-{booking.reference}": "late"})
    assert Mark.objects.get().session == event.sessions.last()
    assert "0 of 1 marked" in page_of(client, event, 1)


def test_a_register_without_delegates_can_take_walk_ins(client, sign_in):
    sign_in("coordinator")
    page = page_of(client, EventFactory(days=-1))
    assert "Nobody is booked" in page
    assert "Add a walk-in" in page


# --- all the rest ---------------------------------------------------------------------------------------------------
def test_marking_the_rest_asks_first_with_their_names(client, trainer, event):
    MarkFactory(booking=event.bookings.order_by("delegate__sort_name").first(), attendance="absent")
    page = client.get(address("mark_rest", event)).content.decode()
    assert "2 delegates are not marked yet" in page
    assert "Ann Able" not in page
    assert Mark.objects.count() == 1, "asking marks nobody"
    answer = client.post(address("mark_rest", event), follow=True).content.decode()
    assert "2 delegates marked as present" in answer
    assert marks_of(event) == {"Ann Able": "absent", "Bea Brown": "present", "Cas Clark": "present"}


# --- walk-ins -------------------------------------------------------------------------------------------------------
def test_somebody_at_the_door_is_put_on_the_register_by_name_and_agency(client, event):
    agency = AgencyFactory()
    answer = client.post(address("walk_in", event), {"name": "Walter Walkin", "agency": agency.pk})
    booking = event.bookings.get(source="walk-in")
    assert (booking.delegate.name, booking.agency) == ("Walter Walkin", agency)
    assert answer.url == f"{address('register', event)}#{booking.reference}"
    assert "walk-in" in page_of(client, event)


def test_who_waits_and_is_at_the_door_is_found_by_name_and_agency(client, event):
    waiting = BookingFactory(event=event, waiting=True, delegate__name="Zoe Young")
    client.post(address("walk_in", event), {"name": "zoe young", "agency": waiting.agency_id})
    waiting.refresh_from_db()
    assert (waiting.state, waiting.source) == ("confirmed", "walk-in")


def test_a_walk_in_without_name_or_agency_is_asked_for_them(client, event):
    page = client.post(address("walk_in", event), {"name": ""}).content.decode()
    assert "Enter their full name" in page
    assert "Select their agency" in page


# --- handing in -----------------------------------------------------------------------------------------------------
def test_a_count_that_fits_the_marks_is_handed_in_at_once(client, trainer, event):
    client.post(address("register", event), filled(event, "present", "late", "absent"))
    client.post(address("hand_in", event), {"head_count": "2"})
    register = Register.objects.get()
    assert (register.head_count, register.handed_in_by) == (2, trainer)
    assert "Handed in by Terry Trainer" in page_of(client, event)


def test_a_count_that_differs_has_to_be_confirmed(client, event):
    client.post(address("register", event), filled(event, "present", "left-early", "turned-away"))
    page = client.post(address("hand_in", event), {"head_count": "3"}).content.decode()
    assert "You counted 3, and the marks say 2" in page
    assert "Check the register, or confirm" in page
    assert not Register.objects.filter(handed_in_at__isnull=False).exists()
    client.post(address("hand_in", event), {"head_count": "3", "as_it_is": "on"})
    assert Register.objects.get().head_count == 3


def test_who_is_not_marked_is_named_and_has_to_be_confirmed(client, event):
    client.post(address("register", event), filled(event, "present"))
    page = client.get(address("hand_in", event)).content.decode()
    assert "2 delegates are not marked" in page
    assert "Bea Brown and Cas Clark" in page
    assert "Check the register" in client.post(address("hand_in", event), {"head_count": "1"}).content.decode()


@pytest.mark.parametrize(
    ("count", "said"),
    [
        ("", "Enter how many people"),
        ("many", "must be a number"),
        ("-1", "greater than or equal to 0"),
        ("9999", "5000"),
    ],
)
def test_a_count_that_is_none_is_told(client, event, count, said):
    assert said in client.post(address("hand_in", event), {"head_count": count}).content.decode()


# --- closing and opening again --------------------------------------------------------------------------------------
@pytest.fixture
def to_close(sign_in):
    """An event of two sessions, handed in, with one of each outcome; the coordinator is signed in."""
    sign_in("coordinator", name="Casey Coordinator")
    policy = ChargingPolicyFactory()
    TariffFactory(policy=policy)
    event = EventFactory(days=-3, sessions=2)
    sessions = list(event.sessions.all())
    for name, marks in {
        "Ann Attended": ("present", "late"),
        "Pat Partly": ("present", "absent"),
        "Les Lefearly": ("left-early", "present"),
        "Mo Missed": ("absent", "absent"),
        "Tom Turned": ("turned-away", "absent"),
    }.items():
        booking = BookingFactory(event=event, delegate__name=name, policy=policy)
        for session, attendance in zip(sessions, marks, strict=True):
            MarkFactory(booking=booking, session=session, attendance=attendance)
    for session in sessions:
        RegisterFactory(session=session, handed_in=True, head_count=3)
    return event


def outcomes(event):
    return dict(event.bookings.values_list("delegate__name", "outcome"))


def test_the_check_page_says_what_closing_then_does(client, to_close):
    follows = what_follows(to_close)
    foretold = {booking.delegate.name: outcome for outcome, found in follows.outcomes.items() for booking in found}
    assert [booking.delegate.name for booking in follows.charged] == ["Mo Missed"]
    page = client.get(address("close", to_close)).content.decode()
    assert "Mo Missed: £75 to" in page
    assert "Tom Turned: £75" not in page
    assert "2 are marked" in page, "of the second session, where three were counted"
    assert set(outcomes(to_close).values()) == {None}, "looking closes nothing"

    client.post(address("close", to_close))
    assert outcomes(to_close) == foretold
    assert foretold == {
        "Ann Attended": "attended",
        "Pat Partly": "part-attended",
        "Les Lefearly": "part-attended",
        "Mo Missed": "did-not-attend",
        "Tom Turned": "did-not-attend",
    }


def test_a_closed_register_is_read_only_and_says_who_and_when(client, to_close):
    client.post(address("close", to_close))
    page = page_of(client, to_close)
    assert "Closed by Casey Coordinator on" in page
    assert 'type="radio"' not in page
    assert "Turned away" in page
    answer = client.post(address("register", to_close), filled(to_close, "present"), follow=True).content.decode()
    assert "The register is closed. A coordinator can reopen it." in answer


def test_what_stands_in_the_way_of_closing_is_named_and_nothing_is_closed(client, to_close):
    BookingFactory(event=to_close, delegate__name="Una Unmarked")
    Register.objects.filter(session=to_close.sessions.last()).update(handed_in_at=None, handed_in_by=None)
    page = client.get(address("close", to_close)).content.decode()
    assert "cannot be closed yet" in page
    assert "Not marked: Una Unmarked" in page
    assert "Not handed in:" in page
    assert reverse("registers:register", args=[to_close.reference, to_close.sessions.count()]) in page
    assert "Close the register</button>" not in page
    client.post(address("close", to_close))
    assert set(outcomes(to_close).values()) == {None}


def test_closing_before_the_event_is_over_is_refused_in_words(client, sign_in):
    sign_in("coordinator")
    event = EventFactory(begins=timezone.now() - timedelta(hours=1))
    RegisterFactory(session=event.sessions.get(), handed_in=True)
    page = client.get(address("close", event)).content.decode()
    assert ("The event is not over." in page, "Close the register</button>" in page) == (True, False)
    assert "is not over yet" in client.post(address("close", event), follow=True).content.decode()


def test_opening_again_asks_why_and_takes_the_outcomes_back(client, to_close):
    client.post(address("close", to_close))
    assert "Enter why it is opened again" in client.post(address("reopen", to_close), {"reason": " "}).content.decode()
    client.post(address("reopen", to_close), {"reason": "Mo Missed was there"})
    assert set(outcomes(to_close).values()) == {None}
    page = page_of(client, to_close)
    assert "Opened again by Casey Coordinator" in page
    assert "Mo Missed was there" in page
