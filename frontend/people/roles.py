"""Giving a person a role and taking it; helping who lost the device of their second step."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from frontend import returning
from frontend.access import SignedInRequest, asks_again, require, signed_in
from frontend.people.changes import visible
from frontend.people.detail import roles_to_give
from frontend.people.forms import RoleForm
from people import roles, second_factor
from people.models import Role, RoleGrant
from people.permissions import may_give, may_reset_second_factor

WHO = "An administrator; the role of an agency training lead a coordinator too"


@require_http_methods(["GET", "POST"])
@signed_in
@asks_again
def give_role(request: SignedInRequest, reference: str) -> HttpResponse:
    """Which role, over which agency, and for how long."""
    person = visible(request, reference)
    offered = roles_to_give(request.person)
    require(bool(offered), who=WHO)
    form = RoleForm(request.POST if request.method == "POST" else None, roles=offered, person=person)
    if form.is_valid():
        given = form.cleaned_data
        role = Role(given["role"])
        agency = given["agency"] if role == Role.AGENCY_LEAD else None
        dates = {"starts_on": given["starts_on"], "ends_on": given["ends_on"]}
        try:
            roles.give(person=person, role=role, agency=agency, by=request.person, **dates)
        except roles.RoleRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{person} has the role {role.label}.")
            return returning.to(request, "people:person", reference)
    return render(request, "people/give_role.html", {"one": person, "form": form})


@require_http_methods(["GET", "POST"])
@signed_in
@asks_again
def take_role(request: SignedInRequest, reference: str, number: int) -> HttpResponse:
    """End a role at once."""
    person = visible(request, reference)
    held = RoleGrant.objects.filter(person=person).select_related("agency")
    grant = get_object_or_404(held, pk=number)
    role = Role(grant.role)
    require(may_give(request.person, role), who=WHO)
    if request.method == "POST":
        try:
            roles.take(person=person, role=role, agency=grant.agency, by=request.person)
        except roles.RoleRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, f"{person} has the role {role.label} no more. It counts from now on.")
        return returning.to(request, "people:person", reference)
    return render(request, "people/take_role.html", {"one": person, "grant": grant})


@require_http_methods(["GET", "POST"])
@signed_in
@asks_again
def reset_second_step(request: SignedInRequest, reference: str) -> HttpResponse:
    """Take what is lost off the person's sign-in: the next time they set up another."""
    person = visible(request, reference)
    require(may_reset_second_factor(request.person), who="An administrator")
    if request.method == "POST":
        try:
            second_factor.reset(person=person, by=request.person)
        except second_factor.ResetRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, f"The second step of {person} is reset, and they are told by email.")
        return returning.to(request, "people:person", reference)
    return render(request, "people/reset_second_step.html", {"one": person})
