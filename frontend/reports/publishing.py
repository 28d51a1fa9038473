"""Publishing the report of a year: a check page, and the report that stays."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from frontend.access import SignedInRequest, require, signed_in
from frontend.reports.views import year_or_404
from reporting import differences, freezing
from reporting import publishing as changes
from reporting.formats import headline, provisional
from reporting.permissions import may_publish
from reporting.publishing import Prepared
from reporting.refusals import PublishingRefused
from training.financial_year import FinancialYear


class PublishForm(forms.Form):
    """Why again, where it was published before; and what the person has seen."""

    seen = forms.CharField(widget=forms.HiddenInput(), required=False)
    reason = forms.CharField(
        label="Why is it published again?",
        help_text="Everybody who sees the report reads it. Write no names.",
        max_length=300,
        error_messages={"required": "Enter why it is published again"},
    )

    def __init__(self, posted: QueryDict | None, prepared: Prepared) -> None:
        super().__init__(posted, initial={"seen": prepared.seen})
        if prepared.last is None:
            del self.fields["reason"]

    def clean_reason(self) -> str:
        return " ".join(self.cleaned_data["reason"].split())


@require_http_methods(["GET", "POST"])
@signed_in
def publish(request: SignedInRequest, year: str) -> HttpResponse:
    """See what would be kept for good, and what speaks against it; then keep it. There is no way back from it."""
    require(may_publish(request.person), who="A coordinator")
    wanted = year_or_404(year)
    prepared = changes.prepare(wanted)
    form = PublishForm(request.POST if request.method == "POST" else None, prepared)
    if request.method == "POST" and form.is_valid():
        return _published(request, wanted, form)
    report = prepared.report
    context = {
        "form": form,
        "prepared": prepared,
        "report": report,
        "year": wanted,
        "headline": headline(report),
        "moved": differences.between(freezing.thawed(prepared.last), report) if prepared.last else [],
        "provisional": provisional(report.this) if report.is_provisional else "",
        "is_over": wanted.ends_at <= report.counted_at,
        "has_all_scores": freezing.has_all_scores(report.this, report.counted_at),
    }
    return render(request, "reports/publish.html", context)


def _published(request: SignedInRequest, year: FinancialYear, form: PublishForm) -> HttpResponse:
    try:
        published = changes.publish(year=year, by=request.person, **form.cleaned_data)
    except PublishingRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("reports:publish", year.code)
    messages.success(request, f"The report of {published} is published.")
    return redirect("reports:published_one", year.code, published.revision)
