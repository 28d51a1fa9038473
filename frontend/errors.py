"""The pages for requests that are refused or go wrong; programs get a problem instead."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from api import problems
from frontend import context


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if problems.is_for_programs(request):
        return problems.problem(400, problems.BAD)
    # The host or the cookies may be what is bad: nothing of the request is used.
    return HttpResponse(render_to_string("errors/400.html", context.bare()), status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403. PermissionDenied's text says who can (access.require)."""
    return render(request, "errors/403.html", {"who": str(exception)}, status=403)


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 where the form's token does not fit: signed out or in again in another tab, or cookies are off."""
    return HttpResponse(render_to_string("errors/form_expired.html", context.bare()), status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if problems.is_for_programs(request):
        return problems.problem(404, problems.NOT_FOUND)
    return render(request, "errors/404.html", status=404)


def too_large(request: HttpRequest, *, most: int) -> HttpResponse:
    """413, when no file may have more than so many bytes.

    Nothing was read: browsers show an answer that comes before they have sent all only where its status refuses.
    """
    if problems.is_for_programs(request):
        return problems.problem(413, problems.TOO_LARGE)
    return HttpResponse(render_to_string("errors/413.html", context.bare() | {"most": most // 2**20}), status=413)


def server_error(request: HttpRequest) -> HttpResponse:
    if problems.is_for_programs(request):
        return problems.problem(500, problems.WENT_WRONG)
    # The database may be what is down.
    return HttpResponse(render_to_string("errors/500.html", context.bare()), status=500)
