"""An agency's use of training and its gaps: as the report counts, and open to the bookings behind."""

import csv
import re
from datetime import date

import pytest

from bookings.models import Booking
from people.models import Export
from reporting import agency_use, utilisation
from reporting.definitions import CutKind
from reporting.rows.scope import Scope
from tests.factories import (
    AgencyFactory,
    BookingFactory,
    ChargeFactory,
    CourseFactory,
    EventFactory,
    PersonFactory,
    StaffGroupFactory,
    attended,
)
from tests.reporting.situations import (
    JUNE,
    Outcome,
    booked,
    cancelled,
    cancelled_event,
    conference,
    e_learning,
    event,
    many,
    part_attended,
    walk_in,
)
from training.financial_year import FinancialYear

pytestmark = pytest.mark.django_db
YEAR = "2018-19"


@pytest.fixture
def agency():
    return AgencyFactory(name="Anytown Council")


@pytest.fixture
def year(agency):
    """Every way for a booking to end, on two courses; and what does not count."""
    neglect, online = CourseFactory(title="Neglect"), CourseFactory(title="Online harm")
    for course, days in ((neglect, JUNE), (online, date(2018, 7, 10))):
        on = event(days, course=course, places=30)
        many(3, on, agency=agency)
        many(2, on, agency=AgencyFactory(name=f"Canary of {course}"))
        part_attended(on, agency=agency)
        walk_in(on, agency=agency)
        many(2, on, Outcome.DID_NOT_ATTEND, agency=agency)
        cancelled(on, agency=agency)
        cancelled(on, Outcome.CANCELLED_LATE, agency=agency, days_before=2)
    off = cancelled_event(JUNE, course=neglect)
    cancelled(off, agency=agency)
    for course in (conference(), e_learning()):
        booked(event(JUNE, course=course), agency=agency)
    booked(event(date(2017, 6, 12), course=neglect), agency=agency)
    return FinancialYear.parse(YEAR)


def figures(page):
    """The headline: each figure's number by its name."""
    shown = re.findall(r"<dt>([^<]+)</dt>\s*<dd class=\"app-figure__value\">\s*<a[^>]*>([^<]+)<", page)
    return dict(shown)


def counts(page):
    """Each number of the table, with the address that it opens."""
    return re.findall(r'<td class="app-number"><a[^>]*href="([^"]+)">([\d,]+)</a>', page)


def test_by_course_it_adds_up_to_the_agencys_row_of_the_report(year, agency):
    report = utilisation.report(year)
    cut = next(cut for cut in report.this.agencies if cut.code == agency.reference)
    scope = Scope(year, report.counted_at, CutKind.AGENCY, agency.reference)
    rows = agency_use.by_course(scope)
    assert [row.course for row in rows] == ["Neglect", "Online harm"]
    for measure in agency_use.MEASURES:
        assert sum(getattr(row, measure) for row in rows) == cut.measures[measure], measure
        assert cut.measures[measure], f"{measure}: nothing was counted"


def test_the_headline_is_the_agencys_row_and_every_number_opens_to_as_many_bookings(client, sign_in, year, agency):
    sign_in("agency-lead", agency=agency)
    page = client.get(f"/agencies/{agency.reference}/use/?year={YEAR}").content.decode()
    cut = next(cut for cut in utilisation.report(year).this.agencies if cut.code == agency.reference)
    found = figures(page)
    assert found["attended"] == str(cut["delegates_attended"]) if "attended" in found else found
    assert (found["booked"], found["did not attend"]) == (str(cut["booked"]), str(cut["did_not_attend"]))
    assert "Canary" not in page
    opened = counts(page)
    assert len(opened) == 12
    for href, number in opened:
        behind = client.get(href.replace("&amp;", "&")).content.decode()
        assert re.search(rf">{number} bookings?<", behind), href
    for address in set(re.findall(r'href="(/reports/[^"]+)"', page)):
        assert client.get(address.replace("&amp;", "&")).status_code == 200, address


def test_the_charges_are_those_of_the_agency(client, sign_in, year, agency):
    sign_in("agency-lead", agency=agency)
    for booking in Booking.objects.filter(outcome="did-not-attend"):
        ChargeFactory(booking=booking)
    cut = next(cut for cut in utilisation.report(year).this.agencies if cut.code == agency.reference)
    page = client.get(f"/agencies/{agency.reference}/use/?year={YEAR}").content.decode()
    assert figures(page)["charges"] == str(cut["charges"]) == "4"


def test_the_latest_year_with_bookings_is_shown_and_others_are_chosen(client, sign_in, year, agency):
    sign_in("coordinator")
    page = client.get(f"/agencies/{agency.reference}/use/").content.decode()
    assert "Use of training in 2018/19" in page
    assert "?year=2017-18" in page
    assert client.get(f"/agencies/{agency.reference}/use/?year=2018-20").status_code == 404
    assert (
        "Nobody of Anytown Council was booked in 2019/20"
        in client.get(f"/agencies/{agency.reference}/use/?year=2019-20").content.decode()
    )


