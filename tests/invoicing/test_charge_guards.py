"""What the database keeps of charges once they are decided or invoiced, and their history, broken with SQL."""

import pytest
from django.db import ProgrammingError, transaction

from bookings.models import Tariff
from invoicing import charges, credits, invoices
from invoicing.models import Charge
from tests.factories import BookingFactory, ChargeFactory, PartnershipFactory, PersonFactory, TariffFactory
from tests.guards import check_now, refused_by, sql, take_out
from tests.invoicing import situations

pytestmark = pytest.mark.django_db
State = Charge.State
FACTS = [
    "net_amount = 1",
    "vat_amount = 1",
    "tariff_id = {tariff}",
    "booking_id = {booking}",
    "reason = 'cancelled-late'",
]


@pytest.fixture
def invoiced():
    PartnershipFactory()
    situations.absent(situations.over(), agency=situations.payer(), policy=situations.policy())
    charges.propose()
    invoices.raise_for("2018-19", via="a test")
    return Charge.objects.get(state=State.INVOICED)


def decide(state, **more):
    """A charge in that state, decided by a person."""
    charge = ChargeFactory()
    Charge.objects.filter(pk=charge.pk).update(
        state=state, decided_at="2026-01-05T12:00Z", decided_by=PersonFactory(), **more
    )
    return charge


def write(charge, fact):
    other = {"tariff": TariffFactory(reason=Tariff.Reason.CANCELLED_LATE, notice=5).pk, "booking": BookingFactory().pk}
    sql(f"update invoicing_charge set {fact.format(**other)} where id = %s", charge.pk)


@pytest.mark.parametrize("fact", FACTS)
def test_a_charge_that_was_invoiced_never_changes(invoiced, fact):
    with refused_by("charge_decided_keeps_its_sum"):
        write(invoiced, fact)
    check_now()
    take_out("charge_decided_keeps_its_sum")
    with refused_by("charge_invoiced_never_changes"):
        write(invoiced, fact)
    check_now()
    take_out("charge_invoiced_never_changes")
    write(invoiced, fact)


@pytest.mark.parametrize("state", [State.PROPOSED, State.CONFIRMED])
def test_an_invoiced_charge_does_not_go_back(invoiced, state):
    with refused_by("charge_invoiced_never_changes"):
        Charge.objects.filter(pk=invoiced.pk).update(state=state)


def test_an_invoiced_charge_is_credited_and_stays_so(invoiced):
    credits.issue(charge=invoiced, ground="discretion", reason="Let off.", by=PersonFactory())
    for change in ("state = 'invoiced'", "net_amount = 1, state = 'proposed', decided_at = null, decided_by_id = null"):
        with refused_by("charge_invoiced_never_changes"):
            sql(f"update invoicing_charge set {change} where id = %s", invoiced.pk)


@pytest.mark.parametrize("state", [State.INVOICED, State.CREDITED])
def test_an_invoiced_charge_is_never_deleted(state):
    # Without a line, and so without the credit note of one: either would keep it too.
    take_out("charge_is_credited_by_a_credit_note")
    charge = decide(state)
    for attempt in (lambda: sql("delete from invoicing_charge"), charge.delete):
        with refused_by("charge_invoiced_never_changes"):
            attempt()
    check_now()
    take_out("charge_invoiced_is_never_deleted")
    sql("delete from invoicing_charge")


@pytest.mark.parametrize("fact", FACTS)
@pytest.mark.parametrize(("state", "more"), [(State.CONFIRMED, {}), (State.WAIVED, {"waiver": "discretion"})])
def test_a_charge_that_a_person_decided_keeps_its_sum(state, more, fact):
    charge = decide(state, **more)
    with refused_by("charge_decided_keeps_its_sum"):
        write(charge, fact)
    check_now()
    take_out("charge_decided_keeps_its_sum")
    write(charge, fact)


def test_a_charge_is_not_given_another_sum_in_the_moment_of_its_invoice():
    decide(State.CONFIRMED)
    for state in (State.CONFIRMED, State.INVOICED):
        with refused_by("charge_decided_keeps_its_sum"):
            sql("update invoicing_charge set net_amount = 1, state = %s", state)


def test_a_confirmed_charge_is_proposed_anew_with_another_sum():
    charge = decide(State.CONFIRMED)
    sql("update invoicing_charge set net_amount = 1, state = 'proposed', decided_at = null, decided_by_id = null")
    charge.refresh_from_db()
    assert (charge.net_amount, charge.state) == (1, State.PROPOSED)


# --- history --------------------------------------------------------------------------------------------------------
def test_a_charge_changed_by_sql_is_in_the_history():
    charge = ChargeFactory()
    sql("update invoicing_charge set net_amount = 1")
    sql("update invoicing_charge set tariff_id = tariff_id")
    (entry,) = charge.history.all()
    assert (entry.net_amount, entry.pgh_label) == (75, "changed")


def test_a_charge_deleted_by_sql_is_in_the_history():
    charge = ChargeFactory()
    sql("delete from invoicing_charge")
    assert [entry.pgh_label for entry in charge.history.all()] == ["deleted"]


def test_the_history_of_charges_is_only_added_to():
    charges.confirm([ChargeFactory()], by=PersonFactory())
    for statement in ("update invoicing_chargehistory set net_amount = 1", "delete from invoicing_chargehistory"):
        with pytest.raises(ProgrammingError, match="Cannot update or delete rows"), transaction.atomic():
            sql(statement)
