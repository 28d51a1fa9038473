"""Each truth about people, agencies and roles that the database holds, broken once with SQL."""

from datetime import timedelta

import pytest
from django.utils import timezone

from people import exports
from tests.factories import (
    AccountFactory,
    AgencyFactory,
    AgencyNameFactory,
    PartnershipFactory,
    PersonFactory,
    RoleGrantFactory,
)
from tests.guards import Breaks, refused_by, sql

pytestmark = pytest.mark.django_db
breaks = Breaks()


def an_export():
    return exports.record(by=PersonFactory(), what="charges", file_format="csv", address="/charges/download/", rows=1)


@breaks.by("account_email_is_in_lower_case")
def an_address_in_capitals():
    sql("update people_account set email = 'Jade@example.org' where id = %s", AccountFactory().pk)


@breaks.by("person_email_is_in_lower_case")
def a_persons_address_in_capitals():
    sql("update people_person set email = 'Jade@example.org' where id = %s", PersonFactory().pk)


@breaks.by("person_is_not_their_own_manager")
def ones_own_manager():
    sql("update people_person set line_manager_id = id where id = %s", PersonFactory().pk)


@breaks.by("agency_name_has_letters_or_digits")
def a_name_of_dots():
    sql("update people_agencyname set key = '' where id = %s", AgencyNameFactory().pk)


@breaks.by("there_is_one_partnership")
def a_second_partnership():
    PartnershipFactory()
    sql(
        "insert into people_partnership (id, name, short_name, nation, invoice_address, training_email, vat_number, "
        "payment_terms_days, payment_details) select 2, name, short_name, nation, invoice_address, training_email, "
        "vat_number, payment_terms_days, payment_details from people_partnership"
    )


@breaks.by("export_never_changes")
def an_export_forgotten():
    sql("delete from people_export where id = %s", an_export().pk)


@breaks.by("export_format_is_known")
def an_export_in_a_format_of_its_own():
    by = PersonFactory()
    columns = "by_id, at, what, file_format, asked, rows"
    sql(f"insert into people_export ({columns}) values (%s, now(), 'charges', 'exe', '', 1)", by.pk)


@breaks.by("export_file_is_there_exactly_when_made")
def a_file_made_at_no_time():
    file = exports.ask_for_file(by=PersonFactory(), what="charges", file_format="csv", address="/")
    sql("update people_exportfile set name = 'exports/1.csv' where id = %s", file.pk)


@breaks.by("role_is_bound_to_an_agency_exactly_when_agency_lead")
def a_lead_of_nothing():
    sql("update people_rolegrant set role = 'agency-lead' where id = %s", RoleGrantFactory(role="coordinator").pk)


@breaks.by("role_is_known")
def a_role_that_nobody_knows():
    sql("update people_rolegrant set role = 'root' where id = %s", RoleGrantFactory().pk)


@breaks.by("agency_type_is_known")
def a_type_that_nobody_knows():
    sql("update people_agency set type = 'guild' where id = %s", AgencyFactory().pk)


@breaks.by("partnership_nation_is_known")
def a_nation_that_nobody_knows():
    sql("update people_partnership set nation = 'cornwall' where id = %s", PartnershipFactory().pk)


@breaks.by("role_ends_after_it_starts")
def a_role_that_ends_before_it_starts():
    ends_on = timezone.localdate() - timedelta(days=1)
    sql("update people_rolegrant set ends_on = %s where id = %s", ends_on, RoleGrantFactory().pk)


@breaks.by("role_is_not_given_to_oneself")
def a_role_given_to_oneself():
    sql("update people_rolegrant set given_by_id = person_id where id = %s", RoleGrantFactory().pk)


@breaks.by("role_is_held_once")
def the_same_role_twice():
    person = PersonFactory()
    RoleGrantFactory.create_batch(2, person=person)


@pytest.mark.parametrize("name", breaks.ways)
def test_the_database_refuses(name):
    breaks.is_refused(name)


@pytest.mark.parametrize("name", breaks.ways)
def test_nothing_else_would_refuse(name):
    breaks.passes_without(name)


def test_only_an_agency_lead_is_bound_to_an_agency():
    with refused_by("role_is_bound_to_an_agency_exactly_when_agency_lead"):
        RoleGrantFactory(role="coordinator", agency=AgencyFactory())


def test_a_role_held_before_can_be_held_again():
    person, yesterday = PersonFactory(), timezone.localdate() - timedelta(days=1)
    RoleGrantFactory(person=person, starts_on=yesterday, ends_on=yesterday)
    RoleGrantFactory(person=person)


def test_one_may_lead_two_agencies():
    person = PersonFactory()
    for agency in AgencyFactory.create_batch(2):
        RoleGrantFactory(person=person, role="agency-lead", agency=agency)
    assert person.led_agencies == set(person.roles_held.values_list("agency", flat=True))


def test_the_record_of_exports_is_neither_changed_nor_emptied():
    export = an_export()
    with refused_by("export_never_changes"):
        sql("update people_export set rows = 0 where id = %s", export.pk)
    sql("set constraints all immediate")
    sql("set local turnout.may_truncate = 'no'")  # yes in tests alone
    with refused_by("people_export_is_never_emptied"):
        sql("truncate people_export")
