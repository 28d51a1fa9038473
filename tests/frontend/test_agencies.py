"""The pages of agencies: who reads what, and who changes names and who changes billing."""

import pytest
from django.urls import reverse
from django.utils import timezone

from people import agencies
from people.models import Agency
from tests import signing_in
from tests.factories import (
    AgencyFactory,
    AgencyNameFactory,
    BookingFactory,
    PersonFactory,
    RoleGrantFactory,
)

pytestmark = pytest.mark.django_db
LIST = reverse("agencies:list")
HOSTILE = "<script>alert(1)</script> {{7*7}}"


def door(view, agency, *more):
    return reverse(f"agencies:{view}", args=[agency.reference, *more])


def text(client, address, **query):
    return client.get(address, query).content.decode()


def post(client, address, **data):
    return client.post(address, data, follow=True).content.decode()


def rows(page):
    return page.count('<th scope="row">')


@pytest.mark.parametrize("count", [1, 50])
def test_the_list_takes_five_statements_at_one_row_and_at_fifty(client, sign_in, django_assert_num_queries, count):
    sign_in("finance-officer", agency=AgencyFactory(type="police"))
    for _ in range(count):
        AgencyFactory(type="education", payer=AgencyFactory())
    with django_assert_num_queries(5):
        page = text(client, LIST, type="education")
    assert rows(page) == count


@pytest.mark.parametrize("count", [1, 30])
def test_an_agencys_page_takes_eight_statements_whatever_there_is_to_show(
    client, sign_in, django_assert_num_queries, count
):
    sign_in("coordinator")
    agency = AgencyFactory()
    for _ in range(count):
        AgencyNameFactory(agency=agency)
        AgencyFactory(payer=agency)
        RoleGrantFactory(role="agency-lead", agency=agency)
    with django_assert_num_queries(8):
        text(client, door("agency", agency))


def test_people_and_bookings_are_counted_apart(client, sign_in):
    sign_in("coordinator")
    agency = AgencyFactory(name="Anytown Council")
    people = PersonFactory.create_batch(3, agency=agency)
    PersonFactory(agency=agency, left_on=timezone.localdate())
    for person in (people[0], people[0]):
        BookingFactory(delegate=person)
    page = text(client, LIST, q="anytown")
    assert 'data-label="People">3<' in page
    assert 'data-label="Bookings">2<' in page
    detail = text(client, door("agency", agency))
    for words in ("3 people</a>", "2 bookings</a>"):
        assert words in detail
    opened = text(client, reverse("bookings:list"), state="all", q=agency.reference)
    assert rows(opened) == 2
    assert rows(text(client, reverse("people:list"), agency=agency.reference)) == 3


def test_the_list_is_filtered_by_any_name_type_partner_and_where_nobody_pays(client, sign_in):
    sign_in("coordinator", agency=AgencyFactory(payer=AgencyFactory(name="Payer"), type="private"))
    known = agencies.add(name="Anytown ICB", type="health-commissioner", by=PersonFactory())
    agencies.save_names(agency=known, also_known_as=["Anytown CCG"])
    partner = AgencyFactory(name="Anytown Police", type="police", is_statutory_partner=True, payer=known)
    for asked, name in (
        ({"q": "anytown ccg"}, known),
        ({"type": "police"}, partner),
        ({"only": "statutory"}, partner),
        ({"only": "nobody", "q": "icb"}, known),
        ({"q": partner.reference}, partner),
    ):
        page = text(client, LIST, **asked)
        assert (rows(page), name.name in page) == (1, True), asked
    assert "No agency fits this filter" in text(client, LIST, q="zzz")


@pytest.mark.parametrize("key", ["name", "type", "payer", "people", "bookings"])
def test_the_list_sorts_both_ways_by_each_column(client, sign_in, key):
    first, last = AgencyFactory(name="Ants", type="education"), AgencyFactory(name="Zoo", type="voluntary")
    first.payer, last.payer = first, last
    first.save(), last.save()
    sign_in("coordinator", agency=last)
    BookingFactory(delegate__agency=last)
    for sort, order in ((key, ("Ants<", "Zoo<")), (f"-{key}", ("Zoo<", "Ants<"))):
        page = text(client, LIST, sort=sort).split("<tbody")[1]
        assert page.index(order[0]) < page.index(order[1]), sort


