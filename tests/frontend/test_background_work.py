"""The pages of background work: what runs and waits, what was given up, and beginning again."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from invoicing import tasks
from outbox import claims
from outbox.models import Job
from tests.factories import JobFactory, PersonFactory

pytestmark = pytest.mark.django_db
LIST = reverse("jobs:list")


def door(view, job):
    return reverse(f"jobs:{view}", args=[job.pk])


def text(client, address, **query):
    return client.get(address, query).content.decode()


def post(client, address):
    return client.post(address, follow=True).content.decode()


def ended(state="failed", **facts):
    return JobFactory(**({"state": state, "finished_at": timezone.now()} | facts))


@pytest.mark.parametrize("count", [1, 50])
def test_the_list_takes_six_statements_at_one_row_and_at_fifty(client, sign_in, django_assert_num_queries, count):
    sign_in("coordinator")
    for _ in range(count):
        JobFactory(asked_by=PersonFactory().reference)
    with django_assert_num_queries(6):
        page = text(client, LIST)
    assert page.count('<th scope="row">') == count


@pytest.mark.parametrize("count", [1, 50])
def test_a_jobs_page_takes_five_statements_at_one_problem_and_at_fifty(
    client, sign_in, django_assert_num_queries, count
):
    sign_in("coordinator")
    job = ended(asked_by=PersonFactory().reference, problems=[f"Problem {n}" for n in range(count)])
    with django_assert_num_queries(5):
        page = text(client, door("job", job))
    assert page.count("<li>Problem") == count


def test_the_list_is_filtered_by_work_state_and_day(client, sign_in):
    sign_in("administrator")
    week_ago = timezone.now() - timedelta(days=7)
    jobs = {
        "kind": JobFactory(kind=tasks.PROPOSE),
        "state": ended(),
        "day": JobFactory(created_at=week_ago),
    }
    asked = {"kind": tasks.PROPOSE, "state": "failed", "day": timezone.localdate(week_ago).isoformat()}
    for name, value in asked.items():
        page = text(client, LIST, **{name: value})
        assert [word for word, job in jobs.items() if door("job", job) in page] == [name]
    assert "No background work fits" in text(client, LIST, day="2001-01-01")


@pytest.mark.parametrize("key", ["asked", "kind", "ended"])
def test_the_list_sorts_both_ways_by_each_column(client, sign_in, key):
    sign_in("coordinator")
    day_ago = timezone.now() - timedelta(days=1)
    first, last = ended(kind="a", created_at=day_ago, finished_at=day_ago), ended(kind="b")
    for sort, order in ((key, (first, last)), (f"-{key}", (last, first))):
        page = text(client, LIST, sort=sort)
        assert page.index(door("job", order[0])) < page.index(door("job", order[1])), sort


def test_one_that_goes_on_is_looked_at_again_by_itself_and_one_for_later_is_not(client, sign_in):
    sign_in("coordinator")
    asker = PersonFactory(name="Sam Carter")
    job = JobFactory(done=40, total=200, asked_by=asker.reference)
    claims.claim(Job, most=1, lease=timedelta(minutes=1))
    answer = client.get(door("job", job))
    page = answer.content.decode()
    assert answer["Refresh"] == "3"
    for words in ("Running", "40 of 200", "Sam Carter", 'value="40"'):
        assert words in page
    later = JobFactory(due_at=timezone.now() + timedelta(days=3))
    answer = client.get(door("job", later))
    assert "Refresh" not in answer
    assert "To be done from" in answer.content.decode()


def test_one_that_was_given_up_says_why_and_begins_again_after_a_check(client, sign_in):
    sign_in("coordinator")
    job = ended(last_error="KeyError in a/b.py, line 7.", problems=["<script>alert(1)</script>"], failures=5)
    page = text(client, door("job", job))
    assert "It was given up: KeyError in a/b.py, line 7." in page
    assert "&lt;script&gt;alert(1)" in page
    assert "It begins again from the start" in text(client, door("try_again", job))
    job.refresh_from_db()
    assert job.state == "failed", "looking changes nothing"
    assert "It begins again within a minute" in post(client, door("try_again", job))
    job.refresh_from_db()
    assert (job.state, job.failures) == ("waiting", 0)
    assert "somebody else was first" in post(client, door("try_again", job))


def test_finance_sees_invoice_runs_only_and_alone_begins_them_again(client, sign_in):
    sign_in("finance-officer")
    run = ended(kind=tasks.RAISE, arguments={"year": "2018-19"})
    other = ended(kind=tasks.PROPOSE)
    for address in (LIST, reverse("jobs:download")):
        page = text(client, address)
        assert tasks.PROPOSE not in page
        assert "Proposing charges" not in page
    assert "Invoice runs" in text(client, LIST)
    assert client.get(door("job", other)).status_code == 404
    page = text(client, door("job", run))
    assert reverse("invoices:run", args=[run.pk]) in page
    assert "Try it again" in page
    sign_in("coordinator")
    page = text(client, door("job", run))
    assert "Try it again" not in page
    assert reverse("invoices:run", args=[run.pk]) not in page


@pytest.mark.parametrize(
    ("seconds", "words"), [(5, "5 s"), (61, "1 min"), (7199, "119 min"), (7200, "2 h"), (200000, "2 days")]
)
def test_how_long_it_took_is_told_in_one_unit(client, sign_in, seconds, words):
    sign_in("coordinator")
    now = timezone.now()
    job = ended("done", created_at=now - timedelta(seconds=seconds), finished_at=now)
    assert f">{words}<" in text(client, LIST)
    assert words in text(client, door("job", job))


def test_the_file_holds_what_the_list_shows_as_text(client, sign_in):
    sign_in("coordinator")
    ended(last_error="=cmd")
    JobFactory(kind=tasks.RAISE)
    file = text(client, reverse("jobs:download"), state="failed")
    assert "'=cmd" in file
    assert tasks.RAISE not in file


def test_an_empty_list_says_what_is_done_in_the_background(client, sign_in):
    sign_in("coordinator")
    assert "Nothing was done in the background yet" in text(client, LIST)
