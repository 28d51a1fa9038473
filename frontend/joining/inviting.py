"""Invitations: an agency lead's word that somebody belongs to the agency; a coordinator's for any."""

from collections.abc import Callable

from django.contrib import messages
from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from frontend.access import SignedInRequest, require, signed_in
from frontend.joining.forms import InviteForm
from frontend.paging import page_of
from frontend.people.listing import agencies_kept_by
from people import invitations as changes
from people.models import Invitation
from people.permissions import Right, may, may_see_people
from people.refusals import PersonRefused

WHO = "A coordinator, an administrator or an agency training lead"


@require_safe
@signed_in
def invitations(request: SignedInRequest) -> HttpResponse:
    """Those that wait first, of these the latest first."""
    require(may_see_people(request.person), who=WHO)
    rows = Invitation.objects.visible_to(request.person).select_related("agency", "invited_by", "person")
    rows = rows.order_by(
        F("accepted_at").desc(nulls_first=True), F("withdrawn_at").desc(nulls_first=True), "-invited_at", "-pk"
    )
    context = {
        "page": page_of(request, rows),
        "now": timezone.now(),
        "most": changes.MOST_SENT,
        "knows_accounts": may(request.person, Right.CHANGE_PEOPLE),
    }
    return render(request, "joining/invitations.html", context)


@require_http_methods(["GET", "POST"])
@signed_in
def invite(request: SignedInRequest) -> HttpResponse:
    """Ask somebody by e-mail to join; an agency lead to their own agency."""
    require(may_see_people(request.person), who=WHO)
    form = InviteForm(request.POST if request.method == "POST" else None, agencies=agencies_kept_by(request.person))
    if form.is_valid():
        try:
            invited = changes.invite(by=request.person, **form.cleaned_data)
        except PersonRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{invited} is invited by email to join {invited.agency}.")
            return redirect("joining:invitations")
    return render(request, "joining/invite.html", {"form": form, "days": changes.OPEN_FOR.days})


@require_POST
@signed_in
def send_again(request: SignedInRequest, reference: str) -> HttpResponse:
    """Once more, with as much time as at first."""
    return _changed(request, reference, changes.send_again, "The invitation is sent to {} again.")


@require_POST
@signed_in
def withdraw(request: SignedInRequest, reference: str) -> HttpResponse:
    """Its link leads nowhere from now on; another can be made."""
    return _changed(request, reference, changes.withdraw, "The invitation of {} is withdrawn.")


def _changed(request: SignedInRequest, reference: str, change: Callable[..., Invitation], said: str) -> HttpResponse:
    invitation = get_object_or_404(Invitation.objects.visible_to(request.person), reference=reference)
    try:
        change(invitation=invitation, by=request.person)
    except PersonRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, said.format(invitation.name))
    return redirect("joining:invitations")
