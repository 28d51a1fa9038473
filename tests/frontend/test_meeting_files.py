"""The attendance file's pages: refused in words, shown side by side, nothing written until it is accepted."""

import re

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from bookings.models import Mark
from tests.bookings.meeting_reports import DAY, teams, zoom
from tests.factories import BookingFactory, EventFactory, MarkFactory

pytestmark = pytest.mark.django_db
WHOLE_DAY = ("09:25", "16:31")


@pytest.fixture
def event(sign_in):
    with time_machine.travel(DAY.replace(hour=17)):
        sign_in("coordinator", name="Casey Coordinator")
        event = EventFactory(begins=DAY, reference="27-001")
        for name in ("Ann Able", "Bea Brown", "Cas Clark", "Dee Drake"):
            BookingFactory(event=event, delegate__name=name)
        yield event


FILE = teams(
    ("Ann Able", "", "Attendee", WHOLE_DAY),
    ("Bea Brown", "", "Attendee", ("09:30", "11:00")),
    ("Clark", "", "Attendee", ("09:30", "12:00")),
    ("iPad", "", "Attendee", ("12:00", "16:30")),
    ("Desk", "", "Organizer", WHOLE_DAY),
)


def address():
    return reverse("registers:meeting_file", args=["27-001", 1])


def upload(client, content=FILE):
    return client.post(address(), {"file": SimpleUploadedFile("attendance.csv", content)}).content.decode()


def accepted(client, page, **said):
    """The form of the page sent back as it stands, with what a person said beside."""
    posted = dict(re.findall(r'<input type="hidden" name="((?:seen|times?)-[^"]+)" value="([^"]*)"', page))
    posted |= dict.fromkeys(re.findall(r'name="(take-[^"]+)" value="1" checked', page), "1")
    posted["who"] = said.pop("who", [""] * page.count('name="who"'))
    return client.post(address(), posted | {"accept": "1"} | said, follow=True).content.decode()


def marks():
    return {
        name: (attendance, minutes)
        for name, attendance, minutes in Mark.objects.values_list("booking__delegate__name", "attendance", "minutes")
    }


def test_nothing_is_written_until_it_is_accepted_and_then_only_what_is_certain(client, event):
    page = upload(client)
    assert marks() == {}
    assert "Left out, as organisers or trainers: Desk" in page
    assert "May be Cas Clark" in page
    assert "2 marks made from the attendance file" in accepted(client, page)
    assert marks() == {"Ann Able": ("present", None), "Bea Brown": ("left-early", 330)}


def test_the_same_file_twice_changes_nothing(client, event):
    accepted(client, upload(client))
    former = list(Mark.objects.order_by("pk").values())
    page = upload(client)
    assert page.count(", as it is") == 2
    assert "Nothing was changed" in accepted(client, page)
    assert list(Mark.objects.order_by("pk").values()) == former


def test_who_is_said_to_be_somebody_has_the_times_of_all_their_devices(client, event):
    cas = event.bookings.get(delegate__name="Cas Clark").reference
    accepted(client, upload(client), who=[cas, cas])
    assert marks()["Cas Clark"] == ("present", None)


def test_who_is_ticked_as_missing_is_marked_absent(client, event):
    dee = event.bookings.get(delegate__name="Dee Drake").reference
    accepted(client, upload(client), absent=[dee])
    assert marks()["Dee Drake"] == ("absent", None)


def test_what_a_person_marked_is_not_ticked_and_a_mark_made_meanwhile_stays(client, event):
    ann, bea, *_ = event.bookings.order_by("delegate__sort_name")
    MarkFactory(booking=ann, attendance="late")
    page = upload(client)
    MarkFactory(booking=bea, attendance="absent", marked_by__name="Sam Shaw")
    answer = accepted(client, page)
    assert "Sam Shaw has marked Bea Brown as absent meanwhile" in answer
    assert marks() == {"Ann Able": ("late", None), "Bea Brown": ("absent", None)}


def test_what_is_no_report_is_refused_on_the_page(client, event):
    assert "no CSV file" in upload(client, b"PK\x03\x04")
    assert "Choose the attendance report" in client.post(address(), {}).content.decode()
    assert "larger than 2 MB" in upload(client, b"x" * (3 * 2**20))


def test_times_that_somebody_made_up_are_none(client, event):
    ann = event.bookings.get(delegate__name="Ann Able").reference
    answer = client.post(address(), {"accept": "1", f"take-{ann}": "1", f"time-{ann}": "0-99999999999999"})
    assert answer.status_code == 400
    assert marks() == {}


def test_hostile_names_are_text(client, event):
    page = upload(client, zoom(("<script>alert(1)</script>{{7*7}}", "", "Yes", "No", WHOLE_DAY)))
    assert "<script>alert" not in page
    assert "{{7*7}}" in page


@pytest.mark.parametrize("count", [1, 50])
def test_looking_takes_as_many_statements_at_one_row_and_at_fifty(client, event, django_assert_num_queries, count):
    event.places = 100
    event.save()
    BookingFactory.create_batch(count, event=event)
    with django_assert_num_queries(7):
        upload(client)
