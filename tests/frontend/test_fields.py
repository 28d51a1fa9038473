from datetime import date

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.html import format_html

from frontend import fields
from tests.frontend.gallery import Everything

FILLED_IN = {
    "name": 'Jade "J" <Lewis>',
    "email": "jade@example.org",
    "places": "20",
    "password": "secret",
    "note": "</textarea><script>",
    "agency": "wmp",
    "mark": "absent",
    "groups": ["m"],
    "agree": "on",
    "day-day": "3",
    "day-month": "3",
    "day-year": "2027",
}


def filled_in(**changes):
    file = {"workbook": SimpleUploadedFile("year.xlsx", b"PK")}
    return Everything(FILLED_IN | changes, file)


@pytest.mark.parametrize("name", list(Everything().fields))
def test_every_kind_of_field_is_drawn_empty_filled_in_and_refused(name):
    for form in (Everything(), filled_in(), Everything({})):
        drawn = fields.field(form[name])
        assert f'name="{name}' in drawn
        assert "<Lewis>" not in drawn
        assert "</textarea><script>" not in drawn


def test_what_was_typed_is_kept_but_a_password_is_not():
    form = filled_in()
    assert 'value="Jade &#34;J&#34; &lt;Lewis&gt;"' in fields.field(form["name"])
    assert 'value="wmp" selected' in fields.field(form["agency"])
    assert 'value="absent" checked' in fields.field(form["mark"])
    assert 'value="present" checked' not in fields.field(form["mark"])
    assert 'value="m" checked' in fields.field(form["groups"])
    assert 'value="on" checked' in fields.field(form["agree"])
    assert "secret" not in fields.field(form["password"])


def test_every_field_of_a_refused_form_says_why_and_is_described_by_it():
    form = Everything({})
    for name, words in {"name": "Enter name", "agency": "Select agency", "day": "Enter date of the event"}.items():
        drawn = fields.field(form[name])
        assert words in drawn
        assert f'id="id_{name}-error"' in drawn
        assert f"id_{name}-error" in drawn.split('aria-describedby="')[1].split('"')[0]


def test_a_hint_is_tied_to_its_field():
    assert 'aria-describedby="id_name-hint"' in fields.field(Everything()["name"])
    assert 'aria-describedby="id_agree-item-hint"' in fields.field(Everything()["agree"])


def test_the_summary_links_to_where_the_error_is():
    summary = fields.error_summary(filled_in(name="", **{"day-month": ""}))
    assert '<a href="#id_name">Enter name</a>' in summary
    assert '<a href="#id_day-month">Date of the event must include a month</a>' in summary
    assert "Select" not in summary


def test_the_summary_of_radios_leads_to_the_first():
    form = filled_in(mark="", groups=[])
    for name in ("mark", "groups"):
        assert f'href="#id_{name}"' in fields.error_summary(form)
        assert f'id="id_{name}"' in fields.field(form[name])


def test_there_is_no_summary_without_errors():
    assert fields.error_summary(Everything()) == ""
    assert fields.error_summary(filled_in()) == ""


def test_an_error_of_the_whole_form_leads_to_its_first_field():
    form = filled_in()
    form.add_error(None, "The event is full")
    assert '<a href="#id_name">The event is full</a>' in fields.error_summary(form)


def test_errors_are_escaped():
    form = filled_in()
    form.add_error("name", "<script>alert(1)</script>")
    assert "<script>" not in fields.field(form["name"]) + fields.error_summary(form)


def test_numbers_are_typed_and_not_turned_by_a_wheel():
    drawn = fields.field(filled_in(places="many")["places"])
    assert 'type="text"' in drawn
    assert 'inputmode="numeric"' in drawn
    assert "Places must be a number" in drawn


def test_words_of_ones_own_are_left_alone():
    class Form(forms.Form):
        name = forms.CharField(error_messages={"required": "Say who it is"}, label="NHS number")
        code = forms.CharField(label="NHS number")

    assert "Say who it is" in fields.field(Form({})["name"])
    assert "Enter NHS number" in fields.field(Form({})["code"])


def test_a_placeholder_and_a_length_that_cuts_are_not_passed_on():
    class Form(forms.Form):
        name = forms.CharField(max_length=5, widget=forms.TextInput(attrs={"placeholder": "Name", "data-x": "1"}))

    drawn = fields.field(Form()["name"])
    assert "placeholder" not in drawn
    assert "maxlength" not in drawn
    assert 'data-x="1"' in drawn
    assert " required" not in drawn


def test_how_a_field_is_laid_out_is_the_templates_word():
    form = Everything()
    assert "govuk-input--width-10" in fields.field(form["name"], width=10)
    assert 'rows="3"' in fields.field(form["note"], rows=3)
    assert '<h1 class="govuk-fieldset__heading">' in fields.field(form["mark"], heading=True)
    assert '<h1 class="govuk-label-wrapper">' in fields.field(form["name"], heading=True)
    assert "govuk-radios--inline" in fields.field(form["mark"], inline=True)
    assert "govuk-checkboxes--small" in fields.field(form["agree"], small=True)
    assert ">£</div>" in fields.field(form["places"], prefix="£")
    assert "Was there" in fields.field(form["mark"], hints={"present": "Was there"})
    assert "How late?" in fields.field(form["mark"], reveals={"present": "How late?"})
    assert "Somebody" in fields.field(form["name"], label="Somebody")
    assert "As on" not in fields.field(form["name"], hint="")


def test_help_text_may_be_html_only_when_it_says_so():
    class Form(forms.Form):
        one = forms.CharField(help_text="a < b")
        two = forms.CharField(help_text=format_html('<a href="{}">help</a>', "/help/"))

    assert "a &lt; b" in fields.field(Form()["one"])
    assert '<a href="/help/">help</a>' in fields.field(Form()["two"])


def test_a_dates_three_boxes_hold_its_parts():
    drawn = fields.field(Everything(initial={"day": date(2027, 3, 4)})["day"])
    for part, value in {"day": "4", "month": "3", "year": "2027"}.items():
        assert f'id="id_day-{part}"' in drawn
        assert f'name="day-{part}"' in drawn
        assert f'value="{value}"' in drawn


def test_only_the_wrong_parts_of_a_date_are_marked():
    drawn = fields.field(filled_in(**{"day-month": ""})["day"])
    assert drawn.count("govuk-input--error") == 1
    assert fields.field(filled_in(**{"day-month": "13"})["day"]).count("govuk-input--error") == 3
