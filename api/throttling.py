"""How many requests a minute: of each address, before anything is looked up, and of each token or account."""

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from rest_framework.exceptions import Throttled

from people import limits


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
    if wait := limits.seconds_to_wait(f"api:{who}", most):
        raise TooMany(wait=wait)
