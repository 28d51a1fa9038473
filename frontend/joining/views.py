"""Joining: one page between showing an address and being in; what happens next for who must wait; and invitations."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from frontend.access import PersonRequest, next_address, require
from frontend.accounts import LoginForm, is_verified
from frontend.joining.forms import InvitedForm, JoinForm
from frontend.middleware import CHOSEN
from people import accounts, invitations, joining
from people.models import Account, Invitation, Joining
from people.permissions import STAFF_ROLES
from people.refusals import PersonRefused

GET_OR_POST = ["GET", "POST"]
WANTED = 500  # as long as the column


@never_cache
@login_required
@require_http_methods(GET_OR_POST)
def join(request: HttpRequest) -> HttpResponse:
    """Say who one is, once it is shown that the address is one's own; also who shares a mailbox with people here."""
    account, here = cast(Account, request.user), cast(PersonRequest, request).persons
    is_staff = any(person.roles & STAFF_ROLES for person in here)
    require(not is_staff, who="Whoever does not work for the partnership")
    if request.method == "POST":
        require(is_verified(account))
        if not here and accounts.link(account):
            return redirect(next_address(request))  # somebody has added them meanwhile
    asked = account.joinings.select_related("agency").order_by("pk").last()
    invitation = _invitation(request, account)
    if asked and asked.is_waiting and not invitation:
        return render(request, "joining/waiting.html", {"asked": asked})
    form = _form(request, account, invitation)
    if form.is_valid():
        try:
            asked = joining.join(account=account, invitation=invitation, wanted=_wanted(request), **form.cleaned_data)
        except PersonRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            return _joined(request, asked)
    context = {
        "form": form,
        "here": here,
        "invitation": invitation,
        "declined": asked if asked and asked.reason else None,
        "next": next_address(request),
    }
    return render(request, "joining/join.html", context)


@never_cache
@require_http_methods(["HEAD", *GET_OR_POST])
def invited(request: HttpRequest, token: str) -> HttpResponse:
    """What an invitation's link leads to: one button. It shows nobody's name, and does nothing for another address."""
    invitation = invitations.find(token)
    is_other = request.user.is_authenticated and invitation is not None and request.user.email != invitation.email
    if invitation is None or is_other:
        return render(request, "joining/no_invitation.html", status=404)
    further = f"{reverse('joining:join')}?{urlencode({'invitation': invitation.reference})}"
    if request.method != "POST":
        return render(request, "joining/invited.html", {"agency": invitation.agency})
    if request.user.is_authenticated:
        return redirect(further)
    form = LoginForm({"login": invitation.email, "by_code": "yes"}, request=request)
    if form.is_valid():
        return form.login(request, redirect_url=further)
    return render(request, "joining/invited.html", {"agency": invitation.agency, "form": form})


def _invitation(request: HttpRequest, account: Account) -> Invitation | None:
    """The one whose link was followed, if it is for this address; else the first for it, unless that is not wanted."""
    asked = request.POST.get("invitation") or request.GET.get("invitation") or ""
    found = Invitation.objects.open().filter(email=account.email).select_related("agency", "invited_by")
    if asked == "none":
        return None
    return found.filter(reference=asked).first() if asked else found.order_by("pk").first()


def _form(request: HttpRequest, account: Account, invitation: Invitation | None) -> JoinForm | InvitedForm:
    data = request.POST if request.method == "POST" else None
    if invitation:
        facts = {"name": invitation.name, "staff_group": invitation.staff_group}
        return InvitedForm(data, initial=facts)
    return JoinForm(data, email=account.email)


def _wanted(request: HttpRequest) -> str:
    """The page they came for, where it is one that a message can lead to."""
    address = next_address(request)
    fits = address.startswith("/") and len(address) <= WANTED
    return address if fits and address != reverse("home") else ""


def _joined(request: HttpRequest, asked: Joining) -> HttpResponse:
    if asked.person is None:
        return redirect("joining:join")
    request.session[CHOSEN] = asked.person.reference
    # A new key: what was open under another name in this browser is not carried over.
    request.session.cycle_key()
    messages.success(request, f"You are in, {asked.name}: you book for {asked.agency}.")
    return redirect(next_address(request))
