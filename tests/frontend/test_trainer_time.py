"""The page of trainer time, and what its numbers open to."""

import pytest
from django.urls import reverse

from tests.factories import AgencyFactory, EventFactory, PersonFactory, SessionTrainerFactory, TrainerFactory
from tests.frontend.joining import text_of
from training.financial_year import FinancialYear

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("count", [1, 20])
def test_the_page_takes_five_statements_and_opens_to_the_sessions(client, sign_in, django_assert_num_queries, count):
    sign_in("subgroup-member")
    police = AgencyFactory(name="Anytown Police")
    for _ in range(count):
        event = EventFactory(days=-1)
        trainer = TrainerFactory(person=PersonFactory(agency=police))
        SessionTrainerFactory(session=event.sessions.get(), trainer=trainer)
    year = FinancialYear.containing(event.ends_at).code
    with django_assert_num_queries(5):
        page = text_of(client.get(reverse("trainers:time"), {"year": year}))
    assert f"Anytown Police {count} {count} {7.0 * count}" in page
    behind = {"year": year, "agency": police.reference}
    shown = client.get(reverse("trainers:time"), behind).content.decode()
    assert shown.count('href="/events/') == count
    listed = client.get(reverse("trainers:time_download"), behind).content.decode()
    assert listed.count(event.course.title) >= 1
    assert "Anytown Police" in client.get(reverse("trainers:time_download"), {"year": year}).content.decode()


def test_where_nothing_was_given_the_page_says_so(client, sign_in):
    sign_in("coordinator")
    page = reverse("trainers:time")
    assert "No session was held" in text_of(client.get(page))
    assert "Nothing was given" in text_of(client.get(page, {"agency": "unknown"}))
    assert client.get(page, {"year": "2018"}).status_code == 404
