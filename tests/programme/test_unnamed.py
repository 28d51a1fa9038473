"""A booking that is gone from a workbook is told with whose it was, and what may have become of it."""

import pytest

from programme import importing
from tests.programme.workbooks import put, raw, small

pytestmark = pytest.mark.django_db


def bring_in(sheets):
    return importing.write(raw(sheets))


def test_a_corrected_address_is_told_as_what_may_have_happened_to_a_booking_that_is_gone():
    bring_in(small())
    sheets = put(small(), "Bookings", 2, Email="bo.ray@schools.example", Delegate="Ray, Bo")
    # Another new delegate of the event, with the first name alone in common.
    sheets["Bookings"].append(["Bo Abel", "b@schools.example", "E1", "06/05/2019", "AP", "", "Booked", "Y", None, None])

    (said,) = bring_in(sheets).gone

    assert said.startswith("booking ")
    assert "Bookings!B3 has Ray, Bo with another address, bo.ray@schools.example: is it the same person" in said
    assert "Write bo@schools.example there again before you import" in said


def test_a_booking_that_is_gone_is_not_taken_for_somebody_elses():
    bring_in(small())
    sheets = put(small(), "Bookings", 2, Email="x@schools.example", Delegate="Bo Abel")

    (said,) = bring_in(sheets).gone

    assert said.endswith("booked on 02/05/2019")
