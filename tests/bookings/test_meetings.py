"""Attendance files: read whatever their dress, matched as a person would, the unsure never guessed."""

from datetime import date

import pytest

from bookings import meeting_files, meetings
from bookings.meeting_files import FileRefused
from tests.bookings.meeting_reports import DAY, teams, zoom
from tests.factories import BookingFactory, EventFactory, PersonFactory, TrainerFactory

pytestmark = pytest.mark.django_db
WHOLE_DAY = ("09:25", "16:31")


@pytest.fixture
def event():
    return EventFactory(begins=DAY)


@pytest.fixture
def people(event):
    """Delegates by their names."""
    return {
        name: BookingFactory(event=event, delegate__name=name, delegate__email=email)
        for name, email in [
            ("Ann Able", "ann.able@anytown.example"),
            ("Bea Brown", "bea@police.example"),
            ("Siân O’Neill", "sian@health.example"),
            ("Jo Smith", "office@nursery.example"),
            ("Jan Smith", "office@nursery.example"),
            ("Mohammed Khan", "m.khan@school.example"),
        ]
    }


def read(content, day=date(2027, 3, 3)):
    return meeting_files.read(content, day=day)


def matched(content, people, trainers=()):
    """Delegates by the participants that were found to be them; names of the unsure; of who was left out."""
    found = meetings.match(read(content), bookings=list(people.values()), trainers=trainers)
    names = {booking.pk: name for name, booking in people.items()}
    return (
        {names[pk]: [one.name for one in participants] for pk, participants in found.found.items()},
        {one.participant.name: [names[booking.pk] for booking in one.maybe] for one in found.unsure},
        [one.name for one in found.left_out],
    )


def minutes(participant):
    return [round((ends - begins).total_seconds() / 60) for begins, ends in participant.spans]


# --- reading --------------------------------------------------------------------------------------------------------
ANN = ("Ann Able", "Ann.Able@anytown.example", "Attendee", ("09:25", "12:00"), ("13:00", "16:31"))


@pytest.mark.parametrize("style", ["teams-us", "teams-uk"])
@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-8", "utf-8-sig"])
def test_a_teams_report_is_read_in_its_encodings_and_countries(style, encoding):
    [one] = read(teams(ANN, style=style, encoding=encoding))
    assert (one.name, one.email, minutes(one)) == ("Ann Able", "ann.able@anytown.example", [155, 211])


def test_a_teams_report_without_activities_gives_the_time_that_its_summary_says():
    [one] = read(teams(ANN, sections=2))
    assert minutes(one) == [155 + 211]


@pytest.mark.parametrize("style", ["zoom-us", "zoom-iso"])
@pytest.mark.parametrize("host", ["", "desk@anytown.example"])
def test_a_zoom_report_has_a_line_for_each_join_and_the_waiting_room_is_not_the_meeting(style, host):
    [one] = read(
        zoom(
            ("Ann Able", "ann@x.example", "No", "Yes", ("09:20", "09:28")),
            ("Ann Able", "ann@x.example", "No", "No", ("09:28", "12:00"), ("13:00", "16:30")),
            style=style,
            host=host,
        )
    )
    assert minutes(one) == [152, 210]


def test_a_report_with_semicolons_saved_by_excel_is_read():
    text = zoom(("Siân O'Neill", "", "Yes", "No", WHOLE_DAY), encoding="utf-8").decode().replace(",", ";")
    [one] = read(text.encode("cp1252"))
    assert one.name == "Siân O'Neill"


def test_columns_in_another_order_and_new_ones_do_no_harm():
    head = "Recording consent\tLeave time\tJoin time\tName (original name)\tBrand new"
    [one] = read(f"{head}\r\nyes\t03/03/2027 04:30:00 PM\t03/03/2027 09:30:00 AM\tAnn Able\tx".encode())
    assert minutes(one) == [420]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"PK\x03\x04 a workbook", "no CSV file"),
        (b"%PDF-1.7", "no CSV file"),
        (b"a,b\x00,c\n", "no text file"),
        (b"\xff\xfe\x00", "no text file"),
        (b"\x81\x8d\x8f", "no text file"),
        (b"x" * (meeting_files.LARGEST + 1), "larger than 2 MB"),
        (b"Name,Shoe size\nAnn,38\n", "not those of a Teams or Zoom"),
        (b"Name (original name),Email,Total duration (minutes),Guest\nAnn,,30,No\n", "Show unique users"),
        (b"Name,Join time,Leave time\n", "No participants"),
        (b"Name,Join time\n" + b"A,B\n" * 6000, "more than 5,000 rows"),
        (b'Name,Join time\n"' + b"A" * 200_000 + b'",B\n', "cannot be read"),
    ],
)
def test_what_is_no_report_is_refused_in_words(content, said):
    with pytest.raises(FileRefused, match=said):
        read(content)


def test_a_report_of_another_day_is_refused():
    with pytest.raises(FileRefused, match="No time in this file is on 4 March 2027"):
        read(teams(ANN), day=date(2027, 3, 4))