def test_the_table_is_downloaded_and_that_is_recorded(client, sign_in, year, agency):
    sign_in("agency-lead", agency=agency)
    response = client.get(f"/agencies/{agency.reference}/use/download/?year={YEAR}")
    found = list(csv.DictReader(response.content.decode().removeprefix("\ufeff").splitlines()))
    assert [(row["Course"], row["Did not attend"]) for row in found] == [("Neglect", "2"), ("Online harm", "2")]
    assert Export.objects.get().what == "use-by-course"
    assert client.get(f"/agencies/{agency.reference}/gaps/download/?format=xlsx").content.startswith(b"PK")


# --- gaps -----------------------------------------------------------------------------------------------------------
@pytest.fixture
def lead(sign_in, agency):
    return sign_in("agency-lead", agency=agency, name="Lea Lead")


def gaps(client, agency):
    page = client.get(f"/agencies/{agency.reference}/gaps/").content.decode()
    return page, re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_who_is_due_is_shown_with_the_way_to_book_those_without_a_date(client, lead, agency):
    yearly = CourseFactory(title="Yearly", refresh_months=12)
    due, dated, held = (PersonFactory(name=f"{name} Person", agency=agency) for name in ("Due", "Dated", "Held"))
    for person, days in ((due, -900), (dated, -901), (held, -30)):
        attended(delegate=person, event=EventFactory(course=yearly, days=days))
    attended(delegate=PersonFactory(name="Canary"), event=EventFactory(course=yearly, days=-902))
    coming, later = EventFactory(course=yearly, days=40), EventFactory(course=yearly, days=80)
    BookingFactory(event=later, delegate=dated)
    page, text = gaps(client, agency)
    assert "Due Person" in text
    assert "Dated Person" in text
    assert "Held Person" not in text
    assert "Canary" not in text
    address = re.search(r'href="(/events/[^"]+book-several/[^"]*people=[^"]+)"', page)[1].replace("&amp;", "&")
    assert address == f"/events/{coming.reference}/book-several/?of={agency.reference}&people={due.reference}"
    assert f'id="tick-{due.reference}" checked' in client.get(address).content.decode()


def test_a_course_for_a_staff_group_that_nobody_of_it_attended_is_named(client, lead, agency):
    midwife, police = StaffGroupFactory(name="Midwife"), StaffGroupFactory(name="Police officer")
    reached, missed = CourseFactory(title="Reached"), CourseFactory(title="Missed out")
    for course in (reached, missed):
        course.staff_groups.add(midwife, police)
    ann = PersonFactory(name="Ann Bell", agency=agency, staff_group=midwife)
    attended(delegate=ann, event=EventFactory(course=reached, days=-30))
    attended(delegate=PersonFactory(staff_group=midwife), event=EventFactory(course=missed, days=-31))
    _, text = gaps(client, agency)
    assert "Missed out Midwife, 1 person" in text
    assert "Reached" not in text
    assert "Police officer" not in text


def test_who_has_never_attended_is_named_and_in_the_file(client, lead, agency):
    PersonFactory(name="New Person", agency=agency)
    attended(delegate=PersonFactory(name="Old Hand", agency=agency))
    PersonFactory(name="Left Long", agency=agency, left_on="2026-01-31")
    _, text = gaps(client, agency)
    assert "2 people of 3" in text
    assert "New Person" in text
    assert "Old Hand" not in text
    file = client.get(f"/agencies/{agency.reference}/gaps/download/").content.decode()
    assert "Never attended anything,,New Person" in file
    assert "Left Long" not in file


def test_without_people_it_says_what_to_do_first(client, sign_in):
    sign_in("coordinator")
    _, text = gaps(client, AgencyFactory(name="Empty Trust"))
    assert "Nobody is recorded at Empty Trust" in text


def test_a_lead_finds_both_beside_staff_training(client, lead, agency):
    page = client.get("/staff-training/").content.decode()
    for name in ("use", "gaps"):
        assert f"/agencies/{agency.reference}/{name}/" in page
        own = client.get(f"/agencies/{agency.reference}/{name}/").content.decode()
        assert re.search(r'aria-current="true">Staff training<', own)


@pytest.mark.parametrize("count", [1, 20])
def test_the_pages_take_eight_statements_for_one_booking_and_for_twenty(
    client, lead, agency, django_assert_num_queries, count
):
    group = StaffGroupFactory()
    for number in range(count):
        person = PersonFactory(agency=agency, staff_group=group)
        course = CourseFactory(refresh_months=1, staff_groups=[group])
        attended(delegate=person, event=EventFactory(course=course, days=-400 - number))
        CourseFactory(staff_groups=[group])
    with django_assert_num_queries(8):
        client.get(f"/agencies/{agency.reference}/use/")
    with django_assert_num_queries(8):
        client.get(f"/agencies/{agency.reference}/gaps/")
