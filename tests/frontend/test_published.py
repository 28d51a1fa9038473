"""Publishing the report on its page, what is seen of it afterwards and by whom, and what differs since."""

import re
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from people.models import Export
from reporting.models import PublishedReport
from tests.factories import AgencyFactory, ChargeFactory, PartnershipFactory, TariffFactory
from tests.guards import sql
from tests.reporting.published import published
from tests.reporting.situations import Outcome, booked, event, many

pytestmark = pytest.mark.django_db

YEAR = "2018-19"
LIVE, PUBLISH = reverse("reports:utilisation", args=[YEAR]), reverse("reports:publish", args=[YEAR])


@pytest.fixture
def held():
    """4 of 8 places used; one who did not attend is charged £75."""
    PartnershipFactory()
    one, tariff = event(places=8), TariffFactory()
    many(4, one, agency=AgencyFactory(name="Police"))
    absent = booked(one, Outcome.DID_NOT_ATTEND, policy=tariff.policy, delegate__name="Jade Lewis")
    ChargeFactory(booking=absent, tariff=tariff)
    return absent


def attend_after_all():
    """By SQL: what a register that is opened again does."""
    sql("update bookings_booking set outcome = 'attended' where outcome = 'did-not-attend'")


def one(revision=1):
    return reverse("reports:published_one", args=[YEAR, revision])


def words(client, address):
    return " ".join(re.sub(r"<[^>]+>", " ", client.get(address).content.decode()).split())


def seen_on(client):
    found = re.search(r'name="seen" value="(\w+)"', client.get(PUBLISH).content.decode())
    return found[1] if found else ""


def test_a_coordinator_checks_publishes_and_sees_later_what_differs(client, sign_in, held):
    coordinator = sign_in("coordinator")
    assert PUBLISH in client.get(LIVE).content.decode()
    page = words(client, PUBLISH)
    for said in ("1 Apr 2018 to 31 Mar 2019", "1 event, 8 places, 4 delegates, 50 %", "never changed or taken back"):
        assert said in page
    assert "Why is it published again?" not in page
    answer = client.post(PUBLISH, {"seen": seen_on(client)})
    assert answer.url == one()
    assert PublishedReport.objects.get().published_by == coordinator
    assert "No figure differs today" in words(client, one())
    assert "No figure differs today" in words(client, LIVE)
    attend_after_all()
    page = words(client, one())
    assert re.search(r"As published on \w+ \d+ \w+ \d{4} by", page)
    assert re.search(r"\d+ figures differ today", page)
    assert "Delegates attended All training, 2018/19 4 5" in page
    assert "50.0% 62.5%" in page
    assert re.search(r"Published on .* \d+ figures differ today", words(client, LIVE))


def test_published_figures_open_to_nothing_and_todays_do(client, sign_in, held):
    published()
    attend_after_all()
    sign_in("coordinator")
    page = client.get(one()).content.decode()
    opens = reverse("reports:rows", args=[YEAR, "delegates_attended"])
    assert re.findall(rf'<a[^>]*href="{opens}"[^>]*>([^<]*)</a>', page) == ["5"], "today's, in the table of differences"
    assert f'href="{reverse("reports:rows", args=[YEAR, "places_offered"])}"' not in page


def test_again_asks_why_and_the_first_points_to_the_second(client, sign_in, held):
    published()
    sign_in("coordinator")
    assert "Every figure is as in the report that was published last" in words(client, PUBLISH)
    attend_after_all()
    assert re.search(r"\d+ figures differ since", words(client, PUBLISH))
    seen = seen_on(client)
    assert "Enter why it is published again" in client.post(PUBLISH, {"seen": seen}).content.decode()
    client.post(PUBLISH, {"seen": seen, "reason": "  One  was there. "})
    assert "Revision 2: One was there." in words(client, one(2))
    assert "It was published again on" in words(client, one(1))
    listed = words(client, reverse("reports:published_list"))
    assert "2018/19, revision 2" in listed
    assert "62.5%" in listed
    assert "One was there." in listed


