"""Where one lands after signing in: what needs doing."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from frontend.access import SignedInRequest, signed_in
from frontend.home import approvals, bookings, money, programme, running, to_do
from frontend.home.sections import Sections

# In this order on the page. Each answers with the sections that concern the person, in one query at most: with the
# four of every page they stay within eight.
SECTIONS: tuple[Sections, ...] = (
    running.installation,
    to_do.to_do,
    approvals.to_approve,
    money.charges,
    programme.dates,
    money.report,
    bookings.to_name,
    bookings.others,
    bookings.own,
)


@require_safe
@signed_in
def home(request: SignedInRequest) -> HttpResponse:
    """The sum over what the person is here."""
    now = timezone.now()
    found = [section for sections in SECTIONS for section in sections(request.person, now)]
    return render(request, "home/home.html", {"sections": found})
