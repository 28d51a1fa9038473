"""The training of those whom a line manager or agency lead answers for."""

import csv
import re

import pytest

from people.models import Export
from tests.factories import (
    BookingFactory,
    CourseFactory,
    EventFactory,
    PersonFactory,
    attended,
)

pytestmark = pytest.mark.django_db
LIST = "/staff-training/"


def rows(client, query=""):
    """Name, course and standing of each row of the page."""
    page = client.get(LIST + query).content.decode()
    body = page.split("<tbody>")[1].split("</tbody>")[0] if "<tbody>" in page else ""
    cut = [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "|", row)) for row in body.split("</tr>")[:-1]]
    return [[part.strip() for part in row.split("|") if part.strip()] for row in cut]


@pytest.fixture
def staff(sign_in):
    """A manager who is signed in, and five people of theirs: one for each filter."""
    manager = sign_in(name="Helen Okafor")
    people = {
        key: PersonFactory(name=f"{key.capitalize()} Person", line_manager=manager, agency=manager.agency)
        for key in ("booked", "due", "held", "missed", "nothing")
    }
    yearly = CourseFactory(title="Yearly", refresh_months=12)
    attended(delegate=people["held"], event=EventFactory(course=yearly, days=-30))
    attended(delegate=people["due"], event=EventFactory(course=yearly, days=-900))
    attended(delegate=people["missed"], event=EventFactory(course=yearly, days=-31), outcome="did-not-attend")
    BookingFactory(delegate=people["booked"], event=EventFactory(course=yearly, days=20))
    attended(delegate=PersonFactory(name="Canary Colleague", agency=manager.agency), event=EventFactory(days=-3))
    return people


def test_a_line_manager_sees_what_their_staff_hold_and_nobody_elses(client, staff):
    found = [(row[0], row[2 if row[0] == "Nothing Person" else 1]) for row in rows(client)]
    assert [name for name, _ in found] == [
        "Booked Person", "Due Person", "Held Person", "Missed Person", "Nothing Person",
    ]  # fmt: skip
    page = client.get(LIST).content.decode()
    assert "Canary" not in page
    for word in ("Booked", "Lapsed", "Held", "Missed", "Nothing yet"):
        assert f">{word}</strong>" in page


@pytest.mark.parametrize("state", ["booked", "due", "held", "missed", "nothing"])
def test_each_filter_leaves_what_it_says(client, staff, state):
    assert [row[0] for row in rows(client, f"?state={state}")] == [f"{state.capitalize()} Person"]


def test_it_is_searched_by_name_and_course(client, staff):
    assert [row[0] for row in rows(client, "?q=held+yearly")] == ["Held Person"]
    assert len(rows(client, "?q=yearly")) == 4
    assert rows(client, "?q=canary") == []
    assert "Nothing fits this filter" in client.get(f"{LIST}?q=canary").content.decode()


def test_a_filter_that_makes_no_sense_is_told_and_filters_nothing(client, staff):
    assert len(rows(client, "?state=nonsense")) == 5
    assert "There is a problem" in client.get(f"{LIST}?state=nonsense").content.decode()


def test_who_is_due_and_booked_on_a_refresher_is_told_with_the_date(client, staff):
    event = EventFactory(course__title="Other", days=25)
    refresher = EventFactory(course=staff["due"].bookings.get().event.course, days=25)
    for one in (event, refresher):
        BookingFactory(delegate=staff["due"], event=one)
    (row,) = rows(client, "?state=due")
    assert row[-1] != "–"


def test_who_is_due_or_missed_it_is_booked_on_the_next_date_from_the_list(client, staff):
    yearly = staff["due"].bookings.get().event.course
    EventFactory(course=yearly, days=3, is_in_house=True)
    # The one booked on.
    coming = staff["booked"].bookings.get().event
    page = client.get(LIST).content.decode()
    found = re.findall(r'href="(/events/[^"]+book-several/[^"]+)"', page)
    assert found == [
        f"/events/{coming.reference}/book-several/?of=staff&amp;people={staff[key].reference}"
        for key in ("due", "missed")
    ]
    ticked = client.get(found[0].replace("&amp;", "&")).content.decode()
    assert f'id="tick-{staff["due"].reference}" checked' in ticked


def test_an_agency_lead_sees_the_agencys_people_and_their_own_staff_elsewhere(client, sign_in):
    lead = sign_in("agency-lead")
    PersonFactory(name="Ours Here", agency=lead.agency)
    PersonFactory(name="Mine Elsewhere", line_manager=lead)
    PersonFactory(name="Canary Stranger")
    PersonFactory(name="Left Here", agency=lead.agency, left_on="2026-01-31")
    assert [row[0] for row in rows(client)] == ["Mine Elsewhere", "Ours Here"]
    assert "Agency" in client.get(LIST).content.decode()


def test_it_is_in_the_head_of_who_manages_somebody_and_of_leads(client, sign_in):
    link = 'href="/staff-training/"'
    manager = sign_in()
    assert link not in client.get("/bookings/").content.decode()
    staff = PersonFactory(line_manager=manager)
    assert link in client.get("/bookings/").content.decode()
    assert "Nobody of your staff is booked on anything to come." in client.get("/").content.decode()
    staff.left_on = "2026-01-31"
    staff.save()
    assert link not in client.get("/bookings/").content.decode()
    sign_in("agency-lead")
    assert link in client.get("/bookings/").content.decode()


@pytest.mark.parametrize("roles", [[], ["coordinator"], ["finance-officer"]])
def test_who_answers_for_nobody_is_told_so(client, sign_in, roles):
    sign_in(*roles)
    attended()
    assert "Nobody is recorded as your staff" in client.get(LIST).content.decode()


def test_it_is_downloaded_as_it_is_filtered_and_that_is_recorded(client, staff):
    response = client.get(f"{LIST}download/?state=due")
    found = list(csv.DictReader(response.content.decode().removeprefix("\ufeff").splitlines()))
    assert [(row["Name"], row["Course"], row["Standing"]) for row in found] == [("Due Person", "Yearly", "Lapsed")]
    assert Export.objects.get().asked == f"{LIST}download/?state=due"
    assert client.get(f"{LIST}download/?format=xlsx").content.startswith(b"PK")


@pytest.mark.parametrize("count", [1, 20])
def test_it_takes_as_many_statements_for_one_as_for_twenty(client, sign_in, django_assert_num_queries, count):
    manager = sign_in()
    for number in range(count):
        attended(delegate=PersonFactory(line_manager=manager), days=-30 - number)
    with django_assert_num_queries(6):
        client.get(LIST)
