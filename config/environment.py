"""Reading settings from the environment: a wrong one stops the start with a sentence that says how to put it right."""

import contextlib
import os
import re
import secrets
import tempfile
from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
TRUE, FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off", ""}
# Kinds of broker that Celery can use with the packages that come with Turnout.
BROKERS = {"filesystem", "memory", "redis", "rediss", "sentinel", "amqp", "amqps", "pyamqp"}


class Environment:
    """The process's environment variables, each read by the kind of value it must be."""

    def __init__(self, *, var: Path) -> None:
        self.var = var

    def text(self, name: str, *, default: str, needed: bool = False) -> str:
        value = os.environ.get(name, "").strip()
        if not value and needed:
            raise ImproperlyConfigured(f"{name} is not set, and PRODUCTION needs it. See docs/deploy.md, Settings.")
        return value or default

    def flag(self, name: str, *, default: bool) -> bool:
        value = os.environ.get(name)
        if value is None:
            return default
        if value.lower() in TRUE | FALSE:
            return value.lower() in TRUE
        raise ImproperlyConfigured(f"{name} is '{value}'. Write yes or no.")

    def number(self, name: str) -> int | None:
        """A whole number of 1 or more; None where it is not set."""
        value = os.environ.get(name, "")
        if not value:
            return None
        if value.isascii() and value.isdecimal() and int(value):
            return int(value)
        raise ImproperlyConfigured(f"{name} is '{value}'. Write a whole number of 1 or more, or leave it out.")

    def level(self, name: str, *, default: str) -> str:
        value = self.text(name, default=default).upper()
        if value not in LEVELS:
            raise ImproperlyConfigured(f"{name} is '{value}'. Write one of {', '.join(LEVELS)}.")
        return value

    def words(self, name: str, *, default: list[str], needed: bool = False) -> list[str]:
        return [
            word.strip()
            for word in self.text(name, default=",".join(default), needed=needed).split(",")
            if word.strip()
        ]

    def hosts(self, name: str, *, default: list[str], needed: bool = False) -> list[str]:
        """Host names as browsers send them, without scheme and port."""
        found = self.words(name, default=default, needed=needed)
        for host in found:
            if not re.fullmatch(r"\*|\.?[a-zA-Z0-9][a-zA-Z0-9.\-]*|\[[0-9a-fA-F:.]+\]", host):
                raise ImproperlyConfigured(
                    f"{name} has '{host}'. Write host names without http:// and port, as training.example.org.uk, "
                    "with commas between them."
                )
        return found

    def broker(self, name: str, *, default: str) -> str:
        """The address of a broker, of a kind that Celery can use here."""
        value = self.text(name, default=default)
        if value.partition("://")[0] not in BROKERS or "://" not in value:
            raise ImproperlyConfigured(
                f"{name} is '{value}'. Write redis://host:6379/0 for Valkey or Redis, amqp://user:password@host:5672// "
                "for RabbitMQ, or leave it empty for a folder under var/."
            )
        return value

    def image(self, name: str, *, static: Path) -> str:
        """An image's address, its path on this machine, or below the folder of static files; empty for none."""
        value = self.text(name, default="")
        if not value or value.startswith(("https://", "http://")) or (static / value).is_file():
            return value
        raise ImproperlyConfigured(
            f"{name} is '{value}', and there is no such file. Write the whole path of an image on this machine, or an "
            "address that begins with https://."
        )

    def url(self, name: str, *, default: str, needed: bool = False) -> str:
        value = self.text(name, default=default, needed=needed).rstrip("/")
        if not re.fullmatch(r"https?://[^/\s]+", value):
            raise ImproperlyConfigured(
                f"{name} is '{value}'. Write an address such as https://training.example.org.uk."
            )
        return value

    def colour(self, name: str, *, default: str) -> str:
        """A colour that white text can be read on: contrast of 4.5 at least (WCAG 2.2, 1.4.3)."""
        value = self.text(name, default=default)
        if not re.fullmatch(r"#[0-9a-fA-F]{6}", value):
            raise ImproperlyConfigured(f"{name} is '{value}'. Write a colour as #rrggbb, for instance {default}.")
        contrast = contrast_with_white(value)
        if contrast < 4.5:
            raise ImproperlyConfigured(
                f"{name} {value} is too light: white text on it has a contrast of {contrast:.1f}, and 4.5 is the least "
                "that people with low vision can read (WCAG 2.2 AA). Choose a darker shade."
            )
        return value.lower()

    @staticmethod
    def origin_of(address: str) -> list[str]:
        """The scheme and host of an address elsewhere, as a content policy names it; nothing for one of ours."""
        found = re.match(r"https?://[^/\s;,']+", address)
        return [found[0]] if found else []

    def secret_key(self, *, needed: bool) -> str:
        """SECRET_KEY, or outside production one made at the first start and kept under var/."""
        value = self.text("SECRET_KEY", default="", needed=needed)
        if value and needed and len(value) < 50:
            raise ImproperlyConfigured("SECRET_KEY is too short. Write at least 50 random characters.")
        if value:
            return value
        kept = self.var / "secret_key"
        if not kept.exists():
            kept.parent.mkdir(parents=True, exist_ok=True)
            # Linked into place whole, so that two processes starting at once end with the same key.
            with tempfile.NamedTemporaryFile("w", dir=kept.parent) as file:
                file.write(secrets.token_urlsafe(50))
                file.flush()
                with contextlib.suppress(FileExistsError):
                    os.link(file.name, kept)
        return kept.read_text()

    def database(self) -> dict[str, Any]:
        """DATABASE_URL, or the embedded server that script/postgres keeps under var/."""
        value = self.text("DATABASE_URL", default="")
        if value and not value.startswith(("postgres://", "postgresql://")):
            raise ImproperlyConfigured("DATABASE_URL must begin with postgresql://: Turnout needs PostgreSQL.")
        try:
            database: dict[str, Any] = dict(environ.Env.db_url_config(value)) if value else self._embedded_database()
        except ValueError as error:
            raise ImproperlyConfigured(
                "DATABASE_URL is not understood. Write postgresql://user:password@host:5432/name, an @ in it as %40."
            ) from error
        if not database["NAME"] and {"dbname", "service"}.isdisjoint(database.get("OPTIONS", {})):
            raise ImproperlyConfigured(
                "DATABASE_URL names no database. Write postgresql://user:password@host:5432/name, an @ in it as %40."
            )
        database["ENGINE"] = "django.db.backends.postgresql"
        # Else each request pays for a connection of its own; granian keeps one thread a worker.
        database["CONN_MAX_AGE"] = 600
        database["CONN_HEALTH_CHECKS"] = True
        # What comes again is prepared: PostgreSQL takes longer to plan a statement than to run it (decision 0019).
        database["OPTIONS"] = {"server_side_binding": True, "prepare_threshold": 5} | database.get("OPTIONS", {})
        return database

    def _embedded_database(self) -> dict[str, Any]:
        socket = self.var / "postgres" / "socket_folder"
        # config/postgres.py writes where the socket is; before its first start there is none.
        host = socket.read_text().strip() if socket.exists() else str(self.var / "postgres" / "none")
        return {"NAME": "turnout", "USER": "turnout", "HOST": host}

    def mail(self) -> dict[str, Any]:
        """EMAIL_URL (smtp://user:password@host:587/?tls=True), or files under var/mail."""
        value = self.text("EMAIL_URL", default="")
        if not value:
            return {
                "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
                "EMAIL_FILE_PATH": self.var / "mail",
            }
        try:
            mail: dict[str, Any] = dict(environ.Env.email_url_config(value))
        except (KeyError, ValueError, ImproperlyConfigured) as error:
            raise ImproperlyConfigured(
                "EMAIL_URL is not understood. Write smtp+tls://user:password@host:587 or leave it empty for var/mail."
            ) from error
        return {name: setting for name, setting in mail.items() if name.startswith("EMAIL_")} | {"EMAIL_TIMEOUT": 20}

    def cache(self) -> dict[str, Any]:
        """CACHE_URL (a Valkey or Redis), or a table of the database: either is shared by all web processes."""
        value = self.text("CACHE_URL", default="")
        if not value:
            backend = "django.core.cache.backends.db.DatabaseCache"
            # Limits on tries must not be pushed out by others' tries; those that are over go first.
            return {"BACKEND": backend, "LOCATION": "shared_cache", "OPTIONS": {"MAX_ENTRIES": 20_000}}
        if not re.fullmatch(r"(redis|rediss|valkey|valkeys)://[^/\s]+(/\d+)?", value):
            raise ImproperlyConfigured(
                "CACHE_URL is not understood. Write redis://user:password@host:6379/1 (rediss:// with TLS), for Valkey "
                "too, or leave it empty for a table in the database."
            )
        location = value.replace("valkey", "redis", 1)
        return {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": location}


def contrast_with_white(colour: str) -> float:
    """Contrast ratio of #rrggbb with white, from 1 to 21 (WCAG 2.2, relative luminance)."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)
