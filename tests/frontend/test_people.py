"""People: who finds whom, and what a person's page shows to whom."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.urls import reverse
from django.utils import timezone

from outbox.models import Message
from people import corrections
from tests.factories import (
    AccountFactory,
    AgencyFactory,
    BookingFactory,
    PersonFactory,
    RoleGrantFactory,
    StaffGroupFactory,
)

pytestmark = pytest.mark.django_db
LIST = reverse("people:list")
HOSTILE = "<script>alert(1)</script> {{7*7}} \u202e"


def page_of(person):
    return reverse("people:person", args=[person.reference])


def text(client, address, **query):
    return client.get(address, query).content.decode()


def rows(page):
    return page.count('<th scope="row">')


@pytest.mark.parametrize("count", [1, 50])
@pytest.mark.parametrize(("role", "taken"), [("coordinator", 7), ("administrator", 7), ("agency-lead", 7)])
def test_the_list_takes_seven_statements_at_one_row_and_at_fifty(
    client, sign_in, django_assert_num_queries, count, role, taken
):
    person = sign_in(role)
    for _ in range(count):
        RoleGrantFactory(person=PersonFactory(agency=person.agency, staff_group=StaffGroupFactory()), role="concerns")
    with django_assert_num_queries(taken):
        page = text(client, LIST, role="concerns")
    assert rows(page) == count


@pytest.mark.parametrize("count", [1, 20])
def test_a_persons_page_takes_eight_statements_whatever_there_is_to_show(
    client, sign_in, django_assert_num_queries, count
):
    sign_in("administrator")
    person = PersonFactory(line_manager=PersonFactory(), account=AccountFactory())
    for _ in range(count):
        yesterday = timezone.localdate() - timedelta(days=1)
        RoleGrantFactory(person=person, role="concerns", starts_on=yesterday, ends_on=yesterday)
        BookingFactory(delegate=person)
        PersonFactory(email=person.email)
        corrections.move(person=person, agency=AgencyFactory(), by=person)
    with django_assert_num_queries(8):
        page = text(client, page_of(person))
    assert f"{count} booking" in page


@pytest.mark.parametrize("words", ["siân", "SIAN", "oneill sian", "O’Neill", "sian.oneill@example.org", "@example.org"])
def test_somebody_is_found_by_name_or_address_whatever_case_and_accents(client, sign_in, words):
    sign_in("coordinator", name="Casey", email="casey@elsewhere.example")
    PersonFactory(name="Siân O’Neill", email="sian.oneill@example.org")
    PersonFactory(name="Jade Lewis", email="jade@elsewhere.example")
    page = text(client, LIST, q=words)
    assert rows(page) == 1
    assert "Siân O’Neill" in page


def test_a_name_with_a_hyphen_is_found_as_it_is_written(client, sign_in):
    sign_in("coordinator")
    PersonFactory(name="Ann Smith-Jones")
    assert "Ann Smith-Jones" in text(client, LIST, q="smith-jones")
    assert "Nobody fits this filter" in text(client, LIST, q="… smith-jones")


def test_the_list_is_filtered_by_agency_group_role_and_state(client, sign_in):
    sign_in("coordinator")
    account = AccountFactory(last_login=timezone.now())
    people = {
        "agency": PersonFactory(account=account),
        "group": PersonFactory(account=account, staff_group=StaffGroupFactory()),
        "role": RoleGrantFactory(role="concerns", person=PersonFactory(account=account)).person,
        "left": PersonFactory(left_on=timezone.localdate()),
        "unsigned": PersonFactory(),
    }
    filters = {
        "agency": {"agency": people["agency"].agency.reference},
        "group": {"group": people["group"].staff_group.pk},
        "role": {"role": "concerns"},
        "left": {"state": "left"},
        "unsigned": {"state": "unsigned", "q": people["unsigned"].reference},
    }
    for one, asked in filters.items():
        page = text(client, LIST, **asked)
        assert [word for word, person in people.items() if page_of(person) in page] == [one]
    here = text(client, LIST)
    assert page_of(people["left"]) not in here
    assert page_of(people["left"]) in text(client, LIST, state="all")
    signed_in = [word for word, person in people.items() if page_of(person) in text(client, LIST, state="unsigned")]
    assert signed_in == ["unsigned"]


def test_a_role_to_come_or_ended_is_none(client, sign_in):
    sign_in("coordinator")
    today = timezone.localdate()
    for starts, ends in ((1, None), (-9, -1)):
        ends_on = None if ends is None else today + timedelta(days=ends)
        RoleGrantFactory(role="concerns", starts_on=today + timedelta(days=starts), ends_on=ends_on)
    assert rows(text(client, LIST, role="concerns")) == 0


@pytest.mark.parametrize("key", ["name", "agency", "group", "signed-in", "nonsense"])
def test_the_list_sorts_both_ways_by_each_column(client, sign_in, key):
    sign_in("coordinator", name="Zed Zulu", agency=AgencyFactory(name="Zoo"))
    PersonFactory(name="Ann Able", agency=AgencyFactory(name="Ants"), staff_group=StaffGroupFactory())
    for sort in (key, f"-{key}"):
        assert rows(text(client, LIST, sort=sort)) == 2
    if key in ("name", "agency"):
        page = text(client, LIST, sort=f"-{key}")
        assert page.index("Zed Zulu</a>") < page.index("Ann Able</a>")


def test_a_lead_sees_their_own_agencys_people_in_list_filter_and_file_and_no_accounts(client, sign_in):
    lead = sign_in("agency-lead")
    own = PersonFactory(agency=lead.agency, name="Own Person")
    other = PersonFactory(name="Other Person", account=AccountFactory())
    for address in (LIST, reverse("people:download")):
        for query in ({}, {"agency": other.agency.reference}, {"q": "Person", "state": "all"}, {"state": "unsigned"}):
            page = text(client, address, **query)
            assert "Other Person" not in page
            assert other.agency.name not in page
    page = text(client, LIST)
    assert "All agencies" not in page, "with one there is nothing to choose"
    assert "Own Person" in page
    assert "Last signed in" not in page
    assert "Account" not in text(client, page_of(own)).split("<main")[1]
    assert client.get(page_of(other)).status_code == 404


def test_the_file_holds_names_as_text_never_as_a_formula(client, sign_in):
    sign_in("coordinator")
    PersonFactory(name='=HYPERLINK("http://evil")', email="evil@example.org")
    page = text(client, reverse("people:download"), q="evil")
    assert "'=HYPERLINK" in page
    assert page.count("\n") == 2


def test_hostile_names_are_shown_as_text(client, sign_in):
    sign_in("coordinator")
    agency = AgencyFactory(name=HOSTILE)
    person = PersonFactory(name=HOSTILE + "b", agency=agency, line_manager=PersonFactory(name=HOSTILE))
    PersonFactory(name=HOSTILE, email=person.email)
    BookingFactory(delegate=person, event__course__title=HOSTILE)
    views = ("person", "correct", "line_manager", "agency", "left", "give_role")
    for address in (LIST, *(reverse(f"people:{view}", args=[person.reference]) for view in views)):
        page = text(client, address)
        assert "&lt;script&gt;alert(1)" in page, address
        assert "<script>alert" not in page
        assert " 49 " not in page.split("<main")[1]


def test_a_person_who_shares_an_address_is_told_with_whom(client, sign_in):
    sign_in("coordinator")
    person = PersonFactory(email="office@example.org")
    PersonFactory(name="Ann Able", email="office@example.org")
    PersonFactory(name="Left Long", email="office@example.org", left_on="2026-01-31")
    PersonFactory(name="No Address", email="")
    page = text(client, page_of(person))
    assert "Shares the address with" in page
    assert "Ann Able" in page
    assert "Left Long" not in page


def test_a_persons_bookings_open_from_their_page(client, sign_in):
    sign_in("coordinator")
    booking = BookingFactory()
    BookingFactory(delegate=booking.delegate, event__days=-9)
    other = BookingFactory()
    address = f"{reverse('bookings:list')}?state=all&amp;q={booking.delegate.reference}"
    page = text(client, page_of(booking.delegate))
    assert address in page
    assert "2 bookings</a>, 1 of them to come" in page
    listed = text(client, address.replace("&amp;", "&"))
    assert (rows(listed), other.reference in listed) == (2, False)


def test_the_agencies_a_person_belonged_to_are_told_in_order(client, sign_in):
    by = sign_in("coordinator")
    names = ["First Agency", "Second Agency", "Third Agency"]
    first, second, third = (AgencyFactory(name=name) for name in names)
    person = PersonFactory(agency=first, line_manager=by)
    assert "by when the change was entered" not in text(client, page_of(person))
    for agency in (second, third):
        corrections.set_line_manager(person=person, manager=by, by=by)
        corrections.move(person=person, agency=agency, by=by)
    page = text(client, page_of(person)).split("by when the change was entered")[-1]
    assert [page.count(f'<th scope="row">{name}') for name in names] == [1, 1, 1]
    assert [page.index(name) for name in names] == sorted(page.index(name) for name in names)


def test_an_empty_agency_says_how_people_come(client, sign_in):
    lead = sign_in()
    RoleGrantFactory(person=lead, role="agency-lead", agency=AgencyFactory())
    page = text(client, LIST)
    assert "There is nobody yet" in page
    assert reverse("people:add") in page


def test_of_who_has_left_nothing_can_be_changed_but_that(client, sign_in):
    sign_in("coordinator")
    page = text(client, page_of(PersonFactory(left_on="2026-01-31")))
    assert "Undo this" in page
    for word in ("Record as left", "Correct<", "Give a role", "how to sign in"):
        assert word not in page


def test_the_list_finds_who_needs_something(client, sign_in):
    manager = sign_in("coordinator", name="Casey Coordinator")
    manager.line_manager = PersonFactory(name="Helen Okafor", line_manager=manager)
    manager.save()
    long_ago = AccountFactory(last_login=timezone.now() - timedelta(days=400))
    people = {
        "year": PersonFactory(name="Yara Year", account=long_ago, line_manager=manager),
        "unreached": PersonFactory(name="Una Unreached", email="", line_manager=manager),
        "unmanaged": PersonFactory(name="Uli Unmanaged"),
    }
    for state, person in people.items():
        page = text(client, LIST, state=state)
        assert [one.name for one in people.values() if one.name in page] == [person.name]
        assert rows(page) == 1


def test_agency_leads_see_who_has_no_line_manager_and_nothing_of_accounts(client, sign_in):
    sign_in("agency-lead")
    page = text(client, LIST)
    assert "Has no line manager" in page
    assert "signed in" not in page


def test_all_of_the_list_are_told_how_to_sign_in_after_a_check(client, sign_in):
    sign_in("coordinator")
    agency = AgencyFactory()
    for facts in ({}, {}, {"email": ""}):
        PersonFactory(agency=agency, **facts)
    PersonFactory()
    asked = {"state": "unsigned", "agency": agency.reference}
    assert "Tell them all how to sign in" in text(client, LIST, **asked)
    assert "Tell them all how to sign in" not in text(client, LIST)
    address = f"{reverse('people:invite_all')}?{urlencode(asked)}"
    page = client.get(address).content.decode()
    assert "Tell 2 people" in page
    assert "1 person of the list cannot be told" in page
    assert not Message.objects.exists(), "looking tells nobody"
    assert "2 people will be told" in client.post(address, follow=True).content.decode()
    assert Message.objects.count() == 2
