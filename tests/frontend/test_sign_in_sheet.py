"""The sheet to sign in the room: who is on it, how many rows for others, and for whom it is made."""

from io import BytesIO

import pytest
from django.urls import reverse
from pypdf import PdfReader

from people.models import Export
from tests.factories import BookingFactory, EventFactory, SessionTrainerFactory
from tests.frontend.joining import text_of

pytestmark = pytest.mark.django_db


def sheet(event, query=""):
    return reverse("registers:sign_in_sheet", args=[event.reference]) + query


def text_in(response):
    pages = PdfReader(BytesIO(response.content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def test_a_trainer_makes_it_with_a_column_for_each_session_and_without_who_is_kept_off_lists(client, sign_in):
    event = EventFactory(sessions=3, course__title="Neglect")
    SessionTrainerFactory(session=event.sessions.first(), trainer__person=sign_in())
    for name in ("Jade Lewis", "Amir Khan"):
        BookingFactory(event=event, delegate__name=name)
    BookingFactory(event=event, delegate__name="Hidden Person", delegate__is_off_lists=True)
    BookingFactory(event=event, delegate__name="Waiting Person", waiting=True)
    page = text_of(client.get(sheet(event)))
    assert "Names 2" in page
    assert "1 delegate is kept off printed lists" in page
    made = client.get(sheet(event, "?blank=5"))
    assert made["Content-Disposition"] == f'attachment; filename="sign-in-sheet-{event.reference}.pdf"'
    text = text_in(made)
    assert text.index("Amir Khan") < text.index("Jade Lewis")
    assert text.count("9:30am to 4:30pm") == 3
    assert not [name for name in ("Hidden", "Waiting") if name in text]
    assert Export.objects.get().rows == 2


def test_as_many_empty_rows_as_asked_for_and_no_more_than_a_room_holds(client, sign_in):
    sign_in("coordinator")
    event = EventFactory(sessions=8)
    assert "or 0" in text_of(client.get(sheet(event, "?blank=")))
    assert "60" in text_of(client.get(sheet(event, "?blank=61")))
    one, many = (len(PdfReader(BytesIO(client.get(sheet(event, f"?blank={n}")).content)).pages) for n in (0, 60))
    assert one == 2, "six columns fit beside the names"
    assert many > one
    assert client.get(sheet(EventFactory(sessions=0), "?blank=5")).status_code == 404


def test_a_name_is_printed_whatever_it_looks_like(client, sign_in):
    sign_in("coordinator")
    event = EventFactory()
    BookingFactory(event=event, delegate__name="#eval(panic()) @ref $x$", delegate__agency__name="Staffordshire " * 9)
    BookingFactory(event=event, delegate__name="Maximiliana-Theodora" * 6)
    assert "#eval(panic())" in text_in(client.get(sheet(event, "?blank=1")))


@pytest.mark.parametrize("count", [1, 20])
def test_it_takes_as_many_statements_for_one_as_for_twenty(client, sign_in, django_assert_num_queries, count):
    sign_in("coordinator")
    event = EventFactory()
    for _ in range(count):
        BookingFactory(event=event)
    with django_assert_num_queries(6):
        client.get(sheet(event))
