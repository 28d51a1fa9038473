"""How often somebody has asked for something within this minute, by the clock.

Counted in the cache that all processes share.
"""

import time

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

WINDOW = 60


def count(what: str, who: str) -> int:
    """Count one more, and return how many that makes; 0 where the cache has just lost count."""
    key = f"{what}:{who}:{int(time.time()) // WINDOW}"
    cache.add(key, 0, WINDOW)
    try:
        return cache.incr(key)
    except ValueError:  # thrown out of the cache between the two
        return 0


def seconds_left() -> int:
    """Until the next minute begins."""
    return WINDOW - int(time.time()) % WINDOW


def address_of(request: HttpRequest) -> str:
    """Where the request comes from; empty where nobody knows, as behind a socket: those are counted as one."""
    try:
        return str(get_adapter(request).get_client_ip(request))
    except PermissionDenied:
        return ""
