"""Each truth about published reports that the database holds, broken once with SQL, and seen to pass without it."""

import pytest

from tests.factories import PersonFactory
from tests.guards import Breaks, refused_by, sql

pytestmark = pytest.mark.django_db

breaks = Breaks()


def insert(revision=1, reason="", counted="2019-04-20", year="2018-19"):
    sql(
        "insert into reporting_publishedreport (financial_year, revision, reason, counted_at, published_at,"
        " published_by_id, figures, definitions, definitions_version)"
        " values (%s, %s, %s, %s, '2019-04-20', %s, '{}', '[]', 'abc')",
        year, revision, reason, counted, PersonFactory().pk,
    )  # fmt: skip


@breaks.by("published_report_never_changes")
def changed_or_deleted():
    insert()
    sql("update reporting_publishedreport set figures = '{\"this\": 1}'")
    sql("delete from reporting_publishedreport")


@breaks.by("report_revision_is_published_once")
def one_revision_twice():
    insert()
    insert()


@breaks.by("report_published_again_says_why")
def again_without_a_reason():
    insert()
    insert(revision=2)


@breaks.by("report_is_counted_before_it_is_published")
def counted_afterwards():
    insert(counted="2019-04-21")


@pytest.mark.parametrize("name", breaks.ways)
def test_the_database_refuses_it_by_name(name):
    breaks.is_refused(name)


@pytest.mark.parametrize("name", breaks.ways)
def test_nothing_else_refuses_it(name):
    breaks.passes_without(name)


@pytest.mark.parametrize(
    "way", ["delete from reporting_publishedreport", "update reporting_publishedreport set reason = 'x'"]
)
def test_neither_a_change_nor_a_deletion_passes(way):
    insert()
    with refused_by("published_report_never_changes"):
        sql(way)


def test_published_reports_are_not_emptied():
    with refused_by("reporting_publishedreport_is_never_emptied"):
        sql("set local turnout.may_truncate = 'no'")
        sql("truncate reporting_publishedreport")
