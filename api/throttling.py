"""How many requests a minute: of each address, before anything is looked up, and of each token or account.

Counted in the cache that all processes share, in windows of one minute by the clock.
"""

import time

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from rest_framework.exceptions import Throttled

WINDOW = 60


class TooMany(Throttled):
    default_detail = "Too many requests in one minute. Wait as long as Retry-After says."
    extra_detail_singular = extra_detail_plural = ""


def count_address(request: HttpRequest) -> None:
    """Raises TooMany. Whoever tries tokens is stopped here too."""
    try:
        address = get_adapter(request).get_client_ip(request)
    except PermissionDenied:  # none is known, as behind a socket: they are counted as one
        address = ""
    _count(f"address:{address}", settings.API_REQUESTS_A_MINUTE["address"])


def count_holder(holder: str) -> None:
    """Of one token, or one account that is signed in. Raises TooMany."""
    _count(f"holder:{holder}", settings.API_REQUESTS_A_MINUTE["holder"])


def _count(who: str, most: int) -> None:
    now = int(time.time())
    key = f"api:{who}:{now // WINDOW}"
    cache.add(key, 0, WINDOW)
    try:
        number = cache.incr(key)
    except ValueError:  # thrown out of the cache between the two
        return
    if number > most:
        raise TooMany(wait=WINDOW - now % WINDOW)
