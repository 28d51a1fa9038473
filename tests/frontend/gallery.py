"""A page with every component on it, for the tests of how pages look and behave; no visitor can open it."""

from datetime import date
from pathlib import Path

from django import forms
from django.http import HttpRequest, HttpResponse
from django.template import engines

from frontend import charts, paging
from frontend.access import SignedInRequest, asks_again, require, signed_in
from frontend.dates import DateField

PAGE = Path(__file__).with_suffix(".html")


class Filters(forms.Form):
    agency = forms.ChoiceField(required=False, choices=[("", "All"), ("wmp", "West Midlands Police")])
    text = forms.CharField(label="Delegate", required=False)
    unpaid = forms.BooleanField(label="Only unpaid", required=False)


class Everything(forms.Form):
    name = forms.CharField(help_text="As on the register.")
    email = forms.EmailField(label="Email address", widget=forms.EmailInput(attrs={"autocomplete": "email"}))
    places = forms.IntegerField(min_value=1)
    password = forms.CharField(widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}))
    note = forms.CharField(widget=forms.Textarea)
    agency = forms.ChoiceField(choices=[("", ""), ("Statutory", [("wmp", "West Midlands Police")])])
    mark = forms.ChoiceField(
        label="Attendance", choices=[("present", "Present"), ("absent", "Absent")], widget=forms.RadioSelect
    )
    groups = forms.MultipleChoiceField(
        label="Staff groups", choices=[("m", "Midwives")], widget=forms.CheckboxSelectMultiple
    )
    agree = forms.BooleanField(label="The count is right", help_text="Counted in the room.")
    day = DateField(label="Date of the event")
    workbook = forms.FileField()
    reference = forms.CharField(widget=forms.HiddenInput, required=False)


@signed_in
def gallery(request: SignedInRequest) -> HttpResponse:
    chart = charts.bars("Delegates by agency", [("West Midlands Police", 412), ("Probation", None)])
    facts = {
        "form": Everything(request.POST, request.FILES) if request.method == "POST" else Everything(),
        "filters": Filters(request.GET, auto_id="filter_%s"),  # the page's other form has an agency, too
        "page": paging.page_of(request, [f"Delegate {number}" for number in range(1, 121)]),
        "picture": charts.svg(chart),
        "narrow": charts.narrow_svg(chart),
        "day": date(2027, 3, 3),
    }
    return HttpResponse(engines["pages"].from_string(PAGE.read_text()).render(facts, request))


@signed_in
def forbidden(request: SignedInRequest) -> HttpResponse:
    require(False, who="A coordinator")
    return HttpResponse()


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError


@signed_in
@asks_again
def sensitive(request: SignedInRequest) -> HttpResponse:
    return HttpResponse("done")


def anything(request: HttpRequest) -> HttpResponse:
    return HttpResponse("{}", content_type="application/json")
