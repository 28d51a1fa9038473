"""What cancelling and not coming cost, in the sentences that pages and messages show."""

from decimal import Decimal

from bookings.cut_off import CancellationCost
from bookings.models import Tariff
from training.moments import until


def pounds(amount: Decimal) -> str:
    """£75, £37.50 or £1,035."""
    return f"£{amount:,.2f}".removesuffix(".00")


def cost_in_words(cost: CancellationCost, not_coming: Tariff | None) -> str:
    """Until when cancelling is free, and what is charged after that and for not coming; empty where nothing is."""
    if not cost.steps:
        return f"If you do not come, your agency is charged {pounds(not_coming.net_amount)}." if not_coming else ""
    if cost.tariff is not None:
        return _no_longer_free(cost.tariff, not_coming)
    moment, first = cost.steps[0]
    sentence = f"Free to cancel until {until(moment)}. After that your agency is charged {pounds(first.net_amount)}"
    for later, tariff in cost.steps[1:]:
        sentence += f", after {until(later)} {pounds(tariff.net_amount)}"
    last = cost.steps[-1][1]
    if not_coming and not_coming.net_amount != last.net_amount:
        sentence += f", and {pounds(not_coming.net_amount)} if you do not come"
    return f"{sentence}."


def _no_longer_free(now: Tariff, not_coming: Tariff | None) -> str:
    sentence = "You can no longer cancel free of charge."
    if not_coming is None:
        return f"{sentence} If you cancel, your agency pays {pounds(now.net_amount)}."
    if not_coming.net_amount != now.net_amount:
        sentence += f" If you cancel, your agency pays {pounds(now.net_amount)}."
    return f"{sentence} If you do not come, your agency pays {pounds(not_coming.net_amount)}."
