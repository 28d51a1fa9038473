"""Settings come from the environment, and a wrong one stops the start with a sentence."""

import os
import re
import runpy
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.environment import Environment, contrast_with_white

ROOT = Path(__file__).resolve().parents[2]
IN_PRODUCTION = {
    "PRODUCTION": "yes",
    "SITE_URL": "https://training.example.org.uk",
    "ALLOWED_HOSTS": "training.example.org.uk",
    "SECRET_KEY": "k" * 50,
    "DEFAULT_FROM_EMAIL": "training@example.org.uk",
    "EMAIL_URL": "smtp+tls://user:password@mail.example.org.uk:587",
}


def read_settings(monkeypatch: pytest.MonkeyPatch, changed: dict[str, str]) -> dict[str, object]:
    for name in IN_PRODUCTION:
        monkeypatch.delenv(name, raising=False)
    for name, value in changed.items():
        monkeypatch.setenv(name, value)
    return runpy.run_path(str(ROOT / "config" / "settings.py"))


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"PRODUCTION": "maybe"}, "PRODUCTION is 'maybe'. Write yes or no."),
        ({"DEBUG": "2"}, "DEBUG is '2'. Write yes or no."),
        ({"SITE_URL": "training.example.org.uk"}, "Write an address such as https://training.example.org.uk."),
        ({"BRAND_COLOUR": "blue"}, "BRAND_COLOUR is 'blue'. Write a colour as #rrggbb"),
        ({"BRAND_COLOUR": "#ffdd00"}, "Choose a darker shade."),
        ({"DATABASE_URL": "sqlite:///turnout.db"}, "Turnout needs PostgreSQL."),
        ({"DATABASE_URL": "postgresql://desk@db:port/training"}, "DATABASE_URL is not understood."),
        ({"DATABASE_URL": "postgresql://"}, "DATABASE_URL names no database. Write postgresql://user:password@host"),
        ({"DATABASE_URL": "postgresql://desk@db:5432/"}, "DATABASE_URL names no database."),
        ({"CELERY_BROKER_URL": "foo"}, "CELERY_BROKER_URL is 'foo'. Write redis://host:6379/0 for Valkey or Redis"),
        ({"CELERY_BROKER_URL": "http://broker"}, "CELERY_BROKER_URL is 'http://broker'."),
        ({"CELERY_BROKER_URL": "redis"}, "CELERY_BROKER_URL is 'redis'."),
        ({"BRAND_LOGO": "/nope.png"}, "BRAND_LOGO is '/nope.png', and there is no such file."),
        ({"BRAND_LOGO": "nope.png"}, "BRAND_LOGO is 'nope.png', and there is no such file."),
        ({"ALLOWED_HOSTS": "http://x"}, "ALLOWED_HOSTS has 'http://x'. Write host names without http:// and port"),
        ({"ALLOWED_HOSTS": "a.example, b.example:8000"}, "ALLOWED_HOSTS has 'b.example:8000'."),
        ({"ALLOWED_HOSTS": "a.example b.example"}, "ALLOWED_HOSTS has 'a.example b.example'."),
        ({"EMAIL_URL": "pigeon://loft"}, "EMAIL_URL is not understood."),
        ({"EMAIL_URL": "smtp://mail.example.org.uk:post"}, "EMAIL_URL is not understood."),
        ({"CACHE_URL": "memcached://cache.example.org.uk"}, "CACHE_URL is not understood."),
        ({"CACHE_URL": "redis://cache:6379/first"}, "CACHE_URL is not understood."),
        ({"SECOND_FACTOR_DEMANDED": "perhaps"}, "SECOND_FACTOR_DEMANDED is 'perhaps'. Write yes or no."),
        ({**IN_PRODUCTION, "SECRET_KEY": ""}, "SECRET_KEY is not set, and PRODUCTION needs it."),
        ({**IN_PRODUCTION, "SECRET_KEY": "short"}, "Write at least 50 random characters."),
        ({**IN_PRODUCTION, "SITE_URL": ""}, "SITE_URL is not set, and PRODUCTION needs it."),
        ({**IN_PRODUCTION, "ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS is not set, and PRODUCTION needs it."),
    ],
)
def test_a_wrong_setting_stops_the_start_with_a_sentence(
    monkeypatch: pytest.MonkeyPatch, changed: dict[str, str], words: str
) -> None:
    with pytest.raises(ImproperlyConfigured, match=re.escape(words)):
        read_settings(monkeypatch, changed)


@pytest.mark.parametrize(
    ("name", "value", "read"),
    [
        ("CELERY_BROKER_URL", "redis://cache:6379/0", "redis://cache:6379/0"),
        ("CELERY_BROKER_URL", "rediss://cache", "rediss://cache"),
        ("CELERY_BROKER_URL", "amqp://desk:pass@queue//", "amqp://desk:pass@queue//"),
        ("CELERY_BROKER_URL", "amqps://queue", "amqps://queue"),
        ("CELERY_BROKER_URL", "memory://", "memory://"),
        ("CELERY_BROKER_URL", "", "filesystem://localhost"),
        ("BRAND_LOGO", __file__, __file__),
        ("BRAND_LOGO", "https://logo.example/l.svg", "https://logo.example/l.svg"),
        ("BRAND_LOGO", "", ""),
        (
            "ALLOWED_HOSTS",
            "a.example, .b.example,10.0.0.1,[::1],*",
            ["a.example", ".b.example", "10.0.0.1", "[::1]", "*"],
        ),
    ],
)
def test_a_right_setting_is_taken(monkeypatch: pytest.MonkeyPatch, name: str, value: str, read: object) -> None:
    assert read_settings(monkeypatch, {name: value})[name] == read


