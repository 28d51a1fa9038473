"""Jobs killed with -9 half way and run again: same charges, same invoices, numbers 1 to N."""

import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection

from invoicing import charges, invoices
from invoicing.models import Charge, Invoice
from tests.factories import PartnershipFactory
from tests.invoicing import situations
from tests.invoicing.situations import MONDAY, absent, over, payer

pytestmark = pytest.mark.django_db(transaction=True)

# Does the work, and holds still just after the third call of a function, for the test to kill it there.
CHILD = """
import sys, time, importlib
import django
from django.conf import settings

database, place, name, count, work = sys.argv[1:]
settings.DATABASES["default"]["NAME"] = database
django.setup()
from invoicing import charges, invoices

module, _, owner = place.partition(":")
owner = getattr(importlib.import_module(module), owner) if owner else importlib.import_module(module)
original, calls = getattr(owner, name), []

def held(*args, **kwargs):
    result = original(*args, **kwargs)
    calls.append(1)
    if len(calls) == int(count):
        print("here", flush=True)
        time.sleep(600)
    return result

setattr(owner, name, held)
charges.propose() if work == "propose" else invoices.raise_for("2018-19", via="command line")
"""


def kill_half_way(place, name, count, work):
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, connection.settings_dict["NAME"], place, name, str(count), work],
        cwd=settings.BASE_DIR,
        stdout=subprocess.PIPE,
    )
    assert child.stdout.readline() == b"here\n"
    child.kill()
    assert child.wait() == -9
    child.stdout.close()


@pytest.fixture
def bookings():
    """Three payers with two months each: six invoices of £150 and of £75."""
    PartnershipFactory()
    policy = situations.policy()
    for agency in [payer(name=f"Payer {n}") for n in range(3)]:
        for day in (MONDAY, MONDAY, MONDAY.replace(month=7, day=9)):
            absent(over(day), agency=agency, policy=policy)


def facts():
    return [
        (invoice.number, str(invoice.payer), invoice.month.month, invoice.net_amount, invoice.lines.count())
        for invoice in Invoice.objects.issued().order_by("number")
    ]


ALL = [(n, f"Payer {(n - 1) // 2}", *((6, 150, 2) if n % 2 else (7, 75, 1))) for n in range(1, 7)]


@pytest.mark.parametrize(
    ("place", "name", "left"),
    [
        ("invoicing.numbering", "next_number", 2),  # the third number is taken, and nothing of it is committed
        ("invoicing.invoices", "_draft", 2),
        ("invoicing.invoices", "_raise_one", 3),  # between the third invoice and the fourth
    ],
)
def test_raising_killed_half_way_leaves_whole_invoices_and_the_next_run_does_the_rest(bookings, place, name, left):
    charges.propose()
    kill_half_way(place, name, 3, "raise")
    assert facts() == ALL[:left]
    assert Charge.objects.filter(state="invoiced").count() == sum(lines for *_, lines in ALL[:left])
    assert set(Charge.objects.exclude(state="invoiced").values_list("state", flat=True)) == {"proposed"}
    invoices.raise_for("2018-19", via="command line")
    assert facts() == ALL
    assert set(Charge.objects.values_list("state", flat=True)) == {"invoiced"}
    assert not Invoice.objects.filter(state="draft").exists()


def test_proposing_killed_half_way_leaves_nothing_and_the_next_run_does_it_all(bookings):
    kill_half_way("django.db.models.query:QuerySet", "bulk_create", 1, "propose")
    assert not Charge.objects.exists()
    assert charges.propose() == 9
    assert charges.propose() == 0
