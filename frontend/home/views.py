"""Where one lands after signing in."""

from django.http import HttpResponse
from django.shortcuts import render

from frontend.access import SignedInRequest, signed_in
from people.models import Role


@signed_in
def home(request: SignedInRequest) -> HttpResponse:
    roles = sorted(Role(role).label for role in request.person.roles)
    return render(request, "home/home.html", {"roles": roles})
