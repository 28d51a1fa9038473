"""The partnership's colour, as a stylesheet of three values, and its logo. No page needs a style of its own for it."""

import hashlib
from pathlib import Path

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
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


@cache_control(public=True, max_age=86_400)
def logo(_request: HttpRequest) -> FileResponse:
    """The image of this machine that settings.BRAND_LOGO names; nothing where it is none of these."""
    if not settings.BRAND_LOGO.startswith("/"):
        raise Http404
    try:
        return FileResponse(Path(settings.BRAND_LOGO).open("rb"))
    except OSError as error:
        raise Http404 from error


def logo_address() -> str:
    """Address of settings.BRAND_LOGO: one already, a path of this machine, or one below static; empty for none."""
    image: str = settings.BRAND_LOGO
    if image.startswith("/"):
        return reverse("brand_logo")
    return image if not image or image.startswith(("https://", "http://")) else static(image)


def _mixed(colour: str, *, with_: int, share: float) -> str:
    channels = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return "#" + "".join(f"{round(channel * (1 - share) + with_ * share):02x}" for channel in channels)
