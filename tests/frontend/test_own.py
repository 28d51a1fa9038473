"""My details, and my data."""

import json
import re
from io import BytesIO

import pytest
from openpyxl import load_workbook

from people.models import Export, Person
from tests import signing_in
from tests.factories import BookingFactory, PersonFactory, StaffGroupFactory, attended

pytestmark = pytest.mark.django_db


def shown(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_ones_details_say_what_is_recorded_and_who_changes_the_rest(client, sign_in):
    manager = PersonFactory(name="Helen Okafor")
    jade = sign_in(name="Jade Lewis", line_manager=manager, staff_group=StaffGroupFactory(name="Midwife"))
    said = shown(client.get("/my-details/"))
    for words in ("Jade Lewis", jade.email, "Midwife", "Helen Okafor", jade.agency.name, "training lead"):
        assert words in said


def test_one_changes_ones_name_and_staff_group_and_nothing_else(client, sign_in):
    jade = sign_in(name="Jade Lewis", email="jade@example.org")
    group = StaffGroupFactory()
    before = Person.objects.values().get(pk=jade.pk)
    more = {
        "email": "evil@example.org",
        "agency": PersonFactory().agency_id,
        "line_manager": jade.pk,
        "role": "coordinator",
    }
    response = client.post("/my-details/change/", {"name": " Jade  Smith", "staff_group": group.pk} | more, follow=True)
    assert "Your details are changed" in shown(response)
    changes = {"name": "Jade Smith", "sort_name": "smith jade", "staff_group_id": group.pk}
    assert Person.objects.values().get(pk=jade.pk) == before | changes


def test_a_former_staff_group_stays_in_the_history(client, sign_in):
    former = StaffGroupFactory()
    jade = sign_in(staff_group=former)
    client.post("/my-details/change/", {"name": "Jade Lewis", "staff_group": ""})
    assert [row.staff_group_id for row in jade.history.all()][-1] == former.pk


@pytest.mark.parametrize(("name", "said"), [("", "Enter your full name"), ("…", "Enter a name with letters in it")])
def test_a_name_that_is_none_is_refused(client, sign_in, name, said):
    sign_in(name="Jade Lewis")
    assert said in shown(client.post("/my-details/change/", {"name": name}))
    assert Person.objects.filter(name="Jade Lewis").exists()


@pytest.mark.parametrize("address", ["/my-details/change/", "/my-data/", "/my-data/download/"])
def test_it_is_asked_again_who_one_is(client, sign_in, address):
    jade = sign_in()
    signing_in.enter(client, jade.account, seconds_ago=3600)
    assert client.get(address).url.startswith("/accounts/reauthenticate/")
    assert not Export.objects.exists()


def test_ones_data_comes_as_json_and_is_recorded(client, sign_in):
    jade = sign_in(name="Jade Lewis")
    booking = attended(delegate=jade)
    BookingFactory(delegate__name="Canary Colleague", event=booking.event)
    response = client.get("/my-data/download/")
    assert response["Content-Disposition"] == 'attachment; filename="my-data.json"'
    found = json.loads(response.content)
    assert found["You"][0]["Name"] == "Jade Lewis"
    assert [row["Booking"] for row in found["Bookings"]] == [booking.reference]
    assert "Canary" not in response.content.decode()
    export = Export.objects.get()
    assert (export.by, export.what, export.file_format) == (jade, "my-data", "json")
    assert export.rows == sum(map(len, found.values()))


def test_ones_data_comes_as_a_workbook_with_a_sheet_a_part(client, sign_in):
    jade = sign_in(name='=HYPERLINK("http://evil.example")')
    attended(delegate=jade)
    workbook = load_workbook(BytesIO(client.get("/my-data/download/?format=xlsx").content))
    assert workbook.sheetnames[0] == "You"
    assert [cell.value for cell in workbook["Bookings"][2]][:1] == [jade.bookings.get().reference]
    name = workbook["You"]["B2"]
    assert (name.value, name.data_type) == (jade.name, "s")
    assert Export.objects.get().file_format == "xlsx"


def test_the_pages_take_few_statements(client, sign_in, django_assert_num_queries):
    sign_in()
    for address, statements in (("/my-details/", 4), ("/my-details/change/", 4), ("/my-data/", 3)):
        with django_assert_num_queries(statements):
            client.get(address)
