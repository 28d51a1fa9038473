"""How many requests a minute, counted in the cache that all processes share, in windows of one minute by the clock."""

import time

from django.core.cache import cache

WINDOW = 60


def seconds_to_wait(who: str, most: int) -> int:
    """Count one more of this name; how long it has to wait, 0 where it may go on."""
    now = int(time.time())
    key = f"{who}:{now // WINDOW}"
    cache.add(key, 0, WINDOW)
    try:
        number = cache.incr(key)
    except ValueError:  # thrown out of the cache between the two
        return 0
    return WINDOW - now % WINDOW if number > most else 0
