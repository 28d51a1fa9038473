"""Settings of a web process that a test of abuse starts: the program's own, with the tests' unhashed static files."""

from config.settings import *  # noqa: F403  # all of the settings, with what follows put over them
from config.settings import STORAGES

STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
