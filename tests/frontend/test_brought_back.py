"""What a coordinator takes away from people and agencies can be brought back on the same pages; the rest cannot go."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.db.models import ProtectedError
from django.urls import get_resolver, reverse
from django.utils import timezone

from people.models import AgencyDomain, Person
from tests.factories import AgencyFactory, AgencyNameFactory, BookingFactory, PersonFactory, RoleGrantFactory
from tests.joining_factories import AgencyDomainFactory

pytestmark = pytest.mark.django_db

# Each address that takes something away, and where that is brought back: tried below, or in the test named.
TAKES_AWAY = {
    "agencies:remove_domain": "agencies:add_domain",
    "agencies:remove_name": "agencies:add_name",
    "joining:withdraw": "joining:invite",  # tests/frontend/test_invitations.py
    "people:keep_apart": "people:keep_apart",  # tests/frontend/test_merging.py
    "people:left": "people:not_left",  # tests/bookings/test_leavers.py
    "people:merge": "people:undo_merge",  # tests/frontend/test_merging.py
    "people:stop_change": "people:agency",
    "people:take_role": "people:give_role",
}
WORDS = ("remove", "delete", "withdraw", "apart", "left", "merge", "stop", "take_role")


@pytest.fixture(autouse=True)
def coordinator(sign_in):
    return sign_in("coordinator")


def day(name, on):
    return {f"{name}-day": on.day, f"{name}-month": on.month, f"{name}-year": on.year}


def test_each_address_that_takes_away_is_listed_here():
    views = {
        f"{area.namespace}:{pattern.name}"
        for area in get_resolver().url_patterns
        if getattr(area, "namespace", None) in ("agencies", "joining", "people")
        for pattern in area.url_patterns
    }
    takes = {view for view in views if any(word in view.partition(":")[2] for word in WORDS)}
    ways_back = {"people:not_left", "people:undo_merge", "people:merge_with"}
    assert takes - ways_back == set(TAKES_AWAY)
    assert set(TAKES_AWAY.values()) <= views


def test_a_name_of_an_agency(client):
    agency = AgencyFactory()
    name = AgencyNameFactory(agency=agency, name="The Council")
    client.post(reverse("agencies:remove_name", args=[agency.reference, name.pk]))
    assert not agency.names.filter(name="The Council").exists()
    client.post(reverse("agencies:add_name", args=[agency.reference]), {"name": "The Council"})
    assert agency.names.filter(name="The Council").exists()


def test_an_address_ending_of_an_agency(client):
    domain = AgencyDomainFactory(domain="anytown.gov.uk")
    agency = domain.agency
    client.post(reverse("agencies:remove_domain", args=[agency.reference, domain.pk]))
    assert not AgencyDomain.objects.exists()
    client.post(reverse("agencies:add_domain", args=[agency.reference]), {"domain": "anytown.gov.uk"})
    assert agency.domains.get().domain == "anytown.gov.uk"


def test_a_role(client):
    person = PersonFactory()
    grant = RoleGrantFactory(person=person, role="agency-lead")
    client.post(reverse("people:take_role", args=[person.reference, grant.pk]))
    assert not Person.objects.get(pk=person.pk).roles
    asked = {"role": "agency-lead", "agency": person.agency.pk} | day("starts_on", timezone.localdate())
    client.post(reverse("people:give_role", args=[person.reference]), asked)
    assert Person.objects.get(pk=person.pk).roles == {"agency-lead"}


def test_a_line_manager(client):
    manager = PersonFactory()
    person = PersonFactory(line_manager=manager)
    address = reverse("people:line_manager", args=[person.reference])
    client.post(address, {"nobody": "1"})
    assert Person.objects.get(pk=person.pk).line_manager is None
    client.post(address, {"person": manager.reference})
    assert Person.objects.get(pk=person.pk).line_manager == manager


def test_a_change_of_agency_that_was_stopped(client):
    person, agency = PersonFactory(), AgencyFactory(name="New Agency")
    asked = {"agency": agency.pk, "confirm": "1"} | day("from_on", timezone.localdate() + timedelta(days=3))
    address = reverse("people:agency", args=[person.reference])
    page = reverse("people:person", args=[person.reference])
    client.post(address, asked)
    client.post(reverse("people:stop_change", args=[person.reference]))
    assert "is with New Agency" not in client.get(page).content.decode()
    client.post(address, asked)
    assert "is with New Agency" in client.get(page).content.decode()


def test_a_person_with_bookings_and_an_agency_with_people_cannot_be_deleted():
    person = BookingFactory().delegate
    for row in (person, person.agency):
        with pytest.raises(ProtectedError), transaction.atomic():
            row.delete()