def test_the_sentence_is_all_that_the_command_line_says() -> None:
    command = [sys.executable, str(ROOT / "manage.py"), "check"]
    environment = {**os.environ, "BRAND_COLOUR": "blue"}
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=environment)
    assert done.returncode == 1
    assert done.stderr == "BRAND_COLOUR is 'blue'. Write a colour as #rrggbb, for instance #1d4f76.\n"


def test_production_starts_with_what_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = read_settings(monkeypatch, IN_PRODUCTION)
    assert settings["SESSION_COOKIE_SECURE"] is settings["CSRF_COOKIE_SECURE"] is True
    assert (settings["SESSION_COOKIE_NAME"], settings["CSRF_COOKIE_NAME"]) == ("__Host-session", "__Host-csrf")
    assert settings["SECOND_FACTOR_DEMANDED"] is True


def test_the_demonstration_asks_for_no_second_factor(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read_settings(monkeypatch, {})["SECOND_FACTOR_DEMANDED"] is False


@pytest.mark.parametrize(
    ("address", "location"),
    [
        ("redis://cache:6379/1", "redis://cache:6379/1"),
        ("rediss://desk:p@cache:6379", "rediss://desk:p@cache:6379"),
        ("valkey://cache:6379/1", "redis://cache:6379/1"),
        ("valkeys://cache:6379/1", "rediss://cache:6379/1"),
    ],
)
def test_the_shared_cache_may_be_a_valkey_or_redis(
    monkeypatch: pytest.MonkeyPatch, address: str, location: str
) -> None:
    monkeypatch.setenv("CACHE_URL", address)
    cache = Environment(var=Path()).cache()
    assert (cache["BACKEND"], cache["LOCATION"]) == ("django.core.cache.backends.redis.RedisCache", location)


def test_only_the_origin_of_a_logo_elsewhere_goes_into_the_content_policy() -> None:
    assert Environment.origin_of("https://cdn.example.org.uk/logo.svg;script-src *") == ["https://cdn.example.org.uk"]
    assert Environment.origin_of("images/logo.svg") == Environment.origin_of("") == []


def test_the_secret_key_is_made_once_and_only_we_may_read_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SECRET_KEY", raising=False)
    environment = Environment(var=tmp_path / "var")
    made = environment.secret_key(needed=False)
    assert len(made) >= 50
    assert environment.secret_key(needed=False) == made
    assert (tmp_path / "var" / "secret_key").stat().st_mode & 0o777 == 0o600


def test_the_embedded_database_is_found_where_its_socket_was_put(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    (tmp_path / "postgres").mkdir()
    (tmp_path / "postgres" / "socket_folder").write_text("/run/elsewhere\n")
    assert Environment(var=tmp_path).database()["HOST"] == "/run/elsewhere"


def test_a_database_of_ones_own_is_taken_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://desk:p%40ss@db.example.org.uk:5433/training?sslmode=require")
    database = Environment(var=tmp_path).database()
    named = {name: database[name] for name in ("USER", "PASSWORD", "HOST", "PORT", "NAME", "OPTIONS")}
    assert named == {
        "USER": "desk",
        "PASSWORD": "p@ss",
        "HOST": "db.example.org.uk",
        "PORT": 5433,
        "NAME": "training",
        "OPTIONS": {"sslmode": "require", "server_side_binding": True, "prepare_threshold": 5},
    }


def test_an_unknown_flag_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEBUG", "sometimes")
    with pytest.raises(ImproperlyConfigured, match="DEBUG is 'sometimes'"):
        Environment(var=tmp_path).flag("DEBUG", default=False)


@pytest.mark.parametrize(("written", "number"), [("", None), ("1", 1), ("10", 10)])
def test_a_number_is_whole_or_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: str, number: int | None
) -> None:
    monkeypatch.setenv("REGISTERS_CLOSE_AFTER", written)
    assert Environment(var=tmp_path).number("REGISTERS_CLOSE_AFTER") == number


@pytest.mark.parametrize("written", ["0", "-1", "1.5", "five", "²"])
def test_what_is_no_number_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: str) -> None:
    monkeypatch.setenv("REGISTERS_CLOSE_AFTER", written)
    with pytest.raises(ImproperlyConfigured, match=f"REGISTERS_CLOSE_AFTER is '{written}'"):
        Environment(var=tmp_path).number("REGISTERS_CLOSE_AFTER")


@pytest.mark.parametrize(("colour", "contrast"), [("#000000", 21.0), ("#ffffff", 1.0), ("#767676", 4.54)])
def test_contrast_is_that_of_the_guidelines(colour: str, contrast: float) -> None:
    assert contrast_with_white(colour) == pytest.approx(contrast, abs=0.01)
