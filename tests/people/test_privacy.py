"""What is kept about a person is told to them, all of it, and nothing of others."""

from datetime import date
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models

from outbox.models import SentText
from people import privacy
from people.models import Account, Person
from tests.bookings.factories import CertificateFactory
from tests.factories import (
    AccountFactory,
    BookingFactory,
    ChargeFactory,
    MarkFactory,
    MessageFactory,
    PersonFactory,
    RoleGrantFactory,
    attended,
)

pytestmark = pytest.mark.django_db
# What a field that holds something of a person is called, beside keys to persons and e-mail addresses.
NAMES = {"name", "sort_name", "reason", "received_from", "file_name"}


def ours():
    """All models of ours but the histories: those hold the ids and states that the rows had before."""
    return [
        model
        for model in apps.get_models()
        if Path(apps.get_app_config(model._meta.app_label).path).parent == settings.BASE_DIR
        and not model._meta.db_table.endswith("history")
    ]


def is_personal(field):
    is_text = field.name in NAMES and not field.choices
    return field.related_model in (Person, Account) or isinstance(field, models.EmailField) or is_text


def told_fields(parts):
    """The fields that these parts tell, by the first step of their paths, and those that they say why not."""
    paths = [how.split(".")[0] for part in parts for how in part.columns.values() if isinstance(how, str)]
    told = {path.removeprefix("get_").removesuffix("_display") for path in paths}
    return told | {name for part in parts for name in part.untold}


def by_a_function(parts):
    """What a column says that is made from the row is in its source."""
    return " ".join(
        name for part in parts for how in part.columns.values() if callable(how) for name in how.__code__.co_names
    )


def test_every_field_about_people_has_a_rule():
    missing = []
    for model in ours():
        parts = [part for part in privacy.PARTS if part.model is model]
        if model._meta.label in privacy.NOTHING:
            assert not parts, f"{model._meta.label} is told and is not"
            continue
        told, made = told_fields(parts), by_a_function(parts)
        missing += [
            f"{model._meta.label}.{field.name}"
            for field in model._meta.concrete_fields
            if is_personal(field) and field.name not in told and field.attname not in made
        ]
    assert missing == [], "say in the app's personal.py how they are told, or why not"


def test_what_tells_nothing_says_why_and_is_there():
    assert all(privacy.NOTHING.values())
    assert set(privacy.NOTHING) <= {model._meta.label for model in ours()}


def test_a_reason_for_a_field_that_is_gone_goes_too():
    for part in privacy.PARTS:
        names = {field.name for field in part.model._meta.get_fields()}
        assert set(part.untold) <= names, part.title


def test_every_column_is_there():
    """Also of what no test here has a row of."""
    for part in privacy.PARTS:
        for how in part.columns.values():
            model = part.model
            for step in how.split(".") if isinstance(how, str) else []:
                assert hasattr(model, step), f"{part.title}: {how}"
                related = [field.related_model for field in model._meta.get_fields() if field.name == step]
                model = related[0] or model if related else model


def test_sheets_have_names_that_a_workbook_takes_and_no_two_the_same():
    titles = [part.title for part in privacy.PARTS]
    assert len(set(titles)) == len(titles)
    assert max(map(len, titles)) <= 31


def told(person):
    return {
        part.title: [dict(zip(part.heads, row, strict=True)) for row in part.rows] for part in privacy.told_of(person)
    }


@pytest.fixture
def world():
    """Two persons who share a mailbox, and have to do with each other in every way."""
    manager = PersonFactory(name="Canary Manager", email="canary.manager@example.org")
    shared = {"email": "ward@example.org", "account": AccountFactory(email="ward@example.org")}
    jade = PersonFactory(name="Jade Lewis", line_manager=manager, **shared)
    other = PersonFactory(name="Canary Colleague", agency=jade.agency, **shared)
    for person in (jade, other):
        booking = attended(delegate=person, booked_by=manager)
        CertificateFactory(booking=booking)
        MarkFactory(booking=booking, marked_by=manager)
        ChargeFactory(booking=booking)
        BookingFactory(delegate=person, cancelled=True, cancelled_by=manager, received_from="Canary Manager")
        RoleGrantFactory(person=person, role="agency-lead", given_by=manager)
        for to, template in ((person, "booking_confirmed"), (manager, "to_the_manager")):
            sent = MessageFactory(to=to.email, reference=booking.reference, template=template)
            SentText.objects.create(message=sent, subject=template, body=f"Dear {to.name}")
    return jade, other


def test_it_tells_all_of_ones_own(world):
    jade, _ = world
    found = told(jade)
    assert found["You"][0]["Name"] == "Jade Lewis"
    assert found["You"][0]["Line manager"] == "Recorded"
    assert [row["Outcome"] for row in found["Bookings"]] == ["Attended", "Cancelled in time"]
    assert [row["Booked by"] for row in found["Bookings"]] == ["Somebody else", "You"]
    assert [row["Cancelled by"] for row in found["Bookings"]] == ["", "Somebody else"]
    for title in ("Attendance", "Certificates", "Charges", "Roles"):
        assert len(found[title]) == 1, title
    assert [row["Message"] for row in found["Messages"]] == ["booking_confirmed"]
    assert [row["Text"] for row in found["What messages said"]] == ["Dear Jade Lewis"]


def test_it_tells_nothing_of_others(world):
    jade, other = world
    whole = str(told(jade))
    assert "Canary" not in whole
    assert "canary" not in whole
    for booking in other.bookings.all():
        assert booking.reference not in whole
    assert told(jade)["Sign-in"] == [], "others share it, and when it was signed in to may be about them"


def test_ones_own_sign_in_is_told_and_not_its_password():
    person = PersonFactory(account=AccountFactory())
    (sign_in,) = told(person)["Sign-in"]
    assert sign_in["Email address"] == person.account.email
    assert person.account.password not in str(told(person))


def test_former_agencies_are_told():
    person = PersonFactory()
    before = person.agency.name
    person.agency = PersonFactory().agency
    person.save()
    assert [row["Agency"] for row in told(person)["Agencies before"]] == [before]


@pytest.mark.parametrize("count", [1, 20])
def test_it_takes_one_statement_a_part_however_much_there_is(django_assert_num_queries, count):
    person = PersonFactory(account=AccountFactory())
    for number in range(count):
        booking = attended(delegate=person, days=-30 - number)
        MarkFactory(booking=booking)
        CertificateFactory(booking=booking)
    with django_assert_num_queries(1 + len(privacy.PARTS)):  # and one for what was merged
        told(person)


def test_what_stayed_with_a_record_that_was_merged_is_told_too():
    person = PersonFactory()
    booking = attended()
    Person.objects.filter(pk=booking.delegate_id).update(merged_into=person, left_on=date(2026, 1, 1))
    assert [row["Booking"] for row in told(person)["Bookings"]] == [booking.reference]