def test_the_sub_group_reads_no_billing_and_opens_no_people_or_bookings(client, sign_in):
    sign_in("subgroup-member")
    agency = AgencyFactory(invoice_email="pay@example.org", purchase_order="PO-1")
    BookingFactory(delegate__agency=agency)
    page = text(client, door("agency", agency)).split("<main")[1]
    assert "1 booking" in page
    for word in ("pay@example.org", "PO-1", "/bookings/", "/people/", "/charges/", "/invoices/", "Correct", "Remove"):
        assert word not in page


def test_finance_reads_and_changes_billing_and_no_names(client, sign_in):
    sign_in("finance-officer")
    agency, trust = AgencyFactory(invoice_email="pay@example.org"), AgencyFactory(name="The Trust")
    page = text(client, door("agency", agency))
    assert "pay@example.org" in page
    assert "Change payer and billing" in page
    assert "Correct these details" not in page
    assert "are changed" in post(client, door("billing", agency), payer=trust.pk, purchase_order="PO-2")
    agency.refresh_from_db()
    assert (agency.payer, agency.purchase_order, agency.invoice_email) == (trust, "PO-2", "")
    refused = post(client, door("billing", agency), payer=agency.pk)
    assert "Say to which address invoices" in refused
    agency.refresh_from_db()
    assert agency.payer == trust


def test_billing_asks_again_for_who_it_is(client, sign_in):
    by = sign_in("coordinator")
    signing_in.enter(client, by.account, seconds_ago=3600)
    agency = AgencyFactory(purchase_order="PO-1")
    answer = client.post(door("billing", agency), {"purchase_order": "PO-2"})
    assert "reauthenticate" in answer.url
    agency.refresh_from_db()
    assert agency.purchase_order == "PO-1"


def test_a_coordinator_adds_corrects_and_names_agencies(client, sign_in):
    sign_in("coordinator")
    add = reverse("agencies:add")
    assert "Select what type of agency it is" in post(client, add, name="Anytown Council")
    assert "Say who pays its charges" in post(client, add, name="Anytown Council", type="local-authority")
    agency = Agency.objects.get(name="Anytown Council")
    refused = post(client, add, name="ANYTOWN council", type="other")
    assert "Anytown Council already is known by that name" in refused
    corrected = {"name": "Anytown City Council", "short_name": "ACC", "type": "local-authority"}
    assert "is corrected" in post(client, door("correct", agency), is_statutory_partner="on", **corrected)
    assert agencies.find("anytown council") == agencies.find("acc") == agency
    assert "is known as The Council too" in post(client, door("add_name", agency), name="The Council")
    other = AgencyFactory()
    assert "already is known by that name" in post(client, door("add_name", other), name="the council")
    name = agency.names.get(name="The Council")
    assert "is not known as The Council any more" in post(client, door("remove_name", agency, name.pk))
    assert agencies.find("The Council") is None
    own = agency.names.get(name="ACC")
    assert "the agency’s own name" in post(client, door("remove_name", agency, own.pk))
    assert client.post(door("remove_name", other, own.pk)).status_code == 404


def test_hostile_names_are_shown_as_text_and_go_to_the_file_as_text(client, sign_in):
    sign_in("coordinator")
    agency = AgencyFactory(name=HOSTILE)
    AgencyNameFactory(agency=agency, name=HOSTILE + "b")
    AgencyFactory(name="=1+1")
    views = ("agency", "correct", "billing", "add_name")
    for address in (LIST, *(door(view, agency) for view in views)):
        page = text(client, address)
        assert "&lt;script&gt;alert(1)" in page
        assert "<script>alert" not in page
    assert "'=1+1" in text(client, reverse("agencies:download"))


def test_the_file_of_agencies_says_types_in_words(client, sign_in):
    sign_in("coordinator")
    AgencyFactory(type=Agency.Type.POLICE)
    file = text(client, reverse("agencies:download"))
    assert f",{Agency.Type.POLICE.label}," in file
