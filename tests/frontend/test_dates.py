from datetime import date

import pytest
from django import forms

from frontend.dates import DateField


class Form(forms.Form):
    day = DateField(label="Date of the event")


def form_with(day, month, year):
    return Form({"day-day": day, "day-month": month, "day-year": year})


@pytest.mark.parametrize("month", ["3", "03", "mar", "March", " 3 "])
def test_a_month_is_a_number_or_a_name(month):
    form = form_with("3", month, "2027")
    assert form.is_valid(), form.errors
    assert form.cleaned_data["day"] == date(2027, 3, 3)


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        (("31", "2", "2027"), "Date of the event must be a real date"),
        (("3", "13", "2027"), "Date of the event must be a real date"),
        (("3", "Nonuary", "2027"), "Date of the event must be a real date"),
        (("²", "3", "2027"), "Date of the event must be a real date"),
        (("3", "3", "99999"), "Date of the event must be a real date"),
        (("3", "", "2027"), "Date of the event must include a month"),
        (("3", "", ""), "Date of the event must include a month and year"),
    ],
)
def test_what_is_no_date_is_refused_in_words(parts, words):
    assert form_with(*parts).errors["day"] == [words]


def test_a_date_may_be_left_out_only_where_it_is_not_required():
    assert "day" in form_with("", "", "").errors

    class Optional(forms.Form):
        day = DateField(required=False)

    form = Optional({})
    assert form.is_valid()
    assert form.cleaned_data["day"] is None


def test_an_unchanged_date_counts_as_unchanged():
    data = {"day-day": "3", "day-month": "3", "day-year": "2027"}
    assert not Form(data, initial={"day": date(2027, 3, 3)}).has_changed()
    assert Form(data, initial={"day": date(2027, 3, 4)}).has_changed()
