"""What an invoice run would do: which charges go to whom, and which wait for somebody's decision."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import IntEnum
from typing import cast

from django.utils import timezone

from invoicing import money
from invoicing.models import Charge
from invoicing.models.charge import ChargeQuerySet
from people.models import Agency, Partnership
from training.financial_year import FinancialYear


class Why(IntEnum):
    """Why a charge is left out, the first reason that holds; listed in this order."""

    DISPUTED = 1
    NO_LONGER_OWED = 2
    NOTICE_RUNNING = 3
    NO_PAYER = 4
    NO_ORDER = 5
    NO_VAT_NUMBER = 6


WORDS = {
    Why.DISPUTED: "{charges} of “{agency}” {are} disputed: confirm or waive.",
    Why.NO_LONGER_OWED: "{charges} of “{agency}” {are} no longer what the registers say: put right every night.",
    Why.NOTICE_RUNNING: "{charges} of “{agency}” may still be answered, the last until the end of {until:%-d %B %Y}.",
    Why.NO_PAYER: "{charges} {stand} under “{agency}”: who pays?",
    Why.NO_ORDER: "{charges} of “{agency}” {need} a purchase order number.",
    Why.NO_VAT_NUMBER: "{charges} of “{agency}” {carry} VAT, and the partnership has no VAT number.",
}


@dataclass(frozen=True, slots=True)
class Bundle:
    """What goes on one invoice: the charges of one payer, for events whose last session was in one month."""

    payer: Agency
    # Its first day.
    month: date
    charges: list[Charge] = field(default_factory=list)

    @property
    def net_amount(self) -> Decimal:
        return sum((charge.net_amount for charge in self.charges), Decimal(0))

    @property
    def vat_amount(self) -> Decimal:
        return sum((charge.vat_amount for charge in self.charges), Decimal(0))


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Charges of one agency that wait for the same decision."""

    why: Why
    agency: Agency
    charges: list[Charge] = field(default_factory=list)

    @property
    def net_amount(self) -> Decimal:
        return sum((charge.net_amount for charge in self.charges), Decimal(0))

    def __str__(self) -> str:
        """“3 charges (£225) stand under “Birmingham schools”: who pays?”"""
        one = len(self.charges) == 1
        charges = f"{len(self.charges)} {'charge' if one else 'charges'} ({money.pounds(self.net_amount)})"
        until = max((charge.answer_by for charge in self.charges if charge.answer_by), default=None)
        verbs = {verb: verb + "s" if one else verb for verb in ("stand", "need")}
        verbs |= {"are": "is" if one else "are", "carry": "carries" if one else "carry"}
        return WORDS[self.why].format(charges=charges, agency=self.agency, until=until, **verbs)


@dataclass(frozen=True, slots=True)
class Plan:
    """Bundles by payer's name and month, and what is left out by reason and agency's name."""

    year: FinancialYear
    bundles: list[Bundle]
    left_out: list[LeftOut]

    @property
    def net_amount(self) -> Decimal:
        return sum((bundle.net_amount for bundle in self.bundles), Decimal(0))

    @property
    def charges(self) -> list[Charge]:
        return [charge for bundle in self.bundles for charge in bundle.charges]

    @property
    def undecided(self) -> list[Charge]:
        """Those of the bundles that nobody has looked at, and that the run confirms."""
        return [charge for charge in self.charges if charge.state == Charge.State.PROPOSED]


def make(year: FinancialYear) -> Plan:
    """The plan for events whose last session is over in the year. In two queries."""
    seller = Partnership.objects.first()
    bundles: dict[tuple[int, date], Bundle] = {}
    left_out: dict[tuple[Why, int], LeftOut] = {}
    for charge in _charges(year):
        agency, month = charge.booking.agency, first_of_month(cast(datetime, charge.booking.event.ends_at))
        if why := _left_out_because(charge, seller):
            left_out.setdefault((why, agency.pk), LeftOut(why, agency)).charges.append(charge)
        elif payer := agency.payer:
            bundles.setdefault((payer.pk, month), Bundle(payer, month)).charges.append(charge)
    return Plan(
        year,
        sorted(bundles.values(), key=lambda bundle: (bundle.payer.name, bundle.month)),
        sorted(left_out.values(), key=lambda one: (one.why, one.agency.name)),
    )


def first_of_month(moment: datetime) -> date:
    return timezone.localdate(moment).replace(day=1)


def _charges(year: FinancialYear) -> ChargeQuerySet:
    """All that are neither invoiced nor waived, each with what an invoice says about it."""
    return (
        Charge.objects.filter(year.holds("booking__event__ends_at"))
        .to_invoice_or_decide()
        .select_related("booking__event__course", "booking__agency__payer", "tariff")
        .order_by("booking__event__ends_at", "pk")
    )


def _left_out_because(charge: Charge, seller: Partnership | None) -> Why | None:
    payer = charge.booking.agency.payer
    reasons = {
        Why.DISPUTED: charge.state == Charge.State.DISPUTED,
        Why.NO_LONGER_OWED: not charge.is_owed(),
        Why.NOTICE_RUNNING: charge.is_awaiting_answer(timezone.localdate()),
        Why.NO_PAYER: payer is None,
        Why.NO_ORDER: payer is not None and payer.needs_purchase_order and not payer.purchase_order,
        Why.NO_VAT_NUMBER: charge.vat_amount > 0 and not (seller and seller.vat_number),
    }
    return next((why for why, holds in reasons.items() if holds), None)
