from datetime import date, timedelta

import pytest
from django.utils import timezone

from outbox import templates
from outbox.models import Message
from people import persons, refusals
from people.models import Person, Role
from tests.factories import (
    AccountFactory,
    AgencyFactory,
    PartnershipFactory,
    PersonFactory,
    RoleGrantFactory,
    StaffGroupFactory,
)

pytestmark = pytest.mark.django_db


def test_who_has_the_name_and_the_address_is_found_whatever_the_spelling():
    known = PersonFactory(name="Siân O’Neill", email="sian@example.org")
    assert persons.find_or_add(name=" sian oneill ", email="Sian@Example.org", agency=AgencyFactory()) == known


def test_another_name_at_the_same_address_is_another_person():
    PersonFactory(name="Jade Lewis", email="office@example.org")
    added = persons.find_or_add(name="Sanjay  Lewis", email="office@example.org", agency=AgencyFactory())
    assert (added.name, added.email, Person.objects.filter(email="office@example.org").count()) == (
        "Sanjay Lewis",
        "office@example.org",
        2,
    )


def test_a_namesake_at_another_address_is_another_person():
    known = PersonFactory(name="Jade Lewis", email="jade@example.org")
    assert persons.find_or_add(name="Jade Lewis", email="jl@example.org", agency=known.agency) != known


def test_without_an_address_the_only_one_of_that_name_in_the_agency_is_found():
    known = PersonFactory(name="Jade Lewis")
    PersonFactory(name="Jade Lewis")
    assert persons.find_or_add(name="JADE LEWIS", agency=known.agency) == known


def test_without_an_address_of_two_of_that_name_neither_is_taken():
    agency = AgencyFactory()
    known = [PersonFactory(name="Jade Lewis", agency=agency) for _ in range(2)]
    added = persons.find_or_add(name="Jade Lewis", agency=agency)
    assert added not in known
    assert added.email == ""


def test_who_has_left_is_not_found():
    gone = PersonFactory(name="Jade Lewis", email="jade@example.org", left_on="2020-01-31")
    assert persons.find_or_add(name="Jade Lewis", email="jade@example.org", agency=gone.agency) != gone


def test_somebody_new_is_added_to_the_agency_with_their_staff_group():
    agency, group, lead = AgencyFactory(), StaffGroupFactory(), PersonFactory()
    person = persons.add(name="Zoe  Young", agency=agency, email="Zoe@Example.org", staff_group=group, by=lead)
    assert (person.name, person.email, person.agency, person.staff_group) == (
        "Zoe Young",
        "zoe@example.org",
        agency,
        group,
    )


@pytest.mark.parametrize("email", ["jade@example.org", ""])
def test_who_is_known_already_is_not_added_again(email):
    known = PersonFactory(name="Jade Lewis", email=email)
    with pytest.raises(refusals.KnownAlready, match="in the list already"):
        persons.add(name="JADE LEWIS", agency=known.agency, email=email, by=known)
    assert Person.objects.count() == 1


def test_of_who_is_known_elsewhere_the_agency_is_not_told():
    known = PersonFactory(name="Jade Lewis", email="jade@example.org")
    with pytest.raises(refusals.KnownAlready, match="under another agency") as refusal:
        persons.add(name="Jade Lewis", agency=AgencyFactory(), email="jade@example.org", by=PersonFactory())
    assert known.agency.name not in str(refusal.value)


def test_who_was_here_before_has_a_record():
    left = PersonFactory(name="Jade Lewis", email="jade@example.org", left_on="2026-01-31")
    with pytest.raises(refusals.KnownAlready, match="was here before"):
        persons.add(name="Jade Lewis", agency=left.agency, email="JADE@example.org", by=PersonFactory())


def test_who_is_invited_is_told_once_how_to_sign_in():
    partnership = PartnershipFactory()
    person = PersonFactory(name="Zoe Young", email="zoe@example.org")
    for _ in range(2):
        persons.invite(person=person, by=PersonFactory())
    (message,) = Message.objects.all()
    assert (message.template, message.to, message.reference) == ("invitation", "zoe@example.org", person.reference)
    text = templates.make(message.template, message.reference)
    assert partnership.name in text.subject
    assert "Sign in with this address, zoe@example.org" in text.body


