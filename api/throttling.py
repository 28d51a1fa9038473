"""How many requests a minute: of each address, before anything is looked up, and of each token or account."""

from django.conf import settings
from django.http import HttpRequest
from rest_framework.exceptions import Throttled

from api import counting


class TooMany(Throttled):
    default_detail = "Too many requests in one minute. Wait as long as Retry-After says."
    extra_detail_singular = extra_detail_plural = ""


def count_address(request: HttpRequest) -> None:
    """Raises TooMany. Whoever tries tokens is stopped here too."""
    _count("address", counting.address_of(request))


def count_holder(holder: str) -> None:
    """Of one token, or one account that is signed in. Raises TooMany."""
    _count("holder", holder)


def _count(kind: str, who: str) -> None:
    if counting.count(f"api:{kind}", who) > settings.API_REQUESTS_A_MINUTE[kind]:
        raise TooMany(wait=counting.seconds_left())
