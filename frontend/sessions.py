"""How long a sign-in lasts: until nobody has clicked for a while, and never longer than it may in all."""

import time
from collections.abc import Callable
from typing import cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control

from frontend.access import PersonRequest
from people.permissions import STAFF_ROLES

# Session keys: when the account signed in, and when it last asked for a page, to within WRITE_EVERY seconds.
SINCE, SEEN = "signed_in_at", "seen_at"
WRITE_EVERY = 300


class SessionAgeMiddleware:
    """Behind PersonMiddleware: signs out who has been away for too long, and keeps pages for somebody out of caches."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            self.look(cast(PersonRequest, request))
        came_in = request.user.is_authenticated
        response = self.get_response(request)
        if came_in and not request.user.is_authenticated:
            # Who signs out leaves nothing on the device that a register kept there for want of network. Who was signed
            # out above, for being away too long, may have marks there that are still to be sent.
            response["Clear-Site-Data"] = '"storage"'
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            # A shared computer must not show the page to the next one who presses Back.
            patch_cache_control(response, private=True, no_store=True)
        return response

    def look(self, request: PersonRequest) -> None:
        session, now = request.session, int(time.time())
        idle, whole = ages(request)
        if now - session.get(SEEN, now) > idle or now - session.get(SINCE, now) > whole:
            logout(request)
            request.person, request.persons = None, []
            messages.info(request, "You were signed out, as it is a while since you signed in or did something here.")
        elif now - session.get(SEEN, 0) > WRITE_EVERY:
            session.setdefault(SINCE, now)
            session[SEEN] = now


def ages(request: PersonRequest) -> tuple[int, int]:
    """Seconds without a click, and seconds in all, that the sign-in lasts."""
    if any(person.roles & STAFF_ROLES for person in request.persons):
        return settings.SESSION_IDLE_AGE_OF_STAFF, settings.SESSION_AGE_OF_STAFF
    remembered = not request.session.get_expire_at_browser_close()
    return settings.SESSION_COOKIE_AGE if remembered else settings.SESSION_IDLE_AGE, settings.SESSION_COOKIE_AGE


def begin(sender: object, request: HttpRequest, **kwargs: object) -> None:
    """Called by Django at each sign-in, whichever way."""
    request.session[SINCE] = request.session[SEEN] = int(time.time())