def test_an_invitation_on_its_way_is_not_sent_to_who_signed_in_meanwhile_or_left():
    for person in (
        PersonFactory(account=AccountFactory(last_login=timezone.now())),
        PersonFactory(left_on="2026-01-31"),
    ):
        with pytest.raises(templates.NoLongerNeeded):
            templates.make("invitation", person.reference)


def test_who_has_left_has_an_account_or_no_address_is_not_invited():
    for facts, refusal in (
        ({"left_on": "2026-01-31"}, refusals.HasLeft),
        ({"account": AccountFactory(last_login=timezone.now())}, refusals.ThereAlready),
        ({"email": ""}, refusals.NoAddress),
    ):
        with pytest.raises(refusal):
            persons.invite(person=PersonFactory(**facts), by=PersonFactory())
    assert not Message.objects.exists()


def test_mail_of_who_has_no_address_goes_to_the_lead_who_has_led_longest(django_assert_num_queries):
    person = PersonFactory(email="")
    assert persons.mailbox_of(person) == ""
    for email, facts in {
        "gone@example.org": {"starts_on": "2020-01-01", "ends_on": "2020-12-31"},
        "left@example.org": {"starts_on": "2020-01-01"},
        "": {"starts_on": "2020-01-01"},
        "second@example.org": {"starts_on": "2022-01-01"},
        "first@example.org": {"starts_on": "2021-01-01"},
        "later@example.org": {"starts_on": "2999-01-01"},
    }.items():
        left_on = "2026-01-31" if email == "left@example.org" else None
        lead = PersonFactory(email=email, agency=person.agency, left_on=left_on)
        RoleGrantFactory(person=lead, role=Role.AGENCY_LEAD, **facts)
    elsewhere = PersonFactory(roles=[Role.AGENCY_LEAD])
    # To have led another agency for longer is not to have led this one for longer.
    second = Person.objects.get(email="second@example.org")
    RoleGrantFactory(person=second, role=Role.AGENCY_LEAD, agency=elsewhere.agency, starts_on="2019-01-01")
    with django_assert_num_queries(1):
        assert persons.mailbox_of(person) == "first@example.org"
    known = PersonFactory(email="own@example.org", agency=person.agency)
    with django_assert_num_queries(0):
        assert persons.mailbox_of(known) == "own@example.org"
    mailboxes = dict(Person.objects.filter(pk__in=[person.pk, known.pk]).values_list("pk", persons.mailbox()))
    assert mailboxes == {person.pk: "first@example.org", known.pk: "own@example.org"}


def test_a_record_that_was_merged_leads_to_the_one_kept():
    kept = PersonFactory(name="Jane Smith")
    merged = PersonFactory(name="J Smith", email="j@example.org", merged_into=kept, left_on=date(2026, 1, 1))
    assert persons.find_or_add(name="J Smith", agency=AgencyFactory(), email="j@example.org") == kept
    assert persons.find_or_add(name="J. Smith", agency=merged.agency) == kept
    assert persons.find_or_add(name="Jane Smith", agency=kept.agency, email=kept.email) == kept


def test_all_who_have_not_signed_in_for_a_year_are_told_how_once_a_day():
    long_ago = timezone.now() - timedelta(days=400)
    told = [
        PersonFactory(),
        PersonFactory(account=AccountFactory()),
        PersonFactory(account=AccountFactory(last_login=long_ago)),
    ]
    PersonFactory(account=AccountFactory(last_login=timezone.now()))
    PersonFactory(email="")
    PersonFactory(left_on=date(2026, 1, 31))
    by = PersonFactory(account=AccountFactory(last_login=timezone.now()))
    for _ in range(2):
        assert persons.invite_each(people=Person.objects.all(), by=by) == 3
    assert set(Message.objects.values_list("to", flat=True)) == {person.email for person in told}
    assert Message.objects.count() == 3
    assert templates.make("invitation", told[2].reference)
