"""The background's jobs about money: proposing every night, raising when a page asks."""

import pytest

from invoicing import charges, tasks
from invoicing.models import Charge, Invoice
from outbox import jobs, schedule
from outbox.models import Job
from tests.factories import AgencyFactory, PartnershipFactory, PersonFactory
from tests.invoicing import situations
from tests.invoicing.situations import absent, over, payer

pytestmark = pytest.mark.django_db


def test_charges_are_proposed_every_night():
    absent(over(), policy=situations.policy())
    schedule.start_due()
    schedule.start_due()
    assert Job.objects.filter(kind=tasks.PROPOSE).count() == 1
    jobs.run_waiting()
    assert Job.objects.get(kind=tasks.PROPOSE).result == {"made_or_changed": 1, "reasons_forgotten": 0}
    assert Charge.objects.count() == 1


def test_invoices_asked_for_are_raised_in_the_background_in_the_name_of_who_asked():
    PartnershipFactory()
    policy, officer = situations.policy(), PersonFactory()
    absent(over(), agency=payer(), policy=policy)
    absent(over(), agency=AgencyFactory(name="Schools"), policy=policy)
    charges.propose()
    job = tasks.ask_for_invoices("2018/19", by=officer)
    assert tasks.ask_for_invoices("2018-19", by=officer) == job  # a second press, while the first one waits
    jobs.run_waiting()
    job.refresh_from_db()
    invoice = Invoice.objects.get()
    assert (job.state, job.done, job.total) == ("done", 1, 1)
    assert job.problems == ["1 charge (£75) stands under “Schools”: who pays?"]
    assert job.result == {"confirmed": 1, "issued": [invoice.reference], "net_amount": "75.00", "vat_amount": "0.00"}
    assert invoice.issued_by == officer
    assert tasks.ask_for_invoices("2018-19", by=officer) != job


def test_a_run_that_cannot_be_done_is_given_up_in_words():
    job = tasks.ask_for_invoices("2018-19", by=PersonFactory())
    jobs.run_waiting()
    job.refresh_from_db()
    assert job.state == "failed"
    assert job.last_error.startswith("No partnership is set up")


def test_a_wrong_year_is_refused_before_there_is_a_job():
    with pytest.raises(ValueError, match="Write it as 2018-19"):
        tasks.ask_for_invoices("2018", by=PersonFactory())
    assert not Job.objects.exists()
