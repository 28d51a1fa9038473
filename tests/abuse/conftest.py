"""What the tests of abuse share."""

import os
import subprocess
import sys
from urllib.parse import quote

import pytest
from django.conf import settings as django_settings
from django.core.cache import cache, caches
from django.db import connection

from config.environment import Environment
from tests.frontend.conftest import sign_in

__all__ = ["sign_in"]  # as the tests of pages do


@pytest.fixture(autouse=True)
def nobody_tried_before():
    cache.clear()  # allauth counts tries there


@pytest.fixture
def shared_cache(settings, monkeypatch, transactional_db):
    """The cache of an installation without CACHE_URL in place of the tests' own, empty before and after."""
    monkeypatch.delenv("CACHE_URL", raising=False)
    settings.CACHES = settings.CACHES | {"default": Environment(var=django_settings.BASE_DIR / "var").cache()}
    caches["default"].clear()
    yield caches["default"]
    caches["default"].clear()


@pytest.fixture
def other_process():
    """Runs `python -m tests.abuse.…` on this test's database with the program's own settings; what it printed."""
    database = connection.settings_dict
    account = quote(database["USER"]) + (f":{quote(database['PASSWORD'])}" if database["PASSWORD"] else "")
    address = f"postgresql://{account}@/{database['NAME']}?host={quote(str(database['HOST']), safe='')}"
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "tests.abuse.child_settings",
        "DATABASE_URL": address + (f"&port={database['PORT']}" if database["PORT"] else ""),
        "CACHE_URL": "",
        "ALLOWED_HOSTS": "localhost",
    }

    def run(*arguments):
        command = [sys.executable, "-m", *map(str, arguments)]
        done = subprocess.run(
            command, check=True, capture_output=True, text=True, env=environment, cwd=django_settings.BASE_DIR
        )
        return done.stdout

    return run