def test_what_moved_while_the_coordinator_looked_is_looked_at_again(client, sign_in, held):
    sign_in("coordinator")
    seen = seen_on(client)
    attend_after_all()
    answer = client.post(PUBLISH, {"seen": seen}, follow=True)
    assert "The figures changed while you looked at them" in answer.content.decode()
    assert not PublishedReport.objects.exists()


def test_what_does_not_reconcile_is_named_and_cannot_be_published(client, sign_in, held):
    sign_in("coordinator")
    charge = ChargeFactory(booking=booked(held.event, Outcome.DID_NOT_ATTEND), tariff=TariffFactory())
    page = words(client, PUBLISH)
    assert f"does not hold for {charge.reference}" in page
    assert "Go back and change nothing" not in page
    assert "do not reconcile" in client.post(PUBLISH, {}, follow=True).content.decode()


def test_a_year_of_nothing_has_nothing_to_publish(client, sign_in):
    sign_in("coordinator")
    assert "nothing to publish" in words(client, reverse("reports:publish", args=["2010-11"]))
    assert "No report is published yet" in words(client, reverse("reports:published_list"))


def test_a_provisional_year_says_so_before_and_after(client, sign_in, held):
    booked(event(closed=False), None)
    sign_in("coordinator")
    assert "The published report would say so for good" in words(client, PUBLISH)
    published()
    assert "Provisional." in words(client, one())


def test_the_sub_group_reads_it_without_names_and_with_money_as_totals(client, sign_in, held):
    row = published()
    attend_after_all()
    sign_in("subgroup-member")
    page = client.get(one()).content.decode()
    assert "£75" in page
    assert row.published_by.name not in page
    assert "Jade Lewis" not in page
    assert reverse("reports:rows", args=[YEAR, "proposed_amount"]) not in page
    assert row.published_by.name not in client.get(reverse("reports:published_list")).content.decode()
    assert PUBLISH not in client.get(LIVE).content.decode()


def test_finance_sees_the_money_of_it_and_what_of_that_differs(client, sign_in, held):
    published()
    attend_after_all()
    sql("update invoicing_charge set net_amount = 60")
    sign_in("finance-officer")
    page = words(client, one())
    assert "Proposed All training, 2018/19 £75 £60" in page
    assert "Delegates attended" not in page
    assert "Police" not in page
    assert "50.0%" not in words(client, reverse("reports:published_list"))


def test_the_workbook_is_as_published_and_taking_it_out_is_recorded(client, sign_in, held):
    published()
    attend_after_all()
    sign_in("subgroup-member")
    answer = client.get(reverse("reports:published_xlsx", args=[YEAR, 1]))
    assert answer["Content-Disposition"] == 'attachment; filename="utilisation-2018-19-published-1.xlsx"'
    lines = list(load_workbook(BytesIO(answer.content))["Summary"].iter_rows(values_only=True))
    assert any(str(line[0]).startswith("As published on") for line in lines)
    assert next(line[1] for line in lines if line[0] == "Delegates attended") == 4
    assert Export.objects.get().what == "published report"


def test_the_year_before_is_shown_as_published_where_it_differs_from_todays_records(client, sign_in, held):
    published()
    attend_after_all()
    sign_in("coordinator")
    page = words(client, reverse("reports:utilisation", args=["2019-20"]))
    assert "5 published: 4" in page
    assert "Places offered 0 8 Places of delivered events" in page, "what did not change stands alone"


@pytest.mark.parametrize("courses", [1, 30])
def test_pages_take_as_many_statements_whatever_there_is(client, sign_in, held, django_assert_num_queries, courses):
    row = published()
    for number in range(courses):
        booked(event())
        row.pk, row.revision, row.reason = None, number + 2, "One more event."
        row.save()
    sign_in("coordinator")
    many(1, held.event)
    for address, statements in ((one(), 8), (PUBLISH, 8), (LIVE, 8), (reverse("reports:published_list"), 4)):
        with django_assert_num_queries(statements):
            client.get(address)
