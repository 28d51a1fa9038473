"""What the background does about money: propose and forget every night, and raise invoices when a page asks for it."""

from typing import Any
from uuid import uuid4

from django.db import transaction

from invoicing import charges, forgetting, invoices
from invoicing.refusals import InvoicingRefused
from outbox import jobs, turns
from outbox.models import Job
from outbox.progress import Progress
from people.models import Person
from training.financial_year import FinancialYear

PROPOSE = "propose-charges"
RAISE = "raise-invoices"


def propose_charges(job: Job, progress: Progress) -> dict[str, Any]:
    # In this order: a charge that is proposed now needs its reason for as long as it is open.
    return {"made_or_changed": charges.propose(), "reasons_forgotten": forgetting.forget_reasons()}


def raise_invoices(job: Job, progress: Progress) -> dict[str, Any]:
    """Raise the year's invoices for the person who asked. Their rights were asked at the door."""
    by = Person.objects.get(reference=job.asked_by)
    try:
        raised = invoices.raise_for(job.arguments["year"], by=by, progress=progress)
    except InvoicingRefused as refusal:
        raise jobs.CannotBeDone(str(refusal)) from refusal
    for left_out in raised.left_out:
        progress.problem(str(left_out))
    return {
        "confirmed": raised.confirmed,
        "issued": [invoice.reference for invoice in raised.issued],
        "net_amount": str(raised.net_amount),
        "vat_amount": str(raised.vat_amount),
    }


@transaction.atomic
def ask_for_invoices(year: str, *, by: Person) -> Job:
    """Have the year's invoices raised in the background; while a run for the year waits or goes on, that one's job.

    Of two who ask at once, both get the job of one. Raises ValueError for what is not a financial year.
    """
    code = FinancialYear.parse(year).code
    turns.take(f"{RAISE}:{code}")
    running = Job.objects.filter(kind=RAISE, arguments__year=code, state=Job.State.WAITING).first()
    return running or jobs.start(
        key=f"{RAISE}:{code}:{uuid4()}", kind=RAISE, arguments={"year": code}, asked_by=by.reference
    )
