"""Every cookie that a browser is given here; a journey compares the list with what one gets."""

from dataclasses import dataclass

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage

DAY = 24 * 60 * 60  # seconds


@dataclass(frozen=True, slots=True)
class Cookie:
    """A cookie by its name, what it is for, and how long the browser keeps it."""

    name: str
    purpose: str
    duration: str


COOKIES = (
    Cookie(
        settings.SESSION_COOKIE_NAME,
        "Knows that it is you who signed in. It holds a random word and nothing about you.",
        f"Until you sign out or close the browser; {settings.SESSION_COOKIE_AGE // DAY} days at most"
        " if you tick “Keep me signed in”",
    ),
    Cookie(
        settings.CSRF_COOKIE_NAME,
        "Makes sure that a form was sent from a page of ours, and not by another website in your name.",
        f"{(settings.CSRF_COOKIE_AGE or 0) // (7 * DAY)} weeks",
    ),
    Cookie(
        CookieStorage.cookie_name,
        "Carries a message such as “Your place is cancelled” to the page that shows it.",
        "Until that page is shown, which is at once",
    ),
)