# --- matching -------------------------------------------------------------------------------------------------------
def test_it_is_matched_by_address_then_by_name_as_a_person_would(people):
    found, unsure, left_out = matched(
        teams(
            ("A. Able (Guest)", "ann.able@anytown.example", "Presenter", WHOLE_DAY),
            ("BROWN, Bea (Police)", "", "Attendee", WHOLE_DAY),
            ("sian o'neill", "sian.home@mail.example", "Attendee", WHOLE_DAY),
            ("Jo Smith", "office@nursery.example", "Attendee", WHOLE_DAY),
            ("Desk", "desk@anytown.example", "Organizer", WHOLE_DAY),
        ),
        people,
    )
    assert found == {
        "Ann Able": ["A. Able (Guest)"],
        "Bea Brown": ["BROWN, Bea (Police)"],
        "Siân O’Neill": ["sian o'neill"],
        "Jo Smith": ["Jo Smith"],
    }
    assert (unsure, left_out) == ({}, ["Desk"])


def test_zooms_original_name_is_looked_at_too(people):
    found, _, _ = matched(zoom(("Annie 🙂 (Ann Able)", "", "Yes", "No", WHOLE_DAY)), people)
    assert found == {"Ann Able": ["Annie 🙂 (Ann Able)"]}


@pytest.mark.parametrize(
    ("name", "email", "maybe"),
    [
        ("Nursery office", "office@nursery.example", ["Jo Smith", "Jan Smith"]),  # several share the address
        ("Bea Brown", "ann.able@anytown.example", ["Ann Able", "Bea Brown"]),  # one on the other's machine
        ("Mohamed Khan", "", ["Mohammed Khan"]),  # spelt otherwise
        ("M Khan", "", ["Mohammed Khan"]),
        ("Smith", "", ["Jo Smith", "Jan Smith"]),
        ("+44 7700 900123", "", []),  # by phone
        ("iPad", "", []),
    ],
)
def test_the_unsure_are_shown_with_who_it_may_be_and_never_guessed(people, name, email, maybe):
    found, unsure, _ = matched(zoom((name, email, "Yes", "No", WHOLE_DAY)), people)
    assert found == {}
    assert set(unsure[name]) == set(maybe)


def test_two_of_one_name_with_different_addresses_may_be_two_persons(people):
    found, unsure, _ = matched(
        zoom(
            ("Bea Brown", "bea.brown@one.example", "Yes", "No", WHOLE_DAY),
            ("Bea Brown", "bea.brown@two.example", "Yes", "No", WHOLE_DAY),
        ),
        people,
    )
    assert found == {}
    assert list(unsure) == ["Bea Brown"]


def test_two_delegates_of_one_name_are_told_apart_by_address_only(event, people):
    people["The other Ann"] = BookingFactory(event=event, delegate__name="Ann Able", delegate__email="ann@fire.example")
    found, unsure, _ = matched(
        zoom(
            ("Ann Able", "ann@fire.example", "No", "No", WHOLE_DAY), ("Ann Able", "", "Yes", "No", ("10:00", "11:00"))
        ),
        people,
    )
    assert found == {"The other Ann": ["Ann Able"]}
    assert set(unsure["Ann Able"]) == {"Ann Able", "The other Ann"}


def test_trainers_and_the_host_are_left_out(people):
    known = TrainerFactory(name="Terry Trainer", person=PersonFactory(email="terry@anytown.example"))
    found, unsure, left_out = matched(
        zoom(
            ("T. T.", "terry@anytown.example", "No", "No", WHOLE_DAY),
            ("Gail Guest-Speaker", "", "Yes", "No", WHOLE_DAY),
            ("Host", "desk@anytown.example", "No", "No", WHOLE_DAY),
            host="desk@anytown.example",
        ),
        people,
        [known, TrainerFactory(name="Gail Guest-Speaker", person=None)],
    )
    assert (found, unsure) == ({}, {})
    assert left_out == ["T. T.", "Gail Guest-Speaker", "Host"]


# --- time in the meeting --------------------------------------------------------------------------------------------
def proposed(event, *spans):
    [one] = read(zoom(("Ann Able", "", "No", "No", *spans)))
    proposal = meetings.proposal(one.spans, event.sessions.get())
    return proposal.attendance, proposal.minutes, proposal.there


def test_time_counts_within_the_session_each_moment_once(event):
    assert proposed(event, ("08:00", "16:29"), ("10:00", "16:29")) == ("present", None, 419)
    assert proposed(event, ("09:30", "11:00"), ("10:30", "12:00")) == ("left-early", 270, 150)
    assert proposed(event, ("08:00", "09:00")) == ("absent", None, 0)


def test_each_minute_falls_on_its_side_of_the_threshold(event, settings):
    settings.MEETING_THRESHOLD = 80  # of 420 minutes: 336
    for there in (300, 335, 336, 337, 419):
        hours, rest = divmod(9 * 60 + 30 + there, 60)
        attendance, missing, _ = proposed(event, ("09:30", f"{hours:02}:{rest:02}"))
        expected = ("present", None) if there >= 336 else ("left-early", 420 - there)
        assert (attendance, missing) == expected, there
