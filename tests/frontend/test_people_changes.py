"""What is changed about people on their pages, and what is refused there."""

import html
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse
from django.utils import timezone

from outbox.models import Job, Message
from people.models import Person
from tests import signing_in
from tests.factories import (
    AccountFactory,
    AgencyFactory,
    BookingFactory,
    ChargeFactory,
    ChargingPolicyFactory,
    PersonFactory,
    RoleGrantFactory,
    TariffFactory,
)

pytestmark = pytest.mark.django_db
ADD = reverse("people:add")


def door(view, person, *more):
    return reverse(f"people:{view}", args=[person.reference, *more])


def post(client, address, data=None, **more):
    return client.post(address, (data or {}) | more, follow=True).content.decode()


def day(name, offset=0):
    on = timezone.localdate() + timedelta(days=offset)
    return {f"{name}-day": on.day, f"{name}-month": on.month, f"{name}-year": on.year}


# --- adding and inviting --------------------------------------------------------------------------------------------
def test_somebody_new_is_added_and_told_how_to_sign_in(client, sign_in):
    sign_in("coordinator")
    agency = AgencyFactory()
    assert "Enter their full name" in post(client, ADD)
    facts = {"name": "Zoe Young", "email": "zoe@example.org", "agency": agency.pk}
    assert "Zoe Young is added" in post(client, ADD, facts, invite="on")
    assert Message.objects.get().to == "zoe@example.org"
    assert "in the list already" in post(client, ADD, facts)
    assert Person.objects.filter(name="Zoe Young").count() == 1


def test_a_lead_adds_to_their_own_agency_and_to_no_other(client, sign_in):
    lead = sign_in("agency-lead")
    other = AgencyFactory()
    facts = {"name": "Zoe Young", "email": "zoe@example.org"}
    post(client, ADD, facts, agency=other.pk)
    assert not Person.objects.filter(name="Zoe Young").exists()
    post(client, ADD, facts, agency=lead.agency.pk)
    assert Person.objects.get(name="Zoe Young").agency == lead.agency
    assert not Message.objects.exists(), "nobody is told unless that is ticked"


def test_who_has_not_signed_in_can_be_told_how(client, sign_in):
    sign_in("coordinator")
    person, known = PersonFactory(), PersonFactory(account=AccountFactory(last_login=timezone.now()))
    assert "is told by email how to sign in" in post(client, door("invite", person))
    assert "has signed in already" in post(client, door("invite", known))
    assert Message.objects.get().to == person.email


# --- correcting -----------------------------------------------------------------------------------------------------
def test_a_record_is_corrected(client, sign_in):
    sign_in("coordinator")
    person = PersonFactory()
    assert "There is a problem" in post(client, door("correct", person), name="", email="ann@example.org")
    assert "is corrected" in post(client, door("correct", person), name="Ann Able", email="ann@example.org")
    person.refresh_from_db()
    assert (person.name, person.email, person.staff_group) == ("Ann Able", "ann@example.org", None)


def test_the_address_of_somebody_with_a_staff_role_is_refused_in_words(client, sign_in):
    sign_in("coordinator")
    person = PersonFactory(roles=["administrator"])
    page = post(client, door("correct", person), name=person.name, email="mine@example.org")
    assert "Ask an administrator to change the address" in page
    person.refresh_from_db()
    assert person.email != "mine@example.org"


@pytest.mark.parametrize("view", ["correct", "give_role"])
def test_what_could_give_access_asks_again_for_who_it_is(client, sign_in, view):
    by = sign_in("coordinator")
    signing_in.enter(client, by.account, seconds_ago=3600)
    person = PersonFactory()
    answer = client.post(door(view, person), {"name": "Ann", "email": "a@example.org", "role": "agency-lead"})
    assert answer.status_code == 302
    assert "reauthenticate" in answer.url
    person.refresh_from_db()
    assert (person.name == "Ann", person.roles_held.exists()) == (False, False)


