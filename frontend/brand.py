"""The partnership's colour, as a stylesheet of three values, and its logo. No page needs a style of its own for it."""

import hashlib

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.cache import cache_control


@cache_control(public=True, max_age=31_536_000, immutable=True)
def stylesheet(_request: HttpRequest) -> HttpResponse:
    return HttpResponse(css(settings.BRAND_COLOUR), content_type="text/css; charset=utf-8")


def css(colour: str) -> str:
    """The stylesheet for a colour #rrggbb: itself, a darker one to press, a tint to lie behind text."""
    dark, tint = _mixed(colour, with_=0, share=0.3), _mixed(colour, with_=255, share=0.9)
    return f":root{{--govuk-brand-colour:{colour};--brand-dark:{dark};--brand-tint:{tint}}}"


def stylesheet_address() -> str:
    """Its address, another for each colour, so that browsers may keep it for ever."""
    version = hashlib.sha256(css(settings.BRAND_COLOUR).encode()).hexdigest()[:10]
    return f"{reverse('brand_stylesheet')}?v={version}"


def logo_address() -> str:
    """Address of settings.BRAND_LOGO, which may be one already or a path below a static folder; empty for none."""
    logo: str = settings.BRAND_LOGO
    return logo if not logo or logo.startswith(("https://", "http://", "/")) else static(logo)


def _mixed(colour: str, *, with_: int, share: float) -> str:
    channels = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return "#" + "".join(f"{round(channel * (1 - share) + with_ * share):02x}" for channel in channels)
