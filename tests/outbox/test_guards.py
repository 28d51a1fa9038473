"""Each truth about waiting work that the database holds, broken once with SQL."""

import pytest

from outbox.models import Job, Message
from tests.guards import Breaks, sql

pytestmark = pytest.mark.django_db
breaks = Breaks()


@breaks.by("message_is_finished_exactly_when_it_has_a_time")
def a_message_done_at_no_time():
    message = Message.objects.create(key="k", template="t", to="jade@example.org", reference="R")
    sql("update outbox_message set state = 'done' where id = %s", message.pk)


@breaks.by("job_is_finished_exactly_when_it_has_a_time")
def a_job_that_waits_and_is_finished():
    sql("update outbox_job set finished_at = now() where id = %s", Job.objects.create(key="k", kind="import").pk)


@pytest.mark.parametrize("name", breaks.ways)
def test_the_database_refuses(name):
    breaks.is_refused(name)


@pytest.mark.parametrize("name", breaks.ways)
def test_nothing_else_would_refuse(name):
    breaks.passes_without(name)