# --- line manager ---------------------------------------------------------------------------------------------------
def test_a_line_manager_is_found_checked_and_taken_away_again(client, sign_in):
    lead = sign_in("agency-lead")
    person = PersonFactory(agency=lead.agency)
    manager = PersonFactory(name="Helen Okafor", agency=lead.agency)
    stranger = PersonFactory(name="Helen Elsewhere")
    address = door("line_manager", person)
    found = post(client, address, q="helen")
    assert "Helen Okafor" in found
    assert "Helen Elsewhere" not in found
    assert "new here" not in found
    check = client.get(address, {"person": manager.reference}).content.decode()
    assert "Make them the line manager" in check
    person.refresh_from_db()
    assert person.line_manager is None, "looking changes nothing"
    assert "is now the line manager" in post(client, address, person=manager.reference)
    assert client.post(address, {"person": stranger.reference}).status_code == 404
    assert "has no line manager now" in post(client, address, nobody="1")
    person.refresh_from_db()
    assert person.line_manager is None


# --- agency ---------------------------------------------------------------------------------------------------------
def test_a_change_of_agency_is_checked_with_the_bookings_that_go_along(client, sign_in):
    sign_in("coordinator")
    along = BookingFactory(booked_at=timezone.now() - timedelta(days=3), event__course__title="Modern Slavery")
    person, former, new = along.delegate, along.agency, AgencyFactory(name="New Agency")
    asked = {"agency": new.pk} | day("from_on", -5)
    check = post(client, door("agency", person), asked)
    assert "Modern Slavery" in check
    assert Person.objects.get(pk=person.pk).agency == former, "looking changes nothing"
    assert 'value="Continue"' not in post(client, door("agency", person), asked, change="1")
    assert "is with New Agency, and 1 booking with them" in post(client, door("agency", person), asked, confirm="1")
    along.refresh_from_db()
    assert (Person.objects.get(pk=person.pk).agency, along.agency) == (new, new)


@pytest.mark.parametrize("count", [1, 20])
def test_before_a_change_of_agency_it_says_what_stays_and_which_role_ends(
    client, sign_in, django_assert_num_queries, count
):
    sign_in("coordinator")
    person, new = PersonFactory(name="Jade Lewis"), AgencyFactory()
    RoleGrantFactory(person=person, role="agency-lead")
    for _ in range(count):
        BookingFactory(delegate=person, booked_at=timezone.now() - timedelta(days=3))
        ChargeFactory(booking=BookingFactory(delegate=person, cancelled=True))
    asked = {"agency": new.pk} | day("from_on")
    with django_assert_num_queries(8):
        check = post(client, door("agency", person), asked)
    assert "Jade Lewis is then agency training lead" in check
    assert f"{count} booking{'s' if count > 1 else ''} to come and {count} open charge" in check
    assert "has ended" in post(client, door("agency", person), asked, confirm="1")


def test_a_change_for_a_day_to_come_is_shown_and_can_be_stopped(client, sign_in):
    sign_in("coordinator")
    person, new = PersonFactory(name="Jade Lewis"), AgencyFactory(name="New Agency")
    asked = {"agency": new.pk} | day("from_on", 9)
    assert "Nothing changes until that day" in post(client, door("agency", person), asked)
    page = post(client, door("agency", person), asked, confirm="1")
    assert "on Jade Lewis is with New Agency" in page
    assert "waits for its day already" in post(client, door("agency", person), asked, confirm="1")
    assert "stays with" in post(client, door("stop_change", person))
    assert Job.objects.get().state == "dropped"


