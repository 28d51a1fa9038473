"""Which records are proposed as one person's, and which are not."""

import pytest

from people import duplicates
from people.duplicates import Why
from tests.factories import AgencyFactory, PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def by():
    return PersonFactory(name="Casey Coordinator")


def pair(first, second, *, same_agency=True, same_email=False):
    agency = AgencyFactory()
    one = PersonFactory(name=first, agency=agency, email="one@example.org")
    other = PersonFactory(
        name=second,
        agency=agency if same_agency else AgencyFactory(),
        email="one@example.org" if same_email else "other@example.org",
    )
    return one, other


@pytest.mark.parametrize(
    ("first", "second", "why"),
    [
        ("Jane Smith", "jane  smith", Why.SAME_NAME),
        ("Jane Smith", "Smith, Jane", Why.SAME_NAME),
        ("Siân O’Neill", "Sian ONeill", Why.SAME_NAME),
        ("Jane Smith", "Jane Smyth", Why.LIKE_NAME),
        ("Kate Brown", "Katie Brown", Why.LIKE_NAME),
        ("J Smith", "Jane Smith", Why.LIKE_NAME),
        ("Jane Smith", "Sarah Jones", None),
        ("Sarah Jones", "Sarah James", None),
        ("Jane Smith", "K Smith", None),
    ],
)
def test_names_within_an_agency(first, second, why):
    one, other = pair(first, second)
    assert duplicates.likely() == ([duplicates.Pair(one.pk, other.pk, why)] if why else [])


def test_namesakes_elsewhere_are_others_unless_they_have_one_address():
    pair("Jane Smith", "Jane Smith", same_agency=False)
    assert duplicates.likely() == []


@pytest.mark.parametrize(("second", "is_likely"), [("Jane Smythe", True), ("J Smith", True), ("Bola Ade", False)])
def test_at_one_address_a_like_name_is_likely_and_a_colleague_is_not(second, is_likely):
    pair("Jane Smith", second, same_agency=False, same_email=True)
    assert [one.why for one in duplicates.likely()] == [Why.SAME_ADDRESS] * is_likely


def test_who_has_left_or_was_merged_is_not_proposed():
    one, other = pair("Jane Smith", "Jane Smith")
    type(other).objects.filter(pk=other.pk).update(left_on="2026-01-01", merged_into=one)
    assert duplicates.likely() == []


def test_the_surest_come_first():
    pair("Kate Brown", "Katie Brown")
    pair("Jane Smith", "Jane Smith")
    pair("Ann Lee", "Ann Lee", same_agency=False, same_email=True)
    assert [one.why for one in duplicates.likely()] == [Why.SAME_ADDRESS, Why.SAME_NAME, Why.LIKE_NAME]


def test_a_pair_that_was_said_to_be_two_stays_so_until_that_is_taken_back(by):
    one, other = pair("Jane Smith", "Jane Smith")
    for _ in range(2):
        duplicates.keep_apart(one=other, other=one, by=by)
    assert duplicates.likely() == []
    duplicates.propose_again(one=one, other=other, by=by)
    assert len(duplicates.likely()) == 1


def test_it_takes_two_statements_however_many_there_are(django_assert_num_queries):
    agency = AgencyFactory()
    for _ in range(10):
        PersonFactory(name="Jane Smith", agency=agency)
    with django_assert_num_queries(2):
        assert len(duplicates.likely()) == 45
