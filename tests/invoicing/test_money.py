"""VAT on sums, and how pounds are written."""

from decimal import Decimal

import pytest

from invoicing import money


@pytest.mark.parametrize(("net", "vat"), [("75", "15.00"), ("0.02", "0.00"), ("0.03", "0.01"), ("12.13", "2.43")])
def test_standard_vat_is_a_fifth_to_the_nearest_penny(net, vat):
    assert money.vat_on(Decimal(net), "standard") == Decimal(vat)


def test_half_a_penny_goes_up(monkeypatch):
    monkeypatch.setattr(money, "STANDARD_RATE", Decimal("17.5"))
    assert money.vat_on(Decimal("1.00"), "standard") == Decimal("0.18")
    assert money.vat_on(Decimal("0.60"), "standard") == Decimal("0.11")


@pytest.mark.parametrize("treatment", ["outside-scope", "exempt", "zero"])
def test_the_other_treatments_carry_none(treatment):
    assert money.vat_on(Decimal(75), treatment) == 0


@pytest.mark.parametrize(
    ("amount", "written"), [("75", "£75"), ("37.5", "£37.50"), ("10350.00", "£10,350"), ("0", "£0"), ("0.05", "£0.05")]
)
def test_pounds_are_written_without_empty_pence(amount, written):
    assert money.pounds(Decimal(amount)) == written