# --- leaving --------------------------------------------------------------------------------------------------------
def test_leaving_lists_bookings_with_their_cost_and_releases_them_after_a_check(client, sign_in):
    by = sign_in("coordinator")
    policy = ChargingPolicyFactory()
    TariffFactory(policy=policy, reason="cancelled-late")
    person = PersonFactory(name="Jade Lewis")
    long_ago = timezone.now() - timedelta(days=60)
    late = BookingFactory(delegate=person, policy=policy, event__days=1, booked_at=long_ago)
    free = BookingFactory(delegate=person, policy=policy, booked_at=long_ago)
    PersonFactory(name="Sean Foster", line_manager=person)
    address = door("left", person)
    page = client.get(address).content.decode()
    assert "is late and costs £75" in page
    assert "is free" in page
    assert "line manager of Sean Foster" in page
    assert f"Select what happens with {late.event}" in html.unescape(post(client, address, day("left_on")))
    asked = day("left_on") | {f"do-{late.reference}": "release", f"do-{free.reference}": "release"}
    assert "Release it" in post(client, address, asked)
    assert Person.objects.get(pk=person.pk).left_on is None, "looking changes nothing"
    assert "2 bookings released" in post(client, address, asked, confirm="1")
    for booking, outcome in ((late, "cancelled-late"), (free, "cancelled-in-time")):
        booking.refresh_from_db()
        assert (booking.outcome, booking.cancelled_by) == (outcome, by)
    assert "is here again" in post(client, door("not_left", person))
    late.refresh_from_db()
    assert (late.state, late.outcome) == ("confirmed", None)


@pytest.mark.parametrize("count", [1, 20])
def test_the_page_of_leaving_takes_seven_statements_at_one_booking_and_at_twenty(
    client, sign_in, django_assert_num_queries, count
):
    sign_in("coordinator")
    person = PersonFactory(line_manager=PersonFactory())
    for _ in range(count):
        BookingFactory(delegate=person, policy=ChargingPolicyFactory())
    colleague = PersonFactory(agency=person.agency)
    address = door("left", person)
    with django_assert_num_queries(7):
        assert client.get(address).content.decode().count("What happens with") == count
    asked = {f"do-{one.reference}": "send" for one in person.bookings.all()}
    asked |= {f"who-{one.reference}": colleague.email for one in person.bookings.all()}
    with django_assert_num_queries(8):
        assert post(client, address, day("left_on") | asked).count("goes instead") == count


def test_bookings_that_are_left_stay(client, sign_in):
    sign_in("coordinator")
    booking = BookingFactory()
    asked = day("left_on") | {f"do-{booking.reference}": "leave", "confirm": "1"}
    post(client, door("left", booking.delegate), asked)
    booking.refresh_from_db()
    assert (booking.state, booking.delegate.left_on) == ("confirmed", timezone.localdate())


def test_a_colleague_goes_instead_named_by_name_or_address(client, sign_in):
    sign_in("coordinator")
    booking = BookingFactory()
    person, reference = booking.delegate, booking.reference
    asked = day("left_on") | {f"do-{reference}": "send"}
    address = door("left", person)
    assert "Enter who goes" in post(client, address, asked)
    assert "has this name or address" in post(client, address, asked | {f"who-{reference}": "Zoe Young"})
    zoe = PersonFactory(name="Zoe Young", agency=person.agency)
    PersonFactory(name="Zoë Young", agency=person.agency)
    assert "Several here are called" in post(client, address, asked | {f"who-{reference}": "zoe young"})
    done = post(client, address, asked | {f"who-{reference}": zoe.email.upper(), "confirm": "1"})
    assert "1 booking taken over" in done
    assert booking.event.bookings.live().get().delegate == zoe


def test_colleagues_are_asked_for_where_somebody_can_be_asked(client, sign_in):
    sign_in("coordinator")
    booking = BookingFactory()
    address = door("left", booking.delegate)
    assert "Ask for a colleague" not in client.get(address).content.decode(), "nobody to ask"
    lead = PersonFactory(agency=booking.agency, roles=["agency-lead"])
    asked = day("left_on") | {f"do-{booking.reference}": "ask"}
    assert "the place is kept until" in post(client, address, asked)
    assert "1 booking kept for colleagues" in post(client, address, asked, confirm="1")
    assert Message.objects.get(template="colleagues_asked").to == lead.email


def test_nobody_leaves_tomorrow(client, sign_in):
    sign_in("coordinator")
    page = post(client, door("left", PersonFactory()), day("left_on", 1))
    assert "must be today or earlier" in page


