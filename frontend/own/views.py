"""What is kept about oneself: one's details, to see and put right, and all one's data, to take out."""

import json
from io import BytesIO

from django import forms
from django.contrib import messages
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from frontend.access import SignedInRequest, asks_again, signed_in
from frontend.downloads import TYPES, format_asked, record
from people import corrections, privacy
from people.models import StaffGroup
from people.privacy import Told
from people.refusals import PersonRefused


class DetailsForm(forms.Form):
    name = forms.CharField(
        label="Full name",
        help_text="As it is to stand on registers and certificates.",
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "name", "spellcheck": "false"}),
        error_messages={"required": "Enter your full name"},
    )
    staff_group = forms.ModelChoiceField(
        label="Staff group", queryset=StaffGroup.objects.all(), required=False, empty_label="Not in the list"
    )
    is_off_lists = forms.BooleanField(
        label="Keep my name off badges and printed lists",
        help_text="Say so if somebody must not find you. Trainers still have you on their register.",
        required=False,
    )


@require_safe
@signed_in
def details(request: SignedInRequest) -> HttpResponse:
    """What is recorded about oneself, and who changes what one may not."""
    person = request.person
    # Read together, as the request's person has neither.
    whole = type(person).objects.select_related("staff_group", "line_manager", "kept_need").get(pk=person.pk)
    return render(request, "own/details.html", {"one": whole, "keeps_needs": hasattr(whole, "kept_need")})


@require_http_methods(["GET", "POST"])
@signed_in
@asks_again
def change_details(request: SignedInRequest) -> HttpResponse:
    """Put one's name and staff group right. Address, agency and line manager are changed by others (decision 0017)."""
    person = request.person
    facts = {"name": person.name, "staff_group": person.staff_group_id, "is_off_lists": person.is_off_lists}
    form = DetailsForm(request.POST if request.method == "POST" else None, initial=facts)
    if form.is_valid():
        try:
            corrections.correct_own(person=person, **form.cleaned_data)
        except PersonRefused as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, "Your details are changed.")
            return redirect("own:details")
    return render(request, "own/change_details.html", {"form": form})


@require_safe
@signed_in
@asks_again
def data(request: SignedInRequest) -> HttpResponse:
    """What one may take out, and how."""
    return render(request, "own/data.html", {"parts": [part.title for part in privacy.PARTS]})


@require_safe
@signed_in
@asks_again
def download(request: SignedInRequest) -> HttpResponse:
    """Everything that is kept about oneself, as a spreadsheet or as JSON. It is recorded."""
    told = list(privacy.told_of(request.person))
    file_format = "xlsx" if format_asked(request) == "xlsx" else "json"
    content = _workbook(told) if file_format == "xlsx" else _json(told)
    record(request, "my-data", file_format, sum(len(part.rows) for part in told))
    response = HttpResponse(content, content_type=TYPES.get(file_format, "application/json"))
    response["Content-Disposition"] = f'attachment; filename="my-data.{file_format}"'
    return response


def _json(told: list[Told]) -> bytes:
    whole = {part.title: [dict(zip(part.heads, row, strict=True)) for row in part.rows] for part in told}
    return json.dumps(whole, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2).encode()


def _workbook(told: list[Told]) -> bytes:
    from outbox import workbooks  # openpyxl is slow to load

    workbook = workbooks.Workbook("My data")
    for part in told:
        sheet = workbook.sheet(part.title, part.heads, workbooks.widths_of(part.heads, part.rows))
        for row in part.rows:
            sheet.row(row)
        sheet.filter_all()
    file = BytesIO()
    workbook.save(file)
    return file.getvalue()
