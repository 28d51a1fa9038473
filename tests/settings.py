"""Settings of the tests: the program's own, but files and wake-ups that leave nothing behind."""

import os

from config.settings import *
from config.settings import BASE_DIR, CACHES, DATABASES

# So that two runs of the tests on one server do not take each other's database away.
if suffix := os.environ.get("TEST_DATABASE_SUFFIX"):
    DATABASES["default"]["TEST"] = {"NAME": f"test_{DATABASES['default']['NAME']}_{suffix}"}

# What is never emptied refuses TRUNCATE, which is how Django empties the tables after a test that commits. Said by each
# connection and not by the database, since that takes a superuser.
_options = DATABASES["default"].setdefault("OPTIONS", {})
_options["options"] = f"{_options.get('options', '')} -c turnout.may_truncate=yes".strip()

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # Argon2 is slow on purpose
CELERY_BROKER_URL = "memory://"
CELERY_BROKER_TRANSPORT_OPTIONS = {}

CACHES = {name: {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": name} for name in CACHES}

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    # The web server's storage names files by their content, and wants them collected first.
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
STATIC_ROOT = BASE_DIR / "frontend" / "static"