# --- roles ----------------------------------------------------------------------------------------------------------
def test_an_administrator_gives_a_role_and_takes_it(client, sign_in):
    by = sign_in("administrator")
    person = PersonFactory()
    assert "Select the role to give" in post(client, door("give_role", person), day("starts_on"))
    asked = {"role": "coordinator", "agency": person.agency.pk} | day("starts_on") | day("ends_on", 30)
    assert "has the role L&amp;D coordinator" in post(client, door("give_role", person), asked)
    grant = person.roles_held.get()
    assert (grant.given_by, grant.agency, grant.ends_on) == (by, None, timezone.localdate() + timedelta(days=30))
    address = door("take_role", person, grant.pk)
    assert "It ends at once" in client.get(address).content.decode()
    assert Person.objects.get(pk=person.pk).roles, "looking changes nothing"
    assert "no more" in post(client, address)
    assert Person.objects.get(pk=person.pk).roles == set()


def test_a_coordinator_gives_leads_only(client, sign_in):
    sign_in("coordinator")
    person, led = PersonFactory(), AgencyFactory()
    post(client, door("give_role", person), {"role": "administrator"} | day("starts_on"))
    assert not person.roles_held.exists()
    post(client, door("give_role", person), {"role": "agency-lead", "agency": led.pk} | day("starts_on"))
    assert Person.objects.get(pk=person.pk).led_agencies == {led.pk}


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"role": "agency-lead", "agency": ""} | day("starts_on"), "Select the agency that they lead"),
        ({"role": "concerns"} | day("starts_on", -1), "must be today or later"),
        ({"role": "concerns"} | day("starts_on", 9) | day("ends_on", 8), "must not be before the first"),
    ],
)
def test_a_role_that_makes_no_sense_is_refused_in_words(client, sign_in, asked, words):
    sign_in("administrator")
    person = PersonFactory()
    assert words in post(client, door("give_role", person), asked)
    assert not person.roles_held.exists()


def test_nobody_gives_a_role_to_themselves(client, sign_in):
    by = sign_in("administrator")
    assert "Give another role" not in client.get(door("person", by)).content.decode()
    page = post(client, door("give_role", by), {"role": "coordinator"} | day("starts_on"))
    assert "Nobody can give a role to themselves" in page
    assert Person.objects.get(pk=by.pk).roles == {"administrator"}


def test_the_last_administrator_keeps_the_role(client, sign_in):
    by = sign_in("administrator")
    page = post(client, door("take_role", by, by.roles_held.get().pk))
    assert "the only administrator" in page
    assert Person.objects.get(pk=by.pk).roles == {"administrator"}


def test_the_role_of_another_person_is_not_taken_by_way_of_ones_page(client, sign_in):
    sign_in("administrator")
    grant = RoleGrantFactory(role="concerns")
    assert client.post(door("take_role", PersonFactory(), grant.pk)).status_code == 404
    assert Person.objects.get(pk=grant.person.pk).roles == {"concerns"}


def test_an_administrator_resets_a_lost_second_step_after_a_check_page(client, sign_in):
    sign_in("administrator")
    person = PersonFactory(account=AccountFactory())
    Authenticator.objects.create(user=person.account, type=Authenticator.Type.TOTP, data={})
    assert door("reset_second_step", person) in client.get(door("person", person)).content.decode()
    assert "Make sure first" in client.get(door("reset_second_step", person)).content.decode()
    assert Authenticator.objects.exists(), "looking changes nothing"
    assert "is reset" in post(client, door("reset_second_step", person))
    assert not Authenticator.objects.exists()
    assert Message.objects.get(template="second_factor_reset").to == person.account.email
    assert "has no second step" in post(client, door("reset_second_step", person))


def test_nobody_resets_their_own_second_step(client, sign_in):
    by = sign_in("administrator")
    assert "Nobody can reset their own" in post(client, door("reset_second_step", by))
