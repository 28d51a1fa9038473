"""What layout.html needs on every page."""

from typing import Any

from django.conf import settings
from django.contrib.messages import get_messages
from django.db import connection
from django.http import HttpRequest

from frontend import brand, navigation

DEFAULT_NAME = "Turnout"


def page(request: HttpRequest) -> dict[str, Any]:
    """Context processor: the partnership, who acts, where they may go, what was said to them. One query."""
    person = getattr(request, "person", None)  # absent when a middleware before ours answered
    name, email = partnership()
    return bare() | {
        "partnership_name": name,
        "training_email": email,
        "person": person,
        "persons": getattr(request, "persons", []),
        "account": request.user if hasattr(request, "user") and request.user.is_authenticated else None,
        "navigation": navigation.links(request, person),
        "messages": get_messages(request),
    }


def bare() -> dict[str, Any]:
    """The same for a page that must not ask the database, such as the one that says it is down."""
    return {
        "partnership_name": settings.PARTNERSHIP_NAME or DEFAULT_NAME,
        "training_email": "",
        "brand_stylesheet": brand.stylesheet_address(),
        "brand_logo": brand.logo_address(),
        "person": None,
        "persons": [],
        "account": None,
        "navigation": [],
        "messages": [],
    }


def partnership() -> tuple[str, str]:
    """Its name and the training team's address. Each page pays for it, and the ORM takes thrice as long."""
    with connection.cursor() as cursor:
        cursor.execute("select name, training_email from people_partnership")
        name, email = cursor.fetchone() or (DEFAULT_NAME, "")
    return settings.PARTNERSHIP_NAME or name, email
